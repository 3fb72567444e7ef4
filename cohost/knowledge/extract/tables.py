"""How a table is laid out: which row is its head, what each column holds, which way it reads. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.knowledge.extract.columns import Column, Line, columns, lead
from cohost.knowledge.extract.heads import SIZES, captions, cell, head_rows, heads_of, names_models, sure
from cohost.knowledge.extract.labels import attribute_of
from cohost.knowledge.extract.stream import Part, Row
from cohost.knowledge.extract.vocabulary import section
from cohost.trust.attributes import ontology
from cohost.trust.quantities import amounts, same_dimension

__all__ = ["Column", "Layout", "Line", "cell", "layout"]


class Layout(msgspec.Struct, frozen=True):
    """`across`: attributes stand in the head, one row a model, market or size."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    across: bool
    headed: bool
    captions: tuple[str, ...] = ()
    sizes: bool = False

    def first(self, *roles: str) -> Column | None:
        return next((c for c in self.columns if c.role in roles), None)

    def all(self, *roles: str) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.role in roles)


def layout(part: Part, catalogue: Catalogue) -> Layout:
    """Read the table's structure. Never fails: a table nobody understands is label, value, rest."""
    above, rows = captions(part.rows, catalogue)
    depth = head_rows(rows, catalogue)
    heads = heads_of(rows[:depth])
    lines = _lines(rows[depth:])
    if not depth and _paired(lines):
        lines = [half for line in lines for half in _halves(line)]
    width = max((len(line.row.cells) for line in lines), default=len(heads))
    heads = [*heads, *[""] * (width - len(heads))]
    attributes = [sure(h) if h else None for h in heads]
    label = lead(heads, lines, catalogue) if depth else 0
    if label:
        lines = _filled_down(lines, label)
    down = sum(attribute_of(cell(line.row, label)) is not None for line in lines)
    over = sum(a is not None for a in attributes[1:])
    market = bool(depth) and any(
        section("column").label(h, ["market"])
        for h, a in zip(heads, attributes, strict=True)
        if a != "origin"
    )
    sizes = bool(depth) and _is_size_chart(heads, lines)
    measured = any(a and _measured_in(i, a, lines) for i, a in enumerate(attributes) if i)
    quantities = any(
        (a := attribute_of(cell(x.row, label))) and ontology()[a].form == "quantity" for x in lines
    )
    across = bool(depth) and bool(
        sizes
        or (over > down and (over >= 2 or market))
        or (measured and not quantities)
        or (over and section("field").label(heads[0], ("product", "model")))
        or (market and not down)
    )
    across = across and not label and not names_models(Row(tuple(heads), ""), catalogue)
    found = columns(heads, attributes, lines, catalogue, across=across, label=label)
    return Layout(found, tuple(lines), across, bool(depth), above, sizes)


def _measured_in(index: int, attribute: str, lines: Sequence[Line]) -> bool:
    """A head that names a quantity stands over figures with its unit."""
    if ontology()[attribute].form != "quantity":
        return False
    unit = ontology()[attribute].units[0]
    found = [amounts(cell(line.row, index)) for line in lines]
    fitting = sum(any(a.unit and same_dimension(a.unit, unit) for a in row) for row in found)
    return fitting >= max(1, len(lines) * 0.7)


def _lines(rows: Sequence[Row]) -> list[Line]:
    found: list[Line] = []
    title = ""
    last = ""
    for row in rows:
        if len(set(row.filled)) == 1 and len(row.cells) > 1 and (row.cells[0] or len(row.filled) > 1):
            title = row.filled[0]
            if any(wide >= len(row.cells) - at for at, wide in row.spans) and len(row.cells) > 1:
                continue
            if not row.cells[0] or len(row.filled) > 1 or not attribute_of(title):
                continue
        if row.cells and not row.cells[0] and last and len(row.filled) > 1:
            row = Row((last, *row.cells[1:]), row.text, row.locator, row.spans)
        last = row.cells[0] if row.cells else last
        found.append(Line(row, title))
    return found


def _filled_down(lines: Sequence[Line], label: int) -> list[Line]:
    """A label merged over several rows stands in each of them."""
    found: list[Line] = []
    last = ""
    for line in lines:
        row = line.row
        if last and not cell(row, label) and len(row.filled) > 1:
            cells = (*row.cells[:label], last, *row.cells[label + 1 :])
            row = Row(cells, row.text, row.locator, row.spans)
        last = cell(row, label)
        found.append(Line(row, line.section))
    return found


def _paired(lines: Sequence[Line]) -> bool:
    """Label, value, label, value: two pairs to a row."""
    wide = [line for line in lines if len(line.row.cells) >= 4]
    if not wide or len(wide) < len(lines) / 2:
        return False
    known = sum(_labels(cell(w.row, 0)) and _labels(cell(w.row, 2)) for w in wide)
    return known >= len(wide) / 2 and known >= 1


def _labels(text: str) -> bool:
    return bool(text) and (attribute_of(text) is not None or section("field").label(text) is not None)


def _halves(line: Line) -> list[Line]:
    cells = line.row.cells
    pairs = [cells[i : i + 2] for i in range(0, len(cells), 2)]
    return [Line(Row(tuple(p), line.row.text, line.row.locator), line.section) for p in pairs if any(p)]


def _is_size_chart(heads: Sequence[str], lines: Sequence[Line]) -> bool:
    sized = sum(bool(SIZES.match(cell(line.row, 0))) for line in lines)
    named = any(attribute_of(h) in ("size", "size_chart") for h in heads)
    return named and len(lines) >= 2 and sized >= len(lines) * 0.7
