"""What a stage owes after a crash, and that one bad turn ends only itself."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.log import MemoryLog
from cohost.stage import AGAIN_MS, keep_up, owed, run


def message(seq: int) -> ev.Record:
    return ev.Record(seq, 0, None, None, ev.ChatMessage(viewer="v", text=str(seq)))


def closing(seq: int, cause: int) -> ev.Record:
    return ev.Record(seq, 0, None, cause, ev.MessageTriaged(lang="en", lang_confidence=1.0, intent="praise"))


@given(st.lists(st.booleans(), max_size=30))
def test_what_nothing_closes_is_owed_in_order(closed: list[bool]) -> None:
    records = [message(n + 1) for n in range(len(closed))]
    records += [closing(100 + n, n + 1) for n, done in enumerate(closed) if done]
    left = [r.seq for r in owed(records, (ev.ChatMessage,), (ev.MessageTriaged,))]
    assert left == [n + 1 for n, done in enumerate(closed) if not done]


def test_a_fault_closes_its_turn_too() -> None:
    fault = ev.Record(2, 0, None, 1, ev.FaultRaised(where="x", message="y"))
    assert owed([message(1), fault], (ev.ChatMessage,), (ev.MessageTriaged,)) == []


class Picky:
    """Fails on "2", closes the rest."""

    name = "picky"
    handles: tuple[type[ev.Event], ...] = (ev.ChatMessage,)
    closes: tuple[type[ev.Event], ...] = (ev.MessageTriaged,)
    width = 2

    def __init__(self, log: MemoryLog) -> None:
        self.log = log
        self.seen: list[int] = []

    def observe(self, record: ev.Record) -> None:
        self.seen.append(record.seq)

    async def handle(self, record: ev.Record) -> None:
        assert isinstance(record.event, ev.ChatMessage)
        if record.event.text == "2":
            raise ValueError("cannot do 2")
        event = ev.MessageTriaged(lang="en", lang_confidence=1.0, intent="praise")
        self.log.append(event, cause_seq=record.seq)


def test_an_error_becomes_a_fault_and_the_stage_goes_on() -> None:
    async def main() -> list[str]:
        log = MemoryLog(VirtualClock())
        log.append(ev.ChatMessage(viewer="v", text="1"))
        async with asyncio.TaskGroup() as tasks:
            job = tasks.create_task(run(Picky(log), log))
            for text in ("2", "3"):
                log.append(ev.ChatMessage(viewer="v", text=text))
            for _ in range(20):
                await asyncio.sleep(0)
            job.cancel()
        return sorted(r.kind for r in log.records() if r.cause_seq)

    assert asyncio.run(main()) == ["fault.raised", "message.triaged", "message.triaged"]


def test_a_service_that_fails_is_told_and_starts_again() -> None:
    async def main() -> list[str]:
        clock = VirtualClock()
        log = MemoryLog(clock)
        tries: list[int] = []

        async def service() -> None:
            tries.append(clock.now_ms())
            if len(tries) < 3:
                raise ExceptionGroup("several", [ValueError("no sound")])

        async with asyncio.TaskGroup() as tasks:
            await clock.drive(tasks.create_task(keep_up("mouth", service, log, clock)))
        assert tries == [0, AGAIN_MS, 2 * AGAIN_MS]
        return [r.event.message for r in log.records() if isinstance(r.event, ev.FaultRaised)]

    assert asyncio.run(main()) == ["ValueError: no sound"] * 2
