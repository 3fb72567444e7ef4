"""A deadline in show time, for calls that may hang."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from cohost.clock import Clock
from cohost.errors import ProviderError, ProviderTimeout

T = TypeVar("T")


async def within(clock: Clock, ms: float, work: Coroutine[Any, Any, T], provider: str) -> T:
    """The result of `work`, or ProviderTimeout after `ms` of show time. Safe to cancel: the work is
    cancelled with it."""
    outcome: list[T] = []
    failed: list[Exception] = []

    async def do() -> None:
        try:
            outcome.append(await work)
        except (ProviderError, StopAsyncIteration) as error:
            failed.append(error)  # raised below, bare: a group would hide it from the caller

    async with asyncio.TaskGroup() as both:
        job, alarm = both.create_task(do()), both.create_task(clock.sleep(ms))
        await asyncio.wait({job, alarm}, return_when=asyncio.FIRST_COMPLETED)
        job.cancel()
        alarm.cancel()
    if outcome:
        return outcome[0]
    if failed:
        raise failed[0]
    raise ProviderTimeout(provider, f"no answer within {ms / 1000:g} s")
