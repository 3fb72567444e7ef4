"""Language of lines others collected, read from the folder named with `--data`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from cohost.errors import OperatorError
from cohost.languages import LANGUAGES, base
from evals.case import LineCase
from evals.suite import Suite
from evals.world import World

LID = Path("text", "lingua_lid")
CHAT = Path("text", "viewer_messages.jsonl")
EACH = 40
"""Lines taken of each file: evenly spread, the same every time."""


class ChatLine(msgspec.Struct, frozen=True):
    """One line of viewer_messages.jsonl; its other fields are not read here."""

    text: str
    lang: str


def absent(world: World) -> str:
    """Why there is nothing to measure: no folder was named, or it holds neither source."""
    if world.data is None:
        return "no data: name a folder with --data (text/lingua_lid, text/viewer_messages.jsonl)"
    if not (world.data / LID).is_dir() and not (world.data / CHAT).is_file():
        return f"no data: neither {LID} nor {CHAT} is in {world.data.name}"
    return ""


def load(suite: Suite, world: World) -> Sequence[LineCase]:
    """Word pairs and sentences (Apache-2.0, pemistahl/lingua-py), and invented chat lines."""
    return list(lines_of(world.data)) if world.data else []


def lines_of(data: Path) -> Iterator[LineCase]:
    """Every line taken, as cases of cohost's languages."""
    for kind in ("single-words", "word-pairs", "sentences"):
        for file in sorted((data / LID / kind).glob("*.txt")):
            if file.stem in LANGUAGES:
                lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
                yield from _taken([line for line in lines if line], file.stem, kind)
    if (data / CHAT).is_file():
        for number, raw in enumerate((data / CHAT).read_bytes().splitlines(), start=1):
            try:
                line = msgspec.json.decode(raw, type=ChatLine)
            except msgspec.DecodeError as error:
                raise OperatorError(f"{CHAT.name}:{number}: got a line that does not fit: {error}") from error
            if base(line.lang) in LANGUAGES:
                yield LineCase(id=f"chat-{number}", lang=line.lang, text=line.text, tags=("chat",))


def _taken(lines: Sequence[str], lang: str, kind: str) -> Iterator[LineCase]:
    step = max(1, len(lines) // EACH)
    for number, text in enumerate(lines[::step][:EACH], start=1):
        yield LineCase(id=f"{lang}-{kind}-{number}", lang=lang, text=text, tags=(kind,))
