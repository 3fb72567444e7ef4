"""A question resolved against the catalogue: product, models, market, and the evidence on air. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.common.question import Question
from cohost.trust.attributes import Attribute, ontology
from cohost.trust.evidence import Evidence, airable, normal_model

T = TypeVar("T", bound=Evidence)


class Ask(msgspec.Struct, frozen=True):
    """What the rules of the plan look at. `model` is None when several could be meant; then
    `models` holds the candidates. `market` is None when unknown, also when kb.toml lacks it."""

    question: Question
    items: tuple[Evidence, ...]
    catalogue: Catalogue
    on: dt.date
    lang: str
    attribute: str | None
    product: str | None
    market: str | None
    model: str | None
    models: tuple[str, ...]

    @property
    def spec(self) -> Attribute | None:
        return ontology().get(self.attribute) if self.attribute else None

    @property
    def market_unlisted(self) -> bool:
        """The viewer's market is known, and the shop does not sell there."""
        return self.question.market is not None and self.market is None

    def of(self, kind: type[T] | tuple[type[T], ...], attribute: str | None = None) -> tuple[T, ...]:
        """Items of one type, about one attribute where given, in retrieval's order."""
        found = (i for i in self.items if isinstance(i, kind))
        if attribute is None:
            return tuple(found)
        return tuple(i for i in found if getattr(i, "attribute", None) == attribute)

    def product_name(self) -> str:
        product = self.catalogue.product(self.product)
        return product.name if product else ""


def resolve(
    question: Question, items: Sequence[Evidence], catalogue: Catalogue, on: dt.date, lang: str
) -> Ask:
    """Bind the question to what is sold where. Items of other products, and items that are not on
    air, are left out here, once."""
    product = question.product
    listed = not catalogue.markets or catalogue.market(question.market) is not None
    market = question.market if listed else None
    model, models = _models(question, catalogue, product, market)
    attribute = _attribute(question)
    mine = tuple(i for i in items if airable(i) and (i.product is None or i.product == product))
    return Ask(
        question=question, items=mine, catalogue=catalogue, on=on, lang=lang, attribute=attribute,
        product=product, market=market, model=model, models=models,
    )  # fmt: skip


def _attribute(question: Question) -> str | None:
    if question.intent.startswith("question.") and question.intent != "question.other":
        return question.intent.removeprefix("question.")
    return question.attributes[0] if question.attributes else None


def _models(
    question: Question, catalogue: Catalogue, product: str | None, market: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """The one model meant, else every model that could be: sold somewhere, all when none is."""
    if question.models:
        return None, question.models
    if question.model:
        return question.model, (question.model,)
    variant = catalogue.variant_in(product, market)
    if variant is not None:
        return variant.model, (variant.model,)
    entry = catalogue.product(product)
    if entry is None:
        return None, ()
    declared = catalogue.variants_of(entry.id)
    here = [v.model for v in declared if market in v.markets] if market else []
    sold = here or [v.model for v in declared if v.markets] or [v.model for v in declared]
    names = _unique(sold or entry.models)
    return (names[0], names) if len(names) == 1 else (None, names)


def _unique(models: Iterable[str]) -> tuple[str, ...]:
    return tuple({normal_model(m): m for m in models}.values())
