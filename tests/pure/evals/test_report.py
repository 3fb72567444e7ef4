"""Reports: well-formed, escaped, the same for the same run."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from cohost.errors import OperatorError
from evals.baseline import read_baseline, write_baseline
from evals.outcome import Metric, Outcome, SuiteResult
from evals.page import page
from evals.report import Run, junit, read_failed, write_reports

BAD = Outcome(
    case="x+number", lang="en", asked="is it <b>free</b>?\x07", scores={"never": 0.0}, got={"text": "<i>"},
    evidence=({"id": "E1", "document": "a.pdf", "page": 2, "quote": "<q>", "valid": False},),
)  # fmt: skip
GOOD = Outcome(case="y", lang="de", asked="ok", scores={"never": 1.0})
RESULT = SuiteResult(
    suite="liar", about="a & b", outcomes=(BAD, GOOD), counted=("never",),
    metrics=(
        Metric(suite="liar", metric="never", value=0.5, low=0.0, high=1.0, n=2, threshold=1.0, holds=False),
        Metric(suite="liar", metric="never[en]", value=0.0, low=0.0, high=0.0, n=1),
    ),
)  # fmt: skip
SKIPPED = SuiteResult(suite="outside", skipped="no data")
RUN = Run(version="1", on=None, folder="kb", suites=(RESULT, SKIPPED))


def test_junit_is_xml_with_a_failure_for_every_failed_case() -> None:
    root = ElementTree.fromstring(junit(RUN.suites))
    (first, second) = root.findall("testsuite")
    assert first.attrib["failures"] == "1"
    failure = first.find("testcase/failure")
    assert failure is not None
    assert "cohost eval liar/x" in (failure.text or "")
    assert second.find("testcase/skipped") is not None


def test_the_page_escapes_what_viewers_and_documents_say() -> None:
    html = page(RUN.suites, "a<b", "cohost eval")
    for raw in ("<b>free", '<i>"', "<q>", "a<b"):
        assert raw not in html
    assert "cohost eval liar/x" in html
    assert "<svg" in html
    assert "http" not in html


def test_the_page_begins_with_what_came_of_it_and_tells_what_was_not_measured() -> None:
    before = page(RUN.suites, "t", "cohost eval")
    assert "below its threshold, as before: never" in before
    assert "Not measured here: 1" in before
    assert "no data" in before
    assert "id='outside'" not in before
    failing = msgspec.structs.replace(RESULT, failing=("never",))
    assert "fails: never" in page((failing,), "t", "cohost eval")


def test_reports_are_written_and_the_failed_cases_read_back(tmp_path: Path) -> None:
    files = write_reports(tmp_path / "new" / "out", RUN)
    assert [f.name for f in files] == ["results.json", "junit.xml", "report.html"]
    assert json.loads(files[0].read_text(encoding="utf-8"))["suites"][0]["suite"] == "liar"
    assert read_failed(files[0].parent) == {"liar": {"x"}, "outside": set()}
    before = [f.read_bytes() for f in files]
    assert [f.read_bytes() for f in write_reports(files[0].parent, RUN)] == before


def test_only_failed_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="--only-failed"):
        read_failed(tmp_path)


def test_a_baseline_is_written_read_and_merged_by_suite(tmp_path: Path) -> None:
    import datetime as dt

    file = tmp_path / "deep" / "baseline.json"
    write_baseline(file, [RESULT, SKIPPED], "1", dt.date(2026, 11, 22))
    assert read_baseline(str(file)) == {"liar": {"x+number": {"never": 0.0}, "y": {"never": 1.0}}}
    other = SuiteResult(suite="guard", outcomes=(GOOD,))
    write_baseline(file, [other], "2", dt.date(2026, 11, 23))
    assert set(read_baseline(str(file))) == {"liar", "guard"}


def test_a_named_baseline_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="--baseline"):
        read_baseline(str(tmp_path / "none.json"))
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    with pytest.raises(OperatorError, match="no baseline"):
        read_baseline(str(tmp_path / "bad.json"))
