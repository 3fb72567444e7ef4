"""Characters of a PDF page → pieces, rows and blocks in reading order. Pure.

A piece is a run of characters on one baseline without a wide gap. Order inside a piece is the
file's own for marks that stand above or below (Thai, Hindi), left to right otherwise; Arabic and
Hebrew, which a PDF holds in visual order, are turned back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cohost.knowledge.documents.model import Piece

_WORD_GAP = 0.17  # of the font size: a wider gap parts words
_CELL_GAP = 1.15  # of the font size: a wider gap parts cells


class Char(NamedTuple):
    """A character (or ligature) with its box; y grows downwards, points."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool = False


def pieces_of(chars: Sequence[Char]) -> list[Piece]:
    """Pieces of all lines, top to bottom, left to right."""
    out: list[Piece] = []
    for line in _lines(chars):
        out += [piece for run in _split_wide(line) if (piece := _piece(run))]
    return out


def text_of(chars: Sequence[Char]) -> str:
    """The text of a region (a table cell): its lines joined by spaces."""
    joined = (_line_text(line) for line in _lines(chars))
    return " ".join(text for text in joined if text)


def font_size(chars: Sequence[Char]) -> float:
    """The median size, 10 when there is nothing."""
    sizes = sorted(c.size for c in chars)
    return sizes[len(sizes) // 2] if sizes else 10.0


def _lines(chars: Sequence[Char]) -> list[list[Char]]:
    """Characters grouped by baseline; a line holds what overlaps it by half a letter's height."""
    lines: list[list[Char]] = []
    levels: list[tuple[float, float]] = []  # of the tallest character
    order = sorted(range(len(chars)), key=lambda i: ((chars[i].top + chars[i].bottom) / 2, i))
    members: list[list[int]] = []
    for i in order:
        char = chars[i]
        middle = (char.top + char.bottom) / 2
        near = next(
            (n for n in range(len(levels) - 1, max(-1, len(levels) - 5), -1) if _on(levels[n], middle, char)),
            None,
        )
        if near is None:
            levels.append((char.top, char.bottom))
            members.append([i])
            continue
        members[near].append(i)
        top, bottom = levels[near]
        if char.bottom - char.top > bottom - top:
            levels[near] = (char.top, char.bottom)
    for _, group in sorted(zip(levels, members, strict=True), key=lambda pair: pair[0][1]):
        lines.append([chars[i] for i in sorted(group)])
    return [_ordered(line) for line in lines]


def _on(level: tuple[float, float], middle: float, char: Char) -> bool:
    top, bottom = level
    shared = min(bottom, char.bottom) - max(top, char.top)
    small = min(bottom - top, char.bottom - char.top)
    return shared > 0.5 * small and top - 0.1 * small <= middle <= bottom + 0.1 * small


def _ordered(line: list[Char]) -> list[Char]:
    """Left to right, combining marks behind the character they were written after."""
    clusters: list[list[Char]] = []
    for char in line:
        mark = bool(char.text) and unicodedata.category(char.text[0]) in ("Mn", "Mc", "Me")
        if (
            clusters
            and (mark or char.x1 - char.x0 < 0.01 * char.size)
            and abs(char.x0 - clusters[-1][-1].x1) < char.size
        ):
            clusters[-1].append(char)
        else:
            clusters.append([char])
    clusters.sort(key=lambda cluster: cluster[0].x0)
    return [char for cluster in clusters for char in cluster]


def _split_wide(line: list[Char]) -> list[list[Char]]:
    runs: list[list[Char]] = []
    end = 0.0
    for char in line:
        if not char.text.strip():
            if runs:
                runs[-1].append(char)
            continue
        if not runs or char.x0 - end > _CELL_GAP * char.size:
            runs.append([])
        runs[-1].append(char)
        end = max(end, char.x1) if len(runs[-1]) > 1 else char.x1
    return runs


def _piece(run: list[Char]) -> Piece | None:
    text = _line_text(run)
    inked = [c for c in run if c.text.strip()]
    if not text or not inked:
        return None
    box = (
        min(c.x0 for c in inked),
        min(c.top for c in inked),
        max(c.x1 for c in inked),
        max(c.bottom for c in inked),
    )
    return Piece(text=text, box=box, bold=all(c.bold for c in inked))


def _line_text(line: Sequence[Char]) -> str:
    parts: list[str] = []
    last: Char | None = None
    for char in line:
        if last is not None and char.text.strip() and char.x0 - last.x1 > _WORD_GAP * char.size:
            parts.append(" ")
        parts.append(char.text)
        if char.text.strip():
            last = char
    if any(is_rtl(part) for part in parts):
        parts = _logical(parts)
    return " ".join("".join(parts).split())


def is_rtl(text: str) -> bool:
    return bool(text) and unicodedata.bidirectional(text[0]) in ("R", "AL")


def _ltr(text: str) -> bool:
    return bool(text) and unicodedata.bidirectional(text[0]) in ("L", "EN", "AN")


def _logical(parts: list[str]) -> list[str]:
    """Visual order → reading order: the line turned round, Latin words and figures turned back."""
    if sum(map(is_rtl, parts)) < sum(p[:1].isalpha() and not is_rtl(p) for p in parts):
        return _turn_runs(parts, is_rtl, _ltr, {})
    return _turn_runs(parts[::-1], _ltr, is_rtl, _MIRROR)


_MIRROR = {"(": ")", ")": "(", "[": "]", "]": "[", "<": ">", ">": "<", "«": "»", "»": "«"}


def _turn_runs(
    parts: list[str], turned: Callable[[str], bool], other: Callable[[str], bool], outside: dict[str, str]
) -> list[str]:
    """Reverse each run from one `turned` part to the last before an `other`; map what lies outside."""
    out: list[str] = []
    start = 0
    while start < len(parts):
        if not turned(parts[start]):
            out.append(outside.get(parts[start], parts[start]))
            start += 1
            continue
        stop = next((i for i in range(start, len(parts)) if other(parts[i])), len(parts))
        end = max(i for i in range(start, stop) if turned(parts[i]))
        out += parts[start : end + 1][::-1]
        start = end + 1
    return out
