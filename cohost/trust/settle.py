"""Which of several pieces of evidence is told, and in what state a paper is. Pure.

Order of the items never matters: everything is chosen by one total order. When evidence conflicts:
the exact variant before the family, the viewer's market before all markets, the higher source class,
then the figure less favourable to the seller; what contradicts it is kept for the host.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from cohost.trust.attributes import ontology
from cohost.trust.evidence import (
    Evidence,
    Fact,
    MarketFact,
    Policy,
    airable,
    covers_market,
    covers_model,
    in_force,
    normal_model,
)
from cohost.trust.quantities import amounts, convert
from cohost.trust.states import PaperState, State, is_voluntary, paper_state, tests_of

__all__ = [
    "PaperState", "Settleable", "Settled", "State", "figures", "is_voluntary", "paper_state", "proof_classes",
    "same_condition", "settle", "tests_of",
]  # fmt: skip
from cohost.trust.sizes import normal_label

Settleable = Fact | MarketFact | Policy
_SAME = 0.005
"""Relative difference up to which two figures say the same: rounding of unit conversions."""


class Settled(msgspec.Struct, frozen=True):
    """What evidence says of one attribute for one variant and market.

    `agreeing` say the same as `chosen`, `conflicts` another value under the same condition,
    `others` speak of another condition or can't be compared (words in another language).
    """

    chosen: Settleable | None
    agreeing: tuple[Settleable, ...] = ()
    conflicts: tuple[Settleable, ...] = ()
    reason: str = "none"  # none | only | agree | exact_variant | market | source_class | less_favourable
    others: tuple[Settleable, ...] = ()


# ---------------------------------------------------------------- facts


def settle(
    items: Sequence[Evidence], *, attribute: str, model: str | None, market: str | None, on: dt.date
) -> Settled:
    """The item to tell for `attribute`, of those approved, in force, of a class that may prove it, for
    this model and market (None: unknown, everything is a candidate)."""
    candidates = [
        item
        for item in items
        if isinstance(item, Settleable)
        and item.attribute == attribute
        and not (isinstance(item, Fact) and _of_a_chart(item))
        and airable(item)
        and in_force(item, on)
        and covers_model(item, model)
        and covers_market(item, market)
        and item.source_class in proof_classes(attribute)
    ]
    unique = sorted({item.id: item for item in candidates}.values(), key=lambda i: i.id)
    if not unique:
        return Settled(chosen=None)
    support = {i.id: sum(same_condition(i, other) for other in unique) for i in unique}
    ranked = sorted(unique, key=lambda i: (*_rank(i, model, market), -support[i.id], *_against(i), i.id))
    chosen = ranked[0]
    return _classified(chosen, ranked[1:], model, market)


def _of_a_chart(item: Fact) -> bool:
    """A row of a size chart, or the rule beside it, says nothing alone."""
    return item.attribute == "size_chart" and (item.size is not None or bool(item.between_sizes))


def proof_classes(attribute: str) -> str:
    """Source classes that may prove the attribute: "AB" for water, safety, certificates; else all."""
    known = ontology().get(attribute)
    return (known.proof if known else "") or "ABCD"


def _rank(item: Settleable, model: str | None, market: str | None) -> tuple[int, int, int, str]:
    """Exactness of variant, of market, newest market figure, source class: smaller is better."""
    exact = model is not None and any(normal_model(m) == normal_model(model) for m in item.models)
    here = market is not None and market in item.markets
    fresh = -item.as_of.toordinal() if isinstance(item, MarketFact) and item.as_of else 0
    return (not exact, not here, fresh, item.source_class)


def _classified(
    chosen: Settleable, rest: Iterable[Settleable], model: str | None, market: str | None
) -> Settled:
    agreeing: list[Settleable] = []
    conflicts: list[Settleable] = []
    others: list[Settleable] = []
    for item in rest:
        verdict = _compare(chosen, item)
        (agreeing if verdict == "same" else conflicts if verdict == "conflict" else others).append(item)
    reason = "agree" if agreeing else "only"
    if conflicts:
        first, best = _rank(conflicts[0], model, market), _rank(chosen, model, market)
        names = ("exact_variant", "market", "newer", "source_class")
        reason = next((n for n, a, b in zip(names, best, first, strict=True) if a != b), "less_favourable")
    return Settled(chosen, tuple(agreeing), tuple(conflicts), reason, tuple(others))


def _compare(a: Settleable, b: Settleable) -> Literal["same", "conflict", "other"]:
    if not same_condition(a, b):
        return "other"
    if _denied(a) != _denied(b):
        return "conflict"
    x, y = figures(a), figures(b)
    if x is not None and y is not None:
        return "same" if all(map(_close, x, y)) else "conflict"
    codes = _codes(a), _codes(b)
    if all(codes):
        return "same" if codes[0] == codes[1] else "conflict"
    return "same" if _words(a) == _words(b) else "other"


def _close(x: float, y: float) -> bool:
    return abs(x - y) <= _SAME * max(abs(x), abs(y))


def _denied(item: Settleable) -> bool:
    value = item.value
    return value is False or (isinstance(item, Fact) and not item.polarity and value is not False)


def figures(item: Settleable) -> tuple[float, float] | None:
    """The value as (low, high) in the attribute's first unit, or None where it is no number."""
    value = item.value
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return None
    numbers = value if isinstance(value, tuple) else (value, value)
    if len(numbers) != 2 or any(isinstance(n, (str, bool)) for n in numbers):
        return None
    low, high = float(numbers[0]), float(numbers[1])
    known = ontology().get(item.attribute)
    if item.unit and known and known.units and item.unit != known.units[0]:
        target = known.units[0]
        ends = convert(low, item.unit, target), convert(high, item.unit, target)
        if ends[0] is not None and ends[1] is not None:
            return ends[0], ends[1]
    return low, high


