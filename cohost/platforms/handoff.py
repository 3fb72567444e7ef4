"""One customer's order or complaint goes to after-sales: a row in a CSV file, a signed request, or both.

A stage: every `question.asked` that a person must answer for one customer leaves `order.handed_off`. What
cannot be handed on is told, tried again at the next start (a row may then come twice: `question` is its key),
and stays on the host's list either way.
"""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
from pathlib import Path

import httpx
import msgspec

from cohost import events as ev
from cohost.clock import Clock
from cohost.errors import NotTaken, ProviderError
from cohost.platforms import http
from cohost.platforms.feed import backoff_ms, signed
from cohost.ports import Log
from cohost.settings.platforms import Orders

INTENTS = frozenset({"order", "complaint", "personal_data"})
TRIES = 4
COLUMNS = ("question", "at", "intent", "platform", "viewer", "name", "lang", "market", "product", "text")


class HandoffStage:
    """`question.asked` about one customer's affairs → `order.handed_off`."""

    name = "handoff"
    handles: tuple[type[ev.Event], ...] = (ev.QuestionAsked,)
    closes: tuple[type[ev.Event], ...] = (ev.OrderHandedOff,)
    width = 4

    def __init__(self, log: Log, clock: Clock, settings: Orders, room: str) -> None:
        self._log = log
        self._clock = clock
        self._settings = settings
        self._room = room
        self._writing = asyncio.Lock()

    def observe(self, record: ev.Record) -> None:
        """Nothing to remember: the log says what is owed."""

    async def handle(self, record: ev.Record) -> None:
        event = record.event
        assert isinstance(event, ev.QuestionAsked)
        if event.question.intent not in INTENTS:
            return
        row = self._row(record, event)
        failed: list[str] = []
        for write, wanted in ((self._to_csv, self._settings.csv), (self._to_webhook, self._settings.webhook)):
            if wanted:
                try:
                    await write(row)
                except (ProviderError, OSError) as error:
                    failed.append(str(error))
        if failed:
            told = f"{event.question.id}: {'; '.join(failed)}"
            self._log.append(ev.FaultRaised(where="handoff", message=told))
            return  # owed: the next start tries again
        self._close(record, event, row["at"])

    def _close(self, record: ev.Record, event: ev.QuestionAsked, at: str) -> None:
        self._log.append(
            ev.OrderHandedOff(question_id=event.question.id, at=at),
            turn_id=record.turn_id, cause_seq=record.seq,
        )  # fmt: skip

    def _row(self, record: ev.Record, event: ev.QuestionAsked) -> dict[str, str]:
        asked, asker = event.question, event.asker
        at = dt.datetime.fromtimestamp(self._clock.unix(), dt.UTC).isoformat(timespec="seconds")
        values = (
            f"{self._room}-{asked.id}", at, asked.intent, asker.platform, asker.viewer, asker.name,
            asked.lang, asked.market or "", asked.product or "", asked.text,
        )  # fmt: skip
        return dict(zip(COLUMNS, values, strict=True))

    async def _to_csv(self, row: dict[str, str]) -> None:
        async with self._writing:
            await asyncio.to_thread(append_row, Path(self._settings.csv), row)

    async def _to_webhook(self, row: dict[str, str]) -> None:
        body = msgspec.json.encode(row)
        async with httpx.AsyncClient(timeout=http.TIMEOUT_S) as client:
            for attempt in range(1, TRIES + 1):
                headers = signed(self._settings.secret, row["question"], self._clock.unix(), body)
                try:
                    answer = await http.ask(
                        client, "orders", "POST", self._settings.webhook, content=body, headers=headers,
                        repeatable=True,
                    )  # fmt: skip
                    break
                except NotTaken:
                    if attempt == TRIES:
                        raise
                    await self._clock.sleep(backoff_ms(attempt))
        if answer.status_code >= 300:
            raise ProviderError("orders", f"got {answer.status_code}, expected the question to be taken")


def append_row(file: Path, row: dict[str, str]) -> None:
    """One row behind the others; a new file begins with the columns' names. Cells that a spreadsheet would
    run are quoted with an apostrophe. Raises OSError."""
    fresh = not file.exists() or not file.stat().st_size
    with file.open("a", encoding="utf-8-sig" if fresh else "utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        if fresh:
            writer.writeheader()
        writer.writerow({k: f"'{v}" if v[:1] in ("=", "+", "-", "@", "\t") else v for k, v in row.items()})
