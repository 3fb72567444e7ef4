"""Readers: a file of any kind becomes a `Document`; what cannot be read says why."""

from cohost.knowledge.documents.model import (
    Block,
    Document,
    Format,
    OcrLine,
    OcrPage,
    OcrPort,
    Page,
    Problem,
    Table,
    bare,
    fold,
)

__all__ = [
    "Block",
    "Document",
    "Format",
    "OcrLine",
    "OcrPage",
    "OcrPort",
    "Page",
    "Problem",
    "Table",
    "bare",
    "fold",
]
