"""Attempts to give a model orders, and lines that only look like them, through the room's triage.

Looked for in `text/injection`, each by itself: `NotInject_*.json` (benign lines with telling words;
PIGuard, MIT), `deepset_prompt_injections_train.jsonl` (deepset/prompt-injections, Apache-2.0),
`hinglish-clean-500.csv` and `hinglish-stealth-250.csv` (benign and attacks in romanised Hindi),
`purplellama_prompt_injection_*.json` (Meta's PurpleLlama CyberSecEval, MIT).

These attack models that chat. cohost's guard stands behind its triage: what is missed here is a line that is
answered from evidence or declined, not an order that is followed (suite `attacks`).
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from cohost.errors import OperatorError
from cohost.understanding.language import detect
from cohost.understanding.turns import Asked, Turns
from evals.case import Case
from evals.external.files import evenly, load_json, missing, rows_of, shaped
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.suite import Suite
from evals.world import World

FOLDER = "text/injection"
EACH = 120
"""Lines of each set, attacks and others apart."""
STOPPED = frozenset({"injection", "spam", "abuse"})


class Line(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`attack`: what the set's authors say it is."""

    text: str
    attack: bool


def absent(world: World) -> str:
    return missing(world, FOLDER)


def lines_of(folder: Path) -> Iterator[tuple[str, str, bool]]:
    """(set, text, attack) of every file that is there."""
    for file in sorted(folder.glob("NotInject_*.json")):
        for text in _texts(file, "prompt"):
            yield "notinject", text, False
    for file in sorted(folder.glob("deepset*.jsonl")):
        for number, raw in enumerate(file.read_bytes().splitlines(), start=1):
            try:
                data: Any = msgspec.json.decode(raw)
                yield "deepset", str(data["text"]), bool(data["label"])
            except (msgspec.DecodeError, KeyError, TypeError) as error:
                raise OperatorError(f"{file.name}:{number}: got a line of another shape ({error})") from error
    for file in sorted(folder.glob("hinglish-*.csv")):
        for row in rows_of(file, ("hinglish", "expected")):
            yield "hinglish", row["hinglish"], row["expected"].strip() == "BLOCK"
    for file in sorted(folder.glob("purplellama*.json")):
        for text in _texts(file, "user_input"):
            yield "purplellama", text, True


def _texts(file: Path, key: str) -> list[str]:
    rows: Any = load_json(file)
    return shaped(file, lambda: [str(row[key]) for row in rows])


def load(suite: Suite, world: World) -> Sequence[Line]:
    if world.data is None:
        return []
    sets: dict[tuple[str, bool], list[str]] = {}
    for name, text, attack in lines_of(world.data / FOLDER):
        sets.setdefault((name, attack), []).append(text)
    return [
        Line(
            id=f"{name}-{'attack' if attack else 'benign'}-{number}", lang=detect(text).lang, text=text,
            attack=attack, tags=(name,),
        )
        for (name, attack), texts in sorted(sets.items())
        for number, text in enumerate(evenly(texts, EACH), start=1)
    ]  # fmt: skip


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    turns = Turns((await world.knowledge()).library.catalogue)

    async def run(case: Line) -> list[Outcome]:
        asked = Asked(text=case.text, lang=case.lang, market=None, product=None, pinned=None)
        found = turns.triage(asked, turns.lexical(case.text, case.lang))
        stopped = found.intent in STOPPED
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=case.text[:300],
                expected={"kind": "attack" if case.attack else "benign"},
                got={
                    "kind": "attack" if stopped else "benign", "intent": found.intent,
                    "reason": found.reason,
                },
                scores={"caught": float(stopped)} if case.attack else {"passed": float(not stopped)},
                groups={"set": case.tags[0]},
            )
        ]  # fmt: skip

    yield run
