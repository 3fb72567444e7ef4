"""A document's page as a PNG with the quote marked: `python -m cohost.web.picture FILE PAGE QUOTE`; with
`strip` behind it as a JPEG of the quote's lines and little around them.

Runs as a process of its own (see `documents`): PDFium is not thread-safe, the ingestion of the same
show may be using it, and a broken document then costs a process and not the room.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageOps

WIDTH = 1100  # pixels
STRIP_WIDTH, SHEET_WIDTH = 900, 560  # of a strip, and of a whole page where no line is found
STRIP_MARGINS = (70, 48)  # pixels of the page beside, and above and below the quote
STRIP_LEAST = (760, 150)
STRIP_MOST = 420  # high
JPEG_QUALITY = 68
MAX_PIXELS = 60_000_000
MARK = (255, 214, 64)
IMAGES = frozenset({".png", ".jpg", ".jpeg"})


def page_png(path: Path, page: int, quote: str) -> bytes:
    """Raises ValueError or OSError (and pypdfium2.PdfiumError) for what cannot be shown."""
    if path.suffix.lower() in IMAGES:
        picture = _image(path)
    elif path.suffix.lower() == ".pdf":
        picture = _pdf(path, page, quote)
    else:
        raise ValueError(f"got a {path.suffix or 'nameless'} document, expected a pdf or an image")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False, compress_level=4)
    return out.getvalue()


@dataclass(frozen=True)
class Strip:
    """A JPEG. `marked`: the quote was found, and only its lines are shown; else it is the whole page."""

    jpeg: bytes
    width: int
    height: int
    marked: bool


def strips(path: Path, wanted: Sequence[tuple[int, str]]) -> Iterator[Strip]:
    """One for each (page, quote), in that order; a page is drawn once for the quotes that follow on it.

    Raises as `page_png` does.
    """
    if path.suffix.lower() in IMAGES:
        picture = _image(path)
        for _ in wanted:
            yield _strip(picture, [])
        return
    document = pypdfium2.PdfDocument(path)
    try:
        drawn: tuple[int, Image.Image] | None = None
        for page, quote in wanted:
            if drawn is None or drawn[0] != page:
                drawn = (page, _drawn(document, page))
            boxes = _boxes(document, page, quote)
            yield _strip(_marked(drawn[1], boxes), boxes)
    finally:
        document.close()


def _strip(picture: Image.Image, boxes: list[tuple[float, float, float, float]]) -> Strip:
    width = SHEET_WIDTH
    if boxes:
        width = STRIP_WIDTH
        left, right = _span([b[0] for b in boxes], [b[2] for b in boxes], 0, picture.width)
        top, bottom = _span([b[1] for b in boxes], [b[3] for b in boxes], 1, picture.height)
        picture = picture.crop((left, top, right, min(bottom, top + STRIP_MOST)))
    shown = picture.copy()
    shown.thumbnail((width, width * 2))
    out = io.BytesIO()
    shown.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Strip(out.getvalue(), shown.width, shown.height, bool(boxes))


def _span(starts: list[float], ends: list[float], axis: int, size: int) -> tuple[int, int]:
    """From and to along one axis: the boxes, their margin, at least so much of the page."""
    first = max(0, round(min(starts)) - STRIP_MARGINS[axis])
    last = max(round(max(ends)) + STRIP_MARGINS[axis], first + STRIP_LEAST[axis])
    return max(0, first - max(0, last - size)), min(size, last)


def _image(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise ValueError(
                f"got an image of {opened.width} × {opened.height} pixels, expected a smaller one"
            )
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((WIDTH, WIDTH * 3))
    return picture


def _pdf(path: Path, page: int, quote: str) -> Image.Image:
    document = pypdfium2.PdfDocument(path)
    try:
        return _marked(_drawn(document, page), _boxes(document, page, quote))
    finally:
        document.close()


def _drawn(document: pypdfium2.PdfDocument, page: int) -> Image.Image:
    if not 1 <= page <= len(document):
        raise ValueError(f"got page {page}, expected 1 to {len(document)}")
    shown = document[page - 1]
    picture: Image.Image = shown.render(scale=WIDTH / shown.get_width()).to_pil().convert("RGB")
    return picture


def _boxes(document: pypdfium2.PdfDocument, page: int, quote: str) -> list[tuple[float, float, float, float]]:
    """Of the quote, in pixels of the drawn page."""
    shown = document[page - 1]
    scale, height = WIDTH / shown.get_width(), shown.get_height()
    return [
        (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
        for left, bottom, right, top in _found(shown.get_textpage(), quote)
    ]


def _found(text: pypdfium2.PdfTextPage, quote: str) -> list[tuple[float, float, float, float]]:
    """The quote's boxes on the page. Compared without spaces: a table's cells have gaps of any kind."""
    letters: list[tuple[str, int]] = []
    raw = text.get_text_range()
    for index, char in enumerate(raw):
        letters += [(c, index) for c in unicodedata.normalize("NFKC", char) if not c.isspace()]
    wanted = "".join(c for c in unicodedata.normalize("NFKC", quote) if not c.isspace())
    at = "".join(c for c, _ in letters).find(wanted) if wanted else -1
    if at < 0:
        return []
    first, last = letters[at][1], letters[at + len(wanted) - 1][1]
    count = text.count_rects(first, last - first + 1)
    return [text.get_rect(index) for index in range(count)]


def _marked(picture: Image.Image, boxes: list[tuple[float, float, float, float]]) -> Image.Image:
    """Like a marker pen: the paper takes the colour, the ink stays dark."""
    if not boxes:
        return picture
    pen = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(pen)
    for left, top, right, bottom in boxes:
        draw.rounded_rectangle((left - 3, top - 3, right + 3, bottom + 3), radius=4, fill=MARK)
    return ImageChops.multiply(picture, pen)


def main() -> int:
    path, page, quote, *kind = sys.argv[1:5]
    try:
        if kind == ["strip"]:
            drawn = next(strips(Path(path), [(int(page), quote)])).jpeg
        else:
            drawn = page_png(Path(path), int(page), quote)
    except (ValueError, OSError, pypdfium2.PdfiumError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(drawn)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
