"""The pictures of the page: each quote on its own document, drawn once, within a size. Does I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2

from cohost.check.page.view import Picture
from cohost.knowledge.build import Progress, Read
from cohost.trust.evidence import DocumentKind, Evidence, Passage
from cohost.web.picture import IMAGES, Strip, strips

MAX_BYTES = 3_000_000
"""Of JPEG; a third more as text in the page: 4 MB."""
_FIRST: dict[DocumentKind, int] = {"certificate": 0, "test_report": 1}


def draw(
    folder: Path, documents: Sequence[Read], items: Sequence[Evidence], *, progress: Progress | None = None
) -> tuple[dict[str, Picture], int]:
    """(picture by evidence id, or by document for scans; how many were left out). Papers come first; what
    cannot be drawn goes without."""
    found: dict[str, Picture] = {}
    size, left_out = 0, 0
    order = sorted((d for d in documents if d.kind != "internal"), key=lambda d: _FIRST.get(d.kind, 2))
    for number, document in enumerate(order):
        if progress:
            progress("drawing quotes", number, len(order), document.document)
        for key, picture in _of(folder / document.document, document, items):
            if size + len(picture.jpeg) > MAX_BYTES:
                left_out += 1
                continue
            size += len(picture.jpeg)
            found[key] = picture
    if progress:
        progress("drawing quotes", len(order), len(order))
    return found, left_out


def _of(path: Path, document: Read, items: Sequence[Evidence]) -> Iterator[tuple[str, Picture]]:
    """A scan whole, under the document's name; a quote's lines once, under the first item that quotes it."""
    mine = [i for i in items if i.source.document == document.document and i.release != "internal"]
    try:
        if path.suffix.lower() in IMAGES:
            if mine:
                yield document.document, _picture(next(strips(path, [(1, "")])))
            return
        if path.suffix.lower() != ".pdf":
            return
        wanted: dict[tuple[int, str], str] = {}
        for item in mine:
            if not isinstance(item, Passage) and item.source.page is not None:
                wanted.setdefault((item.source.page, item.source.quote), item.id)
        whole: set[int] = set()
        places = sorted(wanted)
        for place, strip in zip(places, strips(path, places), strict=True):
            if strip.marked or place[0] not in whole:
                yield wanted[place], _picture(strip)
            if not strip.marked:
                whole.add(place[0])  # the whole page, once
    except (ValueError, OSError, pypdfium2.PdfiumError):
        return


def _picture(strip: Strip) -> Picture:
    return Picture(strip.jpeg, strip.width, strip.height, strip.marked)
