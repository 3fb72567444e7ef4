"""semiPQA: a shopper's question, and which row of the product's attributes answers it.

Source: Shen et al. 2022, github.com/amazon-science/contextual-product-qa, CDLA-Sharing-1.0. Looked for:
`text/semiPQA/dev.csv`, tab separated: qid, qa_pair_id, question, candidate, label.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Sequence

from evals.case import Case
from evals.external.files import evenly, missing, rows_of
from evals.external.search import Shelf, rank_scores
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.suite import Suite
from evals.world import World

FILE = "text/semiPQA/dev.csv"
MOST = 150
_MARKS = re.compile(r"[{}\[\]\"';_]+|\bvalue:")


class RowsCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`rows` as plain words; `right`: the ones that answer."""

    question: str
    rows: tuple[str, ...]
    right: tuple[int, ...]


def absent(world: World) -> str:
    return missing(world, FILE)


def plain(row: str) -> str:
    """`color:  { value:"black" }` → `color: black`."""
    return " ".join(_MARKS.sub(" ", row).split())


def load(suite: Suite, world: World) -> Sequence[RowsCase]:
    """Questions that some row answers."""
    if world.data is None:
        return []
    asked: dict[str, tuple[str, list[str], list[int]]] = {}
    columns = ("qid", "question", "candidate", "label")
    for row in rows_of(world.data / FILE, columns, delimiter="\t"):
        _, texts, right = asked.setdefault(row["qid"], (row["question"], [], []))
        if row["label"].strip() == "1":
            right.append(len(texts))
        texts.append(plain(row["candidate"]))
    answerable = [(qid, *entry) for qid, entry in asked.items() if entry[2]]
    return [
        RowsCase(id=f"q{qid}", lang="en", question=question, rows=tuple(texts), right=tuple(right))
        for qid, question, texts, right in evenly(answerable, MOST)
    ]


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    models = (await world.knowledge()).library.embedders

    async def run(case: RowsCase) -> list[Outcome]:
        ranked = await Shelf(case.rows, models).ranked(case.question, words=True)
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=case.question,
                expected={"rows": [case.rows[n] for n in case.right]},
                scores=rank_scores(ranked, set(case.right)),
                got={way: case.rows[rows[0]] for way, rows in ranked.items() if rows},
            )
        ]  # fmt: skip

    yield run
