"""Outcomes kept by content: a case that nothing changed for is not run again.

The key covers the case as written, its suite, the code, the prompts, the installed packages (models come
in some of them), the settings, the folder's bytes, the show's date and outside data. What a run has
finished is kept at once, so a run that was broken off goes on where it was. Times are never kept.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

import cohost
from cohost import resources, settings
from cohost.errors import OperatorError
from evals.case import Case
from evals.outcome import Outcome
from evals.suite import HOME, Suite

CODE = frozenset({".py", ".toml", ".npz", ".onnx", ".json", ".md", ".txt", ".js", ".html", ".css"})
KEEP = 200_000
"""Outcomes kept; the oldest go first."""


class Cache:
    """One SQLite file. Raises OperatorError where it cannot be opened or written."""

    def __init__(self, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(file, timeout=30.0)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, outcomes BLOB NOT NULL)")
        except (OSError, sqlite3.Error) as error:
            raise OperatorError(
                f"{file}: got {error}, expected a file that can be written; --fresh runs without it"
            ) from error

    def get(self, key: str) -> list[Outcome] | None:
        """What was kept under a key; None where nothing readable is."""
        row = self._db.execute("SELECT outcomes FROM kept WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        try:
            return msgspec.json.decode(row[0], type=list[Outcome])
        except msgspec.DecodeError:
            return None

    def put(self, key: str, outcomes: Sequence[Outcome]) -> None:
        """Kept without times."""
        plain = [msgspec.structs.replace(o, ms=None, times={}) for o in outcomes]
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (key, msgspec.json.encode(plain)))

    def close(self) -> None:
        """Forget the oldest beyond `KEEP`."""
        with self._db:
            self._db.execute(
                "DELETE FROM kept WHERE rowid <= (SELECT MAX(rowid) FROM kept) - ?", (KEEP,)
            )  # fmt: skip
        self._db.close()


def default_file() -> Path:
    """Where outcomes are kept: the user's cache."""
    return resources.cache_dir() / "evals.sqlite"


def case_key(suite: Suite, case: Case, extra: str, setup: str) -> str:
    """`extra`: what the suite reads beside its cases; `setup`: `fingerprint` of everything shared."""
    parts = (setup, extra, suite.runner, str(suite.on), str(suite.length))
    digest = hashlib.sha256("\0".join(parts).encode())
    digest.update(type(case).__name__.encode() + msgspec.json.encode(case))
    return digest.hexdigest()


def suite_extra(suite: Suite) -> str:
    """A hash of the tables and sounds a suite reads beside its cases."""
    digest, home = hashlib.sha256(), HOME / "cases"
    named = [home / name for name in (suite.expectations, suite.evidence) if name]
    for file in (*named, *(f for glob in suite.beside for f in sorted(home.glob(glob)))):
        if file.is_file():
            digest.update(f"{file.relative_to(home)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def fingerprint(version: str, on: object, data: Path | None) -> str:
    """A hash of code, prompts, packages, settings, the folder's `version`, the date, and outside data."""
    digest = hashlib.sha256(f"{version}\0{on}\0{settings.load()!r}\0".encode())
    digest.update("\0".join(_packages()).encode())
    code = (Path(cohost.__file__).parent, HOME, resources.find("prompts"))
    for root in code:
        _add_files(digest, root, (f for f in _files(root) if f.suffix in CODE and "cases" not in f.parts))
    if data is not None:
        for file in _files(data):
            stat = file.stat()
            digest.update(f"{file.relative_to(data)}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def folder_version(folder: Path) -> str:
    """A hash of a folder's files, as reports name what was measured."""
    digest = hashlib.sha256()
    _add_files(digest, folder, _files(folder))
    return digest.hexdigest()[:16]


def _packages() -> list[str]:
    found = {(d.metadata["Name"] or "", d.version) for d in importlib.metadata.distributions()}
    return sorted(f"{name}=={version}" for name, version in found)


def _files(root: Path) -> list[Path]:
    """Every file below a folder, hidden ones and byte code left out."""
    return sorted(
        f for f in root.rglob("*")
        if f.is_file() and not any(p.startswith((".", "__pycache__")) for p in f.relative_to(root).parts)
    )  # fmt: skip


def _add_files(digest: hashlib._Hash, root: Path, files: Iterable[Path]) -> None:
    for file in files:
        digest.update(str(file.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
