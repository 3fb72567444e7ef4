"""Runs `bench.child` in a fresh process and measures it from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from bench.setup import Setup
from cohost.clock import WallClock
from cohost.errors import CohostError

MODULE_HOME = Path(__file__).parents[1]


@dataclass(frozen=True)
class Measured:
    """What the child said, seconds until it was ready and until it ended, processor seconds."""

    said: dict[str, Any]
    ready_s: float
    total_s: float
    cpu_s: float


def child(what: str, setup: Setup, cache: Path | None = None) -> Measured:
    """Raises CohostError with the child's last line where it fails. `cache`: its own, empty cache."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(MODULE_HOME), *sys.path[:1]])
    if cache is not None:
        environment["XDG_CACHE_HOME"] = str(cache)
    clock = WallClock()
    before, started = _spent(), clock.perf()
    command = [sys.executable, "-m", "bench.child", what, str(setup.folder), setup.on.isoformat()]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        ready, lines = 0.0, []
        for line in process.stdout:
            lines.append(line)
            if line.strip() == "ready":
                ready = clock.perf() - started
        errors = process.stderr.read() if process.stderr else ""
    if process.returncode != 0 or not lines:
        last = (errors.strip().splitlines() or ["it said nothing"])[-1]
        raise CohostError(f"bench {what}: the measured process failed: {last}")
    return Measured(msgspec.json.decode(lines[-1]), ready, clock.perf() - started, _spent() - before)


def _spent() -> float:
    """Processor seconds of children that ended, theirs included."""
    times = os.times()
    return times.children_user + times.children_system
