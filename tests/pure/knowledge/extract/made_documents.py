"""Documents made by hand for the extractor's tests: "# " heads, "| a | b |" rows, "- " items, lines."""

from __future__ import annotations

from collections.abc import Iterator

from cohost.common.catalogue import Brand, Catalogue, Market, Product
from cohost.knowledge.documents import Block, Document, OcrWord, Page, Table
from cohost.knowledge.extract import Extraction, extract
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, Passage, Policy, TestReport

KETTLE = Catalogue(
    brand=Brand(name="Kessel", legal_name="Kessel Beispiel GmbH"),
    products=(Product("kettle", "Kessel kettle", ("KT-900", "KT-900S"), ("Wasserkocher", "水壶", "ケトル")),),
    markets=(
        Market("DE", "de", "EUR"),
        Market("ES", "es", "EUR"),
        Market("JP", "ja", "JPY"),
        Market("US", "en", "USD"),
    ),
)
SHOP = Catalogue(
    products=(
        Product("lamp", "Moon lamp", ("ML-1",), ("lamp", "lámpara", "灯")),
        Product("bear", "Bear Lolo", ("BL-30",), ("bear", "oso", "小熊")),
    ),
    markets=(
        Market("DE", "de", "EUR"),
        Market("FR", "fr", "EUR"),
        Market("GB", "en", "GBP"),
        Market("BR", "pt", "BRL"),
    ),
)


def document(text: str, path: str = "paper.txt", **page: object) -> Document:
    """One page; `page` may say ocr=True and words={token: confidence}."""
    blocks = tuple(_blocks(text))
    rows = tuple(b.cells for b in blocks if b.cells)
    words = page.pop("words", {})
    assert isinstance(words, dict)
    made = Page(
        None, "\n".join(b.text for b in blocks), blocks, (Table(rows),) if rows else (),
        ocr=bool(page.get("ocr")), confidence=min(words.values(), default=None),
        words=tuple(OcrWord(w, c) for w, c in words.items()),
    )  # fmt: skip
    title = next((b.text for b in blocks if b.kind == "heading"), "")
    form = "md" if path.endswith(".md") else "txt"
    return Document(path, "00", form, (made,), title)


def _blocks(text: str) -> Iterator[Block]:
    table = -1
    inside = False
    for line in text.strip().splitlines():
        line = line.strip()
        if line.startswith("|"):
            table += not inside
            inside = True
            cells = tuple(c.strip() for c in line.strip("|").split("|"))
            yield Block("table_row", " ".join(c for c in cells if c), cells=cells, table=table)
            continue
        inside = False
        if line.startswith("#"):
            yield Block("heading", line.lstrip("# "), level=len(line) - len(line.lstrip("#")))
        elif line.startswith("- "):
            yield Block("list_item", line[2:], level=1)
        elif line:
            yield Block("paragraph", line)


def extracted(
    text: str, catalogue: Catalogue = KETTLE, path: str = "paper.txt", **more: object
) -> Extraction:
    on = more.pop("on", None)
    note = more.pop("note", None)
    return extract(document(text, path, **more), catalogue=catalogue, note=note, on=on)  # type: ignore[arg-type]


def facts(items: tuple[Evidence, ...]) -> dict[str, Fact]:
    """The first fact of each attribute."""
    found: dict[str, Fact] = {}
    for item in items:
        if isinstance(item, Fact):
            found.setdefault(item.attribute, item)
    return found


def of(items: tuple[Evidence, ...], kind: type) -> list:
    return [i for i in items if isinstance(i, kind)]


def certificate(items: tuple[Evidence, ...]) -> Certificate:
    return of(items, Certificate)[0]


def report(items: tuple[Evidence, ...]) -> TestReport:
    return of(items, TestReport)[0]


def market_facts(items: tuple[Evidence, ...]) -> dict[tuple[str, str], MarketFact]:
    """(market, attribute) → fact."""
    return {(i.markets[0], i.attribute): i for i in items if isinstance(i, MarketFact)}


def passages(items: tuple[Evidence, ...]) -> list[Passage]:
    return of(items, Passage)


def policies(items: tuple[Evidence, ...]) -> list[Policy]:
    return of(items, Policy)
