"""Two columns of a page, found band by band: a strip nothing crosses, with text that is no table. Pure.

A band reaches from one thing that crosses the strip (a title, a wide table) to the next. Label and
value side by side stand on one line each; columns of prose do not, or fill their width.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Box = tuple[float, float, float, float]

_PROSE = 28  # characters (CJK count twice) from which a line is one of prose
_NEAR = 3.0  # points by which the starts of one column's lines may differ
_INDENT = 22.0
_LEAST = 3  # lines of a column that has no prose on its other side
_APART = 60.0  # an empty stretch from which another band begins
_ALIGNED = 0.7


class Item(NamedTuple):
    """A piece of text or a ruled table on the page; `thing` is handed back."""

    box: Box
    text: str
    bold: bool
    thing: object
    table: bool = False


class Band(NamedTuple):
    """Part of the page: one column (`right` empty), or two to be read one after the other."""

    left: tuple[Item, ...]
    right: tuple[Item, ...] = ()


def bands(items: Sequence[Item], width: float) -> list[Band]:
    """The page cut into bands, top to bottom. One band of one column where no strip is found."""
    best: tuple[int, list[Band]] = (0, [Band(tuple(items))])
    for start in _starts(items, width):
        found = list(_cut(items, start))
        gain = sum(min(len(b.left), len(b.right)) for b in found if b.right)
        if gain > best[0]:
            best = (gain, found)
    return best[1]


def _starts(items: Sequence[Item], width: float) -> list[float]:
    """Where a right column may begin: left edges that several things share."""
    edges = sorted(i.box[0] for i in items if 0.28 * width < i.box[0] < 0.72 * width)
    found: list[list[float]] = []
    for edge in edges:
        if found and edge - found[-1][0] <= _NEAR:
            found[-1].append(edge)
        else:
            found.append([edge])
    tables = {i.box[0] for i in items if i.table}
    return [min(g) for g in found if len(g) >= 2 or tables & set(g)]


def _cut(items: Sequence[Item], start: float) -> Iterator[Band]:
    held: list[Item] = []
    for item in sorted(items, key=_middle):
        crosses = item.box[0] < start - _NEAR and item.box[2] > start - 1.0
        far = held and item.box[1] - max(i.box[3] for i in held) > _APART
        if crosses or far:
            yield from _band(held, start, before_wide=crosses)
            held = []
        if crosses:
            yield Band((item,))
        else:
            held.append(item)
    yield from _band(held, start, before_wide=False)


def _band(held: Sequence[Item], start: float, *, before_wide: bool) -> Iterator[Band]:
    left = [i for i in held if i.box[2] <= start - 1.0]
    right = [i for i in held if i.box[0] >= start - _NEAR]
    if not left or not right or not _columns(left, right, start):
        if held:
            yield Band(tuple(held))
        return
    after: list[Item] = []
    if before_wide:  # a heading of the wide table below stands in one of the columns
        for side, other in ((left, right), (right, left)):
            foot = max(i.box[3] for i in other)
            while len(side) > 1 and _headlike(side[-1], side[:-1]) and side[-1].box[1] >= foot - 1.0:
                after.insert(0, side.pop())
    yield Band(tuple(left), tuple(right))
    if after:
        yield Band(tuple(after))


def _headlike(item: Item, others: Sequence[Item]) -> bool:
    tall = max((i.box[3] - i.box[1] for i in others if not i.table), default=0.0)
    return not item.table and (item.bold or item.box[3] - item.box[1] > 1.1 * tall) and len(item.text) < 80


def _columns(left: Sequence[Item], right: Sequence[Item], start: float) -> bool:
    """True for two columns of text (a table may stand in either), not for a table's labels and values."""
    here, there = _rows(left), _rows(right)
    begun = sum(abs(row[0].box[0] - start) <= _NEAR or 0 < row[0].box[0] - start <= _INDENT for row in there)
    if begun < 0.8 * len(there) or not _beside(left, right):
        return False
    if (_is_prose(here) or _wraps(here)) and (_is_prose(there) or _wraps(there)):
        return True
    if min(len(here), len(there)) < _LEAST:
        return False
    level = [_middle(row[0]) for row in here], [_middle(row[0]) for row in there]
    shares = [
        sum(any(abs(a - b) < 2.5 for b in two) for a in one) / len(one) for one, two in (level, level[::-1])
    ]
    return max(shares) < _ALIGNED and (_is_prose(here) or _is_prose(there))


def _is_prose(rows: Sequence[Sequence[Item]]) -> bool:
    """Half of the lines, headings aside, are long; a ruled table counts for text."""
    lines = [row for row in rows if not (len(row) == 1 and row[0].bold)]
    long = [r for r in lines if r[0].table or (len(r) == 1 and _wide(r[0].text) >= _PROSE)]
    lasts = sum(1 for a, b in itertools.pairwise(lines) if a in long and b not in long)
    return bool(long) and len(long) >= 0.5 * (len(lines) - lasts) and (len(long) > 1 or long[0][0].table)


def _wraps(rows: Sequence[Sequence[Item]]) -> bool:
    """A sentence goes on in the next line: no label does beside a value that does."""
    texts = ["" if len(row) > 1 or row[0].bold or row[0].table else row[0].text for row in rows]
    return any(
        _wide(a) >= 20 and b[:1].islower() and not a.endswith((".", ":", ";", "!", "?"))
        for a, b in itertools.pairwise(texts)
    )


def _wide(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


def _rows(items: Sequence[Item]) -> list[list[Item]]:
    """Items on one line, from left to right; tables stand alone."""
    rows: list[list[Item]] = []
    for item in sorted(items, key=_middle):
        last = rows[-1] if rows else None
        if last and not item.table and not last[0].table and abs(_middle(last[0]) - _middle(item)) < 2.5:
            last.append(item)
        else:
            rows.append([item])
    return [sorted(row, key=lambda i: i.box[0]) for row in rows]


def _beside(left: Sequence[Item], right: Sequence[Item]) -> bool:
    """The columns stand next to each other, not one below the other."""
    tops = [min(i.box[1] for i in side) for side in (left, right)]
    feet = [max(i.box[3] for i in side) for side in (left, right)]
    shared = min(feet) - max(tops)
    return shared > 0.4 * min(f - t for f, t in zip(feet, tops, strict=True))


def _middle(item: Item) -> float:
    return (item.box[1] + item.box[3]) / 2 if not item.table else item.box[1]
