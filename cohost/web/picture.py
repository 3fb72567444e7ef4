"""A document's page as a PNG with the quote marked: `python -m cohost.web.picture FILE PAGE QUOTE`.

Runs as a process of its own (see `documents`): PDFium is not thread-safe, the ingestion of the same
show may be using it, and a broken document then costs a process and not the room.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageOps

WIDTH = 1100  # pixels
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
        if not 1 <= page <= len(document):
            raise ValueError(f"got page {page}, expected 1 to {len(document)}")
        shown = document[page - 1]
        scale = WIDTH / shown.get_width()
        picture = shown.render(scale=scale).to_pil().convert("RGB")
        height = shown.get_height()
        boxes = [
            (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
            for left, bottom, right, top in _found(shown.get_textpage(), quote)
        ]
    finally:
        document.close()
    return _marked(picture, boxes)


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
    path, page, quote = sys.argv[1:4]
    try:
        png = page_png(Path(path), int(page), quote)
    except (ValueError, OSError, pypdfium2.PdfiumError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(png)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
