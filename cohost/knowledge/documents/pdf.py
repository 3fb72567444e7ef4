"""PDF: text with its place, ruled tables, hidden text told apart, pages that are pictures through OCR."""

from __future__ import annotations

import io
import logging
import re
import struct
import threading
import unicodedata
import zlib
from collections.abc import Sequence
from typing import Any

import pdfplumber
import pypdfium2
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException

from cohost.clock import Clock
from cohost.errors import DocumentError
from cohost.knowledge.documents.model import RADICALS, Block, OcrPort, Page, Problem
from cohost.knowledge.documents.pdf_hidden import split_hidden
from cohost.knowledge.documents.pdf_layout import Ruled, layout, reading_order
from cohost.knowledge.documents.pdf_lines import Char, pieces_of, text_of
from cohost.knowledge.documents.picture import ocr_problems, page_from
from cohost.knowledge.documents.reading import Reading, hidden_problem, page_of, tidy, title_of

MAX_PAGES = 400
MAX_CHARS = 40_000  # characters of one page; more is no page of text
MAX_OBJECTS = 20_000  # drawing objects beyond which tables are not looked for
BUDGET_S = 180.0  # for one document, OCR included
OCR_DPI = 200
_FEW = 30  # characters below which a page with a picture counts as a scan

_BOLD = re.compile(r"bold|black|heavy|semibold", re.IGNORECASE)

# What pdfminer trips over in a damaged file.
_BROKEN = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, RecursionError,
    ArithmeticError, NotImplementedError, struct.error, zlib.error, PdfminerException, PSException,
)  # fmt: skip
logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it reports each oddity of a file it can read

PDFIUM = threading.Lock()  # pdfium is not thread-safe


def read_pdf(data: bytes, document: str, ocr: OcrPort, clock: Clock) -> Reading:
    """Pages numbered from 1. Raises DocumentError: encrypted, corrupt, too_large, empty."""
    weights = _probe(data)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            title = tidy(str((pdf.metadata or {}).get("Title") or ""))
            pages, problems = _read_pages(pdf, weights, data, document, ocr, clock)
    except _BROKEN as error:
        raise DocumentError("corrupt", f"damaged: {_reason(error)}") from error
    if not any(page.text for page in pages) and not problems:
        raise DocumentError("empty", "no text on any page")
    return Reading(pages=tuple(pages), title=title or title_of(pages, document), problems=tuple(problems))


def _read_pages(
    pdf: Any, weights: Sequence[int], data: bytes, document: str, ocr: OcrPort, clock: Clock
) -> tuple[list[Page], list[Problem]]:
    """A damaged page is named and left out; when all are damaged, so is the file."""
    pages: list[Page] = []
    problems: list[Problem] = []
    started = clock.perf()
    for number, weight in enumerate(weights, start=1):
        if clock.perf() - started > BUDGET_S:
            problems.append(_cut_short(document, number, len(weights)))
            break
        try:
            page, found = _read_page(pdf.pages[number - 1], number, weight, data, document, ocr)
            pdf.pages[number - 1].close()
        except _BROKEN as error:
            message = f"page {number} is damaged: {_reason(error)}"
            problems.append(Problem("corrupt", "warning", document, message, number))
            continue
        pages.append(page)
        problems += found
    if not pages and problems[0].code == "corrupt":
        raise DocumentError("corrupt", problems[0].message)
    return pages, problems


def _reason(error: BaseException) -> str:
    """The innermost error in a few words."""
    inner = error.args[0] if error.args and isinstance(error.args[0], BaseException) else error
    return (str(inner) or type(inner).__name__)[:120]


def _cut_short(document: str, number: int, total: int) -> Problem:
    message = f"reading took over {BUDGET_S:.0f} s: pages {number} to {total} are not read"
    return Problem(code="too_large", severity="warning", document=document, page=number, message=message)


