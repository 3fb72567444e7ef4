"""The run: every part for every peer, what is kept skipped, a line of the table as soon as it is known."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.marks import Mark
from bench.peers import installed, kept, results
from bench.peers.cases import Case, Cases, read_cases
from bench.peers.driver import HERE, Driver
from bench.peers.figures import Shown, shown
from bench.peers.wire import Heard, Trial
from bench.setup import Setup
from cohost import models
from cohost.errors import ModelMissing, OperatorError, ProviderError
from evals.recordings import folder

AT_ONCE, REAL_AT_ONCE = 4, 1
"""Trials that run beside each other: waiting costs no processor, reading words does."""
STT_MS = (100, 300, 500)
USUAL_MS = 300
MOST, QUICK_MOST, SWEPT = 20, 8, 8
GAINS_DB, ONE_GAIN = (0.0, 6.0), (0.0,)
REAL_MOST = 10
OVER_TUNING: dict[str, tuple[dict[str, float], ...]] = {
    "livekit-agents": ({"min_duration": 0.2}, {"min_duration": 0.8}),
    "pipecat-ai": ({"start_secs": 0.1}, {"start_secs": 0.4}),
}
# by_voice: silence of so many seconds ends the turn, whatever the peer's model of turns would say.
ASK_TUNING: dict[str, tuple[dict[str, float], ...]] = {
    "livekit-agents": ({"max_delay": 1.0}, {"by_voice": 0.3}),
    "pipecat-ai": ({"stop_secs": 0.4}, {"by_voice": 0.3}),
}


@dataclass(frozen=True)
class Step:
    """One line of the table to be."""

    who: str
    what: str
    cases: tuple[Case, ...]
    stt_ms: int = USUAL_MS
    options: dict[str, float] = field(default_factory=dict)
    real: bool = False

    @property
    def tuning(self) -> str:
        return ", ".join(f"{k} {v:g}" for k, v in self.options.items()) or results.DEFAULT


def steps(names: Sequence[str], cases: Cases, *, quick: bool, real: bool) -> Iterator[Step]:
    """What is compared first, first; the peers' own tunings last."""
    for name in names:
        yield Step(name, "over", cases.over)
    for name in names:
        yield Step(name, "noise", cases.noise)
    for stt_ms in (USUAL_MS,) if quick else STT_MS:
        for name in names:
            yield Step(name, f"ask {stt_ms / 1000:g} s", cases.ask, stt_ms=stt_ms)
    if real:
        for name in names:
            english = tuple(c for c in cases.real if c.lang == "en")
            yield Step(name, "ask real models", english[: 3 if quick else REAL_MOST], real=True)
    if quick:
        return
    some = tuple(c for c in cases.noise if c.name.endswith("@+0"))
    for name in names:
        for options in OVER_TUNING.get(name, ()):
            yield Step(name, "over", cases.over[:SWEPT], options=options)
            yield Step(name, "noise", some, options=options)
        for options in ASK_TUNING.get(name, ()):
            yield Step(name, f"ask {USUAL_MS / 1000:g} s", cases.ask[:SWEPT], options=options)


class Comparison:
    """`drivers` by name, cohost's first; `codes`: what a driver's results depend on."""

    def __init__(
        self, setup: Setup, drivers: dict[str, Driver], codes: dict[str, str], store: kept.Kept, whisper: str
    ) -> None:
        self._setup, self._drivers, self._codes = setup, drivers, codes
        self._store, self._whisper = store, whisper
        self.table: list[Shown] = []
        self.trials: list[tuple[Step, Case, Heard]] = []
        self._broken: dict[str, str] = {}

    async def run(self, every: Sequence[Step], sounds: Path) -> None:
        """A driver that breaks twice is left out from there on, and said so."""
        for n, step in enumerate(every):
            self._setup.tell("voice: beside peers", n, len(every))
            found = await self._step(step, sounds)
            if not found:
                continue
            self.trials += [(step, case, heard) for case, heard in found]
            line = shown(step.who, step.tuning, step.what, found)
            self.table.append(line)
            self._setup.note(line.line())
            if self._setup.out is not None:
                write(self._setup.out, self)
        for name, why in self._broken.items():
            self._setup.note(f"{name}: {why}")

    async def close(self) -> None:
        for driver in self._drivers.values():
            await driver.close()

    async def _step(self, step: Step, sounds: Path) -> list[tuple[Case, Heard]]:
        done: dict[str, Heard] = {}
        keys = {}
        trials = {}
        for case in step.cases:
            trial = case.trial(
                sounds, stt_ms=step.stt_ms, options=step.options, whisper=self._whisper if step.real else ""
            )
            trials[case.name] = trial
            keys[case.name] = kept.key(self._codes[step.who], trial, case.sound)
            if (heard := self._store.get(keys[case.name])) is not None:
                done[case.name] = heard
        left = sorted((c for c in step.cases if c.name not in done), key=lambda c: c.sound_ms)
        at_once = REAL_AT_ONCE if step.real else AT_ONCE
        for start in range(0, len(left), at_once):
            some = left[start : start + at_once]
            for heard in await self._batch(step.who, [trials[c.name] for c in some], some):
                self._store.put(keys[heard.trial], heard)
                done[heard.trial] = heard
        return [(c, done[c.name]) for c in step.cases if c.name in done]

    async def _batch(self, who: str, trials: list[Trial], cases: Sequence[Case]) -> list[Heard]:
        longest_s = max(c.sound_ms for c in cases) / 1000 + 30
        for attempt in (1, 2):
            if who in self._broken:
                break
            try:
                return await self._drivers[who].run(trials, longest_s)
            except ProviderError as error:
                if attempt == 2:
                    self._broken[who] = str(error)
        return []


