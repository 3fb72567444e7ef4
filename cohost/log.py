"""The show log: what happened, in order, once.

`MemoryLog` keeps records in memory (ask, tests, evals). `ShowLog` adds SQLite: one writer thread,
group commit, WAL with full sync, a hash chain that `verify()` walks. Personal text sits in a side
table under a salted hash, so a viewer can be forgotten and the chain still holds.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import queue
import secrets
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from cohost import events as ev
from cohost.clock import Clock
from cohost.errors import LogError
from cohost.log_file import (
    DAMAGE,
    chained,
    connect_to_read,
    forget,
    forget_everybody,
    no_log,
    open_db,
    own,
    read_log,
    read_records,
    verify,
)
from cohost.log_text import split

__all__ = ["MemoryLog", "ShowLog", "forget", "forget_everybody", "read_log", "verify"]

RETRY_S = 1.0
"""How long the writer waits before it tries again what the disk did not take."""

logger = logging.getLogger(__name__)


class MemoryLog:
    """Records in memory. Bounded by the show's length only: for short-lived use.

    Not thread-safe: append and read on the event loop's thread.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._records: list[ev.Record] = []
        self._first = 1  # sequence number of _records[0]
        self._wakers: set[asyncio.Event] = set()

    @property
    def last_seq(self) -> int:
        return self._first + len(self._records) - 1

    def append(
        self, event: ev.Event, *, turn_id: str | None = None, cause_seq: int | None = None
    ) -> ev.Record:
        """Take the next sequence number, wake every cursor, return the record at once."""
        record = ev.Record(self.last_seq + 1, self._clock.now_ms(), turn_id, cause_seq, event)  # type: ignore[arg-type]
        self._records.append(record)
        for waker in self._wakers:
            waker.set()
        return record

    def use(self, clock: Clock) -> None:
        """Go on with another clock: one that continues where a log on disk ended."""
        self._clock = clock

    async def durable(self, seq: int) -> None:
        """Memory is as durable as it gets here."""
        return

    def records(self, after: int = 0) -> Sequence[ev.Record]:
        return self._records[max(0, after - self._first + 1) :]

    async def cursor(self, after: int = 0) -> AsyncIterator[ev.Record]:
        """Safe to cancel: nothing is lost, a new cursor starts where you say."""
        waker = asyncio.Event()
        self._wakers.add(waker)
        try:
            while True:
                waker.clear()
                for record in self.records(after):
                    after = record.seq
                    yield record
                if after >= self.last_seq:
                    await waker.wait()
        finally:
            self._wakers.discard(waker)

    async def close(self) -> None:
        return


class ShowLog(MemoryLog):
    """A show on disk. One process at a time owns a log (a lock file beside it).

    The newest `keep` records stay in memory; older ones are read back from the file.
    """

    def __init__(self, path: Path, clock: Clock, *, keep: int = 50_000) -> None:
        super().__init__(clock)
        self.path = path
        self._keep = keep
        self._lock = own(path)
        try:
            self._db = open_db(path)
            loaded = list(read_records(self._db, 0, newest=keep))
        except (LogError, *DAMAGE) as error:
            self._lock.release()
            raise LogError(f"{no_log(path, error)}: name another file with --log") from error
        self._records = loaded
        self._first = loaded[0].seq if loaded else 1
        row = self._db.execute("SELECT seq, chain FROM record ORDER BY seq DESC LIMIT 1").fetchone()
        self._durable = int(row[0]) if row else 0
        self._chain = bytes(row[1]) if row else b""
        self._queue: queue.SimpleQueue[ev.Record | None] = queue.SimpleQueue()
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._loop = asyncio.get_running_loop()
        self._failure: str | None = None
        self._thread = threading.Thread(target=self._write_all, name="show-log", daemon=True)
        self._thread.start()

    def append(
        self, event: ev.Event, *, turn_id: str | None = None, cause_seq: int | None = None
    ) -> ev.Record:
        record = super().append(event, turn_id=turn_id, cause_seq=cause_seq)
        self._queue.put(record)
        excess = len(self._records) - 2 * self._keep
        if excess >= 0:
            drop = min(len(self._records) - self._keep, max(0, self._durable - self._first + 1))
            del self._records[:drop]
            self._first += drop
        return record

    async def durable(self, seq: int) -> None:
        """Return when `seq` is committed with full sync. Raises LogError if writing failed."""
        if self._failure:
            raise LogError(self._failure)
        if seq <= self._durable:
            return
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((seq, future))
        await future

    def records(self, after: int = 0) -> Sequence[ev.Record]:
        if after + 1 >= self._first:
            return super().records(after)
        with contextlib.closing(connect_to_read(self.path)) as db:
            older = [r for r in read_records(db, after) if r.seq < self._first]
        return [*older, *self._records]

    async def close(self) -> None:
        """Write what is left, fold the WAL, release the log. A second call does nothing."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        self._lock.release()

    # ── the writer's thread ──
    def _write_all(self) -> None:
        """Until `close`. What the disk does not take is kept and tried again: space may be freed."""
        stop = False
        rows: list[ev.Record] = []
        while not stop:
            batch = self._next_batch(RETRY_S if rows else None)
            stop = None in batch
            rows += [r for r in batch if r is not None]
            if rows and self._written(rows):
                rows = []
            with contextlib.suppress(RuntimeError):  # the loop may be gone at exit
                self._loop.call_soon_threadsafe(self._committed)
        if rows:
            logger.error("%s: the last %d records are lost", self.path, len(rows))
        with contextlib.suppress(sqlite3.Error):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()

    def _next_batch(self, wait_s: float | None) -> list[ev.Record | None]:
        """What is queued; waits for the first, no longer than `wait_s`."""
        batch: list[ev.Record | None] = []
        with contextlib.suppress(queue.Empty):
            batch.append(self._queue.get(timeout=wait_s))
            while len(batch) < 512:
                batch.append(self._queue.get_nowait())
        return batch

    def _written(self, rows: Sequence[ev.Record]) -> bool:
        try:
            self._chain = self._commit(rows)
        except (sqlite3.Error, ValueError) as error:  # ValueError: text that is no Unicode
            if self._failure is None:
                logger.error("%s: the show log cannot be written (%s): free space or stop", self.path, error)
            self._failure = f"{self.path}: the show log could not be written ({error}); free space or stop"
            return False
        if self._failure is not None:
            logger.warning("%s: the show log is written again", self.path)
        self._failure, self._durable = None, rows[-1].seq
        return True

    def _commit(self, rows: Sequence[ev.Record]) -> bytes:
        """All rows or none; returns the chain's new end."""
        db, chain = self._db, self._chain
        with db:
            for record in rows:
                public, private, viewer = split(record.event)
                salt = secrets.token_bytes(16) if private else b""
                personal_hash = hashlib.sha256(salt + private.encode()).digest() if private else b""
                chain = chained(
                    chain, record.seq, record.at_ms, record.turn_id, record.cause_seq, public, personal_hash
                )
                db.execute(
                    "INSERT INTO record VALUES (?,?,?,?,?,?,?,?)",
                    (record.seq, record.at_ms, record.kind, record.turn_id, record.cause_seq, public,
                     personal_hash, chain),
                )  # fmt: skip
                if private:
                    db.execute("INSERT INTO personal VALUES (?,?,?,?)", (record.seq, viewer, salt, private))
        return chain

    def _committed(self) -> None:
        still = []
        for seq, future in self._waiting:
            if future.done():
                continue
            if self._failure:
                future.set_exception(LogError(self._failure))
            elif seq <= self._durable:
                future.set_result(None)
            else:
                still.append((seq, future))
        self._waiting = still
