"""Evidence in plain English: figures, sources, scope. Pure."""

from __future__ import annotations

from cohost.trust import schemes as law
from cohost.trust.attributes import display_name
from cohost.trust.evidence import (
    Certificate,
    Evidence,
    Fact,
    MarketFact,
    Passage,
    Policy,
    Review,
    SourceClass,
    TestReport,
)

SOURCES: dict[SourceClass, str] = {
    "A": "Independent test or certificate", "B": "The maker's own word", "C": "The shop's own rule",
    "D": "Brochure, FAQ or review",
}  # fmt: skip
_QUALIFIERS = {"up_to": "up to ", "about": "about ", "at_least": "at least "}
_UNITS = {"degC": "°C", "degF": "°F", "day": "days", "month": "months", "year": "years", "dB": "dB(A)"}


def figure(item: Evidence) -> str:
    """ "22.4 h (at 50 % volume)", "no", "IPX7"; "" for what has no value of its own."""
    if not isinstance(item, Fact | MarketFact | Policy) or item.value is None:
        return ""
    value = item.value
    unit = _UNITS.get(item.unit or "", item.unit or "")
    denied = isinstance(item, Fact) and not item.polarity and value is not False
    money = len(unit) == 3 and unit.isupper()
    if isinstance(value, tuple):
        ranged = len(value) == 2 and all(isinstance(v, float) for v in value)
        text = ("–" if ranged else ", ").join(_plain(v, money) for v in value)
    else:
        text = _plain(value, money)
    qualifier = "" if isinstance(item, Policy) else _QUALIFIERS.get(item.qualifier, "")
    words = f"{'not ' if denied else ''}{qualifier}{text} {unit}".strip()
    return f"{words} ({item.condition})" if item.condition else words


def _plain(value: float | str | bool, money: bool = False) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return f"{value:,.2f}" if money and value % 1 else f"{value:,.10g}"


def subject(item: Evidence) -> str:
    """What an item is about: "Battery life", "CE declaration", "Test report EXL-2026-0417"."""
    if isinstance(item, Certificate):
        row = law.schemes().get(item.scheme)
        name = f"{row.title if row else item.scheme} {item.number or ''}".strip()
        return f"{name} · {item.component} only" if item.component else name
    if isinstance(item, TestReport):
        return f"Test report {item.number or ''}".strip()
    if isinstance(item, Passage):
        return item.heading or ("Warning" if item.warning else "Text")
    if isinstance(item, Review):
        return f"Review by {item.author}" if item.author else "Review"
    return display_name(item.attribute, "en")


def scope(item: Evidence) -> str:
    """Models and markets an item is limited to; "" for none."""
    return " · ".join(filter(None, (", ".join(item.models), ", ".join(item.markets))))
