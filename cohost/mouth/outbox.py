"""One platform's way out: one post at a time, the most urgent first, no faster than the platform allows.

What waits longer than its time to live is given up, so that nobody gets an answer to a question they have
forgotten. Who waits asks for a `turn`; the order is the agenda's, the speed the pace's.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.agenda import Waiting
from cohost.mouth.pace import Pace
from cohost.ports import SendPolicy

STEP_MS = 250
"""Who is first is settled anew at every change, and at least so often."""

First = Callable[[list[Waiting], int], Waiting | None]


class Overdue(Exception):
    """It waited longer than `ttl_ms`."""


class Outbox:
    """`turn` holds the way out for one reply; inside, `paced` waits before each of its parts."""

    def __init__(self, policy: SendPolicy, clock: Clock, first: First, ttl_ms: int) -> None:
        self.policy = policy
        self.ttl_ms = ttl_ms
        self._clock = clock
        self._first = first
        self._pace = Pace(policy)
        self._waiting: dict[str, Waiting] = {}
        self._held = False
        self._noted = 0  # sequence number
        self._changed = asyncio.Event()
        self._known: tuple[int, str] | None = None  # until when, who is first

    def note(self, sending: ev.Record) -> None:
        """A `reply.sending` of this platform, as it is written and as it is read: it counts once."""
        if sending.seq > self._noted and isinstance(sending.event, ev.ReplySending):
            self._noted = sending.seq
            self._pace.note(sending.at_ms, sending.event.text)

    @contextlib.asynccontextmanager
    async def turn(self, mine: Waiting, text: str) -> AsyncIterator[None]:
        """Wait until `mine` may post `text`. Raises Overdue. Safe to cancel: the place is given up."""
        self._waiting[mine.key] = mine
        self._settle_anew()
        try:
            await self._my_turn(mine, text)
            self._held = True
        finally:
            del self._waiting[mine.key]
            self._settle_anew()
        try:
            yield
        finally:
            self._held = False
            self._settle_anew()

    async def paced(self, text: str) -> None:
        """Wait until a further part may go; the way out stays held."""
        while wait := self._pace.wait(self._clock.now_ms(), text):
            await self._clock.sleep(wait)

    async def _my_turn(self, mine: Waiting, text: str) -> None:
        while True:
            now = self._clock.now_ms()
            if now - mine.since_ms >= self.ttl_ms:
                raise Overdue
            if self._held or self._who(now) != mine.key:
                await self._changed.wait()
                continue
            wait = self._pace.wait(now, text)
            if not wait:
                return
            await self._clock.sleep(min(wait, STEP_MS))
            if self._who(self._clock.now_ms()) != mine.key:
                self._settle_anew()  # wake who goes before

    def _who(self, now: int) -> str:
        if self._known is None or now >= self._known[0]:
            found = self._first(list(self._waiting.values()), now)
            self._known = (now + STEP_MS, found.key if found else "")
        return self._known[1]

    def _settle_anew(self) -> None:
        self._known = None
        self._changed.set()
        self._changed = asyncio.Event()
