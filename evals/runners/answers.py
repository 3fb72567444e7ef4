"""Whole answers: each question through the stages of a room of its own, scored against its expectation."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from cohost import events as ev
from cohost.understanding.language import detect
from evals.case import (
    Expectation,
    OwnCase,
    QuestionCase,
    expectation_of,
    plain,
    read_cases,
    read_expectations,
)
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.scorers import answer_scores, said_never, wanted
from evals.suite import HOME, Suite
from evals.world import World, judged

SHOWN = ("action", "reason", "intent", "lang", "text", "product", "variant", "market", "notify_host")


def load(suite: Suite, world: World) -> Sequence[QuestionCase]:
    cases = read_cases(suite.files(), QuestionCase)
    expected(suite, cases)
    return cases


def expected(suite: Suite, cases: Sequence[QuestionCase]) -> dict[str, Expectation]:
    """Case id → its expectation. Raises OperatorError where a name is unknown."""
    known = read_expectations(HOME / "cases" / suite.expectations)
    return {case.id: expectation_of(case, known, f"{suite.name}.toml") for case in cases}


def shown(owed: Expectation, lang: str) -> dict[str, Any]:
    """An expectation as the reports show it: this language's words alone."""
    words = {k: wanted(getattr(owed, k), lang) for k in ("condition", "says", "affirm_never")}
    data: dict[str, Any] = plain(owed)
    return data | {k: list(v) for k, v in words.items()}


def line_of(case: QuestionCase | OwnCase) -> dict[str, Any]:
    """The case as a line of `cohost ask --stdin`."""
    line: dict[str, Any] = {"id": case.id, "question": case.question}
    return line | {k: v for k, v in (("market", case.market), ("product", case.product)) if v}


def trait_of(case: QuestionCase) -> str:
    """The kind of question, from its expectation's name: for grouping."""
    return case.expect.rsplit("-", 1)[0] if "-" in case.expect else case.expect


def effort(records: Sequence[ev.Record]) -> dict[str, float]:
    """The look-up's best score, and the tokens a language model took."""
    best = [max(e.scores, default=0.0) for r in records if isinstance(e := r.event, ev.EvidenceFound)]
    tokens = sum(e.tokens for r in records if isinstance(e := r.event, ev.DecisionMade))
    return {"score": round(max(best, default=0.0), 4), "tokens": float(tokens)}


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    expectations = expected(suite, read_cases(suite.files(), QuestionCase))
    await world.knowledge()

    async def run(case: QuestionCase) -> list[Outcome]:
        lang = case.reply_lang or case.lang
        groups = {"trait": trait_of(case)}
        return [await asked(world, suite, case, expectations[case.id], lang, groups)]

    yield run


async def asked(
    world: World,
    suite: Suite,
    case: QuestionCase | OwnCase,
    owed: Expectation,
    lang: str,
    groups: Mapping[str, str],
) -> Outcome:
    """One question in a room of its own, scored. `lang`: the language the reply owes."""
    answer, records = await world.ask(line_of(case), suite.on)
    scores = answer_scores(
        owed, answer, lang=lang, length=suite.length, quote=world.quote_stands,
        detect=lambda text: detect(text, hint=lang).lang,
    )  # fmt: skip
    got = {k: answer[k] for k in SHOWN}
    got["documents"] = [c["document"] for c in answer["citations"]]
    got["judged"] = judged(records)
    got |= {k: v for k, v in effort(records).items() if v}
    if never := said_never(owed, answer["text"], lang):
        got["said_never"] = never
    return Outcome(
        case=case.id, lang=case.lang, asked=case.question, scores=scores, got=got,
        expected=shown(owed, lang), evidence=tuple(answer["citations"]),
        ms=answer["timing_ms"]["total"],
        groups={"intent": answer["intent"], "market": case.market or "", **groups},
    )  # fmt: skip
