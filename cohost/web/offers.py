"""What the pinned product costs in each market, as the room may be told today.

Where the sale gate is shut (a mandatory paper is missing, or the shop does not ship there), no
price leaves the server.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from cohost.common.catalogue import Catalogue, Market, Product
from cohost.common.show import Show
from cohost.events import FactChanged
from cohost.ports import Library
from cohost.trust.evidence import Evidence, MarketFact, Value, airable
from cohost.trust.guard import sale_gate
from cohost.trust.settle import settle
from cohost.web.shapes import FactView, Offer, ProductView


def product_view(library: Library, show: Show, product_id: str | None, on: dt.date) -> ProductView | None:
    """The product with an offer for every market of the catalogue; None for no or an unknown one."""
    catalogue = library.catalogue
    product = catalogue.product(product_id)
    if product is None:
        return None
    items = [
        item
        for item in library.all()
        if item.product in (None, product.id) and airable(item) and item.id not in show.held
    ]
    offers = tuple(_offer(catalogue, show, product, market, items, on) for market in catalogue.markets)
    links = tuple(slot.number for slot in show.rundown if slot.product == product.id)
    return ProductView(id=product.id, name=product.name, models=product.models, offers=offers, links=links)


def _offer(
    catalogue: Catalogue, show: Show, product: Product, market: Market, items: Sequence[Evidence], on: dt.date
) -> Offer:
    variant = catalogue.variant_in(product.id, market.code)
    model = variant.model if variant else None
    if sale_gate(catalogue, items, product.id, market.code, on) is not None:
        return Offer(market=market.code, currency=market.currency, model=model, ships=False)

    def now(attribute: str) -> tuple[Value | None, str | None, MarketFact | None]:
        changed = _changed(show, product.id, market.code, attribute)
        if changed is not None:
            live = changed.valid_until is None or changed.valid_until >= on
            return (changed.value if live else None), changed.unit, None
        of_market = [i for i in items if isinstance(i, MarketFact) and market.code in i.markets]
        chosen = settle(of_market, attribute=attribute, model=model, market=market.code, on=on).chosen
        if isinstance(chosen, MarketFact):
            return chosen.value, chosen.unit, chosen
        return None, None, None

    price, currency, source = now("price")
    return Offer(
        market=market.code, currency=currency or market.currency, price=price, model=model,
        prior_price=source.prior_price_30d if source else None,
        tax_included=source.tax_included if source else None, stock=now("stock")[0],
    )  # fmt: skip


def _changed(show: Show, product: str, market: str, attribute: str) -> FactChanged | None:
    """What was set on air: for this market first, then for all of them."""
    return show.facts.get((product, market, attribute)) or show.facts.get((product, None, attribute))


def fact_view(event: FactChanged) -> FactView:
    return FactView(
        attribute=event.attribute, product=event.product, market=event.market, value=event.value,
        unit=event.unit, valid_until=event.valid_until,
    )  # fmt: skip
