"""A storm through a whole room in real time: what is lost, how soon questions are decided, what it costs."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import resource
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from bench.marks import quantile
from cohost import events as ev
from cohost.app import Room
from cohost.clock import Clock
from evals.storm import StormLine
from evals.world import World

WARM_LINES, DRAIN_S = 3_000, 120
SHED = "shed"


@dataclass
class Stormed:
    """What the log tells of a storm. Times in milliseconds of show time, memory in MB."""

    lines: int = 0
    seconds: float = 0.0
    drained_s: float = 0.0
    untriaged: int = 0
    undecided: int = 0
    shed: int = 0
    decisions: list[float] = field(default_factory=list)
    asked: int = 0
    merged: int = 0
    expired: int = 0
    memory_mb: tuple[float, float] = (0.0, 0.0)
    loop_cpu_s: float = 0.0

    def decided_within(self, q: float) -> float | None:
        return quantile(self.decisions, q)


@contextlib.asynccontextmanager
async def warmed(world: World, warm: Sequence[StormLine], *, paced: bool = False) -> AsyncIterator[Room]:
    """A room that has answered in every language before: tables and patterns are there. `paced`: it posts no
    faster than a live one."""
    async with world.room(world.on, paced=paced) as room:
        for line in warm:
            say(room, line)
        await idle(room, 0)
        gc.collect()
        gc.freeze()
        yield room
        gc.unfreeze()


def say(room: Room, line: StormLine) -> None:
    room.inlet.submit(line.text, viewer=line.viewer, name=line.name, market=line.market, platform="room")


async def idle(room: Room, after: int, seconds: float = DRAIN_S) -> None:
    """Until every line is triaged and every question decided, or `seconds` have passed."""
    clock = room.clock
    until, read = clock.now_ms() + seconds * 1000, after
    waiting: set[int | str] = set()
    while clock.now_ms() < until:
        await clock.sleep(100)
        for record in room.log.records(after=read):
            read, event = record.seq, record.event
            if isinstance(event, ev.ChatMessage):
                waiting.add(record.seq)
            elif isinstance(event, ev.MessageTriaged):
                waiting.discard(record.cause_seq or 0)
            elif isinstance(event, ev.QuestionAsked):
                waiting.add(event.question.id)
            elif isinstance(event, ev.DecisionMade):
                waiting.discard(event.question_id)
        if not waiting:
            return


async def storm_through(
    room: Room, lines: Sequence[StormLine], rate: float, tell: Callable[[float], None]
) -> Stormed:
    """`rate` lines a second; returns when all is decided or after `DRAIN_S` more."""
    clock = room.clock
    after, before_mb = room.log.last_seq, resident_mb()
    start, cpu = clock.perf(), cpu_s()
    for number, line in enumerate(lines):
        ahead = number / rate - (clock.perf() - start)
        if ahead > 0.002:
            await clock.sleep(ahead * 1000)
        elif number % 16 == 0:
            await asyncio.sleep(0)
        say(room, line)
        if number % 1000 == 0:
            tell(number / len(lines))
    seconds = clock.perf() - start
    await idle(room, after)
    found = counted(room.log.records(after=after))
    found.seconds, found.drained_s = seconds, clock.perf() - start - seconds
    found.memory_mb = (before_mb, resident_mb())
    found.loop_cpu_s = cpu_s() - cpu
    return found


def counted(records: Sequence[ev.Record]) -> Stormed:
    """What became of every line. Pure."""
    found = Stormed()
    said: dict[int, int] = {}
    triaged: set[int] = set()
    asked: dict[str, int] = {}
    decided: set[str] = set()
    for record in records:
        event, cause = record.event, record.cause_seq or 0
        if isinstance(event, ev.ChatMessage):
            said[record.seq] = record.at_ms
        elif isinstance(event, ev.MessageTriaged) and cause in said:
            triaged.add(cause)
            found.shed += event.reason.startswith(SHED)
        elif isinstance(event, ev.QuestionAsked) and cause in said:
            asked[event.question.id] = said[cause]
        elif isinstance(event, ev.QuestionMerged) and cause in said:
            found.merged += 1
            found.decisions.append(record.at_ms - said[cause])
        elif isinstance(event, ev.DecisionMade) and event.question_id in asked:
            if event.question_id not in decided:
                found.decisions.append(record.at_ms - asked[event.question_id])
            decided.add(event.question_id)
        elif isinstance(event, ev.QuestionExpired):
            found.expired += 1
    found.lines, found.asked = len(said), len(asked)
    found.untriaged, found.undecided = len(said) - len(triaged), len(asked) - len(decided)
    return found


def resident_mb() -> float:
    """The most this process has held so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 if sys.platform != "darwin" else 1024 * 1024)


def cpu_s() -> float:
    """Processor seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def asked_alone(room: Room, clock: Clock, lines: Sequence[StormLine]) -> list[float]:
    """One question at a time in a quiet room: milliseconds from the line to its posted reply."""
    found: list[float] = []
    for number, line in enumerate(lines):
        record = room.inlet.submit(line.text, viewer=f"alone{number}", market=line.market, platform="room")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                async for later in room.log.cursor(after=record.seq):
                    event = later.event
                    if isinstance(event, ev.ReplyPosted) and record.seq in event.in_reply_to:
                        found.append(later.at_ms - record.at_ms)
                        break
                    if (
                        isinstance(event, ev.MessageTriaged)
                        and later.cause_seq == record.seq
                        and not event.question
                    ):
                        break
        await clock.sleep(50)
    return found
