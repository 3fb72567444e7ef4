"""What was understood of a folder, as the set-up page shows it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from cohost.common.catalogue import Brand, Market, Product
from cohost.knowledge.build import Built, Read
from cohost.trust.evidence import Evidence, Fact, Passage, kind_of

QUOTES = 4
"""Quotes shown of one document."""
SUGGESTED = 24


class Quote(msgspec.Struct, frozen=True):
    """A piece of evidence in the document's words."""

    kind: str
    text: str
    page: int | None


class Paper(msgspec.Struct, frozen=True):
    """One document. `found`: kind of evidence → how many; `problems`: one line each."""

    name: str
    kind: str
    product: str | None
    lang: str
    models: tuple[str, ...]
    dates: tuple[str, ...]
    found: dict[str, int]
    quotes: tuple[Quote, ...]
    problems: tuple[str, ...]


class Understood(msgspec.Struct, frozen=True):
    """The whole folder. `models` stand in documents and belong to no product yet; `error`: why nothing could
    be read, such as a wrong line of `kb.toml`."""

    papers: tuple[Paper, ...] = ()
    brand: Brand = Brand()
    products: tuple[Product, ...] = ()
    markets: tuple[Market, ...] = ()
    models: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    error: str = ""


def understood(built: Built) -> Understood:
    catalogue = built.kb.catalogue
    papers = tuple(_paper(read) for read in built.documents)
    named = Counter(model for paper in papers for model in paper.models)
    taken = {model for product in catalogue.products for model in product.models}
    own = {paper.name for paper in papers}
    return Understood(
        papers=papers, brand=catalogue.brand, products=catalogue.products, markets=catalogue.markets,
        models=tuple(m for m, _ in named.most_common() if m not in taken)[:SUGGESTED],
        problems=tuple(f"{p.document}: {p.message}" for p in built.problems if p.document not in own),
    )  # fmt: skip


def _paper(read: Read) -> Paper:
    models = Counter(model for item in read.items for model in item.models)
    days = {str(day) for item in read.items for day in (item.valid_from, item.valid_until) if day}
    return Paper(
        name=read.document, kind=read.kind, product=read.product, lang=read.lang,
        models=tuple(name for name, _ in models.most_common(8)), dates=tuple(sorted(days))[:8],
        found=dict(Counter(kind_of(item) for item in read.items).most_common()),
        quotes=tuple(_quotes(read.items)), problems=tuple(dict.fromkeys(p.message for p in read.problems)),
    )  # fmt: skip


def _quotes(items: Sequence[Evidence]) -> list[Quote]:
    """Papers first, then figures, then text."""
    order = sorted(items, key=lambda i: (isinstance(i, Passage), isinstance(i, Fact)))
    texts: dict[str, Quote] = {}
    for item in order:
        texts.setdefault(item.source.quote, Quote(kind_of(item), item.source.quote, item.source.page))
        if len(texts) == QUOTES:
            break
    return list(texts.values())
