"""May a product be sold to a market, and what is missing for it. Pure.

The verdict is the sale gate's own (R3); what stands beside it tells why, in plain words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import msgspec

from cohost.check.places import Place, about, places
from cohost.common.catalogue import Catalogue
from cohost.trust import schemes as law
from cohost.trust.evidence import Evidence, MarketFact, airable, in_force
from cohost.trust.rules.gate import applies, goods_of, missing_schemes, sale_gate
from cohost.trust.settle import PaperState, State, paper_state, settle

Verdict = Literal["open", "look", "shut", "away"]
"""open: may be sold, nothing is missing · look: may be sold, a person should look · shut: no price, link or
call to buy goes out · away: not offered there."""

STATE_WORDS: dict[State, str] = {
    "held": "held", "expired": "expired", "not_yet_valid": "not valid yet",
    "older_than_revision": "older than the hardware revision sold there",
    "component": "covers a part only", "other_model": "covers another model",
    "not_for_market": "does not count in this market", "on_file_not_held": "on file as not held",
    "none": "no paper on file",
}  # fmt: skip


class Paper(msgspec.Struct, frozen=True):
    """A scheme that the market demands of these goods, and the best paper on file for it."""

    scheme: str
    title: str
    state: State
    evidence: str | None = None  # id of the paper, of whatever state
    document: str | None = None
    until: dt.date | None = None
    component: str | None = None

    @property
    def words(self) -> str:
        if self.state == "expired" and self.until is not None:
            return f"expired on {self.until}"
        if self.state == "component" and self.component:
            return f"covers the {self.component} only"
        return STATE_WORDS[self.state]


class Readiness(msgspec.Struct, frozen=True):
    """One product in one market. `missing`: what else than papers is wanting, as sentences."""

    product: str
    market: str
    models: tuple[str, ...]
    verdict: Verdict
    reason: str = ""  # the sale gate's words where it is shut
    papers: tuple[Paper, ...] = ()
    price: MarketFact | None = None  # the price told now
    ships: bool | None = None  # None: no document says
    missing: tuple[str, ...] = ()


def readiness(
    catalogue: Catalogue, items: Sequence[Evidence], on: dt.date, market: str | None = None
) -> tuple[Readiness, ...]:
    """A row for each product and market of kb.toml."""
    return tuple(_row(catalogue, items, on, place) for place in places(catalogue, market))


def _row(catalogue: Catalogue, items: Sequence[Evidence], on: dt.date, place: Place) -> Readiness:
    mine = about(items, place.product)
    ships = _ships(mine, place, on)
    if not place.offered or ships is False:
        reason = "the shop does not ship there" if place.offered else "no model is sold there"
        return Readiness(place.product, place.market, place.models, "away", reason, ships=ships)
    papers = _papers(catalogue, mine, place, on)
    gate = sale_gate(catalogue, items, place.product, place.market, on)
    price = _price(mine, place, on)
    missing = _missing_terms(mine, place, on, price, ships)
    lacking = missing or any(p.state != "held" for p in papers)
    verdict: Verdict = "shut" if gate else "look" if lacking else "open"
    return Readiness(
        place.product, place.market, place.models, verdict, gate or "", papers, price, ships, missing
    )


def _papers(catalogue: Catalogue, items: Sequence[Evidence], place: Place, on: dt.date) -> tuple[Paper, ...]:
    """Mandatory schemes for goods of this kind, and those that the gate misses although the kind of goods
    does not ask for them (a register says that they are not held)."""
    market, product = catalogue.market(place.market), catalogue.product(place.product)
    if market is None or product is None:
        return ()
    goods = goods_of(product, items)
    told = {scheme for scheme, _ in missing_schemes(catalogue, items, place.product, place.market, on)}
    variant = catalogue.variant_in(place.product, place.market)
    found = []
    for scheme in market.scheme:
        if scheme in told or applies(scheme, goods):
            state = paper_state(
                scheme, product=place.product, model=place.model, market=place.market, items=items, on=on,
                since=variant.since if variant else None,
            )  # fmt: skip
            found.append(_paper(scheme, state))
    return tuple(found)


def _paper(scheme: str, found: PaperState) -> Paper:
    row, item = law.schemes().get(scheme), found.item or found.report
    return Paper(
        scheme, row.title if row else scheme, found.state,
        item.id if item else None, item.source.document if item else None,
        item.valid_until if item else None, found.item.component if found.item else None,
    )  # fmt: skip


def _missing_terms(
    items: Sequence[Evidence], place: Place, on: dt.date, price: MarketFact | None, ships: bool | None
) -> tuple[str, ...]:
    found = []
    if price is None:
        last = max(
            (i.valid_until for i in items if _is_price(i, place) and not in_force(i, on) and i.valid_until),
            default=None,
        )
        found.append(f"price: the last one ended on {last}" if last else "price: none in kb.toml")
    if ships is None:
        found.append("delivery: nothing says whether the shop ships there")
    return tuple(found)


def _is_price(item: Evidence, place: Place) -> bool:
    return (
        isinstance(item, MarketFact)
        and item.attribute == "price"
        and item.product == place.product
        and place.market in item.markets
    )


def _price(items: Sequence[Evidence], place: Place, on: dt.date) -> MarketFact | None:
    prices = [i for i in items if _is_price(i, place)]
    found = settle(prices, attribute="price", model=place.model, market=place.market, on=on).chosen
    return found if isinstance(found, MarketFact) else None


def _ships(items: Sequence[Evidence], place: Place, on: dt.date) -> bool | None:
    """A plain yes or no; a delivery time or cost told for the market is a yes."""
    said = settle(items, attribute="ships", model=place.model, market=place.market, on=on).chosen
    if said is not None and isinstance(said.value, bool):
        return said.value
    times = any(
        isinstance(i, MarketFact)
        and i.attribute in ("shipping", "shipping_cost")
        and place.market in i.markets
        and airable(i)
        and in_force(i, on)
        for i in items
    )
    return True if times else None