def open_pdfium(data: bytes) -> Any:
    """A pypdfium2 document. Raises DocumentError: encrypted, corrupt. Hold PDFIUM while using it."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError("encrypted", "protected by a password") from error
        raise DocumentError("corrupt", "not a readable PDF") from error


def _probe(data: bytes) -> list[int]:
    """Objects per page, from the fast reader: so that nothing endless reaches the slow one."""
    with PDFIUM:
        pdf = open_pdfium(data)
        try:
            if len(pdf) > MAX_PAGES:
                raise DocumentError("too_large", f"{len(pdf)} pages, at most {MAX_PAGES}; skipped")
            if len(pdf) == 0:
                raise DocumentError("empty", "the PDF has no pages")
            return [_weight(page) for page in pdf]
        except pypdfium2.PdfiumError as error:
            raise DocumentError("corrupt", f"damaged: {error}") from error
        finally:
            pdf.close()


def _weight(page: Any) -> int:
    text = page.get_textpage()
    if text.count_chars() > MAX_CHARS:
        raise DocumentError("too_large", f"a page of more than {MAX_CHARS} characters")
    return int(pypdfium2.raw.FPDFPage_CountObjects(page))


def _read_page(
    raw: Any, number: int, objects: int, data: bytes, document: str, ocr: OcrPort
) -> tuple[Page, list[Problem]]:
    shown, hidden = split_hidden(raw)
    if _is_scan(raw, shown):
        page, problems = _scan(data, number, document, ocr)
    else:
        page, problems = _text_page(raw, shown, number, objects), _lost(shown, number, document)
    if hidden:
        told = text_of([_char(c) for c in hidden])
        problems.append(hidden_problem(document, told, "text that cannot be seen on the page", number))
    return page, problems


def _lost(shown: Sequence[dict[str, Any]], number: int, document: str) -> list[Problem]:
    """Glyphs the file gives no character for: vowels and tone marks of Thai or Hindi, as a rule."""
    count = sum(c["text"] == "\0" for c in shown)
    if not count:
        return []
    message = f"{count} signs of page {number} have no text in the file; words with them may be incomplete"
    return [Problem("lossy_text", "info", document, message, number)]


def _is_scan(raw: Any, shown: Sequence[dict[str, Any]]) -> bool:
    """A picture with next to no text, or text whose characters the file does not tell."""
    text = "".join(c["text"] for c in shown)
    if shown and sum(map(_turned, shown)) > 0.7 * len(shown):
        return True  # a page lying on its side: OCR turns it
    if text.count("(cid:") * 5 > 0.2 * max(1, len(text)):
        return True
    area = float(raw.width * raw.height) or 1.0
    covered = sum(max(0, i["x1"] - i["x0"]) * max(0, i["bottom"] - i["top"]) for i in raw.images) / area
    return len(text.replace(" ", "")) < _FEW and (covered > 0.3 or (not text.strip() and bool(raw.images)))


def _scan(data: bytes, number: int, document: str, ocr: OcrPort) -> tuple[Page, list[Problem]]:
    try:
        page = page_from(ocr.read(_render(data, number)), number=number)
    except DocumentError as error:
        problem = Problem(
            code=error.code, severity="warning", document=document, page=number, message=str(error)
        )
        return page_of([], number=number, ocr=True), [problem]
    return page, list(ocr_problems(page, document))


def _render(data: bytes, number: int) -> bytes:
    """The page as png."""
    with PDFIUM:
        pdf = open_pdfium(data)
        page = pdf[number - 1]
        longest = max(page.get_width(), page.get_height(), 1.0)
        image = page.render(scale=min(OCR_DPI / 72, 3200 / longest)).to_pil()
        pdf.close()
    out = io.BytesIO()
    image.convert("RGB").save(out, format="PNG", compress_level=1)
    return out.getvalue()


def _char(c: dict[str, Any]) -> Char:
    """The box stands on the baseline: fonts of one line have boxes of their own heights."""
    base = c["bottom"] + c["y0"] - c["matrix"][5]
    size = c["size"]
    bold = bool(_BOLD.search(c["fontname"]))
    return Char(_plain(c["text"]), c["x0"], base - 0.75 * size, c["x1"], base + 0.25 * size, size, bold)


def _turned(c: dict[str, Any]) -> bool:
    """Stamps, watermarks, text along an edge: not part of the page's lines."""
    across, up = c["matrix"][:2]
    return bool(abs(up) > 0.05 * abs(across))


def _split_turned(shown: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """Level characters, and the texts of stamps and watermarks in the order they were written.

    A letter at the top of a round stamp stands level; its neighbours tell that it belongs there.
    """
    flags = [_turned(c) for c in shown]
    for i in range(1, len(flags) - 1):
        flags[i] = flags[i] or (flags[i - 1] and _turned(shown[i + 1]))
    level: list[dict[str, Any]] = []
    texts: list[str] = []
    last: dict[str, Any] | None = None
    for char, turned in zip(shown, flags, strict=True):
        if not turned:
            level.append(char)
            continue
        if last is None or _far(last, char):
            texts.append("")
        texts[-1] += char["text"]
        last = char
    return level, [text for text in map(tidy, texts) if text]


def _far(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Further apart than the letters of one stamp."""
    size = max(abs(a["matrix"][0]) + abs(a["matrix"][1]), a["size"], b["size"])
    return bool(abs(a["x0"] - b["x0"]) + abs(a["top"] - b["top"]) > 4 * size)


def _plain(text: str) -> str:
    """Radicals and letter shapes that a PDF names in place of the character (⽰ for 示) are it."""
    text = text.translate(RADICALS)
    shape = "\u2f00" <= text[:1] <= "\u2fd5" or "\ufb00" <= text[:1] <= "\ufeff"
    return unicodedata.normalize("NFKC", text) if shape else text


def _text_page(raw: Any, shown: Sequence[dict[str, Any]], number: int, objects: int) -> Page:
    level, turned = _split_turned(shown)
    chars = [_char(c) for c in level if c["text"] != "\0"]
    ruled: list[Ruled] = []
    if objects <= MAX_OBJECTS and (raw.rects or raw.lines or raw.curves):
        ruled, chars = _ruled(raw, chars)
    made = layout(pieces_of(chars), ruled, float(raw.width))
    stamp = [Block(kind="paragraph", text=text) for text in turned]
    return page_of([*made.blocks, *stamp], made.tables, number=number)


def _ruled(raw: Any, chars: list[Char]) -> tuple[list[Ruled], list[Char]]:
    """Tables with lines around their cells, and the characters outside of them."""
    tables: list[Ruled] = []
    for found in raw.find_tables():
        boxes = [list(row.cells) for row in found.rows]
        if max(sum(cell is not None for cell in row) for row in boxes) < 2:
            continue  # a frame around text
        left, top, right, bottom = found.bbox
        within = [c for c in chars if _inside(c, (left, top, right, bottom))]
        if not within:
            continue
        rows = [tuple(_cell_text(within, cell) for cell in row) for row in boxes]
        kept = reading_order([row for row in rows if any(row)])
        if kept:
            chars = [c for c in chars if not _inside(c, (left, top, right, bottom))]
            tables.append(Ruled(top, bottom, kept, left, right))
    return tables, chars


def _cell_text(chars: Sequence[Char], cell: tuple[float, float, float, float] | None) -> str:
    return "" if cell is None else text_of([c for c in chars if _inside(c, cell)])


def _inside(char: Char, box: tuple[float, float, float, float]) -> bool:
    x, y = (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
