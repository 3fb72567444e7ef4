"""Nearest passages: exact search up to 100,000 of them, ChromaDB behind one owner process above.

The vectors in the cache are the truth; a Chroma collection is rebuilt from them whenever its
fingerprint differs. A process that does not get the owner's lock searches exactly, in memory.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import filelock
import numpy as np

from cohost.ports import Vector

EXACT_BELOW = 100_000
"""Rows under which one matrix product beats the vector store (some 4 ms at 20,000 rows)."""

LOCK = "owner.lock"
DAMAGED = "damaged"  # a mark beside the store: wipe it at the next start

logger = logging.getLogger(__name__)


class DenseIndex:
    """Unit vectors of one embedder; `search` gives (row, cosine) pairs, best first."""

    def __init__(self, name: str, vectors: Vector, groups: Sequence[str], store: ChromaStore | None) -> None:
        self._vectors = vectors
        self._names = {name: code for code, name in enumerate(dict.fromkeys(groups))}
        self._codes = np.fromiter((self._names[g] for g in groups), np.int32, len(groups))
        stored = store if len(vectors) > EXACT_BELOW else None
        self._store = stored.collection(name, vectors, groups) if stored is not None else None

    def search(self, query: Vector, allowed: Sequence[str], limit: int) -> list[tuple[int, float]]:
        """`allowed` are group names (product ids, "" for the brand's own); [] = every group."""
        if len(self._vectors) == 0:
            return []
        if self._store is not None:
            try:
                return self._ask_store(query, allowed, limit)
            except _chroma_error() as error:
                logger.warning("the vector store failed (%s): searching in memory", error)
                self._store = None
        scores = self._vectors @ query
        if allowed:
            wanted = np.zeros(len(self._names), bool)
            wanted[[self._names[name] for name in allowed if name in self._names]] = True
            scores = np.where(wanted[self._codes], scores, -np.inf)
        best = np.argpartition(-scores, limit)[:limit] if limit < len(scores) else np.arange(len(scores))
        ranked = best[np.lexsort((best, -scores[best]))]
        return [(int(row), float(scores[row])) for row in ranked if scores[row] > -np.inf]

    def _ask_store(self, query: Vector, allowed: Sequence[str], limit: int) -> list[tuple[int, float]]:
        where: dict[str, Any] | None = {"group": {"$in": list(allowed)}} if allowed else None
        assert self._store is not None
        got = self._store.query(
            query_embeddings=[query.tolist()], n_results=limit, where=where, include=["distances"]
        )
        return [(int(i), 1.0 - d) for i, d in zip(got["ids"][0], got["distances"][0], strict=True)]


class ChromaStore:
    """The one owner of a Chroma folder. `open` gives None where another process owns it."""

    def __init__(self, path: Path, lock: filelock.BaseFileLock) -> None:
        import chromadb
        from chromadb.config import Settings

        self._path = path
        self._lock = lock
        self._client: Any = chromadb.PersistentClient(
            path=str(path), settings=Settings(anonymized_telemetry=False, allow_reset=True)
        )

    @classmethod
    def open(cls, path: Path) -> ChromaStore | None:
        path.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(path / LOCK, thread_local=False)  # opened in one thread, closed in another
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            logger.info("%s: another cohost process owns this index, searching in memory", path)
            return None
        except OSError as error:
            logger.warning("%s cannot be written (%s); searching in memory", path, error.strerror)
            return None
        if (path / DAMAGED).exists():
            _wipe(path)
        try:
            return cls(path, lock)
        except _chroma_error() as error:
            _wipe(path)
            (path / DAMAGED).touch()  # this process keeps the broken one in mind: the next makes it anew
            logger.warning("%s is damaged (%s): it is made anew, searching in memory", path, error)
            lock.release()
            return None

    def collection(self, name: str, vectors: Vector, groups: Sequence[str]) -> Any:
        """The collection with exactly these rows, rebuilt if it holds others; None where the store is
        damaged."""
        try:
            return self._collection(f"passages-{name}", vectors, groups)
        except _chroma_error() as error:
            (self._path / DAMAGED).touch()
            logger.warning("%s is damaged (%s): searching in memory", self._path, error)
            return None

    def _collection(self, full: str, vectors: Vector, groups: Sequence[str]) -> Any:
        print_ = _fingerprint(vectors, groups)
        try:
            held = self._client.get_collection(full, embedding_function=None)
            if (held.metadata or {}).get("fingerprint") == print_ and held.count() == len(vectors):
                return held
            self._client.delete_collection(full)
        except _missing():
            pass
        made = self._client.create_collection(
            full,
            embedding_function=None,
            metadata={"fingerprint": print_},
            configuration={"hnsw": {"space": "cosine"}},
        )
        for start in range(0, len(vectors), 2000):
            end = min(start + 2000, len(vectors))
            made.add(
                ids=[str(i) for i in range(start, end)],
                embeddings=vectors[start:end],
                metadatas=[{"group": g} for g in groups[start:end]],
            )
        return made

    def close(self) -> None:
        self._lock.release()


def _wipe(path: Path) -> None:
    """Everything but the lock, which this process holds."""
    for entry in path.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != LOCK:
            entry.unlink(missing_ok=True)


def _chroma_error() -> type[Exception]:
    from chromadb.errors import ChromaError

    error: type[Exception] = ChromaError
    return error


def _missing() -> tuple[type[Exception], ...]:
    from chromadb.errors import NotFoundError

    return (NotFoundError, ValueError)


def _fingerprint(vectors: Vector, groups: Sequence[str]) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(vectors).tobytes())
    digest.update("\0".join(groups).encode())
    return digest.hexdigest()
