"""Evidence looked up among many passages, beside the same vectors in a Chroma collection, in turns.

Measured after embedding: the question's vector is there before the clock runs.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from bench.evidence import many
from cohost import resources
from cohost.clock import WallClock
from cohost.common.question import Question
from cohost.knowledge.embed import CachedEmbedder, E5Embedder, UseEmbedder, VectorCache, key_of
from cohost.knowledge.index import ChromaStore
from cohost.knowledge.library import KnowledgeLibrary, Models
from cohost.ports import Vector
from cohost.trust.evidence import Passage
from evals.world import SharedKnowledge

LIMIT = 24
ROUNDS = 3
"""Each look-up's best of three, ours and the peer's: what else the machine does is not measured."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class LookUp:
    """Milliseconds of one question: ours with its filters, Chroma's with the same, ours without product."""

    ours: float
    peer: float
    unfiltered: float


@dataclass(frozen=True)
class Many:
    """A library of many passages, and the same passages in a collection."""

    library: KnowledgeLibrary
    wide: CachedEmbedder
    sharp: CachedEmbedder
    collection: Any
    languages: tuple[str, ...]


async def look_up(
    knowledge: SharedKnowledge, questions: Sequence[Question], count: int, tell: Tell
) -> list[LookUp]:
    """Every question each way. [] where the folder holds no passage. Raises ModelMissing."""
    clock = WallClock()
    async with _many(knowledge, count) as large:
        if large is None:
            return []
        for question in questions:
            await large.wide.embed([question.text], query=True)
            if large.sharp.knows(question.lang):
                await large.sharp.embed([question.text], query=True)
        found = []
        for number, question in enumerate(questions):
            tell(number, len(questions))
            vector = (await large.wide.embed([question.text], query=True))[0]
            found.append(await _timed(large, question, vector, clock))
        return found


async def _timed(large: Many, question: Question, vector: Vector, clock: WallClock) -> LookUp:
    whole = msgspec.structs.replace(question, products=())
    where = filters(question, large.languages)

    async def peer() -> None:
        large.collection.query(query_embeddings=[vector.tolist()], n_results=LIMIT, where=where)

    ways: list[Callable[[], Awaitable[object]]] = [
        lambda: large.library.find(question, LIMIT), peer, lambda: large.library.find(whole, LIMIT)
    ]  # fmt: skip
    best = [float("inf")] * len(ways)
    for _ in range(ROUNDS):
        for n, way in enumerate(ways):
            started = clock.perf()
            await way()
            best[n] = min(best[n], (clock.perf() - started) * 1000)
    return LookUp(*best)


def filters(question: Question, languages: Sequence[str]) -> dict[str, Any]:
    """What a Chroma query is given: the product's or the brand's, the market's or everybody's, in the
    question's language or one that the papers are mostly written in."""
    spoken = list(dict.fromkeys((question.lang.split("-")[0], *languages)))
    asked: list[dict[str, Any]] = [{"lang": {"$in": spoken}}]
    if question.products:
        asked.append({"product": {"$in": [*question.products, ""]}})
    if question.market:
        asked.append({"market": {"$in": [question.market, ""]}})
    return {"$and": asked} if len(asked) > 1 else asked[0]


@asynccontextmanager
async def _many(knowledge: SharedKnowledge, count: int) -> AsyncIterator[Many | None]:
    built = knowledge.built
    markets = [m.code for m in built.kb.catalogue.markets]
    made = many.passages(built.items, markets, count)
    if not made:
        yield None
        return
    own = [p for p in made if int(p.id[1:]) < many.FIRST_ID]
    given: dict[bytes, Vector] = {}
    of_e5: Vector | None = None
    for model in (UseEmbedder(), E5Embedder()):
        on_file = await CachedEmbedder(model, knowledge.vectors).embed([p.text for p in own], query=False)
        rows = many.vectors(on_file, count)
        given |= {key_of(model.name, p.text, query=False): row for p, row in zip(made, rows, strict=True)}
        of_e5 = rows
    assert of_e5 is not None
    vectors = VectorCache(resources.cache_dir() / "vectors.sqlite", given)
    sharp, wide = CachedEmbedder(UseEmbedder(), vectors), CachedEmbedder(E5Embedder(), vectors)
    rest = [i for i in built.items if not isinstance(i, Passage)]
    large = msgspec.structs.replace(built, items=(*rest, *made))
    library = KnowledgeLibrary(large, Models(sharp=sharp, wide=wide), WallClock())
    with tempfile.TemporaryDirectory(prefix="cohost-bench-") as folder:
        try:
            await library.prepare({"use": sharp, "e5": wide}, store=ChromaStore.open(Path(folder)))
            await library.complete()
            with _collection(made, of_e5) as collection:
                yield Many(library, wide, sharp, collection, _languages(own))
        finally:
            library.close()
            vectors.close()


def _languages(own: Sequence[Passage]) -> tuple[str, ...]:
    """The two that most passages are written in."""
    langs = [p.source.lang.split("-")[0] for p in own]
    return tuple(sorted(set(langs), key=lambda lang: (-langs.count(lang), lang))[:2])


@contextmanager
def _collection(made: Sequence[Passage], vectors: Vector) -> Iterator[Any]:
    """The usual way's store, in memory; gone afterwards."""
    import chromadb

    client = chromadb.EphemeralClient(chromadb.Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        "evidence", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    for start in range(0, len(made), 2000):
        some = made[start : start + 2000]
        collection.add(
            ids=[p.id for p in some],
            embeddings=vectors[start : start + len(some)],
            documents=[p.text for p in some],
            metadatas=[
                {
                    "product": p.product or "", "market": p.markets[0] if p.markets else "",
                    "lang": p.source.lang.split("-")[0],
                }
                for p in some
            ],
        )  # fmt: skip
    try:
        yield collection
    finally:
        client.delete_collection("evidence")
