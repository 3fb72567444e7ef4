"""What each column of a table holds: labels, groups of labels, values of which model, circumstances. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.knowledge.extract import binding, places
from cohost.knowledge.extract.heads import cell
from cohost.knowledge.extract.labels import attribute_of
from cohost.knowledge.extract.stream import Row
from cohost.knowledge.extract.tongues import names_language
from cohost.knowledge.extract.vocabulary import section


class Column(msgspec.Struct, frozen=True):
    """One column. `role`: group, label, value, twin, unit, condition, measured, limit, verdict, index,
    market, product, model, test, clause or other; `attribute` where its head names one. A twin says in
    another language what the value column before it says."""

    index: int
    head: str
    role: str
    attribute: str | None = None
    models: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    product: str | None = None


class Line(msgspec.Struct, frozen=True):
    """A body row with the section title that stands above it in the table."""

    row: Row
    section: str = ""


def lead(heads: Sequence[str], lines: Sequence[Line], catalogue: Catalogue) -> int:
    """The column of labels: the one with the most known labels among those before the first column of a
    model, so that a column of groups ("Appearance", "Electrical") is passed over."""
    valued = [n for n, h in enumerate(heads) if h and binding.mentions(h, catalogue)]
    before = valued[0] if valued else min(2, max((len(x.row.cells) for x in lines), default=1) - 1)
    if before < 2:
        return 0
    known = [sum(attribute_of(cell(x.row, n)) is not None for x in lines) for n in range(before)]
    worded = [sum(bool(re.search(r"[^\W\d_]{2}", cell(x.row, n))) for x in lines) for n in range(before)]
    best = max(range(before), key=lambda n: (known[n], worded[n], -n))
    firsts = [cell(x.row, 0) for x in lines]
    grouped = len({f for f in firsts if f}) < len(lines) or "group" in section("column").keys_of(heads[0])
    return best if best and grouped and known[best] > known[0] else 0


def columns(
    heads: Sequence[str], attributes: Sequence[str | None], lines: Sequence[Line],
    catalogue: Catalogue, *, across: bool, label: int = 0,
) -> tuple[Column, ...]:  # fmt: skip
    found: list[Column] = []
    for index, head in enumerate(heads):
        models = binding.models_in(head, catalogue)
        product = _product(head, catalogue)
        markets = places.find(head) if head else ()
        if index < label:
            role = "group"
        elif index == label and label:
            role = "label"
        elif product and not across and any(c.role == "label" for c in found):
            role = "value"
        else:
            role = _role(index, head, models, markets, across, found)
        if role == "market" and attributes[index] == "origin":
            role = "other"  # "Country of origin" is no country of sale
        if role == "label" and _serial(lines, index):
            role = "index"
        found.append(Column(index, head, role, attributes[index], models, markets, product))
    if any(c.product for c in found if c.role == "value"):
        # beside columns of known models one of an unknown model is none of theirs
        found = [
            msgspec.structs.replace(c, role="other") if c.role == "value" and not c.product else c
            for c in found
        ]
    found = _twins(found, across)
    if not across and not any(c.role in ("value", "measured") for c in found):
        found = _guess_values(found, lines)
    return tuple(found)


def _product(head: str, catalogue: Catalogue) -> str | None:
    """The one product a column's head names, by model or by name."""
    named = binding.mentions(head, catalogue) if head else []
    found = dict.fromkeys(m.product for m in named if m.model) or dict.fromkeys(m.product for m in named)
    return next(iter(found)) if len(found) == 1 and len(catalogue.products) > 1 else None


def _twins(columns: list[Column], across: bool) -> list[Column]:
    """Columns headed by languages: the first is the value, the others say the same."""
    spoken = [c for c in columns if c.role not in ("label", "group") and names_language(c.head)]
    if across or len(spoken) < 2:
        return columns
    roles = {c.index: "twin" for c in spoken} | {spoken[0].index: "value"}
    return [msgspec.structs.replace(c, role=roles.get(c.index, c.role)) for c in columns]


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
