"""The guard over sentences with known evidence, and the pure half of an answer: plan, compose, guard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.setup import Setup
from cohost import events as ev
from cohost.clock import WallClock
from cohost.common.question import Question
from cohost.decision.answer import reply_language
from cohost.decision.consult import Timing
from cohost.decision.desk import Desk
from cohost.trust.evidence import Evidence
from cohost.trust.guard import GuardContext, check
from evals.case import QuestionCase, SentenceCase, read_cases
from evals.runners.answers import line_of
from evals.runners.guard import evidence_of
from evals.suite import load_suites
from evals.world import SharedKnowledge, World

WARM = 4
WARMING = "1 kg."

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """A question as understood, and what was found for it."""

    question: Question
    items: Sequence[Evidence]


def guarded() -> list[float]:
    """Milliseconds of each sentence's check; a language's tables are loaded before its first."""
    suite = load_suites()["guard"]
    catalogue, known = evidence_of(suite)
    clock = WallClock()
    took: list[float] = []
    loaded: set[str] = set()
    for case in read_cases(suite.files(), SentenceCase):
        cited = [known[n] for n in case.cites]
        context = GuardContext(
            lang=case.lang, market=case.market, product=case.product, model=case.model,
            on=suite.on or clock.today(), catalogue=catalogue, origin=case.origin,
            items=tuple(known[n] for n in dict.fromkeys((*case.cites, *case.found))),
        )  # fmt: skip
        if case.lang not in loaded:
            loaded.add(case.lang)
            check(WARMING, cited, context)
        started = clock.perf()
        check(case.sentence, cited, context)
        took.append((clock.perf() - started) * 1000)
    return took


async def understood(world: World, setup: Setup, cases: Sequence[QuestionCase], tell: Tell) -> list[Question]:
    """The cases' questions as the understanding reads them, each in a room of its own: nothing merges."""
    found = []
    for number, case in enumerate(cases):
        tell(number, len(cases))
        line = line_of(case)
        async with world.room(setup.on, only="understanding") as room:
            sent = room.inlet.submit(
                line["question"], viewer="ask-0", platform="ask", market=line.get("market"),
                product=line.get("product"),
            )  # fmt: skip
            async for record in room.log.cursor(after=sent.seq):
                if isinstance(record.event, ev.QuestionAsked):
                    found.append(record.event.question)
                if isinstance(record.event, ev.MessageTriaged | ev.FaultRaised):
                    break
    return found


async def answered(knowledge: SharedKnowledge, setup: Setup, questions: Sequence[Question]) -> list[float]:
    """Seconds of each question from its evidence to a checked reply; the first few only warm."""
    library, clock = knowledge.library, WallClock(on=setup.on)
    desk = Desk(library, clock, None, None, Timing())
    found = [Found(q, (await library.find(q)).items) for q in questions]
    took = []
    for one in found:
        lang = reply_language(one.question.lang, one.question, library.catalogue)
        started = clock.perf()
        desk.compose(one.question, one.items, lang)
        took.append(clock.perf() - started)
    return took[WARM:]
