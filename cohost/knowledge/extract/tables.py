"""How a table is laid out: which row is its head, what each column holds, which way it reads. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.knowledge.extract import binding, labels, places
from cohost.knowledge.extract.labels import attribute_of
from cohost.knowledge.extract.stream import Part, Row
from cohost.knowledge.extract.vocabulary import section
from cohost.trust.attributes import ontology
from cohost.trust.quantities import amounts, same_dimension

_SIZES = re.compile(r"^(?:X{0,4}S|M|X{0,4}L|\d{0,2}XL|\d{2,3}(?:/\d{2,3})?|one size)$", re.IGNORECASE)


class Column(msgspec.Struct, frozen=True):
    """One column. `role`: label, value, unit, condition, measured, limit, verdict, index, market,
    product, model, test, clause or other; `attribute` where its head names one."""

    index: int
    head: str
    role: str
    attribute: str | None = None
    models: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """A body row with the section title that stands above it in the table."""

    row: Row
    section: str = ""


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


def cell(row: Row, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


def layout(part: Part, catalogue: Catalogue) -> Layout:
    """Read the table's structure. Never fails: a table nobody understands is label, value, rest."""
    captions, rows = _captions(part.rows)
    depth = _head_rows(rows, catalogue)
    heads = _heads(rows[:depth])
    lines = _lines(rows[depth:])
    if not depth and _paired(lines):
        lines = [half for line in lines for half in _halves(line)]
    width = max((len(line.row.cells) for line in lines), default=len(heads))
    heads = [*heads, *[""] * (width - len(heads))]
    attributes = [_sure(h) if h else None for h in heads]
    down = sum(attribute_of(cell(line.row, 0)) is not None for line in lines)
    over = sum(a is not None for a in attributes[1:])
    market = bool(depth) and any(
        section("column").label(h, ["market"])
        for h, a in zip(heads, attributes, strict=True)
        if a != "origin"
    )
    sizes = bool(depth) and _is_size_chart(heads, lines)
    measured = any(a and _measured_in(i, a, lines) for i, a in enumerate(attributes) if i)
    quantities = any((a := attribute_of(cell(x.row, 0))) and ontology()[a].form == "quantity" for x in lines)
    across = bool(depth) and bool(
        sizes
        or (over > down and (over >= 2 or market))
        or (measured and not quantities)
        or (over and section("field").label(heads[0], ("product", "model")))
        or (market and not down)
    )
    columns = _columns(heads, attributes, lines, catalogue, across=across)
    return Layout(columns, tuple(lines), across, bool(depth), captions, sizes)


def _measured_in(index: int, attribute: str, lines: Sequence[Line]) -> bool:
    """A head that names a quantity stands over figures with its unit."""
    if ontology()[attribute].form != "quantity":
        return False
    unit = ontology()[attribute].units[0]
    found = [amounts(cell(line.row, index)) for line in lines]
    fitting = sum(any(a.unit and same_dimension(a.unit, unit) for a in row) for row in found)
    return fitting >= max(1, len(lines) * 0.7)


def _sure(head: str) -> str | None:
    found = labels.read(head)
    return found.attribute if found.score >= 0.8 else None


def _captions(rows: Sequence[Row]) -> tuple[tuple[str, ...], list[Row]]:
    rest = list(rows)
    captions: list[str] = []
    while len(rest) > 1 and len(set(rest[0].filled)) == 1 and len(rest[0].cells) > 1:
        captions.append(rest.pop(0).filled[0])
    return tuple(captions), rest


def _head_rows(rows: Sequence[Row], catalogue: Catalogue) -> int:
    """How many rows the head has: 0, 1, or 2 where a second one refines the first."""
    if len(rows) < 2 or not _is_head(rows[0], rows[1:], catalogue):
        return 0
    second = rows[1]
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
    if bodies and all(binding.models_in(h, catalogue) or places.find(h) for h in bodies):
        return True
    attributes = [h for h in row.filled if attribute_of(h)]
    telling = {*named, *(h for h in row.filled if _sure(h))}
    if len(telling) >= max(2, len(row.filled) / 2) and not _sure(row.cells[0]):
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
    return len(named) >= 2 and sum(bool(_SIZES.match(c)) for c in named) >= len(cells) * 0.6


def _numbers(row: Row) -> int:
    return sum(bool(re.search(r"\d", c)) for c in row.cells[1:])


def _heads(rows: Sequence[Row]) -> list[str]:
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


