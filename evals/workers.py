"""Cases run in this process, or a few at a time in processes that each hold the knowledge base open.

A worker that dies ends the run with one line that names its cases; what was finished before is kept, so
the next run goes on from there.
"""

from __future__ import annotations

import asyncio
import concurrent.futures as cf
import datetime as dt
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import ClassVar

from cohost.errors import OperatorError
from evals.case import Case
from evals.outcome import Outcome
from evals.runners.registry import runner_of
from evals.suite import Suite
from evals.world import World

CHUNK = 8
"""Cases a worker takes at once: few enough that little is lost with it."""
MOST = 4

Done = tuple[int, list[Outcome]]
"""A case's number in the sequence that was given, and its outcomes."""


def workers_here() -> int:
    """As many as there are cores for this process, four at most: each holds the models in memory."""
    return max(1, min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2))


async def run_here(world: World, suite: Suite, cases: Sequence[Case]) -> AsyncIterator[Done]:
    """One case after another, in this process."""
    async with runner_of(suite).running(world, suite) as run:
        for number, case in enumerate(cases):
            yield number, await run(case)


class Pool:
    """Processes that run cases. They start with the first case and end with `close`."""

    def __init__(self, world: World, count: int) -> None:
        self._world, self._count = world, count
        self._pool: cf.ProcessPoolExecutor | None = None

    async def run(self, suite: Suite, cases: Sequence[Case]) -> AsyncIterator[Done]:
        """Each case as it is finished, in any order. Raises OperatorError where a process died."""
        pool = self._opened()
        waiting: dict[asyncio.Future[list[list[Outcome]]], int] = {}
        loop = asyncio.get_running_loop()
        for start in range(0, len(cases), CHUNK):
            some = tuple(cases[start : start + CHUNK])
            waiting[loop.run_in_executor(pool, _Here.work, suite, some)] = start
        try:
            while waiting:
                ended, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for future in ended:
                    start = waiting.pop(future)
                    for number, outcomes in enumerate(await future, start=start):
                        yield number, outcomes
        except BrokenProcessPool as error:
            names = ", ".join(c.id for c in cases[start : start + CHUNK])
            raise OperatorError(
                f"{suite.name}: got a worker that died while it ran one of {names}; run again (what was "
                "finished is kept), with --workers 1 to see why"
            ) from error
        finally:
            for future in waiting:
                future.cancel()

    def _opened(self) -> cf.ProcessPoolExecutor:
        if self._pool is None:
            world = self._world
            self._pool = cf.ProcessPoolExecutor(
                self._count, multiprocessing.get_context("spawn"), _Here.open,
                (world.folder, world.on, world.data, world.cases),
            )  # fmt: skip
        return self._pool

    def close(self) -> None:
        if self._pool is not None:
            processes = list((getattr(self._pool, "_processes", None) or {}).values())
            self._pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:  # idle by now, or at work for a run that was broken off
                process.terminate()


class _Here:
    """What a worker process holds: its loop and its world. Ctrl-C is the parent's to handle."""

    loop: ClassVar[asyncio.Runner]
    world: ClassVar[World]

    @classmethod
    def open(cls, folder: Path, on: dt.date | None, data: Path | None, cases: Path | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        cls.loop = asyncio.Runner()
        cls.world = World(folder, on=on, data=data, cases=cases)

    @classmethod
    def work(cls, suite: Suite, cases: Sequence[Case]) -> list[list[Outcome]]:
        return cls.loop.run(cls._run(suite, cases))

    @classmethod
    async def _run(cls, suite: Suite, cases: Sequence[Case]) -> list[list[Outcome]]:
        return [outcomes async for _, outcomes in run_here(cls.world, suite, cases)]
