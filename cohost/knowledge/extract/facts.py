"""Facts from the tables of specifications, manuals and lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from cohost.knowledge.extract import binding, labels, passages, places, values
from cohost.knowledge.extract.labels import attribute_of
from cohost.knowledge.extract.scope import LOW, Scope
from cohost.knowledge.extract.stream import Part, Row
from cohost.knowledge.extract.tables import Column, Layout, Line, cell, layout
from cohost.knowledge.extract.vocabulary import yes_or_no
from cohost.languages import LANGUAGES
from cohost.trust import words
from cohost.trust.attributes import display_name, ontology
from cohost.trust.evidence import Evidence, Fact, MarketFact, Policy, Source
from cohost.trust.quantities import unit_id

NEVER = frozenset({"reviews", "tests", "certificates", "difference", "how_to_buy", "models", "stock"})
"""Attributes that a row of a table never states as a fact."""
Basis = Literal["declared", "measured", "set"]
_UNITS = re.compile(r"(?<![\w])(mm|cm|inches|inch|(?<=\()in(?=\)))(?!\w)")
_BRACKETED = re.compile(r"[(（\[][^)）\]]*[)）\]]")
_SEGMENT = re.compile(r"\s*[;；|\n]\s*")


def from_table(part: Part, scope: Scope) -> tuple[list[Evidence], list[Row]]:
    """Items of a table, and the rows that gave none."""
    table = layout(part, scope.catalogue)
    scope = scope.narrow(part.heading) if part.heading else scope
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
        beside = list(_beside(line, table, part, scope))
        found += made
        told += beside
        if label is not None and not table.across:
            named.update({i.source.quote: cell(line.row, label.index) for i in made})
        if not made and not beside:
            unread.append(line.row)
    return [*_told_apart(found, named), *told], unread


def _beside(line: Line, table: Layout, part: Part, scope: Scope) -> Iterator[Evidence]:
    """What no attribute covers, in words, of one model only: cells under heads without an attribute, and
    rows whose values stand in columns of models."""
    row = line.row
    if table.across:
        bound = scope.narrow(" ".join(row.filled))
        columns = [c for c in table.columns if c.role in ("other", "label") and c.attribute is None]
        if not table.sizes and table.first("market") is None and bound.models and bound != scope:
            for column in columns:
                item = passages.from_cell(column.head, cell(row, column.index), row, part, bound)
                if item is not None:
                    yield item
        return
    label = table.first("label")
    values_ = [c for c in table.all("value", "measured") if c.models]
    if label is None or len(values_) < 2 or labels.read(cell(row, label.index)).attribute is not None:
        return
    for column in values_:
        item = passages.from_cell(
            cell(row, label.index), cell(row, column.index), row, part, _of_column(scope, column)
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
    if not label or len(label) > 60 or words.plain(label) in plain:
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
    for column in table.all("value", "measured"):
        text = cell(line.row, column.index)
        bound = _of_column(scope, column)
        tail = (
            "" if column.models or column.markets or len(table.all("value", "measured")) == 1 else column.head
        )
        yield from facts_of(
            label.attribute, text, bound, source, unit=unit, condition=_joined(extra, tail),
            label=cell(line.row, label_column.index),
        )  # fmt: skip


def _circumstances(row: Row, table: Layout, of_label: str) -> str:
    said = [cell(row, c.index) for c in table.all("condition")]
    return _joined(of_label, *said)


def _joined(*texts: str) -> str:
    return "; ".join(dict.fromkeys(t.strip() for t in texts if t.strip()))


def _of_column(scope: Scope, column: Column) -> Scope:
    if column.models:
        return scope.narrow(column.head).bound(models=column.models)
    return scope.bound(markets=column.markets) if column.markets else scope


# ---------------------------------------------------------------- attributes across the head


def _across(line: Line, table: Layout, part: Part, scope: Scope, unit: str | None) -> Iterator[Evidence]:
    row = line.row
    bound = scope.narrow(" ".join(row.filled))
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
                    condition=_joined(head.condition, named), label=column.head,
                )  # fmt: skip


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
            condition=_joined(head, size),
        )  # fmt: skip


# ---------------------------------------------------------------- one value cell


def facts_of(
    attribute: str, text: str, scope: Scope, source: Source, *, unit: str | None = None,
    condition: str = "", label: str = "", basis: Basis = "declared", report: str | None = None,
) -> Iterator[Evidence]:  # fmt: skip
    """The items a value cell holds: split by market where it names them ("GB: type G; DE, FR: …")."""
    parts = by_market(text, scope) if ontology()[attribute].market else []
    if parts:
        for codes, words in parts:
            bound = scope.bound(markets=codes)
            yield from _items(attribute, words, bound, source, unit, condition, label, basis, report)
    else:
        yield from _items(attribute, text, scope, source, unit, condition, label, basis, report)


def by_market(text: str, scope: Scope) -> list[tuple[tuple[str, ...], str]]:
    """("GB",) "type G" · ("DE", "FR") "type E/F": [] where the text is not split by market."""
    found = []
    for segment in _SEGMENT.split(text):
        head, sign, rest = segment.partition(":") if ":" in segment else segment.partition("：")
        codes = places.find(head, scope.catalogue) if sign else ()
        if not codes or not rest.strip():
            return []
        found.append((codes, rest.strip()))
    return found


def _items(
    attribute: str, text: str, scope: Scope, source: Source, unit: str | None, condition: str,
    label: str, basis: Basis, report: str | None,
) -> Iterator[Evidence]:  # fmt: skip
    for reading in values.read(attribute, text, lang=source.lang, unit=unit):
        if reading.attribute != attribute and attribute_of(label) != attribute:
            continue
        named = _named(reading, label)
        if known_as_words(attribute) and isinstance(reading.value, float) and reading.attribute == attribute:
            condition = _joined(condition, _BRACKETED.sub("", label).strip())  # which of the sizes: "height"
        yield from make(named, scope, source, "" if named.value == condition else condition, basis, report)


def known_as_words(attribute: str) -> bool:
    return ontology()[attribute].form == "text"


def _named(reading: values.Reading, label: str) -> values.Reading:
    """A bare yes or no gets its label as the thing said: "Wireless charging | no"."""
    if (
        isinstance(reading.value, str)
        and label
        and reading.unit is None
        and not re.search(r"[^\W\d_]", reading.value)
    ):
        return msgspec.structs.replace(reading, value=f"{label} {reading.value}")
    short = isinstance(reading.value, str) and len(reading.value) <= 16 and label not in ("", reading.value)
    if short and yes_or_no(str(reading.value)) is not None:
        return values.Reading(reading.attribute, label, None, reading.condition, "", reading.polarity)
    return reading


def make(
    reading: values.Reading, scope: Scope, source: Source, condition: str, basis: Basis, report: str | None
) -> Iterator[Evidence]:
    """Fact, MarketFact or Policy, by what the attribute is and whether markets are known."""
    known = ontology()[reading.attribute]
    _doubt(reading, scope, source)
    told = _joined(reading.condition, condition)
    qualifier = reading.qualifier
    if absurd(reading):
        scope.problem("absurd_value", f"{reading.attribute}: got “{source.quote[:80]}”", source.page)
        return
    if known.market and scope.markets:
        for code in scope.markets:
            common = scope.bound(markets=(code,)).common(source)
            yield MarketFact(
                **common, attribute=reading.attribute, value=reading.value, unit=reading.unit,
                condition=told, qualifier=qualifier,
            )  # fmt: skip
    elif known.form in ("duration", "policy", "money"):
        if known.form != "money":
            yield Policy(
                **scope.common(source), attribute=reading.attribute, text=source.quote,
                value=reading.value, unit=reading.unit, condition=told,
            )  # fmt: skip
    else:
        yield Fact(
            **scope.common(source), attribute=reading.attribute, value=reading.value, unit=reading.unit,
            condition=told, qualifier=qualifier, basis=basis, report=report, polarity=reading.polarity,
        )  # fmt: skip


def _doubt(reading: values.Reading, scope: Scope, source: Source) -> None:
    """A figure that OCR was unsure of asks a person."""
    told = isinstance(reading.value, float | tuple) or any(c.isdigit() for c in str(reading.value))
    if source.ocr and told and source.confidence is not None and source.confidence < LOW:
        scope.problem(
            "low_confidence",
            f"{reading.attribute}: got “{source.quote[:80]}” from a scan with confidence "
            f"{source.confidence:.2f}, expected at least {LOW}: compare it with the picture",
            source.page,
        )


def absurd(reading: values.Reading) -> bool:
    """True for figures no product has: below zero (temperatures and levels aside), or zero."""
    numbers = reading.value if isinstance(reading.value, tuple) else (reading.value,)
    figures = [n for n in numbers if isinstance(n, float) and not isinstance(n, bool)]
    if not figures or reading.unit in ("degC", "degF", "dB"):
        return False
    return min(figures) < 0 or max(figures) == 0
