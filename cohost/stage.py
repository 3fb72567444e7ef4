"""How a stage lives on the log: fold everything, work on what is owed, then on what comes.

A stage names the events it handles and the events that close its work. Work is owed for a handled
record when no later record with one of the closing kinds has that record as its cause: after a
crash the log itself says what is left to do, and nothing is done twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol

from cohost import events as ev
from cohost.clock import Clock
from cohost.errors import CohostError
from cohost.ports import Log

logger = logging.getLogger(__name__)

AGAIN_MS = 500
"""A service that failed starts again after this."""


class Stage(Protocol):
    """One room along the log.

    `observe` gets every record in order, history included, and must be pure and quick; `handle`
    gets each record of `handles` that is owed, with at most `width` at once, and ends by appending
    an event of `closes` whose `cause_seq` is the record's `seq`.
    """

    @property
    def name(self) -> str: ...
    @property
    def handles(self) -> tuple[type[ev.Event], ...]: ...
    @property
    def closes(self) -> tuple[type[ev.Event], ...]: ...
    @property
    def width(self) -> int: ...
    def observe(self, record: ev.Record) -> None: ...
    async def handle(self, record: ev.Record) -> None: ...


def owed(
    records: Iterable[ev.Record], handles: Sequence[type[ev.Event]], closes: Sequence[type[ev.Event]]
) -> list[ev.Record]:
    """The records of `handles` that nothing closes yet, in order. A fault closes too."""
    closing: tuple[type[ev.Event], ...] = (*closes, ev.FaultRaised)
    handled = tuple(handles)
    waiting: dict[int, ev.Record] = {}
    for record in records:
        if isinstance(record.event, handled):
            waiting[record.seq] = record
        if record.cause_seq is not None and isinstance(record.event, closing):
            waiting.pop(record.cause_seq, None)
    return list(waiting.values())


async def run(stage: Stage, log: Log) -> None:
    """Run until cancelled. An error in one turn becomes `fault.raised` and closes that turn only.

    Turns in flight are cancelled with the stage; they are owed again at the next start.
    """
    history = log.records()
    for record in history:
        stage.observe(record)
    gate = asyncio.Semaphore(stage.width)
    async with asyncio.TaskGroup() as turns:

        async def turn(record: ev.Record) -> None:
            try:
                await stage.handle(record)
            except Exception as error:  # noqa: BLE001 - the one supervisor boundary of a stage
                _fault(stage, log, record, error)
            finally:
                gate.release()

        for record in owed(history, stage.handles, stage.closes):
            await gate.acquire()
            turns.create_task(turn(record))
        async for record in log.cursor(after=history[-1].seq if history else 0):
            stage.observe(record)
            if isinstance(record.event, stage.handles):
                await gate.acquire()
                turns.create_task(turn(record))


async def keep_up(name: str, service: Callable[[], Awaitable[None]], log: Log, clock: Clock) -> None:
    """Run what lives beside the stages until it ends by itself or is cancelled. One that fails becomes
    `fault.raised` and starts again after a moment: the show goes on."""
    while True:
        try:
            await service()
        except Exception as error:  # noqa: BLE001 - the one supervisor boundary of a service
            message = _told(error)
            logger.warning("%s failed and starts again: %s", name, message)
            log.append(ev.FaultRaised(where=name, message=message))
        else:
            return
        await clock.sleep(AGAIN_MS)


def _told(error: BaseException) -> str:
    """What went wrong, in one line; of a group its first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    kind = "" if isinstance(error, CohostError) else f"{type(error).__name__}: "
    return " ".join(f"{kind}{error}".split())[:500]


def _fault(stage: Stage, log: Log, record: ev.Record, error: BaseException) -> None:
    message = _told(error)
    logger.warning("%s failed on record %d: %s", stage.name, record.seq, message)
    log.append(
        ev.FaultRaised(where=stage.name, message=message), turn_id=record.turn_id, cause_seq=record.seq
    )
