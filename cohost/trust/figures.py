"""Amounts as a language writes them: digits, unit names, "up to". Pure; names and digits from CLDR."""

from __future__ import annotations

import functools
from decimal import localcontext

from babel.core import Locale
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit

from cohost.languages import base, table
from cohost.trust.quantities import Amount
from cohost.trust.units import COUNTS, is_money
from cohost.trust.words import plain

_CLDR = {
    "h": "duration-hour", "min": "duration-minute", "s": "duration-second", "day": "duration-day",
    "week": "duration-week", "month": "duration-month", "year": "duration-year",
}  # fmt: skip
_SIGN = {
    "degC": "°C", "degF": "°F", "inch": "in", "floz": "fl oz", "m**2": "m²", "g/m**2": "g/m²", "N*m": "N·m",
    "um": "µm", "ohm": "Ω", "kohm": "kΩ",
}  # fmt: skip
_OWN_SIGNS = frozenset({"ru", "ar"})  # languages that do not write SI symbols in Latin letters
LONGEST = 400
"""Digits a number may have: more than the usual 28, where rounding raises, and any float has fewer."""
_TIGHT_PERCENT = frozenset({"en", "zh", "ja", "ko", "th", "hi", "id", "pt", "it", "vi", "nl"})
_ABBREVIATED = frozenset({"ru", "pl"})  # "до 24 часов" would bend the unit; "макс. 24 часа" does not
_UNSPACED = frozenset({"zh", "ja", "th"})
_WITH_FIGURES = (5, 11)  # values whose plural form always writes the number (Arabic 2 does not)


@functools.cache
def _locale(lang: str) -> Locale:
    return Locale.parse({"pt": "pt_BR", "zh": "zh_Hans_CN"}.get(lang, lang))


def format_number(value: float, lang: str) -> str:
    """Digits with the language's separators; at most six decimals."""
    with localcontext(prec=LONGEST):
        return str(format_decimal(value, format="#,##0.######", locale=_locale(base(lang))))


def format_amount(amount: Amount, lang: str, *, source: str | None = None) -> str:
    """An amount with the language's digits, unit name and word for "up to", "about", "at least".

    `source` is the language of `amount.text`: working days stay working days.
    """
    tag = base(lang)
    if source is not None and _working_days(amount, base(source)):
        return _qualified(_in_working_days(amount, tag), amount.qualifier, tag)
    return _qualified(_with_unit(amount, tag), amount.qualifier, tag)


def _figures(amount: Amount, tag: str) -> str:
    low = format_number(amount.low, tag)
    return low if amount.high == amount.low else f"{low}–{format_number(amount.high, tag)}"


def _with_unit(amount: Amount, tag: str) -> str:
    figures, unit = _figures(amount, tag), amount.unit
    if unit is None or unit in COUNTS:
        return figures
    if unit in _CLDR:
        return _duration(amount, figures, tag)
    if is_money(unit):
        single = amount.high == amount.low
        return format_currency(amount.low, unit, locale=_locale(tag)) if single else f"{figures} {unit}"
    sign = _SIGN.get(unit, unit)
    if tag in _OWN_SIGNS:
        sign = _units(tag).get(unit, [sign])[0]
    return f"{figures}{'' if unit == '%' and tag in _TIGHT_PERCENT else ' '}{sign}"


def _duration(amount: Amount, figures: str, tag: str) -> str:
    """ "24 Stunden", "24–30 часов": the plural form of the last number; the dual stands alone."""
    name = _CLDR[str(amount.unit)]
    for value in (amount.high, *_WITH_FIGURES):
        shown = _unit_phrase(value, name, tag)
        written = format_number(value, tag)
        if written in shown:
            return shown.replace(written, figures)
        if amount.high == amount.low:
            return shown
    return f"{figures} {amount.unit}"


def _unit_phrase(value: float, name: str, tag: str) -> str:
    for length in ("long", "short", "narrow"):
        shown = str(format_unit(value, name, length=length, locale=_locale(tag)))
        if "duration-" not in shown:
            return shown
    return f"{format_number(value, tag)} {name.removeprefix('duration-')}"


def _units(tag: str) -> dict[str, list[str]]:
    units: dict[str, list[str]] = table(tag, "quantities").get("units", {})
    return units


def _working_days(amount: Amount, source: str) -> bool:
    if amount.unit != "day":
        return False
    words = plain(amount.text)
    return any(plain(form) in words for tag in (source, "en") for form in _units(tag).get("workday", []))


def _in_working_days(amount: Amount, tag: str) -> str:
    form = _units(tag).get("workday", ["working days"])[0]
    if amount.high == 1:
        return f"{_with_unit(amount, tag)} ({form})"
    return f"{_figures(amount, tag)}{'' if tag in _UNSPACED else ' '}{form}"


def _qualified(shown: str, qualifier: str, tag: str) -> str:
    listed: list[str] = table(tag, "quantities").get("qualifiers", {}).get(qualifier, [])
    short = tag in _ABBREVIATED
    word = next((w for w in listed if w.endswith(".") == short and not w.endswith(">")), None)
    return shown if word is None else f"{word}{'' if tag in _UNSPACED else ' '}{shown}"
