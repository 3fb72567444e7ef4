"""Link numbers of the run-down in a line: "3号链接", "link 3", "mã 3", "3번 상품", "#3". Pure.

A seller numbers what is on sale and viewers ask by number. The words that go with such a number stand
in `languages/*/lexicon.toml`, `[slot]`: `before` it, `after` it, and the word for "number" between. A figure
that belongs to a unit, a size or a larger number is none ("product 3 kg", "link 3.5").
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cohost.common.lexicon import Reading
from cohost.languages import LANGUAGES, base
from cohost.trust.quantities import amounts

_BEHIND_WORD = re.compile(r"[\s.:：=\-#№º°'’]*(\d{1,3}|[一二三四五六七八九十]{1,2})(?![\d%a-z]|[.,:/\-]\d)")
_BEFORE_WORD = re.compile(r"(?<![\d.,:/a-z-])(\d{1,3}|[一二三四五六七八九十]{1,2})[\s.º°]*$")
_HASH = re.compile(r"(?<![\w#])[#＃]\s?(\d{1,3})(?![\w%]|[.,:/]\d)")
_HAN = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}
_NEAR = 2
"""Signs that may stand between a word and the word for "number"."""


class Slot(NamedTuple):
    """A link number and where it stands in the folded line, its word included. `sure` is False for a bare
    "#3": it means a link only where the run-down has one of that number."""

    number: int
    start: int
    end: int
    sure: bool = True


def slots_in(reading: Reading, lang: str) -> tuple[Slot, ...]:
    """The link numbers a line names, in its order, each once."""
    folded = reading.line.folded
    if not any(c.isdigit() or c in _HAN or c == "十" for c in folded):
        return ()
    found = [*_behind(reading, folded), *_before(reading, folded)]
    found += [Slot(int(m.group(1)), m.start(), m.end(), sure=False) for m in _HASH.finditer(folded)]
    if not found:
        return ()
    units = [(a.start, a.end) for a in amounts(folded, base(lang) if lang != "und" else "en") if a.unit]
    kept: dict[int, Slot] = {}
    for slot in sorted(found, key=lambda s: (not s.sure, s.start, -s.end)):
        if slot.number and not any(start < slot.end < end for start, end in units):
            kept.setdefault(slot.number, slot)
    return tuple(sorted(kept.values(), key=lambda s: s.start))


def _behind(reading: Reading, folded: str) -> list[Slot]:
    """ "link 3", "link number 3"."""
    marks = {hit.start: hit.end for hit in reading.of("slot.number", LANGUAGES)}
    found = []
    for hit in reading.of("slot.before", LANGUAGES):
        end = next((marks[at] for at in range(hit.end, hit.end + _NEAR) if at in marks), hit.end)
        match = _BEHIND_WORD.match(folded, end)
        if match is not None:
            found.append(Slot(_value(match.group(1)), hit.start, match.end()))
    return found


def _before(reading: Reading, folded: str) -> list[Slot]:
    """ "3号链接", "3 numaralı ürün"."""
    found = []
    for hit in reading.of("slot.after", LANGUAGES):
        match = _BEFORE_WORD.search(folded[: hit.start])
        if match is not None:
            found.append(Slot(_value(match.group(1)), match.start(), hit.end))
    return found


def _value(figure: str) -> int:
    """ "3", "٣", "三", "十二" → the number."""
    if figure.isdigit():
        return int(figure)
    tens, ten, ones = figure.partition("十")
    if not ten:
        return _HAN[figure] if len(figure) == 1 else 0
    return 10 * _HAN.get(tens, 1) + _HAN.get(ones, 0)
