"""Case files are strict: what is wrong is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cohost.errors import OperatorError
from evals.case import (
    Expectation,
    LineCase,
    QuestionCase,
    chosen,
    expectation_of,
    read_cases,
    read_expectations,
    read_table,
    spread,
)
from evals.suite import Suite

GOOD = '{"id": "en-1", "lang": "en", "text": "hello"}'


def write(folder: Path, name: str, *lines: str) -> Path:
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "x", "lang": "en", "txt": "hello"}', r"lines.jsonl:2: got unknown key 'txt'"),
        ('{"id": "x", "lang": "en"}', r"lines.jsonl:2: got a case that does not fit"),
        ("{", r"lines.jsonl:2: "),
        (GOOD, r"lines.jsonl:2: got id 'en-1' a second time \(first at lines.jsonl:1\)"),
        ('{"id": "a/b", "lang": "en", "text": "x"}', r"lines.jsonl:2: got id 'a/b'"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_with_file_and_line(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(OperatorError, match=told):
        read_cases([write(tmp_path, "lines.jsonl", GOOD, line)], LineCase)


def test_a_file_without_a_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"none.jsonl:1: got a file without a case"):
        read_cases([write(tmp_path, "none.jsonl", "", "")], LineCase)


def test_an_id_is_told_once_over_all_files(tmp_path: Path) -> None:
    files = [write(tmp_path, "a.jsonl", GOOD), write(tmp_path, "b.jsonl", GOOD)]
    with pytest.raises(OperatorError, match=r"b.jsonl:1: got id 'en-1' a second time"):
        read_cases(files, LineCase)


def test_a_wrong_key_in_a_table_is_told_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, "s.toml", 'name = "s"', 'about = "x"', 'runner = "guard"', "", "casse = []")
    with pytest.raises(OperatorError, match=r"s.toml:5: got unknown key 'casse'"):
        read_table(file, Suite)


def test_a_wrong_key_of_an_expectation_is_told_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, "e.toml", "[a]", 'action = ["answer"]', 'value = ["1 h"]')
    with pytest.raises(OperatorError, match=r"e.toml:3: got unknown key 'value'"):
        read_expectations(file)


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(OperatorError, match="expected a readable file"):
        read_cases([Path("nowhere.jsonl")], LineCase)


def question(number: int, lang: str, product: str | None = None) -> QuestionCase:
    return QuestionCase(id=f"{lang}-{number}", lang=lang, question="?", expect="a", product=product)


def test_a_cases_own_words_are_added_to_its_expectation() -> None:
    case = QuestionCase(id="x", lang="pt-BR", question="?", expect="a", says=("Pix",), never=("x",))
    owed = expectation_of(case, {"a": Expectation(says={"any": ("1",)}, never=("y",))}, "here")
    assert owed.says == {"any": ("1",), "pt": ("Pix",)}
    assert owed.never == ("y", "x")
    with pytest.raises(OperatorError, match="'b'"):
        expectation_of(question(1, "en"), {"b": Expectation()}, "here: expects 'b'")


def test_filters_choose_by_language_product_and_id() -> None:
    cases = [question(1, "pt-BR", "reef"), question(2, "pt"), question(3, "en", "reef")]
    assert [c.id for c in chosen(cases, lang="pt", product=None, only=None)] == ["pt-BR-1", "pt-2"]
    assert [c.id for c in chosen(cases, lang=None, product="reef", only=None)] == ["pt-BR-1", "en-3"]
    assert [c.id for c in chosen(cases, lang=None, product=None, only={"pt-2"})] == ["pt-2"]


def test_a_quick_run_takes_of_every_language_and_the_same_each_time() -> None:
    cases = [question(n, lang) for lang in ("en", "es", "de") for n in range(20)]
    few = spread(cases, 6)
    assert [c.lang for c in few] == ["en", "en", "es", "es", "de", "de"]
    assert few == spread(cases, 6)
    assert spread(cases, 0) == cases
