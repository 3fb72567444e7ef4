"""A real OpenAI-compatible server with a real small model: it lies fluently, so the guard has work."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

import pytest

from cohost import asking
from cohost import events as ev
from cohost import settings as settings_
from cohost.app import Room, make_room, open_knowledge
from cohost.clock import WallClock
from cohost.decision.writer import OpenAIWriter
from cohost.log import MemoryLog
from evals.runners.llm import small_server

pytestmark = [pytest.mark.wire, pytest.mark.timeout(200)]

QUESTIONS = (
    ("how long does the battery last?", "US"), ("is it waterproof?", "US"), ("how much is it?", "DE"),
    ("wie schwer ist sie?", "DE"), ("¿es vegano?", "ES"), ("does it charge wirelessly?", "US"),
)  # fmt: skip
LIES = 3  # sentences that the guard refused: enough to see that they go nowhere


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with small_server() as base_url:
        yield base_url


async def room_with(base_url: str, folder: Path, **llm: float) -> AsyncIterator[Room]:
    clock = WallClock(on=dt.date(2026, 11, 20))
    settings = settings_.replace(
        settings_.Settings(), chat__posts_per_second=100.0, **{f"llm__{k}": v for k, v in llm.items()}
    )
    knowledge = await open_knowledge(folder, clock, store=False)
    writer = OpenAIWriter(
        base_url=base_url, api_key="none", model="smollm2", clock=clock, max_tokens=80, timeout_s=60
    )
    room = make_room(settings, knowledge, clock, MemoryLog(clock), writer=writer)
    room.start()
    async with room.running(live=False):
        yield room
    await writer.close()


def by_the_model(records: Iterable[ev.Record]) -> list[ev.DraftSentence]:
    return [r.event for r in records if isinstance(r.event, ev.DraftSentence) and r.event.by == "llm"]


def test_nothing_the_model_invents_reaches_the_room(server: str, probe_folder: Path) -> None:
    async def main() -> list[ev.Record]:
        async for room in room_with(server, probe_folder, first_sentence_s=60.0, total_s=60.0):
            for number, (question, market) in enumerate(QUESTIONS):
                line = {"question": question, "market": market}
                answer = await asking.ask(room, line, number=number)
                for claim in answer["claims"]:
                    assert claim["evidence"], claim
                if sum(s.verdict != "allow" for s in by_the_model(room.log.records())) >= LIES:
                    break
            return list(room.log.records())
        raise AssertionError

    records = asyncio.run(main())
    drafted = by_the_model(records)
    assert drafted, "the model was never asked"
    assert any(s.verdict != "allow" for s in drafted), "the liar never lied: the test proves nothing"
    refused = {s.text for s in drafted if s.verdict != "allow"}
    for record in records:
        if isinstance(record.event, ev.ReplyPosted):
            assert not any(text in record.event.text for text in refused)


def test_a_server_that_is_gone_costs_no_answer(probe_folder: Path) -> None:
    async def main() -> dict[str, object]:
        async for room in room_with("http://127.0.0.1:9/v1", probe_folder):
            line = {"question": "how long does the battery last?", "market": "US"}
            return await asking.ask(room, line)
        raise AssertionError

    answer = asyncio.run(main())
    assert answer["action"] == "answer"
    assert "37" in str(answer["text"])
