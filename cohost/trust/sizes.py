"""Words of sizes: labels, size systems, measures, in every language. Pure.

The tables stand in `languages/*/sizes.toml`. A chart is read with them and so is a question, so that
"58 cm Kopfumfang" finds the column "Circonferenza della testa".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

import msgspec

from cohost.common.lexicon import Line, Match, Phrases, split
from cohost.languages import LANGUAGES, base, table
from cohost.trust.units import same_dimension

TABLE = "sizes"
CODES: dict[str, str] = {
    "EU": "EU", "EUR": "EU", "UK": "UK", "GB": "UK", "US": "US", "USA": "US", "JP": "JP", "JPN": "JP",
    "JAPAN": "JP", "CN": "CN", "CHN": "CN", "FR": "FR", "IT": "IT", "DE": "DE", "KR": "KR", "BR": "BR",
    "AU": "AU", "AUS": "AU", "MX": "MX", "RU": "RU", "RUS": "RU", "TR": "TR", "IN": "IN", "VN": "VN",
    "ID": "ID", "INT": "INT", "INTL": "INT",
}  # fmt: skip
"""Codes under which charts head their columns → the system."""

BODY = frozenset({
    "head", "neck", "chest", "underbust", "waist", "hip", "thigh", "calf", "ankle", "inseam", "wrist", "hand",
    "finger", "foot", "foot_width", "height", "weight", "age", "shoulder", "sleeve", "back",
})  # fmt: skip
"""Measures a person has; the others are a garment's alone."""

GENERAL = frozenset({"weight", "height", "length", "width", "age"})
"""Measures of anything: a head names one only where no other word stands in it."""

_LETTER = r"(?:[2-9]X[SL]|X{0,4}S|X{0,5}L|M|PP|P|GG|XG{1,2}|X{2,3}G|G)"
LETTERS = re.compile(rf"{_LETTER}(?:\s?[/\-–]\s?{_LETTER})?")
_NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?(?:\s?(?:½|1/2))?"
NUMBERS = re.compile(rf"{_NUMBER}(?:\s?[/\-–~]\s?{_NUMBER})?[A-K]{{0,2}}")
_HALF = re.compile(r"(?<=\d)\s?(?:½|1/2)")
_CODE = re.compile(rf"(?<![A-Za-z])({'|'.join(sorted(CODES, key=len, reverse=True))})(?![A-Za-z])")
_LOOKALIKE = str.maketrans({"М": "M", "Х": "X", "Л": "L", "х": "X", "м": "M", "×": "X"})
_MANY_X = re.compile(r"^(X{2,})([SL])$")


class Word(msgspec.Struct, frozen=True):
    """A word of the tables in a text: `kind` measure, word, letter or system; `key` its row."""

    kind: str
    key: str
    start: int
    end: int
    lang: str


@functools.cache
def _phrases() -> Phrases:
    def every() -> Iterator[tuple[str, str]]:
        for lang in LANGUAGES:
            for kind, rows in table(lang, TABLE).items():
                for key, entries in rows.items():
                    for entry in split(entries):
                        yield f"{lang}:{kind}.{key}", entry

    return Phrases(every())


@functools.lru_cache(maxsize=4096)
def words_in(text: str, langs: tuple[str, ...] = LANGUAGES) -> tuple[Word, ...]:
    """Every word of the tables in the text, in order, overlapping ones included; offsets are those of the
    folded text (common/lexicon.py)."""
    found = [_word(m) for m in _phrases().find(Line(text[:600]))]
    return tuple(w for w in found if w.lang in langs)


def _word(match: Match) -> Word:
    lang, _, name = match.label.partition(":")
    kind, _, key = name.partition(".")
    return Word(kind, key, match.start, match.end, lang)


def own_and_english(lang: str) -> tuple[str, ...]:
    """The languages whose words a viewer's line may use; all of them where it is unknown."""
    return tuple(dict.fromkeys((base(lang), "en"))) if base(lang) in LANGUAGES else LANGUAGES


