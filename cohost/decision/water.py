"""Water: what the report or the specification says, and no word more. Pure.

A stronger claim in the question ("IPX8", "swim", "shower") is corrected with what the evidence holds.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from cohost.decision.context import Ask
from cohost.decision.facts import plan_fact
from cohost.decision.mains import on_mains
from cohost.decision.points import HostNote, Plan, Point
from cohost.decision.safety import warning_points
from cohost.decision.subject import mentions, plan_feature

WATER = frozenset({"water", "water_column"})
USES = frozenset({
    "waterproof", "swim", "shower", "bath", "sauna", "sea", "underwater", "rain", "sweat", "dust",
})  # fmt: skip
_CODE = re.compile(r"\bIP\s?-?([X0-6])\s?-?([X0-9])(K?)\b", re.IGNORECASE)


def asked_codes(text: str) -> tuple[str, ...]:
    """IP codes in a viewer's words, normal form: "ipx 8" → "IPX8"."""
    plain = unicodedata.normalize("NFKC", text)
    return tuple(dict.fromkeys(f"IP{a}{b}{k}".upper() for a, b, k in _CODE.findall(plain)))


def plan_water(ask: Ask) -> Plan | None:
    """The water fact, corrected or bounded by what was asked; a warning where mains power meets water."""
    if on_mains(ask):
        warned = warning_points(ask, "water")
        if warned:
            note = HostNote("warning", attribute="water", market=ask.market, items=warned[0].items)
            return Plan("answer", "warning", tuple(warned), True, note, model=ask.model, market=ask.market,
                        protected=True)  # fmt: skip
    attribute = "water_column" if ask.attribute == "water_column" else "water"
    plan = plan_fact(ask, attribute) or plan_fact(ask, "water_column" if attribute == "water" else "water")
    uses = tuple(f for f in ask.question.features if f in USES)
    if plan is None:
        warned = [p for p in warning_points(ask, "water") if p.kind == "warning"]
        if warned:
            return Plan("answer", "warning", tuple(warned), model=ask.model, market=ask.market)
        return plan_feature(ask, "water", uses)
    return _corrected(ask, plan, uses)


def _corrected(ask: Ask, plan: Plan, uses: tuple[str, ...]) -> Plan:
    held = {c for p in plan.points for i in p.items for c in asked_codes(str(getattr(i, "value", "")))}
    denied = [c for c in asked_codes(" ".join((ask.question.text, *ask.question.features))) if c not in held]
    if denied:
        points = tuple(Point(kind="denied", feature=c, items=plan.points[0].items) for c in denied[:2])
        return msgspec.structs.replace(plan, reason="correction", points=(*points, *plan.points))
    unnamed = [
        u for u in uses if u != "waterproof" and not any(mentions(i, u) for p in plan.points for i in p.items)
    ]
    if not unnamed:
        return plan if not _bare(ask, uses) else _bounded(plan)
    said = plan_feature(ask, "water", unnamed, about="water")
    if said is not None:
        extra = tuple(msgspec.structs.replace(p, optional=True) for p in plan.points)
        return msgspec.structs.replace(plan, reason="correction", points=(*said.points, *extra))
    denials = tuple(Point(kind="denied", feature=u, items=plan.points[0].items) for u in unnamed[:2])
    return msgspec.structs.replace(plan, reason="correction", points=(*denials, *plan.points))


def _bare(ask: Ask, uses: tuple[str, ...]) -> bool:
    """ "Is it waterproof?" needs its bounds told."""
    return "waterproof" in uses


def _bounded(plan: Plan) -> Plan:
    return msgspec.structs.replace(
        plan, points=(*plan.points, Point(kind="beyond", items=plan.points[0].items))
    )
