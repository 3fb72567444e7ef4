"""Does it fit: an amount against a chart's rows, a range, a limit; energy from charge and voltage. Pure.

Every function compares what evidence states with an amount that somebody named. None recommends: that a
row holds the amount is a fact, that the size will sit well is not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from cohost.trust.evidence import SizeLabel, SizeMeasure, SizeRow
from cohost.trust.quantities import amounts
from cohost.trust.sizes import fits_measure, own_and_english, same_label, words_in
from cohost.trust.units import convert, same_dimension

Verdict = Literal["within", "between", "below", "above"]
Side = Literal["inside", "below", "above"]

NEAR = 1.25
"""How far beyond a chart's ends an amount may still be meant for one of its measures."""
MAINS_TOLERANCE = 0.1  # IEC 60038
IMPERIAL = frozenset({"inch", "ft", "lb", "oz"})
_FINE = 0.005  # most of an amount that rounding may hide
_SAME = 1e-6  # relative: rounding of unit conversions
_TALLEST_M = 3.0
_AXES = 3
_LETTERS = {"H": "height", "W": "width", "B": "width", "D": "depth", "T": "depth", "L": "depth", "P": "depth"}
_NAME = r"([^\W\d_]{1,14})"
_LEGEND = re.compile(rf"{_NAME}\s?[x×*/]\s?{_NAME}\s?[x×*/]\s?{_NAME}", re.IGNORECASE)


class Placed(msgspec.Struct, frozen=True):
    """Where an amount lies. `rows` are places in the rows given: those that hold it; the two around it,
    lower first; the smallest; the largest. `unit` is the amount's, the chart's own where none was said."""

    verdict: Verdict
    rows: tuple[int, ...]
    value: float
    unit: str | None


def place(rows: Sequence[SizeRow], measure: str, value: float, unit: str | None) -> Placed | None:
    """The amount among the rows that state this measure of a body; None where fewer than one does, or
    the units do not compare. Touching ranges (90–96, 96–102) both hold 96."""
    unit = unit or _own_unit(rows, measure, value)
    spans: list[tuple[float, float, int]] = []
    for number, row in enumerate(rows):
        told = measure_of(row, measure, unit)
        ends = ends_as(told, unit) if told is not None else None
        if ends is not None:
            spans.append((*ends, number))
    if not spans or math.isnan(value):
        return None
    slack = max(_SAME * max(1.0, abs(value)), _rounding(rows, measure, value, unit))
    inside = [n for low, high, n in spans if low - slack <= value <= high + slack]
    if inside:
        return Placed("within", tuple(inside), value, unit)
    under = [s for s in spans if s[1] < value]
    over = [s for s in spans if s[0] > value]
    if under and over:
        pair = max(under, key=lambda s: (s[1], s[2]))[2], min(over, key=lambda s: (s[0], s[2]))[2]
        return Placed("between", pair, value, unit)
    if under:
        return Placed("above", (max(under, key=lambda s: (s[1], s[2]))[2],), value, unit)
    return Placed("below", (min(over, key=lambda s: (s[0], s[2]))[2],), value, unit)


def _rounding(rows: Sequence[SizeRow], measure: str, value: float, unit: str | None) -> float:
    """Half of the last digit said, where inches or pounds meet a metric chart or the other way round."""
    told = {m.unit for row in rows if (m := measure_of(row, measure, unit)) is not None}
    if unit is None or any((u in IMPERIAL) == (unit in IMPERIAL) for u in told):
        return 0.0
    digits = len(f"{value:.4f}".rstrip("0").partition(".")[2])
    return float(min(0.5 * 10.0**-digits, abs(value) * _FINE))


def measure_of(row: SizeRow, measure: str, unit: str | None = None) -> SizeMeasure | None:
    """The row's measure of a body, the one in that unit first; a garment's own is none."""
    told = [m for m in row.measures if m.id == measure and m.of != "garment"]
    told.sort(key=lambda m: (m.of != "body", m.unit != unit))
    return told[0] if told else None


def ends_as(measure: SizeMeasure, unit: str | None) -> tuple[float, float] | None:
    """Both ends in that unit, open ones infinite; None across dimensions."""
    low = -math.inf if measure.low is None else _as(measure.low, measure.unit, unit)
    high = math.inf if measure.high is None else _as(measure.high, measure.unit, unit)
    return None if low is None or high is None else (low, high)


def _as(value: float, unit: str | None, wanted: str | None) -> float | None:
    return value if unit is None or wanted is None or unit == wanted else convert(value, unit, wanted)


