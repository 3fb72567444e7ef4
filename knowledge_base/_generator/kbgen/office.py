"""Word and Excel files from the same content."""

from __future__ import annotations

import io
import re
from typing import Any

from docx import Document as new_docx
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from .paper import issuers
from .source import Block, Document

_LINE = Side(style="thin", color="7C848D")


def docx(document: Document) -> bytes:
    """A Word file: letterhead in the page header, number and page field in the footer."""
    meta, word = document.meta, new_docx()
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Liberation Sans", Pt(10)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Sans CJK SC")
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    issuer = issuers()[meta.issuer]
    head = section.header.paragraphs[0]
    head.add_run(issuer["name"]).bold = True
    head.add_run(f"\n{issuer['lines']}").font.size = Pt(7.5)
    section.footer.paragraphs[0].text = " · ".join(part for part in (meta.number, meta.footer) if part)
    word.core_properties.title = meta.title
    word.core_properties.author = issuer["name"]
    for index, page in enumerate(document.pages):
        if index:
            word.add_page_break()
        for block in page:
            _add(word, block)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _add(word: Docx, block: Block) -> None:
    kind, args = block.kind, block.args
    if kind == "table":
        _add_table(word, block)
    elif kind in ("h1", "h2", "h3"):
        heading = word.add_heading(args[0], int(kind[1]))
        if kind == "h1":
            heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for run in heading.runs:
            run.font.color.rgb = RGBColor(0x1D, 0x3B, 0x5C)
            run._element.rPr.get_or_add_rFonts().set(qn("w:eastAsia"), "Noto Sans CJK SC")
    elif kind == "ul":
        for item in args:
            _runs(word.add_paragraph(style="List Bullet"), item)
    elif kind == "note":
        _runs(word.add_paragraph(style="Intense Quote"), "\n".join(args))
    elif kind == "sign":
        word.add_paragraph("\n" + "_" * 34)
        word.add_paragraph("\n".join(args))
    elif kind == "stamp":
        run = word.add_paragraph().add_run(" ★ ".join(arg for arg in args if arg))
        run.font.color.rgb, run.bold = RGBColor(0xC8, 0x20, 0x2B), True
    elif kind == "space" or kind == "art":
        word.add_paragraph()
    else:
        paragraph = word.add_paragraph()
        _runs(paragraph, " | ".join(args))
        if kind in ("sub", "big", "center", "mark"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _runs(paragraph: Any, text: str) -> None:
    for index, part in enumerate(re.split(r"\*\*(.+?)\*\*", text.replace("\\\\", "\n"))):
        if part:
            paragraph.add_run(part).bold = index % 2 == 1


def _add_table(word: Docx, block: Block) -> None:
    width = max(len(row) for row in block.rows)
    table = word.add_table(rows=0, cols=width, style="Table Grid")
    for index, row in enumerate(block.rows):
        cells = table.add_row().cells
        for place, text in enumerate(row):
            paragraph = cells[place].paragraphs[0]
            _runs(paragraph, text)
            if (block.header and index == 0) or (not block.header and place == 0):
                for run in paragraph.runs:
                    run.bold = True
    word.add_paragraph()


def xlsx(document: Document) -> bytes:
    """An Excel file; each sheet's table gives name, widths, header, merges and rows."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title = document.meta.title
    book.properties.creator = issuers()[document.meta.issuer]["name"]
    for spec in document.sheets:
        _fill_sheet(book.create_sheet(spec["name"]), spec)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill_sheet(sheet: Worksheet, spec: dict[str, Any]) -> None:
    for row, cells in enumerate(spec["rows"], 1):
        for column, value in enumerate(cells, 1):
            cell = sheet.cell(row, column, value if value != "" else None)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if row > spec.get("titles", 1):
                cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
    for row in range(1, spec.get("titles", 1) + 1):
        sheet.cell(row, 1).font = Font(bold=True, size=14 if row == 1 else 10)
    for row in spec.get("header", []):
        for cell in sheet[row]:
            cell.font = Font(bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", fgColor="2C4A6B")
    for area in spec.get("merge", []):
        sheet.merge_cells(area)
    for column, width in enumerate(spec["widths"], 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = spec.get("freeze")
