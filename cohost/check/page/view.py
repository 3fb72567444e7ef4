"""What the page is made from, and the words that several of its sections use. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from cohost.check.findings import Findings
from cohost.check.page.markup import Html, chip, tag
from cohost.common.catalogue import Catalogue
from cohost.knowledge.build import Read
from cohost.knowledge.documents import Problem
from cohost.knowledge.kbtoml import DocumentNote
from cohost.trust.evidence import DocumentKind, Evidence

KINDS: dict[DocumentKind, str] = {
    "spec": "Specification", "certificate": "Certificate", "test_report": "Test report", "policy": "Policy",
    "faq": "FAQ", "review": "Reviews", "script": "Script", "brochure": "Brochure", "company": "Company paper",
    "glossary": "Glossary", "study": "Study", "internal": "Internal", "manual": "Manual", "other": "Document",
}  # fmt: skip


class Picture(msgspec.Struct, frozen=True):
    """A JPEG of the quote's lines (`marked`), or of the whole page where they are not found."""

    jpeg: bytes
    width: int
    height: int
    marked: bool


class View(msgspec.Struct, frozen=True):
    """`pictures`: by evidence id, or by document for scans. `live`: in the room, where decisions are sent."""

    findings: Findings
    problems: tuple[Problem, ...]
    catalogue: Catalogue
    documents: tuple[Read, ...]
    notes: Mapping[str, DocumentNote]
    items: tuple[Evidence, ...]
    pictures: Mapping[str, Picture] = {}
    left_out: int = 0  # pictures that would have made the file too large
    live: bool = False

    @property
    def brand(self) -> str:
        return self.catalogue.brand.name or "Knowledge base"

    def product(self, product_id: str | None) -> str:
        """A product's name; the shop where it is nobody's."""
        found = self.catalogue.product(product_id)
        return found.name if found else product_id or "The whole shop"


def about(
    products: Iterable[str | None] = (), markets: Iterable[str] = (), **more: object
) -> dict[str, object]:
    """Attributes by which the page's filters find a row; empty: it is about all."""
    known = sorted({p for p in products if p})
    return {"data_products": " ".join(known), "data_markets": " ".join(markets), **more}


def market_chips(markets: Iterable[str], everywhere: bool = False) -> list[Html]:
    if everywhere:
        return [chip("every market")]
    return [chip(code) for code in markets]


def section(name: str, title: str, lead: str, *body: object, count: object = None) -> Html:
    """One part of the page with its anchor; `lead` says what it is for."""
    number = tag("span", count, class_="count") if count is not None else None
    return tag(
        "section",
        tag("header", tag("h2", title, " ", number), tag("p", lead, class_="lead")),
        *body, id=name, class_="part",
    )  # fmt: skip


def nothing(words: str) -> Html:
    return tag("p", words, class_="nothing")


def place(document: str, page: int | None) -> Html:
    """A document and its page, as a link to its evidence."""
    where = f" p. {page}" if page else ""
    return tag("a", tag("bdi", document), where, href=f"#{anchor(document)}", class_="paper")


def anchor(document: str) -> str:
    """An id for a document's block; the same path gives the same id."""
    return "d-" + "".join(c if c.isalnum() and c.isascii() else f"_{ord(c):x}" for c in document)
