"""A sentence as sound, and which of its words have been heard. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cohost.common.lexicon import is_dense

RATE = 16_000
"""Samples a second of everything spoken and heard: mono, signed 16-bit little-endian."""


class Word(msgspec.Struct, frozen=True):
    """Where a word stands in the text (characters) and when it begins in the sound (ms)."""

    start: int
    end: int
    at_ms: int


class Spoken(msgspec.Struct, frozen=True):
    """One sentence as sound: 16 kHz mono s16le, and its words; `exact` where the engine gave times."""

    pcm: bytes
    words: tuple[Word, ...]
    exact: bool

    @property
    def duration_ms(self) -> int:
        return len(self.pcm) // 2 * 1000 // RATE

    def heard(self, text: str, played_ms: float) -> str:
        """The part of `text` whose words had begun by then."""
        begun = [w.end for w in self.words if w.at_ms < played_ms]
        if played_ms >= self.duration_ms:
            return text
        return text[: begun[-1]] if begun else ""


def estimated(text: str, duration_ms: int) -> tuple[Word, ...]:
    """Word times where the engine gives none: the sound shared out by letters, a character a word in
    scripts without spaces."""
    spans = list(_spans(text))
    total = sum(end - start for start, end in spans) or 1
    words: list[Word] = []
    before = 0
    for start, end in spans:
        words.append(Word(start, end, before * duration_ms // total))
        before += end - start
    return tuple(words)


def _spans(text: str) -> Sequence[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start: int | None = None
    for i, char in enumerate(text):
        if char.isspace():
            if start is not None:
                found.append((start, i))
            start = None
        elif is_dense(char):
            if start is not None:
                found.append((start, i))
            found.append((i, i + 1))
            start = None
        elif start is None:
            start = i
    if start is not None:
        found.append((start, len(text)))
    return found
