"""What is in the box, told as a list or a small table under its title → one fact with the list. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cohost.knowledge.extract import labels, values
from cohost.knowledge.extract.items import make
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.stream import Part, Row
from cohost.knowledge.extract.vocabulary import section
from cohost.trust.evidence import Evidence

ATTRIBUTE = "in_the_box"
_TITLE = 60
_SURE = 0.72
_CELLS = 4
_COUNT = re.compile(
    r"^[x×*]?\s*\d{1,3}\s*(?:pcs?|st(?:ück|k)?|szt|个|個|件|条|本|枚|台|개)?\.?$", re.IGNORECASE
)


def taken(read: Sequence[Part], scope: Scope) -> tuple[list[Evidence], list[Part]]:
    """The lists of contents, and the parts left for everything else."""
    items: list[Evidence] = []
    kept: list[Part] = []
    number = 0
    while number < len(read):
        part = read[number]
        number += 1
        listed = _listed(read, number) if _titles(part) else []
        told = _members(listed)
        if len(told) < 2:
            kept.append(part)
            continue
        number += len(listed)
        if part.kind == "heading":
            kept.append(part)
        quote = " ".join(p.text or " ".join(r.text for r in p.rows) for p in listed)
        first = listed[0].rows[0].locator if listed[0].rows else None
        source = scope.source(part.page, quote, first or part.text)
        bound = scope.narrow(part.text)
        items += make(values.Reading(ATTRIBUTE, tuple(told)), bound, source, "", "declared", None)
    return items, kept


def _titles(part: Part) -> bool:
    text = part.text.strip(" :：")
    if part.kind == "table" or not text or len(text) > _TITLE:
        return False
    named = labels.read(text)
    return named.attribute == ATTRIBUTE and named.score >= _SURE


def _listed(read: Sequence[Part], start: int) -> list[Part]:
    """The list items, or the one table, that follow."""
    if start < len(read) and read[start].kind == "table":
        return [read[start]] if all(len(r.filled) <= _CELLS for r in read[start].rows) else []
    found: list[Part] = []
    while start < len(read) and read[start].kind == "list_item":
        found.append(read[start])
        start += 1
    return found


def _members(parts: Sequence[Part]) -> list[str]:
    found = [_counted(row) for p in parts for n, row in enumerate(p.rows) if n or not _head(p.rows)]
    return [t for t in [*found, *(p.text.rstrip(" .;。；") for p in parts if p.kind == "list_item")] if t]


def _head(rows: Sequence[Row]) -> bool:
    """The first row only names its columns: "Item | Quantity"."""
    first, rest = rows[0], rows[1:]
    if len(first.filled) < 2 or not rest:
        return False
    named = all(section("column").keys_of(c) or section("field").keys_of(c) for c in first.filled)
    counted = all(_COUNT.match(row.filled[-1]) for row in rest if row.filled)
    return named or (counted and not any(c.isdigit() for c in "".join(first.filled)))


def _counted(row: Row) -> str:
    """ "Lamp | 1" → "Lamp × 1"; a running number in front is left out."""
    cells = list(row.filled)
    if len(cells) > 2 and re.fullmatch(r"\d{1,2}[.)]?", cells[0]):
        cells = cells[1:]
    if len(cells) > 1 and re.fullmatch(r"\d{1,3}", cells[-1]):
        cells[-1] = f"× {cells[-1]}"
    return " ".join(cells) if not all(_COUNT.match(c) for c in cells) else ""
