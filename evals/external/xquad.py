"""XQuAD-R: a question in one language, the English sentence that answers it.

Source: LAReQA (Roy et al. 2020), github.com/google-research-datasets/lareqa, CC-BY-SA-4.0. Looked for:
`text/xquad_r/<lang>.json[.gz]`, SQuAD's shape with `sentences` and `sentence_breaks`.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from cohost.errors import OperatorError
from cohost.languages import LANGUAGES
from evals.case import Case
from evals.external.files import evenly, load_json, missing, shaped
from evals.external.search import Shelf, rank_scores
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.suite import Suite
from evals.world import World

FOLDER = "text/xquad_r"
EACH = 60
"""Questions of each language."""


class AskedCase(Case, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`answer`: the row of the English sentence."""

    question: str
    answer: int


def absent(world: World) -> str:
    return missing(world, FOLDER)


def files_of(data: Path) -> dict[str, Path]:
    """Language → file. Raises OperatorError where English, the language of the answers, is wanting."""
    found = {f.name.split(".")[0]: f for f in sorted((data / FOLDER).glob("*.json*"))}
    if "en" not in found:
        raise OperatorError(f"{FOLDER}: got no en.json[.gz], expected the language of the answers")
    return {lang: file for lang, file in found.items() if lang in LANGUAGES}


def sentences_and_answers(file: Path) -> tuple[list[str], dict[str, int]]:
    """Every sentence, and question id → the row of the sentence its answer stands in."""
    content: Any = load_json(file)

    def read() -> tuple[list[str], dict[str, int]]:
        texts: list[str] = []
        rows: dict[str, int] = {}
        for article in content["data"]:
            for paragraph in article["paragraphs"]:
                first = len(texts)
                texts.extend(str(s) for s in paragraph["sentences"])
                for asked in paragraph["qas"]:
                    start = int(asked["answers"][0]["answer_start"])
                    for n, (_, end) in enumerate(paragraph["sentence_breaks"]):
                        if start < end:
                            rows[str(asked["id"])] = first + n
                            break
        return texts, rows

    return shaped(file, read)


def questions(file: Path) -> list[tuple[str, str]]:
    """(id, question), in the file's order."""
    content: Any = load_json(file)
    return shaped(file, lambda: [
        (str(q["id"]), str(q["question"]))
        for a in content["data"] for p in a["paragraphs"] for q in p["qas"]
    ])  # fmt: skip


def load(suite: Suite, world: World) -> Sequence[AskedCase]:
    if world.data is None:
        return []
    files = files_of(world.data)
    _, rows = sentences_and_answers(files["en"])
    cases: list[AskedCase] = []
    for lang, file in files.items():
        known = [(i, text) for i, text in questions(file) if i in rows]
        cases += [
            AskedCase(id=f"{lang}-{i}", lang=lang, question=text, answer=rows[i])
            for i, text in evenly(known, EACH)
        ]
    return cases


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    assert world.data is not None
    texts, _ = sentences_and_answers(files_of(world.data)["en"])
    shelf = Shelf(texts, (await world.knowledge()).library.embedders)

    async def run(case: AskedCase) -> list[Outcome]:
        ranked = await shelf.ranked(case.question, words=case.lang == "en")
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=case.question, expected={"sentence": texts[case.answer]},
                scores=rank_scores(ranked, {case.answer}),
                got={way: texts[rows[0]] for way, rows in ranked.items() if rows},
                groups={"pair": f"{case.lang}-en"},
            )
        ]  # fmt: skip

    yield run
