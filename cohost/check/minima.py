"""The shop's terms below what the law of a market grants at least (`minima.toml`). Pure; no legal advice."""

from __future__ import annotations

import datetime as dt
import functools
import importlib.resources
import tomllib
from collections.abc import Sequence

import msgspec

from cohost.trust.evidence import Evidence, Fact, MarketFact, Policy
from cohost.trust.quantities import convert
from cohost.trust.schemes import expand

ADVICE = "orientation, no legal advice"
_ROUNDING = {"day": 0.01, "month": 0.5}
"""What a conversion may lose: two years are 24 months, not 23.9."""


class Minimum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table; its head explains the fields."""

    attribute: str
    markets: tuple[str, ...]
    least: float
    unit: str
    source: str
    checked: dt.date


class Below(msgspec.Struct, frozen=True):
    """A term of the shop that undercuts the law of these markets."""

    document: str
    page: int | None
    attribute: str
    markets: tuple[str, ...]
    got: float
    least: float
    unit: str
    source: str
    checked: dt.date
    evidence: tuple[str, ...]


@functools.cache
def table() -> tuple[Minimum, ...]:
    text = (importlib.resources.files(__package__) / "minima.toml").read_text(encoding="utf-8")
    return tuple(msgspec.convert(row, Minimum) for row in tomllib.loads(text)["minimum"])


def minimum(attribute: str, market: str) -> Minimum | None:
    """The row for a market; None where the table says nothing of it."""
    return next((r for r in table() if r.attribute == attribute and market in expand(r.markets)), None)


def below(items: Sequence[Evidence], market: str | None = None) -> tuple[Below, ...]:
    """Drafts too: they are there to be approved. One for each document, attribute and rule."""
    found: dict[tuple[object, ...], Below] = {}
    for item in items:
        if not isinstance(item, Fact | MarketFact | Policy) or item.release == "internal":
            continue
        for code in item.markets:
            row = minimum(item.attribute, code) if market in (None, code) else None
            got = _figure(item, row) if row else None
            if row is None or got is None or got >= row.least - _ROUNDING.get(row.unit, 0.0):
                continue
            key = (item.source.document, row.attribute, row.source, got)
            known = found.get(key)
            found[key] = Below(
                item.source.document, item.source.page, row.attribute,
                tuple(dict.fromkeys((*(known.markets if known else ()), code))), got, row.least, row.unit,
                row.source, row.checked,
                tuple(dict.fromkeys((*(known.evidence if known else ()), item.id))),
            )  # fmt: skip
    return tuple(found.values())


def _figure(item: Fact | MarketFact | Policy, row: Minimum) -> float | None:
    value = item.value[0] if isinstance(item.value, tuple) and item.value else item.value
    if isinstance(value, bool) or not isinstance(value, float | int):
        return None
    unit = item.unit or row.unit
    return float(value) if unit == row.unit else convert(float(value), unit, row.unit)
