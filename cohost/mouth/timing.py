"""When each word begins, from what the engine tells and, where it tells nothing, from letters. Pure."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from cohost.common.spoken import Word, estimated

EXACT = 2 / 3
"""Share of the words that must have a time of their own for the times to count as the engine's."""


def timed(text: str, duration_ms: int, events: Sequence[tuple[int, int]]) -> tuple[tuple[Word, ...], bool]:
    """Every word of `text` in order, at a time that never falls; and whether the engine gave them.

    `events` are (character, ms). An engine says several times for a number's parts, none for a dash,
    one for a whole line of kana: the first within a word counts, the others are shared out by letters.
    """
    words = estimated(text, duration_ms)
    starts = [w.start for w in words]
    told: dict[int, int] = {}
    last = -1
    for char, at_ms in events:
        index = bisect_right(starts, char) - 1
        if index > last and 0 <= at_ms <= duration_ms and char < words[index].end:
            told[index] = max(at_ms, told.get(last, 0))
            last = index
    spoken = sum(any(c.isalnum() for c in text[w.start : w.end]) for w in words)
    exact = bool(spoken) and len(told) >= EXACT * spoken
    return (_filled(words, told, duration_ms), True) if exact else (words, False)


def _filled(words: Sequence[Word], told: dict[int, int], duration_ms: int) -> tuple[Word, ...]:
    """Words without a time lie between their neighbours, by letters."""
    anchors = [(0, 0), *((i, told[i]) for i in sorted(told) if i > 0), (len(words), duration_ms)]
    if 0 in told:
        anchors[0] = (0, told[0])
    filled: list[Word] = []
    for (first, from_ms), (after, to_ms) in itertools.pairwise(anchors):
        span = words[first:after]
        letters = sum(w.end - w.start for w in span) or 1
        before = 0
        for word in span:
            at_ms = from_ms + before * (to_ms - from_ms) // letters
            filled.append(msgspec.structs.replace(word, at_ms=at_ms))
            before += word.end - word.start
    return tuple(filled)
