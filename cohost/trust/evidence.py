"""Typed evidence: what cohost may say, and who says so.

Every item is numbered (`id`), bound to a document, a page and the original words, to a source
class and a release state. The guard, the composer, retrieval and the pages all speak of these
types; nothing here does I/O.
"""

from __future__ import annotations

import datetime as dt
import functools
from typing import Literal

import msgspec

LIVE_DOCUMENT = "show log"
"""The document of what an operator set on air."""
SourceClass = Literal["A", "B", "C", "D"]
"""A third-party test or certificate; B maker's declaration, specification, manual;
C shop policy and `kb.toml`; D brochure, FAQ, review."""

Release = Literal["draft", "approved", "held", "internal"]
Visibility = Literal["cite", "excerpt", "page"]
DocumentKind = Literal[
    "spec", "certificate", "test_report", "policy", "faq", "review", "script", "brochure",
    "company", "glossary", "study", "internal", "manual", "other",
]  # fmt: skip
CertificateKind = Literal["self_declaration", "third_party", "registration", "listing", "shipment"]
Value = float | str | bool | tuple[float | str, ...]
"""A number (with the fact's unit), a word or phrase, yes/no, a closed range of two numbers, or a
list of words."""


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where an item stands. `quote` is ≤ 300 characters and stands in the document after NFKC and
    whitespace folding, case kept; a table row is its cells in order joined by one space."""

    document: str  # path inside the folder, posix; "kb.toml" for facts declared there
    quote: str
    page: int | None = None  # from 1 for pdf, 1 for an image, None otherwise
    locator: str | None = None  # sheet!range, report number, certificate number, heading
    lang: str = "und"  # BCP 47 of the quote
    kind: DocumentKind = "other"
    ocr: bool = False
    confidence: float | None = None  # 0..1, the OCR's least confident token of the quote
    sha256: str = ""  # of the document's bytes, as read


class Item(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What every piece of evidence carries."""

    id: str  # "E12": stable for one build of a folder
    source: Source
    source_class: SourceClass
    product: str | None = None  # kb.toml product id; None = the brand or the whole shop
    models: tuple[str, ...] = ()  # exact model strings it speaks of; () = every model of the product
    markets: tuple[str, ...] = ()  # ISO 3166 codes it speaks for; () = every market
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None  # last day on which it holds
    release: Release = "approved"
    visibility: Visibility = "excerpt"


