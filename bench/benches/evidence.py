"""Evidence: how fast it is read and found, whether its quotes stand, how fast a reply is judged and composed.

Reading runs first, while no model is loaded. A page is a page of a pdf, a sheet of a workbook, or 3,000
characters of a docx or html; OCR and embedding are off. Look-ups run over 20,000 passages made from the
folder's own, with questions as the understanding reads them, after embedding. Quotes are looked for by the
second reader of the file; those of scans on the text that was printed on them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bench.evidence import judging, lookup, quotes, reading
from bench.evidence import marks as made
from bench.lines import questions
from bench.marks import Mark
from bench.setup import Setup
from cohost.common.question import Question
from cohost.errors import ModelMissing
from evals.world import SharedKnowledge, World

PASSAGES = 20_000
QUESTIONS = 80


def run(setup: Setup) -> list[Mark]:
    """Every mark; without a value where the folder does not hold what it speaks of."""
    files = reading.read_all(setup.folder, lambda n, of: setup.tell("evidence: reading", n, of))
    setup.tell("evidence: guard", 0, 1)
    checks = judging.guarded()
    setup.tell("evidence: guard", 1, 1)
    return [*made.reading(files), *asyncio.run(_with_models(setup, checks))]


async def _with_models(setup: Setup, checks: list[float]) -> list[Mark]:
    world = World(setup.folder, on=setup.on)
    try:
        knowledge = await world.knowledge()
        await knowledge.library.complete()
        asked = await judging.understood(
            world, setup, questions(QUESTIONS), lambda n, of: setup.tell("evidence: understanding", n, of)
        )
        answers = await judging.answered(knowledge, setup, asked)
        found = await _looked_up(setup, knowledge, asked)
        items = knowledge.built.items
        stand = made.quoting(quotes.second_reader(setup.folder, items), quotes.scans(setup.folder, items))
    finally:
        world.close()
    return [*made.looking_up(found, PASSAGES), *stand, *made.judging(checks, answers)]


async def _looked_up(
    setup: Setup, knowledge: SharedKnowledge, asked: Sequence[Question]
) -> list[lookup.LookUp]:
    """Nothing where an embedder is not installed."""
    setup.tell("evidence: passages", 0, PASSAGES)
    try:
        return await lookup.look_up(
            knowledge, asked, PASSAGES, lambda n, of: setup.tell("evidence: retrieval", n, of)
        )
    except ModelMissing:
        return []
