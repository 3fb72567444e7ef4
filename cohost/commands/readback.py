"""How well a recogniser reads a voice back: character and word error, and whether the figures came. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from cohost.languages import table
from cohost.mouth.figures import say
from cohost.trust.guard_words import fold

UNSPACED = frozenset({"zh", "ja", "th"})
"""Languages whose words no space parts: only characters are compared."""
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_OTHER = re.compile(r"[^\w\u0900-\u097f\u0e00-\u0e7f]+|_")


class Readback(msgspec.Struct, frozen=True):
    """One sentence. Errors 0..1 and above; `figures`: (numbers said, of them heard)."""

    said: str
    heard: str
    cer: float
    wer: float
    figures: tuple[int, int]


def compare(said: str, heard: str, lang: str) -> Readback:
    """Case, accents, punctuation and the spelling of units do not count; numbers count apart."""
    (words, numbers), (other, others) = _folded(said, lang), _folded(heard, lang)
    there = sum((Counter(numbers) & Counter(others)).values())
    return Readback(
        said, heard, _error("".join(words), "".join(other)),
        _error("".join(words), "".join(other)) if lang in UNSPACED else _error(words, other),
        (len(numbers), there),
    )  # fmt: skip


def _folded(text: str, lang: str) -> tuple[list[str], list[float]]:
    """Words of letters, and the numbers, those in words too."""
    plain = fold(say(text, lang).text, lang).low
    numbers = [_value(found) for found in _NUMBER.findall(plain)]
    names = {
        fold(str(k), lang).low: float(v) for k, v in table(lang, "quantities").get("numbers", {}).items()
    }
    words = _OTHER.sub(" ", re.sub(r"\d+", " ", _NUMBER.sub(" ", plain))).split()
    numbers += [names[word] for word in words if word in names]
    return [word for word in words if word not in names], numbers


def _value(text: str) -> float:
    """ "79,90", "79.9", "20 000", "20,000"."""
    text = re.sub(r"[\u00a0\u202f ]", "", text)
    head, mark, tail = text.replace(",", ".").rpartition(".")
    if not mark or (len(tail) == 3 and head != "0"):
        return float((head + tail).replace(".", ""))
    return float(f"{head.replace('.', '')}.{tail}")


def _error(wanted: Sequence[str], got: Sequence[str]) -> float:
    """Edits to make one of the other, by the length of what was wanted (Levenshtein)."""
    if not wanted:
        return 0.0 if not got else 1.0
    row = list(range(len(got) + 1))
    for i, a in enumerate(wanted, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(got, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1] / len(wanted)
