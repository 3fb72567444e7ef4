"""Does the evidence's quote stand where it says? By the second reader; scans against their own sources."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cohost.knowledge.verify import quote_stands
from cohost.trust.evidence import Evidence, Source

SOURCES = Path("_generator", "truth.json")
"""Beside the demo brand's documents: what was printed on its scans, page by page."""
PICTURES = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True)
class Quoted:
    """How many quotes stand, of how many that can be told; `undecided` are in neither."""

    stand: int
    told: int
    undecided: int = 0


def second_reader(folder: Path, items: Sequence[Evidence]) -> Quoted:
    """Every quote but those of scans, on its page."""
    found = [quote_stands(folder, i.source) for i in items if not is_scan(i.source)]
    undecided = found.count(None)
    return Quoted(found.count(True), len(found) - undecided, undecided)


def scans(folder: Path, items: Sequence[Evidence]) -> Quoted | None:
    """Quotes read by OCR, on the text that their page was printed from; `undecided` where it is not there
    for that file. None where the folder keeps no sources."""
    printed = printed_pages(folder)
    if not printed:
        return None
    sources = [i.source for i in items if is_scan(i.source)]
    with tempfile.TemporaryDirectory(prefix="cohost-bench-") as name:
        found = [_on_print(Path(name), s, printed) for s in sources]
    undecided = found.count(None)
    return Quoted(found.count(True), len(found) - undecided, undecided)


def is_scan(source: Source) -> bool:
    return source.ocr or source.document.lower().endswith(PICTURES)


def printed_pages(folder: Path) -> dict[str, list[str]]:
    """Document → the words of each page as printed; {} where nobody wrote them down."""
    file = folder / SOURCES
    if not file.is_file():
        return {}
    rows = json.loads(file.read_text(encoding="utf-8"))["documents"]
    return {row["path"]: row["scan"]["text"] for row in rows if "scan" in row}


def _on_print(folder: Path, source: Source, printed: Mapping[str, Sequence[str]]) -> bool | None:
    """The same second reader, given the printed words as a plain text."""
    pages = printed.get(source.document, ())
    number = (source.page or 1) - 1
    if number >= len(pages):
        return None
    (folder / "page.txt").write_text(pages[number], encoding="utf-8")
    plain = msgspec.structs.replace(source, document="page.txt", page=None, ocr=False)
    return quote_stands(folder, plain)
