"""The sizes a chart tells, and whether they make one. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import msgspec

from cohost.trust.evidence import SizeLabel, SizeMeasure
from cohost.trust.sizes import is_letter

STANDARD = frozenset({"EU", "UK", "US", "JP"})
MIN_CONVERTED = 3  # sizes of a table that states no measure


class Size(msgspec.Struct, frozen=True):
    """One size as a chart tells it; `lines` are the grid's rows that hold it, best quote first."""

    labels: tuple[SizeLabel, ...]
    measures: tuple[SizeMeasure, ...]
    lines: tuple[int, ...]
    group: str = ""


class Chart(msgspec.Struct, frozen=True):
    """`beside`: heads of columns that are neither sizes nor measures: then it is a list of goods, too."""

    sizes: tuple[Size, ...]
    beside: tuple[str, ...] = ()


def plausible(sizes: Sequence[Size]) -> bool:
    """Sizes in letters carry measures; sizes in figures rise, and one measure is known or two systems are
    told: a table of prices by country is no chart."""
    if any(is_letter(size.labels[0].value) for size in sizes):
        return any(size.measures for size in sizes)
    known = any(m.id for size in sizes for m in size.measures)
    columns = {(x.system, x.name) for size in sizes for x in size.labels}
    for column in columns:
        told = [(s.group, x.value) for s in sizes for x in s.labels if (x.system, x.name) == column]
        figures = [(g, float(n[0])) for g, value in told if (n := re.findall(r"\d+(?:\.\d+)?", value))]
        falls = sum(a[0] == b[0] and a[1] > b[1] for a, b in itertools.pairwise(figures))
        if falls > len(figures) * 0.2:
            return False
    systems = {system for system, _ in columns if system}
    return known or (len(systems & STANDARD) > 1 and len(sizes) >= MIN_CONVERTED)


def of_garment(sizes: Sequence[Size]) -> Iterator[Size]:
    """Exact figures beside a garment's length are the garment's, too."""
    flat = any(m.id in ("length", "width") and m.low == m.high for s in sizes for m in s.measures)
    for size in sizes:
        measures = tuple(
            msgspec.structs.replace(m, of="garment")
            if flat and not m.of and m.id and m.low == m.high and m.id not in ("height", "age")
            else m
            for m in size.measures
        )
        yield msgspec.structs.replace(size, measures=measures)
