"""The only place that reads time, sleeps or draws ids.

`WallClock` serves a show; `VirtualClock` serves tests, evals and replay: time stands still while a
call is in flight, then jumps to the next sleeper. `SkippingClock` serves files played through a room:
work takes the time it takes, only idle waiting is skipped. Show time is integer milliseconds since the
clock was made.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import heapq
import itertools
import random
import secrets
import time
from collections.abc import AsyncIterator
from typing import Protocol


class Clock(Protocol):
    """What stages get. `now_ms` is show time; `today` the show's date."""

    def now_ms(self) -> int: ...
    def today(self) -> dt.date: ...
    def unix(self) -> float: ...
    def token(self, nbytes: int = 16) -> str: ...
    def perf(self) -> float: ...
    async def sleep(self, ms: float) -> None: ...
    def busy(self, cost_ms: float = 0.0) -> contextlib.AbstractAsyncContextManager[None]: ...


class WallClock:
    """Real time. `on` fixes the show's date (the demo does); `start_ms` continues a show."""

    def __init__(self, on: dt.date | None = None, start_ms: int = 0) -> None:
        self._zero = time.monotonic()
        self._start = start_ms
        self._on = on

    def now_ms(self) -> int:
        return self._start + int((time.monotonic() - self._zero) * 1000)

    def today(self) -> dt.date:
        return self._on or dt.date.today()

    def unix(self) -> float:
        return time.time()

    def perf(self) -> float:
        """Seconds on a clock for durations."""
        return time.perf_counter()

    def token(self, nbytes: int = 16) -> str:
        return secrets.token_urlsafe(nbytes)

    async def sleep(self, ms: float) -> None:
        """Safe to cancel."""
        await asyncio.sleep(ms / 1000)

    @contextlib.asynccontextmanager
    async def busy(self, cost_ms: float = 0.0) -> AsyncIterator[None]:
        """Marks a model call; on the wall clock it costs what it costs."""
        yield


class VirtualClock:
    """Time that moves only when nothing is in flight.

    A model call wrapped in `busy(cost_ms)` adds its stated cost, whatever it took on the wall.
    `run_until(coro)` drives the loop: when no callback is ready and no call is busy, time jumps to
    the earliest sleeper.
    """

    def __init__(self, on: dt.date = dt.date(2026, 1, 1), seed: int = 0) -> None:
        self._now = 0.0
        self._on = on
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._inflight = 0
        self._random = random.Random(seed)

    def now_ms(self) -> int:
        return int(self._now)

    def today(self) -> dt.date:
        return self._on

    def unix(self) -> float:
        return dt.datetime.combine(self._on, dt.time(), dt.UTC).timestamp() + self._now / 1000

    def perf(self) -> float:
        return self._now / 1000

    def token(self, nbytes: int = 16) -> str:
        return self._random.randbytes(nbytes).hex()

    async def sleep(self, ms: float) -> None:
        """Safe to cancel: a cancelled sleeper is skipped."""
        if ms <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + ms, next(self._order), future))
        await future

    @contextlib.asynccontextmanager
    async def busy(self, cost_ms: float = 0.0) -> AsyncIterator[None]:
        """Time stands still inside; `cost_ms` passes at the end."""
        self._inflight += 1
        try:
            yield
        finally:
            self._inflight -= 1
        if cost_ms:
            await self.sleep(cost_ms)

    async def drive(self, until: asyncio.Future[object] | asyncio.Task[object]) -> None:
        """Advance virtual time until `until` is done. Raises RuntimeError when nothing can happen."""
        idle = 0
        while not until.done():
            await asyncio.sleep(0)
            self._wake_due()
            if self._inflight:
                await asyncio.sleep(0.0005)
                idle = 0
                continue
            idle += 1
            if idle < 50:  # let every ready callback run first
                continue
            while self._sleepers and self._sleepers[0][2].done():
                heapq.heappop(self._sleepers)
            if not self._sleepers:
                await asyncio.sleep(0.001)  # a thread may still call back
                if idle > 5000:
                    raise RuntimeError("virtual clock: no sleeper, no call in flight, goal not reached")
                continue
            idle = 0
            due, _, future = heapq.heappop(self._sleepers)
            self._now = max(self._now, due)
            future.set_result(None)

    def _wake_due(self) -> None:
        """Virtual time moves only by jumps: nothing becomes due by itself."""


class SkippingClock(VirtualClock):
    """Real time with the idle waits left out: a minute of sound takes as long as its work does, and every
    latency is what it would be in real time. `busy` marks work on other threads and in processes."""

    def __init__(self, on: dt.date | None = None) -> None:
        self._zero = time.monotonic()
        self._skipped = 0.0
        super().__init__(on or dt.date.today())

    @property
    def _now(self) -> float:
        return (time.monotonic() - self._zero) * 1000 + self._skipped

    @_now.setter
    def _now(self, value: float) -> None:
        self._skipped += max(0.0, value - self._now)

    def unix(self) -> float:
        return time.time()

    def token(self, nbytes: int = 16) -> str:
        return secrets.token_urlsafe(nbytes)

    @contextlib.asynccontextmanager
    async def busy(self, cost_ms: float = 0.0) -> AsyncIterator[None]:
        """Costs what it costs; nothing is skipped meanwhile."""
        async with super().busy():
            yield

    def _wake_due(self) -> None:
        now = self._now
        while self._sleepers and self._sleepers[0][0] <= now:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)
