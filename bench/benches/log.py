"""The show log: how fast records are taken, how soon they are durable."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bench.marks import Mark, quantile
from bench.setup import Setup
from cohost import events as ev
from cohost.clock import WallClock
from cohost.log import ShowLog

APPENDS, SINGLE = 20_000, 400


def run(setup: Setup) -> list[Mark]:
    """Appends a second until all are on disk; then one at a time, each waited for (full sync)."""
    return asyncio.run(_run(setup))


async def _run(setup: Setup) -> list[Mark]:
    clock = WallClock()
    with tempfile.TemporaryDirectory(prefix="cohost-bench-") as folder:
        log = ShowLog(Path(folder) / "show.log", clock)
        try:
            setup.tell("log", 0, 2)
            started = clock.perf()
            for number in range(APPENDS):
                log.append(ev.ChatMessage(viewer=f"v{number % 500}", text="how long does the battery last?"))
            await log.durable(log.last_seq)
            rate = APPENDS / (clock.perf() - started)
            setup.tell("log", 1, 2)
            waits = []
            for _ in range(SINGLE):
                began = clock.perf()
                record = log.append(ev.ChatMessage(viewer="v", text="is it waterproof?"))
                await log.durable(record.seq)
                waits.append((clock.perf() - began) * 1000)
        finally:
            await log.close()
    return [
        Mark(bench="log", mark="appends", value=rate, unit="1/s", n=APPENDS, better="higher"),
        Mark(bench="log", mark="durable p50", value=quantile(waits, 0.5), unit="ms", n=SINGLE),
        Mark(bench="log", mark="durable p99", value=quantile(waits, 0.99), unit="ms", n=SINGLE),
    ]
