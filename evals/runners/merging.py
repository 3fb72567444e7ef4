"""Questions that are one, and questions that only look like it: pairs through the room's understanding."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence

from cohost import events as ev
from cohost.app import Room
from evals.case import PairCase, read_cases
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.suite import Suite
from evals.world import World


def load(suite: Suite, world: World) -> Sequence[PairCase]:
    return read_cases(suite.files(), PairCase)


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    """A room for each pair: nothing else is there to merge with."""

    async def run(case: PairCase) -> list[Outcome]:
        async with world.room(suite.on, only="understanding") as room:
            first = await _ask(room, case, 0)
            second = await _ask(room, case, 1)
        merged = isinstance(second, ev.QuestionMerged)
        asked = isinstance(first, ev.QuestionAsked)
        scores = {"merged_right": float(asked and merged == case.same)}
        if merged:
            scores["precision"] = float(case.same)
        if case.same:
            scores["recall"] = float(merged)
        found = {
            "merged": merged,
            "first": _told(first), "second": _told(second),
        }  # fmt: skip
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=f"{case.first} ⇄ {case.second}", scores=scores, got=found,
                expected={"merged": case.same},
                groups={
                    "pair": f"{case.lang}-{case.second_lang or case.lang}",
                    "trait": (case.tags or ("",))[0],
                },
            )
        ]  # fmt: skip

    yield run


async def _ask(room: Room, case: PairCase, which: int) -> ev.Event | None:
    """What became of one line: a question, a merge, or None where it was none."""
    text = (case.first, case.second)[which]
    market = (case.market, case.second_market or case.market)[which]
    record = room.inlet.submit(text, viewer=f"{case.id}-{which}", market=market)
    found: ev.Event | None = None
    async for later in room.log.cursor(after=record.seq):
        if later.cause_seq != record.seq:
            continue
        if isinstance(later.event, ev.QuestionAsked | ev.QuestionMerged):
            found = later.event
        if isinstance(later.event, ev.MessageTriaged):
            break
    return found


def _told(event: ev.Event | None) -> str:
    if isinstance(event, ev.QuestionAsked):
        question = event.question
        return f"{question.lang} {question.intent} {question.product or ''} {question.market or ''}".strip()
    return "merged" if isinstance(event, ev.QuestionMerged) else "no question"
