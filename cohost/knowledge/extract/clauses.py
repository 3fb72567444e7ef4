"""Which words of a cell belong to which of its figures, and which market each clause speaks of. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from cohost.common.catalogue import Catalogue
from cohost.knowledge.extract import places
from cohost.knowledge.extract.halves import halves
from cohost.trust.quantities import Amount

_STOP = re.compile(r"\s*[;；|\n]\s*")
_COMMA = re.compile(r"\s*(?:,(?!\d)|[，、]|\s/\s|\s·\s)\s*")
_OPEN, _CLOSE = "(（[", ")）]"
_JOINERS = re.compile(r"^[\s,;:：，；、/&+.·–—-]+|[\s,;:：，；、/&+·–—-]+$")
_AND = re.compile(
    r"^(?:and|und|y|e|et|en|i|и|ve|及|和|与|と|및|และ|và|dan|و|in|im|dans|nel|w|для|for|für)\s+",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)?")
_NOTHING = re.compile(r"^[^\w]*$")


def windows(cell: str, own: Sequence[Amount]) -> list[tuple[str, str]]:
    """(words before, words after) of each figure: those of its own clause or bracket.

    "Size S: 310 g Size M: 340 g": labels before; "40 h at 50 %; 6 h at 100 %": words after.
    """
    found: list[tuple[str, str]] = [("", "")] * len(own)
    for start, end, without in _segments(cell, own):
        inside = [n for n, a in enumerate(own) if start <= a.start < end and not _within(a.start, without)]
        texts = [_cut_out(cell, a, b, without) for a, b in _ranges(cell, own, inside, start, end)]
        for n, pair in zip(inside, texts, strict=True):
            found[n] = pair
    return found


def _ranges(
    cell: str, own: Sequence[Amount], inside: Sequence[int], start: int, end: int
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The stretches before and after each figure of one clause."""
    if len(inside) < 2:
        return [((start, own[n].start), (own[n].end, end)) for n in inside]
    parts = _parted(cell, start, end)
    held = [[n for n in inside if a <= own[n].start < b] for a, b in parts]
    if all(len(h) == 1 for h in held):
        return [((a, own[h[0]].start), (own[h[0]].end, b)) for (a, b), h in zip(parts, held, strict=True)]
    first, last = own[inside[0]], own[inside[-1]]
    gaps = [cell[own[a].end : own[b].start] for a, b in itertools.pairwise(inside)]
    before = not _NOTHING.match(cell[start : first.start]) and all(not _NOTHING.match(g) for g in gaps)
    if before and _NOTHING.match(cell[last.end : end]):
        starts = [start, *(own[n].end for n in inside[:-1])]
        return [((s, own[n].start), (own[n].end, own[n].end)) for s, n in zip(starts, inside, strict=True)]
    ends = [*(own[n].start for n in inside[1:]), end]
    befores = [start, *(own[n].start for n in inside[1:])]
    return [((b, own[n].start), (own[n].end, e)) for b, n, e in zip(befores, inside, ends, strict=True)]


def _parted(cell: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts = [m.span() for m in _COMMA.finditer(cell, start, end)]
    starts = [start, *(b for _, b in cuts)]
    return list(zip(starts, [*(a for a, _ in cuts), end], strict=True))


def _segments(cell: str, own: Sequence[Amount]) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """(start, end, stretches that are segments of their own) of each clause, and of each bracket that
    stands beside a figure and holds one itself."""
    groups = [
        (a, b) for a, b in brackets(cell)
        if any(a < x.start < b for x in own) and any(not a < x.start < b for x in own)
        and len(_FIGURE.findall(cell[a:b])) == 1
    ]  # fmt: skip
    for a, b in groups:
        yield a + 1, b - 1, []
    begin = 0
    cuts = [m.span() for m in _STOP.finditer(cell) if not _within(m.start(), brackets(cell))]
    for a, b in [*cuts, (len(cell), len(cell))]:
        if a > begin:
            yield begin, a, groups
        begin = b


def counted(cell: str, own: Sequence[Amount]) -> list[Amount]:
    """Figures of a bracket that explains another figure: "1.0 L (5.5 cups of 180 mL)"."""
    explained = [
        (a, b) for a, b in brackets(cell)
        if len(_FIGURE.findall(cell[a:b])) > 1 and any(x.end <= a for x in own)
    ]  # fmt: skip
    return [x for x in own if _within(x.start, explained)]


def brackets(text: str) -> list[tuple[int, int]]:
    """Spans of outer brackets."""
    found: list[tuple[int, int]] = []
    depth, start = 0, 0
    for n, char in enumerate(text):
        if char in _OPEN:
            start = n if depth == 0 else start
            depth += 1
        elif char in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                found.append((start, n + 1))
    return found


def _within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(a <= at < b for a, b in spans)


def _cut_out(
    cell: str, before: tuple[int, int], after: tuple[int, int], without: Sequence[tuple[int, int]]
) -> tuple[str, str]:
    def text(span: tuple[int, int]) -> str:
        return "".join(c for n, c in enumerate(cell[span[0] : span[1]], span[0]) if not _within(n, without))

    return text(before), text(after)


# ---------------------------------------------------------------- clauses by market


def by_market(
    text: str, catalogue: Catalogue, known: Sequence[str] = ()
) -> list[tuple[tuple[str, ...], str]]:
    """ "12 months; EU and UK 24 months" → (the EU and GB, "24 months"), (every other market, "12 months").

    [] where no market is told apart. `known`: the markets it is about (default the catalogue's).
    """
    two = halves(text)
    if two is not None:
        one, other = (by_market(half, catalogue, known) for half in two)
        if one and other and {c for c, _ in one} == {c for c, _ in other}:
            words = dict(other)
            return [(codes, f"{told} {words[codes]}") for codes, told in one]
        return one or other
    clauses = list(_clauses(text))
    named = [places.narrow(c, catalogue) for c in clauses]
    if not any(named) or (len(clauses) == 1 and not _labelled(clauses[0], catalogue)):
        return []
    taken = {code for codes in named for code in codes}
    every = list(known) or [m.code for m in catalogue.markets]
    allowed = [tuple(c for c in codes if c in every or not every) for codes in named]
    rest = tuple(code for code in every if code not in taken)
    found = []
    for clause, codes, sold in zip(clauses, named, allowed, strict=True):
        told = _told(clause) if codes else clause.strip()
        place = sold if codes else rest
        if told and place:
            found.append((place, told))
    return found


def _labelled(clause: str, catalogue: Catalogue) -> bool:
    head, sign, rest = clause.partition(":") if ":" in clause else clause.partition("：")
    return bool(sign and rest.strip() and places.narrow(head, catalogue))


def _clauses(text: str) -> Iterator[str]:
    """The text without its brackets, cut at semicolons; then what each bracket holds."""
    spans = brackets(text)
    outside = "".join(" " if _within(n, spans) else c for n, c in enumerate(text))
    held = [text[a + 1 : b - 1] for a, b in spans]
    marked = [h for h in held if places.spans(h) or places.narrow(h)]
    if len(marked) < len(held):
        outside = text
        for mark in marked:
            outside = outside.replace(mark, "")
    yield from (c.strip() for c in _STOP.split(outside) if c.strip(" ()（）[]"))
    for mark in marked:
        yield from (c.strip() for c in _STOP.split(mark) if c.strip())


def _told(clause: str) -> str:
    """The clause without the names of its markets."""
    rest = places.without(clause)
    for _ in range(4):
        rest = _AND.sub("", _JOINERS.sub("", rest))
    return rest.strip()
