"""Shoppers' questions, and which of the product's texts answer them: semiPQA (rows of attributes), hetPQA and
ePQA (attributes, bullet points, descriptions, reviews, answers of others).

Source: Shen et al. 2022 and 2023, github.com/amazon-science/contextual-product-qa, CDLA-Sharing-1.0. Looked
for below `text/` as published, each by itself: `semiPQA/dev.csv` or `semiPQA/attribute_ranking/dev.csv` and
`hetPQA/evidence_ranking/dev.csv`, tab separated, `ePQA/dev.csv`, comma separated: columns qid, question,
candidate, label among others. Label 1 answers; in ePQA 2 does, 1 only in part.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from evals.case import Case
from evals.external.files import evenly, missing, rows_of
from evals.external.search import Shelf, rank_scores
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.suite import Suite
from evals.world import World

SETS = (
    ("semiPQA", ("text/semiPQA/dev.csv", "text/semiPQA/attribute_ranking/dev.csv"), "\t", "1"),
    ("hetPQA", ("text/hetPQA/evidence_ranking/dev.csv",), "\t", "1"),
    ("ePQA", ("text/ePQA/dev.csv",), ",", "2"),
)
"""Name, where it may lie, what parts its columns, the label of a text that answers."""
MOST = 150
_MARKS = re.compile(r"[{}\[\]\"';_]+|\bvalue:")


class RowsCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`rows` as plain words; `right`: the ones that answer."""

    question: str
    rows: tuple[str, ...]
    right: tuple[int, ...]


def absent(world: World) -> str:
    """Why there is nothing to measure: none of the sets is there."""
    every = [missing(world, place) for _, places, _, _ in SETS for place in places]
    return every[0] if all(every) else ""


def plain(row: str) -> str:
    """`color:  { value:"black" }` → `color: black`."""
    return " ".join(_MARKS.sub(" ", row).split())


def load(suite: Suite, world: World) -> Sequence[RowsCase]:
    """Questions that some text answers, of every set that is there."""
    found: list[RowsCase] = []
    for name, places, delimiter, answers in SETS:
        there = [place for place in places if not missing(world, place)]
        if world.data is not None and there:
            found += _cases(world.data / there[0], name, delimiter, answers)
    return found


def _cases(file: Path, name: str, delimiter: str, answers: str) -> list[RowsCase]:
    asked: dict[str, tuple[str, list[str], list[int]]] = {}
    for row in rows_of(file, ("qid", "question", "candidate", "label"), delimiter=delimiter):
        _, texts, right = asked.setdefault(row["qid"], (row["question"], [], []))
        if row["label"].strip() == answers:
            right.append(len(texts))
        texts.append(plain(row["candidate"]))
    answerable = [(qid, *entry) for qid, entry in asked.items() if entry[2]]
    head = "" if name == "semiPQA" else f"{name}-"
    return [
        RowsCase(
            id=f"{head}q{qid}", lang="en", question=question, rows=tuple(texts), right=tuple(right),
            tags=(name,),
        )
        for qid, question, texts, right in evenly(answerable, MOST)
    ]  # fmt: skip


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    models = (await world.knowledge()).library.embedders

    async def run(case: RowsCase) -> list[Outcome]:
        ranked = await Shelf(case.rows, models).ranked(case.question, words=True)
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=case.question,
                groups={"set": case.tags[0]}, expected={"rows": [case.rows[n] for n in case.right]},
                scores=rank_scores(ranked, set(case.right)),
                got={way: case.rows[rows[0]] for way, rows in ranked.items() if rows},
            )
        ]  # fmt: skip

    yield run
