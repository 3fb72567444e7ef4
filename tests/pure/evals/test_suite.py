"""The suites as shipped: readable, consistent, and about documents that exist."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from cohost.errors import OperatorError, UsageError
from evals.case import (
    LineCase,
    QuestionCase,
    SearchCase,
    SentenceCase,
    expectation_of,
    read_cases,
    read_expectations,
)
from evals.scorers import matches
from evals.suite import HOME, load_suites, own_files, pick, with_own
from evals.wording import figure

ROOT = Path(__file__).parents[3]
ANSWERS = HOME / "cases" / "answers"
KEPT = HOME / "cases" / "answers_kept"
EIGHT = {"en", "es", "zh", "de", "fr", "pt", "ja", "ar"}


def questions() -> list[QuestionCase]:
    return read_cases([*sorted(ANSWERS.glob("*.jsonl")), *sorted(KEPT.glob("*.jsonl"))], QuestionCase)


def documents() -> set[str]:
    truth = json.loads((ROOT / "knowledge_base/_generator/truth.json").read_text(encoding="utf-8"))
    return {d["path"] for d in truth["documents"]} | {"kb.toml"}


def test_every_suite_loads_and_names_itself() -> None:
    named = {"language", "answers", "answers_kept", "retrieval", "guard", "guard_kept", "polarity", "liar"}
    assert named <= set(load_suites())


def test_a_suite_with_a_wrong_gate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(
        'name = "x"\nabout = ""\nrunner = "guard"\nscorers = ["a"]\n[gates.b]\nmin = 1\n', encoding="utf-8"
    )
    with pytest.raises(OperatorError, match=r"x.toml: got a gate for 'b'"):
        load_suites(tmp_path)


def test_a_suite_or_a_case_alone_can_be_asked_for() -> None:
    suites = load_suites()
    assert [(s.name, ids) for s, ids in pick(suites, ["guard", "answers/en-x", "answers/en-y+number"])] == [
        ("guard", None), ("answers", {"en-x", "en-y"}),
    ]  # fmt: skip
    with pytest.raises(UsageError, match="did you mean answers"):
        pick(suites, ["answer"])


def test_every_expectation_is_known_and_used() -> None:
    known = read_expectations(ANSWERS / "expectations.toml")
    for case in questions():
        expectation_of(case, known, case.id)
    assert set(known) == {c.expect for c in questions()}


def test_every_document_expected_is_in_the_demo_brand() -> None:
    paths = documents()
    wanted = [
        (name, part)
        for name, owed in read_expectations(ANSWERS / "expectations.toml").items()
        for entry in (*owed.cite, *owed.may_cite, *owed.held)
        for part in entry.split("|")
    ]
    searches = read_cases([HOME / "cases" / "search.jsonl"], SearchCase)
    wanted += [(case.id, glob) for case in searches for glob in case.documents]
    for name, glob in wanted:
        assert any(matches(path, glob) for path in paths), f"{name}: {glob}"


def test_every_figure_expected_can_be_read() -> None:
    for name, owed in read_expectations(ANSWERS / "expectations.toml").items():
        for entry in (*owed.values, *owed.never):
            for part in entry.split("|"):
                assert not part[0].isdigit() or figure(part) is not None, f"{name}: {part}"


def test_language_lines_are_enough_of_every_language_and_never_twice() -> None:
    lines = read_cases([HOME / "cases" / "language.jsonl"], LineCase)
    counts = Counter(c.lang.split("-")[0] for c in lines)
    assert all(counts[lang] >= 15 for lang in EIGHT)
    assert all(counts[lang] >= 6 for lang in ("it", "nl", "pl", "ru", "tr", "hi", "th", "vi", "id", "ko"))
    folded = [unicodedata.normalize("NFKC", c.text) for c in lines]
    assert len(set(folded)) == len(folded)


@pytest.mark.parametrize("name", ["guard", "guard_kept", "polarity"])
def test_nearly_half_of_the_guards_cases_must_pass(name: str) -> None:
    cases = read_cases([HOME / "cases" / f"{name}.jsonl"], SentenceCase)
    passing = sum(c.verdict == "allow" for c in cases)
    assert len(cases) >= 80
    assert 0.44 <= passing / len(cases) <= 0.6


def test_a_folder_of_own_cases_is_run_beside_the_suites_its_files_are_named_after(tmp_path: Path) -> None:
    suites = load_suites()
    with pytest.raises(OperatorError, match=r"got a folder without a \.jsonl"):
        with_own(suites, tmp_path, "Lanternfish")
    for name in ("guard.jsonl", "mine.jsonl", "own.jsonl"):
        (tmp_path / name).write_text("{}\n", encoding="utf-8")
    beside = with_own(suites, tmp_path, "Lanternfish")
    assert beside["guard"].files() == [*suites["guard"].files(), tmp_path / "guard.jsonl"]
    assert beside["changes"] is suites["changes"]
    assert [f.name for f in own_files(tmp_path, suites)] == ["mine.jsonl", "own.jsonl"]
    assert own_files(tmp_path / "mine.jsonl", suites) == [tmp_path / "mine.jsonl"]


def test_a_suite_of_another_brand_keeps_the_users_cases_alone(tmp_path: Path) -> None:
    (tmp_path / "changes.jsonl").write_text("{}\n", encoding="utf-8")
    other = with_own(load_suites(), tmp_path, "Elsewhere")["changes"]
    assert (other.files(), other.brand) == ([tmp_path / "changes.jsonl"], "")
