"""Caches are made again, never trusted: damaged vector files, a damaged or foreign-held index."""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from cohost.knowledge import given
from cohost.knowledge.embed import CachedEmbedder, E5Embedder, VectorCache, key_of
from cohost.knowledge.index import ChromaStore, DenseIndex
from cohost.ports import Vector

TEXTS = [f"line {n}" for n in range(40)]


class Letters:
    """An embedder that counts its calls."""

    name = "letters"
    dim = 4

    def __init__(self) -> None:
        self.asked = 0

    def knows(self, lang: str) -> bool:
        return True

    async def embed(self, texts: Sequence[str], *, query: bool) -> Vector:
        self.asked += len(texts)
        return np.asarray([[len(t), *map(ord, t[-3:])] for t in texts], np.float32)


def embed(path: Path) -> tuple[Vector, int]:
    model, cache = Letters(), VectorCache(path)
    try:
        return asyncio.run(CachedEmbedder(model, cache).embed(TEXTS, query=False)), model.asked
    finally:
        cache.close()


def garbage(path: Path) -> None:
    path.write_bytes(b"no database " * 900)


def torn(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)


def other_sizes(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("UPDATE vector SET data = x'0102030405'")
        db.execute("UPDATE vector SET data = x'01020304' WHERE rowid < 9")
    db.close()


@pytest.mark.parametrize("damage", [garbage, torn, other_sizes])
def test_vectors_of_a_damaged_cache_are_made_again(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "vectors.sqlite"
    first, asked = embed(path)
    assert asked == len(TEXTS)
    assert embed(path)[1] == 0
    damage(path)  # type: ignore[operator]
    again, asked = embed(path)
    assert asked == len(TEXTS)
    assert np.array_equal(first, again)
    assert embed(path)[1] == 0


def test_a_disk_that_takes_no_vectors_costs_time_only(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    cache._db.execute("PRAGMA query_only=ON")
    got = asyncio.run(CachedEmbedder(Letters(), cache).embed(TEXTS, query=False))
    assert got.shape == (len(TEXTS), 4)
    cache.close()


@pytest.mark.parametrize("name", ["text", "empty", "folder"])
def test_a_damaged_index_is_searched_around_and_made_anew(tmp_path: Path, name: str) -> None:
    database = tmp_path / "chroma.sqlite3"
    if name == "folder":
        database.mkdir()
    else:
        database.write_bytes(b"garbage " * 900 if name == "text" else b"")
    vectors = np.eye(3, dtype=np.float32)
    store = ChromaStore.open(tmp_path)
    index = DenseIndex("use", vectors, ["a", "b", ""], store)
    assert index.search(vectors[1], ["b", ""], 1) == [(1, 1.0)]
    if store is not None:
        store.close()
    else:
        assert not database.exists()


def test_of_two_owners_the_second_searches_in_memory(tmp_path: Path) -> None:
    first = ChromaStore.open(tmp_path)
    assert first is not None
    assert ChromaStore.open(tmp_path) is None
    first.close()


def test_what_one_thread_opened_another_closes(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as thread:
        store = thread.submit(ChromaStore.open, tmp_path).result()
    assert store is not None
    store.close()
    again = ChromaStore.open(tmp_path)
    assert again is not None
    again.close()


def test_how_people_ask_need_not_be_embedded_at_a_first_start() -> None:
    shipped = given.load()
    wanted = [key_of(E5Embedder.name, text, query=True) for text in given.texts()]
    missing = [key for key in wanted if key not in shipped]
    assert not missing, "phrases changed: run python -m cohost.knowledge.given"
    cache = VectorCache(None, shipped)
    found = cache.get(wanted[:3])
    assert set(found) == set(wanted[:3])
    assert all(abs(float(np.linalg.norm(v)) - 1) < 1e-3 for v in found.values())
    cache.close()


def test_the_store_finds_what_the_matrix_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(7).normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    groups = [("a", "b", "")[n % 3] for n in range(60)]
    exact = DenseIndex("use", vectors, groups, None)
    monkeypatch.setattr("cohost.knowledge.index.EXACT_BELOW", 10)
    store = ChromaStore.open(tmp_path)
    assert store is not None
    stored = DenseIndex("use", vectors, groups, store)
    for allowed in ([], ["a", ""], ["b"]):
        wanted = [row for row, _ in exact.search(vectors[5], allowed, 5)]
        assert [row for row, _ in stored.search(vectors[5], allowed, 5)] == wanted
    assert exact.search(vectors[5], ["nowhere"], 5) == []
    store.close()
