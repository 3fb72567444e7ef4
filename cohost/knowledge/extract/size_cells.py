"""Cells of a size chart: the label of a size, a measure's two ends, the unit a head names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cohost.trust.quantities import amounts
from cohost.trust.sizes import is_letter, is_number, says, system_of, tidy_label
from cohost.trust.units import unit_id

Ends = tuple[float | None, float | None, str | None]
"""Low, high and unit; an open end is None."""

UNITS = frozenset({"cm", "mm", "m", "inch", "ft", "kg", "g", "lb", "year", "month", "jin"})
SPELT = UNITS - {"ft", "m"}
"""Units that a head may write out; "pied" is the foot that is measured."""
_SYMBOLS = {
    "cm": "cm", "mm": "mm", "m": "m", "in": "inch", "inch": "inch", "inches": "inch", '"': "inch",
    "kg": "kg", "g": "g", "lb": "lb", "lbs": "lb", "см": "cm", "мм": "mm", "кг": "kg", "سم": "cm",
    "كجم": "kg", "كغ": "kg",
}  # fmt: skip
_DENSE = (
    ("厘米", "cm"), ("公分", "cm"), ("毫米", "mm"), ("英寸", "inch"), ("公斤", "kg"), ("千克", "kg"),
    ("斤", "jin"), ("センチ", "cm"), ("ミリ", "mm"), ("インチ", "inch"), ("キロ", "kg"), ("센티", "cm"),
    ("인치", "inch"), ("킬로", "kg"), ("ซม", "cm"), ("นิ้ว", "inch"), ("กก", "kg"), ("सेमी", "cm"),
    ("किग्रा", "kg"), ("岁", "year"), ("歳", "year"), ("세", "year"), ("ขวบ", "year"),
)  # fmt: skip
_TOKEN = re.compile(r'[A-Za-z\u00c0-\u024f]+|[^\W\d_A-Za-z\u00c0-\u024f]+|"')
_BRACKETED = re.compile(r"[(（\[]([^)）\]]*)[)）\]]")
_LAST_FIGURE = re.compile(r"(\d)(?!.*\d)")
_CASE_ENDING = re.compile(r"(?<=\d)['’][^\W\d_]{1,4}(?=\s|$)")
_OPEN = re.compile(r"\d\s*\+\s*$|\+\s*\d")
_SLASHED = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*[/~〜～]\s*(\d+(?:[.,]\d+)?)\s*")
_PREFIXED = re.compile(
    r"(?P<before>[^\W\d_]{1,12}\.?|EU|UK|US)?\s*(?P<label>[0-9A-ZМХЛx×][0-9A-ZМХЛx×./\-–½ ]{0,8})",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s*[-–—~]\s*")
_SHORT = 8
_WORDY = 14


def label_in(cell: str, *, headed: bool, named: bool = False) -> tuple[str, str] | None:
    """(system, label) of a size's name: ("EU", "42"), ("", "XL"). Figures need a head or a system of their
    own; under a head that says "size" (`named`) any short name is one. None for anything else."""
    text = " ".join(cell.split())
    if not text or len(text) > 24:
        return None
    if is_letter(text) or (headed and is_number(text)):
        return "", tidy_label(text)
    match = _PREFIXED.fullmatch(text)
    if match and match["before"]:
        system, label = system_of(match["before"].rstrip(".")), match["label"].strip()
        if system is not None and (is_letter(label) or is_number(label)):
            return system, tidy_label(label)
    if says(text, "one"):
        return "", text
    short = named and len(text) <= _SHORT and "×" not in text and re.search(r"\w", text)
    return ("", text) if short and unit_in(text) is None and system_of(text) is None else None


def unit_in(text: str, lang: str = "en") -> str | None:
    """The unit of length, mass or age that a head or a caption names, in brackets first; "in" counts only
    alone."""
    for inner in _BRACKETED.findall(text):
        inside = unit_in(inner, lang)
        if inside:
            return inside
    found: list[str] = []
    for token in _TOKEN.findall(text):
        known = _SYMBOLS.get(token) or _SYMBOLS.get(token.lower() if len(token) > 1 else token)
        spelt = unit_id(token, lang) if known is None and len(token) > 2 else None
        if known or spelt in SPELT:
            found.append(str(known or spelt))
    found += [unit for word, unit in _DENSE if word in text]
    plain = [u for u in found if u != "inch"] or found
    return plain[0] if plain else None


def first_unit(texts: Iterable[str], lang: str) -> str | None:
    """The unit of length of the first text that names one: "All values in cm"."""
    return next((u for t in texts if (u := unit_in(t, lang)) in ("cm", "mm", "inch")), None)


def ends_in(cell: str, unit: str | None, lang: str) -> Ends | None:
    """A measure's two ends: "55–58", "≤ 54", "185'e kadar", "5'7\\"–5'9\\"". None where the cell holds no
    figure, or runs on in words."""
    text = _CASE_ENDING.sub("", " ".join(cell.split()))
    if not any(c.isdigit() for c in text):
        return None
    two = _SLASHED.fullmatch(text)
    if two:
        low, high = (float(n.replace(",", ".")) for n in two.groups())
        return (low, high, unit) if low <= high else None
    found = amounts(text, lang)
    told = [a for a in found if a.unit in UNITS]
    if not told:
        found = told = amounts(_LAST_FIGURE.sub(rf"\1 {unit or 'cm'}", text), lang)
    told = [a for a in told if a.unit == unit] or told
    if not told or len(found) > 2:
        return None
    best = told[0]
    if len(told) == 2 and best.unit == told[1].unit and _DASH.fullmatch(text[best.end : told[1].start]):
        return best.low, told[1].high, best.unit  # feet and inches twice
    if sum(c.isalpha() for c in text) > _WORDY:
        return None
    named = best.unit if best.unit in UNITS and (unit or any(a.unit for a in amounts(text, lang))) else unit
    if best.qualifier == "up_to":
        return None, best.high, named
    if best.qualifier == "at_least" or _OPEN.search(text):
        return best.low, None, named
    return best.low, best.high, named
