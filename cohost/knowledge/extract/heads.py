"""Which rows of a table are its head, and where a table really is two. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from cohost.common.catalogue import Catalogue
from cohost.knowledge.extract import binding, labels, places
from cohost.knowledge.extract.labels import attribute_of
from cohost.knowledge.extract.stream import Part, Row
from cohost.knowledge.extract.tongues import names_language
from cohost.knowledge.extract.vocabulary import section
from cohost.trust.quantities import amounts

SIZES = re.compile(r"^(?:X{0,4}S|M|X{0,4}L|\d{0,2}XL|\d{2,3}(?:/\d{2,3})?|one size)$", re.IGNORECASE)
_ABOVE = 4  # rows that may stand above a head of models
_LONGEST = 60  # characters of a head's cell


def cell(row: Row, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


def sure(head: str) -> str | None:
    found = labels.read(head)
    return found.attribute if found.score >= 0.8 else None


def names_models(row: Row, catalogue: Catalogue) -> bool:
    """True for a row whose cells name two or more different models or products: a head wherever it stands."""
    told = [
        frozenset((m.product, m.model) for m in binding.mentions(c, catalogue))
        for c in row.filled
        if len(c) <= _LONGEST and not _described(c, catalogue)
    ]
    named = [t for t in told if t]
    return len(set(named)) >= 2 and len(row.filled) - len(named) <= max(2, len(named))


def _described(text: str, catalogue: Catalogue) -> bool:
    """The cell says more than a name: a figure with its unit."""
    return any(a.unit for a in amounts(text)) and not binding.models_in(text, catalogue)


def apart(part: Part, catalogue: Catalogue) -> list[Part]:
    """The table cut where another head of models begins; a title line above a head goes with it."""
    named = [names_models(row, catalogue) for row in part.rows]
    heads = [n for n, here in enumerate(named) if here and not (n and named[n - 1])]
    starts = []
    for at in heads[1:]:
        while at > 0 and len(set(part.rows[at - 1].filled)) == 1:
            at -= 1
        starts.append(at)
    if not starts or _listed(part, heads):
        return [part]
    bounds = [0, *starts, len(part.rows)]
    return [
        Part(part.kind, part.page, part.headings, part.text, part.rows[a:b], part.locator)
        for a, b in itertools.pairwise(bounds)
        if b > a
    ]


def _listed(part: Part, heads: Sequence[int]) -> bool:
    """Most rows name several models: a list of models, no row of heads."""
    return len(heads) > max(2, len(part.rows) / 3)


def captions(rows: Sequence[Row], catalogue: Catalogue) -> tuple[tuple[str, ...], list[Row]]:
    """Title lines, and whatever stands above a head of models; the rest."""
    rest = list(rows)
    found: list[str] = []
    while len(rest) > 1 and len(set(rest[0].filled)) == 1 and len(rest[0].cells) > 1:
        found.append(rest.pop(0).filled[0])
    at = next((n for n, row in enumerate(rest[: _ABOVE + 1]) if names_models(row, catalogue)), 0)
    if at and at + 1 < len(rest) and all(_a_title(row) for row in rest[:at]):
        found += [row.text for row in rest[:at]]
        rest = rest[at:]
    return tuple(found), rest


def _a_title(row: Row) -> bool:
    """A line above the head: no label with its figure."""
    return not (sure(cell(row, 0)) and any(a.unit for c in row.cells[1:] for a in amounts(c)))


def head_rows(rows: Sequence[Row], catalogue: Catalogue) -> int:
    """How many rows the head has: 0, 1, or 2 where a second one refines the first."""
    if len(rows) < 2 or not _is_head(rows[0], rows[1:], catalogue):
        return 0
    second = rows[1]
    if len(rows) > 2 and names_models(rows[0], catalogue) and names_models(second, catalogue):
        return 2
    refined = len(rows) > 2 and cell(second, 0) in ("", cell(rows[0], 0)) and not _numbers(second)
    return 2 if refined and _numbers(rows[2]) and len(second.filled) > 1 else 1


def _is_head(row: Row, below: Sequence[Row], catalogue: Catalogue) -> bool:
    if len(row.filled) < 2 and not (row.cells and not row.cells[0] and row.filled):
        return False
    named = [h for h in row.filled if section("column").label(h) or section("review").keys_of(h)]
    exact = [h for h in row.filled if section("column").keys_of(h)]
    if len(exact) >= 2 or (exact and section("column").keys_of(row.cells[0])):
        return True
    if any(a.unit for h in row.filled if not binding.models_in(h, catalogue) for a in amounts(h)):
        return False
    bodies = [h for h in row.cells[1:] if h]
    if names_models(row, catalogue) or _languages(bodies):
        return True
    if bodies and all(binding.models_in(h, catalogue) or places.find(h) for h in bodies):
        return True
    attributes = [h for h in row.filled if attribute_of(h)]
    telling = {*named, *(h for h in row.filled if sure(h))}
    if len(telling) >= max(2, len(row.filled) / 2) and not sure(row.cells[0]):
        return True
    if len(attributes) >= 2 and not attribute_of(cell(below[0], 0)):
        return True
    if attribute_of(row.cells[0]) in ("size", "size_chart") and _sized([cell(r, 0) for r in below]):
        return True
    if (
        not any(re.match(r"[\d≤≥<>±+-]", c) for c in row.cells[1:])
        and len(below) > 1
        and all(_numbers(r) for r in below)
        and not attribute_of(row.cells[0])
    ):
        return True
    return (
        bool(named)
        and not _numbers(row)
        and any(_numbers(r) for r in below)
        and not attribute_of(row.cells[0])
    )


def _sized(cells: Sequence[str]) -> bool:
    named = [c for c in cells if c.strip()]
    return len(named) >= 2 and sum(bool(SIZES.match(c)) for c in named) >= len(cells) * 0.6


def _numbers(row: Row) -> int:
    return sum(bool(re.search(r"\d", c)) for c in row.cells[1:])


def heads_of(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    if len(rows) == 1:
        return list(rows[0].cells)
    upper = _spread(rows[0].cells)
    width = max(len(upper), len(rows[1].cells))
    found = []
    for index in range(width):
        pair = [c[index] if index < len(c) else "" for c in (upper, rows[1].cells)]
        found.append(": ".join(dict.fromkeys(p for p in pair if p)))
    return found


def _spread(cells: Sequence[str]) -> list[str]:
    """A merged head stands over the empty cells to its right."""
    found: list[str] = []
    for text in cells:
        found.append(text or (found[-1] if found else ""))
    return found


def _languages(cells: Sequence[str]) -> bool:
    return len(cells) >= 2 and all(names_language(c) for c in cells)