def measure_name(measure: str, lang: str) -> str:
    """What a measure is called in a language, as shown; "" for one the tables do not know."""
    for tag in (base(lang), "en"):
        names = split(table(tag, TABLE).get("measure", {}).get(measure, ""))
        if names:
            return names[0].rstrip("*~")
    return ""


def whom_name(whom: str, lang: str) -> str:
    """ "men", "women", "kids" in a language."""
    for tag in (base(lang), "en"):
        names = split(table(tag, TABLE).get("word", {}).get(whom, ""))
        if names:
            return names[0].rstrip("*~")
    return ""


def longest(words: Sequence[Word], kind: str) -> list[Word]:
    """Words of one kind that lie in no longer one: "foot length" is no "length"."""
    mine = [w for w in words if w.kind == kind]
    return [
        w
        for w in mine
        if not any(o.start <= w.start and w.end <= o.end and o.end - o.start > w.end - w.start for o in mine)
    ]


def measure_of(head: str, lang: str = "en") -> str | None:
    """The measure a column's head names: by the document's language and English, else by any."""
    for langs in (own_and_english(lang), LANGUAGES):
        named = longest(words_in(head, langs), "measure")
        if named:
            best = max(named, key=lambda w: (w.end - w.start, -w.start))
            return best.key if best.key not in GENERAL or _alone(head, best) else None
    return None


def _alone(head: str, word: Word) -> bool:
    """True when little else stands beside the word: "Fill weight" is no weight of the size."""
    names = re.split(r"[/:;|·]", re.sub(r"[(（\[][^)）\]]*[)）\]]?", " ", head))
    wanted = (word.end - word.start) / 0.7
    return any(letters <= wanted for n in names if (letters := sum(c.isalpha() for c in n)) > 0)


def says(head: str, key: str, kind: str = "word") -> bool:
    """True when the text holds a word of that row, in any language."""
    return any(w.kind == kind and w.key == key for w in words_in(head))


def system_of(head: str) -> str | None:
    """The size system a head names: EU, UK, US …; "" for the bare word "size"; None for neither."""
    codes = _CODE.findall(head)
    if codes:
        return CODES[codes[0]]
    named = [w for w in words_in(head) if w.kind == "system"]
    if named and len(head) <= 24:
        return named[0].key
    return "" if says(head, "size") else None


def tidy_label(text: str) -> str:
    """The label with its signs in order: "８ ½" → "8.5", " xxl" → "XXL"."""
    plain = _HALF.sub(".5", " ".join(text.translate(_LOOKALIKE).split()))
    return plain.replace(",", ".").upper()


@functools.lru_cache(maxsize=4096)
def normal_label(text: str) -> str:
    """How labels compare: "xxl" = "2XL", "8,5" = "8 1/2", "42.0" = "42"."""
    label = tidy_label(text).replace(" ", "").replace("–", "-").replace("~", "-")
    many = _MANY_X.match(label)
    if many:
        label = f"{len(many[1])}X{many[2]}"
    return re.sub(r"(?<=\d)\.0+(?=$|[/-])", "", label)


def is_letter(text: str) -> bool:
    """True for S, M, XL, 3XL, S/M, PP, GG …"""
    return LETTERS.fullmatch(tidy_label(text)) is not None


def is_number(text: str) -> bool:
    """True for what may be a size in figures: 42, 8.5, 98/104, 39–42, 75B."""
    return NUMBERS.fullmatch(tidy_label(text)) is not None


def same_label(printed: str, asked: str) -> bool:
    """True when the label asked for is the one printed, or lies in it: M in S/M, 40 in 39–42."""
    one, other = normal_label(printed), normal_label(asked)
    if one == other or other in one.split("/"):
        return True
    ends = re.fullmatch(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)", one)
    if ends and re.fullmatch(r"\d+(?:\.\d+)?", other):
        return float(ends[1]) <= float(other) <= float(ends[2])
    return False


def fits_measure(measure: str, unit: str | None) -> bool:
    """True when a measure is told in that unit; no unit fits lengths only."""
    if measure == "weight":
        return unit is not None and same_dimension(unit, "kg")
    if measure == "age":
        return unit in ("year", "month")
    return unit is None or same_dimension(unit, "cm")
