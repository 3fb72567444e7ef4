"""What kind of document it is, from its content; the file's name is the weakest hint. Pure."""

from __future__ import annotations

import re
from collections import defaultdict

from cohost.knowledge.documents import Document, Page
from cohost.knowledge.extract.labels import attribute_of
from cohost.knowledge.extract.stream import Part
from cohost.knowledge.extract.vocabulary import section
from cohost.trust.attributes import ontology
from cohost.trust.evidence import DocumentKind, SourceClass

_TITLE = 3.0
_SUBTITLE = 1.4
_NAME = 0.8
_LABELS = 0.6
_FIRST = (
    "internal", "script", "declaration", "test_report", "certificate", "faq", "review", "policy", "study",
    "manual", "spec", "brochure", "company", "glossary",
)  # fmt: skip
"""Where two kinds score the same, the earlier one holds."""

SOURCE_CLASS: dict[str, SourceClass] = {
    "certificate": "A", "test_report": "A", "spec": "B", "manual": "B", "policy": "C", "company": "C",
    "study": "B", "internal": "C", "glossary": "C", "faq": "D", "brochure": "D", "review": "D", "script": "D",
    "other": "D",
}  # fmt: skip


def kind_of(document: Document, parts: tuple[Part, ...]) -> DocumentKind:
    """The best-scoring kind; "other" where nothing tells. A declaration is a certificate."""
    scores: dict[str, float] = defaultdict(float)
    _titles(document, parts, scores)
    _tables(document, parts, scores)
    _questions(parts, scores)
    _marks(document, scores)
    stem = re.sub(r"[_\-.]+", " ", document.path.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    _words(stem, _NAME, scores)
    if not scores or max(scores.values()) < 0.7:
        return _unmarked(parts)
    best = max(scores, key=lambda k: (round(scores[k], 3), -_FIRST.index(k)))
    return "certificate" if best == "declaration" else best  # type: ignore[return-value]


def source_class(kind: DocumentKind, parts: tuple[Part, ...]) -> SourceClass:
    """A for a third party's paper, B the maker's, C the shop's, D the rest. A declaration is lowered to
    B where its certificate is made."""
    if kind == "other":
        rows = sum(len(p.rows) for p in parts if p.kind == "table")
        return "B" if rows >= 3 else "D"
    return SOURCE_CLASS[kind]


def _titles(document: Document, parts: tuple[Part, ...], scores: dict[str, float]) -> None:
    opening = [p for p in parts if p.kind != "table"][:4]
    weight = _TITLE
    seen: set[str] = set()
    for text in (document.title, *(p.text for p in opening)):
        if text and text not in seen and len(text) <= 160:
            seen.add(text)
            _words(text, weight, scores)
            weight = _SUBTITLE
    for page in document.pages[1:4]:
        _words(_first_line(page), _SUBTITLE / 2, scores)
    for part in parts:
        if part.kind == "heading" and part.text not in seen:
            _words(part.text, 0.3, scores)


def _first_line(page: Page) -> str:
    return page.blocks[0].text[:120] if page.blocks else ""


def _words(text: str, weight: float, scores: dict[str, float]) -> None:
    """A kind scores by the share of the line its words take, so that a title weighs more than a mention."""
    if not text:
        return
    for key in _FIRST:
        hit = section("kind").inside(text, key)
        if hit is not None:
            share = min(1.0, 0.45 + 0.55 * len(hit.entry) / max(len(text), 1) + 0.02 * len(hit.entry))
            scores[key] += weight * share


def _tables(document: Document, parts: tuple[Part, ...], scores: dict[str, float]) -> None:
    """Labels that only reports, certificates, policies or reviews have."""
    fields: dict[str, int] = defaultdict(int)
    for part in (p for p in parts if p.kind == "table"):
        head = part.rows[0].cells if part.rows else ()
        reviews = {k for h in head for k in section("review").keys_of(h)}
        if {"author", "rating"} <= reviews or {"rating", "text"} <= reviews:
            scores["review"] += _TITLE * 1.5
        if any("market" in section("column").keys_of(h) for h in head):
            scores["policy"] += _LABELS * 2
        if any(
            "verdict" in section("column").keys_of(h) or "measured" in section("column").keys_of(h)
            for h in head
        ):
            scores["test_report"] += _LABELS
        if document.format in ("xlsx", "csv") and sum(_describes(h) for h in head) >= 3:
            scores["spec"] += _TITLE * 1.5  # a sheet of figures by model, whatever it is called
        for row in part.rows[:30]:
            hit = section("field").label(row.cells[0]) if row.cells else None
            if hit and hit.score >= 0.8:
                fields[hit.key] += 1
    if fields["lab"] and (fields["report"] or fields["method"] or fields["client"]):
        scores["test_report"] += _LABELS * 3
    if fields["number"] and (fields["holder"] or fields["expires"] or fields["issued"]) and not fields["lab"]:
        scores["certificate"] += _LABELS * 2


def _describes(head: str) -> bool:
    """A column head that names a property of the product, no rule of the shop."""
    known = ontology().get(attribute_of(head) or "")
    return known is not None and not known.market


def _questions(parts: tuple[Part, ...], scores: dict[str, float]) -> None:
    asked = sum(bool(re.search(r"[?？؟]", p.text[:160])) for p in parts if p.kind != "table")
    asked += sum(bool(re.search(r"[?？؟]\s*$", r.cells[0])) for p in parts for r in p.rows if r.cells)
    if asked >= 3:
        scores["faq"] += min(asked, 8) * 0.5


def _marks(document: Document, scores: dict[str, float]) -> None:
    """Words that decide wherever they stand on the first page: confidential, declares under its sole …"""
    opening = document.pages[0].text[:1500] if document.pages else ""
    if section("kind").inside(opening[:300], "internal"):
        scores["internal"] += 1.5
    if section("kind").inside(opening, "declaration"):
        scores["declaration"] += 0.8


def _unmarked(parts: tuple[Part, ...]) -> DocumentKind:
    """Without a telling word: a table whose labels are attributes is a specification."""
    rows = [r for p in parts for r in p.rows]
    known = sum(any(attribute_of(c) is not None for c in r.cells[:2]) for r in rows)
    heads = sum(attribute_of(c) is not None for p in parts for r in p.rows[:1] for c in r.cells[1:])
    lines = sum(
        attribute_of(re.split(r"[:：]", p.text, maxsplit=1)[0]) is not None
        for p in parts
        if p.kind in ("paragraph", "list_item") and re.search(r"[:：]", p.text[:40])
    )
    return "spec" if known >= 2 or heads >= 2 or lines >= 2 else "other"
