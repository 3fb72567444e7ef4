"""The show log's file: SQLite with a hash chain over the records and personal text apart from it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import filelock
import msgspec

from cohost import events as ev
from cohost.errors import BusyError, LogError
from cohost.log_text import join

_FORGET = """
    DELETE FROM personal WHERE viewer = ? OR viewer IS NULL AND seq IN (
        SELECT record.seq FROM record, json_each(record.data, '$.askers') AS asker
        WHERE json_extract(asker.value, '$.viewer') = ?
        UNION SELECT record.seq FROM record, json_each(record.data, '$.winners') AS winner
        WHERE json_extract(winner.value, '$.viewer') = ?
    )
"""
"""What was decided for several people, or won by them, keeps no name when one of them is forgotten."""

DAMAGE = (sqlite3.Error, msgspec.MsgspecError, ValueError, TypeError, AttributeError, LookupError)
"""What reading a file raises that another program wrote or that lost some bytes."""

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


@dataclass(frozen=True)
class Verified:
    """What `verify` found: `ok`, how many records, and the first thing wrong."""

    ok: bool
    records: int
    forgotten: int
    problem: str = ""


def own(path: Path) -> filelock.BaseFileLock:
    """The lock of the one writer. Raises BusyError, LogError."""
    if not _may_be_log(path):
        raise LogError(f"{no_log(path, 'no database')}: name another file with --log")
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


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Reading writes nothing; where nothing could be written, SQLite is told that nobody writes."""
    alone = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    where = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    return sqlite3.connect(where, uri=True, check_same_thread=False, timeout=5)


def open_db(path: Path) -> sqlite3.Connection:
    """To write; tables are made where there are none. Raises LogError, sqlite3.Error."""
    db = sqlite3.connect(path, check_same_thread=False, timeout=5)
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


def chained(
    chain: bytes,
    seq: int,
    at_ms: int,
    turn_id: str | None,
    cause_seq: int | None,
    public: str,
    personal: bytes,
) -> bytes:
    """The chain's next link over one record; `personal` is the hash of its personal text."""
    head = f"{seq}|{at_ms}|{turn_id or ''}|{cause_seq or ''}|".encode()
    return hashlib.sha256(chain + head + public.encode() + personal).digest()


def read_records(db: sqlite3.Connection, after: int, newest: int | None = None) -> Iterator[ev.Record]:
    """Those after `after`, of these the `newest`. Raises one of DAMAGE."""
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


def read_log(path: Path) -> list[ev.Record]:
    """Every record of a log on disk, without owning it. Raises LogError."""
    if not path.is_file():
        raise LogError(f"{path}: got no file, expected a show log that `cohost serve` or `demo` wrote")
    try:
        with contextlib.closing(connect_to_read(path)) as db:
            return list(read_records(db, 0))
    except DAMAGE as error:
        raise no_log(path, error) from error


def verify(path: Path) -> Verified:
    """Walk the chain: every record present, in order, unchanged; forgotten text is allowed."""
    if not path.is_file():
        raise LogError(f"{path}: got no file, expected a show log")
    walked = _Walk()
    try:
        with contextlib.closing(connect_to_read(path)) as db:
            for row in db.execute(
                "SELECT record.seq, at_ms, turn_id, cause_seq, record.data, personal_hash, chain, salt,"
                " personal.data FROM record LEFT JOIN personal ON personal.seq = record.seq"
                " ORDER BY record.seq"
            ):
                if problem := walked.step(*row):
                    return Verified(False, walked.records, walked.forgotten, problem)
    except DAMAGE as error:
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
        self._chain = chained(self._chain, seq, at_ms, turn_id, cause_seq, public, personal_hash)
        if self._chain != link:
            return f"record {seq} was changed"
        self.forgotten += private is None and bool(personal_hash)
        self.records += 1
        return ""


def forget(path: Path, viewer: str) -> int:
    """Delete a viewer's words and name from a log, from the bytes of the file too; returns how many
    records lost text. Raises BusyError, LogError."""
    return _deleted(path, _FORGET, (viewer, viewer, viewer))


def forget_everybody(path: Path) -> int:
    """Delete every viewer's words and names from a log; returns how many records lost text. Raises BusyError,
    LogError."""
    return _deleted(path, "DELETE FROM personal", ())


def _deleted(path: Path, statement: str, values: tuple[str, ...]) -> int:
    """Delete personal rows, from the bytes of the file too."""
    lock = own(path)
    try:
        with contextlib.closing(open_db(path)) as db:
            db.execute("PRAGMA secure_delete=ON")
            with db:
                count = db.execute(statement, values).rowcount
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return count
    except (sqlite3.DatabaseError, LogError) as error:
        raise no_log(path, error) from error
    finally:
        lock.release()


def no_log(path: Path, error: Exception | str) -> LogError:
    """What to say of a file that is none."""
    return LogError(
        f"{path}: got a file that is no readable show log ({error}), expected one that cohost wrote"
    )
