"""Numbers, units, money, dates, countries and lists as a language writes them (CLDR by Babel). Pure."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from collections.abc import Sequence
from decimal import localcontext

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from cohost.common.catalogue import Market
from cohost.decision.frames import frame, has_plural, plural, spoken
from cohost.languages import base
from cohost.trust.attributes import Attribute
from cohost.trust.figures import LONGEST
from cohost.trust.guard_words import fold
from cohost.trust.quantities import amounts, convert

CLDR_UNITS: dict[str, str] = {
    "s": "duration-second", "min": "duration-minute", "h": "duration-hour", "day": "duration-day",
    "week": "duration-week", "month": "duration-month", "year": "duration-year",
    "mg": "mass-milligram", "g": "mass-gram", "kg": "mass-kilogram", "t": "mass-tonne",
    "oz": "mass-ounce", "lb": "mass-pound",
    "mm": "length-millimeter", "cm": "length-centimeter", "m": "length-meter", "km": "length-kilometer",
    "inch": "length-inch", "ft": "length-foot", "mi": "length-mile",
    "W": "power-watt", "kW": "power-kilowatt", "mW": "power-milliwatt",
    "V": "electric-volt", "A": "electric-ampere", "mA": "electric-milliampere",
    "mL": "volume-milliliter", "L": "volume-liter", "floz": "volume-fluid-ounce",
    "degC": "temperature-celsius", "degF": "temperature-fahrenheit",
    "Hz": "frequency-hertz", "kHz": "frequency-kilohertz", "MHz": "frequency-megahertz",
    "GHz": "frequency-gigahertz", "m/s": "speed-meter-per-second", "km/h": "speed-kilometer-per-hour",
}  # fmt: skip
SPOKEN_UNITS = frozenset({"s", "min", "h", "day", "week", "month", "year"})
"""Times are written out ("24 hours"); everything else by its symbol."""

SYMBOLS = {
    "h": "h", "degC": "°C", "degF": "°F", "inch": "in", "floz": "fl oz", "ohm": "Ω", "kohm": "kΩ",
    "um": "µm", "g/m**2": "g/m²", "m**2": "m²", "m**3": "m³", "N*m": "N·m",
}  # fmt: skip
_SIZE = re.compile(
    r"(\d+(?:[.,]\d+)?(?:\s*[x×*✕]\s*\d+(?:[.,]\d+)?){0,2})\s*(mm|cm|m|毫米|厘米)(?![\w/²³])", re.IGNORECASE
)
LRI, PDI = "\u2066", "\u2069"
RTL = frozenset({"ar", "he", "fa", "ur"})


class Tongue(msgspec.Struct, frozen=True):
    """In which language, for which market, how addressed: everything wording depends on."""

    lang: str
    market: str | None = None
    formal: bool = False

    @property
    def tables(self) -> str:
        """The language whose tables speak."""
        return spoken(self.lang)

    @property
    def us(self) -> bool:
        return self.market == "US"


def tongue(lang: str, market: Market | None) -> Tongue:
    """Formality follows the market where its language is spoken; a foreign language stays informal."""
    own = market is not None and base(market.lang) == base(lang)
    formal = own and market is not None and market.address == "formal"
    return Tongue(lang, market.code if market else None, formal)


@functools.lru_cache(maxsize=512)
def locale_of(lang: str, market: str | None = None) -> Locale:
    """CLDR locale of a language, with the market's habits where that country speaks it."""
    tag = spoken(lang)
    if market:
        try:
            found = Locale.parse(f"{tag}_{market}")
        except (UnknownLocaleError, ValueError):
            found = None
        if found is not None and (tag, market) in _AT_HOME:
            return found
    return Locale.parse("zh_Hant" if lang.lower().startswith(("zh-tw", "zh-hk", "zh-hant")) else tag)


_AT_HOME = frozenset({
    ("en", "US"), ("en", "GB"), ("en", "AU"), ("en", "CA"), ("en", "NZ"), ("en", "IE"), ("en", "IN"),
    ("en", "SG"), ("es", "ES"), ("es", "MX"), ("es", "US"), ("es", "CO"), ("es", "CL"), ("es", "PE"),
    ("es", "AR"), ("pt", "BR"), ("pt", "PT"), ("fr", "FR"), ("fr", "BE"), ("fr", "CA"), ("fr", "CH"),
    ("de", "DE"), ("de", "AT"), ("de", "CH"), ("it", "IT"), ("it", "CH"), ("nl", "NL"), ("nl", "BE"),
})  # fmt: skip


def number(value: float, at: Tongue) -> str:
    """Locale digits and separators, at most three decimals (1.085 kg), Latin digits."""
    locale = locale_of(at.lang, at.market)
    with localcontext(prec=LONGEST):
        return str(format_decimal(round(value, 3), locale=locale, numbering_system="latn"))


def quantity(value: float, unit: str | None, at: Tongue, *, short: bool = False) -> str:
    """ "24 hours", "620 g", "12 working days"; the plain number where there is no unit."""
    if not unit:
        return number(value, at)
    if unit == "age" and not has_plural(at.lang, "age"):
        unit = "year"
    if unit in ("workday", "age"):
        return plural(at.lang, unit, value).format(n=number(value, at))
    if unit == "%":
        return percent(value, at)
    known = CLDR_UNITS.get(unit)
    text = _cldr_unit(value, known, unit in SPOKEN_UNITS and not short, at) if known else ""
    if text and _reads_back(text, value, unit, at.tables):
        return text
    return f"{number(value, at)}\u00a0{SYMBOLS.get(unit, unit)}"


