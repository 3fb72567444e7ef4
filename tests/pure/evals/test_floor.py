"""The floor suite measures: right behaviour scores, deaf ears and a jumpy keeper do not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from cohost.errors import OperatorError
from cohost.languages import LANGUAGES
from evals.case import Beat, FloorCase, read_cases
from evals.runners import floor
from evals.suite import HOME

HOST = (
    Beat(at_ms=1000, does="voice", lane="h", role="host"), Beat(at_ms=1160, does="strong", lane="h"),
    Beat(at_ms=1900, does="quiet", lane="h"),
)  # fmt: skip


def said(text: str, expect: str, **more: object) -> FloorCase:
    words = Beat(at_ms=2300, does="words", lane="h", text=text)
    return FloorCase(id="x", lang="en", beats=(*HOST, words), expect=expect, within_ms=1400, **more)  # type: ignore[arg-type]


def test_a_missed_stop_and_a_false_one_lose_their_points() -> None:
    missed = said("Uh-huh.", "cut", reason="stop word", heard_words=3)
    assert floor.scores(missed, asyncio.run(floor.play(missed)))["missed_stop"] == 0
    jumpy = said("Stop it, please.", "resume")
    scores = floor.scores(jumpy, asyncio.run(floor.play(jumpy)))
    assert scores["false_stop"] == 0
    assert scores["resume"] == 0


def test_speech_is_no_stop_word_and_words_heard_are_counted() -> None:
    asked = said("What colours does it come in?", "cut", reason="stop word", heard_words=3)
    assert floor.scores(asked, asyncio.run(floor.play(asked)))["missed_stop"] == 0
    stopped = said("Stop it, please.", "cut", reason="stop word", heard_words=3)
    assert set(floor.scores(stopped, asyncio.run(floor.play(stopped))).values()) == {1.0}
    wrong = said("Stop it, please.", "cut", heard_words=6)
    assert floor.scores(wrong, asyncio.run(floor.play(wrong)))["heard_text"] == 0


def test_every_language_stops_nods_and_asks() -> None:
    cases = read_cases([HOME / "cases" / "floor.jsonl"], FloorCase)
    for tag in ("stop", "nod", "interruption"):
        assert {c.lang for c in cases if tag in c.tags} == set(LANGUAGES)


def test_an_unknown_key_is_named_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "floor.jsonl"
    file.write_text('{"id": "a", "lang": "en", "beats": [], "expect": "cut", "wihtin": 3}\n')
    with pytest.raises(OperatorError, match=r"floor\.jsonl:1: .*wihtin"):
        read_cases([file], FloorCase)
