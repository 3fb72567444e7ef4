"""What a translation must carry over: numbers, units, codes, names, dates, whether something is denied. Pure.

A translator drops figures, swaps units and turns "not waterproof" round. `losses` reads both texts in their
own languages and names what the target lacks or adds; digits of any script, a thousands' point of either kind
and units in words ("24 Stunden", 24小时) are one. What cannot be compared counts as lost.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from cohost.languages import base, table
from cohost.trust.guard_dates import dates_in
from cohost.trust.guard_words import classes, denials, fold, has
from cohost.trust.han import spelled_out
from cohost.trust.numerals import not_amounts
from cohost.trust.quantities import Amount, amounts, convert

Kind = Literal["number", "unit", "name"]
_SAME = 1e-6
_LOOSE = frozenset({"piece", "time"})
"""Counters: "3件", "3 pieces" and a bare 3 are one."""
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()（），。、！？]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)[@#]\w{2,}", re.ASCII
)
CODE = re.compile(
    r"(?<![A-Za-z0-9.])(?=[A-Za-z0-9./-]*\d)(?=[a-z0-9./-]*[A-Z])[A-Za-z0-9]+(?:[./-][A-Za-z0-9]+)*"
)
STANDARD = re.compile(
    r"(?<![A-Za-z0-9])(?:EN|IEC|ISO|UL|ASTM|JIS|DIN|BS|ANSI|ETSI|CISPR|AATCC|GB|IEEE|NBR|TIS|SASO|GOST|UN|FCC)"
    r"(?:[ /-](?:EN|IEC|ISO|T|C))*[ -]?\d[\d.\-]*(?::\d{4})?",
    re.ASCII,
)
_PERCENT_FIRST = re.compile(r"(?<!\d)(?<!\d )[%٪] ?(\d+(?:[.,٫]\d+)?)(?! ?[%٪])")
"""Turkish writes %50."""
_ASKED = re.compile(r"[?？؟][\s\"”»」)]*$")
_DIGITS = re.compile(r"\d+")
_CLAIMS = ("water", "verb", "health", "risk", "about")
"""Sections of the guard's tables whose words make a sentence one about the goods."""


class Loss(msgspec.Struct, frozen=True):
    """`words` of the source that the target lacks, or (`added`) of the target that the source has not."""

    kind: Kind
    words: str
    added: bool = False


def losses(
    source: str, source_lang: str, target: str, target_lang: str, names: Iterable[str] = ()
) -> tuple[Loss, ...]:
    """What went wrong on the way, () where all is there. `names`: models, brand and product names, which stay
    as they are wherever the source has them."""
    there = [n for n in names if stands(n, source)]
    given, made = _Read(source, source_lang, there), _Read(target, target_lang, there)
    found = [Loss("name", n) for n in there if not stands(n, target)]
    found += _codes(given, made)
    found += _figures(given, made)
    return tuple(dict.fromkeys(found))


def stands(name: str, text: str) -> bool:
    """True where a name stands in a text, whatever its case, spaces and hyphens."""
    pattern = _name(name)
    return pattern is not None and pattern.search(_plain(text)) is not None


@functools.lru_cache(maxsize=1024)
def _name(name: str) -> re.Pattern[str] | None:
    parts = re.findall(r"\w+", _plain(name))
    if not parts:
        return None
    ends = r"(?![a-z0-9])" if parts[-1][-1].isascii() else ""
    starts = r"(?<![a-z0-9])" if parts[0][0].isascii() else ""
    return re.compile(starts + r"[\s\-_./]*".join(map(re.escape, parts)) + ends)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


class _Read:
    """A text taken apart: codes first, then dates, then amounts; the digits that are left over."""

    def __init__(self, text: str, lang: str, names: Sequence[str] = ()) -> None:
        self.text = _PERCENT_FIRST.sub(r"\1%", unicodedata.normalize("NFKC", text))
        self.lang = base(lang)
        shown = _without(spelled_out(self.text, self.lang), names)
        self.codes = tuple(dict.fromkeys(_squeezed(c) for c in self._found(shown)))
        bare = _blanked(shown, self._spans)
        self.dates = {day for day, _, _ in dates_in(bare, self.lang)}
        self.amounts = amounts(bare, self.lang)
        rest = _blanked(bare, [(a.start, a.end) for a in self.amounts])
        self.digits = [_value(m.group()) for m in _DIGITS.finditer(rest)]

    def _found(self, text: str) -> list[str]:
        """Links, standards, models and other codes, which no language writes differently."""
        self._spans: list[tuple[int, int]] = []
        found = []
        for pattern in (LINK, STANDARD, CODE):
            for match in pattern.finditer(_blanked(text, self._spans)):
                word = match.group().rstrip(".-/")
                if pattern is CODE and not _is_code(word, text, match, self.lang):
                    continue
                found.append(word)
                self._spans.append((match.start(), match.start() + len(word)))
        return found


def _is_code(word: str, text: str, match: re.Match[str], lang: str) -> bool:
    """False for "24V", "5W", "2.5A": a number with its unit; a code has its letters first or inside."""
    if word[0].isdigit() and not any(s <= match.start() < e for s, e in not_amounts(text)):
        read = amounts(word, lang)
        return not (len(read) == 1 and read[0].unit is not None)
    return True


def _squeezed(code: str) -> str:
    return re.sub(r"[\s\-]+", "", code).casefold()


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _without(text: str, names: Sequence[str]) -> str:
    """The text with its names blanked: their digits are no figures."""
    for name in names:
        pattern = _name(name)
        folded = _plain(text)
        if pattern is not None and len(folded) == len(text):
            text = _blanked(text, [m.span() for m in pattern.finditer(folded)])
    return text


