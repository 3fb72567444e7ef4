"""The show log: what happened, in order, once.

`MemoryLog` keeps records in memory (ask, tests, evals). `ShowLog` adds SQLite: one writer thread,
group commit, WAL with full sync, a hash chain that `verify()` walks. Personal text sits in a side
table under a salted hash, so a viewer can be forgotten and the chain still holds.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import queue
import secrets
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import filelock
import msgspec

from cohost import events as ev
from cohost.clock import Clock
from cohost.errors import BusyError, LogError
from cohost.log_text import join, split

MIGRATIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE record (
        seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, turn_id TEXT,
        cause_seq INTEGER, data TEXT NOT NULL, personal_hash BLOB NOT NULL, chain BLOB NOT NULL
    );
    CREATE TABLE personal (seq INTEGER PRIMARY KEY, viewer TEXT, salt BLOB NOT NULL, data TEXT NOT NULL);
    CREATE INDEX personal_viewer ON personal (viewer);
    """,
)


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


@dataclass(frozen=True)
class Verified:
    """What `verify` found: `ok`, how many records, and the first thing wrong."""

    ok: bool
    records: int
    forgotten: int
    problem: str = ""


class ShowLog(MemoryLog):
    """A show on disk. One process at a time owns a log (a lock file beside it).

    The newest `keep` records stay in memory; older ones are read back from the file.
    """

    def __init__(self, path: Path, clock: Clock, *, keep: int = 50_000) -> None:
        super().__init__(clock)
        self.path = path
        self._keep = keep
        self._lock = _own(path)
        try:
            self._db = _open(path)
        except (sqlite3.DatabaseError, LogError) as error:
            self._lock.release()
            raise LogError(f"{_no_log(path, error)}: name another file with --log") from error
        loaded = list(_read(self._db, 0, newest=keep))
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
        with contextlib.closing(_connect_to_read(self.path)) as db:
            older = [r for r in _read(db, after) if r.seq < self._first]
        return [*older, *self._records]

    async def close(self) -> None:
        """Write what is left, fold the WAL, release the log. A second call does nothing."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        self._lock.release()

    # ── the writer's thread ──
    def _write_all(self) -> None:
        db = self._db
        stop = False
        while not stop:
            batch = [self._queue.get()]
            while len(batch) < 512:
                try:
                    batch.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            if None in batch:
                stop = True
            rows = [r for r in batch if r is not None]
            try:
                if rows and self._failure is None:
                    self._commit(db, rows)
            except (sqlite3.Error, ValueError) as error:  # ValueError: text that is no Unicode
                self._failure = (
                    f"{self.path}: the show log could not be written ({error}); free space or stop"
                )
            with contextlib.suppress(RuntimeError):  # the loop may be gone at exit
                self._loop.call_soon_threadsafe(self._committed)
        with contextlib.suppress(sqlite3.Error):
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()

    def _commit(self, db: sqlite3.Connection, rows: Sequence[ev.Record]) -> None:
        with db:
            for record in rows:
                public, private, viewer = split(record.event)
                salt = secrets.token_bytes(16) if private else b""
                personal_hash = hashlib.sha256(salt + private.encode()).digest() if private else b""
                self._chain = _link(self._chain, record, public, personal_hash)
                db.execute(
                    "INSERT INTO record VALUES (?,?,?,?,?,?,?,?)",
                    (record.seq, record.at_ms, record.kind, record.turn_id, record.cause_seq, public,
                     personal_hash, self._chain),
                )  # fmt: skip
                if private:
                    db.execute("INSERT INTO personal VALUES (?,?,?,?)", (record.seq, viewer, salt, private))
        self._durable = rows[-1].seq

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


# ── the file ────────────────────────────────────────────────────────────────────────────────────
def _own(path: Path) -> filelock.BaseFileLock:
    if not _may_be_log(path):
        raise _no_log(path, "not a database")
    lock = filelock.FileLock(f"{path}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise BusyError(
            f"{path}: got a show log that another cohost process is writing, expected a free one: "
            "stop that process or name another file with --log"
        ) from None
    except OSError as error:
        raise LogError(
            f"{path}: got “{error.strerror}” for the show log, expected a folder that can be written: "
            "name another file with --log"
        ) from error
    return lock


def _may_be_log(path: Path) -> bool:
    """False for a folder and another program's file, beside which no lock file shall lie."""
    try:
        with path.open("rb") as file:
            return file.read(16) in (b"", b"SQLite format 3\0")
    except OSError:
        return not path.is_dir()


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, check_same_thread=False, timeout=5)


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Reading writes nothing; where nothing could be written, SQLite is told that nobody writes."""
    alone = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    where = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    return sqlite3.connect(where, uri=True, check_same_thread=False, timeout=5)


def _open(path: Path) -> sqlite3.Connection:
    db = _connect(path)
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and not (version and {"meta", "record", "personal"} <= tables):
        raise LogError("a database of another program")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    if version > len(MIGRATIONS):
        raise LogError(f"written by a newer cohost (format {version}, this one knows {len(MIGRATIONS)})")
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        db.executescript(f"BEGIN; {script} PRAGMA user_version={number}; COMMIT;")
    return db


def _link(chain: bytes, record: ev.Record, public: str, personal_hash: bytes) -> bytes:
    head = f"{record.seq}|{record.at_ms}|{record.turn_id or ''}|{record.cause_seq or ''}|".encode()
    return hashlib.sha256(chain + head + public.encode() + personal_hash).digest()


def _read(db: sqlite3.Connection, after: int, newest: int | None = None) -> Iterator[ev.Record]:
    limit = ""
    if newest is not None:
        limit = f" AND record.seq > (SELECT COALESCE(MAX(seq), 0) - {int(newest)} FROM record)"
    rows = db.execute(
        "SELECT record.seq, at_ms, turn_id, cause_seq, record.data, personal.data, length(personal_hash)"
        " FROM record LEFT JOIN personal ON personal.seq = record.seq"
        f" WHERE record.seq > ?{limit} ORDER BY record.seq",
        (after,),
    )
    for seq, at_ms, turn_id, cause_seq, public, private, hashed in rows:
        event = join(public, private, forgotten=bool(hashed) and private is None)
        yield ev.Record(seq, at_ms, turn_id, cause_seq, event)


_DAMAGE = (sqlite3.Error, msgspec.MsgspecError, ValueError, TypeError, AttributeError, LookupError)
"""What reading a file raises that another program wrote or that lost some bytes."""


def read_log(path: Path) -> list[ev.Record]:
    """Every record of a log on disk, without owning it. Raises LogError."""
    if not path.is_file():
        raise LogError(f"{path}: got no file, expected a show log that `cohost serve` or `demo` wrote")
    try:
        with contextlib.closing(_connect_to_read(path)) as db:
            return list(_read(db, 0))
    except _DAMAGE as error:
        raise _no_log(path, error) from error


def verify(path: Path) -> Verified:
    """Walk the chain: every record present, in order, unchanged; forgotten text is allowed."""
    if not path.is_file():
        raise LogError(f"{path}: got no file, expected a show log")
    walked = _Walk()
    try:
        with contextlib.closing(_connect_to_read(path)) as db:
            for row in db.execute(
                "SELECT record.seq, at_ms, turn_id, cause_seq, record.data, personal_hash, chain, salt,"
                " personal.data FROM record LEFT JOIN personal ON personal.seq = record.seq"
                " ORDER BY record.seq"
            ):
                if problem := walked.step(*row):
                    return Verified(False, walked.records, walked.forgotten, problem)
    except _DAMAGE as error:
        return Verified(False, walked.records, walked.forgotten, f"the file is damaged ({error})")
    return Verified(True, walked.records, walked.forgotten)


class _Walk:
    """The chain up to here; `step` takes a row and tells what is wrong with it, "" when nothing is."""

    def __init__(self) -> None:
        self.records = 0
        self.forgotten = 0
        self._chain = b""

    def step(
        self,
        seq: int,
        at_ms: int,
        turn_id: str | None,
        cause_seq: int | None,
        public: str,
        personal_hash: bytes,
        link: bytes,
        salt: bytes | None,
        private: str | None,
    ) -> str:
        if seq != self.records + 1:
            return f"record {self.records + 1} is missing"
        if private is not None and hashlib.sha256((salt or b"") + private.encode()).digest() != personal_hash:
            return f"record {seq}: personal text was changed"
        head = f"{seq}|{at_ms}|{turn_id or ''}|{cause_seq or ''}|".encode()
        self._chain = hashlib.sha256(self._chain + head + public.encode() + personal_hash).digest()
        if self._chain != link:
            return f"record {seq} was changed"
        self.forgotten += private is None and bool(personal_hash)
        self.records += 1
        return ""


def forget(path: Path, viewer: str) -> int:
    """Delete a viewer's words and name from a log, from the bytes of the file too; returns how many
    records lost text. Raises BusyError, LogError."""
    lock = _own(path)
    try:
        with contextlib.closing(_open(path)) as db:
            db.execute("PRAGMA secure_delete=ON")
            with db:
                count = db.execute("DELETE FROM personal WHERE viewer = ?", (viewer,)).rowcount
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return count
    except (sqlite3.DatabaseError, LogError) as error:
        raise _no_log(path, error) from error
    finally:
        lock.release()


def _no_log(path: Path, error: Exception | str) -> LogError:
    return LogError(
        f"{path}: got a file that is no readable show log ({error}), expected one that cohost wrote"
    )
