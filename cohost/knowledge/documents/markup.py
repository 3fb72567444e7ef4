"""HTML and Markdown: blocks as a browser would show them; what it would hide is told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from markdown_it import MarkdownIt
from soupsieve.util import SelectorSyntaxError

from cohost.errors import DocumentError
from cohost.knowledge.documents.encoding import decode
from cohost.knowledge.documents.model import Block, Problem, Table
from cohost.knowledge.documents.reading import Reading, hidden_problem, page_of, row_block, tidy, title_of

_NEVER_SHOWN = (
    "script",
    "style",
    "template",
    "noscript",
    "head",
    "svg",
    "iframe",
    "object",
    "select",
    "input",
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCKS = frozenset(_HEADINGS) | {
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li", "main",
    "nav", "ol", "p", "pre", "section", "summary", "table", "td", "th", "tr", "ul",
}  # fmt: skip
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*(?:0|1px)(?![\d.])|opacity\s*:\s*0(?![\d.])"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?<![\w-])color\s*:\s*(?:white|#fff(?:fff)?\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))", re.IGNORECASE
)
Spans = list[tuple[int, int]]
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CHARSET = re.compile(rb"<meta[^>]{0,80}charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)


def read_html(data: bytes, document: str) -> Reading:
    """Raises DocumentError: encoding, corrupt."""
    return read_markup(_decode_html(data), document)


def read_md(data: bytes, document: str) -> Reading:
    """CommonMark with tables; raw HTML inside is read as HTML."""
    return read_markup(MarkdownIt("commonmark").enable("table").render(decode(data)), document)


def read_markup(text: str, document: str) -> Reading:
    soup = BeautifulSoup(text, "lxml")
    title = tidy(soup.title.get_text(" ")) if soup.title else ""
    hiding = [rule for style in soup.find_all("style") for rule in _hiding_rules(style.get_text())]
    for tag in soup.find_all(_NEVER_SHOWN):
        tag.decompose()
    problems = _take_hidden(soup, hiding, document)
    walker = _Walker()
    try:
        walker.visit(soup)
    except RecursionError as error:
        raise DocumentError("corrupt", "nested deeper than any page") from error
    walker.flush()
    pages = (page_of(walker.blocks, walker.tables),)
    return Reading(pages=pages, title=title or title_of(pages, document), problems=tuple(problems))


def _decode_html(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared:
        try:
            return data.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _hiding_rules(css: str) -> Iterator[str]:
    for selector, body in _RULE.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if _HIDING.search(body) and "@" not in selector and ":" not in selector:
            yield selector.strip()


def _take_hidden(soup: BeautifulSoup, selectors: list[str], document: str) -> list[Problem]:
    """Remove what a browser would not show; → one problem per hidden text."""
    hidden = [tag for tag in soup.find_all(True) if _hides(tag)]
    for selector in selectors:
        try:
            hidden += soup.select(selector)
        except (SelectorSyntaxError, NotImplementedError):  # a selector the parser does not know
            continue
    problems = []
    for tag in hidden:
        if not tag.decomposed:
            text = tidy(tag.get_text(" "))
            tag.decompose()
            if text:
                problems.append(hidden_problem(document, text, "text that the page hides"))
    return problems


def _hides(tag: Tag) -> bool:
    style = str(tag.get("style") or "")
    if tag.has_attr("hidden") or _HIDING.search(style):
        return True
    return bool(_WHITE.search(style)) and "background" not in _styles_above(tag)


def _styles_above(tag: Tag) -> str:
    """Inline styles and classes of the tag and its parents: white on a dark ground is legible."""
    chain = [tag, *tag.parents]
    return " ".join(f"{t.get('style') or ''} {'background' if t.get('bgcolor') else ''}" for t in chain)


class _Walker:
    """Collects blocks in document order; inline text gathers until a block begins or ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self._inline: list[str] = []
        self._depth = 0

    def visit(self, node: Tag) -> None:
        for child in node.children:
            if isinstance(child, Tag):
                self._tag(child)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._inline.append(str(child))

    def flush(self, kind: str = "paragraph", level: int = 0) -> None:
        text = tidy("".join(self._inline))
        self._inline = []
        if text:
            self.blocks.append(Block(kind=kind, text=text, level=level))  # type: ignore[arg-type]

    def _tag(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self._inline.append(" ")
        elif name == "table" and tag.find("table") is None:
            self.flush()
            self._table(*_html_rows(tag), tag)
        elif name == "dl":
            self.flush()
            pairs = _pairs(tag)
            self._table(pairs, [[] for _ in pairs], tag)
        elif name in _BLOCKS:
            self._block(tag)
        else:
            self.visit(tag)

    def _block(self, tag: Tag) -> None:
        self.flush()
        if tag.name in ("ul", "ol"):
            self._depth += 1
        self.visit(tag)
        if tag.name in ("ul", "ol"):
            self._depth -= 1
        if tag.name in _HEADINGS:
            self.flush("heading", _HEADINGS[tag.name])
        elif tag.name == "li" or self._depth:
            self.flush("list_item", self._depth)
        else:
            self.flush()

    def _table(self, rows: list[list[str]], merged: list[Spans], tag: Tag) -> None:
        kept = [(row, spans) for row, spans in zip(rows, merged, strict=True) if any(row)]
        if not kept:
            self.visit(tag)
            return
        caption = tag.find("caption")
        if caption and tidy(caption.get_text(" ")):
            self.blocks.append(Block(kind="paragraph", text=tidy(caption.get_text(" "))))
        self.blocks += [row_block(row, table=len(self.tables), spans=spans) for row, spans in kept]
        self.tables.append(Table(rows=tuple(tuple(row) for row, _ in kept)))


def _html_rows(table: Tag) -> tuple[list[list[str]], list[Spans]]:
    """Rows of cells; a cell over several columns or rows stands once, empty cells keep the others in
    place."""
    rows: list[list[str]] = []
    merged: list[Spans] = []
    below: dict[int, int] = {}  # column → rows a cell above still covers
    for line in table.find_all("tr"):
        row: list[str] = []
        spans: Spans = []
        for cell in line.find_all(["td", "th"]):
            while below.get(len(row), 0) > 0:
                below[len(row)] -= 1
                row.append("")
            wide, high = min(_span(cell, "colspan"), 50), min(_span(cell, "rowspan"), 500)
            if high > 1:
                below.update(dict.fromkeys(range(len(row), len(row) + wide), high - 1))
            spans.append((len(row), wide))
            row += [_cell_text(cell), *[""] * (wide - 1)]
        for column in [c for c in sorted(below) if c >= len(row) and below[c] > 0]:
            below[column] -= 1
        rows.append(row)
        merged.append(spans)
    return rows, merged


def _cell_text(cell: Tag) -> str:
    """The cell's text; only block elements and line breaks part words."""
    parts: list[str] = []
    for node in cell.descendants:
        if isinstance(node, Tag) and (node.name == "br" or node.name in _BLOCKS):
            parts.append(" ")
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            parts.append(str(node))
    return tidy("".join(parts))


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return int(value) if value.isdigit() and int(value) > 0 else 1


def _pairs(listing: Tag) -> list[list[str]]:
    """`<dt>Weight <dd>25 g` → a row of two cells."""
    rows: list[list[str]] = []
    for item in listing.find_all(["dt", "dd"]):
        text = _cell_text(item)
        if item.name == "dt" or not rows:
            rows.append([text])
        else:
            rows[-1].append(text)
    return rows
