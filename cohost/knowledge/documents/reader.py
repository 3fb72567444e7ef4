"""One file of any kind → a `Document`. Imports every format's library: loaded by the first document."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

import msgspec

from cohost.clock import Clock, WallClock
from cohost.errors import DocumentError
from cohost.knowledge.documents.delimited import read_csv
from cohost.knowledge.documents.folder import FORMATS, load
from cohost.knowledge.documents.markup import read_html, read_md
from cohost.knowledge.documents.model import (
    Document,
    Format,
    OcrPort,
)
from cohost.knowledge.documents.pdf import read_pdf
from cohost.knowledge.documents.picture import read_image
from cohost.knowledge.documents.plain import read_txt
from cohost.knowledge.documents.reading import Reading
from cohost.knowledge.documents.sheet import read_xlsx
from cohost.knowledge.documents.word import read_docx

_PLAIN = {
    "docx": read_docx,
    "xlsx": read_xlsx,
    "csv": read_csv,
    "html": read_html,
    "md": read_md,
    "txt": read_txt,
}


def read(root: Path, relative: str, *, ocr: OcrPort, clock: Clock | None = None) -> Document:
    """Read one file of the folder. Raises DocumentError with one of the codes encrypted, corrupt,
    empty, too_large, unsupported, unreadable, symlink_outside, encoding."""
    form = FORMATS.get(PurePosixPath(relative).suffix.lower())
    if form is None:
        raise DocumentError(
            "unsupported", f"{PurePosixPath(relative).suffix or relative} is no document type"
        )
    data = load(root, relative)
    stem = PurePosixPath(relative).stem
    reading = _read(form, data, relative, ocr, clock or WallClock())
    if not any(page.text for page in reading.pages) and not reading.problems:
        raise DocumentError("empty", "the file holds no text")
    return Document(
        path=relative,
        sha256=hashlib.sha256(data).hexdigest(),
        format=form,
        pages=reading.pages,
        title=stem if reading.title in ("", relative) else reading.title,
        problems=tuple(msgspec.structs.replace(p, document=relative) for p in reading.problems),
    )


def _read(form: Format, data: bytes, relative: str, ocr: OcrPort, clock: Clock) -> Reading:
    if form == "pdf":
        return read_pdf(data, relative, ocr, clock)
    if form == "image":
        return read_image(data, relative, ocr)
    return _PLAIN[form](data, relative)
