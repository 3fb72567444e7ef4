"""Boxes of text (OCR lines, segments of a PDF line) → rows in reading order. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cohost.knowledge.documents.model import Piece


def into_rows(lines: Sequence[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """Rows top to bottom, pieces left to right; a wrapped cell's next line joins its cell."""
    rows: list[list[Piece]] = []
    for line in sorted(lines, key=_middle):
        row = next((r for r in reversed(rows[-3:]) if _same_baseline(r, line)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    rows.sort(key=lambda r: min(_middle(line) for line in r))
    ordered = [tuple(sorted(row, key=lambda line: line.box[0])) for row in rows]
    return _join_wrapped(ordered)


def _middle(line: Piece) -> float:
    return (line.box[1] + line.box[3]) / 2


def _height(line: Piece) -> float:
    return line.box[3] - line.box[1]


def _same_baseline(row: Sequence[Piece], line: Piece) -> bool:
    """On the row's level and beside it, not above or below a piece of it."""
    near = min(row, key=lambda other: abs(other.box[0] - line.box[0]))
    level = abs(_middle(near) - _middle(line)) < 0.45 * min(_height(near), _height(line))
    return level and not any(_overlap(other, line) > 0.2 for other in row)


def _overlap(a: Piece, b: Piece) -> float:
    shared = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
    return shared / max(1.0, min(a.box[2] - a.box[0], b.box[2] - b.box[0]))


def _join_wrapped(rows: Sequence[tuple[Piece, ...]]) -> tuple[tuple[Piece, ...], ...]:
    """A piece alone under the last cell of a row, closer than a new row would stand, continues it."""
    out: list[tuple[Piece, ...]] = []
    for row in rows:
        if out and len(row) == 1 and len(out[-1]) >= 2 and _continues(out[-1][-1], row[0]):
            out[-1] = (*out[-1][:-1], _joined(out[-1][-1], row[0]))
        else:
            out.append(row)
    return tuple(out)


def _continues(cell: Piece, line: Piece) -> bool:
    height = _height(line)
    return abs(cell.box[0] - line.box[0]) < 0.7 * height and line.box[1] - cell.box[3] < 0.25 * height


def _joined(cell: Piece, line: Piece) -> Piece:
    return Piece(
        text=f"{cell.text} {line.text}",
        confidence=min(cell.confidence, line.confidence),
        box=(
            min(cell.box[0], line.box[0]),
            cell.box[1],
            max(cell.box[2], line.box[2]),
            line.box[3],
        ),
        words=cell.words + line.words,
    )
