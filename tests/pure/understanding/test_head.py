"""The trained head: made from the examples that are here, the same each time, silent where it is unsure."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np

from cohost.common.question import INTENTS
from cohost.languages import LANGUAGES
from cohost.ports import Vector
from cohost.understanding.examples import examples, fingerprint
from cohost.understanding.head import LISTS, SHAPES, TrainedKinds, load, signs
from cohost.understanding.kinds import ALARMED, ALARMS, decide
from cohost.understanding.triage import STATEMENT, Triage

SAID = Triage("off_topic", STATEMENT, asks=False)
WONDERED = Triage("question", "form")


class Still:
    """An embedder whose vectors are all alike."""

    name = "use-3"
    dim = 512

    def knows(self, lang: str) -> bool:
        return "Latn" not in lang

    async def embed(self, texts: Sequence[str], *, query: bool) -> Vector:
        return np.full((len(texts), self.dim), self.dim**-0.5, np.float32)


def test_the_weights_were_made_from_the_examples_that_are_here() -> None:
    assert load().made_from == fingerprint(), "run: python -m evals.kinds_head"


def test_every_language_has_examples_of_every_kind_and_of_look_alikes() -> None:
    kinds = {e.kind for e in examples()}
    assert kinds <= {*INTENTS, "question"}
    for lang in LANGUAGES:
        own = [e for e in examples() if e.lang.startswith(lang)]
        assert {e.kind for e in own} == kinds
        assert any(e.alike for e in own)
        assert len({e.text for e in own}) == len(own)


def test_weights_fit_the_embedder_and_the_signs() -> None:
    heads = load().heads
    assert set(heads) == {"use-3", "e5-small-q4"}
    for head, dim in ((heads["use-3"], 512), (heads["e5-small-q4"], 384)):
        assert head.weights.shape == (dim + SHAPES + len(LISTS), len(head.kinds))
        assert head.mean.shape == (dim,)


def test_scores_are_shares_best_first_and_the_same_each_time() -> None:
    index = TrainedKinds([Still()])
    first, again = (asyncio.run(index.score("the plug is glowing", "en")) for _ in range(2))
    assert first == again
    assert [share for _, share in first] == sorted((share for _, share in first), reverse=True)
    assert sum(share for _, share in first) <= 1.01


def test_without_an_embedder_for_the_language_nothing_is_said() -> None:
    assert asyncio.run(TrainedKinds([]).score("hello", "en")) == []
    assert asyncio.run(TrainedKinds([Still()]).score("namaste ji", "hi-Latn")) == []


def test_signs_of_a_line_are_its_shape_and_the_lists_it_has_words_of() -> None:
    assert signs("my battery is bulging", "en").shape == (SHAPES + len(LISTS),)
    assert signs("hello", "en").sum() > signs("hello", "en", lists=False).sum()


def test_a_danger_needs_more_than_a_kind_nobody_answers() -> None:
    for kind in ALARMS:
        assert decide(SAID, [(kind, ALARMED - 0.01)]) == SAID
        assert decide(SAID, [(kind, ALARMED)]).intent == kind
    assert decide(SAID, [("praise", 0.31)]).intent == "praise"
    assert decide(WONDERED, [("guess", ALARMED - 0.01)]) == WONDERED
    assert decide(WONDERED, [("guess", ALARMED)]).intent == "guess"
    assert decide(WONDERED, [("praise", 0.31)]) == WONDERED
    assert decide(WONDERED, [("question", 0.9)]) == WONDERED
    assert decide(SAID, []) == SAID
