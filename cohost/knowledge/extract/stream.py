"""A document in reading order: paragraphs and tables, each under its headings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from cohost.knowledge.documents import Block, Document, Page
from cohost.knowledge.extract import dates
from cohost.knowledge.extract.vocabulary import section


class Row(msgspec.Struct, frozen=True):
    """One table row. `locator` is its sheet!range in an xlsx."""

    cells: tuple[str, ...]
    text: str  # as it stands on the page: filled cells in order, joined by one space
    locator: str | None = None
    spans: tuple[tuple[int, int], ...] = ()  # merged cells: (index, columns covered)

    def at(self, index: int) -> str:
        """The cell of a column, a merged one standing in every column it covers."""
        text = self.cells[index] if index < len(self.cells) else ""
        if text:
            return text
        over = next((start for start, wide in self.spans if start < index < start + wide), None)
        return self.cells[over] if over is not None and over < len(self.cells) else ""

    @property
    def filled(self) -> tuple[str, ...]:
        return tuple(c for c in self.cells if c.strip())


class Part(msgspec.Struct, frozen=True):
    """A paragraph, list item or table with where it stands. `headings` from the outermost in."""

    kind: str  # heading | paragraph | list_item | table
    page: Page
    headings: tuple[str, ...] = ()
    text: str = ""
    rows: tuple[Row, ...] = ()
    locator: str | None = None  # of a table: sheet!range

    @property
    def heading(self) -> str:
        return self.headings[-1] if self.headings else ""


_RUBBISH = re.compile(r"\d{40,}|[A-Za-z0-9+/=]{400,}")
"""Endless digits, embedded binary: no words of a document."""
_BULLET = re.compile(r"^[•·▪●■◆★☆*‣–-]\s+")


def parts(document: Document) -> tuple[Part, ...]:
    """All of a document's parts. Headings reach over page ends, but not over a new first-level one."""
    found: list[Part] = []
    open_headings: list[tuple[int, str]] = []
    for page in document.pages:
        found += _page_parts(page, open_headings)
    return tuple(found)


def _page_parts(page: Page, headings: list[tuple[int, str]]) -> Iterator[Part]:
    pending: list[Block] = []
    blocks = tuple(b for b in page.blocks if not _RUBBISH.search(b.text))
    for block in _with_plain_headings(blocks, paged=page.number is not None):
        if pending and (block.kind != "table_row" or block.table != pending[0].table):
            yield _table(page, pending, headings)
            pending = []
        if block.kind == "table_row":
            pending.append(block)
        elif block.kind == "heading":
            level = block.level or 1
            while headings and headings[-1][0] >= level:
                headings.pop()
            headings.append((level, block.text.strip()))
            yield Part("heading", page, _path(headings), block.text.strip())
        elif block.text.strip():
            text = _BULLET.sub("", block.text.strip())
            yield Part(block.kind, page, _path(headings), text)
    if pending:
        yield _table(page, pending, headings)


_NUMBERED = re.compile(
    r"^\s*(?:\(?\d{1,2}(?:\.\d{1,2})*[.)、:]?\s+|[一二三四五六七八九十]{1,3}[、.]|第[一二三四五六七八九十\d]+[章条節节]\s*)\S"
)
_OF_A_TITLE = 48


def _with_plain_headings(blocks: tuple[Block, ...], *, paged: bool) -> Iterator[Block]:
    """Plain text has no headings: a short numbered line above running text is one; so is a line of
    capitals, in 【brackets】, or one that is only the name of a rule ("Returns:")."""
    for number, block in enumerate(blocks):
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        if (
            block.kind in ("list_item", "paragraph")
            and after is not None
            and after.kind in ("paragraph", "table_row")
            and len(block.text) <= _OF_A_TITLE
            and _NUMBERED.match(block.text)
            and not re.search(r"[.。!?;:,：；，]\s*$", block.text)
            and not (after.kind == "paragraph" and _NUMBERED.match(after.text))
        ):
            yield Block("heading", block.text, level=3, locator=block.locator)
        elif after is not None and not paged and block.kind == "paragraph" and _stands_above(block.text):
            yield Block("heading", block.text.strip(" :："), level=3, locator=block.locator)
        else:
            yield block


def _stands_above(text: str) -> bool:
    line = text.strip()
    bare = line.rstrip(":： ")
    if len(bare) > _OF_A_TITLE or re.search(r"\d|[.。!?！？,;；]\s*$|[:：].", bare):
        return False
    shouted = bare.isupper() and sum(c.isalpha() for c in bare) >= 4
    framed = re.fullmatch(r"[【〔《［].+[】〕》］]", bare) is not None
    warns = section("word").begins(bare, "warning") is not None  # "CAUTION – hot liquids"
    return shouted or framed or warns or bool(section("topic").keys_of(bare))


def _path(headings: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(text for _, text in headings)


def _table(page: Page, blocks: list[Block], headings: list[tuple[int, str]]) -> Part:
    index = blocks[0].table
    known = page.tables[index] if index is not None and index < len(page.tables) else None
    rows = tuple(
        Row(tuple(c.strip() for c in b.cells) or (b.text,), b.text, b.locator, b.spans) for b in blocks
    )
    return Part("table", page, _path(headings), rows=rows, locator=known.locator if known else None)


_STOP = re.compile(r"(?<=[.!?])[\"'”)»]*\s+(?=[^\s\da-zà-ÿ])|(?<=[。！？；])|(?<=[؟।])\s*|\n+")
_SHORT = re.compile(
    r"(?:\b(?:No|Nr|Núm|Co|Ltd|Inc|Corp|St|Str|approx|(?-i:ca)|max|min|vs|e\.g|i\.e|z\.B|bzw|etc|Dr|Mr|Ms|Mrs|Fig|Abb|"
    r"Art|Abs|p|pp|S|Sr|Sra|incl|exkl|inkl|typ|U\.S|u\.a|т|г|стр|"
    r"ul|al|Sp|o\.o)|\b[A-Z])\.$",
    re.IGNORECASE,
)


_ORDINAL = re.compile(r"(?<!\d)\d{1,2}\.$")


def _goes_on(before: str, after: str) -> bool:
    """True between "14." and "März 2031": the stop is of an ordinal."""
    day = _ORDINAL.search(before)
    date = dates.first(f"{day.group()} {after[:24]}") if day else None
    return date is not None and date.start == 0


def sentences(text: str) -> list[str]:
    """Sentences of a paragraph, words unchanged. Abbreviations and decimals do not end one."""
    found: list[str] = []
    held = ""
    for piece in _STOP.split(text):
        if not piece or not piece.strip():
            continue
        joined = f"{held} {piece}" if held else piece
        if _SHORT.search(joined.rstrip()) and len(joined) < len(text):
            held = joined
            continue
        if found and _goes_on(found[-1], joined):
            found[-1] = f"{found[-1]} {joined.strip()}"  # "14. März 2031"
            held = ""
            continue
        found.append(joined.strip())
        held = ""
    if held:
        found.append(held.strip())
    return found
