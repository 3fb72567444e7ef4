"""The second reader: a file's text by the shortest way, sharing nothing with the readers that extract.

pdf: the text layer as pdfium gives it. docx and xlsx: the XML inside. Others: the characters of the
file, once as they are and once without markup.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import html
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from lxml import etree

from cohost.errors import DocumentError
from cohost.knowledge.documents.archive import BROKEN, open_office
from cohost.knowledge.documents.cells import shown
from cohost.knowledge.documents.encoding import decode
from cohost.knowledge.documents.pdf import PDFIUM, open_pdfium

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TAGS = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[^>]+>", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*_`#>~|\\]+|^\s*[-+]\s+|^\s*:?-{3,}:?", re.MULTILINE)
_BUILTIN_FORMATS = {9: "0%", 10: "0.00%", **dict.fromkeys((14, 15, 16, 17, 22), "yyyy-mm-dd")}
_DATE_FORMAT = re.compile(r"(?<![\\\"])[yd]", re.IGNORECASE)


def raw_texts(file: Path, page: int | None) -> tuple[str, ...]:
    """Readings of the file (of one page of a pdf) in which a quote may stand; () when unreadable."""
    try:
        stat = file.stat()
        return _cached(file, page, stat.st_mtime_ns, stat.st_size)
    except (DocumentError, pypdfium2.PdfiumError, *BROKEN):
        return ()


@functools.lru_cache(maxsize=128)
def _cached(file: Path, page: int | None, mtime_ns: int, size: int) -> tuple[str, ...]:
    data = file.read_bytes()
    suffix = file.suffix.lower()
    if suffix == ".pdf":
        return (_pdf(data, page),)
    if suffix == ".docx":
        return (" ".join(_docx(data)),)
    if suffix == ".xlsx":
        return (" ".join(_xlsx(data)),)
    text = decode(data)
    if suffix in (".html", ".htm"):
        return (text, html.unescape(_TAGS.sub("", text)), html.unescape(_TAGS.sub(" ", text)))
    if suffix in (".md", ".markdown"):
        plain = _MARKS.sub(" ", _LINK.sub(r"\1", _TAGS.sub("", text)))
        return (text, html.unescape(plain))
    if suffix in (".csv", ".tsv"):
        return (text, *(_cells(text, mark) for mark in ",;\t|"))
    return (text,)


def _pdf(data: bytes, page: int | None) -> str:
    with PDFIUM:
        pdf = open_pdfium(data)
        try:
            numbers = range(len(pdf)) if page is None else [page - 1]
            return "\n".join(pdf[n].get_textpage().get_text_range() for n in numbers if 0 <= n < len(pdf))
        finally:
            pdf.close()


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(archive.read(name), parser)


def _docx(data: bytes) -> Iterator[str]:
    with open_office(data) as archive:
        parts = [
            n for n in archive.namelist() if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", n)
        ]
        for name in sorted(parts):
            for paragraph in _xml(archive, name).iter(f"{_W}p"):
                if not any(above.tag == _FALLBACK for above in paragraph.iterancestors()):
                    yield "".join(_paragraph(paragraph))


def _paragraph(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        owner = next(node.iterancestors(f"{_W}p"))
        if owner is paragraph:
            yield {f"{_W}t": node.text or "", f"{_W}noBreakHyphen": "-"}.get(node.tag, " ")


def _xlsx(data: bytes) -> Iterator[str]:
    """The cells of every sheet in order, formatted as the first reader shows them."""
    with open_office(data) as archive:
        names = archive.namelist()
        strings: list[str] = []
        if "xl/sharedStrings.xml" in names:
            for item in _xml(archive, "xl/sharedStrings.xml").iter(f"{_S}si"):
                strings.append(_rich(item))
        formats = _formats(_xml(archive, "xl/styles.xml")) if "xl/styles.xml" in names else []
        for name in sorted(n for n in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", n)):
            yield from _rows(_xml(archive, name), strings, formats)


def _rows(sheet: Any, strings: list[str], formats: list[str]) -> Iterator[str]:
    """The cells row by row; a cell merged over several rows stands in each of them, as it does to the
    eye."""
    merged = [_corners(m.get("ref") or "") for m in sheet.iter(f"{_S}mergeCell")]
    tall = {(top, left): bottom for left, top, bottom in merged if bottom > top}
    over: dict[int, tuple[int, str]] = {}  # column → last row covered, text
    for number, row in enumerate(sheet.iter(f"{_S}row"), start=1):
        line = int(row.get("r") or number)
        cells: dict[int, str] = {}
        for place, cell in enumerate(row.iter(f"{_S}c"), start=1):
            column = _column(cell.get("r") or "") or place
            cells[column] = _cell(cell, strings, formats)
            if (line, column) in tall:
                over[column] = (tall[line, column], cells[column])
        for column, (last, text) in over.items():
            if line <= last and not cells.get(column):
                cells[column] = text
        yield from (cells[column] for column in sorted(cells))


def _corners(reference: str) -> tuple[int, int, int]:
    """ "A4:B7" → column 1, rows 4 and 7."""
    first, _, last = reference.partition(":")
    rows = [int(re.sub(r"\D", "", corner) or 0) for corner in (first, last or first)]
    return _column(first), rows[0], rows[1]


def _column(reference: str) -> int:
    """ "AB12" → 28; 0 where there is no letter."""
    number = 0
    for letter in re.sub(r"[^A-Z]", "", reference.upper()):
        number = number * 26 + ord(letter) - 64
    return number


def _rich(item: Any) -> str:
    """A string's runs; phonetic guides (rPh) are not part of it."""
    texts = (t for t in item.iter(f"{_S}t") if t.getparent().tag != f"{_S}rPh")
    return "".join(t.text or "" for t in texts)


def _formats(styles: Any) -> list[str]:
    own = {int(f.get("numFmtId")): f.get("formatCode") or "" for f in styles.iter(f"{_S}numFmt")}
    known = _BUILTIN_FORMATS | own
    cells = styles.find(f"{_S}cellXfs")
    return [known.get(int(xf.get("numFmtId") or 0), "General") for xf in (cells if cells is not None else ())]


def _cell(cell: Any, strings: list[str], formats: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.find(f"{_S}v")
    if kind == "inlineStr":
        return _rich(cell)
    if value is None or not value.text:
        return ""
    if kind == "s":
        return strings[int(value.text)] if int(value.text) < len(strings) else ""
    if kind == "b":
        return "TRUE" if value.text == "1" else "FALSE"
    if kind != "n":
        return str(value.text)
    style = int(cell.get("s") or 0)
    form = formats[style] if style < len(formats) else "General"
    number = float(value.text)
    if _DATE_FORMAT.search(re.sub(r'"[^"]*"|\[[^\]]*\]', "", form)) and form != "General":
        return shown(dt.datetime(1899, 12, 30) + dt.timedelta(days=number))
    return shown(number, form)


def _cells(text: str, mark: str) -> str:
    try:
        return " ".join(" ".join(row) for row in csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error:
        return ""
