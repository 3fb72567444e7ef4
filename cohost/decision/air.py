"""Batteries on a plane: energy, the limit a document names, the rule about baggage. Pure.

The 100 Wh rule is told only where a document states it.
"""

from __future__ import annotations

from collections.abc import Iterable

from cohost.decision.context import Ask
from cohost.decision.points import Plan, Point
from cohost.decision.warnings import recognise
from cohost.languages import base
from cohost.trust.evidence import Passage, covers_model, in_force
from cohost.trust.fits import watt_hours
from cohost.trust.quantities import amounts
from cohost.trust.settle import settle


def plan_air(ask: Ask) -> Plan | None:
    """Energy of the battery, the limit a document names, and the rule about baggage."""
    points: list[Point] = []
    energy = _energy(ask)
    if energy is not None:
        points.append(energy)
    rule = _air_rule(ask.of(Passage), ask)
    if rule is not None:
        limit = _limit(rule, energy)
        if limit:
            points.append(Point(kind="limit", items=(rule,), text=limit, attribute="air_travel"))
        if "carry_on" in recognise(rule.text, rule.source.lang):
            points.append(Point(kind="warning", items=(rule,), warning="carry_on", attribute="air_travel"))
        elif not limit:
            points.append(Point(kind="passage", items=(rule,), attribute="air_travel"))
    if not points:
        return None
    return Plan("answer", "air_travel", tuple(points), model=ask.model, market=ask.market)


def _energy(ask: Ask) -> Point | None:
    for attribute in ("energy", "air_travel"):
        found = settle(ask.items, attribute=attribute, model=ask.model, market=ask.market, on=ask.on).chosen
        if found is not None and found.unit == "Wh":
            return Point(kind="fact", items=(found,), attribute="energy")
    charge = settle(
        ask.items, attribute="battery_capacity", model=ask.model, market=ask.market, on=ask.on
    ).chosen
    if (
        charge is None
        or isinstance(charge.value, bool | str | tuple)
        or charge.unit != "mAh"
        or charge.value is None
    ):
        return None
    volts = [a.low for a in amounts(f"{charge.condition} {charge.source.quote}") if a.unit == "V"]
    if not volts:
        return None
    energy = watt_hours(float(charge.value), max(volts))
    return Point(
        kind="computed_energy", items=(charge,), attribute="energy", number=energy, text=f"{max(volts):g}"
    )


def _air_rule(passages: Iterable[Passage], ask: Ask) -> Passage | None:
    """The rule's own words, in the viewer's language where the document has it."""
    found = [
        p for p in passages
        if in_force(p, ask.on) and covers_model(p, ask.model) and p.source_class in "AB"
        and ("air_travel" in p.attributes or "carry_on" in recognise(p.text, p.source.lang))
    ]  # fmt: skip
    found.sort(key=lambda p: (
        not _wh(p), "carry_on" not in recognise(p.text, p.source.lang), base(p.source.lang) != base(ask.lang)
    ))  # fmt: skip
    return found[0] if found else None


def _wh(passage: Passage) -> list[float]:
    return [a.low for a in amounts(passage.text, base(passage.source.lang)) if a.unit == "Wh"]


def _limit(passage: Passage, energy: Point | None) -> str:
    """The largest figure in Wh that the rule names and that is not the product's own."""
    own = energy.items[0] if energy else None
    value = (
        getattr(own, "value", None) if energy and energy.kind == "fact" else energy.number if energy else None
    )
    limits = [w for w in _wh(passage) if value is None or abs(w - float(value)) > 0.5]
    return f"{max(limits):g}" if limits else ""
