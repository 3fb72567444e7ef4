"""The country a viewer names as theirs or as the goal of a delivery: never guessed. Pure.

Names come from CLDR in the line's language and English, everyday names and cities from the lexicons,
codes from capitals ("UK", a market of the house). A country of origin ("made in Japan", 中国制造) is no
market.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from cohost.common.lexicon import Match, Phrases, Reading, entries, fold, is_dense, stop_words
from cohost.languages import LANGUAGES, base

_CODE_ALIASES = {"UK": "GB", "USA": "US", "UAE": "AE", "KSA": "SA", "U.S": "US", "U.S.A": "US"}
_CODES = re.compile(r"(?<![A-Za-z0-9.-])([A-Z]{2,3}|U\.S(?:\.A)?)(?:\.(?=\s|$))?(?![A-Za-z0-9-])")
_WORDS_TOO = frozenset(re.findall("..", "ITINISATNOTOMEBESOAMDOASMYIDPMAITVDJCDPCCCCFLAIMDEESMSMASANAHIPE"))
"""Codes that are words or brands too: only after "to", "in", "nach" …"""

_US = re.compile(
    r"\b(?:the us|us (?:plug|version|market|voltage|socket|outlet|adapt[eo]r|price|dollars?)"
    r"|us (?:customers?|edition|model|stock|warehouse))\b"
)
_NO_COUNTRY = frozenset({"EU", "UN", "EZ", "QO", "ZZ", "XA", "XB", "AQ"})
_AMBIGUOUS = frozenset({
    "turkey", "jordan", "chad", "guinea", "mali", "niger", "jersey", "georgia", "cuba", "togo", "oman",
    "peru", "china", "anh", "phap", "my", "uc", "duc", "han", "nhat",
})  # fmt: skip
"""Names that are words too, in English or in Vietnamese without tones."""

_INFLECTING = frozenset({"pl", "ru", "tr", "de", "hi"})
_ARTICLES = r"(?:the|el|la|los|las|le|les|l|o|a|os|as|il|lo|i|gli|die|der|das|den|dem|de|het|del|al|d|في|من)?"


class Place(NamedTuple):
    """An ISO 3166 code and where it stands in the folded line."""

    code: str
    start: int
    end: int


@functools.cache
def _territories(lang: str) -> Phrases:
    def names() -> Iterator[tuple[str, str]]:
        try:
            territories = Locale.parse(lang).territories
        except (UnknownLocaleError, ValueError):
            return
        for code, name in territories.items():
            if len(code) != 2 or not code.isalpha() or code in _NO_COUNTRY:
                continue
            for variant in _spellings(name):
                folded = fold(variant)
                if len(folded) < 2 or folded in stop_words(lang):
                    continue
                yield code, variant
                if lang in _INFLECTING and not is_dense(folded) and " " not in folded and len(folded) >= 5:
                    yield code, f"{folded[:-1] if folded[-1] in 'aeiouyаяыиеь' else folded}~"

    return Phrases(names())


def _spellings(name: str) -> Iterator[str]:
    yield name
    plain = re.sub(r"\s*[(（].*?[)）]", "", name).strip()
    if plain != name:
        yield plain


def load(langs: Sequence[str]) -> None:
    """Read the country names of these languages now (some 15 ms each)."""
    for lang in dict.fromkeys((*(base(tag) for tag in langs), "en")):
        _territories(lang)


def find(reading: Reading, lang: str, markets: Sequence[str] = ()) -> Place | None:
    """The country named as a market, the first one that is not an origin, one of the house's before others;
    None when there is none.

    `markets` are the house's codes: they may be typed as bare capitals.
    """
    langs = tuple(dict.fromkeys((base(lang), "en"))) if lang != "und" else ("en",)
    found = [*_named(reading, langs), *_coded(reading, markets), *_demonyms(reading, langs)]
    found.sort(key=lambda place: (place.start, -place.end))
    goals = [place for place in found if not _is_origin(reading, place, langs)]
    sold = [place for place in goals if place.code in markets]
    return next(iter(sold or goals), None)


def _named(reading: Reading, langs: Sequence[str]) -> Iterator[Place]:
    stops = stop_words(langs[0])
    for key, match in reading.section("country", langs):
        if not _own_word(match, langs[0], stops) and not _is_word(reading, match, langs):
            yield Place(key, match.start, match.end)
    for lang in langs:
        for match in _territories(lang).find(reading.line):
            foreign = lang != langs[0] and reading.line.folded[match.start : match.end] in stops
            if not foreign and not _is_word(reading, match, langs):
                yield Place(match.label, match.start, match.end)


def _is_word(reading: Reading, match: Match, langs: Sequence[str]) -> bool:
    """A name that is a word too, written small and with nothing before it that leads to a country."""
    if reading.line.folded[match.start : match.end] not in _AMBIGUOUS or langs[0] not in ("en", "vi"):
        return False
    return not _is_capital(reading, match) and not _goal_before(reading, match.start, langs)


def _own_word(match: Match, own: str, stops: frozenset[str]) -> bool:
    return not match.label.startswith(f"{own}:") and own != "en" and fold(match.entry.rstrip("*~")) in stops


def _is_capital(reading: Reading, match: Match) -> bool:
    raw = reading.line.raw
    return len(raw) == len(reading.line.folded) and raw[match.start].isupper()


def _coded(reading: Reading, markets: Sequence[str]) -> Iterator[Place]:
    raw = reading.line.raw
    shouted = raw.upper() == raw and len(re.findall(r"[A-Za-z]{3,}", raw)) > 2
    for match in _CODES.finditer(raw):
        code = match.group(1)
        market = _CODE_ALIASES.get(code, code)
        sure = code in _CODE_ALIASES or (market in markets and market not in _WORDS_TOO) or code == "US"
        before = raw[: match.start()].rstrip().rpartition(" ")[2].casefold()
        pointed = market in markets and before in _prepositions()
        if shouted and code not in _CODE_ALIASES and not pointed:
            continue
        if sure or pointed:
            at = len(fold(raw[: match.start()]))
            yield Place(market, at, at + len(code))
    for match in _US.finditer(reading.line.folded):
        yield Place("US", *match.span())


@functools.cache
def _prepositions() -> frozenset[str]:
    return frozenset(fold(w) for lang in LANGUAGES for w in entries(lang, "place", "to"))


def _demonyms(reading: Reading, langs: Sequence[str]) -> Iterator[Place]:
    after = [m.start for m in reading.of("place.after", langs)]
    for key, match in reading.section("demonym", langs):
        if any(0 < start - match.end <= 1 for start in after):
            yield Place(key, match.start, match.end)


def _goal_before(reading: Reading, start: int, langs: Sequence[str]) -> bool:
    ends = [m.end for name in ("place.to", "place.home") for m in reading.of(name, langs)]
    return any(_touches(reading.line.folded, end, start) for end in ends)


def _touches(folded: str, end: int, start: int) -> bool:
    return end <= start and re.fullmatch(rf"[\s'’]*{_ARTICLES}[\s'’]*", folded[end:start]) is not None


def _is_origin(reading: Reading, place: Place, langs: Sequence[str]) -> bool:
    folded = reading.line.folded
    for match in reading.of("place.home", langs):
        if _touches(folded, match.end, place.start) or 0 <= match.start - place.end <= 3:
            return False
    for match in reading.of("place.made_after", langs):
        if 0 <= match.start - place.end <= 2:
            return True
    for match in reading.of("place.made", langs):
        if _touches(folded, match.end, place.start):
            return not (match.start == 0 and " " not in match.entry)
    return False
