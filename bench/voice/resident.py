"""A process with a room that has heard and spoken: what it keeps resident. Run by `bench.child`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from bench.setup import Setup
from bench.voice.answering import ask_aloud
from bench.voice.rooms import studio
from cohost.telemetry import resident_mb
from evals.recordings import clips

ASKED = 4


async def measure(folder: Path, on: dt.date) -> dict[str, Any]:
    """Questions asked aloud in several languages, each answered, then the process's memory in MB."""
    some = clips()[:: max(1, len(clips()) // ASKED)][:ASKED]
    async with studio(Setup(folder, on, None, _quiet)) as loaded:
        answers = [await ask_aloud(loaded, clip) for clip in some]
        spoken = sum(a.audio_ms is not None for a in answers)
        return {"resident_mb": resident_mb(), "asked": len(answers), "spoken": spoken}


def _quiet(what: str, done: int, total: int) -> None:
    """The parent tells."""
