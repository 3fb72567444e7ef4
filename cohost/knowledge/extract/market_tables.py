"""Rules of the shop from tables: one row a market, or one row a rule. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cohost.knowledge.extract import binding, dates, labels, places, values
from cohost.knowledge.extract.rules import TIME, TOPICS, Rules, headed_markets, said, topic_of, valid_days
from cohost.knowledge.extract.scope import Scope, language
from cohost.knowledge.extract.stream import Part, Row
from cohost.knowledge.extract.tables import Column, Layout, cell, layout
from cohost.knowledge.extract.vocabulary import says, section, yes_or_no
from cohost.trust.attributes import ontology
from cohost.trust.evidence import Evidence, Policy, Source, Value
from cohost.trust.quantities import amounts

_MIN = re.compile(r"(?:^|[\s_(])(?:min|minimum|from|von|desde|de|最短|最少|最小)(?:$|[\s_).])", re.IGNORECASE)
_MAX = re.compile(r"(?:^|[\s_(])(?:max|maximum|to|bis|hasta|até|最长|最多|最大)(?:$|[\s_).])", re.IGNORECASE)
_CURRENCY = re.compile(r"^[A-Z]{3}$")


def from_table(part: Part, scope: Scope, rules: Rules) -> Iterator[Evidence]:
    table = layout(part, scope.catalogue)
    market = table.first("market") or _market_column(table)
    here = headed_markets(part, scope)
    topic = next((t for h in reversed(part.headings) if (t := topic_of(h))), None) or rules.topic
    for line in table.lines:
        row = line.row
        if market is not None:
            codes = places.find(cell(row, market.index), scope.catalogue)
            if not codes:
                continue
            yield from _market_row(row, codes, table, market, part, scope, topic, rules)
        else:
            yield from _rule_row(row, table, part, scope.bound(markets=here), topic, rules)


def _market_column(table: Layout) -> Column | None:
    """Without a head: the first column, when its cells are countries."""
    cells = [cell(line.row, 0) for line in table.lines]
    named = sum(bool(places.find(c)) for c in cells)
    return table.columns[0] if cells and named >= max(1, len(cells) * 0.6) else None


def _market_row(
    row: Row, codes: tuple[str, ...], table: Layout, market: Column, part: Part, scope: Scope,
    topic: str | None, rules: Rules,
) -> Iterator[Evidence]:  # fmt: skip
    source = scope.row_source(part, row)
    here = _dated(row, table, scope, rules)
    products = _products(row, table, scope)
    columns = [c for c in table.columns if c.index != market.index]
    spans = _spans(row, columns, topic, scope)
    if spans:
        # the shortest and longest time stand in columns of their own
        columns = [c for c in columns if not (_MIN.search(c.head) or _MAX.search(c.head))]
    for bound in _each(scope, products, codes):
        for told, value, unit, condition in spans:
            yield from said(told, value, unit, condition, "", source, bound, here)
        for column in columns:
            yield from _market_cell(row, column, table, source, bound, topic, here)


def _each(scope: Scope, products: Sequence[str], codes: tuple[str, ...]) -> list[Scope]:
    return [
        scope.bound(product=p or scope.product, models=() if p else scope.models, markets=codes)
        for p in products or [""]
    ]


def _products(row: Row, table: Layout, scope: Scope) -> list[str]:
    """Products a row's product column lists, by id or name."""
    for column in table.columns:
        if column.role == "product" or says(column.head.replace("_", " "), "products"):
            found = binding.mentions(cell(row, column.index), scope.catalogue)
            return list(dict.fromkeys(m.product for m in found))
    return []


def _dated(row: Row, table: Layout, scope: Scope, rules: Rules) -> Rules:
    for column in table.columns:
        found = dates.first(cell(row, column.index), scope.lang)
        if found is None:
            continue
        hit = section("field").label(column.head)
        if found.ambiguous:
            scope.problem(
                "ambiguous_date",
                f"got “{found.text}”, {found.earliest} or {found.latest}: write it as 2026-04-03",
            )
        if hit and hit.key == "expires":
            rules = replace(rules, valid_until=found.earliest)
        elif says(column.head.replace("_", " "), "as_of") or (hit and hit.key == "issued"):
            rules = replace(rules, valid_from=found.latest)
    return rules


