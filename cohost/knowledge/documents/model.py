"""What a document is once it has been read: pages, blocks in reading order, tables, problems.

A page's `text` holds the document's own characters; a quote is looked for after `fold`. A table
row stands in `text` as one line, its cells in order joined by one space.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, Protocol

import msgspec

Format = Literal["pdf", "docx", "xlsx", "csv", "html", "md", "txt", "image"]
Severity = Literal["error", "warning", "info"]
BlockKind = Literal["heading", "paragraph", "list_item", "table_row"]

_IGNORED = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # soft hyphen, zero-width space, joiner, BOM
# Radicals by which some PDF writers name simplified characters; NFKC leaves them as they are.
RADICALS = str.maketrans(
    "⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳", "虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟"
)
_SEPARATORS = re.compile(r'[|;"\s]|(?<!\d),|,(?!\d)')  # a decimal comma stays


def fold(text: str) -> str:
    """NFKC and whitespace folding, case kept: how quotes are compared. Invisible characters go."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(RADICALS).translate(_IGNORED).split())


def bare(text: str) -> str:
    """`fold` without spaces and table separators: a row compares whatever divides its cells."""
    return _SEPARATORS.sub("", fold(text))


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `kb check` lists. `code` is one short word: "encrypted", "hidden_text", "low_confidence" …"""

    code: str
    severity: Severity
    document: str
    message: str
    page: int | None = None


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of a page in reading order. `level` is a heading's 1..6 or a list item's depth."""

    kind: BlockKind
    text: str
    level: int = 0
    cells: tuple[str, ...] = ()  # of a table row
    table: int | None = None  # index of the row's table in Page.tables
    locator: str | None = None  # sheet!range of an xlsx row
    spans: tuple[tuple[int, int], ...] = ()  # merged cells of a row: (index, columns covered)


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """Rows of cells, top to bottom, left to right; merged cells repeat their text only where a reader
    says so (xlsx). `locator` is sheet!range for xlsx, else None."""

    rows: tuple[tuple[str, ...], ...]
    locator: str | None = None
    row_locators: tuple[str, ...] = ()  # one per row for xlsx, else ()


class OcrWord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One recognised word; `confidence` 0..1 is its least certain character's when it holds a digit,
    else its characters' mean."""

    text: str
    confidence: float


class Piece(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run of text in its `box` (left, top, right, bottom; y grows downwards). From OCR the box is in
    pixels of the upright page and `confidence` the least confident word's."""

    text: str
    box: tuple[float, float, float, float]
    confidence: float = 1.0
    words: tuple[OcrWord, ...] = ()
    bold: bool = False


class OcrPage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What OCR saw: `rows` are the pieces grouped by baseline, top to bottom, left to right."""

    rows: tuple[tuple[Piece, ...], ...] = ()
    width: int = 0
    height: int = 0
    tilt_deg: float = 0.0  # how far the page was turned to stand upright

    @property
    def confidence(self) -> float | None:
        """The least confident piece of the page; None for an empty page."""
        return min((piece.confidence for row in self.rows for piece in row), default=None)


class OcrPort(Protocol):
    """Reads an image (bytes of a png or jpeg). Raises DocumentError("unreadable"); bounded in time."""

    def read(self, image: bytes) -> OcrPage: ...


class Page(msgspec.Struct, frozen=True, omit_defaults=True):
    """One page (pdf, image), or the whole document for formats without pages."""

    number: int | None  # from 1 for pdf, 1 for an image, None otherwise
    text: str  # one line per block
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    ocr: bool = False
    confidence: float | None = None  # the least confident piece of an OCR page
    words: tuple[OcrWord, ...] = ()  # OCR words in reading order
    title: str = ""  # of a workbook's sheet

    def confidence_of(self, quote: str) -> float | None:
        """The least confident OCR word the quote holds; None without OCR."""
        if not self.ocr:
            return None
        wanted = set(fold(quote).split())
        hit = [word.confidence for word in self.words if fold(word.text) in wanted]
        return min(hit, default=self.confidence)


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file as read. `path` is posix and relative to the folder."""

    path: str
    sha256: str
    format: Format
    pages: tuple[Page, ...]
    title: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(page.text for page in self.pages)
