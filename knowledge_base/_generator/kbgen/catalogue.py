"""Writes ``kb.toml``: the hand-written head, the offers as facts, the documents' approvals."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from .source import Document, Meta


def write(content: Path, documents: list[Document], target: Path) -> None:
    """Rebuild ``target`` from ``brand.toml``, ``offers.toml`` and the documents' front matter."""
    offers = tomllib.loads((content / "offers.toml").read_text(encoding="utf-8"))
    head = (content / "brand.toml").read_text(encoding="utf-8").rstrip()
    facts = "\n".join(_facts(offers))
    tables = "\n".join(_document(document.meta) for document in documents if document.meta.correct)
    text = (
        f"{head}\n\n# {'-' * 64} price, stock, shipping per market\n\n{facts}\n"
        f"# {'-' * 64} documents: what they are, who approved them\n"
        f"# Without approved_by a document never goes on air: drafts, internal papers.\n\n{tables}"
    )
    tomllib.loads(text)
    target.write_text(text.rstrip() + "\n", encoding="utf-8")


def _facts(offers: dict[str, Any]) -> list[str]:
    lines = []
    for product, markets in offers["offer"].items():
        for market, offer in markets.items():
            until = offer.get("price_until", offers["price_until"])
            if "price" in offer:
                lines.append(
                    _fact(product, market, "price", offer["price"], offers, until, offers["currency"][market])
                )
            lines.append(_fact(product, market, "ships", "stock" in offer, offers, offers["price_until"]))
            if "stock" in offer:
                lines.append(_fact(product, market, "stock", offer["stock"], offers, offers["stock_until"]))
    return lines


def _fact(
    product: str, market: str, attribute: str, value: Any, offers: dict[str, Any], until: Any, unit: str = ""
) -> str:
    shown = f"{value:.2f}" if isinstance(value, float) else json.dumps(value)
    pairs = [
        ("product", f'"{product}"'),
        ("market", f'"{market}"'),
        ("attribute", f'"{attribute}"'),
        ("value", shown),
    ]
    if unit:
        pairs.append(("unit", f'"{unit}"'))
    pairs += [("as_of", offers["as_of"]), ("valid_until", until)]
    return "[[fact]]\n" + "".join(f"{key} = {text}\n" for key, text in pairs)


def _document(meta: Meta) -> str:
    pairs: list[tuple[str, str]] = [
        ("path", json.dumps(meta.path, ensure_ascii=False)),
        ("kind", f'"{meta.kind}"'),
    ]
    if meta.product:
        pairs.append(("product", f'"{meta.product}"'))
    pairs.append(("visibility", f'"{meta.visibility}"'))
    if meta.approved_by:
        pairs += [("approved_by", json.dumps(meta.approved_by)), ("approved_on", str(meta.approved_on))]
    return "[[document]]\n" + "".join(f"{key} = {value}\n" for key, value in pairs)
