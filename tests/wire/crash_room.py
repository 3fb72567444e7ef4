"""Rooms that are killed: a parent loads everything once and forks a room per order.

    python -m tests.wire.crash_room KB_FOLDER

stdin: lines "LOG FIRST COUNT"; stdout: the child's pid, then READY once its room runs, then QUIET
when nothing is owed any more. The child types lines FIRST … FIRST+COUNT into a real room (real
stages, real log on disk) a few milliseconds apart, as a page would, with client ids.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from cohost import events as ev
from cohost import settings as settings_
from cohost.app import make_room, open_knowledge, open_log, warm
from cohost.clock import WallClock
from cohost.ports import Log
from cohost.stage import owed

LINES = (
    ("how long does the battery last?", "US"), ("wie schwer ist sie?", "DE"), ("¿cuánto cuesta?", "DE"),
    ("cuánto dura la batería", "US"), ("is it dishwasher safe?", "US"), ("😂😂", None), ("hello!", None),
)  # fmt: skip
CHAINS = (
    ((ev.ChatMessage,), (ev.MessageTriaged,)),
    ((ev.QuestionAsked,), (ev.EvidenceFound,)),
    ((ev.EvidenceFound,), (ev.DecisionMade,)),
    (
        (ev.ReplyApproved,),
        (ev.ReplyPosted, ev.ReplyWithheld, ev.ReplyFailed, ev.ReplyUnknown, ev.ReplyRejected),
    ),
)


def quiet(log: Log) -> bool:
    """Nothing is owed in any stage."""
    records = log.records()
    return not any(owed(records, handles, closes) for handles, closes in CHAINS)


def tell(word: object) -> None:
    os.write(1, f"{word}\n".encode())


async def load(folder: Path) -> None:
    """Models, tables and patterns once, for every fork to share."""
    clock = WallClock()
    knowledge = await open_knowledge(folder, clock, store=False)
    await warm(knowledge, clock)
    knowledge.close()


async def room(log_path: Path, folder: Path, first: int, count: int) -> None:
    settings = settings_.replace(settings_.Settings(), chat__posts_per_second=100.0, chat__posts_burst=1000)
    log, clock = open_log(log_path, lambda start: WallClock(start_ms=start))
    knowledge = await open_knowledge(folder, clock, store=False)
    live = make_room(settings, knowledge, clock, log)
    live.start()
    async with live.running():
        tell("READY")
        for number in range(first, first + count):
            text, market = LINES[number % len(LINES)]
            live.inlet.submit(text, viewer=f"v{number}", market=market, client_id=f"c{number}")
            await clock.sleep(4)
        while not quiet(log):
            await clock.sleep(20)
        tell("QUIET")


def main(folder: Path) -> None:
    asyncio.run(load(folder))
    for order in sys.stdin:
        log, first, count = order.split()
        pid = os.fork()
        if pid:
            tell(pid)
            os.waitpid(pid, 0)
            continue
        asyncio.run(room(Path(log), folder, int(first), int(count)))
        os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
