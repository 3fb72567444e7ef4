"""A folder's own cases, as `cohost eval-draft` wrote them and a person accepted them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from evals.case import OwnCase, SearchCase, read_cases
from evals.outcome import Outcome
from evals.runners.answers import asked
from evals.runners.base import RunCase
from evals.suite import Suite, load_suites, own_files
from evals.world import World


def absent(world: World) -> str:
    """Why there is nothing to run: no file, or nothing in it that somebody accepted."""
    files = _files(world)
    if world.cases is None or not files:
        return "no cases of this folder: write some with `cohost eval-draft`, or name a file with --cases"
    every = read_cases(files, OwnCase)
    if not any(case.accepted_by for case in every):
        return f"none of the {len(every)} cases in {world.cases.name} is accepted: eval-draft --accept"
    return ""


def _files(world: World) -> list[Path]:
    if world.cases is None or not world.cases.exists():
        return []
    return own_files(world.cases, load_suites())


def load(suite: Suite, world: World) -> Sequence[OwnCase]:
    """The accepted cases."""
    files = _files(world)
    return [c for c in read_cases(files, OwnCase) if c.accepted_by and c.expect] if files else []


def load_searches(suite: Suite, world: World) -> Sequence[SearchCase]:
    """Accepted cases that must cite a document."""
    return [
        SearchCase(
            id=f"asked-{c.id}", lang=c.lang, question=c.question, market=c.market, product=c.product,
            documents=tuple(g for entry in c.expect.cite for g in entry.split("|")),
        )
        for c in load(suite, world)
        if c.expect and c.expect.cite and c.expect.cite != ("kb.toml",)
    ]  # fmt: skip


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    await world.knowledge()

    async def run(case: OwnCase) -> list[Outcome]:
        assert case.expect is not None
        trait = case.tags[0] if case.tags else ""
        return [await asked(world, suite, case, case.expect, case.lang, {"trait": trait})]

    yield run
