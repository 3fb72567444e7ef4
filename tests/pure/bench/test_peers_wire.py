"""What the bench and a driver say to each other, and what is kept of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bench.peers import installed, kept, wire

TRIAL = wire.Trial(
    "x", "ask", "/tmp/x.s16", (wire.Words(200, 900, "多少钱?"),), options={"min_delay": 0.3}, lang="zh"
)


def test_a_batch_survives_its_line() -> None:
    assert wire.read_batch(wire.batch_line([TRIAL, TRIAL])) == [TRIAL, TRIAL]


@pytest.mark.parametrize("line", ["", "no json", "[]", '{"batch": [{"id": "x"}]}', '{"batch": 3}'])
def test_a_line_that_is_no_batch_is_told(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        wire.read_batch(line)


def test_what_was_heard_survives_its_line() -> None:
    heard = wire.Heard("x", ((-700.0, 120.5), (2000.0, 2400.0)), (80.0,))
    assert wire.read_heard(wire.heard_line(heard)) == heard
    failed = wire.Heard("x", error="RuntimeError: no")
    assert wire.read_heard(wire.heard_line(failed)) == failed


@pytest.mark.parametrize("line", ["Loading model…", "3", "[]", "{}", '{"trial": 4}'])
def test_what_a_library_prints_is_passed_over(line: str) -> None:
    assert wire.read_heard(line) is None


def test_a_trial_without_times_is_an_error_not_a_result() -> None:
    heard = wire.read_heard('{"trial": "x", "spoke": [[1, "a"]], "ducked": []}')
    assert isinstance(heard, wire.Heard)
    assert "expected times" in heard.error
    assert wire.read_heard('{"ready": "peer 1.0"}') == "peer 1.0"


def test_an_error_inside_a_group_is_told_by_its_own_name() -> None:
    group = ExceptionGroup("g", [ExceptionGroup("h", [TimeoutError("no voice")])])
    assert wire.told(TRIAL, group).error == "TimeoutError: no voice"


def test_options_a_driver_does_not_have_are_refused() -> None:
    assert wire.options(TRIAL, "min_delay") == {"min_delay": 0.3}
    with pytest.raises(ValueError, match="min_delay"):
        wire.options(TRIAL, "stop_secs")


def test_kept_results_are_found_again_only_for_the_same_code_sound_and_settings(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    sound, heard = b"\0\1" * 100, wire.Heard("x", ((1.0, 2.0),))
    first = kept.key("code", TRIAL, sound)
    store = kept.Kept(file)
    store.put(first, heard)
    store.put("failed", wire.Heard("x", error="broke"))
    with file.open("a", encoding="utf-8") as half:
        half.write('{"key": "half')
    again = kept.Kept(file)
    assert again.get(first) == heard
    assert again.get("failed") is None
    elsewhere = dataclasses.replace(TRIAL, id="y", sound="/elsewhere")
    assert kept.key("code", elsewhere, sound) == first
    others = {
        kept.key("other", TRIAL, sound), kept.key("code", TRIAL, sound[2:]),
        kept.key("code", dataclasses.replace(TRIAL, stt_ms=100), sound),
        kept.key("code", dataclasses.replace(TRIAL, options={}), sound),
        kept.key("code", dataclasses.replace(TRIAL, whisper="/models"), sound),
    }  # fmt: skip
    assert len(others) == 5
    assert first not in others


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("error: Failed to fetch: `simple/x/`\n  Caused by: dns error", "index is not reachable"),
        ("  × No solution found\n  ╰─▶ there is no version of x", "there is no version of x"),
        ("", "said nothing"),
    ],
)
def test_why_a_peer_is_not_installed_is_one_line(said: str, expected: str) -> None:
    line = installed.why(installed.LIVEKIT, said)
    assert expected in line
    assert "livekit-agents" in line
    assert "\n" not in line
