"""Recorded shows through today's code: is every decision what it was when somebody accepted it?"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

from cohost import events as ev
from cohost.replay import canonical, replay
from cohost.show_text import read_show
from evals.case import Case
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.suite import Suite
from evals.world import World


class ShowCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One show; its text is the file that `cohost replay --accept` wrote."""

    text: str


def load(suite: Suite, world: World) -> Sequence[ShowCase]:
    return [
        ShowCase(id=file.stem, lang="und", text=file.read_text(encoding="utf-8")) for file in suite.files()
    ]  # fmt: skip


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    knowledge = await world.knowledge()

    async def run(case: ShowCase) -> list[Outcome]:
        then, gone = read_show(case.text, f"{case.id}.jsonl", knowledge.library.get)
        now, _ = await replay(then, knowledge)
        messages = [line for r in then if (line := ev.line_of(r.event)) is not None]
        old, new = canonical(then), canonical(now)
        return [
            _outcome(case.id, messages[key[0]], key, old.get(key), new.get(key), gone)
            for key in sorted(set(old) | set(new))
            if key[0] < len(messages)
        ]

    yield run


def _outcome(
    show: str,
    message: ev.ChatMessage,
    key: tuple[int, str],
    then: dict[str, Any] | None,
    now: dict[str, Any] | None,
    gone: Sequence[str],
) -> Outcome:
    number, lang = key
    lost = sorted(set((then or {}).get("evidence", ())) & set(gone))
    return Outcome(
        case=f"{show}.{number + 1}" + (f".{lang}" if lang else ""), lang=lang or "und", asked=message.text,
        scores={"same": float(then == now)}, expected=then or {"decision": "none"},
        got=(now or {"decision": "none"}) | ({"evidence_gone": lost} if lost else {}),
        groups={"show": show, "of": "reply" if lang else "line"},
    )  # fmt: skip
