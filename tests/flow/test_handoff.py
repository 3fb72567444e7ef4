"""Orders and complaints on their way to after-sales: a row, a signed request, once, told when it fails."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from cohost import events as ev
from cohost.clock import WallClock
from cohost.common.question import Asker, Question
from cohost.log import MemoryLog
from cohost.platforms.feed import signature
from cohost.platforms.handoff import HandoffStage
from cohost.settings.platforms import Orders
from cohost.stage import run
from tests.wire.web_api import answer, serving


def asked(log: MemoryLog, number: int, intent: str, text: str) -> None:
    question = Question(id=f"q{number}", text=text, lang="de", intent=intent, market="DE")
    log.append(ev.QuestionAsked(question=question, asker=Asker(number, "v1", "Marta", "twitch", "de", "DE")))


def play(log: MemoryLog, clock: WallClock, settings: Orders, *, until: int) -> None:
    async def scene() -> None:
        stage = HandoffStage(log, clock, settings, "main")
        async with asyncio.TaskGroup() as tasks:
            job = tasks.create_task(run(stage, log))
            async with asyncio.timeout(20):
                while (  # noqa: ASYNC110
                    sum(isinstance(r.event, ev.OrderHandedOff | ev.FaultRaised) for r in log.records())
                    < until
                ):
                    await asyncio.sleep(0.01)
            job.cancel()

    asyncio.run(scene())


def show() -> tuple[MemoryLog, WallClock]:
    clock = WallClock(on=dt.date(2026, 11, 20))
    log = MemoryLog(clock)
    asked(log, 1, "question.price", "was kostet die?")
    asked(log, 2, "order", "wo ist meine Bestellung?")
    asked(log, 3, "complaint", "=cmd|' /C calc'!A0 kaputt!")
    return log, clock


def test_rows_hold_what_after_sales_needs_and_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    log, clock = show()
    play(log, clock, Orders(csv=str(file)), until=2)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(r["question"], r["intent"], r["platform"], r["market"]) for r in rows] == [
        ("main-q2", "order", "twitch", "DE"), ("main-q3", "complaint", "twitch", "DE"),
    ]  # fmt: skip
    assert rows[1]["text"].startswith("'=cmd")
    play(log, clock, Orders(csv=str(file)), until=2)  # a restart hands on nothing twice
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == 3


def test_a_request_is_signed_and_tried_again(tmp_path: Path) -> None:
    seen: list[bytes] = []

    async def receive(request: Request) -> Response:
        body = await request.body()
        assert request.headers["x-cohost-signature"] == signature(
            "secret", request.headers["x-cohost-timestamp"], body
        )
        seen.append(body)
        return answer(500 if len(seen) == 1 else 200, {})

    async def main() -> None:
        log, clock = show()
        async with serving({"/in": receive}) as address:
            stage = HandoffStage(log, clock, Orders(webhook=f"{address}/in", secret="secret"), "main")
            async with asyncio.TaskGroup() as tasks:
                job = tasks.create_task(run(stage, log))
                async with asyncio.timeout(20):
                    while sum(isinstance(r.event, ev.OrderHandedOff) for r in log.records()) < 2:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
                job.cancel()

    asyncio.run(main())
    assert len(seen) == 3


def test_what_cannot_be_handed_on_is_told_and_owed(tmp_path: Path) -> None:
    log, clock = show()
    play(log, clock, Orders(csv=str(tmp_path / "missing" / "orders.csv")), until=2)
    faults = [r.event for r in log.records() if isinstance(r.event, ev.FaultRaised)]
    assert len(faults) == 2
    assert "missing" in faults[0].message
    play(log, clock, Orders(csv=str(tmp_path / "orders.csv")), until=4)  # the next start
    assert len((tmp_path / "orders.csv").read_text(encoding="utf-8-sig").splitlines()) == 3
