"""Reads the guard's case files: a sentence, its evidence inline, the verdict a person expects."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import msgspec

from cohost.common.catalogue import Brand, Catalogue, Market, Product, Variant
from cohost.trust.evidence import Evidence, Source
from cohost.trust.guard import GuardContext, Verdict, check

FOLDER = Path(__file__).parent / "cases" / "guard"
ON = dt.date(2026, 11, 20)
CATALOGUE = Catalogue(
    brand=Brand(name="Lanternfish", support="help@lanternfish.example"),
    products=(
        Product("reef", "Reef portable speaker", ("RX2", "RX2-PRO"), ("speaker", "bluetooth speaker"), True),
        Product("dew", "Dew face serum", ("DW-30",), ("serum",)),
    ),
    variants=(
        Variant("RX2", "reef", ("GB", "DE", "FR", "ES", "BR", "TH", "US")),
        Variant("RX2-PRO", "reef", ("JP",)),
    ),
    markets=(
        Market("US", "en", "USD"),
        Market("DE", "de", "EUR"),
        Market("FR", "fr", "EUR"),
        Market("ES", "es", "EUR"),
        Market("GB", "en", "GBP"),
        Market("BR", "pt", "BRL"),
        Market("JP", "ja", "JPY"),
        Market("TH", "th", "THB"),
    ),
)


def evidence(row: dict[str, Any]) -> Evidence:
    """One item from its short form; what a case leaves out gets a plain default."""
    row = dict(row)
    text = row.get("text") or row.get("quote") or f"{row.get('value', '')} {row.get('unit', '')}".strip()
    source = Source(
        document=row.pop("document", "kb.toml"),
        kind=row.pop("document_kind", "other"),
        quote=row.pop("quote", text),
        page=row.pop("page", None),
        lang=row.pop("quote_lang", "en"),
    )
    standards = [{"id": s, "edition": e} for s, e in row.pop("standards", [])]
    if standards:
        row["standards"] = standards
    row = {
        "type": row.pop("kind"),
        "source": msgspec.to_builtins(source),
        "source_class": "C",
        "product": "reef",
        **row,
    }
    return msgspec.convert(row, Evidence, strict=False)


def load() -> list[dict[str, Any]]:
    """Every case of every file."""
    lines = [line for file in sorted(FOLDER.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.strip()]


def judge(case: dict[str, Any], origin: str | None = None) -> Verdict:
    """The guard's verdict on a case."""
    items = tuple(evidence(row) for row in case["evidence"])
    more = tuple(evidence(row) for row in case.get("found", []))
    context = GuardContext(
        lang=case["lang"],
        market=case.get("market", "DE"),
        product=case.get("product", "reef"),
        model=case.get("model", "RX2"),
        on=ON,
        catalogue=CATALOGUE,
        items=items + more,
        origin=origin or case.get("origin", "composer"),
    )
    return check(case["sentence"], items, context)
