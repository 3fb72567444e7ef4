"""`cohost eval` and `cohost bench` as a person runs them, with the real models."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.wire.cohost_process import Worker, environ

pytestmark = pytest.mark.wire

ROOT = Path(__file__).parents[2]
CARE = """<h1>Care of the Probe lamp</h1>
<p>Wipe the shade with a dry cloth once a week.</p><p>Keep the lamp 30 cm away from curtains and paper.</p>
"""
SPEAKING = ("answers", "attacks", "guard", "language", "liar", "writer")
"""Suites of what goes out; `.ci/run` runs a few cases of every suite."""
FIELDS = {"suite", "metric", "value", "low", "high", "n", "threshold", "holds"}


class Cohost:
    """`cohost …` with the user's own cache, one after another in one process: code, lines, errors."""

    def __init__(self) -> None:
        self._worker = Worker(ROOT, environ())
        self.close = self._worker.close

    def __call__(self, *args: str) -> tuple[int | None, list[dict[str, Any]], str]:
        done = self._worker.run(*args)
        return done.code, [json.loads(line) for line in done.out.splitlines()], done.err


@pytest.fixture(scope="module")
def cohost() -> Iterator[Cohost]:
    running = Cohost()
    yield running
    running.close()


def test_a_quick_run_on_the_demo_brand_says_nothing_it_must_never_say(tmp_path: Path, cohost: Cohost) -> None:
    code, lines, errors = cohost("eval", *SPEAKING, "--quick", "--json", "--out", str(tmp_path))
    assert code in (0, 1), errors
    assert all(set(line) == FIELDS for line in lines)
    told = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    failing = {s["suite"]: s["failing"] for s in told["suites"] if s["failing"]}
    assert (code, failing) == (0, {}), errors
    whole = {(m["suite"], m["metric"]): m for m in lines if "[" not in m["metric"]}
    assert whole["answers", "never"]["value"] == 1.0
    assert whole["answers", "quote"]["value"] == 1.0
    assert whole["liar", "kept_out"]["value"] == 1.0
    assert whole["writer", "kept_out"]["value"] == 1.0
    assert whole["writer", "owed"]["value"] == 1.0
    assert all(whole["writer", f"{name}_ms"]["n"] for name in ("first", "first_lag", "fallback", "overrun"))
    assert whole["guard", "stopped"]["n"] > 80
    assert whole["language", "accuracy"]["value"] > whole["language", "accuracy.langdetect"]["value"]
    for name in ("results.json", "junit.xml", "report.html"):
        assert (tmp_path / name).stat().st_size > 1000


def test_a_folder_never_measured_runs_what_does_not_speak_of_the_demo_brand(
    tmp_path: Path, probe_folder: Path, cohost: Cohost
) -> None:
    code, lines, errors = cohost(
        "eval", "guard", "answers", "--kb", str(probe_folder), "--json", "--out", str(tmp_path)
    )
    assert code in (0, 1), errors
    assert {line["suite"] for line in lines} == {"guard"}
    skipped = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["suites"][1]["skipped"]
    assert "Probe" in skipped


