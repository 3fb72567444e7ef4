"""Unit words of every language to one id each, and conversion between ids. Pure; Pint inside.

An id is Pint-readable ("h", "degC", "cm/s"), an ISO 4217 code, or a count ("piece", "time").
"""

from __future__ import annotations

import functools
import importlib.resources
import re
import tomllib
from typing import Any

from cohost.languages import LANGUAGES, base, table
from cohost.trust.words import plain

COUNTS = frozenset({"piece", "time"})
SCALED = re.compile(r"^(.+)=(\d+)$")
_NOT_LATIN = ("ar", "hi", "th", "ja", "ko", "zh", "ru")
_MONEY = re.compile(r"^[A-Z]{3}$")
_NOT_MONEY = frozenset({"MHZ"})


class Spelling(tuple[str, float]):
    """(unit id, scale): "万円" is ("JPY", 10000)."""

    __slots__ = ()


@functools.cache
def _shared() -> dict[str, Any]:
    file = importlib.resources.files(__package__) / "units.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def symbols() -> dict[str, Spelling]:
    """Symbols as written (case kept) → unit."""
    rows: dict[str, list[str]] = _shared()["symbols"]
    return {word: Spelling((unit, 1.0)) for unit, spellings in rows.items() for word in spellings}


@functools.cache
def spellings(lang: str) -> dict[str, Spelling]:
    """Every spelling a text of that language may use, its own over English over other scripts.

    Words are lower case; symbols keep their case, and appear in lower case too where that is safe.
    """
    own = base(lang)
    found: dict[str, Spelling] = {}
    others = [tag for tag in _NOT_LATIN if tag != own]
    for tag in [*others, "en", own] if own in LANGUAGES else [*others, "en"]:
        foreign = tag in others
        for unit, written in table(tag, "quantities").get("units", {}).items():
            for word in written:
                spelt, scale = _scaled(word)
                if not (foreign and spelt.isascii()):
                    found[spelt] = Spelling((_id(unit), scale))
                    if len(spelt) > 1:
                        found[spelt.lower()] = Spelling((_id(unit), scale))
    found.update(symbols())
    return found


def _id(unit: str) -> str:
    """Working days are days: that they are working days is a condition, and stays in the words."""
    return {"workday": "day", "percent": "%"}.get(unit, unit)


def _scaled(word: str) -> tuple[str, float]:
    match = SCALED.match(word)
    return (match[1], float(match[2])) if match else (word, 1.0)


@functools.cache
def _plain_spellings(lang: str) -> dict[str, str]:
    return {plain(word): unit for word, (unit, _) in spellings(lang).items()}


def unit_id(word: str, lang: str | None = None) -> str | None:
    """The id of a unit word or symbol: "小时", "hrs", "horas" → "h"; None when unknown."""
    asked = word.strip()
    tags = [base(lang), "en"] if lang else ["en"]
    for tag in tags:
        for form in (asked, asked.rstrip("."), asked.lower()):
            if form in spellings(tag):
                return spellings(tag)[form][0]
    for tag in tags if lang else ["en", *LANGUAGES]:
        if plain(asked) in _plain_spellings(tag):
            return _plain_spellings(tag)[plain(asked)]
    if _MONEY.match(asked):
        return asked
    return asked if asked in _shared()["symbols"] else None


def is_money(unit: str | None) -> bool:
    """True for an ISO 4217 code."""
    return unit is not None and _MONEY.match(unit) is not None and unit not in _NOT_MONEY


@functools.cache
def _registry() -> Any:
    import pint

    registry = pint.UnitRegistry(autoconvert_offset_to_baseunit=True, cache_folder=None)
    registry.define("jin = 0.5 * kilogram")
    return registry


@functools.cache
def _pint(unit: str) -> Any | None:
    """The Pint unit of an id; None where Pint knows none (money, counts, nonsense)."""
    if is_money(unit) or unit in COUNTS or not unit:
        return None
    import pint

    name = _shared()["pint"].get(unit, unit) if unit != "jin" else "jin"
    try:
        return _registry().Unit("percent" if name == "%" else name)
    except (pint.errors.PintError, ValueError, TypeError, AttributeError, SyntaxError, AssertionError):
        return None


def same_dimension(a: str, b: str) -> bool:
    """True when one converts into the other; money only with the same currency."""
    if a == b:
        return True
    one, other = _pint(a), _pint(b)
    return one is not None and other is not None and one.dimensionality == other.dimensionality


def convert(value: float, unit: str, target: str) -> float | None:
    """The value in the target unit; None across dimensions, currencies or unknown units."""
    if unit == target:
        return value
    if "dB" in (unit, target) or not same_dimension(unit, target):
        return None
    return float(_registry().Quantity(value, _pint(unit)).to(_pint(target)).magnitude)
