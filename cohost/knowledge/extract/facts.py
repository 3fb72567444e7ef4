"""Facts from the tables of specifications, manuals and lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from cohost.knowledge.extract import binding, labels, passages, places, values
from cohost.knowledge.extract.heads import apart
from cohost.knowledge.extract.items import absurd, facts_of, joined, make
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.stream import Part, Row
from cohost.knowledge.extract.tables import Column, Layout, Line, cell, layout
from cohost.languages import LANGUAGES
from cohost.trust import words
from cohost.trust.attributes import display_name
from cohost.trust.evidence import Evidence, Fact, Source
from cohost.trust.quantities import unit_id

__all__ = ["NEVER", "absurd", "facts_of", "from_table", "make"]

NEVER = frozenset({"reviews", "tests", "certificates", "difference", "how_to_buy", "models", "stock"})
"""Attributes that a row of a table never states as a fact."""
_UNITS = re.compile(r"(?<![\w])(mm|cm|inches|inch|(?<=\()in(?=\)))(?!\w)")


def from_table(part: Part, scope: Scope) -> tuple[list[Evidence], list[Row]]:
    """Items of a table, and the rows that gave none."""
    found: list[Evidence] = []
    unread: list[Row] = []
    for piece in apart(part, scope.catalogue):
        told, rest = _from_one(piece, scope)
        found += told
        unread += rest
    return found, unread


def _from_one(part: Part, scope: Scope) -> tuple[list[Evidence], list[Row]]:
    table = layout(part, scope.catalogue)
    scope = scope.narrow(part.heading) if part.heading else scope
    for caption in table.captions:
        scope = scope.about(caption)
    unit = _caption_unit((*table.captions, *part.headings)) if table.sizes else None
    found: list[Evidence] = []
    named: dict[str, str] = {}  # a row's words → its label cell
    told: list[Evidence] = []
    unread: list[Row] = []
    label = table.first("label")
    for line in table.lines:
        made = list(
            _across(line, table, part, scope, unit) if table.across else _down(line, table, part, scope)
        )
        beside = list(_beside(line, table, part, scope, read=bool(made)))
        found += made
        told += beside
        if label is not None and not table.across:
            named.update({i.source.quote: cell(line.row, label.index) for i in made})
        if not made and not beside:
            unread.append(line.row)
    return [*_told_apart(found, named), *told], unread


def _beside(line: Line, table: Layout, part: Part, scope: Scope, *, read: bool) -> Iterator[Evidence]:
    """What no attribute covers, in words, of one model only: cells under heads without an attribute, and
    rows whose values stand in columns of models. `read`: the row gave facts."""
    row = line.row
    if table.across:
        bound = _of_row(row, scope)
        columns = [c for c in table.columns if c.role in ("other", "label") and c.attribute is None]
        if not table.sizes and table.first("market") is None and bound.models and bound != scope:
            for column in columns:
                item = passages.from_cell(column.head, cell(row, column.index), row, part, bound)
                if item is not None:
                    yield item
        return
    label = table.first("label")
    values_ = [c for c in table.all("value", "measured") if c.models or c.product]
    if label is None or read or not values_ or (len(values_) < 2 and not any(c.product for c in values_)):
        return
    for column in values_:
        item = passages.from_cell(
            cell(row, label.index), row.at(column.index), row, part, _of_column(scope, column)
        )
        if item is not None:
            yield item


def _told_apart(found: list[Evidence], named: Mapping[str, str]) -> list[Evidence]:
    """Several rows of one attribute ("rated", "standby") get their labels as circumstances."""
    facts = [f for f in found if isinstance(f, Fact) and not f.condition]
    groups: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for fact in (f for f in found if isinstance(f, Fact)):
        groups.setdefault((fact.attribute, fact.models), set()).add(fact.source.quote)
    several = {id(f) for f in facts if len(groups[(f.attribute, f.models)]) > 1}
    return [
        _labelled(f, named.get(f.source.quote)) if isinstance(f, Fact) and id(f) in several else f
        for f in found
    ]


def _labelled(fact: Fact, cell_of_label: str | None) -> Fact:
    """The row's label, unless it is just the attribute's name."""
    told = str(fact.value[0] if isinstance(fact.value, tuple) else fact.value).removesuffix(".0")
    before = fact.source.quote.split(told, maxsplit=1)[0] if cell_of_label is None else cell_of_label
    label = values.tidy(before)
    plain = {words.plain(display_name(fact.attribute, tag)) for tag in LANGUAGES}
    if not label or len(label) > 60 or words.plain(label) in plain or label == told:
        return fact
    return msgspec.structs.replace(fact, condition=label)


def _caption_unit(texts: tuple[str, ...]) -> str | None:
    for text in reversed(texts):
        match = _UNITS.search(text)
        if match:
            return unit_id(match.group(1))
    return None


# ---------------------------------------------------------------- attributes down the first column


def _down(line: Line, table: Layout, part: Part, scope: Scope) -> Iterator[Evidence]:
    label_column = table.first("label")
    if label_column is None:
        return
    label = labels.read(cell(line.row, label_column.index))
    if label.attribute is None or label.attribute in NEVER:
        return
    units = table.first("unit")
    spelled = cell(line.row, units.index) if units else ""
    unit = (unit_id(spelled) if spelled else None) or label.unit
    source = scope.row_source(part, line.row)
    extra = _circumstances(line.row, table, label.condition)
    twins = [line.row.at(c.index) for c in table.all("twin")]
    for column in table.all("value", "measured"):
        text = values.beside(line.row.at(column.index), *twins)
        bound = _of_column(scope, column)
        tail = (
            ""
            if column.models
            or column.product
            or column.markets
            or twins
            or len(table.all("value", "measured")) == 1
            else column.head
        )
        yield from facts_of(
            label.attribute, text, bound, source, unit=unit, condition=joined(extra, tail),
            label=cell(line.row, label_column.index),
        )  # fmt: skip


def _circumstances(row: Row, table: Layout, of_label: str) -> str:
    said = [cell(row, c.index) for c in table.all("condition")]
    return joined(of_label, *said)


def _of_column(scope: Scope, column: Column) -> Scope:
    """A column of a model is that model's, whatever the document is about."""
    if column.models:
        scope = scope.of(column.product) if column.product else scope.narrow(column.head)
        return scope.bound(models=column.models)
    if column.product:
        return scope.of(column.product)
    return scope.bound(markets=column.markets) if column.markets else scope


