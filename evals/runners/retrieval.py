"""Question → evidence documents: the whole look-up beside the search by meaning alone."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence

import msgspec

from cohost import events as ev
from cohost.common.question import Question
from cohost.trust.evidence import Fact, Passage, Policy
from evals.case import QuestionCase, SearchCase, read_cases
from evals.outcome import Outcome
from evals.runners.answers import expected
from evals.runners.base import RunCase
from evals.scorers import matches, search_scores
from evals.suite import Suite
from evals.world import SharedKnowledge, World

LIMIT = 24


def load(suite: Suite, world: World) -> Sequence[SearchCase]:
    """Its own cases, and every question of the answers that must cite a document."""
    files = suite.files()
    cases = read_cases([f for f in files if f.parent.name != "answers"], SearchCase)
    questions = read_cases([f for f in files if f.parent.name == "answers"], QuestionCase)
    owed = expected(suite, questions)
    for case in questions:
        documents = tuple(g for entry in owed[case.id].cite for g in entry.split("|"))
        if documents and documents != ("kb.toml",):
            cases.append(
                SearchCase(
                    id=f"asked-{case.id}", lang=case.lang, question=case.question, documents=documents,
                    market=case.market, product=case.product,
                )
            )  # fmt: skip
    return cases


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    knowledge = await world.knowledge()

    async def run(case: SearchCase) -> list[Outcome]:
        line = {"question": case.question, "market": case.market, "product": case.product}
        answer, records = await world.ask({k: v for k, v in line.items() if v}, suite.on)
        found = [r.event for r in records if isinstance(r.event, ev.EvidenceFound)]
        asked = [r.event.question for r in records if isinstance(r.event, ev.QuestionAsked)]
        documents = [i.source.document for i in found[0].items] if found else []
        near = await by_meaning(knowledge, case, asked[0] if asked else None)
        scores = search_scores(documents, case.documents)
        scores |= {f"{k}.meaning": v for k, v in search_scores(near, case.documents).items()}
        return [
            Outcome(
                case=case.id, lang=case.lang, asked=case.question, scores=scores,
                expected={"documents": list(case.documents)},
                got={
                    "documents": list(dict.fromkeys(documents))[:8], "meaning": list(dict.fromkeys(near))[:8],
                    "intent": answer["intent"], "product": answer["product"],
                },
                groups={"pair": f"{case.lang}-{source_lang(knowledge, case)}"},
                ms=found[0].took_ms if found else None,
            )
        ]  # fmt: skip

    yield run


async def by_meaning(knowledge: SharedKnowledge, case: SearchCase, asked: Question | None) -> list[str]:
    """Documents of texts and facts found with no attribute to look up: vectors and words alone."""
    bare = Question(
        id="q0", text=case.question, lang=case.lang, intent="question.other",
        products=asked.products if asked else ((case.product,) if case.product else ()),
        market=case.market,
    )  # fmt: skip
    if asked is not None:
        bare = msgspec.structs.replace(bare, text=asked.text)
    found = await knowledge.library.find(bare, LIMIT * 3)
    return [i.source.document for i in found.items if isinstance(i, Passage | Fact | Policy)]


def source_lang(knowledge: SharedKnowledge, case: SearchCase) -> str:
    """The language of the first document that answers."""
    for document in knowledge.built.documents:
        if any(matches(document.document, glob) for glob in case.documents):
            return document.lang
    return "und"
