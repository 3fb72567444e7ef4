"""Recorded chats through a room: JSON Lines of a stream, labelled by whoever recorded it.

Looked for: `chat/*.jsonl` in the `--data` folder, a file a show, in order of time. A line: `at_ms`, `viewer`
(a pseudonym), `text`, `lang`; optional `platform`, `market`, and `same`: equal for lines that are one
question, absent or "" for what asks nothing. No set comes with cohost: a chat is its viewers' words, so who
records one says under which licence it may be used.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec

from cohost.errors import OperatorError
from evals.case import Case
from evals.crowd import Line
from evals.external.files import missing
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.runners.crowd import storm_outcomes
from evals.suite import Suite
from evals.world import World

FOLDER = "chat"
MOST = 3_000
"""Lines of a show that are played."""


class Recorded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a file."""

    at_ms: int
    viewer: str
    text: str
    lang: str
    platform: str = "room"
    market: str | None = None
    same: str = ""


class ShowCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One recorded chat."""

    lines: tuple[Recorded, ...]


def absent(world: World) -> str:
    why = missing(world, FOLDER)
    if why or world.data is None:
        return why
    return "" if _files(world.data) else f"no data: no .jsonl is in {world.data.name}/{FOLDER}"


def _files(data: Path) -> list[Path]:
    return sorted((data / FOLDER).glob("*.jsonl"))


def load(suite: Suite, world: World) -> Sequence[ShowCase]:
    files = _files(world.data) if world.data else []
    return [ShowCase(id=file.stem, lang="mul", lines=tuple(lines_of(file))) for file in files]


def lines_of(file: Path) -> list[Recorded]:
    """Raises OperatorError with the line that does not fit, or that goes back in time."""
    found: list[Recorded] = []
    for number, raw in enumerate(file.read_bytes().splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            line = msgspec.json.decode(raw, type=Recorded)
        except msgspec.DecodeError as error:
            raise OperatorError(f"{file.name}:{number}: got a line that does not fit: {error}") from error
        if found and line.at_ms < found[-1].at_ms:
            raise OperatorError(
                f"{file.name}:{number}: got at_ms {line.at_ms}, expected lines in order of time"
            )
        found.append(line)
    return found[:MOST]


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    async def run(case: ShowCase) -> list[Outcome]:
        lines = [
            Line(one.at_ms - case.lines[0].at_ms, one.text, one.viewer, one.lang, one.platform, one.market,
                 one.same)
            for one in case.lines
        ]  # fmt: skip
        return await storm_outcomes(world, suite, case.id, lines)

    yield run
