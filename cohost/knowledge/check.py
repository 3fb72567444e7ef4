"""What is wrong or missing in a knowledge base, before the show finds out. Pure but for `quotes`.

Problem codes: `expired` `expiring` `contradiction` `missing_paper` `below_legal_minimum`
`quote_not_found` `unreleased`, beside those the readers and the extractor raise.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

from cohost.common.catalogue import Catalogue
from cohost.knowledge.build import Built
from cohost.knowledge.documents import Problem
from cohost.knowledge.verify import quote_stands
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, airable, covers_model
from cohost.trust.quantities import convert
from cohost.trust.settle import paper_state

SOON = dt.timedelta(days=90)
EU = frozenset({
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV",
    "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
})  # fmt: skip
LEGAL_MINIMA: tuple[tuple[str, str, float, str], ...] = (
    ("returns", "day", 14, "Directive 2011/83/EU art. 9"),
    ("warranty", "month", 24, "Directive (EU) 2019/771 art. 10"),
)
"""(attribute, unit, least value in the EU, source)."""


def problems(built: Built, on: dt.date, market: str | None = None) -> list[Problem]:
    """Everything found on that day, for one market or all of the catalogue's."""
    items = [i for i in built.items if market is None or not i.markets or market in i.markets]
    found = list(built.problems)
    found += _validity(items, on)
    found += _contradictions(items)
    found += _missing_papers(built.kb.catalogue, items, on, market)
    found += _legal_minima(items)
    found += _unreleased(built)
    return list(dict.fromkeys(found))


def quotes(folder: Path, items: Iterable[Evidence]) -> Iterator[Problem]:
    """Read every quote again with a second reader; scans cannot be verified so."""
    for item in items:
        if item.source.document == "kb.toml" and not item.source.quote:
            continue
        if quote_stands(folder, item.source) is False:
            yield Problem(
                "quote_not_found", "error", item.source.document,
                f"{item.id}: a second reader does not find “{item.source.quote[:80]}”", item.source.page,
            )  # fmt: skip


def _validity(items: Sequence[Evidence], on: dt.date) -> Iterator[Problem]:
    for item in items:
        if not isinstance(item, Certificate) or item.valid_until is None:
            continue
        name = f"{item.scheme} {item.number or ''}".strip()
        if item.valid_until < on:
            yield Problem(
                "expired", "warning", item.source.document,
                f"{name} expired on {item.valid_until}: renew it; until then viewers hear that it expired",
                item.source.page,
            )  # fmt: skip
        elif item.valid_until <= on + SOON:
            days = (item.valid_until - on).days
            yield Problem(
                "expiring", "info", item.source.document,
                f"{name} expires on {item.valid_until}, in {days} days", item.source.page,
            )  # fmt: skip


def _contradictions(items: Sequence[Evidence]) -> Iterator[Problem]:
    groups: dict[tuple[object, ...], list[Fact | MarketFact]] = defaultdict(list)
    for item in items:
        if isinstance(item, Fact | MarketFact) and isinstance(item.value, float) and airable(item):
            groups[(item.product, item.attribute, item.markets)].append(item)
    for (product, attribute, _), facts in groups.items():
        for a, b in combinations(facts, 2):
            if a.source.document == b.source.document or not _same_scope(a, b) or not _differ(a, b):
                continue
            yield Problem(
                "contradiction", "warning", a.source.document,
                f"{product or 'shop'} {attribute}: “{a.source.quote[:60]}” here, "
                f"“{b.source.quote[:60]}” in {b.source.document}; the less favourable one is told",
                a.source.page,
            )  # fmt: skip


def _same_scope(a: Fact | MarketFact, b: Fact | MarketFact) -> bool:
    if a.condition and b.condition and a.condition.casefold() != b.condition.casefold():
        return False
    return not a.models or not b.models or any(covers_model(b, m) for m in a.models)


def _differ(a: Fact | MarketFact, b: Fact | MarketFact) -> bool:
    assert isinstance(a.value, float)
    assert isinstance(b.value, float)
    other = b.value if a.unit == b.unit else convert(b.value, b.unit or "", a.unit or "")
    return other is not None and abs(a.value - other) > 0.02 * max(abs(a.value), abs(other))


def _missing_papers(
    catalogue: Catalogue, items: Sequence[Evidence], on: dt.date, market: str | None
) -> Iterator[Problem]:
    for place in catalogue.markets:
        if market is not None and place.code != market:
            continue
        for product in catalogue.products:
            variant = catalogue.variant_in(product.id, place.code)
            if variant is None:
                continue
            for scheme in place.scheme:
                state = paper_state(
                    scheme, product=product.id, model=variant.model, market=place.code, items=items, on=on
                )
                if state.state != "held":
                    yield Problem(
                        "missing_paper", "info", "kb.toml",
                        f"{product.id} {variant.model} in {place.code}: {scheme} "
                        f"{state.state.replace('_', ' ')}",
                    )  # fmt: skip


def _legal_minima(items: Sequence[Evidence]) -> Iterator[Problem]:
    for item in items:
        if (
            not isinstance(item, MarketFact)
            or not isinstance(item.value, float)
            or not set(item.markets) & EU
        ):
            continue
        for attribute, unit, least, source in LEGAL_MINIMA:
            if item.attribute != attribute:
                continue
            value = convert(item.value, item.unit or unit, unit)
            if value is not None and value < least - 0.5:
                yield Problem(
                    "below_legal_minimum", "warning", item.source.document,
                    f"{attribute} in {item.markets[0]}: got {value:g} {unit}, expected at least "
                    f"{least:g} ({source})", item.source.page,
                )  # fmt: skip


def _unreleased(built: Built) -> Iterator[Problem]:
    waiting: dict[str, int] = defaultdict(int)
    for item in built.items:
        if item.release == "draft":
            waiting[item.source.document] += 1
    for document, count in waiting.items():
        yield Problem(
            "unreleased", "info", document,
            f"{count} items wait for approval: add approved_by to its [[document]] in kb.toml",
        )  # fmt: skip
