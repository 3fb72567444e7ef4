"""Language of short lines that others collected, beside the usual detector. Needs `--data`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.marks import Mark
from bench.setup import Setup
from cohost.clock import WallClock
from cohost.understanding.language import detect
from evals.case import LineCase
from evals.runners.language import peers
from evals.runners.outside import CHAT, LID, lines_of
from evals.scorers import line_score

SHORT = 30
TARGET = 0.97


def run(setup: Setup) -> list[Mark]:
    """Accuracy on lines of at most 30 characters, and time a line; None without the data."""
    if setup.data is None or not ((setup.data / LID).is_dir() or (setup.data / CHAT).is_file()):
        return [
            Mark(
                bench="language", mark="accuracy", value=None, unit="share", n=0, target=TARGET,
                better="higher",
            ),
            Mark(bench="language", mark="a line", value=None, unit="ms", n=0),
        ]  # fmt: skip
    lines = [c for c in lines_of(setup.data) if len(c.text) <= SHORT]
    usual = peers()["langdetect"]
    detect("warm up")
    usual("warm up")
    setup.tell("language", 0, 2)
    right, took = _measured(lines, lambda text: detect(text).lang)
    setup.tell("language", 1, 2)
    theirs, longer = _measured(lines, usual)
    n = len(lines)
    return [
        Mark(
            bench="language", mark="accuracy", value=right, unit="share", n=n, target=TARGET, better="higher",
            peer="langdetect", peer_value=theirs,
        ),
        Mark(
            bench="language", mark="a line", value=took, unit="ms", n=n, peer="langdetect", peer_value=longer
        ),
    ]  # fmt: skip


def _measured(lines: Sequence[LineCase], detector: Callable[[str], str]) -> tuple[float, float]:
    """Share right, and milliseconds a line."""
    clock = WallClock()
    started = clock.perf()
    right = sum(line_score(c.lang, detector(c.text)) for c in lines)
    return right / len(lines), (clock.perf() - started) * 1000 / len(lines)