def _own_unit(rows: Sequence[SizeRow], measure: str, value: float) -> str | None:
    """ "98 chest" is meant in the chart's unit; a height of 1.75 in metres."""
    units = [m.unit for row in rows if (m := measure_of(row, measure)) is not None]
    if measure == "height" and value < _TALLEST_M:
        return "m"
    return units[0] if units else None


def meant(rows: Sequence[SizeRow], value: float, unit: str | None) -> tuple[str, ...]:
    """Measures of a body that an amount without a name may be about: of its dimension, and not far beyond
    the chart. () when none, several when the chart does not tell."""
    names = dict.fromkeys(m.id for row in rows for m in row.measures if m.id and m.of != "garment")
    found = [n for n in names if fits_measure(n, unit) and (unit or n not in ("weight", "age"))]
    return tuple(n for n in found if _near(rows, n, value, unit))


def _near(rows: Sequence[SizeRow], measure: str, value: float, unit: str | None) -> bool:
    unit = unit or _own_unit(rows, measure, value)
    told = [m for row in rows if (m := measure_of(row, measure, unit)) is not None]
    ends = [e for m in told if (e := ends_as(m, unit)) is not None]
    lows = [low for low, _ in ends if not math.isinf(low)] or [high for _, high in ends]
    highs = [high for _, high in ends if not math.isinf(high)] or [low for low, _ in ends]
    return bool(ends) and min(lows) / NEAR <= value <= max(highs) * NEAR


class Called(msgspec.Struct, frozen=True):
    """A row (its place in the rows given) and the label of it that was meant."""

    row: int
    label: SizeLabel


def labelled(rows: Sequence[SizeRow], name: str, system: str | None = None) -> tuple[Called, ...]:
    """The rows called that in that system, once for each column that says so. Without a system the
    chart's first column counts, and the others only where it has no such label. Never converts by any
    other table than the chart's."""
    found = [
        Called(n, label)
        for n, row in enumerate(rows)
        for label in row.labels
        if (not system or label.system == system) and same_label(label.value, name)
    ]
    first = [c for c in found if c.label == rows[c.row].labels[0]]
    return tuple(found if system else first or found)


# ---------------------------------------------------------------- ranges, limits, energy


def side(
    value: float, unit: str | None, low: float | None, high: float | None, own: str | None
) -> Side | None:
    """An amount against a range with open ends: "110 V" and 100–240 V. None across dimensions."""
    said = _as(value, unit, own)
    if said is None or math.isnan(said):
        return None
    slack = _SAME * max(1.0, abs(said))
    if low is not None and said < low - slack:
        return "below"
    return "above" if high is not None and said > high + slack else "inside"


def axes(told: str, quote: str, lang: str) -> dict[str, tuple[float, str]]:
    """Height, width and depth with their units, where the words say which figure is which: beside a
    legend ("W × D × H") three figures in a row; else one figure beside one name. {} where they do not."""
    rows = [a for a in amounts(told, lang) if a.unit and same_dimension(a.unit, "cm") and a.low == a.high]
    legend = _legend(told, lang) or _legend(quote, lang)
    if len(legend) == len(rows) == _AXES:
        return {axis: (a.low, str(a.unit)) for axis, a in zip(legend, rows, strict=True)}
    named = {w.key for w in words_in(told, (*own_and_english(lang),)) if w.kind == "axis"}
    return {axis: (rows[0].low, str(rows[0].unit)) for axis in named if len(rows) == len(named) == 1}


def _legend(text: str, lang: str) -> tuple[str, ...]:
    """ "L × B × H" and 长×宽×高 → the axes in order; () where no three stand together."""
    for match in _LEGEND.finditer(text):
        found = [_axis_of(part, lang) for part in match.groups()]
        if all(found) and len(set(found)) == _AXES:
            return tuple(str(f) for f in found)
    return ()


def _axis_of(name: str, lang: str) -> str | None:
    letter = _LETTERS.get(name.strip().upper())
    words = {w.key for w in words_in(name, own_and_english(lang)) if w.kind == "axis"}
    return letter or (next(iter(words)) if len(words) == 1 else None)


def takes_mains(low_v: float, high_v: float, socket_v: float) -> bool:
    """True when an appliance rated low–high volts works at a socket, within the mains' tolerance."""
    return low_v * (1 - MAINS_TOLERANCE) <= socket_v <= high_v * (1 + MAINS_TOLERANCE)


def watt_hours(charge_mah: float, volts: float) -> float:
    """Energy of a battery in Wh from its charge in mAh and its nominal voltage."""
    return charge_mah * volts / 1000