def _codes(item: Settleable) -> frozenset[str]:
    return frozenset(re.findall(r"\bIP[X\d][X\d]K?\b", str(item.value).upper()))


def _words(item: Settleable) -> frozenset[str]:
    value = item.value
    text = " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return frozenset(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _against(item: Settleable) -> tuple[int, float, str]:
    """Sort key: what flatters the seller least first. A denial comes before anything."""
    known = ontology().get(item.attribute)
    direction = known.favourable if known else "none"
    if _denied(item):
        return (0, 0.0, "")
    both = figures(item)
    if both is not None:
        low, high = both
        figure = -high if direction == "lower" else low
        return (1, figure, "")
    return (1, 0.0, min(_codes(item), default=""))


def same_condition(a: Settleable, b: Settleable) -> bool:
    """True when both figures hold under the same circumstances: same numbers in the condition (words
    may differ by language), or no numbers and one of them states nothing more. Figures of two sizes never
    do."""
    if _size_names(a) or _size_names(b):
        return bool(_size_names(a) & _size_names(b))
    if isinstance(a, Fact) and isinstance(b, Fact) and a.report and a.report == b.report:
        return a.condition == b.condition  # two rows of one report are two measurements
    x, y = _condition(a.condition), _condition(b.condition)
    if x[0] and y[0]:
        return x[0] <= y[0] or y[0] <= x[0]
    if x[0] or y[0]:
        return not (a.condition and b.condition)
    return not (x[1] and y[1]) or bool(x[1] & y[1])


@functools.lru_cache(maxsize=4096)
def _size_names(item: Settleable) -> frozenset[str]:
    row = item.size if isinstance(item, Fact) else None
    return frozenset(normal_label(label.value) for label in row.labels) if row else frozenset()


@functools.lru_cache(maxsize=4096)
def _condition(text: str) -> tuple[frozenset[tuple[float, str | None]], frozenset[str]]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    numbers = frozenset((a.low, a.unit) for a in amounts(text)) if text else frozenset()
    return numbers, frozenset(re.findall(r"\w+", plain))
