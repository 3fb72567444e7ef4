"""The prompts, behind a writer that does what they say: what reaches the room is what they ask for."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence

from cohost.languages import base
from cohost.ports import WriterSentence
from evals.case import QuestionCase, read_cases
from evals.obedient import obey
from evals.outcome import Outcome
from evals.runners.answers import expected, line_of, shown
from evals.runners.base import RunCase
from evals.scorers import answer_scores
from evals.suite import Suite
from evals.world import World, judged

EACH = 6
"""Questions of each language: the prompt is the same for all."""


class Obedient:
    """A ports.Writer over `obey`."""

    name = "obedient"

    def __init__(self, viewer: str) -> None:
        self._viewer = viewer
        self.asked = 0

    async def write(
        self, prompt: Sequence[dict[str, str]], *, lang: str = "en"
    ) -> AsyncIterator[WriterSentence]:
        self.asked += 1
        for sentence in obey(prompt, lang, self._viewer):
            yield sentence


def load(suite: Suite, world: World) -> Sequence[QuestionCase]:
    """The first questions of each language that an answer with a figure is owed to."""
    cases = read_cases(suite.files(), QuestionCase)
    owed = expected(suite, cases)
    seen: dict[str, int] = {}
    some = []
    for case in cases:
        if owed[case.id].action != ("answer",) or not owed[case.id].values:
            continue
        seen[base(case.lang)] = seen.get(base(case.lang), 0) + 1
        if seen[base(case.lang)] <= EACH:
            some.append(case)
    return some


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    owed = expected(suite, read_cases(suite.files(), QuestionCase))
    await world.knowledge()

    async def run(case: QuestionCase) -> list[Outcome]:
        writer = Obedient(case.question)
        answer, records = await world.ask(line_of(case), suite.on, writer)
        if not writer.asked:
            return []  # questions that the composer answers by itself
        verdicts = [v for v in judged(records) if v["by"] == "llm"]
        lang = case.reply_lang or case.lang
        scores = answer_scores(owed[case.id], answer, lang=lang, length=suite.length)
        kept = {k: v for k, v in scores.items() if k in ("value", "never")}
        written = bool(verdicts) and all(v["verdict"] == "allow" for v in verdicts)
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=case.question, scores=kept | {"written": float(written)},
                expected=shown(owed[case.id], lang),
                got={"text": answer["text"], "action": answer["action"], "judged": verdicts},
                evidence=tuple(answer["citations"]),
            )
        ]  # fmt: skip

    yield run