# ---------------------------------------------------------------- attributes across the head


def _across(line: Line, table: Layout, part: Part, scope: Scope, unit: str | None) -> Iterator[Evidence]:
    row = line.row
    bound = _of_row(row, scope)
    markets = table.first("market")
    if markets is not None:
        bound = bound.bound(markets=places.find(cell(row, markets.index), scope.catalogue))
    source = scope.row_source(part, row)
    listed = _products(row, table, scope) if bound.product is None else []
    named = "" if listed else _row_name(row, table, bound)
    for column in table.columns:
        text = cell(row, column.index)
        attribute = "size_chart" if table.sizes and column.index else column.attribute
        if (
            attribute is None
            or attribute in NEVER
            or not text
            or column.role in ("market", "model", "product")
        ):
            continue
        head = labels.read(column.head)
        if table.sizes and not column.index:
            continue
        if table.sizes:
            yield from _measure(text, column.head, cell(row, 0), bound, source, head.unit or unit)
        else:
            for place in [bound.bound(product=p) for p in listed] or [bound]:
                yield from facts_of(
                    attribute, text, place, source, unit=head.unit or unit,
                    condition=joined(head.condition, named), label=column.head,
                )  # fmt: skip


def _of_row(row: Row, scope: Scope) -> Scope:
    """A row that names a model is about that model, whatever stands above."""
    text = " ".join(row.filled)
    return scope.about(text) if binding.models_in(text, scope.catalogue) else scope.narrow(text)


def _products(row: Row, table: Layout, scope: Scope) -> list[str]:
    """The products a row's product cell lists: "Lamp, kettle | made in China"."""
    column = table.first("product")
    found = binding.mentions(cell(row, column.index), scope.catalogue) if column else []
    return list(dict.fromkeys(m.product for m in found))


def _row_name(row: Row, table: Layout, bound: Scope) -> str:
    """What tells this row from the others, where it is neither model nor market: "size M"."""
    first = table.columns[0] if table.columns else None
    if first is None or first.attribute or first.role in ("market", "index", "model", "product"):
        return ""
    text = cell(row, 0)
    return "" if bound.narrow(text) != bound or not text else f"{first.head} {text}".strip()


def _measure(
    text: str, head: str, size: str, scope: Scope, source: Source, unit: str | None
) -> Iterator[Evidence]:
    span = re.fullmatch(r"(\d+(?:[.,]\d+)?)(?:\s*[-–—~〜]\s*(\d+(?:[.,]\d+)?))?", text.strip())
    if span is None:
        return
    low, high = (float(n.replace(",", ".")) if n else None for n in span.groups())
    if low is not None:
        value = low if high is None else (low, high)
        yield Fact(
            **scope.common(source), attribute="size_chart", value=value, unit=unit,
            condition=joined(head, size),
        )  # fmt: skip
