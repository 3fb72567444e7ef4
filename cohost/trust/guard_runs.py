"""Runs of letters without spaces, cut into known words by dynamic programming. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from cohost.trust.evidence import Evidence
from cohost.trust.guard_vocab import about, harmless_entries, lent
from cohost.trust.guard_words import fold, suffixes


class Segmenter:
    """Cuts a run of unspaced letters into known words; what none explains comes back."""

    def __init__(self, forms: Iterable[str], lang: str) -> None:
        self._by_head: dict[str, list[tuple[str, bool]]] = {}
        self._lang = lang
        for form in {f for f in forms if f}:
            loose = form.endswith("*")
            body = form.rstrip("*")
            if body:
                self._by_head.setdefault(body[0], []).append((body, loose))

    def steps(self, run: str, at: int) -> Iterator[int]:
        """Ends of the known words that begin there."""
        for body, loose in self._by_head.get(run[at], ()):
            if run.startswith(body, at):
                end = at + len(body)
                yield end
                if loose:
                    yield from _endings(run, end, self._lang)


_KOREAN_ENDING = frozenset(
    "은는을를고며면니습다어아았었였기지이가도만에의로으했해여게던데죠요음임까네라서야된될됨되하한할합함인일입든나자려러므때수것중후전처럼및부터와과"
)


def _endings(run: str, at: int, lang: str) -> Iterator[int]:
    """How far an inflected ending may reach: kana in Japanese, syllables of endings in Korean."""
    most = {"ja": 6, "ko": 8}.get(lang, 0)
    for end in range(at + 1, min(len(run), at + most) + 1):
        if lang == "ja" and not "\u3040" <= run[end - 1] <= "\u309f":
            return
        if lang == "ko" and run[end - 1] not in _KOREAN_ENDING:
            return
        yield end


def unexplained(run: str, marked: bytearray, segmenters: Iterable[Segmenter]) -> str:
    """The first letters of a run that no chain of known words reaches; "" when all is explained."""
    known = tuple(segmenters)
    reached = bytearray(len(run) + 1)
    reached[0] = 1
    furthest = 0
    for at in range(len(run)):
        if not reached[at]:
            continue
        furthest = at
        if marked[at]:
            reached[at + 1] = 1
        for segmenter in known:
            for end in segmenter.steps(run, at):
                reached[end] = 1
    if reached[len(run)]:
        return ""
    return run[furthest : furthest + 4]


def _pieces(forms: Iterable[str], lang: str) -> Iterator[str]:
    """Entries as a segmenter reads them: folded, cut at spaces, endings kept."""
    for form in forms:
        loose = "*" if form.endswith("*") else ""
        parts = fold(form.replace("*", ""), lang).low.split()
        yield from parts[:-1]
        if parts:
            yield parts[-1] + loose


@functools.cache
def harmless_runs(lang: str) -> Segmenter:
    """Harmless words, particles and endings of an unspaced language."""
    return Segmenter([*_pieces(harmless_entries(lang), lang), *suffixes(lang)], lang)


@functools.lru_cache(maxsize=512)
def attribute_runs(attribute: str, lang: str) -> Segmenter:
    """An attribute's neutral words for an unspaced language."""
    return Segmenter(_pieces(about(attribute, lang), lang), lang)


@functools.lru_cache(maxsize=4096)
def lent_runs(item: Evidence, lang: str) -> Segmenter:
    """What an item lends to an unspaced language."""
    return Segmenter(_pieces(lent(item, lang), lang), lang)
