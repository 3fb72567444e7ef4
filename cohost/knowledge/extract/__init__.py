"""A document becomes typed evidence: facts, papers, policies, reviews, passages. Pure."""

from __future__ import annotations

import datetime as dt

from cohost.common.catalogue import Catalogue
from cohost.knowledge.documents import Document
from cohost.knowledge.extract.assemble import Extraction, assemble
from cohost.knowledge.kbtoml import DocumentNote

__all__ = ["Extraction", "extract"]


def extract(
    document: Document, *, catalogue: Catalogue, note: DocumentNote | None = None, on: dt.date | None = None
) -> Extraction:
    """Everything a document says, with local ids "1", "2" …; never raises for odd content.

    `note` is its [[document]] in kb.toml; `on` the day papers are judged by (None: not judged).
    """
    return assemble(document, catalogue, note, on)
