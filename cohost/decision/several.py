"""Several questions in one line: each product named, each attribute asked, answered for itself. Pure."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.common.question import Question
from cohost.decision.points import Plan, Point, talk

MOST = 3
"""Products told in one reply."""
ONE_TO_ANOTHER = frozenset({
    "charging", "compatibility", "connectivity", "ports", "in_the_box", "difference", "how_to_use",
    "installation", "how_to_buy",
})  # fmt: skip
"""Attributes under which naming two things asks about the one with the other."""


def for_product(question: Question, product: str, catalogue: Catalogue) -> Question:
    """The question as if it named this product only."""
    entry = catalogue.product(product)
    sold = (v.model for v in catalogue.variants_of(product))
    models = {*(entry.models if entry else ()), *sold}
    model = question.model if question.model in models else None
    return msgspec.structs.replace(question, products=(product,), model=model)


def plan_several(question: Question, catalogue: Catalogue, answer: Callable[[Question], Plan]) -> Plan | None:
    """One answer a product, in the order of the text; None where a single product is meant, or none of
    them has an answer."""
    known = [p for p in question.products if catalogue.product(p) is not None][:MOST]
    attribute = question.attributes[0] if question.attributes else None
    if len(known) < 2 or not question.product_named or attribute is None or attribute in ONE_TO_ANOTHER:
        return None
    plans = {p: answer(for_product(question, p, catalogue)) for p in known}
    answered = [p for p, plan in plans.items() if plan.action == "answer"]
    if not answered:
        return None
    points: list[Point] = []
    for product, plan in plans.items():
        points += _told(plan, product, catalogue, attribute)
    first = plans[answered[0]]
    notify = any(p.notify_host for p in plans.values())
    note = next((p.host_note for p in plans.values() if p.host_note is not None), None)
    return msgspec.structs.replace(
        first, reason="several", points=tuple(points), notify_host=notify, host_note=note, model=None,
        protected=any(p.protected for p in plans.values()),
    )  # fmt: skip


OF_SIZES = frozenset({"size", "weight", "age"})
"""What a viewer says of a body ("80 kg, 1.75 m, which size?") is no second question."""


def plan_also(question: Question, answer: Callable[[Question], Plan]) -> Plan | None:
    """One answer an attribute, where a line asks for several; None where it asks for one."""
    if not question.also or not question.attributes:
        return None
    sized = question.sizing is not None and question.attributes[0] == "size_chart"
    also = tuple(a for a in question.also if not (sized and a in OF_SIZES))
    if not also:
        return None
    wanted = (question.attributes[0], *also)
    plans = [answer(_about(question, attribute)) for attribute in wanted]
    answered = [p for p in plans if p.action == "answer"]
    if not answered or any(p.action == "escalate" for p in plans):
        return None
    points: list[Point] = []
    for plan in plans:
        points += [p for p in plan.points if not p.optional and p.text != "passed_on"] or plan.points[:1]
    return msgspec.structs.replace(
        answered[0], points=tuple(points), notify_host=any(p.notify_host for p in plans),
        host_note=next((p.host_note for p in plans if p.host_note is not None), None),
        protected=any(p.protected for p in plans),
    )  # fmt: skip


def _about(question: Question, attribute: str) -> Question:
    return msgspec.structs.replace(question, intent=f"question.{attribute}", attributes=(attribute,), also=())


def _told(plan: Plan, product: str, catalogue: Catalogue, attribute: str) -> list[Point]:
    entry = catalogue.product(product)
    name = entry.name if entry else product
    if plan.action == "answer":
        needed = [p for p in plan.points if not p.optional] or list(plan.points[:1])
    else:
        needed = list(talk("no_evidence_on", attribute=attribute))
    return [msgspec.structs.replace(p, product=p.product or name, about=product) for p in needed]
