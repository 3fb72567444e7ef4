"""Documents read and made evidence, beside plain pdfplumber on the same pdfs, file by file in turns.

OCR is off: a file that asks for it is left out of both, and so is one that cannot be read.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cohost.clock import WallClock
from cohost.errors import DocumentError
from cohost.knowledge.documents import Document, OcrPage, read, walk
from cohost.knowledge.documents.folder import FORMATS
from cohost.knowledge.documents.markup import read_md
from cohost.knowledge.extract import extract
from cohost.knowledge.kbtoml import KbToml, load

READ = frozenset({"pdf", "docx", "xlsx", "html"})
CHARACTERS = 3000
"""A page of a format that has none."""

WARMING = (
    b"# Lamp PL-7\n\n| Battery life | 37 h at half brightness |\n|---|---|\n| Weight | 412 g |\n\n"
    b"Returns within 30 days. Keep away from water. Certificate RX-1, valid until 2027-03-31.\n"
)


@dataclass(frozen=True)
class FileRead:
    """One file: its pages, seconds of the clock and of the processor, pdfplumber's seconds for a pdf."""

    path: str
    pages: int
    took_s: float
    cpu_s: float
    peer_s: float | None = None


@dataclass(frozen=True)
class Reading:
    """Files that were read, and how many could not be without OCR or at all."""

    files: list[FileRead]
    left_out: int


class _NoOcr:
    """Remembers that it was asked."""

    def __init__(self) -> None:
        self.asked = False

    def read(self, image: bytes) -> OcrPage:
        self.asked = True
        raise DocumentError("unreadable", "OCR is off")


def read_all(folder: Path, tell: Callable[[int, int], None]) -> Reading:
    """Every pdf and office file of the folder, once: nothing has seen it before. Raises KnowledgeError."""
    kb = load(folder)
    paths = [p for p in walk(folder)[0] if FORMATS[Path(p).suffix.lower()] in READ]
    _warm(kb)
    files: list[FileRead] = []
    for number, path in enumerate(paths):
        tell(number, len(paths))
        theirs = _peer(folder / path) if number % 2 else None
        ours = _ours(folder, path, kb)
        if ours is None:
            continue
        if theirs is None:
            theirs = _peer(folder / path)
        files.append(FileRead(path, *ours, peer_s=theirs))
    return Reading(files, len(paths) - len(files))


def pages_of(document: Document) -> int:
    """Pages of a pdf, sheets of a workbook, else every 3,000 characters and what is left of them."""
    if document.format in ("pdf", "xlsx"):
        return len(document.pages)
    return max(1, math.ceil(len(document.text) / CHARACTERS))


def _ours(folder: Path, path: str, kb: KbToml) -> tuple[int, float, float] | None:
    """Pages and seconds; None where OCR would be needed or nothing can be read."""
    clock, ocr = WallClock(), _NoOcr()
    note = next((n for n in kb.documents if n.path == path), None)
    spent, started = _spent(), clock.perf()
    try:
        document = read(folder, path, ocr=ocr)
    except DocumentError:
        return None
    extract(document, catalogue=kb.catalogue, note=note)
    took, spent = clock.perf() - started, _spent() - spent
    return None if ocr.asked else (pages_of(document), took, spent)


def _peer(file: Path) -> float | None:
    """Text and tables of every page; None for what is no pdf or cannot be opened."""
    if file.suffix.lower() != ".pdf":
        return None
    import pdfplumber
    from pdfplumber.utils.exceptions import PdfminerException

    clock = WallClock()
    started = clock.perf()
    try:
        with pdfplumber.open(io.BytesIO(file.read_bytes())) as pdf:
            for page in pdf.pages:
                page.extract_text()
                page.extract_tables()
    except PdfminerException:
        return None
    return clock.perf() - started


def _warm(kb: KbToml) -> None:
    """Load the tables that a process loads once."""
    pages = read_md(WARMING, "warm.md").pages
    extract(Document(path="warm.md", sha256="", format="md", pages=pages), catalogue=kb.catalogue)


def _spent() -> float:
    """Processor seconds of this process."""
    times = os.times()
    return times.user + times.system
