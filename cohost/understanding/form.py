"""The form of a line: whether it asks, and how surely. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cohost.common.lexicon import Match, Reading, fold, stop_words
from cohost.languages import base

WEAK, STRONG, MARK = 1, 2, 3
_END = re.compile(r"\W*(?:[^\W\d_]{1,5}\W*)?\Z")  # a vocative may follow: "hai kya sir"
_CLAUSE = re.compile(r"(?:\A|[.!?;:,。！？；，、\n—]|\s-\s)\W*\Z")
LINK = re.compile(
    r"https?://|www\.|\b[a-z0-9-]+\.(?:com|net|xyz|top|shop|vip|ru|cn|me|link|ly|gl|io|cc|tk)\b",
    re.IGNORECASE,
)
DENSE = "[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Letters of the scripts without spaces between words."""


def question_form(reading: Reading, langs: Sequence[str]) -> int:
    """0 none, 1 a closing particle only, 2 question words or an inverted verb, 3 a question mark."""
    folded = reading.line.folded
    if re.search("[?؟;]\\s*$|[?؟]", folded):
        return MARK
    pleased = [(hit.start, hit.end) for hit in reading.of("line.praise", langs)]
    for hit in reading.of("question.words", langs):
        if not borrowed(hit, base(langs[0])) and not any(s <= hit.start and hit.end <= e for s, e in pleased):
            return STRONG
    openers = [hit.end for name in ("line.greeting", "line.filler") for hit in reading.of(name, langs)]
    for hit in reading.of("question.starts", langs):
        if borrowed(hit, base(langs[0])):
            continue  # "do Porto" is no English question
        before = folded[: hit.start]
        if _CLAUSE.search(before) or any(
            not folded[end : hit.start].strip(" ,!.") for end in openers if end <= hit.start
        ):
            return STRONG
    for hit in reading.of("question.ends", langs):
        if hit.start and _END.match(folded, hit.end):
            return WEAK
    return 0


def borrowed(hit: Match, own: str) -> bool:
    """An English word that is a common word of the line's own language too ("war", "die")."""
    lang, _, _ = hit.label.partition(":")
    return lang == "en" != own and " " not in hit.entry and fold(hit.entry.rstrip("*~")) in stop_words(own)


def size(reading: Reading) -> int:
    """Length in words; four letters of a script without spaces count as one."""
    dense = re.findall(DENSE, reading.line.folded)
    if len(dense) * 2 > len(reading.line.dense):
        return max(1, len(reading.line.dense) // 3)
    return len(reading.line.words)
