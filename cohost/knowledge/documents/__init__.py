"""Readers: a file of any kind becomes a `Document`; what cannot be read says why."""

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
]