def _cldr_unit(value: float, known: str, written_out: bool, at: Tongue) -> str:
    """The unit as CLDR writes it; "" where the locale inherits its name and Babel prints the id."""
    place = locale_of(at.lang, at.market)
    for length in ("long", "short", "narrow") if written_out else ("short", "narrow", "long"):
        text = str(format_unit(round(value, 3), known, length=length, locale=place, numbering_system="latn"))
        if known not in text:
            return text
    return ""


@functools.lru_cache(maxsize=4096)
def _reads_back(text: str, value: float, unit: str, lang: str) -> bool:
    """True when whoever checks the sentence reads the same figure in it. Arabic writes one and two
    without a digit, and some short forms are used by nobody: then the symbol stands."""
    read = amounts(fold(text, lang).shown, lang)
    return len(read) == 1 and read[0].unit == unit and abs(read[0].low - round(value, 3)) < 0.0005


def percent(value: float, at: Tongue) -> str:
    """ "81 %", "81%", "%81": where the language puts the sign."""
    at_home = locale_of(at.lang, at.market)
    exact = round(value / 100, 6)
    return str(format_percent(exact, locale=at_home, decimal_quantization=False, numbering_system="latn"))


def span(low: float, high: float, unit: str | None, at: Tongue) -> str:
    """ "12–18 days"; the unit stands once, in the higher number's plural."""
    if low == high:
        return quantity(high, unit, at)
    start = number(low, at)
    minus = low < 0 or high < 0
    joined = quantity(high, unit, at)
    dash = frame(at.lang, "value.to") if minus else "–"
    return f"{start}{dash}{joined}"


def money(value: float, currency: str, at: Tongue) -> str:
    """ "79,90 €", "$89.90", "￥12,800"; the currency's code where its sign could be misread."""
    if re.fullmatch(r"[A-Z]{3}", currency):
        place = locale_of(at.lang, at.market)
        text = str(format_currency(value, currency, locale=place, numbering_system="latn"))
        if _reads_back(text, value, currency, at.tables):
            return text
    return f"{number(value, at)} {currency}".strip()


def date(day: dt.date, at: Tongue) -> str:
    return str(format_date(day, "medium", locale=locale_of(at.lang, at.market)))


def country(code: str, at: Tongue) -> str:
    """The country's name in the reply's language; the code where CLDR knows none."""
    return str(locale_of(at.lang).territories.get(code, code))


def listed(parts: Sequence[str], at: Tongue, *, either: bool = False) -> str:
    """ "a, b and c"; "a, b or c"."""
    return str(format_list(list(parts), style="or" if either else "standard", locale=locale_of(at.lang)))


def isolate(text: str, at: Tongue) -> str:
    """Left-to-right names inside right-to-left text keep their order."""
    if at.tables in RTL and re.search(r"[A-Za-z]", text):
        return f"{LRI}{text}{PDI}"
    return text


# ---------------------------------------------------------------- United States units beside metric


_US_IDS = {"in": "inch"}
_US_SYMBOLS = {"inch": "in", "floz": "fl oz", "degF": "°F"}


def us_beside(low: float, high: float, unit: str | None, spec: Attribute | None, at: Tongue) -> str:
    """The same in US units, rounded against the seller; "" where not wanted."""
    if not at.us or unit is None or spec is None or not spec.us or unit in spec.us:
        return ""
    target = _us_unit(high, unit, spec)
    ends = convert(low, unit, target), convert(high, unit, target)
    if ends[0] is None or ends[1] is None:
        return ""
    rounded = [_against(e, spec.favourable) for e in (ends[0], ends[1])]
    low_text, high_text = number(rounded[0], at), number(rounded[1], at)
    figures = high_text if low_text == high_text else f"{low_text}–{high_text}"
    return f"{figures} {_US_SYMBOLS.get(target, target)}"


def _us_unit(value: float, unit: str, spec: Attribute) -> str:
    """The largest US unit that keeps the number at one or more: ounces up to a pound."""
    targets = [_US_IDS.get(u, u) for u in spec.us]
    for target in reversed(targets):
        turned = convert(value, unit, target)
        if turned is not None and abs(turned) >= 2:
            return target
    return targets[0]


def _against(value: float, favourable: str) -> float:
    """One decimal (none from 100 on), never in the seller's favour."""
    step = 1.0 if abs(value) >= 100 else 0.1
    scaled = round(value / step, 6)
    turned = (
        math.floor(scaled)
        if favourable == "higher"
        else math.ceil(scaled)
        if favourable == "lower"
        else round(scaled)
    )
    return round(turned * step, 1)


def us_size(text: str, at: Tongue) -> str:
    """Inches for the first measure in a size such as "182 × 74 × 76 mm"; "" where not wanted."""
    match = _SIZE.search(text) if at.us else None
    if match is None:
        return ""
    unit = {"毫米": "mm", "厘米": "cm"}.get(match.group(2), match.group(2).lower())
    numbers = [float(n.replace(",", ".")) for n in re.findall(r"\d+(?:[.,]\d+)?", match.group(1))]
    inches = [convert(n, unit, "inch") for n in numbers]
    if any(i is None for i in inches):
        return ""
    return " × ".join(number(round(i, 1), at) for i in inches if i is not None) + " in"