def run(setup: Setup) -> list[Mark]:
    """Marks beside the better peer; without recordings, or where a peer cannot be installed, unmeasured."""
    audio = folder(setup.data)
    if audio is None:
        return results.unmeasured("needs recordings: --data")
    for n, peer in enumerate(installed.PEERS):
        setup.tell("voice: installing peers", n, len(installed.PEERS))
        try:
            installed.install(peer)
        except OperatorError as error:
            return results.unmeasured(str(error))
    try:
        whisper = str(models.resolve("whisper-base"))
    except ModelMissing:
        whisper = ""
    cases = read_cases(
        audio, most=QUICK_MOST if setup.quick else MOST, gains=ONE_GAIN if setup.quick else GAINS_DB
    )
    return asyncio.run(_compare(setup, cases, whisper))


async def _compare(setup: Setup, cases: Cases, whisper: str) -> list[Mark]:
    drivers = {results.OURS: ours(setup), **{p.name: theirs(p) for p in installed.PEERS}}
    comparison = Comparison(setup, drivers, codes(), kept.Kept(installed.home() / "results.jsonl"), whisper)
    every = list(steps(list(drivers), cases, quick=setup.quick, real=bool(whisper)))
    with tempfile.TemporaryDirectory() as sounds:
        try:
            await comparison.run(every, Path(sounds))
        finally:
            with contextlib.suppress(ProviderError):
                await comparison.close()
    return results.marks(comparison.table)


def ours(setup: Setup) -> Driver:
    arguments = [str(setup.folder.resolve()), setup.on.isoformat()]
    log = installed.home() / "cohost.log"
    return Driver(results.OURS, sys.executable, "bench.peers.drive_cohost", arguments, log)


def theirs(peer: installed.Peer) -> Driver:
    log = installed.home() / f"{peer.name}.log"
    return Driver(peer.name, str(installed.python_of(peer)), peer.driver, [], log)


def codes() -> dict[str, str]:
    """A peer's results depend on its driver and its version's pins; cohost's on all of cohost."""
    here = HERE / "peers"
    shared = [here / f"{name}.py" for name in ("wire", "microphone", "real")]
    found = {
        p.name: kept.digest([*shared, here / f"{p.driver.rsplit('.', 1)[1]}.py"]) + " ".join(p.needs)
        for p in installed.PEERS
    }
    found[results.OURS] = kept.digest(
        [*shared, here / "drive_cohost.py", *(HERE.parent / "cohost").rglob("*.py")]
    )
    return found


def write(out: Path, comparison: Comparison) -> None:
    """`peers.svg`, `peers.html` and every trial in `peers.jsonl`."""
    out.mkdir(parents=True, exist_ok=True)
    head = (
        f"{len(comparison.trials)} trials on the same recordings with the same scripted delays, in real time."
    )
    (out / "peers.svg").write_text(results.svg(comparison.table), encoding="utf-8")
    (out / "peers.html").write_text(results.html(comparison.table, head), encoding="utf-8")
    with (out / "peers.jsonl").open("w", encoding="utf-8") as file:
        for step, case, heard in comparison.trials:
            line = {
                "who": step.who, "tuning": step.tuning, "what": step.what, "file": case.name,
                "lang": case.lang, "kind": case.kind, "onset_ms": case.onset_ms, "end_ms": case.end_ms,
                "pauses": case.pauses, "spoke": heard.spoke, "ducked": heard.ducked, "error": heard.error,
            }  # fmt: skip
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
