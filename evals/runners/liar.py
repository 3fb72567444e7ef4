"""The answers behind a writer that lies, and behind one that tells the truth.

First the composer answers; its sentences are the truth. Then the same question is asked again in a
fresh room for every planted fault, with a writer that says the faulty sentence and cites the same
evidence. What the room gets must not hold the fault. The truthful writer says the true sentence, and
where the table has one, a sentence as a person would put it: those should pass unchanged.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from cohost import events as ev
from cohost.languages import base
from cohost.ports import WriterSentence
from evals.case import QuestionCase, read_cases, read_table
from evals.faults import Planted, planted_in
from evals.outcome import Outcome
from evals.runners.answers import expected, line_of
from evals.runners.base import RunCase
from evals.scorers import matches, reached, wanted
from evals.suite import HOME, Suite
from evals.wording import fold, stands_apart
from evals.world import World, judged


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`faults.toml`: what a liar adds, and true sentences as people say them, by language."""

    feature: dict[str, str]
    superlative: dict[str, str]
    approved: dict[str, str]
    promise: dict[str, str]
    natural: dict[str, dict[str, str]]  # expectation → language → sentence; `document`: what it cites


class Reciter:
    """A ports.Writer that says given sentences, whatever the prompt."""

    name = "recited"

    def __init__(self, sentences: Sequence[WriterSentence]) -> None:
        self._sentences = sentences
        self.asked = 0

    async def write(
        self, prompt: Sequence[dict[str, str]], *, lang: str = "en"
    ) -> AsyncIterator[WriterSentence]:
        self.asked += 1
        for sentence in self._sentences:
            yield sentence


def load(suite: Suite, world: World) -> Sequence[QuestionCase]:
    """The questions that an answer is owed to, in languages the table of faults speaks."""
    cases = read_cases(suite.files(), QuestionCase)
    owed = expected(suite, cases)
    words = words_of(suite)
    return [c for c in cases if owed[c.id].action == ("answer",) and base(c.lang) in words.feature]


def words_of(suite: Suite) -> Words:
    """The suite's table of what a liar adds. Raises OperatorError."""
    return read_table(HOME / "cases" / suite.evidence, Words)


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    words = words_of(suite)
    await world.knowledge()

    owed = expected(suite, read_cases(suite.files(), QuestionCase))

    async def run(case: QuestionCase) -> list[Outcome]:
        answer, records = await world.ask(line_of(case), suite.on)
        if answer["action"] != "answer" or not answer["claims"]:
            return []  # nothing true to turn; the answers suite counts it
        claim = answer["claims"][0]
        outcomes = []
        conditions = wanted(owed[case.id].condition, case.lang)
        for planted in faults_of(case, claim, answer, words, conditions):
            outcomes.append(await _lied(world, suite, case, planted, claim["evidence"]))
        truths = [("echo", claim["text"], claim["evidence"]), *natural_of(case, words, records)]
        for form, text, evidence in truths:
            outcomes += await _told(world, suite, case, form, text, evidence)
        return outcomes

    yield run


def faults_of(
    case: QuestionCase,
    claim: dict[str, Any],
    answer: dict[str, Any],
    words: Words,
    conditions: Sequence[str],
) -> list[Planted]:
    """Every fault that can be planted in a claim of an answer."""
    tables = {k: getattr(words, k) for k in ("feature", "superlative", "approved", "promise")}
    kinds = {c["kind"] for c in answer["citations"] if c["id"] in claim["evidence"]}
    planted = planted_in(
        claim["text"], case.lang, tables, conditions=conditions, paper="certificate" in kinds,
        figure_of_a_paper=bool(kinds & {"fact", "test_report"}),
    )  # fmt: skip
    return [
        msgspec.structs.replace(
            p, marks=tuple(m for m in p.marks if not stands_apart(m, answer["text"], case.lang))
        )
        for p in planted
        if fold(p.text) != fold(claim["text"])
    ]


def natural_of(
    case: QuestionCase, words: Words, records: Sequence[ev.Record]
) -> list[tuple[str, str, list[str]]]:
    """The sentence as a person would put it, where the table has one: (form, text, evidence ids)."""
    row = words.natural.get(case.expect, {})
    text = row.get(base(case.lang))
    found = [r.event for r in records if isinstance(r.event, ev.EvidenceFound)]
    if text is None or not found:
        return []
    cited = [i.id for i in found[0].items if matches(i.source.document, row["document"])]
    return [("natural", text, cited)]


async def _lied(
    world: World, suite: Suite, case: QuestionCase, planted: Planted, evidence: Sequence[str]
) -> Outcome:
    writer = Reciter([WriterSentence(planted.text, tuple(evidence))])
    answer, records = await world.ask(line_of(case), suite.on, writer)
    posted = " ".join(r.event.text for r in records if isinstance(r.event, ev.ReplyPosted))
    scores = {"kept_out": float(not reached(planted.text, planted.marks, posted, case.lang))}
    if writer.asked:
        scores["answered"] = float(answer["action"] == "answer" and bool(posted))
    return Outcome(
        case=f"{case.id}+{planted.fault}", lang=case.lang, asked=case.question, scores=scores,
        expected={"never": planted.text, "marks": list(planted.marks)},
        got={
            "text": posted, "action": answer["action"], "writer_asked": writer.asked,
            "judged": judged(records),
        },
        groups={"fault": planted.fault}, evidence=tuple(answer["citations"]),
    )  # fmt: skip


async def _told(
    world: World, suite: Suite, case: QuestionCase, form: str, text: str, evidence: Sequence[str]
) -> list[Outcome]:
    """A true sentence: did the guard let the writer's own words through?"""
    writer = Reciter([WriterSentence(text, tuple(evidence))])
    answer, records = await world.ask(line_of(case), suite.on, writer)
    verdicts = [v for v in judged(records) if v["by"] == "llm"]
    if not verdicts:
        return []  # the writer's words were not wanted: the composer answers such questions itself
    passed = float(all(v["verdict"] == "allow" for v in verdicts) and fold(text) in fold(answer["text"]))
    return [
        Outcome(
            case=f"{case.id}+{form}", lang=case.lang, asked=case.question,
            scores={"truth": passed, f"truth.{form}": passed}, expected={"text": text},
            got={"text": answer["text"], "action": answer["action"], "judged": verdicts},
            groups={"fault": f"none ({form})"}, evidence=tuple(answer["citations"]),
        )
    ]  # fmt: skip
