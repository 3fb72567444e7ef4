"""The run: in which order, what is kept, what a driver that breaks costs."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.command import BENCHES
from bench.peers import compare, kept, results
from bench.peers.cases import Case, Cases, Part
from bench.peers.compare import Comparison, Step, steps
from bench.peers.wire import Heard, Trial
from bench.setup import Setup
from cohost import cli
from cohost.errors import ProviderError


def case(part: Part, name: str, lang: str = "en") -> Case:
    return Case(name, part, lang, "speech", name.encode() * 1000, 800, 3000, ())


CASES = Cases(
    over=(case("over", "a"), case("over", "b")),
    noise=(case("noise", "c@+0"), case("noise", "c@+6")),
    ask=(case("ask", "d"),),
    real=(case("ask", "en"), case("ask", "es", "es")),
)
NAMES = ["cohost", "livekit-agents", "pipecat-ai"]


class Scripted:
    """A driver in this process; `breaks`: how often it ends instead of answering."""

    def __init__(self, breaks: int = 0) -> None:
        self.breaks, self.asked = breaks, 0

    async def run(self, trials: Sequence[Trial], longest_s: float) -> list[Heard]:
        if self.breaks:
            self.breaks -= 1
            raise ProviderError("driver", "it ended: no more")
        self.asked += len(trials)
        return [Heard(t.id, ((-700.0, 1000.0),)) for t in trials]

    async def close(self) -> None:
        """Nothing to end."""


def comparison(tmp_path: Path, drivers: dict[str, Scripted], lines: list[str]) -> Comparison:
    setup = Setup(
        tmp_path, dt.date(2026, 11, 20), None, lambda what, done, total: None, note=lines.append,
        out=tmp_path / "out",
    )  # fmt: skip
    store = kept.Kept(tmp_path / "kept.jsonl")
    return Comparison(setup, drivers, {name: name for name in drivers}, store, "")  # type: ignore[arg-type]


def test_quick_has_one_delay_and_no_tuning_and_cohost_is_never_tuned() -> None:
    quick = list(steps(NAMES, CASES, quick=True, real=False))
    assert [(s.who, s.what) for s in quick] == [
        (name, what) for what in ("over", "noise", "ask 0.3 s") for name in NAMES
    ]
    whole = list(steps(NAMES, CASES, quick=False, real=True))
    assert {s.stt_ms for s in whole if s.what.startswith("ask 0")} == {100, 300, 500}
    assert [c.lang for s in whole if s.real for c in s.cases] == ["en"] * 3
    tuned = [s for s in whole if s.tuning != results.DEFAULT]
    assert {s.who for s in tuned} == set(NAMES[1:])
    assert all(s.what in ("over", "noise", "ask 0.3 s") for s in tuned)
    assert all(c.name.endswith("@+0") for s in tuned if s.what == "noise" for c in s.cases)


def test_a_stopped_run_goes_on_and_tells_each_line_as_it_comes(tmp_path: Path) -> None:
    driver, lines = Scripted(), list[str]()
    step = Step("cohost", "over", CASES.over)
    asyncio.run(comparison(tmp_path, {"cohost": driver}, lines).run([step], tmp_path))
    assert driver.asked == 2
    assert "stop p50 200" in lines[0]
    again = comparison(tmp_path, {"cohost": driver}, lines)
    asyncio.run(again.run([step, Step("cohost", "ask 0.3 s", CASES.ask)], tmp_path))
    assert driver.asked == 3
    written = [json.loads(line) for line in (tmp_path / "out" / "peers.jsonl").read_text().splitlines()]
    assert [w["file"] for w in written] == ["a", "b", "d"]
    assert (tmp_path / "out" / "peers.svg").is_file()
    assert "cohost beside two peers" in (tmp_path / "out" / "peers.html").read_text()


def test_a_driver_that_breaks_once_is_asked_again_and_twice_is_left_out(tmp_path: Path) -> None:
    drivers, lines = {"cohost": Scripted(1), "pipecat-ai": Scripted(2)}, list[str]()
    made = comparison(tmp_path, drivers, lines)
    asyncio.run(made.run(list(steps(list(drivers), CASES, quick=True, real=False)), tmp_path))
    assert {s.who for s in made.table} == {"cohost"}
    assert lines[-1] == "pipecat-ai: driver: it ended: no more"
    marks = {m.mark: m for m in results.marks(made.table)}
    assert marks["peers: stop p50"].value == 200
    assert marks["peers: stop p50"].peer == ""
    assert marks["peers: stop p50"].holds is None


def test_without_recordings_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare.installed, "install", lambda peer: pytest.fail("it installs"))
    setup = Setup(tmp_path, dt.date(2026, 11, 20), None, lambda what, done, total: None, peers=True)
    assert all("--data" in m.about and m.value is None for m in compare.run(setup))


@pytest.mark.parametrize("words", [["--quick"], ["--out", "x"]])
def test_options_of_the_comparison_alone_are_told(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "voice" in BENCHES
    assert cli.main(["bench", "voice", *words]) == 2
    assert "--peers" in capsys.readouterr().err
