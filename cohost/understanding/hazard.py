"""Harm that happened, read from its parts instead of its phrases. Pure.

A line tells of harm where a part of the body, a person or a pet stands beside what was done to it ("my son …
swallowed"), or a thing beside what went wrong with it ("the charger … smokes"), in one clause; some words are
enough alone ("fainted"). It does not where the harm is denied ("no smoke"), asked about ("does it smoke?") or
only thought of ("what if it leaks"). The words stand in `[hazard]` of `languages/*/lexicon.toml`: `body` and
`harm`, `goods` and `fault`, `alone`; `not` denies; `real` tells that it happened even in a question ("why is
it smoking?"); `maybe` thinks of it; `meant` are goods that burn or smoke by design (a candle).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cohost.common.lexicon import Match, Reading, is_dense
from cohost.understanding.form import borrowed

NEAR, NEAR_DENSE = 40, 12
"""Characters between the two parts of one harm."""

DENIED, DENIED_DENSE = 14, 4
"""Characters before the harm within which a "no" denies it, and behind it in scripts without spaces."""

INVERTING = frozenset({"en", "de", "nl"})
"""Languages in which a verb that opens a clause asks."""

ENDING = frozenset({"tr", "hi", "vi", "id", "th", "ja", "zh"})
"""Languages in which the last word asks; in Korean the same endings also tell."""

_ENDS = re.compile(r"[.!?;؟。！？；\n]+|\s-\s")


class Harm(NamedTuple):
    """A harm that is named; `told` where the line says that it happened."""

    words: str
    told: bool


def harm(reading: Reading, langs: Sequence[str]) -> Harm | None:
    """The harm a line names, one that happened before others; None without one."""
    found: Harm | None = None
    if not any(name in reading.by_name for name in _SIGNS):
        return None
    for hit, words in _pairs(reading, langs):
        told = _happened(reading, hit, langs)
        if told:
            return Harm(words, True)
        found = found or Harm(words, False)
    return found


_SIGNS = ("hazard.alone", "hazard.harm", "hazard.fault")


def _hits(reading: Reading, name: str, langs: Sequence[str]) -> list[Match]:
    return [hit for hit in reading.of(f"hazard.{name}", langs) if not borrowed(hit, langs[0])]


def _pairs(reading: Reading, langs: Sequence[str]) -> Iterator[tuple[Match, str]]:
    for hit in _hits(reading, "alone", langs):
        yield hit, hit.entry
    for part, state in (("body", "harm"), ("goods", "fault")):
        states = _hits(reading, state, langs)
        if not states:
            continue
        parts = _hits(reading, part, langs)
        for hit in states:
            near = NEAR_DENSE if is_dense(reading.line.folded[hit.start]) else NEAR
            for other in parts:
                if other.label[:3] != hit.label[:3]:
                    continue  # parts of two languages meet by chance
                apart = max(other.start - hit.end, hit.start - other.end)
                if 0 <= apart <= near and _clause(reading, hit)[1] > other.start >= _clause(reading, hit)[0]:
                    yield hit, f"{other.entry} {hit.entry}"
                    break


def _clause(reading: Reading, hit: Match) -> tuple[int, int]:
    """Where the clause begins and ends that holds it; the mark at its end belongs to it."""
    start, end = 0, len(reading.line.folded)
    for mark in _ENDS.finditer(reading.line.folded):
        if mark.end() <= hit.start:
            start = mark.end()
        elif mark.start() >= hit.end:
            end = mark.end()
            break
    return start, end


def _happened(reading: Reading, hit: Match, langs: Sequence[str]) -> bool:
    start, end = _clause(reading, hit)
    if denied(reading, hit, langs):
        return False
    asked = _asks(reading, hit, langs)
    if asked and meant(reading, langs):
        return False
    if _hits(reading, "real", langs):
        return True
    maybe = [m for m in _hits(reading, "maybe", langs) if start <= m.start < end and _apart(m, hit)]
    if any(m.start < hit.start for m in maybe):
        return False
    return not asked and not (maybe and is_dense(reading.line.folded[hit.start]))


def denied(reading: Reading, hit: Match, langs: Sequence[str]) -> bool:
    """ "No smoke", "juckt nicht mehr": said not to be."""
    start, end = _clause(reading, hit)
    folded = reading.line.folded
    dense = is_dense(folded[hit.start])
    for no in _hits(reading, "not", langs):
        if hit.start <= no.start and no.end <= hit.end:
            if (no.start, no.end) == (hit.start, hit.end):
                return True
            continue
        if no.start < hit.start < no.end:
            return True
        before, behind = hit.start - no.end, no.start - hit.end
        if start <= no.start and 0 <= before <= (DENIED_DENSE if dense else DENIED):
            return True
        if no.end <= end and behind >= 0 and not folded[hit.end : no.start].strip():
            return True
    return False


def meant(reading: Reading, langs: Sequence[str]) -> bool:
    """Goods that burn or smoke by design are asked about, or praised: a candle, a vape."""
    return bool(_hits(reading, "meant", langs))


def _asks(reading: Reading, hit: Match, langs: Sequence[str]) -> bool:
    """Whether the clause asks for it: a mark, a question word or an opening verb before it, an ending. A
    question word behind it begins the next question ("my hand is burnt where do i write")."""
    start, end = _clause(reading, hit)
    folded = reading.line.folded
    if re.search("[?？؟]", folded[start:end]):
        return True
    dense = is_dense(folded[hit.start])
    words = [q for q in _asking(reading, "words", langs) if start <= q.start < end and _apart(q, hit)]
    if any(q.end <= hit.start or (dense and langs[0] != "ko") for q in words):
        return True
    if any(
        folded[start : q.start].strip() == "" for q in _asking(reading, "starts", langs) if q.start >= start
    ):
        return langs[0] in INVERTING
    last = len(folded[:end].rstrip(" .!。！,"))
    return langs[0] in ENDING and any(
        q.end >= last for q in _asking(reading, "ends", langs) if q.start > hit.start
    )


def _apart(one: Match, other: Match) -> bool:
    """In Thai the word for "burnt" begins with the word that asks."""
    return one.end <= other.start or other.end <= one.start


def _asking(reading: Reading, name: str, langs: Sequence[str]) -> list[Match]:
    return [hit for hit in reading.of(f"question.{name}", langs) if not borrowed(hit, langs[0])]
