"""A small brand for the check's tests: every finding in it is worked out by hand in the test that uses it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cohost.common.catalogue import Brand, Catalogue, Market, Product, Variant
from cohost.knowledge.build import Built, Read
from cohost.knowledge.documents import Problem
from cohost.knowledge.kbtoml import DocumentNote, KbToml
from cohost.trust.evidence import (
    Certificate,
    DocumentKind,
    Evidence,
    Fact,
    MarketFact,
    Passage,
    Policy,
    Source,
    SourceClass,
)

ON = dt.date(2026, 11, 20)

CATALOGUE = Catalogue(
    brand=Brand(name="Probe"),
    products=(
        Product(id="box", name="Box bluetooth speaker", models=("B1", "B1-PRO"), pinned=True),
        Product(id="dew", name="Dew face serum", models=("D1",)),
        Product(id="coat", name="Coat rain jacket", models=("C1",)),
    ),
    variants=(
        Variant(model="B1", product="box", markets=("DE", "GB")),
        Variant(model="B1-PRO", product="box", markets=("US",)),
    ),
    markets=(
        Market(code="DE", lang="de", currency="EUR", scheme=("CE",)),
        Market(code="GB", lang="en", currency="GBP", scheme=("UKCA", "CE")),
        Market(code="US", lang="en", currency="USD", scheme=("FCC",)),
    ),
)  # fmt: skip

_numbers = iter(range(100_000, 999_999))


def source(document: str = "spec.md", quote: str = "words", **more: Any) -> Source:
    return Source(document=document, quote=quote, **({"lang": "en", "kind": "spec"} | more))


def fact(
    attribute: str, value: Any, unit: str | None = None, *, document: str = "spec.md", quote: str = "",
    source_class: SourceClass = "B", product: str | None = "box", **more: Any,
) -> Fact:  # fmt: skip
    return Fact(
        id=f"E{next(_numbers)}", source=source(document, quote or f"{attribute} {value} {unit or ''}"),
        source_class=source_class, product=product, attribute=attribute, value=value, unit=unit, **more,
    )  # fmt: skip


def term(
    attribute: str, value: Any, market: str, unit: str | None = None, *, document: str = "kb.toml",
    product: str | None = "box", **more: Any,
) -> MarketFact:  # fmt: skip
    return MarketFact(
        id=f"E{next(_numbers)}", source=source(document, f"{attribute} {value} {unit or ''}"),
        source_class="C", product=product, markets=(market,), attribute=attribute, value=value, unit=unit,
        **more,
    )  # fmt: skip


def policy(attribute: str, value: Any, unit: str, *markets: str, document: str = "rules.md") -> Policy:
    return Policy(
        id=f"E{next(_numbers)}", source=source(document, f"{attribute} {value} {unit}", kind="policy"),
        source_class="C", markets=markets, attribute=attribute, value=value, unit=unit, text="words",
    )  # fmt: skip


def paper(
    scheme: str, *models: str, document: str = "paper.pdf", product: str = "box", **more: Any
) -> Certificate:
    kind = "self_declaration" if scheme in ("CE", "UKCA") else "third_party"
    return Certificate(
        id=f"E{next(_numbers)}", source=source(document, f"{scheme} {', '.join(models)}", page=1),
        source_class="A", product=product, models=models, scheme=scheme,
        **({"certificate_kind": kind} | more),
    )  # fmt: skip


def text(words: str, *attributes: str, document: str = "spec.md", product: str | None = "box") -> Passage:
    return Passage(
        id=f"E{next(_numbers)}", source=source(document, words), source_class="B", product=product,
        text=words, attributes=attributes,
    )  # fmt: skip


def offered(product: str = "box", *markets: str) -> list[Evidence]:
    """A price and delivery there: what else a sale needs beside papers."""
    money = {m.code: m.currency for m in CATALOGUE.markets}
    return [
        one
        for market in markets
        for one in (
            term("price", 20.0, market, money[market], product=product),
            term("ships", True, market, product=product),
        )
    ]


def built(
    *items: Evidence, catalogue: Catalogue = CATALOGUE, problems: tuple[Problem, ...] = (),
    notes: tuple[DocumentNote, ...] = (), kinds: dict[str, DocumentKind] | None = None,
) -> Built:  # fmt: skip
    known = kinds or {}
    names = dict.fromkeys(i.source.document for i in items if i.source.document != "kb.toml")
    documents = tuple(
        Read(
            name, "0" * 64, known.get(name, "spec"),
            next((i.product for i in items if i.source.document == name), None), "en", (), (),
        )
        for name in names
    )  # fmt: skip
    return Built(KbToml(catalogue, documents=notes), documents, items, problems, "test", 0)
