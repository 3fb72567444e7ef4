"""What every bench gets: the folder, the show's date, the data from outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.marks import Mark

SHOW_DAY = dt.date(2026, 11, 20)
"""The date the questions were written for: prices of the demo brand hold on it."""


@dataclass(frozen=True)
class Setup:
    """`tell(what, done, total)` reports progress, `note` a line for a person while it goes on; `peers`: what
    is measured beside others in processes of their own, `quick`: a few trials of it, `out`: where it is
    drawn."""

    folder: Path
    on: dt.date
    data: Path | None
    tell: Callable[[str, int, int], None]
    peers: bool = False
    quick: bool = False
    out: Path | None = None
    note: Callable[[str], None] = field(default=lambda line: None)


@dataclass(frozen=True)
class Bench:
    """A bench: what it is called, what it measures, and how; `peers` says with what it is compared."""

    name: str
    about: str
    run: Callable[[Setup], list[Mark]]
    peers: str = ""
