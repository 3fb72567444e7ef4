"""The questions of the answers suites: in every language, four of ten hard, a third kept back."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import msgspec

from evals.case import QuestionCase, expectation_of, read_cases, read_expectations
from evals.suite import HOME, load_suites

LANGUAGES = ["en", "es", "pt", "fr", "de", "it", "nl", "pl", "ru", "tr", "ar", "hi", "th", "vi", "id", "ja"]
LANGUAGES += ["ko", "zh"]
TRUTH = Path(__file__).parents[2] / "knowledge_base/_generator/truth.json"


def files(*folders: str) -> list[Path]:
    return [f for folder in folders for f in sorted((HOME / "cases" / folder).glob("*.jsonl"))]


def questions(*folders: str) -> list[QuestionCase]:
    """Of one folder or both; an id used twice is refused while reading."""
    return read_cases(files(*(folders or ("answers", "answers_kept"))), QuestionCase)


def test_every_language_has_a_file_in_both_folders_and_enough_questions() -> None:
    for folder in ("answers", "answers_kept"):
        assert [f.stem for f in files(folder)] == sorted(LANGUAGES)
        assert all(c.id.startswith(f"{c.lang}-") for c in questions(folder))
    counts = Counter(c.lang for c in questions())
    assert set(counts) == set(LANGUAGES)
    assert sum(counts.values()) >= 400
    assert min(counts.values()) >= 15


def test_a_third_of_every_language_is_kept_back_and_judged_alike() -> None:
    kept = Counter(c.lang for c in questions("answers_kept"))
    for lang, count in Counter(c.lang for c in questions()).items():
        assert kept[lang] == count // 3, lang
    suites = load_suites()
    owed = msgspec.structs.asdict(suites["answers"]) | {
        k: getattr(suites["answers_kept"], k) for k in ("name", "about", "cases", "named_only")
    }
    assert msgspec.structs.asdict(suites["answers_kept"]) == owed
    assert suites["answers_kept"].files() == files("answers_kept")


def test_four_of_ten_questions_have_no_answer_or_set_a_trap() -> None:
    for folders in (("answers", "answers_kept"), ("answers_kept",)):
        cases = questions(*folders)
        hard = [c for c in cases if {"unanswerable", "trap"} & set(c.tags)]
        assert len(hard) >= 0.4 * len(cases), folders


def test_every_trap_of_the_demo_brand_is_asked() -> None:
    asked = {c.note for c in questions() if "trap" in c.tags}
    assert {t["id"] for t in json.loads(TRUTH.read_text(encoding="utf-8"))["traps"]} <= asked


def test_every_expectation_is_known_and_what_has_no_answer_may_be_declined() -> None:
    known = read_expectations(HOME / "cases" / "answers" / "expectations.toml")
    for case in questions():
        owed = expectation_of(case, known, case.id)
        assert "unanswerable" not in case.tags or "decline" in owed.action, case.id


def test_no_question_is_asked_twice() -> None:
    asked = Counter((c.question.casefold(), c.market, c.product) for c in questions())
    assert not [q for q, count in asked.items() if count > 1]
