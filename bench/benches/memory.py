"""What a room keeps resident once it has worked."""

from __future__ import annotations

from bench.child import ASKED
from bench.marks import Mark
from bench.process import child
from bench.setup import Setup

TARGET_MB = 900.0


def run(setup: Setup) -> list[Mark]:
    """Resident memory of a fresh process before the first question and after fifty."""
    setup.tell("memory", 0, 2)
    child("ingest", setup)  # so that what is measured is a room, not an ingestion
    setup.tell("memory", 1, 2)
    idle, busy = child("ready", setup), child("memory", setup)
    return [
        Mark(
            bench="memory", mark=f"after {ASKED} questions", value=float(busy.said["resident_mb"]), unit="MB",
            n=ASKED, target=TARGET_MB,
        ),
        Mark(bench="memory", mark="at start", value=float(idle.said["resident_mb"]), unit="MB", n=1),
    ]  # fmt: skip
