"""Language of short lines that others collected, beside the usual detector. Needs `--data`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.marks import Mark
from bench.setup import Setup
from cohost.clock import WallClock
from cohost.understanding.language import detect
from evals.case import LineCase
from evals.external.languages import CHAT, LID, lines_of
from evals.runners.language import peers
from evals.scorers import line_score

SHORT = 30
TARGET = 0.97
KINDS = {
    "chat": "chat lines",
    "sentences": "sentences",
    "word-pairs": "word pairs",
    "single-words": "single words",
}
"""Only chat lines are what the target speaks of; words alone are hard for anybody."""


def run(setup: Setup) -> list[Mark]:
    """Accuracy on lines of at most 30 characters by kind, and time a line; None without the data."""
    if setup.data is None or not ((setup.data / LID).is_dir() or (setup.data / CHAT).is_file()):
        return [
            _accuracy("chat lines", None, 0),
            Mark(bench="language", mark="a line", value=None, unit="ms", n=0),
        ]
    lines = [c for c in lines_of(setup.data) if len(c.text) <= SHORT]
    usual = peers()["langdetect"]
    detect("warm up")
    usual("warm up")
    setup.tell("language", 0, 2)
    ours, took = _measured(lines, lambda text: detect(text).lang)
    setup.tell("language", 1, 2)
    theirs, longer = _measured(lines, usual)
    marks = []
    for kind, name in KINDS.items():
        rows = [n for n, case in enumerate(lines) if kind in case.tags]
        if rows:
            right, peer = (sum(scores[n] for n in rows) / len(rows) for scores in (ours, theirs))
            marks.append(_accuracy(name, right, len(rows), peer))
    marks.append(
        Mark(
            bench="language", mark="a line", value=took, unit="ms", n=len(lines), peer="langdetect",
            peer_value=longer,
        )
    )  # fmt: skip
    return marks


def _accuracy(name: str, value: float | None, n: int, peer: float | None = None) -> Mark:
    return Mark(
        bench="language", mark=name, value=value, unit="share", n=n, better="higher",
        target=TARGET if name == "chat lines" else None,
        peer="langdetect" if peer is not None else "", peer_value=peer,
    )  # fmt: skip


def _measured(lines: Sequence[LineCase], detector: Callable[[str], str]) -> tuple[list[float], float]:
    """Right or not by line, and milliseconds a line."""
    clock = WallClock()
    started = clock.perf()
    scores = [line_score(c.lang, detector(c.text)) for c in lines]
    return scores, (clock.perf() - started) * 1000 / len(lines)
