"""A folder from nothing to evidence, and how soon a second start is ready."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.marks import Mark
from bench.process import child
from bench.setup import Setup

COLD_S, READY_S = 90.0, 6.0
STARTS = 3


def run(setup: Setup) -> list[Mark]:
    """Cold: an empty cache, every document read, recognised and embedded. Ready: a fresh process
    until its room takes questions, the best of three starts beside other work on the machine."""
    with tempfile.TemporaryDirectory(prefix="cohost-bench-") as folder:
        cache = Path(folder)
        setup.tell("ingest", 0, 1 + STARTS)
        cold = child("ingest", setup, cache)
        starts = []
        for number in range(STARTS):
            setup.tell("ingest", 1 + number, 1 + STARTS)
            starts.append(child("ready", setup, cache).ready_s)
    documents = int(cold.said["documents"])
    return [
        Mark(bench="ingest", mark="cold", value=cold.total_s, unit="s", n=documents, target=COLD_S),
        Mark(bench="ingest", mark="cold, processor", value=cold.cpu_s, unit="s", n=documents),
        Mark(
            bench="ingest", mark="documents", value=documents / cold.total_s, unit="1/s", n=documents,
            better="higher",
        ),
        Mark(bench="ingest", mark="second start", value=min(starts), unit="s", n=STARTS, target=READY_S),
    ]  # fmt: skip
