"""A fresh process for what must be measured from its start: ingestion, start-up, memory.

`python -m bench.child ingest|ready|memory|voice FOLDER DATE` prints one JSON object on stdout.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from pathlib import Path
from typing import Any

import msgspec

from bench.lines import questions
from cohost.app import make_room, open_knowledge
from cohost.asking import ask, check
from cohost.clock import WallClock
from cohost.log import MemoryLog
from cohost.settings import load, replace
from cohost.telemetry import resident_mb
from evals.runners.answers import line_of

ASKED = 50


async def measure(what: str, folder: Path, on: dt.date) -> dict[str, Any]:
    """`ingest`: everything read and embedded. `ready`: a room takes questions. `memory`: after 50.
    `voice`: after questions asked aloud and answered."""
    if what == "voice":
        from bench.voice import resident

        return await resident.measure(folder, on)
    clock = WallClock(on=on)
    knowledge = await open_knowledge(folder, clock)
    built = knowledge.built
    got: dict[str, Any] = {"documents": len(built.documents), "items": len(built.items)}
    if what == "ingest":
        await knowledge.library.complete()
        knowledge.close()
        return got
    settings = replace(load(), chat__posts_per_second=100.0, chat__posts_burst=1000)
    room = make_room(settings, knowledge, clock, MemoryLog(clock))
    room.start()
    async with room.running(live=False):
        if what == "memory":
            for number, case in enumerate(questions(ASKED)):
                await ask(room, check(line_of(case)), number=number)
            got["asked"] = ASKED
        got["resident_mb"] = resident_mb()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
    return got


def main() -> None:
    """Arguments: what, folder, date."""
    what, folder, on = sys.argv[1:4]
    got = asyncio.run(measure(what, Path(folder), dt.date.fromisoformat(on)))
    sys.stdout.write(msgspec.json.encode(got).decode() + "\n")


if __name__ == "__main__":
    main()
