"""From a document to the HTML of its pages: letterhead, blocks, footer, page n of m."""

from __future__ import annotations

import html
import random
import re
import tomllib
from functools import cache
from pathlib import Path

from . import art
from .source import Block, ContentError, Document, plain_text

HERE = Path(__file__).resolve().parent
PAGE_WORDS = {
    "en": "Page {n} of {m}", "zh": "第 {n} 页 共 {m} 页", "pt": "Página {n} de {m}",
    "ja": "{n} / {m} ページ", "th": "หน้า {n} จาก {m}", "de": "Seite {n} von {m}",
}  # fmt: skip


@cache
def issuers() -> dict[str, dict[str, str]]:
    """Letterheads by key: name, lines, colour, mark."""
    return tomllib.loads((HERE.parent / "content" / "issuers.toml").read_text(encoding="utf-8"))


@cache
def stylesheet() -> str:
    """The one style sheet of all printed documents."""
    return (HERE / "paper.css").read_text(encoding="utf-8")


def to_html(document: Document) -> str:
    """A complete HTML page with one A4 ``<section>`` for each page of the document."""
    meta = document.meta
    issuer = issuers().get(meta.issuer)
    if issuer is None:
        raise ContentError(f"{meta.path}: got issuer {meta.issuer!r}, expected one of {sorted(issuers())}")
    sections = [_section(document, number, issuer) for number in range(1, len(document.pages) + 1)]
    return (
        f'<!doctype html><html lang="{meta.langs[0]}"><head><meta charset="utf-8">'
        f"<title>{html.escape(meta.title)}</title>"
        f"<style>:root{{--accent:{issuer['colour']}}}{stylesheet()}</style></head>"
        f'<body class="{meta.layout} {meta.style}">{"".join(sections)}</body></html>'
    )


def printed_text(document: Document) -> list[str]:
    """Every word printed on each page in reading order: letterhead, body, footer."""
    meta, issuer, pages = document.meta, issuers()[document.meta.issuer], []
    for number, body in enumerate(plain_text(document), 1):
        head = [issuer["mark"], issuer["name"], issuer["lines"]] if number == 1 else [issuer["name"]]
        foot = [meta.footer, _page_words(document, number)]
        around = ([], []) if meta.style == "label" else ([*head, meta.number], foot)
        pages.append("\n".join(line for line in (*around[0], body, *around[1]) if line))
    return pages


def _page_words(document: Document, number: int) -> str:
    words = PAGE_WORDS.get(document.meta.langs[0], PAGE_WORDS["en"])
    return words.format(n=number, m=len(document.pages))


def _section(document: Document, number: int, issuer: dict[str, str]) -> str:
    meta = document.meta
    body = "".join(_block(block, f"{meta.path}{number}") for block in document.pages[number - 1])
    if meta.style == "label":
        return f"<section><main>{body}</main></section>"
    words = _page_words(document, number)
    head = _letterhead(issuer) if number == 1 else f'<div class="running">{html.escape(issuer["name"])}</div>'
    return (
        f'<section><header>{head}<div class="number">{_inline(meta.number)}</div></header>'
        f"<main>{body}</main>"
        f"<footer><span>{_inline(meta.footer)}</span><span>{words}</span></footer></section>"
    )


def _letterhead(issuer: dict[str, str]) -> str:
    return (
        f'<div class="letterhead"><div class="logo">{html.escape(issuer["mark"])}</div>'
        f"<div><b>{html.escape(issuer['name'])}</b><br><small>{html.escape(issuer['lines'])}</small></div></div>"
    )


def _inline(text: str) -> str:
    text = html.escape(text, quote=False).replace("\\\\", "<br>")
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)


def _block(block: Block, seed: str) -> str:
    kind, args = block.kind, block.args
    if kind in ("p", "h1", "h2", "h3"):
        return f"<{kind}>{_inline(args[0])}</{kind}>"
    if kind == "ul":
        return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in args) + "</ul>"
    if kind == "note":
        return f'<div class="note">{"<br>".join(_inline(line) for line in args)}</div>'
    if kind == "table":
        return _table(block)
    if kind in ("sub", "big", "small", "center", "hidden", "claim"):
        return f'<div class="{kind}">{_inline(" | ".join(args))}</div>'
    if kind == "mark":
        return '<div class="marks">' + "".join(f"<span>{_inline(arg)}</span>" for arg in args) + "</div>"
    if kind == "sign":
        return _signature(args, seed)
    if kind == "stamp":
        return art.stamp(args)
    if kind == "art":
        return f'<div class="art">{art.drawing(args[0])}</div>'
    if kind == "barcode":
        return art.barcode(seed)
    if kind == "space":
        return f'<div style="height:{args[0]}mm"></div>'
    raise ContentError(f"unknown directive !{kind}")


def _table(block: Block) -> str:
    rows = []
    for index, row in enumerate(block.rows):
        head = block.header and index == 0
        cells = "".join(
            f"<th>{_inline(cell)}</th>"
            if head or (not block.header and place == 0)
            else f"<td>{_inline(cell)}</td>"
            for place, cell in enumerate(row)
        )
        rows.append(f"<tr>{cells}</tr>")
    return f'<table class="{"grid" if block.header else "pairs"}">{"".join(rows)}</table>'


def _signature(args: tuple[str, ...], seed: str) -> str:
    """A pen stroke over name, role and place with date."""
    stroke = art.scribble(random.Random(seed + args[0]))
    lines = "<br>".join(_inline(arg) for arg in args)
    return f'<div class="sign">{stroke}<div class="line">{lines}</div></div>'
