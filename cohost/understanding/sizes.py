"""Sizes in a viewer's line: labels, systems, measures of a body, amounts. Pure.

"im a uk 8 whats that in EU" → label 8 in UK, asked in EU; "hoofd is 58,5 cm, welke maat" → head 58.5 cm.
A lone letter or number is a size only beside a word that says so.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

from cohost.common.lexicon import Line
from cohost.common.question import NamedSize, Quantity, Sizing
from cohost.trust.quantities import Amount, amounts
from cohost.trust.sizes import (
    CODES,
    GENERAL,
    Word,
    fits_measure,
    is_number,
    longest,
    own_and_english,
    tidy_label,
    words_in,
)

ATTRIBUTE = "size_chart"
SURE = 0.92  # beside a size's name or a body's measure with its amount
LIKELY = 0.85

SAYS = frozenset({"between", "choose", "size", "wear", "men", "women", "kids", "garment", "body"})

_NUMBER = r"\d{1,3}(?:[.,]\d)?(?:\s?(?:½|1/2))?(?:/\d{2,3})?"
_LETTERS = r"(?:[2-9]x[sl]|x{1,5}[sl]|[sml]|pp|gg|xgg|p|g)(?:/(?:[2-9]?x{0,3}[sl]|m))?"
_LETTER = re.compile(rf"(?<![A-Za-z0-9'’.&-])({_LETTERS})(?![A-Za-z0-9'’&]|-[a-z])", re.IGNORECASE)
_CLEAR = re.compile(r"(?:[2-9]x|x+)[sl]|s/m|m/l|l/x+l", re.IGNORECASE)
_SYSTEMS = "|".join(sorted(CODES, key=len, reverse=True))
_BEFORE = re.compile(
    rf"(?<![A-Za-z])({_SYSTEMS})\s?(?:size\s?)?({_NUMBER})(?![\w.,]*\d)(?!\s?(?:v|volts?|hz|w|watts?)\b)",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"(?<![\w.,])({_NUMBER})\s?({_SYSTEMS})(?![A-Za-z])", re.IGNORECASE)
_CODE = re.compile(rf"(?<![A-Za-z0-9])({_SYSTEMS})(?![A-Za-z0-9])")
_EVERYWHERE = re.compile(r"(?<![A-Za-z0-9])(eu|uk)(?![A-Za-z0-9])", re.IGNORECASE)
_UNIT_BEFORE = re.compile(r"\d\s?$")
SHOES = (32, 52)  # bare numbers that are mostly sizes
_FAR = 30
WORN_MOST = 64  # a bare number behind "I wear" or "do you have" is a size up to here
_TALL = re.compile(
    r"(?<![\d.,$€£¥])(?:([12])\s?m\s?(\d{2})(?!\d)"
    r"|([12])[.,](\d{2})(?![\d.,]|\s?[%$€£¥]|\s?(?:m|cm|kg|g|l|eur|euro|usd|w|v)\b))",
    re.IGNORECASE,
)
"""1m75, 1.75: how tall somebody is."""
_CLOSE = 2
_REACH = 14
"""Letters between a word that says "size" and the size."""

KEPT_LINES = 2048
"""A line is asked for its sizes by its words, its kind and its question."""


@functools.lru_cache(maxsize=KEPT_LINES)
def sizing(text: str, lang: str) -> Sizing | None:
    """What the line says of sizes; None where it says nothing of them."""
    text = unicodedata.normalize("NFKC", text[:600]).replace("ß", "ss")
    line = Line(text)
    text = text if len(line.folded) == len(text) else line.folded  # places are those of the folded words
    words = words_in(text, own_and_english(lang))
    found = _systems(text)
    taken = [(n.start, n.end) for n in found]
    measured = [a for a in amounts(text, lang if lang != "und" else "en") if not _inside(a, taken)]
    found += _letters(text, words)
    taken += [(n.start, n.end) for n in found]
    found += _numbers(text, words, measured, taken)
    measures = tuple(dict.fromkeys(w.key for w in longest(words, "measure")))
    said = {w.key for w in words if w.kind == "word"}
    named = tuple(dict.fromkeys(NamedSize(n.value, n.system) for n in sorted(found, key=lambda n: n.start)))
    asked = _asked(text, words, found)
    told = _amounts(text, measured, measures, found)
    hints = tuple(
        sorted(said & {"between", "choose", "size", "wear", "men", "women", "kids", "garment", "body"})
    )
    if not named and not measures and not said & {"size", "choose", "between"}:
        return None
    return Sizing(named, asked, measures, told, hints)


class _Found:
    """A size in the text."""

    def __init__(self, value: str, system: str, start: int, end: int) -> None:
        self.value, self.system, self.start, self.end = tidy_label(value), system, start, end


def _inside(amount: Amount, spans: Sequence[tuple[int, int]]) -> bool:
    return any(s <= amount.start < e for s, e in spans)


def _systems(text: str) -> list[_Found]:
    """ "UK 8", "eu43", "8 uk"."""
    found = [_Found(m[2], CODES[m[1].upper()], *m.span()) for m in _BEFORE.finditer(text) if _is_code(m[1])]
    for match in _BEHIND.finditer(text):
        if _is_code(match[2]) and not any(f.start <= match.start() < f.end for f in found):
            found.append(_Found(match[1], CODES[match[2].upper()], *match.span()))
    return found


def _is_code(written: str) -> bool:
    """Small "it", "in", "de", "id" are words."""
    return written.isupper() or written.lower() in ("eu", "eur", "uk", "us", "usa", "jp", "gb")


def _letters(text: str, words: Sequence[Word]) -> list[_Found]:
    """XL anywhere; S, M, L in capitals or beside a word for sizes, never as a unit ("5 L")."""
    found = []
    shouted = text.isupper()
    for match in _LETTER.finditer(text):
        label = match[1]
        unit = _UNIT_BEFORE.search(text, 0, match.start()) is not None
        beside = _beside(match.start(), match.end(), words, ("size",))
        capital = label.isupper() and not shouted and len(label) < 4 and label.upper() in "SML"
        if _CLEAR.fullmatch(label) or (not unit and (beside or capital)):
            found.append(_Found(label, "", *match.span(1)))
    for word in words:
        if word.kind == "letter" and _beside(word.start, word.end, words, ("size",)):
            found.append(_Found(word.key, "", word.start, word.end))
    return found


def _numbers(
    text: str, words: Sequence[Word], measured: Sequence[Amount], taken: Sequence[tuple[int, int]]
) -> list[_Found]:
    """A bare number right beside a word for sizes, or behind one that says what is worn."""
    found = []
    for amount in measured:
        if amount.unit is not None or _inside(amount, taken):
            continue
        bare = re.match(_NUMBER, text[amount.start :])
        beside = _beside(amount.start, amount.end, words, ("size",), reach=4)
        likely = SHOES[0] <= amount.high <= SHOES[1]
        worn = amount.high <= WORN_MOST and _beside(
            amount.start, amount.end, words, ("wear",), reach=_FAR if likely else _REACH
        )
        if bare and is_number(bare[0]) and (beside or worn):
            found.append(_Found(bare[0], _system_beside(amount, words), amount.start, amount.end))
    return found


def _beside(
    start: int,
    end: int,
    words: Sequence[Word],
    keys: Sequence[str],
    *,
    reach: int = _REACH,
    behind: bool = True,
) -> bool:
    """True when such a word ends at most `reach` letters before, or starts right behind."""
    near = [w for w in words if w.kind == "word" and w.key in keys]
    return any(0 <= start - w.end <= reach or (behind and 0 <= w.start - end <= _CLOSE) for w in near)


def _system_beside(amount: Amount, words: Sequence[Word]) -> str:
    """ "talla 42 europea", "英码 8"."""
    for word in words:
        if word.kind == "system" and (
            0 <= amount.start - word.end <= _CLOSE or 0 <= word.start - amount.end <= _CLOSE
        ):
            return word.key
    return ""


def _asked(text: str, words: Sequence[Word], found: Sequence[_Found]) -> tuple[str, ...]:
    """Systems named without a size of their own: the ones asked for."""
    taken = [(f.start, f.end) for f in found]
    named = [(m.start(), CODES[m[1].upper()]) for rx in (_CODE, _EVERYWHERE) for m in rx.finditer(text)]
    named += [(w.start, w.key) for w in words if w.kind == "system"]
    own = {f.system for f in found}
    free = [key for at, key in sorted(named) if not any(s <= at < e for s, e in taken) and key not in own]
    return tuple(dict.fromkeys(free))


def _amounts(
    text: str, measured: Sequence[Amount], measures: Sequence[str], found: Sequence[_Found]
) -> tuple[Quantity, ...]:
    """Amounts in a unit of bodies; bare ones only beside a measure ("98 de pecho")."""
    spans = [(f.start, f.end) for f in found]
    told = [Quantity(float(f"{m[1] or m[3]}.{m[2] or m[4]}"), "m") for m in _TALL.finditer(text)]
    spans += [m.span() for m in _TALL.finditer(text)]
    for amount in measured:
        if _inside(amount, spans):
            continue
        if amount.unit is not None and any(fits_measure(m, amount.unit) for m in ("height", "weight", "age")):
            told.append(Quantity(amount.high, amount.unit))
        elif amount.unit is None and measures and amount.low == amount.high:
            told.append(Quantity(amount.high, ""))
    return tuple(told)


def about_sizes(scores: Sequence[tuple[str, float]], said: Sizing | None) -> list[tuple[str, float]]:
    """Attributes by words, with the size chart where the line names a size or a body's measure."""
    strength = _strength(said) if said is not None else 0.0
    if not strength or dict(scores).get(ATTRIBUTE, 0.0) >= strength:
        return list(scores)
    most = strength - 0.01 if strength == SURE else 1.0
    rest = [(a, min(s, most)) for a, s in scores if a != ATTRIBUTE]
    return sorted([(ATTRIBUTE, strength), *rest], key=lambda pair: -pair[1])


def _strength(said: Sizing) -> float:
    asks = set(said.says) & {"size", "choose"}
    bodily = [m for m in said.measures if m not in GENERAL]
    if "between" in said.says or (said.named and (asks or said.asked or any(n.system for n in said.named))):
        return SURE
    if said.named and "wear" in said.says:
        return LIKELY
    if said.amounts and asks:
        return SURE if said.measures else LIKELY
    return LIKELY if bodily and said.named else 0.0
