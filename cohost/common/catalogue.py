"""The brand's catalogue as `kb.toml` declares it: products, variants, markets. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec


class Brand(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who sells. `host_lang` is the language of the console's glosses and the prompter."""

    name: str = ""
    legal_name: str = ""
    address: str = ""
    support: str = ""
    responsible_person: str = ""
    host_lang: str = "en"
    disclosure: str = ""


class Product(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    name: str
    models: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    pinned: bool = False


class Variant(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which model of a product is sold in which markets, and its hardware revision."""

    model: str
    product: str
    markets: tuple[str, ...] = ()
    revision: str = ""
    since: dt.date | None = None  # the revision's date: an older report does not cover it


class Market(msgspec.Struct, frozen=True, omit_defaults=True):
    code: str  # ISO 3166-1 alpha-2
    lang: str = "en"
    currency: str = ""
    scheme: tuple[str, ...] = ()  # mandatory schemes for the brand's goods there
    address: Literal["formal", "informal"] = "informal"


class Platform(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    stream_delay_s: float = 0.0
    may_speak: bool = True
    may_link: bool = True
    speak_langs: tuple[str, ...] = ()


class Slot(msgspec.Struct, frozen=True):
    """A place in the run-down: the link number by which viewers ask ("3号链接", "link 3") and its product."""

    number: int
    product: str


class Catalogue(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything `kb.toml` says about what is sold, by whom and where."""

    brand: Brand = Brand()
    products: tuple[Product, ...] = ()
    variants: tuple[Variant, ...] = ()
    markets: tuple[Market, ...] = ()
    platforms: tuple[Platform, ...] = ()
    rundown: tuple[Slot, ...] = ()  # in the order of the show

    def product(self, product_id: str | None) -> Product | None:
        return next((p for p in self.products if p.id == product_id), None)

    def market(self, code: str | None) -> Market | None:
        return next((m for m in self.markets if m.code == code), None)

    def pinned(self) -> Product | None:
        """The product in view at the start: the one marked pinned, else the only one."""
        marked = next((p for p in self.products if p.pinned), None)
        return marked or (self.products[0] if len(self.products) == 1 else None)

    def variants_of(self, product_id: str) -> tuple[Variant, ...]:
        return tuple(v for v in self.variants if v.product == product_id)

    def variant_in(self, product_id: str | None, market: str | None) -> Variant | None:
        """The model sold in that market. None when unknown or ambiguous; a product with one
        undeclared model is sold everywhere as that model."""
        product = self.product(product_id)
        if product is None:
            return None
        declared = self.variants_of(product.id)
        if market is not None:
            here = [v for v in declared if market in v.markets]
            if len(here) == 1:
                return here[0]
            if here:
                return None
        if not declared and len(product.models) == 1:
            return Variant(model=product.models[0], product=product.id)
        if len(declared) == 1 and not declared[0].markets:
            return declared[0]
        return None

    def languages(self) -> tuple[str, ...]:
        """Languages of the markets, the host's last, in order, once each."""
        found = [m.lang for m in self.markets] + [self.brand.host_lang]
        return tuple(dict.fromkeys(found))
