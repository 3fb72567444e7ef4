"""The demo brand's documents against its ground truth: those that need no pictures read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cohost.knowledge.documents import OcrPage, read
from cohost.knowledge.extract import extract
from cohost.knowledge.kbtoml import load
from cohost.knowledge.verify import quote_stands
from cohost.trust.evidence import Evidence, Fact, MarketFact, Policy

ROOT = Path(__file__).parents[4] / "knowledge_base"
TRUTH = json.loads((ROOT / "_generator" / "truth.json").read_text(encoding="utf-8"))["documents"]
KINDS = (".md", ".csv", ".html", ".txt", ".xlsx", ".docx")
DOCUMENTS = [d for d in TRUTH if d["path"].endswith(KINDS) and not d["unreadable"]]
NEVER_TOLD = frozenset({"internal", "injection", "revision"})


class NoPictures:
    """An OCR port for documents without pictures."""

    def read(self, image: bytes) -> OcrPage:
        raise AssertionError("no picture expected")


@pytest.mark.parametrize("told", DOCUMENTS, ids=lambda d: d["path"])
def test_every_figure_of_a_demo_document_is_found_and_every_quote_stands(told: dict[str, Any]) -> None:
    kb = load(ROOT)
    note = next((n for n in kb.documents if n.path == told["path"]), None)
    got = extract(read(ROOT, told["path"], ocr=NoPictures()), catalogue=kb.catalogue, note=note)
    loose = [i.source.quote for i in got.items if quote_stands(ROOT, i.source) is False]
    assert loose == []
    if got.kind == "script":
        assert got.items == ()
        return
    for fact in told["facts"]:
        if fact["attribute"] in NEVER_TOLD or not _figures(fact["value"]):
            continue
        assert any(_says(item, fact) for item in got.items), fact


def _figures(value: object) -> tuple[float, ...]:
    values = value if isinstance(value, list) else [value]
    if any(isinstance(v, bool) or not isinstance(v, int | float) for v in values):
        return ()
    return tuple(float(v) for v in values)


def _says(item: Evidence, fact: dict[str, Any]) -> bool:
    """The figure in any attribute: what a fact is called is the ontology's business."""
    if not isinstance(item, Fact | MarketFact | Policy):
        return fact["quote"][:40] in item.source.quote
    value = item.value if isinstance(item.value, tuple) else (item.value,)
    figures = tuple(v for v in value if isinstance(v, float))
    same_model = fact.get("model") is None or fact["model"] in item.models
    wanted = set(str(fact.get("market") or "").split())
    same_market = not wanted or "EU" in wanted or bool(wanted & set(item.markets))
    return (
        same_model
        and same_market
        and (figures == _figures(fact["value"]) or fact["quote"] in item.source.quote)
    )
