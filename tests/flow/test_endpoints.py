"""Several endpoints along the log, on the virtual clock: their order, a turn's time, the ceiling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest

from cohost import events as ev
from cohost.common.spend import Ceiling, Prices
from cohost.decision.consult import Timing
from cohost.decision.roster import Endpoint, Roster
from cohost.decision.stage import DecisionStage
from cohost.errors import ProviderError, WriterError
from cohost.ports import WriterSentence, WriterUsage
from cohost.scripted import ScriptedWriter
from cohost.stage import run
from tests.flow.test_decision import Room as Plain
from tests.flow.test_decision import asker
from tests.pure.decision.brand import ask

TRUE = WriterSentence("The weight is 620 g, according to the specification.", ("E6",))
LIE = WriterSentence("It weighs 520 g.", ("E6",))
Says = Callable[[str], Sequence[Any]]


class Room(Plain):
    """A log with a decision stage over several scripted endpoints, named a, b, c in order."""

    def __init__(self, *scripts: Says, first_ms: Sequence[float] = (), **roster: Any) -> None:
        super().__init__()
        self.writers = [ScriptedWriter(says, self.clock, name=f"model-{n}") for n, says in enumerate(scripts)]
        shares = [*first_ms, *[0.0] * len(scripts)]
        prices = Prices(prompt=1000.0, completion=1000.0)
        endpoints = [
            Endpoint(w, name=name, prices=prices, first_ms=share)
            for w, name, share in zip(self.writers, "abc", shares, strict=False)
        ]
        self.roster = Roster(endpoints, currency="EUR", **roster)
        self._number = 0

    def play(self, ms: float = 20_000) -> None:
        async def scene() -> None:
            stage = DecisionStage(
                self.log, self.shelf, self.clock, writer=self.roster, timing=Timing(2000, 6000)
            )
            job = asyncio.ensure_future(run(stage, self.log))
            await self.clock.drive(asyncio.ensure_future(self.clock.sleep(ms)))
            job.cancel()
            await asyncio.gather(job, return_exceptions=True)

        asyncio.run(scene())

    def turn(self, ms: float = 20_000) -> ev.DecisionMade:
        """One question about the weight, decided."""
        self._number += 1
        question = msgspec.structs.replace(ask("weight"), id=f"q{self._number}")
        self.asked(question, asker(f"v{self._number}", "en"))
        self.found(question)
        self.play(ms)
        return self.decisions[-1]

    @property
    def calls(self) -> list[ev.WriterCalled]:
        return self.all(ev.WriterCalled)

    def told(self) -> list[tuple[str, str, str | None]]:
        return [(c.endpoint, c.outcome, c.fault) for c in self.calls]


def says(*steps: Any) -> Says:
    return lambda prompt: list(steps)


@pytest.mark.parametrize(
    ("steps", "outcome", "fault"),
    [
        ([ProviderError("model-0", "down")], "failed", "error"),
        ([WriterError("model-0", "a web page", "html")], "failed", "html"),
        ([60_000.0, TRUE], "failed", "hangs"),
        ([], "failed", "empty"),
        ([LIE], "refused", "claim"),
        ([WriterSentence("Das Gewicht ist 620 g und der Akku hält lange.", ("E6",))], "refused", "language"),
        ([WriterSentence("A sentence without an id is thrown away.", ("E6",))], "refused", "leak"),
        ([WriterSentence("on and " * 90, ("E6",))], "refused", "endless"),
    ],
    ids=lambda x: str(x) if isinstance(x, str) else "",
)
def test_the_next_one_is_asked_when_one_fails_before_its_first_verified_sentence(
    steps: list[Any], outcome: str, fault: str
) -> None:
    room = Room(says(*steps), says(TRUE))
    decision = room.turn()
    assert (decision.draft.by, decision.draft.text) == ("llm", TRUE.text)
    assert room.told() == [("a", outcome, fault), ("b", "written", None)]
    assert room.calls[0].first_ms is None
    assert room.calls[1].first_ms is not None
    assert "\n" not in room.calls[0].message


@pytest.mark.parametrize("then", [LIE, WriterError("model-0", "broke off", "died"), 60_000.0])
def test_what_fails_after_a_verified_sentence_leaves_the_answer_to_the_composer(then: Any) -> None:
    room = Room(says(TRUE, then), says(TRUE))
    decision = room.turn()
    assert decision.draft.by == "composer"
    assert [c.endpoint for c in room.calls] == ["a"]
    assert room.calls[0].first_ms is not None


def test_all_that_fail_leave_the_answer_to_the_composer_within_the_turns_time() -> None:
    room = Room(says(60_000.0), says(60_000.0), says(60_000.0))
    decision = room.turn()
    assert decision.draft.by == "composer"
    found = next(r for r in room.log.records() if isinstance(r.event, ev.EvidenceFound))
    made = next(r for r in room.log.records() if isinstance(r.event, ev.DecisionMade))
    assert 1900 <= made.at_ms - found.at_ms <= 2010
    assert [c.took_ms for c in room.calls] == [pytest.approx(666, abs=3)] * 3  # equal shares
    assert decision.tokens == sum(c.prompt_tokens for c in room.calls)


def test_an_endpoint_may_have_a_time_of_its_own() -> None:
    room = Room(says(60_000.0), says(1_500.0, TRUE), first_ms=(300.0,))
    assert room.turn().draft.by == "llm"
    assert room.calls[0].took_ms == pytest.approx(300, abs=2)


def test_when_the_time_is_up_nobody_else_is_asked() -> None:
    room = Room(says(60_000.0), says(TRUE), first_ms=(2_000.0,))
    assert room.turn().draft.by == "composer"
    assert [c.endpoint for c in room.calls] == ["a"]


def test_one_that_fails_three_times_in_a_row_rests_and_is_tried_again() -> None:
    faults = [ProviderError("model-0", "down")] * 3
    room = Room(lambda prompt: [faults.pop()] if faults else [TRUE], says(TRUE))
    for _ in range(4):
        assert room.turn(1_000).draft.by == "llm"
    assert [c.endpoint for c in room.calls] == ["a", "b", "a", "b", "a", "b", "b"]
    assert [c.rests_until_ms is not None for c in room.calls if c.endpoint == "a"] == [False, False, True]
    room.play(31_000)
    room.turn()
    assert room.calls[-1].endpoint == "a"
    assert room.calls[-1].rests_until_ms is None


def test_a_retry_after_is_kept_to() -> None:
    busy = WriterError("model-0", "the server answered 429", "busy", 45_000)
    scripts = iter([[busy]])
    room = Room(lambda prompt: next(scripts, [TRUE]), says(TRUE))
    room.turn(1_000)
    assert room.calls[0].rests_until_ms == pytest.approx(45_000, abs=200)
    room.play(40_000)
    room.turn(1_000)
    assert room.calls[-1].endpoint == "b"
    room.play(5_000)
    room.turn(1_000)
    assert room.calls[-1].endpoint == "a"


def test_a_model_that_says_too_much_is_no_sick_server() -> None:
    room = Room(says(LIE))
    for _ in range(6):
        assert room.turn(1_000).draft.by == "composer"
    assert room.told() == [("a", "refused", "claim")] * 6
    assert not room.all(ev.FaultRaised)


def test_usage_is_the_servers_where_it_says_it_else_an_estimate_that_says_so() -> None:
    room = Room(says(TRUE, WriterUsage(prompt=900, completion=20, cached=800)))
    decision = room.turn()
    call = room.calls[0]
    assert (call.prompt_tokens, call.completion_tokens, call.cached_tokens) == (900, 20, 800)
    assert (call.estimated, call.currency, decision.tokens) == (False, "EUR", 920)
    assert call.cost == pytest.approx(0.92)
    plain = Room(says(TRUE))
    plain.turn()
    assert plain.calls[0].estimated
    assert plain.calls[0].prompt_tokens > 200


def test_at_the_ceiling_the_composer_answers_alone_and_the_log_says_so_once() -> None:
    spends = says(TRUE, WriterUsage(prompt=900, completion=100))
    room = Room(spends, spends, ceiling=Ceiling(cost=2.0))
    by = [room.turn(500).draft.by for _ in range(5)]
    assert by == ["llm", "llm", "composer", "composer", "composer"]
    (spent,) = room.all(ev.WriterSpent)
    assert (spent.tokens, spent.cost, spent.ceiling_cost, spent.currency) == (2000, 2.0, 2.0, "EUR")
    assert len(room.calls) == 2


def test_after_a_restart_what_was_spent_is_spent() -> None:
    spends = says(TRUE, WriterUsage(prompt=900, completion=100))
    room = Room(spends, ceiling=Ceiling(tokens=1500))
    room.turn(500)
    room.turn(500)
    again = Room(spends, ceiling=Ceiling(tokens=1500))
    again._number = 2
    again.log._records = list(room.log.records())
    assert again.turn(500).draft.by == "composer"
    assert len(again.all(ev.WriterSpent)) == 1
    cut = [r for r in room.log.records() if not isinstance(r.event, ev.WriterSpent)]
    third = Room(spends, ceiling=Ceiling(tokens=1500))
    third._number = 2
    third.log._records = [msgspec.structs.replace(r, seq=n) for n, r in enumerate(cut, start=1)]
    third.turn(500)  # the crash came between the call and the event
    assert len(third.all(ev.WriterSpent)) == 1


def test_a_cancelled_trial_leaves_the_endpoint_to_the_next_turn() -> None:
    room = Room(says(ProviderError("model-0", "down")))
    for _ in range(3):
        room.turn(500)
    room.play(30_000)
    now = room.clock.now_ms()
    endpoint = room.roster.endpoints[0]

    async def cancelled() -> None:
        with room.roster.asking(endpoint, now):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    assert room.roster.ready(now) == [endpoint]


def test_two_turns_of_a_market_share_the_prompts_beginning() -> None:
    room = Room(says(TRUE))
    room.turn()
    room._number += 1
    other = msgspec.structs.replace(ask("battery", text="how long?"), id="q2")
    room.asked(other, asker("x", "en"))
    room.found(other)
    room.play()
    german = msgspec.structs.replace(ask("weight", text="wie schwer?"), id="q3", lang="de")
    room.asked(german, asker("y", "de"))
    room.found(german)
    room.play()
    first, second, third = (["\n".join(m["content"] for m in call)] for call in room.writers[0].calls)
    system = room.writers[0].calls[0][0]
    assert system["role"] == "system"
    assert room.writers[0].calls[1][0] == system  # the same market and language: the whole of it
    shared = _shared(first[0], third[0])
    assert shared > 0.9 * len(system["content"])  # another language: rules and persona
    assert _shared(first[0], second[0]) > len(system["content"])
    for call in room.writers[0].calls:
        assert call[-1]["content"].rstrip().endswith("</viewer>")  # the question comes last
        assert "[E" not in call[0]["content"].replace("[E3][E7]", "").replace("[E3]", "")


def _shared(a: str, b: str) -> int:
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def test_a_rehearsal_judges_and_writes_nothing() -> None:
    room = Room(says(TRUE))
    room.turn()

    async def scene() -> None:
        stage = DecisionStage(room.log, room.shelf, room.clock)
        for record in room.log.records():
            stage.observe(record)
        stage.rehearse()

    before = room.log.last_seq
    asyncio.run(scene())
    assert room.log.last_seq == before
