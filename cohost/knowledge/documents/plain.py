"""Plain text: which lines belong together."""

from __future__ import annotations

import re

from cohost.knowledge.documents.encoding import decode
from cohost.knowledge.documents.model import Block, Table
from cohost.knowledge.documents.reading import Reading, page_of, row_block, tidy, title_of

_UNDERLINE = re.compile(r"^\s*([=\-~*])\1{2,}\s*$")
_LIST_ITEM = re.compile(r"^\s*(?:[-*•·–●]|\d{1,2}[.)、])\s*(?=\S)")
_NUMBERED_TITLE = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})*[.)、]?\s+\S.{0,58}(?<![.!?:;,。：，])$")
_COLUMNS = re.compile(r"\t+| {3,}")
_WRAPPED = 60  # characters from which a line may have been broken by its writer's editor


def read_txt(data: bytes, document: str) -> Reading:
    """Paragraphs, headings, list items; lines in columns become table rows."""
    blocks: list[Block] = []
    tables: list[Table] = []
    for chunk in re.split(r"\n\s*\n", decode(data)):
        lines = [line.rstrip() for line in chunk.split("\n") if line.strip()]
        if lines:
            _read_chunk(lines, blocks, tables)
    pages = (page_of(blocks, tables),)
    return Reading(pages=pages, title=title_of(pages, document))


def _read_chunk(lines: list[str], blocks: list[Block], tables: list[Table]) -> None:
    cells = [[tidy(cell) for cell in _COLUMNS.split(line.strip())] for line in lines]
    if len(lines) >= 2 and all(len(row) >= 2 for row in cells):
        blocks += [row_block(row, table=len(tables)) for row in cells]
        tables.append(Table(rows=tuple(tuple(row) for row in cells)))
        return
    if len(lines) >= 2 and _NUMBERED_TITLE.match(lines[0]) and not _LIST_ITEM.match(lines[1]):
        blocks.append(Block(kind="heading", text=tidy(lines.pop(0)), level=2))
    pending: list[str] = []
    for i, line in enumerate(lines):
        if _UNDERLINE.match(line):
            if pending:
                blocks += [_text_block(text) for text in pending[:-1]]
                blocks.append(Block(kind="heading", text=pending[-1], level=1 if "=" in line else 2))
                pending = []
            continue
        joins = pending and not _LIST_ITEM.match(line) and _runs_on(lines[i - 1])
        if joins:
            pending[-1] += " " + tidy(line)
        else:
            pending.append(tidy(line))
    if len(lines) == 1 and pending and _looks_like_heading(pending[0]):
        blocks.append(Block(kind="heading", text=pending[0], level=2))
    else:
        blocks += [_text_block(text) for text in pending]


def _runs_on(line: str) -> bool:
    """The line was broken for its length, not at the end of a sentence or an entry."""
    wide = sum(2 if ord(c) > 0x2E80 else 1 for c in line)
    return wide >= _WRAPPED and not line.rstrip().endswith((".", "!", "?", ":", ";", "。", "！", "？", "："))


def _looks_like_heading(line: str) -> bool:
    ends = line.endswith((".", "!", "?", ",", ";", ":", "。", "，", "：", "؟"))
    return len(line) <= 60 and not ends and not re.search(r"[:：]\s", line) and not _LIST_ITEM.match(line)


def _text_block(text: str) -> Block:
    return Block(kind="list_item" if _LIST_ITEM.match(text) else "paragraph", text=text)
