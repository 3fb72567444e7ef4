"""Which voice is fit for which language: read from `fitness.toml`, which `cohost voices --measure` writes.

A language is fit where the recogniser reads the voice back: median character error at most MAX_CER over
at least LEAST_SENTENCES sentences, and at least LEAST_FIGURES of the numbers come back. Pure but for
reading the table.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import tomllib
from collections.abc import Iterable

import msgspec

from cohost.errors import OperatorError

MAX_CER = 0.15
LEAST_FIGURES = 0.8
LEAST_SENTENCES = 8
FILE = "fitness.toml"


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One voice in one language. Errors 0..1 (medians over sentences); `figures`: share of the numbers
    that came back; `measured`: the day, YYYY-MM-DD."""

    engine: str
    lang: str
    voice: str
    cer: float
    wer: float
    figures: float
    sentences: int
    measured: str
    fit: bool


class Fitness:
    """The table. A voice that was never measured in a language is not fit for it."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self._by_key = {(row.engine, row.lang): row for row in self.rows}

    def row(self, engine: str, lang: str) -> Row | None:
        return self._by_key.get((engine, lang))

    def fit(self, engine: str, lang: str) -> bool:
        row = self.row(engine, lang)
        return row is not None and row.fit

    def languages(self, engine: str) -> frozenset[str]:
        """Those that engine is fit for, installed or not."""
        return frozenset(row.lang for row in self.rows if row.engine == engine and row.fit)

    def merged(self, rows: Iterable[Row]) -> Fitness:
        """With newly measured rows in the place of old ones."""
        return Fitness((self._by_key | {(row.engine, row.lang): row for row in rows}).values())


def fit(cer: float, figures: float, sentences: int) -> bool:
    """The rule."""
    return cer <= MAX_CER and figures >= LEAST_FIGURES and sentences >= LEAST_SENTENCES


@functools.cache
def load() -> Fitness:
    """The table that ships with cohost."""
    file = importlib.resources.files(__package__) / FILE
    return parse(file.read_text(encoding="utf-8"), FILE)


def parse(text: str, where: str) -> Fitness:
    """Raises OperatorError with the place for what is no such table."""
    try:
        rows = msgspec.convert(tomllib.loads(text).get("voice", []), list[Row])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        expected = "expected the table that cohost voices --measure writes"
        raise OperatorError(f"{where}: got {error}, {expected}") from error
    return Fitness(rows)


def dump(fitness: Fitness, about: str) -> str:
    """The table as TOML, `about` as its head, a line a language."""
    lines = [f"# {line}".rstrip() for line in about.strip().splitlines()]
    lines += ["", "voice = ["]
    for row in sorted(fitness.rows, key=lambda r: (r.engine, r.lang)):
        fields = msgspec.structs.asdict(row)
        cells = ", ".join(f"{key} = {json.dumps(value)}" for key, value in fields.items())
        lines.append(f"  {{ {cells} }},")
    return "\n".join([*lines, "]"]) + "\n"
