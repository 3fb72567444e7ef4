"""Killed at twenty random points and started again with the same log: nothing twice, nothing lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from cohost import events as ev
from cohost.log import read_log, verify
from tests.wire.crash_room import quiet

ROOT = Path(__file__).parents[2]
KILLS = 20
LINES_EACH = 12


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.wire
@pytest.mark.timeout(200)
def test_twenty_kills_repeat_no_reply_and_lose_no_question(tmp_path: Path, probe_folder: Path) -> None:
    log = tmp_path / "show.log"
    draw = random.Random(20261120)
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "tests.wire.crash_room", str(probe_folder)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as rooms:
        assert rooms.stdin is not None

        def order(first: int, count: int) -> int:
            rooms.stdin.write(f"{log} {first} {count}\n")  # type: ignore[union-attr]
            rooms.stdin.flush()  # type: ignore[union-attr]
            pid = int(read_line(rooms))
            assert read_line(rooms) == "READY"
            return pid

        for kill in range(KILLS):
            pid = order(kill * LINES_EACH, LINES_EACH)
            time.sleep(draw.uniform(0.0, 1.2))
            os.kill(pid, signal.SIGKILL)
        order(KILLS * LINES_EACH, 0)
        assert read_line(rooms) == "QUIET"
        rooms.stdin.close()
    judge(log)


def judge(path: Path) -> None:
    """Every line triaged once, every question decided, every approval posted once, the chain whole."""
    assert verify(path).ok
    records = read_log(path)

    class Recorded:
        def records(self, after: int = 0) -> list[ev.Record]:
            return records

    assert quiet(Recorded())  # type: ignore[arg-type]
    posted = Counter(r.event.reply_id for r in records if isinstance(r.event, ev.ReplyPosted))
    assert posted, "the show got nowhere"
    assert max(posted.values()) == 1
    triaged = Counter(r.cause_seq for r in records if isinstance(r.event, ev.MessageTriaged))
    messages = [r for r in records if isinstance(r.event, ev.ChatMessage)]
    assert len(messages) > KILLS
    assert set(triaged) == {m.seq for m in messages}
    assert max(triaged.values()) == 1
    asked = Counter(r.event.question.id for r in records if isinstance(r.event, ev.QuestionAsked))
    assert max(asked.values()) == 1
    answered = {seq for r in records if isinstance(r.event, ev.ReplyPosted) for seq in r.event.in_reply_to}
    faults = [r.event for r in records if isinstance(r.event, ev.FaultRaised)]
    assert not faults, faults[0]
    for record in records:
        if isinstance(record.event, ev.QuestionAsked):
            assert record.event.asker.message_seq in answered, record.event.question.text
