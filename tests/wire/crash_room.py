"""A room that is killed: run as a process of its own by test_crash.py.

    python -m tests.wire.crash_room LOG KB_FOLDER FIRST COUNT

Types lines FIRST … FIRST+COUNT into a real room (real stages, a real log on disk) a few
milliseconds apart, as a page would with client ids, prints READY when it starts, QUIET when nothing
is owed any more, and ends.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from cohost import events as ev
from cohost import settings as settings_
from cohost.app import make_room, open_knowledge, open_log
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


async def main(log_path: Path, folder: Path, first: int, count: int) -> None:
    settings = settings_.replace(settings_.Settings(), chat__posts_per_second=100.0, chat__posts_burst=1000)
    log, clock = open_log(log_path, lambda start: WallClock(start_ms=start))
    knowledge = await open_knowledge(folder, clock, store=False)
    room = make_room(settings, knowledge, clock, log)
    room.start()
    async with room.running():
        sys.stdout.write("READY\n")
        sys.stdout.flush()
        for number in range(first, first + count):
            text, market = LINES[number % len(LINES)]
            room.inlet.submit(text, viewer=f"v{number}", market=market, client_id=f"c{number}")
            await clock.sleep(4)
        while not quiet(log):
            await clock.sleep(20)
        sys.stdout.write("QUIET\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
