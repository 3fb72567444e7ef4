"""Rules of the shop: shipping, returns, warranty, payment, customs; per market where one is named. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any


from cohost.knowledge.extract import binding, dates, labels, places, values
from cohost.knowledge.extract.passages import chunks
from cohost.knowledge.extract.passages import made as passage
from cohost.knowledge.extract.scope import Scope, language
from cohost.knowledge.extract.stream import Part, Row, sentences
from cohost.knowledge.extract.tables import Column, Layout, cell, layout
from cohost.knowledge.extract.vocabulary import says, section
from cohost.trust.attributes import ontology
from cohost.trust.evidence import Evidence, MarketFact, Policy, Source, Value
from cohost.trust.quantities import Amount, amounts

TOPICS = ("returns", "warranty", "customs", "shipping_cost", "shipping", "payment", "how_to_buy")
_TIME = {"shipping": ("day", "week", "h", "month"), "returns": ("day", "week", "month"),
         "warranty": ("month", "year", "day", "week")}  # fmt: skip
_MIN = re.compile(r"(?:^|[\s_(])(?:min|minimum|from|von|desde|de|最短|最少|最小)(?:$|[\s_).])", re.IGNORECASE)
_MAX = re.compile(r"(?:^|[\s_(])(?:max|maximum|to|bis|hasta|até|最长|最多|最大)(?:$|[\s_).])", re.IGNORECASE)
_INSIDE = re.compile(r"^(?:以内に?|之内|内|이내에?)\s*")
_CURRENCY = re.compile(r"^[A-Z]{3}$")


@dataclass(frozen=True)
class Rules:
    """What holds for the whole document: topic, markets, the dates between which it is valid."""

    topic: str | None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


def from_document(parts: Sequence[Part], scope: Scope) -> Iterator[Evidence]:
    rules = _rules(parts, scope)
    bound = scope.bound(markets=_scope_markets(parts, scope))
    for part in parts:
        if part.kind == "table":
            yield from _table(part, bound, rules)
        elif part.kind != "heading":
            yield from _text(part, bound, rules)


def _rules(parts: Sequence[Part], scope: Scope) -> Rules:
    topic = next(
        (t for t in (_topic(x) for x in (scope.document.title, *(p.text for p in parts[:3]))) if t), None
    )
    topic = topic or _topic(re.sub(r"[_\-.]", " ", scope.document.path.rsplit("/", 1)[-1]))
    for part in parts:
        found = dates.find(part.text, scope.lang) if part.kind == "paragraph" and len(part.text) < 120 else []
        if len(found) == 2 and section("field").label(" ".join(part.text.split()[:2]), ("issued", "expires")):
            return Rules(topic, found[0].latest, found[1].earliest)
    return Rules(topic)


def _scope_markets(parts: Sequence[Part], scope: Scope) -> tuple[str, ...]:
    """Markets that the title or the opening lines limit the whole document to."""
    texts = [scope.document.title]
    for part in parts:
        if part.kind == "table" or len(texts) > 4:
            break
        if part.kind == "heading" and len(part.headings) == 1:
            texts.append(part.text)
        elif len(part.headings) <= 1 and not _durations(part.text, scope.lang):
            texts.append(part.text if len(part.text) < 160 else "")
        else:
            break
    found: list[str] = []
    for text in texts:
        found += places.find(text, scope.catalogue, codes=False)
    return tuple(dict.fromkeys(found))


def _topic(text: str) -> str | None:
    """What a heading or sentence is about: the topic named first wins, the longer name at one place."""
    best: tuple[int, int, str] | None = None
    plain = values.words.plain(text)
    for topic in TOPICS:
        hit = section("topic").inside(text, topic)
        if hit is not None:
            rank = (plain.find(hit.entry), -len(hit.entry), topic)
            best = min(best, rank) if best else rank
    return best[2] if best else None


def _durations(text: str, lang: str) -> list[Amount]:
    units = {u for allowed in _TIME.values() for u in allowed} - {"h"}
    return [a for a in amounts(text, lang) if a.unit in units]


# ---------------------------------------------------------------- running text


def _text(part: Part, scope: Scope, rules: Rules) -> Iterator[Evidence]:
    heading_topic = next((t for h in reversed(part.headings) if (t := _topic(h))), None)
    here = _headed_markets(part, scope)
    denied = any(says(h, "no_ship") for h in part.headings[-1:])
    unit: str | None = None
    topic = heading_topic or rules.topic
    for sentence in sentences(part.text):
        markets = places.find(sentence, scope.catalogue, codes=False)
        told = _topic(sentence) or heading_topic or topic
        bound = scope.narrow(sentence).bound(markets=markets or here)
        if denied or says(sentence, "no_ship"):
            yield from _not_shipped(sentence, part, bound, rules)
            continue
        amount = _longest(sentence, told, language(sentence, scope.lang), unit)
        if amount is not None and told in _TIME and not says(sentence, "refund"):
            unit = amount.unit or unit
            yield from _duration(told, amount, unit, sentence, part, bound, rules)
        topic = told
    yield from _words(part, scope.bound(markets=here), heading_topic or rules.topic, rules)


def _headed_markets(part: Part, scope: Scope) -> tuple[str, ...]:
    for heading in reversed(part.headings[1:]):
        found = places.find(heading, scope.catalogue, codes=False)
        if found:
            return found
    return scope.markets


def _longest(sentence: str, topic: str | None, lang: str, unit: str | None) -> Amount | None:
    """The duration of a sentence: the range, else the longest, handling times aside. "France: 4 to 6."
    takes the unit of the sentence before."""
    allowed = _TIME.get(topic or "", ())
    clauses = [c for c in re.split(r",|，|;|；", sentence) if not says(c, "handling")] or [sentence]
    found = [a for c in clauses for a in amounts(c, lang)]
    timed = [a for a in found if a.unit in allowed]
    if not timed and unit in allowed and re.match(r"^[^:：]{2,30}[:：]", sentence):
        timed = [a for a in found if a.unit is None]
    return max(timed, key=lambda a: (a.high > a.low, a.high), default=None)


def _duration(
    topic: str, amount: Amount, unit: str | None, sentence: str, part: Part, scope: Scope, rules: Rules
) -> Iterator[Evidence]:
    source = scope.source(part.page, sentence, part.heading)
    value: Value = amount.low if amount.low == amount.high else (amount.low, amount.high)
    at = sentence.find(amount.text)
    after = re.split(r"[.;。；]", sentence[at + len(amount.text) :], maxsplit=1)[0] if at >= 0 else ""
    condition = "; ".join(
        t for t in (values.working_days(amount.text), _INSIDE.sub("", values.tidy(after))) if t
    )
    yield from _said(topic, value, unit, condition, amount.qualifier, source, scope, rules)


def _said(
    topic: str,
    value: Value,
    unit: str | None,
    condition: str,
    qualifier: str,
    source: Source,
    scope: Scope,
    rules: Rules,
) -> Iterator[Evidence]:
    """One MarketFact a market, or one Policy where no market is named."""
    for code in scope.markets:
        common = scope.bound(markets=(code,)).common(source) | _valid(rules)
        yield MarketFact(
            **common, attribute=topic, value=value, unit=unit, condition=condition,
            qualifier=qualifier if qualifier in ("up_to", "about", "at_least") else "", as_of=rules.valid_from,
        )  # fmt: skip
    if not scope.markets:
        yield Policy(
            **(scope.common(source) | _valid(rules)), attribute=topic, text=source.quote, value=value, unit=unit,
            condition=condition,
        )  # fmt: skip


def _valid(rules: Rules) -> dict[str, Any]:
    return {"valid_from": rules.valid_from, "valid_until": rules.valid_until}


def _not_shipped(sentence: str, part: Part, scope: Scope, rules: Rules) -> Iterator[Evidence]:
    source = scope.source(part.page, sentence, part.heading)
    for code in scope.markets:
        common = scope.bound(markets=(code,)).common(source) | _valid(rules)
        yield MarketFact(**common, attribute="ships", value=False)


def _words(part: Part, scope: Scope, topic: str | None, rules: Rules) -> Iterator[Evidence]:
    """The rule in its own words; text about nothing we know is a passage."""
    for chunk in chunks(part.text):
        told = _topic(chunk) or topic
        bound = scope.narrow(chunk)
        markets = places.find(chunk, scope.catalogue, codes=False)
        bound = bound.bound(markets=markets or scope.markets)
        if told is None or len(chunk) < 12:
            yield passage(chunk, part, bound, False)
            continue
        source = scope.source(part.page, chunk, part.heading)
        refused = told == "returns" and says(chunk, "no_returns")
        yield Policy(
            **(bound.common(source) | _valid(rules)), attribute=told, text=chunk, value=False if refused else None
        )  # fmt: skip


# ---------------------------------------------------------------- tables


def _table(part: Part, scope: Scope, rules: Rules) -> Iterator[Evidence]:
    table = layout(part, scope.catalogue)
    market = table.first("market") or _market_column(table)
    here = _headed_markets(part, scope)
    topic = next((t for h in reversed(part.headings) if (t := _topic(h))), None) or rules.topic
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
            yield from _said(told, value, unit, condition, "", source, bound, here)
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
    told = _topic(low.head) or topic
    if unit is None or told not in _TIME or not all(numbers):
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
        said = values.yes_or_no(text)
        if said is not None or says(text, "no_ship"):
            yield from _said(
                "ships", bool(said) and not says(text, "no_ship"), None, "", "", source, scope, rules
            )
        return
    if told is None:
        return
    if told in ("price", "shipping_cost") and re.match(r"^[\d.,\s]+$", text):
        text = f"{text} {_currency(row, table, scope)}".strip()
    if told == "shipping" and values.starts_with_no(text) and not re.search(r"\d", text):
        yield from _said("ships", False, None, "", "", source, scope, rules)
        return
    unit = _unit_of(column.head)
    for reading in values.read(told, text, lang=language(text, scope.lang), unit=unit):
        yield from _said(
            reading.attribute, reading.value, reading.unit, reading.condition, reading.qualifier, source, scope, rules
        )  # fmt: skip


def _told(column: Column, head: str, topic: str | None) -> str | None:
    """The attribute of a market table's column: its own head, else the topic where it holds the time."""
    if says(head, "service", "as_of", "currency", "products") or section("field").label(
        head, ("expires", "issued")
    ):
        return None
    attribute = column.attribute
    if attribute and (ontology()[attribute].market or attribute in TOPICS):
        named = _topic(head)
        return "shipping_cost" if named == "shipping_cost" else attribute
    named = _topic(head)
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
    told = label.attribute if label.attribute and (label.attribute in TOPICS) else _topic(row.cells[0])
    source = scope.row_source(part, row)
    value = row.filled[1]
    for reading in values.read(told, value, lang=language(value, scope.lang)) if told in _TIME else []:
        yield from _said(
            told or "", reading.value, reading.unit, reading.condition, reading.qualifier, source, scope, rules
        )  # fmt: skip
        return
    known = told or topic
    if known:
        yield Policy(**(scope.common(source) | _valid(rules)), attribute=known, text=row.text)
