"""An amount the viewer names beside the figure that evidence states: "holds 80 kg", "works at -10 °C". Pure.

The figure is told by the fact; here it is only said on which side of it the viewer's amount lies.
"""

from __future__ import annotations

import msgspec

from cohost.decision.context import Ask
from cohost.decision.points import Plan, Point
from cohost.trust.evidence import Fact
from cohost.trust.fits import Side, axes, side, takes_mains
from cohost.trust.settle import figures
from cohost.trust.sizes import longest, own_and_english, words_in

LIMITS = frozenset({"load", "capacity"})
"""Attributes whose one figure is the most that goes."""
RANGES = frozenset({"temperature", "voltage"})


def with_side(ask: Ask, found: Plan | None) -> Plan | None:
    """The plan with the side of its first fact on which the amount asked about lies, where that says
    something."""
    first = found.points[0] if found is not None and found.points else None
    fact = first.items[0] if first is not None and first.kind == "fact" and first.items else None
    if found is None or not isinstance(fact, Fact) or not fact.polarity:
        return found
    for amount in ask.question.quantities[:1]:
        where = _axis(ask, fact, amount.value, amount.unit) if fact.attribute == "size" else None
        where = where or _side(fact, amount.value, amount.unit)
        if where is not None:
            point = Point(
                kind="fit", items=(fact,), attribute=fact.attribute, state=where, number=amount.value,
                text=amount.unit,
            )  # fmt: skip
            return msgspec.structs.replace(found, points=(found.points[0], point, *found.points[1:]))
    return found


def _side(fact: Fact, value: float, unit: str) -> Side | None:
    ends = figures(fact)
    if ends is None or fact.unit is None:
        return None
    low, high = ends
    if fact.attribute in LIMITS and fact.qualifier != "at_least":
        return side(value, unit, None, high, fact.unit)
    if fact.attribute not in RANGES:
        return None
    if fact.attribute == "voltage":
        return "inside" if unit == "V" and takes_mains(low, high, value) else None
    if fact.qualifier == "up_to":
        return side(value, unit, None, high, fact.unit)
    if fact.qualifier == "at_least":
        return side(value, unit, low, None, fact.unit)
    return side(value, unit, low, high, fact.unit) if low < high else None


def _axis(ask: Ask, fact: Fact, value: float, unit: str) -> Side | None:
    """ "Under a sofa 10 cm high": the height, where the document says which figure that is."""
    named = longest(words_in(ask.question.text, own_and_english(ask.question.lang)), "axis")
    told = axes(f"{fact.condition} {fact.value} {fact.unit or ''}", fact.source.quote, fact.source.lang)
    for axis in dict.fromkeys(w.key for w in named):
        if axis in told:
            own = told[axis]
            return _strict(side(value, unit, own[0], own[0], own[1]))
    return None


def _strict(where: Side | None) -> Side | None:
    """Exactly as high is neither above nor below."""
    return None if where == "inside" else where
