"""xlsx: every visible sheet, cached values as Excel shows them, merged cells filled."""

from __future__ import annotations

import io
import warnings
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from cohost.errors import DocumentError
from cohost.knowledge.documents.archive import BROKEN, open_office
from cohost.knowledge.documents.cells import shown
from cohost.knowledge.documents.model import Block, Page, Problem, Table
from cohost.knowledge.documents.reading import Reading, hidden_problem, page_of, row_block, row_text, title_of

MAX_ROWS = 5_000
MAX_COLUMNS = 100

Grid = dict[tuple[int, int], str]
Widths = dict[tuple[int, int], int]


def read_xlsx(data: bytes, document: str) -> Reading:
    """A page a sheet, without numbers. Raises DocumentError: encrypted, corrupt, too_large, empty."""
    open_office(data).close()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of extensions it does not know
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except (InvalidFileException, *BROKEN) as error:
        raise DocumentError("corrupt", f"not a readable xlsx: {error}") from error
    pages: list[Page] = []
    problems: list[Problem] = []
    for sheet in book.worksheets:
        page, found = _read_sheet(sheet, document)
        problems += found
        if page is not None:
            pages.append(page)
    book.close()
    if not pages and not problems:
        raise DocumentError("empty", "the workbook holds no values")
    return Reading(pages=tuple(pages), title=title_of(pages, document), problems=tuple(problems))


def _read_sheet(sheet: Any, document: str) -> tuple[Page | None, list[Problem]]:
    problems: list[Problem] = []
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        message = f"sheet {sheet.title}: only the first {MAX_ROWS} rows and {MAX_COLUMNS} columns are read"
        problems.append(Problem(code="too_large", severity="warning", document=document, message=message))
    grid = _filled(sheet)
    hidden = _take_hidden(sheet, grid)
    if hidden:
        problems.append(hidden_problem(document, hidden, f"hidden cells of sheet {sheet.title}"))
    if not grid:
        return None, problems
    blocks: list[Block] = []
    tables: list[Table] = []
    spans = _spans(sheet)
    for chunk in _chunks(grid):
        _add_chunk(chunk, grid, sheet.title, blocks, tables, spans)
    return page_of(blocks, tables, title=sheet.title), problems


def _filled(sheet: Any) -> Grid:
    """(row, column) → shown text. A merged range shows its value in each of its rows, once a row."""
    grid: Grid = {}
    for line in sheet.iter_rows(
        max_row=min(sheet.max_row, MAX_ROWS), max_col=min(sheet.max_column, MAX_COLUMNS)
    ):
        for cell in line:
            text = shown(cell.value, getattr(cell, "number_format", "General"))
            if text:
                grid[cell.row, cell.column] = text
    for merged in sheet.merged_cells.ranges:
        left, top, bottom = int(merged.min_col), int(merged.min_row), int(merged.max_row)
        text = grid.get((top, left), "")
        for row in range(top + 1, min(bottom, MAX_ROWS) + 1):
            grid[row, left] = text
    return {place: text for place, text in grid.items() if text}


def _spans(sheet: Any) -> Widths:
    """(row, column) → columns covered, of cells merged over several columns."""
    found: Widths = {}
    for merged in sheet.merged_cells.ranges:
        wide = min(int(merged.max_col), MAX_COLUMNS) - int(merged.min_col) + 1
        for row in range(int(merged.min_row), min(int(merged.max_row), MAX_ROWS) + 1) if wide > 1 else ():
            found[row, int(merged.min_col)] = wide
    return found


def _take_hidden(sheet: Any, grid: Grid) -> str:
    """Remove hidden sheets, rows and columns from the grid; → their text."""
    rows = {i for i, d in sheet.row_dimensions.items() if d.hidden}
    columns: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            columns |= set(range(dimension.min, min(dimension.max, MAX_COLUMNS) + 1))
    all_hidden = sheet.sheet_state != "visible"
    gone = [place for place in sorted(grid) if all_hidden or place[0] in rows or place[1] in columns]
    return " ".join(grid.pop(place) for place in gone)


def _chunks(grid: Grid) -> list[list[int]]:
    """Row numbers in runs without an empty row between."""
    chunks: list[list[int]] = []
    for row in sorted({row for row, _ in grid}):
        if chunks and row == chunks[-1][-1] + 1:
            chunks[-1].append(row)
        else:
            chunks.append([row])
    return chunks


def _add_chunk(
    rows: list[int], grid: Grid, sheet: str, blocks: list[Block], tables: list[Table], wide: Widths
) -> None:
    """A title line before its table becomes a heading; the rest one table."""
    width = {row: sorted(column for r, column in grid if r == row) for row in rows}
    while rows and len(width[rows[0]]) == 1:
        row = rows.pop(0)
        place = f"{sheet}!{get_column_letter(width[row][0])}{row}"
        text = grid[row, width[row][0]]
        kind = "heading" if len(text) <= 80 else "paragraph"
        blocks.append(Block(kind=kind, text=text, level=2 if kind == "heading" else 0, locator=place))  # type: ignore[arg-type]
    if not rows:
        return
    used = [column for row in rows for column in width[row]]
    left, right = min(used), max(used)
    lines, places = [], []
    for row in rows:
        lines.append(tuple(grid.get((row, column), "") for column in range(left, right + 1)))
        places.append(f"{sheet}!{_range(width[row][0], row, width[row][-1], row)}")
    table = len(tables)
    for row, line, place in zip(rows, lines, places, strict=True):
        spans = [(column - left, wide.get((row, column), 1)) for column in width[row]]
        if row_text(line):
            blocks.append(row_block(line, table=table, locator=place, spans=spans))
    locator = f"{sheet}!{_range(left, rows[0], right, rows[-1])}"
    tables.append(Table(rows=tuple(lines), locator=locator, row_locators=tuple(places)))


def _range(left: int, top: int, right: int, bottom: int) -> str:
    first, last = f"{get_column_letter(left)}{top}", f"{get_column_letter(right)}{bottom}"
    return first if first == last else f"{first}:{last}"
