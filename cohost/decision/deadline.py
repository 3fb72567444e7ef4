"""A deadline in show time, for calls that may hang."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from cohost.clock import Clock
from cohost.errors import ProviderTimeout

T = TypeVar("T")


async def within(clock: Clock, ms: float, work: Coroutine[Any, Any, T], provider: str) -> T:
    """The result of `work`, or ProviderTimeout after `ms` of show time. Safe to cancel: the work is
    cancelled with it."""
    job = asyncio.ensure_future(work)
    alarm = asyncio.ensure_future(clock.sleep(ms))
    try:
        await asyncio.wait({job, alarm}, return_when=asyncio.FIRST_COMPLETED)
        if job.done():
            return job.result()
        raise ProviderTimeout(provider, f"no answer within {ms / 1000:g} s")
    finally:
        for task in (job, alarm):
            task.cancel()
        await asyncio.gather(job, alarm, return_exceptions=True)