class SizeLabel(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a chart calls a size: ("42", "EU", "EU"), ("8.5", "US", "US uomo"), ("M",)."""

    value: str  # as printed
    system: str = ""  # EU, UK, US, JP …; "" where the chart names none
    name: str = ""  # the column's own words


class SizeMeasure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One measure of a size, both ends included. An open end is None: "up to 185 cm"."""

    id: str  # in languages/*/sizes.toml: head, foot, chest …; "" for any other
    name: str  # as the document says
    low: float | None
    high: float | None
    unit: str | None = None
    of: Literal["", "body", "garment"] = ""  # whose measure, where the chart says


class SizeRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One size of a chart: its label in every system of the chart, and its measures."""

    chart: str  # the same for all rows of one chart of a document
    place: int  # the row's place in it, from 0
    labels: tuple[SizeLabel, ...]
    measures: tuple[SizeMeasure, ...] = ()
    group: str = ""  # whom this part of the chart is for, in its own words: "Women"


class Fact(Item, frozen=True, tag="fact", kw_only=True):
    """`attribute = value unit`, under `condition`. A number never travels without its condition."""

    attribute: str  # id in the ontology (trust/attributes.toml)
    value: Value
    unit: str | None = None  # Pint-readable: "h", "g", "mm", "W", "mAh"; currencies as ISO 4217
    condition: str = ""  # the document's own words: "at 50 % volume"
    qualifier: Literal["", "up_to", "about", "at_least"] = ""
    basis: Literal["declared", "measured", "set"] = "declared"  # set: by kb.toml or on air
    report: str | None = None  # id of the TestReport whose result this is
    polarity: bool = True  # False: the document denies it ("not dishwasher safe")
    size: SizeRow | None = None  # set for a row of a size chart
    between_sizes: Literal["", "larger", "smaller"] = ""  # set where the words say which one to take


class Standard(msgspec.Struct, frozen=True, omit_defaults=True):
    """A standard as the paper names it, edition kept: ("EN 62368-1", "2020+A11:2020")."""

    id: str
    edition: str | None = None


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who issued or assessed: a notified body, a certification body, a laboratory."""

    name: str
    number: str | None = None  # notified body or accreditation number


class Certificate(Item, frozen=True, tag="certificate", kw_only=True):
    """A paper about conformity. `valid_until` is its expiry; `models` its exact coverage."""

    scheme: str  # id in trust/schemes.toml: "CE", "FCC", "PSE", "OEKO-TEX", "UN38.3" …
    number: str | None = None
    certificate_kind: CertificateKind = "third_party"
    holder: str | None = None
    manufacturer: str | None = None
    families: tuple[str, ...] = ()  # declared model families: "RX2-*"
    component: str | None = None  # set when the paper covers a part only: "cell", "adapter"
    standards: tuple[Standard, ...] = ()
    body: Body | None = None
    issued: dt.date | None = None
    status: Literal["held", "on_file_not_held"] = "held"


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a report's results table."""

    quantity: str
    value: str
    unit: str | None = None
    limit: str | None = None
    verdict: str | None = None


class TestReport(Item, frozen=True, tag="test_report", kw_only=True):
    """What ISO/IEC 17025:2017 §7.8.2 asks a report to hold."""

    __test__ = False  # not a pytest class

    number: str | None = None
    lab: Body | None = None
    accredited: bool | None = None  # for this method; None = the report does not say
    client: str | None = None
    sample_model: str | None = None
    sample_quantity: int | None = None
    sample_condition: str | None = None
    method: Standard | None = None
    conditions: str | None = None
    tested: dt.date | None = None
    issued: dt.date | None = None
    results: tuple[Result, ...] = ()
    statement: str | None = None


class MarketFact(Item, frozen=True, tag="market_fact", kw_only=True):
    """What depends on the market: price, stock, delivery, plug. `markets` has exactly one code."""

    attribute: str  # price, stock, ships, shipping (days), returns (days), warranty (months) …
    value: Value
    unit: str | None = None
    condition: str = ""
    qualifier: Literal["", "up_to", "about", "at_least"] = ""
    tax_included: bool | None = None
    as_of: dt.date | None = None
    prior_price_30d: float | None = None


class Policy(Item, frozen=True, tag="policy", kw_only=True):
    """A rule of the shop in its own words, with the number it holds where it holds one."""

    attribute: str  # shipping, returns, warranty, payment, customs …
    text: str
    value: Value | None = None
    unit: str | None = None
    condition: str = ""


class Review(Item, frozen=True, tag="review", kw_only=True):
    """A stored customer review; spoken only with consent, incentive told."""

    author: str
    text: str
    rating: float | None = None
    written: dt.date | None = None
    consent: bool = False
    incentive: str | None = None
    verified: bool = False


class Passage(Item, frozen=True, tag="passage", kw_only=True):
    """Any other text, for questions that no fact answers. `warning` marks safety text."""

    text: str
    heading: str = ""
    warning: bool = False
    attributes: tuple[str, ...] = ()  # attributes the passage speaks of, best first
    label: str = ""  # the first cell of the row it is


Evidence = Fact | Certificate | TestReport | MarketFact | Policy | Review | Passage

KIND: dict[type, str] = {
    Fact: "fact", Certificate: "certificate", TestReport: "test_report", MarketFact: "market_fact",
    Policy: "policy", Review: "review", Passage: "passage",
}  # fmt: skip


def kind_of(item: Evidence) -> str:
    """The contract's name for an item's kind; a fact measured in a report is `test_report`."""
    if isinstance(item, Fact) and item.report:
        return "test_report"
    return KIND[type(item)]


def in_force(item: Evidence, on: dt.date) -> bool:
    """True when the item holds on that day (both ends included)."""
    return not (
        (item.valid_from is not None and on < item.valid_from)
        or (item.valid_until is not None and on > item.valid_until)
    )


@functools.lru_cache(maxsize=4096)
def normal_model(model: str) -> str:
    """Model strings compare without case, spaces, dots and dash variants: 'rx2–pro' = 'RX2-PRO'."""
    text = model.strip().upper()
    for dash in "‐‑‒–—−_":
        text = text.replace(dash, "-")
    return "".join(c for c in text if not c.isspace() and c != ".")


def covers_model(item: Evidence, model: str | None) -> bool:
    """True when the item speaks of this exact model: listed, in a declared family, or unrestricted."""
    if model is None or (not item.models and not getattr(item, "families", ())):
        return True
    wanted = normal_model(model)
    if any(normal_model(m) == wanted for m in item.models):
        return True
    families: tuple[str, ...] = getattr(item, "families", ())
    return any(family_covers(f, model) for f in families)


@functools.lru_cache(maxsize=1024)
def family_covers(family: str, model: str) -> bool:
    """True when the model is of the declared family: "RX2*" any suffix (RX2-PRO, never RX20), "RX2-??"
    the base or a suffix of at most two signs (a colour)."""
    base, wanted = normal_model(family), normal_model(model)
    signs = base.count("?")
    stem = base.rstrip("*?").rstrip("-")
    if not wanted.startswith(stem):
        return False
    rest = wanted[len(stem) :].lstrip("-")
    if rest[:1].isdigit() and stem[-1:].isdigit() and wanted[len(stem)] != "-":
        return False
    return not signs or (len(rest) <= signs and rest.isalnum()) or not rest


def covers_market(item: Evidence, market: str | None) -> bool:
    """True when the item speaks for this market (or for all)."""
    return not item.markets or market is None or market in item.markets


def airable(item: Evidence) -> bool:
    """Only approved items reach a room."""
    return item.release == "approved"