def _spans(
    row: Row, columns: Sequence[Column], topic: str | None, scope: Scope
) -> list[tuple[str, Value, str, str]]:
    """ "min days" and "max days" side by side → one range."""
    low = next(
        (c for c in columns if _MIN.search(c.head) and not says(c.head.replace("_", " "), "handling")), None
    )
    high = next(
        (c for c in columns if _MAX.search(c.head) and not says(c.head.replace("_", " "), "handling")), None
    )
    if low is None or high is None:
        return []
    numbers = [re.match(r"\s*(\d+(?:\.\d+)?)", cell(row, c.index)) for c in (low, high)]
    unit = _unit_of(low.head) or _unit_of(high.head)
    told = topic_of(low.head) or topic
    if unit is None or told not in TIME or not all(numbers):
        return []
    first, last = (float(m.group(1)) for m in numbers if m)
    condition = values.working_days(f"1 {low.head.replace('_', ' ')}")
    working = section("word").inside(low.head.replace("_", " "), "working")
    return [(told, first if first == last else (first, last), unit, working.entry if working else condition)]


def _unit_of(head: str) -> str | None:
    spaced = re.sub(r"\b(?:min|max)\b", " ", head.replace("_", " "), flags=re.IGNORECASE)
    for word in (spaced.strip(), *spaced.split()):
        found = amounts(f"2 {word}")
        if found and found[0].unit:
            return found[0].unit
    return labels.read(head).unit


def _market_cell(
    row: Row, column: Column, table: Layout, source: Source, scope: Scope, topic: str | None, rules: Rules
) -> Iterator[Evidence]:
    text = cell(row, column.index)
    if (
        not text
        or column.role in ("product", "model", "index", "market")
        or says(column.head.replace("_", " "), "handling")
    ):
        return
    head = column.head.replace("_", " ")
    if places.find(text) and not re.search(r"\d", text):
        return  # a second column that names the country
    told = _told(column, head, topic)
    if told == "ships" or section("word").begins(text, "no_ship"):
        agreed = yes_or_no(text)
        if agreed is not None or says(text, "no_ship"):
            yield from said(
                "ships", bool(agreed) and not says(text, "no_ship"), None, "", "", source, scope, rules
            )
        return
    if told is None:
        return
    if re.match(r"[-−]\s?\d", text):
        scope.problem("absurd_value", f"{told}: got “{text[:40]}” in “{source.quote[:80]}”", source.page)
        return
    if told in ("price", "shipping_cost") and re.match(r"^[\d.,\s]+$", text):
        text = f"{text} {_currency(row, table, scope)}".strip()
    if told == "shipping" and values.starts_with_no(text) and not re.search(r"\d", text):
        yield from said("ships", False, None, "", "", source, scope, rules)
        return
    unit = _unit_of(column.head)
    for reading in values.read(told, text, lang=language(text, scope.lang), unit=unit):
        yield from said(
            reading.attribute, reading.value, reading.unit, reading.condition, reading.qualifier, source,
            scope, rules,
        )  # fmt: skip


def _told(column: Column, head: str, topic: str | None) -> str | None:
    """The attribute of a market table's column: its own head, else the topic where it holds the time."""
    if says(head, "service", "as_of", "currency", "products") or section("field").label(
        head, ("expires", "issued")
    ):
        return None
    attribute = column.attribute
    if attribute and (ontology()[attribute].market or attribute in TOPICS):
        named = topic_of(head)
        return "shipping_cost" if named == "shipping_cost" else attribute
    named = topic_of(head)
    if named:
        return named
    if column.role in ("value", "measured") or re.search(
        r"period|days?|time|term|frist|plazo|délai|期限|期间|天数|時間|日数|기간", head, re.IGNORECASE
    ):
        return topic
    return None


def _currency(row: Row, table: Layout, scope: Scope) -> str:
    for column in table.columns:
        text = cell(row, column.index).strip()
        if _CURRENCY.match(text) and (says(column.head, "currency") or len(text) == 3):
            return text
    market = scope.catalogue.market(scope.markets[0]) if scope.markets else None
    return market.currency if market else ""


def _rule_row(
    row: Row, table: Layout, part: Part, scope: Scope, topic: str | None, rules: Rules
) -> Iterator[Evidence]:
    """A row "Warranty period | 12 months": a rule for the document's markets."""
    if len(row.filled) < 2:
        return
    label = labels.read(row.cells[0])
    told = label.attribute if label.attribute and (label.attribute in TOPICS) else topic_of(row.cells[0])
    source = scope.row_source(part, row)
    value = row.filled[1]
    for reading in values.read(told, value, lang=language(value, scope.lang)) if told in TIME else []:
        yield from said(
            told or "", reading.value, reading.unit, reading.condition, reading.qualifier, source, scope,
            rules,
        )  # fmt: skip
        return
    known = told or topic
    if known:
        yield Policy(**(scope.common(source) | valid_days(rules)), attribute=known, text=row.text)
