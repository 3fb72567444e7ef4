"""Countries as texts name them, in 18 languages (names from CLDR), and what "EU" stands for. Pure."""

from __future__ import annotations

import functools
import re

from babel import Locale

from cohost.common.catalogue import Catalogue
from cohost.knowledge.extract.vocabulary import section
from cohost.languages import LANGUAGES
from cohost.trust import words

EU = frozenset({
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV",
    "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
})  # fmt: skip
_SHORT = {
    "usa": "US", "u.s.": "US", "u.s.a.": "US", "united states of america": "US", "america": "US",
    "uk": "GB", "u.k.": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "großbritannien": "GB",
    "gran bretaña": "GB", "reino unido": "GB", "estados unidos": "US", "eeuu": "US", "ee. uu.": "US",
    "ee.uu.": "US", "eua": "US", "états-unis": "US", "royaume-uni": "GB", "grande-bretagne": "GB",
    "vereinigte staaten": "US", "vereinigtes königreich": "GB", "stati uniti": "US", "regno unito": "GB",
    "сша": "US", "великобритания": "GB", "германии": "DE", "германию": "DE",
    "brasil": "BR", "uae": "AE", "korea": "KR", "south korea": "KR",
    "美国": "US", "英国": "GB", "中国大陆": "CN", "中国内地": "CN", "米国": "US",
    "アメリカ": "US", "イギリス": "GB", "英國": "GB", "美國": "US",
    "한국": "KR", "미국": "US", "영국": "GB", "الولايات المتحدة": "US", "أمريكا": "US", "بريطانيا": "GB",
    "อเมริกา": "US", "สหรัฐฯ": "US", "อังกฤษ": "GB", "mỹ": "US", "anh": "GB", "abd": "US", "amerika": "US",
    "السعودية": "SA", "الإمارات": "AE", "ksa": "SA", "bae": "AE", "emirates": "AE", "emiratos": "AE",
    "ingiltere": "GB", "holland": "NL", "holanda": "NL", "स्पेन": "ES",
}  # fmt: skip
_DULL = frozenset(
    {"an", "mali", "man", "chad", "jersey", "réunion", "reunion", "turkey", "guinea", "china's", "ia"}
)
_CAPITALS = {"US": "US", "USA": "US", "UK": "GB"}
_CAPITAL = re.compile(r"(?<![\w.-])(USA?|UK)(?![\w$-])")
_TURKEY = re.compile(r"(?<![\w-])Turkey(?![\w-])")  # the bird is written small
_CODES = re.compile(r"(?<![\w-])([A-Z]{2})(?![\w-])")


@functools.cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in LANGUAGES:
        for code, name in Locale.parse(tag).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("EU", "UN", "EZ", "ZZ", "QO", "XA", "XB"):
                plain = words.plain(str(name))
                if len(plain) > 3 or words.dense(plain):
                    found.setdefault(plain, code)
    found.update({words.plain(name): code for name, code in _SHORT.items()})
    return {name: code for name, code in found.items() if name not in _DULL}


@functools.cache
def _codes() -> frozenset[str]:
    return frozenset(c for c in Locale.parse("en").territories if len(c) == 2 and c.isalpha())


@functools.cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_names(), key=len, reverse=True)
    spaced = "|".join(re.escape(n) for n in names if not words.dense(n))
    dense = "|".join(re.escape(n) for n in names if words.dense(n))
    return re.compile(rf"(?<!\w)(?P<spaced>{spaced})[ns]?(?!\w)|(?P<dense>{dense})")  # "den Niederlanden"


@functools.cache
def _europe() -> re.Pattern[str]:
    entries = [re.escape(e) for e in section("word").entries("eu")]
    return re.compile(rf"(?<![a-z])(?:{'|'.join(entries)})(?![a-z])")


def spans(text: str, *, codes: bool = False) -> list[tuple[str, int, int]]:
    """(ISO code, start, end) of each country named. ISO codes themselves only where `codes`."""
    plain = words.plain(text)
    found = [(_names()[m["spaced"] or m["dense"]], m.start(), m.end()) for m in _pattern().finditer(plain)]
    found += [(_CAPITALS[m[1]], m.start(), m.end()) for m in _CAPITAL.finditer(text)]
    found += [("TR", m.start(), m.end()) for m in _TURKEY.finditer(text)]
    if codes:
        upper = _CODES.finditer(text)
        found += [
            ("GB" if m[1] == "UK" else m[1], m.start(), m.end()) for m in upper if m[1] in _codes() | {"UK"}
        ]
    return sorted(found, key=lambda f: f[1])


_SIGNS = re.compile(r"(?<![\w-])([A-Z]{2})(?![\w-])")


def narrow(text: str, catalogue: Catalogue | None = None) -> tuple[str, ...]:
    """Like `find`, but of two-letter codes only those of the catalogue's markets and "EU": in a value
    cell "AC" or "IN" is no country."""
    markets = {m.code for m in catalogue.markets} if catalogue else set()
    own = [("GB" if m[1] == "UK" else m[1]) for m in _SIGNS.finditer(text)]
    found = [*find(text, catalogue, codes=False), *(c for c in own if c in markets)]
    return tuple(dict.fromkeys(found))


def without(text: str) -> str:
    """The text without the countries it names."""
    plain = words.plain(text)
    if len(plain) != len(text):
        text = plain
    cuts = [(a, b) for _, a, b in spans(text)]
    cuts += [m.span() for m in _SIGNS.finditer(text) if m[1] in _codes() | {"UK", "EU"}]
    cuts += [m.span() for m in _europe().finditer(words.plain(text))]
    return "".join(" " if any(a <= n < b for a, b in cuts) else c for n, c in enumerate(text))


def find(text: str, catalogue: Catalogue | None = None, *, codes: bool = True) -> tuple[str, ...]:
    """ISO codes of the countries a label, cell or sentence names; "EU" stands for the catalogue's EU
    markets (all 27 without a catalogue that has any)."""
    found = [code for code, _, _ in spans(text, codes=codes)]
    if section("word").says(text, "eu"):
        markets = [m.code for m in catalogue.markets] if catalogue else []
        found += [m for m in markets if m in EU] or sorted(EU)
    return tuple(dict.fromkeys(found))
