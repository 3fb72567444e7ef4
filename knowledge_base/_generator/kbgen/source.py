"""Content files: TOML front matter between ``+++`` lines, then a body.

The body is a small Markdown: ``#``/``##``/``###`` headings, paragraphs, ``-`` lists,
pipe tables (a ``|---|`` line under the first row makes it a header), ``>`` notes,
``===`` for a new page and ``!name a | b`` directives (see ``paper``). Bodies of
``layout = "raw"`` are written out as they are; a ``.toml`` content file holds sheets.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

KINDS = frozenset(
    "spec certificate test_report policy faq review script brochure company glossary study internal".split()
)


class ContentError(ValueError):
    """A content file says something the generator does not understand."""


@dataclass(frozen=True)
class Block:
    """One piece of a page: ``kind`` is p, h1..h3, ul, table, note or a directive's name."""

    kind: str
    args: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    header: bool = False


@dataclass(frozen=True)
class Meta:
    """What the front matter says; the same names appear in ``truth.json``."""

    path: str
    kind: str
    title: str
    langs: tuple[str, ...]
    layout: str = "plain"
    product: str = ""
    models: tuple[str, ...] = ()
    issuer: str = "brand"
    number: str = ""
    footer: str = ""
    issued: date | None = None
    expires: date | None = None
    approved_by: str = "Compliance desk"
    approved_on: date | None = date(2026, 10, 20)
    visibility: str = "excerpt"
    correct: bool = True  # write a [[document]] table into kb.toml
    traps: tuple[str, ...] = ()
    facts: tuple[dict[str, Any], ...] = ()
    scan: dict[str, Any] = field(default_factory=dict)
    damage: str = ""  # "encrypted" or "corrupt"
    style: str = ""


@dataclass(frozen=True)
class Document:
    """One document: its meta data, and pages of blocks, a raw body or sheets."""

    meta: Meta
    pages: tuple[tuple[Block, ...], ...] = ()
    raw: str = ""
    sheets: tuple[dict[str, Any], ...] = ()


def read_all(folder: Path) -> list[Document]:
    """Every document under ``folder``, sorted by its output path."""
    files = [*folder.glob("*/*.md"), *folder.glob("*/*.toml")]
    documents = [read(file) for file in files]
    paths = [document.meta.path for document in documents]
    if twice := {path for path in paths if paths.count(path) > 1}:
        raise ContentError(f"written twice: {sorted(twice)}")
    return sorted(documents, key=lambda document: document.meta.path)


def read(file: Path) -> Document:
    """One content file; ContentError names the file and what is wrong."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".toml":
        table = tomllib.loads(text)
        sheets = tuple(table.pop("sheet"))
        return Document(_meta(file, table), sheets=sheets)
    try:
        _, front, body = text.split("+++\n", 2)
    except ValueError:
        raise ContentError(f"{file}: expected front matter between two +++ lines") from None
    meta = _meta(file, tomllib.loads(front))
    if meta.layout == "raw":
        return Document(meta, raw=body.lstrip("\n"))
    pages = tuple(tuple(_blocks(page)) for page in re.split(r"^===$", body, flags=re.M))
    return Document(meta, pages=pages)


def _meta(file: Path, table: dict[str, Any]) -> Meta:
    names = Meta.__dataclass_fields__
    if unknown := set(table) - set(names):
        raise ContentError(f"{file}: unknown keys {sorted(unknown)}, expected {sorted(names)}")
    if table.get("kind") not in KINDS:
        raise ContentError(f"{file}: got kind {table.get('kind')!r}, expected one of {sorted(KINDS)}")
    for key in ("langs", "models", "traps", "facts"):
        if key in table:
            table[key] = tuple(table[key])
    if table.pop("approved", True) is False or table.get("approved_by") == "":
        table["approved_by"], table["approved_on"] = "", None
    return Meta(**table)


def _blocks(page: str) -> list[Block]:
    blocks: list[Block] = []
    for chunk in re.split(r"\n\s*\n", page.strip("\n")):
        lines = [line.rstrip() for line in chunk.splitlines() if line.strip()]
        while lines:
            block, lines = _next_block(lines)
            blocks.append(block)
    return blocks


def _next_block(lines: list[str]) -> tuple[Block, list[str]]:
    first = lines[0]
    if match := re.match(r"(#{1,3}) (.+)", first):
        return Block(f"h{len(match[1])}", (match[2],)), lines[1:]
    if match := re.match(r"!(\w+) ?(.*)", first):
        args = tuple(part.strip() for part in match[2].split("|"))
        return Block(match[1], args), lines[1:]
    for prefix, kind in (("|", "table"), ("- ", "ul"), ("> ", "note")):
        if first.startswith(prefix):
            count = next((n for n, line in enumerate(lines) if not line.startswith(prefix)), len(lines))
            return _group(kind, lines[:count]), lines[count:]
    stop = next((n for n, line in enumerate(lines) if re.match(r"[#!|>]|- ", line)), len(lines))
    return Block("p", (" ".join(lines[:stop]),)), lines[stop:]


def _group(kind: str, lines: list[str]) -> Block:
    if kind != "table":
        return Block(kind, tuple(line[2:].strip() for line in lines))
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    header = len(rows) > 1 and all(set(cell) <= {"-", ":"} for cell in rows[1])
    if header:
        del rows[1]
    return Block("table", rows=tuple(rows), header=header)


def plain_text(document: Document) -> list[str]:
    """The words of each page in reading order, table cells joined by a space."""
    if document.raw:
        return [document.raw]
    return ["\n".join(line for block in page for line in _lines(block)) for page in document.pages]


def _lines(block: Block) -> list[str]:
    if block.kind == "table":
        return [_clean(" ".join(cell for cell in row if cell)) for row in block.rows]
    if block.kind in ("art", "barcode", "space", "hidden"):
        return []
    if block.kind in ("stamp",):
        return [_clean(" ".join(block.args))]
    return [_clean(arg) for arg in block.args if arg]


def _clean(text: str) -> str:
    return text.replace("**", "").replace("\\\\", " ").strip()
