"""Pieces and ruled tables of a PDF page → blocks in reading order. Pure.

Two columns of prose are read one after the other; pieces side by side otherwise make a row.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from cohost.knowledge.documents.model import Block, Piece, Table
from cohost.knowledge.documents.pdf_columns import Band, Item, bands
from cohost.knowledge.documents.pdf_lines import is_rtl
from cohost.knowledge.documents.reading import row_block
from cohost.knowledge.documents.rows import into_rows

_DEEPEST = 2  # columns within columns
_UNIT_FIRST = re.compile(
    r"^([a-zA-Zµ°%]{1,3}|min) (\d[\d.,–-]*)$"
)  # "620 g" as a right-to-left page shows it


class Ruled(NamedTuple):
    """A table with lines around its cells."""

    top: float
    bottom: float
    rows: tuple[tuple[str, ...], ...]
    left: float = 0.0
    right: float = 0.0


class Layout(NamedTuple):
    blocks: list[Block]
    tables: list[Table]


def layout(pieces: Sequence[Piece], ruled: Sequence[Ruled], width: float) -> Layout:
    """Blocks and tables of a page `width` wide; `pieces` lie outside the ruled tables."""
    body = _body_height(pieces)
    out = Layout([], [])
    items = [Item(p.box, p.text, p.bold, p) for p in pieces]
    items += [Item((t.left, t.top, t.right, t.bottom), "", False, t, True) for t in ruled]
    _add_items(items, width, body, out, _DEEPEST)
    return out


def _add_items(items: Sequence[Item], width: float, body: float, out: Layout, depth: int) -> None:
    """The bands of a page or of a column, a right column after its left one. What stands alone between
    two bands of one column is read with them."""
    flat: list[Item] = []
    for band in bands(items, width) if depth else [Band(tuple(items))]:
        if not band.right:
            flat += band.left
            continue
        _add_flat(flat, body, out)
        flat = []
        for column in (band.left, band.right):
            left = min(i.box[0] for i in column)
            moved = [i._replace(box=(i.box[0] - left, i.box[1], i.box[2] - left, i.box[3])) for i in column]
            _add_items(moved, max(i.box[2] for i in moved), body, out, depth - 1)
    _add_flat(flat, body, out)


def _add_flat(items: Sequence[Item], body: float, out: Layout) -> None:
    """One column: rows of pieces, and the ruled tables between them."""
    rest = sorted((i.thing for i in items if isinstance(i.thing, Piece)), key=lambda piece: piece.box[1])
    tables = [i.thing for i in items if isinstance(i.thing, Ruled)]
    for table in sorted(tables, key=lambda t: t.top):
        above = [piece for piece in rest if _middle(piece) < table.top]
        rest = [piece for piece in rest if _middle(piece) >= table.top]
        _add_rows(into_rows(above), body, out)
        out.blocks.extend(row_block(row, table=len(out.tables)) for row in table.rows)
        out.tables.append(Table(rows=table.rows))
    _add_rows(into_rows(rest), body, out)


def reading_order(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Cells from left to right, or from right to left where most letters are Arabic or Hebrew."""
    letters = [c for row in rows for cell in row for c in cell if c.isalpha()]
    if sum(map(is_rtl, letters)) * 2 <= len(letters):
        return tuple(rows)
    return tuple(tuple(_UNIT_FIRST.sub(r"\2 \1", cell) for cell in row[::-1]) for row in rows)


def _middle(piece: Piece) -> float:
    return (piece.box[1] + piece.box[3]) / 2


def _height(piece: Piece) -> float:
    return piece.box[3] - piece.box[1]


def _body_height(pieces: Sequence[Piece]) -> float:
    """The height of most of the text, long pieces counting more."""
    heights = [_height(p) for p in pieces for _ in range(1 + len(p.text) // 20)]
    return statistics.median(heights) if heights else 10.0


def _add_rows(rows: Sequence[Sequence[Piece]], body: float, out: Layout) -> None:
    """Rows of one piece become paragraphs and headings, runs of wider rows tables."""
    lines: list[Piece] = []
    table: list[tuple[str, ...]] = []
    for row in rows:
        if len(row) == 1:
            _close_table(table, out)
            if lines and not _same_paragraph(lines[-1], row[0]):
                _close_paragraph(lines, body, out)
            lines.append(row[0])
            continue
        _close_paragraph(lines, body, out)
        table += reading_order([tuple(piece.text for piece in row)])
        out.blocks.append(row_block(table[-1], table=len(out.tables)))
    _close_paragraph(lines, body, out)
    _close_table(table, out)


def _close_table(rows: list[tuple[str, ...]], out: Layout) -> None:
    if rows:
        out.tables.append(Table(rows=tuple(rows)))
        rows.clear()


def _same_paragraph(above: Piece, below: Piece) -> bool:
    """Close below, of the same size, and the line above is as long as its neighbour allows."""
    size = max(_height(above), _height(below))
    gap = below.box[1] - above.box[3]
    alike = abs(_height(above) - _height(below)) < 0.15 * size and above.bold == below.bold
    starts = abs(above.box[0] - below.box[0]) < 2.5 * size
    return alike and starts and gap < 0.75 * size and above.box[2] > below.box[2] - 6 * size


def _close_paragraph(lines: list[Piece], body: float, out: Layout) -> None:
    if not lines:
        return
    text = " ".join(piece.text for piece in lines)
    ratio = _height(lines[0]) / body
    if ratio > 1.15 and len(text) <= 160:
        out.blocks.append(
            Block(kind="heading", text=text, level=1 if ratio > 1.6 else 2 if ratio > 1.3 else 3)
        )
    elif all(line.bold for line in lines) and len(text) <= 100 and not text.endswith((".", ":", ",", "。")):
        out.blocks.append(Block(kind="heading", text=text, level=3))
    elif text.startswith(("•", "·", "–", "▪", "◦", "●", "‣")):
        out.blocks.append(Block(kind="list_item", text=text, level=1))
    else:
        out.blocks.append(Block(kind="paragraph", text=text))
    lines.clear()
