"""A stream of text → finished sentences with the evidence ids they cite, in any of the languages. Pure.

A full stop ends a sentence only before a space or the end, not inside a number, not after an
abbreviation, not before a small letter. Citation marks behind the end belong to the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cohost.languages import base, table
from cohost.ports import WriterSentence

MAX_SENTENCE = 600
"""Characters after which a sentence without an end is cut off: the model is rambling."""

_MARK = re.compile(r"\s*[\[【(]\s*(E\d{1,6}(?:\s*[,;、]\s*E\d{1,6})*)\s*[\]】)]")
_ENDS = re.compile(r"[.!?。！？।؟…]+[\"”»“」』)]*|\n+")
_FULL_WIDTH = frozenset("。！？」』）")
_HARD = frozenset("。！？।؟!?\n…")


class Splitter:
    """Feed text as it comes; take sentences when they are complete; `flush` at the end."""

    def __init__(self, lang: str) -> None:
        self._rest = ""
        words = _abbreviations(lang).split(",")
        self._short = frozenset(w.strip().casefold() for w in words)

    def feed(self, text: str) -> list[WriterSentence]:
        """Sentences that `text` completes, in order."""
        self._rest += text
        found = []
        while (end := self._end()) is not None:
            sentence = cited(self._rest[:end])
            self._rest = self._rest[end:].lstrip()
            if sentence.text:
                found.append(sentence)
        return found

    def flush(self) -> list[WriterSentence]:
        """What is left when the stream ends."""
        rest, self._rest = cited(self._rest), ""
        return [rest] if rest.text else []

    def _end(self) -> int | None:
        """Where the first sentence ends, marks included; None while it may still go on."""
        for match in _ENDS.finditer(self._rest):
            end = match.end()
            while (mark := _MARK.match(self._rest, end)) is not None:
                end = mark.end()
            if end >= len(self._rest) or self._rest[end:].lstrip()[:1] in ("", "[", "【"):
                return None if len(self._rest) < MAX_SENTENCE else end
            if self._is_end(match, end):
                return end
        return MAX_SENTENCE if len(self._rest) > MAX_SENTENCE else None

    def _is_end(self, match: re.Match[str], end: int) -> bool:
        if _HARD & set(match.group()):
            return True
        after = self._rest[end:]
        if after[:1] in (".", ",", ";", ":"):  # "(approx.) [E3]." goes on
            return False
        if not after[:1].isspace() and end == match.end():
            return False
        if end > match.end():  # marks stood behind it
            return True
        before = self._rest[: match.start()].split()
        last = before[-1].casefold().lstrip('("“«„') if before else ""
        unit = len(before) > 1 and before[-2][-1:].isdigit()  # "It weighs 412 g. It is …"
        if last in self._short or (len(last) == 1 and last.isalpha() and not unit):
            return False
        return not after.lstrip()[:1].islower()


def sentences(text: str, lang: str) -> list[str]:
    """The sentences of a whole text, in order; none is empty."""
    splitter = Splitter(lang)
    return [s.text for s in (*splitter.feed(text), *splitter.flush())]


def joined(parts: Iterable[str]) -> str:
    """Sentences as one text: no space behind the full stops of scripts without spaces."""
    text = ""
    for part in parts:
        text += part if not text or text[-1] in _FULL_WIDTH else f" {part}"
    return text


def _abbreviations(lang: str) -> str:
    """Words whose full stop ends no sentence: the language's, else English ones."""
    for tag in (base(lang), "en"):
        known = table(tag, "frames").get("value", {}).get("abbreviations")
        if isinstance(known, str):
            return known
    return ""


def cited(text: str) -> WriterSentence:
    """Take the citation marks out of a sentence: "… 22.4 h [E3]." → ("… 22.4 h.", ("E3",))."""
    ids = [i for m in _MARK.finditer(text) for i in re.findall(r"E\d+", m.group(1))]
    plain = " ".join(_MARK.sub("", text).split())
    return WriterSentence(plain, tuple(dict.fromkeys(ids)))
