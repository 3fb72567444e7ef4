"""How far words are from what was said: text made comparable, edits counted. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from cohost.languages import base

BY_CHARACTER = frozenset({"zh", "ja", "th", "ko"})
"""Languages compared by character: no space parts their words, or writers differ in where it does."""

_BRACKETS = re.compile(r"[<\[(（【][^<>\[\]()（）【】]*[>\])）】]")
_APOSTROPHE = re.compile(r"['’ʼ]")


@dataclass(frozen=True)
class Score:
    """Edits, and how many units were said."""

    edits: int
    said: int


def plain(text: str) -> str:
    """NFKC, lower case, no punctuation or symbols, single spaces; numbers and accents stay.

    What stands in brackets in a transcript is no speech; an apostrophe parts no word."""
    folded = unicodedata.normalize("NFKC", _APOSTROPHE.sub("", _BRACKETS.sub(" ", text))).casefold()
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded)
    return " ".join(kept.split())


def units(text: str, lang: str) -> list[str]:
    """What is compared: characters without spaces, or words."""
    words = plain(text)
    return list(words.replace(" ", "")) if base(lang) in BY_CHARACTER else words.split()


def score(said: str, heard: str, lang: str) -> Score:
    """One recording."""
    wanted = units(said, lang)
    return Score(edits(wanted, units(heard, lang)), len(wanted))


def rate(scores: Sequence[Score]) -> float | None:
    """Edits by units said, over all; None of nothing."""
    said = sum(s.said for s in scores)
    return sum(s.edits for s in scores) / said if said else None


def edits(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Least insertions, deletions and replacements that make one of the other (Levenshtein)."""
    row = list(range(len(got) + 1))
    for i, a in enumerate(wanted, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(got, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]