@pytest.mark.parametrize(
    "args",
    [
        ("eval", "answrs"),
        ("eval", "language", "--lang", "xx"),
        ("eval", "language", "--baseline", "nowhere.json"),
        ("eval", "language", "--product", "reef"),
        ("eval", "language/no-such-case"),
        ("eval", "outside"),
        ("eval", "language", "--data", "nowhere"),
        ("eval", "language", "--repeat", "0"),
        ("eval", "language", "--workers", "0"),
        ("eval", "--compare", "nowhere", "elsewhere"),
        ("bench", "nothing"),
        ("bench", "--data", "nowhere"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_code_two(
    args: tuple[str, ...], tmp_path: Path, cohost: Cohost
) -> None:
    out = ("--out", str(tmp_path)) if args[0] == "eval" else ()
    code, lines, errors = cohost(*args, *out)
    assert (code, lines) == (2, [])
    assert errors.strip().splitlines()[-1].startswith("cohost: got ")


def test_a_case_runs_alone_by_the_command_of_the_report_and_failed_ones_again(
    tmp_path: Path, cohost: Cohost
) -> None:
    code, lines, _ = cohost("eval", "language/de-01", "--json", "--out", str(tmp_path))
    assert code == 0
    assert next(m for m in lines if m["metric"] == "accuracy")["n"] == 1
    code, lines, errors = cohost("eval", "language", "--only-failed", "--json", "--out", str(tmp_path))
    assert code == 2, "nothing had failed"
    assert "no case" in errors


def test_two_runs_report_the_same_and_a_run_holds_against_itself(tmp_path: Path, cohost: Cohost) -> None:
    first, second, baseline = tmp_path / "1", tmp_path / "2", tmp_path / "baseline.json"
    cohost("eval", "polarity", "--fresh", "--workers", "1", "--json", "--out", str(first),
           "--write-baseline", str(baseline))  # fmt: skip
    code, lines, errors = cohost(
        "eval", "polarity", "--fresh", "--workers", "2", "--json", "--out", str(second),
        "--baseline", str(baseline), "--repeat", "2",
    )  # fmt: skip
    assert code == 0, errors
    assert next(m for m in lines if m["metric"] == "flaky")["value"] == 0.0, errors
    one, two = (without_times(folder) for folder in (first, second))
    for result in (one, two):
        for suite in result["suites"]:
            suite["metrics"] = [m for m in suite["metrics"] if m["metric"] != "flaky"]
            suite["changes"] = []
    assert one == two


def without_times(folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    result.pop("command")
    for suite in result["suites"]:
        suite.pop("seconds")
        for outcome in suite["outcomes"]:
            outcome.pop("ms")
    return result


def test_what_nothing_changed_for_is_not_run_again(tmp_path: Path, cohost: Cohost) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    cohost("eval", "polarity", "--json", "--out", str(first))
    _, _, errors = cohost("eval", "polarity", "--json", "--out", str(second))
    assert "80 cases stand from earlier runs" in errors
    assert without_times(first) == without_times(second)


def test_two_runs_stand_side_by_side_and_a_regression_is_exit_code_one(
    tmp_path: Path, cohost: Cohost
) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    cohost("eval", "polarity", "--json", "--out", str(good))
    bad.mkdir()
    result = json.loads((good / "results.json").read_text(encoding="utf-8"))
    for outcome in result["suites"][0]["outcomes"][:30]:
        outcome["scores"] = dict.fromkeys(outcome["scores"], 0.0)
    (bad / "results.json").write_text(json.dumps(result), encoding="utf-8")
    code, lines, _ = cohost("eval", "--compare", str(good), str(bad), "--json", "--out", str(tmp_path))
    assert code == 1
    assert any(line["regression"] and line["lost"] for line in lines)
    assert (tmp_path / "compare.html").stat().st_size > 1000
    code, lines, _ = cohost("eval", "--compare", str(bad), str(good), "--json", "--out", str(tmp_path))
    assert code == 0
    assert not any(line["regression"] for line in lines)
    code, lines, _ = cohost("eval", "--compare", str(good), str(good), "--json", "--out", str(tmp_path))
    assert (code, lines) == (0, [])


def test_the_log_bench_measures_without_any_data(cohost: Cohost) -> None:
    code, lines, errors = cohost("bench", "log", "language", "--json", "--peers")
    assert code == 0, errors
    marks = {(m["bench"], m["mark"]): m for m in lines}
    assert marks["log", "appends"]["value"] > 1000
    assert marks["language", "chat lines"]["value"] is None
    assert marks["language", "chat lines"]["holds"] is None
    assert marks["log", "peer"]["value"] is None


SMALL = """
import sys
from bench.benches import evidence
from cohost.cli import main
evidence.PASSAGES, evidence.QUESTIONS = 300, 8
sys.exit(main(sys.argv[1:]))
"""


def test_the_evidence_bench_measures_any_folder(tmp_path: Path, probe_folder: Path) -> None:
    folder = tmp_path / "brand"
    shutil.copytree(probe_folder, folder)
    (folder / "care.html").write_text(CARE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SMALL, "bench", "evidence", "--kb", str(folder), "--json"],
        cwd=ROOT, env=environ(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    marks = {m["mark"]: m for m in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == int(any(m["holds"] is False for m in marks.values()))
    assert (marks["parse_extract"]["n"], marks["parse_extract, pdf"]["value"]) == (1, None)
    assert marks["retrieval p95"]["n"] > 4
    assert marks["retrieval p95"]["ratio"] > 0
    assert marks["quotes"]["holds"] is True
    assert marks["quotes, scans"]["value"] is None
    assert marks["guard mean"]["n"] > 500
    assert marks["ask"]["value"] > 0
