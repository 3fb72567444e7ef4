"""A typed question to its posted reply, through every stage, without an LLM."""

from __future__ import annotations

import asyncio

from bench.lines import questions
from bench.marks import Mark, quantile
from bench.setup import Setup
from cohost.clock import WallClock
from evals.runners.answers import line_of
from evals.world import World

COUNT = 80
WARM = 4
TARGET_MS = 100.0


def run(setup: Setup) -> list[Mark]:
    """p50 and p95 over questions that got a reply; models are loaded before."""
    return asyncio.run(_run(setup))


async def _run(setup: Setup) -> list[Mark]:
    world, clock = World(setup.folder, on=setup.on), WallClock()
    total: list[float] = []
    parts: dict[str, list[float]] = {"language": [], "retrieve": [], "compose": []}
    some = questions(COUNT + WARM)
    try:
        await (await world.knowledge()).library.complete()
        for number, case in enumerate(some):
            setup.tell("text", number, len(some))
            async with world.room(setup.on) as room:
                started = clock.perf()
                answer = await world.ask_in(room, line_of(case))
                took = (clock.perf() - started) * 1000
            if number >= WARM and answer["text"]:
                total.append(took)
                for part, values in parts.items():
                    values.append(answer["timing_ms"][part])
    finally:
        world.close()
    n = len(total)
    return [
        Mark(bench="text", mark="p50", value=quantile(total, 0.5), unit="ms", n=n, target=TARGET_MS),
        Mark(bench="text", mark="p95", value=quantile(total, 0.95), unit="ms", n=n),
        *(
            Mark(bench="text", mark=f"{part} p50", value=quantile(values, 0.5), unit="ms", n=n)
            for part, values in parts.items()
        ),
    ]
