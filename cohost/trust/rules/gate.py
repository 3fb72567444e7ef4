"""The sale gate (R3): no price, link or call to buy where the shop may not or does not sell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from cohost.common.catalogue import Catalogue, Product
from cohost.trust import schemes as law
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, airable, in_force
from cohost.trust.settle import figures, is_voluntary, paper_state

MAINS_V = 90.0
"""Volts from which a rated voltage means the mains (JP 100 V, US 120 V, most 220–240 V)."""


def goods_of(product: Product, items: Sequence[Evidence]) -> frozenset[str]:
    """Kinds of goods a product is, from its names and from what its papers speak of. Empty: unknown."""
    own = [i for i in items if i.product == product.id and airable(i)]
    attributes = {i.attribute for i in own if isinstance(i, Fact)}
    held = {i.scheme for i in own if isinstance(i, Certificate) and i.status == "held" and not i.component}
    names = " · ".join((product.name, *product.aliases)).casefold()
    mains = any(_on_mains(i) for i in own if isinstance(i, Fact))
    found: set[str] = set()
    for kind, row in law.goods_table().items():
        if (
            any(_has_word(names, w) for w in row.words)
            or attributes & set(row.attributes)
            or held & set(row.schemes)
            or (row.mains_voltage and mains)
        ):
            found |= {kind, *row.includes}
    return frozenset(found)


def _has_word(names: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", names) is not None
    return word in names


def _on_mains(fact: Fact) -> bool:
    if fact.attribute != "voltage" or not fact.polarity:
        return False
    both = figures(fact)
    return both is not None and both[1] >= MAINS_V


def applies(scheme: str, goods: frozenset[str]) -> bool:
    """True when a market's mandatory scheme concerns these goods; unknown goods: it does."""
    row = law.schemes().get(scheme)
    if row is None or not goods:
        return True
    return bool(goods & set(row.goods)) if row.goods else not goods & set(row.never)


def missing_schemes(
    catalogue: Catalogue, items: Sequence[Evidence], product: str, market: str, on: dt.date
) -> tuple[tuple[str, str], ...]:
    """(scheme, state) of each mandatory scheme of the market that no paper in force answers."""
    place, thing = catalogue.market(market), catalogue.product(product)
    if place is None or thing is None:
        return ()
    variant = catalogue.variant_in(product, market)
    goods = goods_of(thing, items)
    missing = []
    for scheme in place.scheme:
        found = paper_state(
            scheme,
            product=product,
            model=variant.model if variant else None,
            market=market,
            items=items,
            on=on,
            since=variant.since if variant else None,
        )
        told_missing = found.state == "on_file_not_held" and found.item and not is_voluntary(found.item)
        if found.state != "held" and (told_missing or applies(scheme, goods)):
            missing.append((scheme, found.state))
    return tuple(missing)


def keeps_papers(items: Sequence[Evidence], product: str) -> bool:
    """True when a paper of any market's law is on file for the product, in whatever state: then a missing
    one is missing, and not merely unfiled. Voluntary schemes (OEKO-TEX, ISO 9001) tell nothing."""
    return any(
        isinstance(i, Certificate)
        and i.product == product
        and airable(i)
        and (row := law.schemes().get(i.scheme)) is not None
        and "*" not in row.markets
        for i in items
    )


def sale_gate(
    catalogue: Catalogue, items: Sequence[Evidence], product: str | None, market: str | None, on: dt.date
) -> str | None:
    """Why no price, link or call to buy may go out for that market, in English; None: it may.

    A mandatory paper that is missing, expired or for something else shuts the gate. Of a product with no
    regulatory paper at all nothing is known (nobody has filed its papers): the price may be told and a
    person must look (see `missing_schemes`). An unknown market has no gate of its own.
    """
    if market is None or product is None or catalogue.product(product) is None:
        return None
    if catalogue.market(market) is None:
        return (
            f"the shop does not sell to {market}: it is no market of kb.toml" if catalogue.markets else None
        )
    variants = catalogue.variants_of(product)
    if variants and not any(market in v.markets for v in variants) and any(v.markets for v in variants):
        return f"no model of {product} is sold in {market}"
    if _ships(items, product, market, on) is False:
        return f"the shop does not ship {product} to {market}"
    filed = keeps_papers(items, product)
    missing = [m for m in missing_schemes(catalogue, items, product, market, on) if filed or m[1] != "none"]
    if missing:
        names = ", ".join(f"{scheme} ({state.replace('_', ' ')})" for scheme, state in missing)
        return f"mandatory in {market}, no paper in force for {product}: {names}"
    return None


def _ships(items: Sequence[Evidence], product: str, market: str, on: dt.date) -> bool | None:
    """What the newest fact says about shipping there; None: nothing."""
    facts = [
        i
        for i in items
        if isinstance(i, MarketFact)
        and i.attribute == "ships"
        and i.product in (product, None)
        and market in i.markets
        and airable(i)
        and in_force(i, on)
        and isinstance(i.value, bool)
    ]
    if not facts:
        return None
    newest = max(facts, key=lambda f: (f.product is not None, f.as_of or dt.date.min, f.value is False, f.id))
    return bool(newest.value)
