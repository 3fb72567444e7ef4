"""How figures are said: units, money and spans as words of the language. Pure.

"620 g" → "620 gramos", "79,90 €" → "79,90 euros", "12–18" → "12 a 18". The numbers stay digits: an
engine reads those, and the percent sign, in its language; it would spell the rest.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

import msgspec
from babel.numbers import format_currency
from babel.units import format_unit

from cohost.languages import table

CLDR = {
    "g": "mass-gram", "kg": "mass-kilogram", "mm": "length-millimeter", "cm": "length-centimeter",
    "m": "length-meter", "km": "length-kilometer", "W": "power-watt", "kW": "power-kilowatt",
    "V": "electric-volt", "A": "electric-ampere", "mL": "volume-milliliter", "L": "volume-liter",
    "degC": "temperature-celsius", "degF": "temperature-fahrenheit", "h": "duration-hour",
    "min": "duration-minute", "Hz": "frequency-hertz", "kHz": "frequency-kilohertz",
    "MHz": "frequency-megahertz", "GHz": "frequency-gigahertz", "oz": "mass-ounce", "lb": "mass-pound",
}  # fmt: skip
SIGNS = {
    "ml": "mL", "l": "L", "°C": "degC", "ºC": "degC", "℃": "degC", "°F": "degF", "dB": "dB", "dB(A)": "dB",
    "mAh": "mAh", "Wh": "Wh",
}  # fmt: skip
LOCAL = {
    "ru": {"г": "g", "кг": "kg", "мм": "mm", "см": "cm", "м": "m", "Вт": "W", "В": "V", "ч": "h", "л": "L"},
    "hi": {"ग्रा॰": "g", "मी": "m", "कि॰ग्रा॰": "kg", "से॰मी॰": "cm"},
    "th": {"ก.": "g", "ม.": "m", "กก.": "kg", "ซม.": "cm"}, "ar": {"°م": "degC", "غم": "g", "م": "m"},
}  # fmt: skip
"""Signs of units as a language writes them (CLDR's short forms)."""
MONEY = {
    "€": "EUR", "£": "GBP", "R$": "BRL", "$": "USD", "US$": "USD", "¥": "JPY", "฿": "THB", "₹": "INR",
    "₩": "KRW", "EUR": "EUR", "USD": "USD", "GBP": "GBP", "BRL": "BRL", "JPY": "JPY", "THB": "THB",
}  # fmt: skip
PLURAL = {"en": 1, "es": 1, "fr": 1, "pt": 0, "pl": 2}
"""Which spelling of the language's table a number goes with, where CLDR does not say."""
_MARKS = "\u200e\u200f\u2066\u2067\u2069"
_NUMBER = r"\d+(?:[.,\u00a0\u202f]\d+)*"
_GAP = rf"[\s{_MARKS}]*"
_SPAN = re.compile(rf"(?<![\d.,–-])({_NUMBER})\s*[–-]\s*(?={_NUMBER}(?![\d–-]))")


class Said(msgspec.Struct, frozen=True):
    """What the engine is given, and for each of its characters the place in the text it stands for."""

    text: str
    places: tuple[int, ...]

    def place(self, char: int) -> int:
        """A place in the engine's text → the place in the sentence."""
        return self.places[min(max(char, 0), len(self.places) - 1)] if self.places else 0


def say(text: str, lang: str) -> Said:
    """`lang`: a primary tag. Whatever has no words in that language stays as it is written."""
    said = Said(text, tuple(range(len(text))))
    said = _replaced(said, _money(), lambda found: _priced(found, lang))
    said = _replaced(said, _units(lang), lambda found: _measured(found, lang))
    to = str(table(lang, "frames").get("value", {}).get("to", ""))
    return _replaced(said, _SPAN, lambda found: found[1] + to) if to else said


def _replaced(said: Said, pattern: re.Pattern[str], put: Callable[[re.Match[str]], str]) -> Said:
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for found in pattern.finditer(said.text):
        new = put(found)
        pieces += (said.text[done : found.start()], new)
        places += said.places[done : found.start()]
        own = said.places[found.start() : found.end()]
        places += [own[min(i * len(own) // max(len(new), 1), len(own) - 1)] for i in range(len(new))]
        done = found.end()
    pieces.append(said.text[done:])
    places += said.places[done:]
    return Said("".join(pieces), tuple(places))


def _measured(found: re.Match[str], lang: str) -> str:
    number, sign = found["number"], found["sign"]
    unit = (LOCAL.get(lang, {}) | SIGNS).get(sign, sign)
    value = _value(number)
    text = _cldr(value, CLDR[unit], lang) if unit in CLDR else ""
    if text:
        return text.replace("#", number)
    words = table(lang, "quantities").get("units", {}).get(unit, ())
    return f"{number} {words[min(PLURAL.get(lang, 0), len(words) - 1)]}" if words else found[0]


@functools.lru_cache(maxsize=512)
def _cldr(value: float, unit: str, lang: str) -> str:
    """ "# grams" in the plural form of the value; "" where CLDR has no words that follow the number."""
    text = format_unit(value, unit, "long", format="#,##0.######;-#", locale=lang, numbering_system="latn")
    number = re.search(_NUMBER, text)
    return f"#{text[number.end() :]}" if number and not number.start() and unit not in text else ""


def _priced(found: re.Match[str], lang: str) -> str:
    number = found["after"] or found["before"]
    code = MONEY[found["sign_before"] or found["sign_after"]]
    return f"{number} {_currency(_value(number), code, lang)}"


@functools.lru_cache(maxsize=512)
def _currency(value: float, code: str, lang: str) -> str:
    text = format_currency(value, code, locale=lang, format_type="name", numbering_system="latn")
    return re.sub(_NUMBER, "", text).strip()


def _value(number: str) -> float:
    """Which plural form: whole or not, and its last digits; thousands need no care for that."""
    digits = re.sub(r"[\u00a0\u202f]", "", number)
    head, _, tail = digits.replace(",", ".").rpartition(".")
    whole = head.replace(".", "")
    return float(f"{whole}{tail}") if not whole or len(tail) == 3 else float(f"{whole}.{tail}")


@functools.cache
def _units(lang: str) -> re.Pattern[str]:
    signs = sorted({*CLDR, *SIGNS, *LOCAL.get(lang, {})} - {"degC", "degF"}, key=len, reverse=True)
    one = "|".join(map(re.escape, signs))
    return re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER}){_GAP}(?P<sign>{one})(?![\w/²³])")


@functools.cache
def _money() -> re.Pattern[str]:
    one = "|".join(map(re.escape, sorted(MONEY, key=len, reverse=True)))
    return re.compile(
        rf"(?<![\w$])(?P<sign_before>{one}){_GAP}(?P<after>{_NUMBER})"
        rf"|(?<![\w.,])(?P<before>{_NUMBER}){_GAP}(?P<sign_after>{one})(?!\w)"
    )
