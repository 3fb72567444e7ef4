"""Whole recorded shows through today's code: every message must be decided as it was.

A case is a show as `cohost replay LOG --accept FILE.jsonl` writes it; the models' recorded outputs are fed,
so a show recorded on one machine gives the same on another. A wanted change is accepted by replaying the
case into itself: `cohost replay FILE.jsonl --accept FILE.jsonl`.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

from cohost import events as ev
from cohost.replay import Difference, canonical, replay
from cohost.show_text import read_show
from evals.case import Case
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.suite import HOME, Suite
from evals.world import World


class ShowCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One show: its file's name below `cases/`, and what is in it."""

    file: str
    text: str


def load(suite: Suite, world: World) -> Sequence[ShowCase]:
    """A file a case."""
    return [
        ShowCase(
            id=file.stem, lang="mul", file=str(file.relative_to(HOME / "cases")),
            text=file.read_text(encoding="utf-8"),
        )
        for file in suite.files()
    ]  # fmt: skip


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    knowledge = await world.knowledge()

    async def run(case: ShowCase) -> list[Outcome]:
        """Raises LogError for a file that is no show, with its line."""
        records, gone = read_show(case.text, case.file, knowledge.library.get)
        now, changed = await replay(records, knowledge, gone=gone)
        return outcomes(case.id, case.file, records, now, changed)

    yield run


def outcomes(
    name: str,
    file: str,
    then: Sequence[ev.Record],
    now: Sequence[ev.Record],
    changed: Sequence[Difference],
) -> list[Outcome]:
    """One a message, in order: 1 where nothing about it differs."""
    differs: dict[int, list[Difference]] = {}
    for one in changed:
        differs.setdefault(one.seq, []).append(one)
    langs = {r.cause_seq: r.event.lang for r in then if isinstance(r.event, ev.MessageTriaged)}
    today = _by_message(now)
    found = []
    for number, record in enumerate(r for r in then if ev.line_of(r.event) is not None):
        line, mine = ev.line_of(record.event), differs.get(record.seq, [])
        assert line is not None
        got: dict[str, Any] = {one.what.partition(" ")[2]: one.now for one in mine}
        found.append(
            Outcome(
                case=f"{name}+{number + 1:03}", lang=langs.get(record.seq, "und"), asked=line.text,
                scores={"same": float(not mine)},
                groups={"show": name, "how": "aloud" if line.lane else "typed"},
                expected={one.what.partition(" ")[2]: one.recorded for one in mine},
                got=got or {"text": today.get(number, "")},
            )
        )  # fmt: skip
        if mine:
            got["accept it with"] = f"cohost replay evals/cases/{file} --accept evals/cases/{file}"
    return found


def _by_message(now: Sequence[ev.Record]) -> dict[int, str]:
    """What was said to each message, all languages."""
    said: dict[int, list[str]] = {}
    for (number, _), decision in canonical(now).items():
        if decision.get("text"):
            said.setdefault(number, []).append(decision["text"])
    return {number: " / ".join(texts) for number, texts in said.items()}
