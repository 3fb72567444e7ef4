"""Marks of the evidence bench: rates, quantiles, what stands; the passages that are made for it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bench.evidence import many, quotes
from bench.evidence import marks as made
from bench.evidence.lookup import LookUp, filters
from bench.evidence.quotes import Quoted
from bench.evidence.reading import CHARACTERS, FileRead, Reading, pages_of
from bench.marks import Mark
from cohost.common.question import Question
from cohost.knowledge.documents import Document, Page
from cohost.trust.evidence import Evidence, Fact, Passage, Source

CONTRACT = {"bench", "mark", "value", "unit", "n", "target", "holds"}
PEERED = CONTRACT | {"peer", "peer_value", "ratio"}


def by_name(marks: list[Mark]) -> dict[str, Mark]:
    return {m.mark: m for m in marks}


def passage(text: str, *, id: str = "E1", lang: str = "en", **more: object) -> Passage:
    source = Source(document="care.html", quote=text, lang=lang)
    return Passage(id=id, source=source, source_class="B", text=text, **more)  # type: ignore[arg-type]


# ── reading ──
def test_pages_are_those_of_a_pdf_sheets_or_started_stretches_of_characters() -> None:
    def pages(form: str, *texts: str) -> int:
        made = tuple(Page(number=None, text=t) for t in texts)
        return pages_of(Document(path="x", sha256="", format=form, pages=made))  # type: ignore[arg-type]

    assert pages("pdf", "a", "", "b" * 9000) == 3
    assert pages("xlsx", "a", "b") == 2
    assert (pages("docx", "a"), pages("html", "a" * (2 * CHARACTERS + 1))) == (1, 3)


def test_pages_a_second_are_of_all_files_and_only_pdfs_stand_beside_the_peer() -> None:
    files = [FileRead("a.pdf", 6, 0.5, 0.25, peer_s=0.25), FileRead("b.docx", 4, 0.5, 0.25)]
    marks = by_name(made.reading(Reading(files, 2)))
    whole, pdf = marks["parse_extract"], marks["parse_extract, pdf"]
    assert (whole.value, whole.n, whole.target, whole.holds) == (10.0, 10, 8.0, True)
    assert "2 need OCR" in whole.about
    assert marks["parse_extract, cpu"].value == 20.0
    assert (pdf.value, pdf.n, pdf.peer_value, pdf.ratio, pdf.holds) == (12.0, 6, 24.0, 0.5, None)
    assert set(whole.line()) == CONTRACT
    assert set(pdf.line()) == PEERED


def test_a_folder_without_such_files_measures_nothing() -> None:
    assert {(m.value, m.n, m.holds) for m in made.reading(Reading([], 0))} == {(None, 0, None)}


# ── looking up ──
def test_look_ups_are_told_by_quantile_beside_the_peers_same_quantile() -> None:
    found = [LookUp(float(n), 2.0 * n, 3.0 * n) for n in range(1, 101)]
    marks = by_name(made.looking_up(found, 20_000))
    slow = marks["retrieval p95"]
    assert (slow.value, slow.peer_value, slow.ratio, slow.target, slow.holds) == (
        96.0,
        192.0,
        2.0,
        15.0,
        False,
    )
    assert (marks["retrieval p50"].value, marks["retrieval p95, all"].value) == (51.0, 288.0)
    assert all(m.value is None and m.holds is None for m in made.looking_up([], 20_000))


def test_a_chroma_query_is_given_product_market_and_languages() -> None:
    question = Question(
        id="q", text="?", lang="pt-BR", intent="question.battery", products=("lamp",), market="BR"
    )
    assert filters(question, ("en", "zh")) == {
        "$and": [
            {"lang": {"$in": ["pt", "en", "zh"]}}, {"product": {"$in": ["lamp", ""]}},
            {"market": {"$in": ["BR", ""]}},
        ]
    }  # fmt: skip
    bare = msgspec.structs.replace(question, products=(), market=None, lang="en")
    assert filters(bare, ("en", "zh")) == {"lang": {"$in": ["en", "zh"]}}


def test_many_passages_are_made_of_a_few_the_same_every_time() -> None:
    own = [
        passage("Keep it 30 cm away from the basin", heading="Care", product="lamp"),
        passage("电池 12 小时", id="E2", lang="zh", markets=("CN",)),
    ]
    other: list[Evidence] = [
        Fact(id="E3", source=own[0].source, source_class="B", attribute="weight", value=412.0, unit="g"),
        passage("draft", id="E4", release="draft"),
    ]
    found = many.passages([*own, *other], ["DE", "US"], 300)
    assert found == many.passages([*own, *other], ["DE", "US"], 300)
    assert (len(found), len({p.id for p in found})) == (300, 300)
    assert found[0].text == "Care: Keep it 30 cm away from the basin"
    assert {p.product for p in found[::2]} == {"lamp"}
    assert {p.markets for p in found[1::2]} == {("CN",)}
    assert {p.markets for p in found[::2]} == {(), ("DE",), ("US",)}
    assert len({p.text for p in found}) > 50
    assert many.passages(other, [], 300) == []


@pytest.mark.parametrize("step", range(1, 12))
def test_a_variant_has_as_many_words_and_other_figures(step: int) -> None:
    text = "Keep it 30 cm away from the basin"
    varied = many.varied(text, step, ["lamp", "shade"])
    assert len(varied.split()) == len(text.split())
    assert varied != text
    assert "0" not in varied


def test_vectors_of_variants_are_of_length_one_and_near_their_origin() -> None:
    own = np.eye(3, 64, dtype=np.float32)
    found = many.vectors(own, 30)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(found[:3], own)
    near = np.sum(found * own[np.arange(30) % 3], axis=1)
    assert near.min() > 0.7
    assert near[3:].max() < 0.98
    assert np.array_equal(found, many.vectors(own, 30))


# ── quotes ──
def test_quotes_of_scans_are_counted_apart_and_have_no_target() -> None:
    marks = by_name(made.quoting(Quoted(9, 10, undecided=1), Quoted(1, 4, undecided=2)))
    whole, scans = marks["quotes"], marks["quotes, scans"]
    assert (whole.value, whole.n, whole.holds) == (0.9, 10, False)
    assert (scans.value, scans.n, scans.holds) == (0.25, 4, None)
    assert (marks["quotes, undecided"].value, marks["quotes, undecided"].n) == (3, 17)
    without = by_name(made.quoting(Quoted(10, 10), None))
    assert without["quotes"].holds is True
    assert (without["quotes, scans"].value, without["quotes, scans"].n) == (None, 0)


def test_a_scans_quote_is_looked_for_on_the_text_its_page_was_printed_from(tmp_path: Path) -> None:
    (tmp_path / "care.html").write_text("<p>Keep it dry</p>", encoding="utf-8")

    def scan(quote: str, document: str = "paper.pdf", page: int = 1) -> Passage:
        source = Source(document=document, quote=quote, page=page, ocr=True)
        return msgspec.structs.replace(passage(quote), source=source)

    items = [
        passage("Keep it dry"), passage("Keep it wet"),
        scan("Licence PSE-77"), scan("Licence PSE-71"), scan("Licence PSE-77", page=2),
        scan("Licence PSE-77", "label.jpg"),
    ]  # fmt: skip
    assert quotes.second_reader(tmp_path, items) == Quoted(1, 2)
    assert quotes.scans(tmp_path, items) is None
    rows = [{"path": "paper.pdf", "scan": {"text": ["Licence\nPSE-77", "page two"]}}, {"path": "care.html"}]
    (tmp_path / "_generator").mkdir()
    (tmp_path / quotes.SOURCES).write_text(json.dumps({"documents": rows}), encoding="utf-8")
    assert quotes.scans(tmp_path, items) == Quoted(1, 3, undecided=1)


# ── judging ──
def test_checks_are_told_by_mean_and_p95_and_answers_by_the_second() -> None:
    marks = by_name(made.judging([1.0, 2.0, 9.0], [0.1, 0.3]))
    assert (marks["guard mean"].value, marks["guard p95"].value, marks["guard mean"].n) == (4.0, 9.0, 3)
    assert marks["ask"].value == pytest.approx(5.0)
    assert all(m.target is None and m.holds is None for m in marks.values())
    assert {m.value for m in made.judging([], [])} == {None}
