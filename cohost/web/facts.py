"""`fact.set`: what an operator may set on air, checked before it becomes an event."""

from __future__ import annotations

import datetime as dt
import difflib
from typing import Any

from cohost.common.catalogue import Catalogue
from cohost.errors import WireError
from cohost.events import FactChanged
from cohost.trust.attributes import Attribute, near_ids, ontology
from cohost.trust.evidence import Value
from cohost.trust.quantities import same_dimension, unit_id
from cohost.web.inbound import FactSet


def fact_changed(frame: FactSet, catalogue: Catalogue, on: dt.date, *, by: str) -> FactChanged:
    """The event. Raises WireError(bad_fact): what came, what was expected, near names."""
    attribute = ontology().get(frame.attribute)
    if attribute is None:
        near = near_ids(frame.attribute)
        raise _bad(f"attribute {frame.attribute!r}", f"one of: {', '.join(near) or ', '.join(ontology())}")
    if attribute.form == "paper":
        raise _bad(
            f"attribute {attribute.id!r}", "a paper in the knowledge folder: papers are not set on air"
        )
    if frame.product is not None and catalogue.product(frame.product) is None:
        raise _unknown("product", frame.product, [p.id for p in catalogue.products])
    if frame.market is not None and catalogue.market(frame.market) is None:
        raise _unknown("market", frame.market, [m.code for m in catalogue.markets])
    if frame.valid_until is not None and frame.valid_until < on:
        raise _bad(f"valid_until {frame.valid_until}", f"{on} or later")
    value = None if frame.value is None else _value(attribute, frame.value)
    unit = _unit(attribute, frame.unit, frame.market, catalogue) if value is not None else None
    return FactChanged(
        product=frame.product, market=frame.market, attribute=attribute.id, value=value, unit=unit,
        valid_until=frame.valid_until, by=by,
    )  # fmt: skip


def _value(attribute: Attribute, value: Any) -> Value:
    """A value of the attribute's form; a list of two numbers is a range."""
    form = attribute.form
    if form == "bool":
        if isinstance(value, bool):
            return value
        raise _bad(f"{attribute.id} = {value!r}", "true or false")
    if form in ("money", "quantity", "duration"):
        return _number(attribute, value)
    if isinstance(value, list):
        if form == "list" and value and all(isinstance(word, str) and word.strip() for word in value):
            return tuple(value)
        raise _bad(f"{attribute.id} = {value!r}", "words" if form == "list" else "one phrase")
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not value.strip():
            raise _bad(f"{attribute.id} = ''", "a phrase, or null to take it off the air")
        return value.strip()
    return _bounded(attribute, float(value))


def _number(attribute: Attribute, value: Any) -> Value:
    if isinstance(value, list):
        numbers = [v for v in value if isinstance(v, int | float) and not isinstance(v, bool)]
        if len(value) == 2 and len(numbers) == 2 and numbers[0] <= numbers[1]:
            return (_bounded(attribute, float(numbers[0])), _bounded(attribute, float(numbers[1])))
        raise _bad(f"{attribute.id} = {value!r}", "a number, or a range of two: [low, high]")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _bad(f"{attribute.id} = {value!r}", "a number")
    return _bounded(attribute, float(value))


def _bounded(attribute: Attribute, number: float) -> float:
    """Finite, not negative (temperatures aside): a typing slip must not go on air."""
    if not -1e9 < number < 1e9 or (number < 0 and attribute.dimension != "temperature"):
        raise _bad(f"{attribute.id} = {number:g}", "a number from 0 up")
    return number


def _unit(attribute: Attribute, unit: str | None, market: str | None, catalogue: Catalogue) -> str | None:
    if attribute.form == "money":
        return _currency(attribute, unit, market, catalogue)
    if not attribute.units:
        return unit or None
    if unit is None:
        raise _bad(f"{attribute.id} without a unit", f"one of: {', '.join(attribute.units)}")
    known = unit if unit in attribute.units else unit_id(unit)
    if known is None or not (known in attribute.units or same_dimension(known, attribute.units[0])):
        raise _bad(f"unit {unit!r} for {attribute.id}", f"one of: {', '.join(attribute.units)}")
    return known


def _currency(attribute: Attribute, unit: str | None, market: str | None, catalogue: Catalogue) -> str:
    """The market's own currency; without a market it must be named."""
    place = catalogue.market(market)
    expected = place.currency if place else ""
    known = {m.currency for m in catalogue.markets if m.currency}
    if unit is None and expected:
        return expected
    if unit is None or (expected and unit != expected) or (known and unit not in known):
        wanted = expected or (
            f"one of: {', '.join(sorted(known))}" if known else "an ISO 4217 code such as EUR"
        )
        raise _bad(f"{attribute.id} in {unit or 'no currency'}", wanted)
    return unit


def _bad(got: str, expected: str) -> WireError:
    return WireError("bad_fact", f"got {got}, expected {expected}")


def _unknown(what: str, got: str, known: list[str]) -> WireError:
    near = difflib.get_close_matches(got, known, n=3) or known[:12]
    return _bad(f"{what} {got!r}", f"one of: {', '.join(near)}" if near else f"no {what}: kb.toml has none")
