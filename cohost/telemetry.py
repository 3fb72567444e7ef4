"""How the process fares: lateness of the event loop, resident memory. For operators, not viewers."""

from __future__ import annotations

import logging
import sys
from collections import deque
from pathlib import Path

from cohost import events as ev
from cohost.clock import Clock
from cohost.ports import Log

TICK_MS = 50
SAMPLE_EVERY_MS = 10_000


class LoopLateness:
    """How late the loop wakes a sleeper, in milliseconds; the newest `size` ticks."""

    def __init__(self, size: int = 1200) -> None:
        self._ticks: deque[float] = deque(maxlen=size)

    def add(self, late_ms: float) -> None:
        self._ticks.append(max(0.0, late_ms))

    def quantile(self, q: float) -> float:
        ordered = sorted(self._ticks)
        return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else 0.0


async def watch(clock: Clock, log: Log, lateness: LoopLateness) -> None:
    """Measure until cancelled; a `health.sampled` every ten seconds."""
    since = 0.0
    while True:
        before = clock.perf()
        await clock.sleep(TICK_MS)
        lateness.add((clock.perf() - before) * 1000 - TICK_MS)
        since += TICK_MS
        if since >= SAMPLE_EVERY_MS:
            since = 0.0
            log.append(
                ev.HealthSampled(
                    loop_late_ms_p99=round(lateness.quantile(0.99), 1), resident_mb=round(resident_mb(), 1)
                )
            )


def resident_mb() -> float:
    """Resident memory of this process in MB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024) if sys.platform == "darwin" else peak / 1024


class _OneLine(logging.Formatter):
    """An exception is told by its kind and message; `--verbose` shows where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None})
            record.msg, record.args = f"{record.getMessage()} ({type(error).__name__}: {error})", ()
        return " ".join(super().format(record).split())


def setup_logging(verbose: bool = False) -> None:
    """Operator messages go to stderr, one line each; libraries only when something is wrong."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)
    shape = logging.Formatter if verbose else _OneLine
    for handler in logging.getLogger().handlers:
        handler.setFormatter(shape("%(levelname)s %(name)s: %(message)s"))
    logging.getLogger("cohost").setLevel(logging.DEBUG if verbose else logging.INFO)
