"""What has ended, and what ends within ninety days, market by market. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from cohost.check.places import Place, in_order, places
from cohost.common.catalogue import Catalogue
from cohost.trust import schemes as law
from cohost.trust.attributes import display_name
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, Policy, covers_model

SOON = dt.timedelta(days=90)


class Expiry(msgspec.Struct, frozen=True):
    """Something with a last day. `days` counts from the day of the check: below zero it is over."""

    until: dt.date
    days: int
    what: str  # "TISI certificate (2)9998-7/2879", "Price"
    paper: bool
    products: tuple[str, ...]  # () = the whole shop
    markets: tuple[str, ...]  # where it is missed; () = everywhere
    document: str
    page: int | None
    evidence: tuple[str, ...]  # ids

    @property
    def over(self) -> bool:
        return self.days < 0


def expiries(
    catalogue: Catalogue, items: Sequence[Evidence], on: dt.date, market: str | None = None
) -> tuple[Expiry, ...]:
    """Soonest first. What a later item of the same kind continues is left out, and what never goes on air or
    speaks of a market where the product is not offered."""
    groups: dict[tuple[object, ...], list[Evidence]] = {}
    for item in items:
        if _ends(item, on) and not any(_continues(later, item) for later in items):
            key = (item.source.document, _what(item), item.valid_until)
            groups.setdefault(key, []).append(item)
    found = [e for group in groups.values() if (e := _expiry(group, catalogue, on)) is not None]
    wanted = [e for e in found if market is None or not e.markets or market in e.markets]
    return tuple(sorted(wanted, key=lambda e: (e.until, not e.paper, e.what, e.document)))


def _ends(item: Evidence, on: dt.date) -> bool:
    """Within the time looked at. That the shop stops not shipping somewhere is nothing to renew."""
    refusal = isinstance(item, MarketFact) and item.attribute == "ships" and item.value is False
    return (
        item.valid_until is not None
        and item.valid_until <= on + SOON
        and item.release != "internal"
        and not refusal
    )


def _expiry(group: Sequence[Evidence], catalogue: Catalogue, on: dt.date) -> Expiry | None:
    """None where nothing of it is offered."""
    offered = [p for p in places(catalogue) if p.offered]
    reach = {i.id: set(_markets(i, catalogue, offered)) for i in group}
    told = [i for i in group if reach[i.id] or not (i.markets and i.product)]
    if not told:
        return None
    first = told[0]
    assert first.valid_until is not None
    products = [p.id for p in catalogue.products if any(i.product == p.id for i in told)]
    return Expiry(
        first.valid_until, (first.valid_until - on).days, _what(first), isinstance(first, Certificate),
        tuple(products), in_order(set().union(*reach.values()), catalogue), first.source.document,
        first.source.page, tuple(i.id for i in told),
    )  # fmt: skip


def _what(item: Evidence) -> str:
    if isinstance(item, Certificate):
        row = law.schemes().get(item.scheme)
        return f"{row.title if row else item.scheme} {item.number or ''}".strip()
    attribute = getattr(item, "attribute", None)
    return display_name(attribute, "en") if attribute else item.source.quote[:60]


def _markets(item: Evidence, catalogue: Catalogue, offered: Sequence[Place]) -> Iterable[str]:
    """Where the product is offered and the item speaks: a paper where it counts for a model sold there."""
    known = {m.code for m in catalogue.markets}
    if item.product is None and not isinstance(item, Certificate):
        return item.markets
    mine = [p for p in offered if item.product in (None, p.product)]
    if item.markets:
        return {p.market for p in mine} & set(item.markets) | set(item.markets) - known
    if not isinstance(item, Certificate):
        return ()
    return {
        p.market
        for p in mine
        if law.counts_in(item.scheme, p.market)
        and (not p.models or any(covers_model(item, m) for m in p.models))
    }


def _continues(later: Evidence, item: Evidence) -> bool:
    """True when `later` says the same thing beyond the item's last day, without a gap."""
    if type(later) is not type(item) or later.release != "approved" or later.product != item.product:
        return False
    assert item.valid_until is not None
    if later.valid_until is not None and later.valid_until <= item.valid_until:
        return False
    if later.valid_from is not None and later.valid_from > item.valid_until + dt.timedelta(days=1):
        return False
    if isinstance(item, Certificate) and isinstance(later, Certificate):
        return (
            later.scheme == item.scheme
            and later.status == "held"
            and later.component == item.component
            and all(covers_model(later, m) for m in item.models)
        )
    same = (Fact, MarketFact, Policy)
    return (
        isinstance(item, same)
        and isinstance(later, same)
        and later.attribute == item.attribute
        and later.markets == item.markets
        and later.models == item.models
    )
