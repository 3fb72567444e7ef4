"""Small documents made on the spot for the readers' tests."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from cohost.errors import DocumentError
from cohost.knowledge import documents
from cohost.knowledge.documents import Document, OcrPage, OcrWord, Piece


class NoOcr:
    """No picture is expected in these tests."""

    def read(self, image: bytes) -> OcrPage:
        raise DocumentError("unreadable", "no OCR here")


class FixedOcr:
    """Sees the same rows in every picture."""

    def __init__(self, *rows: tuple[tuple[str, float], ...]) -> None:
        self.seen: list[bytes] = []
        self._rows = tuple(
            tuple(
                Piece(
                    text, (300.0 * i, 40.0 * y, 300.0 * i + 200, 40.0 * y + 20), sure, (OcrWord(text, sure),)
                )
                for i, (text, sure) in enumerate(row)
            )
            for y, row in enumerate(rows)
        )

    def read(self, image: bytes) -> OcrPage:
        self.seen.append(image)
        return OcrPage(rows=self._rows, width=1000, height=1000)


def read(folder: Path, name: str, data: bytes | str, ocr: documents.OcrPort | None = None) -> Document:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return documents.read(folder, name, ocr=ocr or NoOcr())


def refusal(folder: Path, name: str, data: bytes | str) -> str:
    """The code with which the file is refused."""
    with pytest.raises(DocumentError) as raised:
        read(folder, name, data)
    assert str(raised.value)
    return raised.value.code


def lines(document: Document) -> list[str]:
    return [block.text for page in document.pages for block in page.blocks]


def rows(document: Document) -> list[tuple[str, ...]]:
    return [row for page in document.pages for table in page.tables for row in table.rows]


def pdf(*pages: str, extra: str = "", trailer: str = "") -> bytes:
    """A PDF whose pages show these content streams, with Helvetica as /F1; y grows upwards."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, content in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> {extra} >> /Contents {5 + 2 * i} 0 R >>"
        )
        size = len(content.encode("cp1252"))
        objects.append(f"<< /Length {size} >>\nstream\n{content}\nendstream")
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252"))
    start = out.tell()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode())
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode())
    out.write(f"startxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def show(text: str, x: float, y: float, size: float = 10, colour: str = "0 g") -> str:
    """One text in a content stream; x, y in points from the lower left corner."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT {colour} /F1 {size} Tf {x} {y} Td ({escaped}) Tj ET\n"


def docx_bytes(file: docx.document.Document) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def xlsx_bytes(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_bytes(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()
