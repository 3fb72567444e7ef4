"""Questions that viewers will ask and no document answers: the real planner is asked them. Pure.

One synthetic question for each product, market and attribute that is asked of such goods; what would be a
decline is a gap. A sale gate that is shut is no gap of the documents: `readiness` tells it.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib.resources
import tomllib
from collections.abc import Sequence

import msgspec

from cohost.check.places import about, in_order
from cohost.check.readiness import Readiness
from cohost.common.catalogue import Catalogue
from cohost.common.question import Question
from cohost.decision.plan import plan
from cohost.knowledge.retrieve import typed
from cohost.trust.attributes import display_name, names, ontology
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, Policy, airable
from cohost.trust.rules.gate import goods_of

NOT_OF_DOCUMENTS = frozenset({"sale_gate"})
"""Reasons of a decline that no document would change."""


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of a kind of goods; `never` what makes no sense for it."""

    ask: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Gap(msgspec.Struct, frozen=True):
    """One attribute of one product that viewers in these markets would be told nothing about."""

    product: str
    attribute: str
    markets: tuple[str, ...]
    everywhere: bool  # in every market where the product is offered
    rank: int  # 0: asked most
    example: str  # as a viewer asks it

    @property
    def name(self) -> str:
        return display_name(self.attribute, "en")


@functools.cache
def _table() -> tuple[tuple[str, ...], dict[str, Asked]]:
    text = (importlib.resources.files(__package__) / "asked.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)
    order = tuple(rows.pop("order"))
    return order, {kind: msgspec.convert(row, Asked) for kind, row in rows.items()}


def asked_of(catalogue: Catalogue, items: Sequence[Evidence], product: str) -> tuple[str, ...]:
    """Attributes viewers ask of the product, most asked first."""
    order, kinds = _table()
    thing = catalogue.product(product)
    if thing is None:
        return ()
    goods = goods_of(thing, [i for i in items if not _denies(i)])  # "Battery: none" makes no battery goods
    several = {"several_models"} if len(thing.models) > 1 else set()
    rows = [kinds[kind] for kind in ("every", *sorted(goods | several)) if kind in kinds]
    said = {
        i.attribute
        for i in items
        if isinstance(i, Fact | MarketFact | Policy) and i.product == product and airable(i)
    }
    wanted = {a for row in rows for a in row.ask} - {a for row in rows for a in row.never} | said
    return tuple(a for a in order if a in wanted) + tuple(sorted(wanted - set(order)))


def gaps(
    catalogue: Catalogue, items: Sequence[Evidence], rows: Sequence[Readiness], on: dt.date
) -> tuple[Gap, ...]:
    """By product in the order of kb.toml, most asked first. `rows` say where each product is offered."""
    order, _ = _table()
    found: list[Gap] = []
    for product in catalogue.products:
        offered = [r for r in rows if r.product == product.id and r.verdict != "away"]
        mine = about(items, product.id)
        for attribute in asked_of(catalogue, mine, product.id):
            without = _without(catalogue, mine, offered, attribute, on)
            if without:
                rank = order.index(attribute) if attribute in order else len(order)
                codes = in_order(without, catalogue)
                found.append(
                    Gap(product.id, attribute, codes, len(codes) == len(offered), rank, _example(attribute))
                )
    return tuple(found)


def _without(
    catalogue: Catalogue, items: Sequence[Evidence], rows: Sequence[Readiness], attribute: str, on: dt.date
) -> list[str]:
    """Markets of the rows without an answer. Where the market cannot change it, one question stands for all
    markets of the same models."""
    if not rows:
        return []
    found = [item for _, item in typed(items, question(rows[0].product, rows[0].market, attribute))]
    spec = ontology().get(attribute)
    bound = spec is None or spec.market or any(i.markets and not isinstance(i, Certificate) for i in found)
    known: dict[object, bool] = {}
    for row in rows:
        key = _key(row, bound)
        if key not in known:
            told = plan(question(row.product, row.market, attribute), found, catalogue, on)
            known[key] = told.action != "decline" or told.reason in NOT_OF_DOCUMENTS
    return [row.market for row in rows if not known[_key(row, bound)]]


def _key(row: Readiness, bound: bool) -> tuple[object, ...]:
    return (row.models, row.market if bound else None)


def _denies(item: Evidence) -> bool:
    return isinstance(item, Fact) and (item.value is False or not item.polarity)


def question(product: str, market: str, attribute: str) -> Question:
    """As understanding would resolve it; without words, so that no chance word anchors a passage."""
    return Question(
        id="check", text="", lang="en", intent=f"question.{attribute}", attributes=(attribute,),
        products=(product,), product_named=True, market=market, market_named=True, confidence=1.0,
    )  # fmt: skip


def _example(attribute: str) -> str:
    if attribute not in ontology():
        return ""
    asks = names("en")[attribute].ask if attribute in names("en") else ()
    return next((a for a in asks if len(a.split()) >= 3), asks[0] if asks else "")
