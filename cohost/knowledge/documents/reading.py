"""What every reader returns, and the small steps they share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cohost.knowledge.documents.model import Block, OcrWord, Page, Problem, Table

MAX_HIDDEN_SHOWN = 300  # characters of hidden text told in a problem


class Reading(msgspec.Struct, frozen=True):
    """A reader's result; `Document` adds path, format and hash."""

    pages: tuple[Page, ...]
    title: str = ""
    problems: tuple[Problem, ...] = ()


def tidy(text: str) -> str:
    """Whitespace folded to single spaces, characters kept as they are (no NFKC)."""
    return " ".join(text.replace("\x00", "").split())


def row_text(cells: Sequence[str]) -> str:
    """A table row as a quote holds it: its cells in order joined by one space."""
    return " ".join(cell for cell in cells if cell)


def row_block(
    cells: Sequence[str],
    table: int | None = None,
    locator: str | None = None,
    spans: Iterable[tuple[int, int]] = (),
) -> Block:
    """`spans`: (index, columns covered) of cells that stretch over several columns."""
    return Block(
        kind="table_row", text=row_text(cells), cells=tuple(cells), table=table, locator=locator,
        spans=tuple((at, wide) for at, wide in spans if wide > 1),
    )  # fmt: skip


def page_of(
    blocks: Iterable[Block],
    tables: Sequence[Table] = (),
    *,
    number: int | None = None,
    ocr: bool = False,
    confidence: float | None = None,
    words: tuple[OcrWord, ...] = (),
    title: str = "",
) -> Page:
    """A page whose text is its blocks, one a line; empty blocks fall out."""
    kept = tuple(block for block in blocks if block.text)
    return Page(
        number=number,
        text="\n".join(block.text for block in kept),
        blocks=kept,
        tables=tuple(tables),
        ocr=ocr,
        confidence=confidence,
        words=words,
        title=title,
    )


def title_of(pages: Sequence[Page], name: str) -> str:
    """An early heading, else a first short line, else the file's name."""
    blocks = [block for page in pages for block in page.blocks][:6]
    if blocks and blocks[0].kind != "table_row" and 3 <= len(blocks[0].text) <= 60:
        first = blocks[0].text
    else:
        first = next((b.text for b in blocks if b.kind != "table_row" and 3 <= len(b.text) <= 120), "")
    heading = next((b.text for b in blocks if b.kind == "heading" and b.level <= 1), "")
    return heading or first or name


def hidden_problem(document: str, text: str, how: str, page: int | None = None) -> Problem:
    """Text a reader of the page would not see: kept out of the page, told to the operator."""
    shown = tidy(text)
    if len(shown) > MAX_HIDDEN_SHOWN:
        shown = shown[:MAX_HIDDEN_SHOWN] + " …"
    return Problem(
        code="hidden_text",
        severity="warning",
        document=document,
        page=page,
        message=f"{how}, left out: “{shown}”",
    )
