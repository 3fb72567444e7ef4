"""What the trials say: latencies, false stops, dead air, early answers. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.marks import quantile
from bench.peers.cases import NOISE_AFTER_MS, OVER_AFTER_MS, Case
from bench.peers.wire import Heard

SILENT_MS = 150.0
"""A shorter gap is between two sentences, no stop."""
EARLY_MS = 30.0
"""Before the labelled onset by more than this: something else stopped it."""


@dataclass(frozen=True)
class Stop:
    """When a voice fell silent after a moment, and for how long; `back` False: it did not speak again."""

    at_ms: float
    silent_ms: float
    back: bool


def stop_after(spoke: Sequence[tuple[float, float]], from_ms: float, until_ms: float) -> Stop | None:
    """The first silence that begins at `from_ms` or later and before `until_ms`, where the record ends; None
    where it spoke on."""
    for n, (_, end) in enumerate(spoke):
        if end < from_ms:
            continue
        following = spoke[n + 1][0] if n + 1 < len(spoke) else until_ms
        if end < until_ms - SILENT_MS and following - end >= SILENT_MS:
            return Stop(end, following - end, n + 1 < len(spoke))
    return None


@dataclass
class Over:
    """A voice over its own. Latencies in ms from the labelled onset; `early`: stopped before it."""

    lowered: list[float] = field(default_factory=list)
    stopped: list[float] = field(default_factory=list)
    missed: int = 0
    early: int = 0

    @property
    def n(self) -> int:
        return len(self.stopped) + self.missed


@dataclass
class Noise:
    """Sounds that should not stop it, by source recording: whether each stopped it, and the dead air of each
    stop; `killed`: it did not speak again within the trial."""

    stops: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    dead_ms: list[float] = field(default_factory=list)
    killed: int = 0

    @property
    def share(self) -> float | None:
        """Each source weighs the same."""
        shares = [sum(some) / len(some) for some in self.stops.values()]
        return sum(shares) / len(shares) if shares else None

    @property
    def n(self) -> int:
        return sum(map(len, self.stops.values()))


@dataclass
class Ask:
    """Questions: ms from the true end of the voice to the first sound; `early`: answers begun before it,
    by whether the question has a pause; `none`: no answer."""

    audio: list[float] = field(default_factory=list)
    paused: int = 0
    taken: int = 0
    early: int = 0
    none: int = 0

    @property
    def takeover(self) -> float | None:
        """Answers begun inside a speaker's pause or what follows it, of the questions that have one."""
        return self.taken / self.paused if self.paused else None

    @property
    def n(self) -> int:
        return len(self.audio) + self.early + self.none


def over(found: Iterable[tuple[Case, Heard]]) -> Over:
    got = Over()
    for case, heard in found:
        if heard.error:
            continue
        until = case.sound_ms + OVER_AFTER_MS
        first = stop_after(heard.spoke, 0.0, until)
        if first is not None and first.at_ms < case.onset_ms - EARLY_MS:
            got.early += 1
            continue
        stop = stop_after(heard.spoke, case.onset_ms - EARLY_MS, until)
        if stop is None or stop.at_ms > case.end_ms:
            got.missed += 1
            continue
        got.stopped.append(stop.at_ms - case.onset_ms)
        ducks = [at for at in heard.ducked if case.onset_ms - EARLY_MS <= at <= stop.at_ms]
        got.lowered.append(min([*ducks, stop.at_ms]) - case.onset_ms)
    return got


def noise(found: Iterable[tuple[Case, Heard]]) -> Noise:
    got = Noise()
    for case, heard in found:
        if heard.error:
            continue
        stop = stop_after(heard.spoke, case.onset_ms - EARLY_MS, case.sound_ms + NOISE_AFTER_MS)
        got.stops[case.name.split("@")[0]].append(stop is not None)
        if stop is not None:
            got.dead_ms.append(stop.silent_ms)
            got.killed += not stop.back
    return got


def ask(found: Iterable[tuple[Case, Heard]]) -> Ask:
    got = Ask()
    for case, heard in found:
        if heard.error:
            continue
        got.paused += bool(case.pauses)
        first = min((a for a, _ in heard.spoke), default=None)
        if first is None:
            got.none += 1
        elif first < case.end_ms - EARLY_MS:
            got.early += 1
            got.taken += bool(case.pauses)
        else:
            got.audio.append(first - case.end_ms)
    return got


@dataclass(frozen=True)
class Shown:
    """One line of the table: who, with which tuning, measured what. `figures`: name → value, in order."""

    who: str
    tuning: str
    what: str
    figures: dict[str, float | None]
    n: int
    failed: int = 0

    def line(self) -> str:
        values = "  ".join(f"{name} {figure(value)}" for name, value in self.figures.items())
        failed = f"  {self.failed} FAILED" if self.failed else ""
        return f"{self.what:22} {self.who:15} {self.tuning:18} {values}  n {self.n}{failed}"


def figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if abs(value) < 1.005 and value != int(value) else f"{value:.0f}"


def shown(who: str, tuning: str, what: str, found: Sequence[tuple[Case, Heard]]) -> Shown:
    """`what` begins with the part that was tried."""
    failed = sum(bool(h.error) for _, h in found)
    part = found[0][0].part if found else "ask"
    if part == "over":
        o = over(found)
        figures: dict[str, float | None] = {
            "lowered p50": quantile(o.lowered, 0.5), "p90": quantile(o.lowered, 0.9),
            "stop p50": quantile(o.stopped, 0.5), "stop p90": quantile(o.stopped, 0.9),
            "stop p95": quantile(o.stopped, 0.95), "missed": o.missed, "early": o.early,
        }  # fmt: skip
        return Shown(who, tuning, what, figures, o.n, failed)
    if part == "noise":
        s = noise(found)
        figures = {
            "false stops": s.share, "dead air p50": quantile(s.dead_ms, 0.5),
            "dead air p95": quantile(s.dead_ms, 0.95), "not resumed": s.killed,
        }  # fmt: skip
        return Shown(who, tuning, what, figures, s.n, failed)
    a = ask(found)
    figures = {
        "first audio p50": quantile(a.audio, 0.5), "p90": quantile(a.audio, 0.9), "takeover": a.takeover,
        "early": a.early, "no answer": a.none,
    }  # fmt: skip
    return Shown(who, tuning, what, figures, a.n, failed)
