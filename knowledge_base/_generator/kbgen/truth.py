"""The ground truth: what each document says, and a check that the built files say it."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pypdfium2
from docx import Document as open_docx
from openpyxl import load_workbook

from .paper import printed_text
from .source import ContentError, Document, plain_text


def write(documents: list[Document], target: Path) -> None:
    """Write ``truth.json``: one object for each document, facts and traps included."""
    rows = [_row(document) for document in documents]
    traps = tomllib.loads((target.parent / "content" / "traps.toml").read_text(encoding="utf-8"))["trap"]
    known = {document.meta.path for document in documents}
    if lost := {path for trap in traps for path in trap["documents"]} - known:
        raise ContentError(f"traps.toml names documents that are not made: {sorted(lost)}")
    data = {"show_date": "2026-11-20", "traps": traps, "documents": rows}
    target.write_text(json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


def _row(document: Document) -> dict[str, Any]:
    meta = document.meta
    row: dict[str, Any] = {
        "path": meta.path, "title": meta.title, "kind": meta.kind, "product": meta.product or None,
        "models": list(meta.models), "langs": list(meta.langs), "number": meta.number or None,
        "issued": meta.issued, "expires": meta.expires, "pages": len(document.pages) or None,
        "visibility": meta.visibility, "approved": bool(meta.approved_by), "traps": list(meta.traps),
        "facts": list(meta.facts), "unreadable": meta.damage or None,
    }  # fmt: skip
    if meta.scan:
        row["scan"] = {"options": meta.scan, "text": printed_text(document)}
    return row


def fold(text: str) -> str:
    """NFKC with white space folded, the form in which quotes are compared."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def check(documents: list[Document], root: Path) -> list[str]:
    """What is wrong: quotes of facts that a second reader does not find in the built file."""
    wrong = []
    for document in documents:
        meta = document.meta
        if meta.damage or not meta.facts:
            continue
        pages = plain_text(document) if meta.scan else _pages(root / meta.path)
        for fact in meta.facts:
            page = fact.get("page")
            text = pages[page - 1] if page else "\n".join(pages)
            if fold(fact["quote"]) not in fold(text):
                wrong.append(f"{meta.path} page {page}: quote not found: {fact['quote']}")
    return wrong


def _pages(file: Path) -> list[str]:
    if file.suffix == ".pdf":
        with pypdfium2.PdfDocument(file) as pdf:
            return [page.get_textpage().get_text_range() for page in pdf]
    if file.suffix == ".docx":
        return [_docx_text(file)]
    if file.suffix == ".xlsx":
        book = load_workbook(file, data_only=True)
        rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
        return ["\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in rows)]
    text = file.read_text(encoding="utf-8")
    return [re.sub(r"<[^>]+>", " ", text) if file.suffix == ".html" else text]


def _docx_text(file: Path) -> str:
    word = open_docx(str(file))
    lines = [paragraph.text for paragraph in word.paragraphs]
    lines += [" ".join(cell.text for cell in row.cells) for table in word.tables for row in table.rows]
    return "\n".join(lines)
