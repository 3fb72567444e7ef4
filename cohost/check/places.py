"""Which product is offered where, and as which model. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.trust.evidence import Evidence


class Place(msgspec.Struct, frozen=True):
    """One product in one market. `models` are those a viewer there may mean; `offered` is False where other
    models are declared for other markets and none for this one."""

    product: str
    market: str
    models: tuple[str, ...]
    offered: bool

    @property
    def model(self) -> str | None:
        """The one model sold there; None where several could be."""
        return self.models[0] if len(self.models) == 1 else None


def places(catalogue: Catalogue, market: str | None = None) -> tuple[Place, ...]:
    """Every product in every market, products first, in the order of kb.toml."""
    markets = [m.code for m in catalogue.markets if market in (None, m.code)]
    return tuple(_place(catalogue, p.id, code) for p in catalogue.products for code in markets)


def _place(catalogue: Catalogue, product: str, market: str) -> Place:
    variants = catalogue.variants_of(product)
    one = catalogue.variant_in(product, market)
    if one is not None:
        return Place(product, market, (one.model,), True)
    here = tuple(v.model for v in variants if market in v.markets)
    bound = any(v.markets for v in variants)
    entry = catalogue.product(product)
    everywhere = tuple(v.model for v in variants) or (entry.models if entry else ())
    return Place(product, market, here if bound else everywhere, bool(here) or not bound)


def about(items: Iterable[Evidence], product: str) -> list[Evidence]:
    """The product's own items and the brand's."""
    return [i for i in items if i.product in (None, product)]


def in_order(codes: Iterable[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Market codes once each, in the order of kb.toml, unknown ones last."""
    known = [m.code for m in catalogue.markets]
    found = set(codes)
    return (*(c for c in known if c in found), *sorted(found - set(known)))


def listed(words: Sequence[str], limit: int = 12) -> str:
    """ "DE, FR, ES"; the rest as a number."""
    more = len(words) - limit
    return ", ".join(words[:limit]) + (f" and {more} more" if more > 0 else "")
