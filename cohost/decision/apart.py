"""How the models of one product differ ("RX2 or RX2-PRO, what is the difference?"), and who sells. Pure."""

from __future__ import annotations

import msgspec

from cohost.common.lexicon import Line
from cohost.decision.context import Ask
from cohost.decision.facts import settle_for
from cohost.decision.passages import content_words, passage_point, quotable
from cohost.decision.points import Plan, Point
from cohost.trust.attributes import ontology
from cohost.trust.evidence import Fact
from cohost.trust.settle import figures

DIFFERENCE, SELLER = "difference", "seller"
MOST = 3
"""Attributes told at most; the first always, the others where the post has room."""
_WHO = ("Legal name", "Address", "Responsible person", "Customer service contact")
"""kb.toml's own lines, in the order in which they tell who somebody is."""


def plan_difference(ask: Ask) -> Plan | None:
    """The attributes in which evidence tells the models apart, each model's figure under its name; None where
    there is one model, or they differ in nothing that is known."""
    product = ask.catalogue.product(ask.product)
    models = ask.question.models or (product.models if product is not None else ())
    if len(models) < 2:
        return None
    told: list[list[Point]] = []
    for attribute in ontology():
        points = _apart(ask, attribute, models[:MOST])
        if points:
            told.append(points)
        if len(told) == MOST:
            break
    if not told:
        return None
    first, *others = told
    more = [_optional(p) for points in others for p in points]
    return Plan("answer", "fact", (*first, *more), market=ask.market)


def _apart(ask: Ask, attribute: str, models: tuple[str, ...]) -> list[Point]:
    """A point a model where each has a fact of its own and they say different things."""
    chosen = {model: settle_for(ask, attribute, model).chosen for model in models}
    facts = {m: f for m, f in chosen.items() if isinstance(f, Fact) and f.models}
    if len(facts) < len(models) or len({str(figures(f) or f.value) for f in facts.values()}) < len(models):
        return []
    return [Point(kind="fact", items=(f,), attribute=attribute, model=m) for m, f in facts.items()]


def _optional(point: Point) -> Point:
    return msgspec.structs.replace(point, optional=True)


def plan_seller(ask: Ask) -> Plan | None:
    """Who sells: what kb.toml says of the brand, its name first unless the viewer's words are another
    line's ("address?", "contact")."""
    lines = {p.heading: p for p in quotable(ask, SELLER) if p.source.document == "kb.toml"}
    known = [lines[h] for h in _WHO if h in lines]
    if not known:
        return None
    words = content_words(ask)
    named = [p for p in known if words & {w.text for w in Line(p.heading).words}]
    first, *others = named or known
    points = [passage_point(first, SELLER), *(_optional(passage_point(p, SELLER)) for p in others[:1])]
    return Plan("answer", "passage", tuple(points), market=ask.market)