def _value(digits: str) -> int:
    return int("".join(str(unicodedata.digit(c)) for c in digits))


# ---------------------------------------------------------------- comparing


def _codes(given: _Read, made: _Read) -> list[Loss]:
    lost = [Loss("name", c) for c in given.codes if c not in made.codes and c not in _squeezed(made.text)]
    return lost + [
        Loss("name", c, added=True)
        for c in made.codes
        if c not in given.codes and c not in _squeezed(given.text)
    ]


def _figures(given: _Read, made: _Read) -> list[Loss]:
    lost: list[Loss] = []
    left = list(made.amounts)
    spare = list(made.digits)
    worded = _worded(made.text, made.lang)
    for one in sorted(given.amounts, key=lambda a: _hard(a.unit) is None):
        other = next((a for a in left if _equal(one, a)), None)
        if other is not None:
            left.remove(other)
        elif _hard(one.unit) is not None:
            near = next((a for a in left if a.low == one.low and a.high == one.high), None)
            lost.append(Loss("number" if near is None else "unit", one.text))
            if near is not None:
                left.remove(near)
        elif one.low == one.high and one.low in spare:
            spare.remove(int(one.low))
        elif not (one.low == one.high and one.low in worded):
            lost.append(Loss("number", one.text))
    lost += _added(given, left)
    return lost + _bare(given, made, spare, left)


def _added(given: _Read, left: Sequence[Amount]) -> list[Loss]:
    """Figures that only the target has; one that the source tells in a word is none."""
    told = _worded(given.text, given.lang) | {float(d) for d in given.digits}
    return [
        Loss("number", a.text, added=True)
        for a in left
        if not (a.low == a.high and a.low in told and _hard(a.unit) in (None, "month", "day", "h", "min"))
    ]


def _bare(given: _Read, made: _Read, spare: list[int], left: Sequence[Amount]) -> list[Loss]:
    """Digits that are no amounts: years, parts of dates, times, versions, places in a list."""
    same_dates = bool(given.dates & made.dates)
    pool = [*spare, *(int(a.low) for a in left if a.low == a.high)]
    clock = {d + 12 for d in pool if d < 12} | {d - 12 for d in pool if 12 < d <= 24}
    lost = []
    for number in given.digits:
        if number in pool:
            pool.remove(number)
        elif not (same_dates or number in clock or float(number) in _worded(made.text, made.lang)):
            lost.append(Loss("number", str(number)))
    known = {*given.digits, *(int(a.low) for a in given.amounts)}
    near = {d + 12 for d in known} | {d - 12 for d in known}
    extra = [] if same_dates else [d for d in spare if d not in known | near]
    told = _worded(given.text, given.lang)
    return lost + [Loss("number", str(d), added=True) for d in extra if float(d) not in told]


def _hard(unit: str | None) -> str | None:
    return None if unit in _LOOSE else unit


def _equal(one: Amount, other: Amount) -> bool:
    a, b = _hard(one.unit), _hard(other.unit)
    if a == b:
        return _close(one.low, other.low) and _close(one.high, other.high)
    if a is None or b is None:
        return False
    low, high = convert(other.low, b, a), convert(other.high, b, a)
    return low is not None and high is not None and _close(one.low, low) and _close(one.high, high)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME * max(abs(a), abs(b), 1.0)


@functools.lru_cache(maxsize=2048)
def _worded(text: str, lang: str) -> frozenset[float]:
    """Numbers that a text tells in words ("zwei", สอง), for counts whose digits became a word."""
    rows = table(lang, "quantities") or table("en", "quantities")
    numbers: dict[str, float] = rows.get("numbers", {})
    low = text.casefold()
    dense = lang in ("zh", "ja", "th", "ko")
    return frozenset(
        float(value)
        for word, value in numbers.items()
        if (
            word in low
            if dense and not word.isascii()
            else re.search(rf"(?<!\w){re.escape(word)}(?!\w)", low)
        )
    )


# ---------------------------------------------------------------- claims


def is_claim(text: str, lang: str) -> bool:
    """True where a sentence says something of the goods that somebody could hold the seller to: a figure, a
    code, or a word of the guard's classes."""
    read = _Read(text, lang)
    if read.codes or read.amounts:
        return True
    low = fold(text, base(lang)).low
    return any(
        has(low, base(lang), section, key) for section in _CLAIMS for key in classes(base(lang), section)
    )


def turned(source: str, source_lang: str, target: str, target_lang: str) -> bool:
    """True where one of the two denies something and the other denies nothing. Questions deny nothing,
    whatever words they are asked with ("… không?")."""
    if _ASKED.search(source) and _ASKED.search(target):
        return False
    return bool(denials(source, base(source_lang))) != bool(denials(target, base(target_lang)))


def qualified_alike(source: str, source_lang: str, target: str, target_lang: str) -> bool:
    """False where an "up to", "about" or "at least" was lost or added."""

    def found(text: str, lang: str) -> list[str]:
        return sorted(a.qualifier for a in amounts(text, base(lang)) if a.qualifier)

    return found(source, source_lang) == found(target, target_lang)


def likeness(one: str, other: str) -> float:
    """0..1: shared pairs of letters of two texts of one language (Dice), for a text and what came back of it
    by way of another language."""
    pairs = [_pairs(t) for t in (one, other)]
    total = len(pairs[0]) + len(pairs[1])
    return 2 * len(pairs[0] & pairs[1]) / total if total else 1.0


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(c for c in _plain(text) if c.isalnum())
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1)) or frozenset({letters} - {""})
