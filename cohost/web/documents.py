"""What a viewer may see behind a citation: the quote with its place, and the page where that is allowed."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections import OrderedDict
from pathlib import Path

import msgspec

from cohost.trust.evidence import Evidence, airable, in_force, kind_of
from cohost.web import child
from cohost.web.picture import IMAGES

PICTURE_S = 20.0  # a page that takes longer is given up
KEEP_PICTURES = 24
AT_ONCE = 2


class EvidenceView(msgspec.Struct, frozen=True):
    """An approved item, in its document's own words. Dates are the item's own validity."""

    id: str
    kind: str
    document: str
    title: str
    page: int | None
    locator: str | None
    quote: str
    lang: str
    ocr: bool
    confidence: float | None
    valid: bool
    valid_from: dt.date | None
    valid_until: dt.date | None
    source_class: str
    product: str | None
    models: tuple[str, ...]
    markets: tuple[str, ...]
    picture: str | None


def shown(item: Evidence | None, *, held: bool) -> bool:
    """Only approved items whose excerpt may be seen."""
    return item is not None and airable(item) and not held and item.visibility != "cite"


def view(item: Evidence, root: Path | None, on: dt.date) -> EvidenceView:
    source = item.source
    return EvidenceView(
        id=item.id, kind=kind_of(item), document=source.document, title=Path(source.document).name,
        page=source.page, locator=source.locator, quote=source.quote, lang=source.lang, ocr=source.ocr,
        confidence=source.confidence, valid=in_force(item, on), valid_from=item.valid_from,
        valid_until=item.valid_until, source_class=item.source_class, product=item.product,
        models=item.models, markets=item.markets,
        picture=f"/evidence/{item.id}/page.png" if picture_path(item, root) else None,
    )  # fmt: skip


def picture_path(item: Evidence, root: Path | None) -> Path | None:
    """The file to show viewers a page of; None where the page may not be seen or cannot be drawn."""
    return drawable(item, root) if item.visibility == "page" else None


def drawable(item: Evidence, root: Path | None) -> Path | None:
    """The item's file where it is one that can be drawn, and lies in the folder."""
    source = item.source
    if root is None:
        return None
    path = (root / source.document).resolve()
    paged = path.suffix.lower() == ".pdf" and source.page is not None
    if not path.is_relative_to(root.resolve()) or not (paged or path.suffix.lower() in IMAGES):
        return None
    return path if path.is_file() else None


class Pictures:
    """Pages drawn by a process each, at most two at once; the newest are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, str, int, bool], bytes] = OrderedDict()
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def png(self, path: Path, page: int, quote: str) -> bytes:
        """The whole page. Raises DocumentError. Safe to cancel: the drawing process is ended."""
        return await self._drawn(path, page, quote, strip=False)

    async def strip(self, path: Path, page: int, quote: str) -> bytes:
        """The quote's lines as a JPEG; otherwise as `png`."""
        return await self._drawn(path, page, quote, strip=True)

    async def _drawn(self, path: Path, page: int, quote: str, *, strip: bool) -> bytes:
        key = (str(path), page, quote, os.stat(path).st_mtime_ns, strip)
        async with self._gate:
            kept = self._kept.pop(key, None)
            if kept is None:
                kept = await _draw(path, page, quote, strip)
            self._kept[key] = kept
            if len(self._kept) > KEEP_PICTURES:
                self._kept.popitem(last=False)
        return kept


async def _draw(path: Path, page: int, quote: str, strip: bool) -> bytes:
    return await child.run(
        "cohost.web.picture", str(path), str(page), quote, *(["strip"] if strip else []),
        seconds=PICTURE_S, slow=f"{path.name}: got no picture in {PICTURE_S:g} s",
        name=path.name, silent="could not be drawn",
    )  # fmt: skip
