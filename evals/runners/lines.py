"""Chat lines as people type them: their language alone and with the viewer's history, and what kind of line
it is, through the room's own understanding."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence

from cohost import events as ev
from cohost.app import Room
from cohost.understanding.language import detect
from evals.case import ChatCase, read_cases
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.runners.language import peers
from evals.scorers import line_score
from evals.suite import Suite
from evals.world import World

SHORT = 30
"""Characters up to which most lines of a live chat are."""


def load(suite: Suite, world: World) -> Sequence[ChatCase]:
    return read_cases(suite.files(), ChatCase)


def kind_of(intent: str) -> str:
    """The class of a line: every question is one class."""
    return intent.partition(".")[0]


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    """One room for all lines: each is a viewer's first."""
    others = peers()
    async with world.room(suite.on, only="understanding") as room:

        async def run(case: ChatCase) -> list[Outcome]:
            triaged = await _read(room, case)
            alone, known = detect(case.text), detect(case.text, history=case.lang)
            wanted = case.intent.split("|")
            kinds = [kind_of(one) for one in wanted]
            got = kind_of(triaged.intent)
            scores = {
                "language": line_score(case.lang, alone.lang),
                "language_history": line_score(case.lang, known.lang),
                "triage": float(got in kinds),
            }
            if any(one.startswith("question.") for one in wanted):
                scores["attribute"] = float(triaged.intent in wanted)
            told = {"lang": alone.lang, "intent": triaged.intent, "reason": triaged.reason}
            for name, other in others.items():
                told[name] = other(case.text)
                scores[f"language.{name}"] = line_score(case.lang, told[name])
            return [
                Outcome(
                    case=case.id, lang=case.lang, asked=case.text, scores=scores,
                    got=told | {"class": got if got not in kinds else kinds[kinds.index(got)]},
                    expected={
                        "lang": case.lang, "intent": case.intent,
                        "class": got if got in kinds else kinds[0],
                    },
                    groups={
                        "class": kinds[0], "length": "short" if len(case.text) <= SHORT else "long",
                        "script": "romanised" if case.lang.endswith("-Latn") else "own",
                    },
                )
            ]  # fmt: skip

        yield run


async def _read(room: Room, case: ChatCase) -> ev.MessageTriaged:
    record = room.inlet.submit(case.text, viewer=case.id)
    async for later in room.log.cursor(after=record.seq):
        if later.cause_seq == record.seq and isinstance(later.event, ev.MessageTriaged):
            return later.event
    raise AssertionError("a cursor never ends by itself")