def _lines(rows: Sequence[Row]) -> list[Line]:
    found: list[Line] = []
    title = ""
    last = ""
    for row in rows:
        if len(set(row.filled)) == 1 and len(row.cells) > 1 and (row.cells[0] or len(row.filled) > 1):
            title = row.filled[0]
            if not row.cells[0] or len(row.filled) > 1 or not attribute_of(title):
                continue
        if row.cells and not row.cells[0] and last and len(row.filled) > 1:
            row = Row((last, *row.cells[1:]), row.text, row.locator)
        last = row.cells[0] if row.cells else last
        found.append(Line(row, title))
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
    sized = sum(bool(_SIZES.match(cell(line.row, 0))) for line in lines)
    named = any(attribute_of(h) in ("size", "size_chart") for h in heads)
    return named and len(lines) >= 2 and sized >= len(lines) * 0.7


def _columns(
    heads: Sequence[str], attributes: Sequence[str | None], lines: Sequence[Line],
    catalogue: Catalogue, *, across: bool,
) -> tuple[Column, ...]:  # fmt: skip
    found: list[Column] = []
    for index, head in enumerate(heads):
        models = binding.models_in(head, catalogue)
        markets = places.find(head) if head else ()
        role = _role(index, head, models, markets, across, found)
        if role == "market" and attributes[index] == "origin":
            role = "other"  # "Country of origin" is no country of sale
        if role == "label" and _serial(lines, index):
            role = "index"
        found.append(Column(index, head, role, attributes[index], models, markets))
    if not across and not any(c.role in ("value", "measured") for c in found):
        found = _guess_values(found, lines)
    return tuple(found)


_ROLES = (
    "index",
    "item",
    "test",
    "unit",
    "condition",
    "measured",
    "limit",
    "verdict",
    "market",
    "value",
    "clause",
)


def _role(
    index: int,
    head: str,
    models: tuple[str, ...],
    markets: tuple[str, ...],
    across: bool,
    before: list[Column],
) -> str:
    labelled = any(c.role == "label" for c in before)
    if not head:
        return "other" if labelled else "label"
    if models or (markets and not across):
        return "value" if labelled else "label"
    keys = section("column").keys_of(head) or _loose(head)
    if "market" in keys and (across or not labelled):
        return "market"
    if across:
        others = {"product": "product", "model": "model"}
        key = section("field").label(head, others)
        return key.key if key else next((k for k in keys if k in ("unit", "condition", "index")), "other")
    if not labelled:
        if keys and not {"item", "test", "value"} & set(keys):
            return next((k for k in ("index", "clause", "unit") if k in keys), "label")
        return "label"
    valued = any(c.role in ("value", "measured") for c in before)
    first = ("measured", "unit") if valued else ("measured", "unit", "value")
    order = (*first, "condition", "verdict", "limit", "clause")
    return next((k for k in order if k in keys), "other")


def _loose(head: str) -> tuple[str, ...]:
    hit = section("column").label(head)
    return (hit.key,) if hit else ()


def _serial(lines: Sequence[Line], index: int) -> bool:
    """True where a column only counts the rows."""
    cells = [cell(line.row, index).strip(" .)") for line in lines]
    return len(cells) > 1 and all(c.isdigit() and len(c) <= 2 for c in cells)


def _guess_values(columns: list[Column], lines: Sequence[Line]) -> list[Column]:
    """Without a value head: figures in several unnamed columns are variants under their heads, else the
    first is the value and the rest its circumstances."""
    label = next((c for c in columns if c.role == "label"), None)
    if label is None and columns:
        columns = [msgspec.structs.replace(c, role="label") if c.index == 0 else c for c in columns]
    if not any(c.role == "label" for c in columns):
        return columns
    if label is not None and label.index == 0 and _serial(lines, 0) and len(columns) > 2:
        columns = [
            msgspec.structs.replace(c, role="index" if c.index == 0 else "label" if c.index == 1 else c.role)
            for c in columns
        ]
    free = [c for c in columns if c.role == "other"]
    figures = [c for c in free if c.head and _figures(lines, c.index)]
    chosen = figures if len(figures) > 1 else free[:1]
    found = []
    for column in columns:
        if column in chosen:
            column = msgspec.structs.replace(column, role="value")
        elif column.role == "other":
            column = msgspec.structs.replace(column, role="condition")
        found.append(column)
    return found


def _figures(lines: Sequence[Line], index: int) -> bool:
    cells = [cell(line.row, index) for line in lines]
    return sum(bool(re.search(r"\d", c)) for c in cells) >= max(1, len(cells) * 0.5)
