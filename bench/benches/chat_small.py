"""A chat's lines understood: our stage beside the usual way, in turns in one run.

The usual way takes each line by itself: langdetect, an embedding, the nearest five of a Chroma
collection. Ours triages, finds language, product and attribute, and merges.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import chromadb

from bench.lines import chat
from bench.marks import Mark
from bench.setup import Setup
from cohost import events as ev
from cohost.clock import WallClock
from cohost.knowledge.embed import CachedEmbedder, E5Embedder
from cohost.trust.evidence import Passage
from evals.runners.language import peers
from evals.world import SharedKnowledge, World

LINES, TURNS = 2000, 4
PEER_SHARE = 5
"""The usual way reads every fifth line: it is far slower, its rate is what counts."""


def run(setup: Setup) -> list[Mark]:
    """Lines a second, ours and the usual way's, over the same mixed lines."""
    return asyncio.run(_run(setup))


async def _run(setup: Setup) -> list[Mark]:
    lines = chat(LINES)
    world, clock = World(setup.folder, on=setup.on), WallClock()
    ours = theirs = 0.0
    read = 0
    try:
        knowledge = await world.knowledge()
        usual = await usual_way(knowledge)
        await _understood(world, setup, lines[:20])
        for turn in range(TURNS):
            setup.tell("chat_small", turn, TURNS)
            some = lines[turn::TURNS]
            started = clock.perf()
            await _understood(world, setup, some)
            ours += clock.perf() - started
            few = some[::PEER_SHARE]
            started = clock.perf()
            for line in few:
                await usual(line)
            theirs += clock.perf() - started
            read += len(few)
    finally:
        world.close()
    return [
        Mark(
            bench="chat_small", mark="lines", value=LINES / ours, unit="1/s", n=LINES, better="higher",
            peer="langdetect + E5 + Chroma, a line at a time", peer_value=read / theirs,
        ),
    ]  # fmt: skip


async def _understood(world: World, setup: Setup, lines: list[str]) -> None:
    """Put the lines in and wait until each is triaged."""
    async with world.room(setup.on, only="understanding") as room:
        for number, line in enumerate(lines):
            room.inlet.submit(line, viewer=f"v{number}", platform="room")
        done = 0
        async for record in room.log.cursor():
            if isinstance(record.event, ev.MessageTriaged):
                done += 1
            if done == len(lines):
                break


async def usual_way(knowledge: SharedKnowledge) -> Callable[[str], Awaitable[object]]:
    """A collection of every passage with E5's vectors, and one look-up a line."""
    texts = [i.text for i in knowledge.library.all() if isinstance(i, Passage)]
    embedder = E5Embedder()
    vectors = await CachedEmbedder(embedder, knowledge.vectors).embed(texts, query=False)
    client = chromadb.EphemeralClient(chromadb.Settings(anonymized_telemetry=False))
    passages = client.get_or_create_collection(
        "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    passages.add(ids=[str(n) for n in range(len(texts))], embeddings=list(vectors), documents=texts)
    language = peers()["langdetect"]

    async def look_up(line: str) -> object:
        vector = await embedder.embed([line], query=True)
        return language(line), passages.query(query_embeddings=list(vector), n_results=5)

    return look_up
