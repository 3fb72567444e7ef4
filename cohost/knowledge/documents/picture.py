"""png and jpg, and pages of a pdf that are pictures: OCR rows become table rows and paragraphs."""

from __future__ import annotations

from cohost.knowledge.documents.model import Block, OcrPage, OcrPort, Page, Problem, Table
from cohost.knowledge.documents.reading import Reading, page_of, row_block, title_of

LOW = 0.8  # below, a number, date or model asks a person


def read_image(data: bytes, document: str, ocr: OcrPort) -> Reading:
    """One page, number 1. Raises DocumentError: corrupt, too_large, unreadable."""
    page = page_from(ocr.read(data), number=1)
    return Reading(pages=(page,), title=title_of([page], document), problems=ocr_problems(page, document))


def page_from(seen: OcrPage, *, number: int) -> Page:
    """Rows of two cells and more in a run make a table."""
    blocks: list[Block] = []
    tables: list[list[tuple[str, ...]]] = []
    in_table = False
    for row in seen.rows:
        cells = tuple(piece.text for piece in row)
        if len(cells) < 2:
            blocks.append(Block(kind="paragraph", text=cells[0]))
            in_table = False
            continue
        if not in_table:
            tables.append([])
        in_table = True
        tables[-1].append(cells)
        blocks.append(row_block(cells, table=len(tables) - 1))
    words = tuple(word for row in seen.rows for piece in row for word in piece.words)
    made = [Table(rows=tuple(rows)) for rows in tables]
    return page_of(blocks, made, number=number, ocr=True, confidence=seen.confidence, words=words)


def ocr_problems(page: Page, document: str) -> tuple[Problem, ...]:
    """An empty page, or figures the recogniser was not sure of."""
    if not page.text:
        message = "no text was recognised in the picture"
        return (
            Problem(
                code="unreadable", severity="warning", document=document, page=page.number, message=message
            ),
        )
    doubtful = [w for w in page.words if w.confidence < LOW and any(c.isdigit() for c in w.text)]
    if not doubtful:
        return ()
    told = ", ".join(f"{w.text} ({w.confidence:.0%})" for w in doubtful[:8])
    message = f"figures read with doubt, check them against the picture: {told}"
    return (
        Problem(
            code="low_confidence", severity="warning", document=document, page=page.number, message=message
        ),
    )
