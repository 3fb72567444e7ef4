"""What a kept outcome depends on: anything that could change it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from cohost.errors import OperatorError
from evals.cache import Cache, case_key, fingerprint, folder_version, suite_extra
from evals.case import LineCase
from evals.outcome import Outcome
from evals.suite import load_suites

CASE = LineCase(id="a", lang="de", text="wie lange hält der akku")
OUTCOME = Outcome(case="a", lang="de", asked="?", scores={"accuracy": 1.0}, ms=12.5)


def test_what_was_put_comes_back_without_its_time(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "kept" / "evals.sqlite")
    cache.put("k", [OUTCOME])
    cache.close()
    again = Cache(tmp_path / "kept" / "evals.sqlite")
    assert again.get("k") == [msgspec.structs.replace(OUTCOME, ms=None)]
    assert again.get("other") is None
    again.close()


def test_a_case_that_ran_and_gave_nothing_is_kept_too(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "evals.sqlite")
    cache.put("k", [])
    assert cache.get("k") == []
    cache.close()


def test_the_key_is_another_for_another_text_table_set_up_or_date() -> None:
    suite = load_suites()["language"]
    keys = {
        case_key(suite, CASE, "", "s"),
        case_key(suite, msgspec.structs.replace(CASE, text="wie schwer"), "", "s"),
        case_key(suite, CASE, "tables", "s"),
        case_key(suite, CASE, "", "other code"),
        case_key(msgspec.structs.replace(suite, on=dt.date(2026, 1, 1)), CASE, "", "s"),
        case_key(msgspec.structs.replace(suite, runner="other"), CASE, "", "s"),
    }
    assert len(keys) == 6
    assert case_key(suite, CASE, "", "s") in keys


def test_the_set_up_is_another_for_another_document_date_or_recording(tmp_path: Path) -> None:
    folder, data = tmp_path / "kb", tmp_path / "data"
    folder.mkdir()
    data.mkdir()
    (folder / "a.md").write_text("Weight: 412 g")
    (data / "a.wav").write_bytes(b"1")
    version = folder_version(folder)
    first = fingerprint(version, None, data)
    assert fingerprint(version, None, data) == first
    assert fingerprint(version, dt.date(2026, 1, 1), data) != first
    assert fingerprint(version, None, None) != first
    (data / "a.wav").write_bytes(b"12")
    second = fingerprint(version, None, data)
    assert second != first
    (folder / "a.md").write_text("Weight: 413 g")
    assert folder_version(folder) != version
    assert fingerprint(folder_version(folder), None, data) != second


def test_a_suite_with_tables_has_their_content_in_its_keys() -> None:
    suites = load_suites()
    assert suite_extra(suites["answers"]) != suite_extra(suites["language"])


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OperatorError, match="--fresh"):
        Cache(tmp_path / "file" / "evals.sqlite")
