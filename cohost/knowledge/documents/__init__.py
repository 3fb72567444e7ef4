"""Readers: a file of any kind becomes a `Document`; what cannot be read says why."""

from __future__ import annotations

from pathlib import Path

from cohost.clock import Clock
from cohost.knowledge.documents.folder import walk
from cohost.knowledge.documents.model import (
    Block,
    Document,
    Format,
    OcrPage,
    OcrPort,
    OcrWord,
    Page,
    Piece,
    Problem,
    Table,
    bare,
    fold,
)

__all__ = [
    "Block",
    "Document",
    "Format",
    "OcrPage",
    "OcrPort",
    "OcrWord",
    "Page",
    "Piece",
    "Problem",
    "Table",
    "bare",
    "fold",
    "read",
    "walk",
]


def read(root: Path, relative: str, *, ocr: OcrPort, clock: Clock | None = None) -> Document:
    """Read one file of the folder. Raises DocumentError with one of the codes encrypted, corrupt,
    empty, too_large, unsupported, unreadable, symlink_outside, encoding."""
    from cohost.knowledge.documents import reader  # the formats' libraries take a second to load

    return reader.read(root, relative, ocr=ocr, clock=clock)
