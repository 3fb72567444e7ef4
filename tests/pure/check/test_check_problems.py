"""Findings as the contract's problems: code, severity, document, one line."""

import datetime as dt
from pathlib import Path

import msgspec

from cohost.check.findings import find, in_market
from cohost.check.problems import problems, quotes
from cohost.commands.kb import problem_line
from cohost.knowledge.build import build
from cohost.knowledge.documents import Problem
from cohost.trust.evidence import Evidence, Standard
from tests.pure.check.made import ON, built, fact, offered, paper, term


def told(*items: Evidence, market: str | None = None) -> dict[str, list[tuple[str, str, str]]]:
    base = built(*items, problems=(Problem("corrupt", "warning", "x.pdf", "not a readable PDF"),))
    found: dict[str, list[tuple[str, str, str]]] = {}
    for p in problems(base, find(base, ON, market)):
        found.setdefault(p.code, []).append((p.severity, p.document, p.message))
    return found


def test_a_shut_market_is_a_warning_that_names_the_paper_and_where_it_stands() -> None:
    register = paper("FCC", "B1-PRO", status="on_file_not_held", document="register.xlsx")
    found = told(*offered("box", "US", "DE"), paper("CE", "B1"), register)
    assert found["not_ready"] == [(
        "warning", "register.xlsx",
        "box B1-PRO in US may not be sold yet, no price goes out: FCC on file as not held",
    )]  # fmt: skip
    assert "missing_paper" not in found
    assert found["corrupt"] == [("warning", "x.pdf", "not a readable PDF")]


def test_where_nothing_is_filed_each_paper_is_a_note() -> None:
    found = told(*offered("box", "GB"))
    assert ("info", "kb.toml", "box B1 in GB: UKCA no paper on file") in found["missing_paper"]
    assert not any("dew" in message for *_, message in found["missing_paper"])


def test_the_days_of_papers_and_prices() -> None:
    found = told(
        paper("CE", "B1", number="7", valid_until=dt.date(2026, 10, 18)),
        term("price", 20.0, "DE", "EUR", valid_until=dt.date(2026, 11, 30)),
    )
    assert found["expired"] == [(
        "warning", "paper.pdf",
        "CE 7, box (DE, GB): expired on 2026-10-18: renew it; until then viewers hear that it expired",
    )]  # fmt: skip
    assert found["expiring"] == [("info", "kb.toml", "Price, box (DE): expires on 2026-11-30, in 10 days")]


def test_questions_contradictions_standards_and_terms_have_codes_of_their_own() -> None:
    old = paper("CE", "B1", standards=(Standard("EN 50581", "2012"), Standard("EN 343", "2003")))
    found = told(
        old, fact("weight", 620.0, "g", models=("B1",)),
        fact("weight", 640.0, "g", models=("B1",), document="manual.docx"),
        term("returns", 7.0, "DE", "day", document="old.txt", release="draft"),
    )  # fmt: skip
    assert (
        "info",
        "kb.toml",
        "box: no document answers “is it waterproof” (water) in every market",
    ) in found["unanswered"]
    ((severity, document, message),) = found["contradiction"]
    assert (severity, document) == ("warning", "spec.md")
    assert "620 g here" in message
    assert "640 g in manual.docx" in message
    assert [s for s, *_ in found["superseded_standard"]] == ["warning", "info"]
    ((severity, document, message),) = found["below_legal_minimum"]
    assert (severity, document) == ("warning", "old.txt")
    assert "no legal advice" in message
    assert found["unreleased"][0][1] == "old.txt"


def test_only_a_quote_that_does_not_stand_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "spec.md").write_text("# Box\n\nWeight: 620 g\n", encoding="utf-8")
    good, bad = (
        fact("weight", 620.0, "g", quote="Weight: 620 g"),
        fact("weight", 580.0, quote="Weight: 580 g"),
    )
    (problem,) = quotes(tmp_path, [good, bad])
    assert (problem.code, problem.severity, problem.document) == ("quote_not_found", "error", "spec.md")
    everything = told(*offered("box", "DE"), good, bad)
    assert {s for rows in everything.values() for s, *_ in rows} == {"warning", "info"}


def test_a_line_of_json_has_the_contracts_fields() -> None:
    line = problem_line(Problem("unanswered", "info", "kb.toml", "words"))
    assert set(line) == {"type", "code", "severity", "document", "page", "message"}
    assert msgspec.json.encode(line)


def test_one_market_leaves_the_others_out() -> None:
    found = told(*offered("box", "DE"), paper("CE", "B1"), market="US")
    assert not any(" DE" in message for rows in found.values() for *_, message in rows)
    both = [fact("weight", 1.0), term("price", 1.0, "DE"), term("price", 1.0, "US")]
    assert in_market(both, "US") == [both[0], both[2]]
    assert in_market(both, None) == both


def test_a_folder_without_products_is_checked_as_well() -> None:
    from cohost.common.catalogue import Catalogue

    base = built(fact("weight", 620.0, "g", product=None), catalogue=Catalogue())
    found = find(base, ON)
    assert (found.readiness, found.gaps, found.contradictions) == ((), (), ())
    assert problems(base, found) == []


def test_a_small_folder_from_its_files(probe_folder: Path, tmp_path: Path) -> None:
    def no_ocr() -> object:
        raise AssertionError("no picture is read here")

    base = build(probe_folder, tmp_path, ocr=no_ocr)
    found = find(base, dt.date(2026, 1, 5))
    assert {(r.market, r.verdict) for r in found.readiness} == {("DE", "look"), ("US", "look")}
    assert [(e.what, e.days) for e in found.expiries] == [("OEKO-TEX STANDARD 100 RX-1234", -280)]
    asked = {g.attribute for g in found.gaps}
    assert "weight" not in asked
    assert "battery" not in asked
    assert {"warranty", "returns", "color"} <= asked
    assert list(quotes(probe_folder, base.items)) == []
