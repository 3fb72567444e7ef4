"""docx: paragraphs, headings, lists, tables, headers and footers, text boxes, in order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import XmlchemyError
from lxml import etree

from cohost.errors import DocumentError
from cohost.knowledge.documents.archive import BROKEN, open_office
from cohost.knowledge.documents.model import Block, Table
from cohost.knowledge.documents.reading import Reading, hidden_problem, page_of, row_block, tidy, title_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset({f"{W}del", f"{W}moveFrom", _FALLBACK, f"{W}instrText", f"{W}delText"})
_HEADING = re.compile(r"(?:heading|title|überschrift|titre|título|标题|見出し)\s*(\d?)", re.IGNORECASE)
_TINY = 4  # half-points: 2 pt


def read_docx(data: bytes, document: str) -> Reading:
    """One page without a number. Raises DocumentError: encrypted, corrupt, too_large, unsupported, empty."""
    open_office(data).close()
    try:
        file = docx.Document(io.BytesIO(data))
        reader = _Reader(_style_names(file))
        header, footer = _margins(file)
        for part in header:
            reader.visit(part)
        reader.visit(file.element.body)
        for part in footer:
            reader.visit(part)
        title = tidy(file.core_properties.title or "")
    except (OpcError, PythonDocxError, XmlchemyError, *BROKEN) as error:
        raise DocumentError("corrupt", f"not a readable docx: {error}") from error
    except RecursionError as error:
        raise DocumentError("corrupt", "nested deeper than any document") from error
    pages = (page_of(reader.blocks, reader.tables),)
    if not pages[0].text and not reader.hidden:
        raise DocumentError("empty", "the document holds no text")
    problems = tuple(hidden_problem(document, text, "hidden text") for text in reader.hidden)
    return Reading(pages=pages, title=title_of(pages, title or document), problems=problems)


def _style_names(file: Any) -> dict[str, str]:
    return {style.style_id: style.name or "" for style in file.styles}


def _margins(file: Any) -> tuple[list[Any], list[Any]]:
    """Header and footer elements of all sections, each part once."""
    headers: dict[str, Any] = {}
    footers: dict[str, Any] = {}
    for section in file.sections:
        for holder, into in ((section.header, headers), (section.footer, footers)):
            if not holder.is_linked_to_previous:
                into[str(holder.part.partname)] = holder._element
    return list(headers.values()), list(footers.values())


class _Reader:
    def __init__(self, styles: dict[str, str]) -> None:
        self._styles = styles
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.hidden: list[str] = []

    def visit(self, parent: Any) -> None:
        for child in parent.iterchildren():
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag not in _GONE and not isinstance(child, etree._Comment):
                self.visit(child)  # content controls, insertions

    def _paragraph(self, element: Any) -> None:
        text = self._text(element)
        if text:
            kind, level = self._kind(element)
            self.blocks.append(Block(kind=kind, text=text, level=level))  # type: ignore[arg-type]
        for box in _boxes(element):
            self.visit(box)

    def _kind(self, paragraph: Any) -> tuple[str, int]:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = self._styles.get(style.get(f"{W}val"), "") if style is not None else ""
        heading = _HEADING.match(name)
        if heading:
            return "heading", int(heading.group(1) or 1)
        depth = paragraph.find(f"{W}pPr/{W}numPr/{W}ilvl")
        if depth is not None or name.lower().startswith("list"):
            return "list_item", int(depth.get(f"{W}val", "0")) + 1 if depth is not None else 1
        return "paragraph", 0

    def _text(self, element: Any, in_table: bool = False) -> str:
        """Visible text of a paragraph or a cell; hidden runs go to `hidden`."""
        shown: list[str] = []
        hidden: list[str] = []
        for run in _runs(element):
            (hidden if _is_hidden(run, in_table) else shown).append(_run_text(run))
        if tidy("".join(hidden)):
            self.hidden.append(tidy("".join(hidden)))
        return tidy("".join(shown))

    def _table(self, element: Any) -> None:
        rows: list[tuple[str, ...]] = []
        merged: list[list[tuple[int, int]]] = []
        inner: list[Any] = []
        for line in element.iterchildren(f"{W}tr"):
            row: list[str] = []
            spans: list[tuple[int, int]] = []
            for cell in line.iterdescendants(f"{W}tc"):
                if next(cell.iterancestors(f"{W}tr")) is not line:
                    continue
                paragraphs = [self._text(p, in_table=True) for p in cell.iterchildren(f"{W}p", f"{W}sdt")]
                spans.append((len(row), _span(cell)))
                row.append(" ".join(p for p in paragraphs if p))
                row += [""] * (_span(cell) - 1)
                inner += cell.iterchildren(f"{W}tbl")
            if any(row):
                rows.append(tuple(row))
                merged.append(spans)
        if rows and max(len(row) for row in rows) == 1:  # a frame, not a table
            self.blocks += [Block(kind="paragraph", text=row[0]) for row in rows]
        elif rows:
            pairs = zip(rows, merged, strict=True)
            self.blocks += [row_block(row, table=len(self.tables), spans=spans) for row, spans in pairs]
            self.tables.append(Table(rows=tuple(rows)))
        for table in inner:
            self._table(table)


def _runs(element: Any) -> Iterator[Any]:
    """Runs of this paragraph or cell, not those of text boxes, nested tables or deleted text."""
    for child in element.iterchildren():
        if child.tag == f"{W}r":
            yield child
        elif child.tag in _GONE or child.tag == f"{W}tbl":
            continue
        else:
            yield from _runs(child)


def _run_text(run: Any) -> str:
    parts: list[str] = []
    for child in run.iterchildren():
        if child.tag == f"{W}t":
            parts.append(child.text or "")
        elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr", f"{W}ptab"):
            parts.append(" ")
        elif child.tag == f"{W}noBreakHyphen":
            parts.append("-")
    return "".join(parts)


def _is_hidden(run: Any, in_table: bool) -> bool:
    """Marked hidden, smaller than 2 pt, or white outside a table (whose header may be dark)."""
    look = run.find(f"{W}rPr")
    if look is None:
        return False
    vanish = look.find(f"{W}vanish")
    if vanish is not None and vanish.get(f"{W}val", "true") not in ("0", "false"):
        return True
    size = look.find(f"{W}sz")
    if size is not None and size.get(f"{W}val", "").isdigit() and int(size.get(f"{W}val")) <= _TINY:
        return True
    colour = look.find(f"{W}color")
    white = colour is not None and colour.get(f"{W}val", "").upper() in ("FFFFFF", "FEFEFE")
    return white and not in_table and not _shaded(run)


def _shaded(run: Any) -> bool:
    fills = [run.find(f"{W}rPr/{W}shd"), run.find(f"{W}rPr/{W}highlight")]
    fills += [p.find(f"{W}pPr/{W}shd") for p in run.iterancestors(f"{W}p")]
    return any(f is not None and f.get(f"{W}fill", "dark").upper() not in ("AUTO", "FFFFFF") for f in fills)


def _boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iterdescendants(f"{W}txbxContent"):
        if not any(a.tag == _FALLBACK for a in box.iterancestors()):
            yield box


def _span(cell: Any) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = span.get(f"{W}val", "1") if span is not None else "1"
    return max(1, min(50, int(value))) if value.isdigit() else 1
