"""What the host says aloud or types: which product and what of it, and whose question that answers. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import msgspec

from cohost.common.lexicon import read
from cohost.common.question import Question
from cohost.common.show import QuestionEntry
from cohost.trust.attributes import ontology
from cohost.understanding.attributes import Scores
from cohost.understanding.features import langs_of
from cohost.understanding.form import MARK, WEAK, question_form
from cohost.understanding.triage import Triage
from cohost.understanding.turns import Asked, Turns

MOST = 3
SURE = 0.6
"""Lexical score from which a statement is taken to be about an attribute."""

ANSWERS_MS = 240_000
"""How old a question may be that the host's words are taken to answer."""

WAITING = frozenset({"open", "drafted", "declined", "escalated", "failed"})
_STATEMENT = Triage("question", "host", asks=True)


def spoken_of(turns: Turns, asked: Asked, lexical: Scores, *, id: str) -> Question | None:
    """The statement as a question about the same: what evidence has to be looked up to judge it. None where
    it is small talk, about no product, or itself a question ("who wants one?")."""
    form = question_form(read(asked.text), langs_of(asked.lang))
    if form >= MARK or asked.text.rstrip()[-1:] in "?？؟":
        return None
    question = turns.understand(asked, id=id, lexical=lexical, kind=_STATEMENT).question
    # a paper, or a figure of a product that is named, is stated whatever the words; "3 minutes left" is none
    claims = bool(question.schemes or (question.quantities and question.product_named))
    if question.product is None or (form > WEAK and not claims):
        return None
    sure = bool(lexical) and lexical[0][1] >= SURE
    if not sure and claims and question.quantities:
        measured = _measured_in(question.quantities[0].unit)
        question = msgspec.structs.replace(
            question, attributes=measured, intent=f"question.{measured[0]}" if measured else "question.other"
        )
    return question if sure or claims or question.features else None


@functools.cache
def _measured_in(unit: str) -> tuple[str, ...]:
    """Attributes told in a unit, as the ontology has them: "99 hours" is said of a battery first."""
    return tuple(a.id for a in ontology().values() if unit in a.units and not a.market)[:MOST]


def answered(said: Question, entries: Iterable[QuestionEntry], at_ms: int) -> list[str]:
    """Ids of the questions that wait for a person and ask just that: the same product and the same first
    attribute, or the same scheme; a question that names a country only where the host names it too."""
    return [
        entry.question.id
        for entry in entries
        if entry.state in WAITING and at_ms - entry.at_ms <= ANSWERS_MS and _same(said, entry.question)
    ]


def _same(said: Question, asked: Question) -> bool:
    if said.product != asked.product or asked.human_check or not asked.intent.startswith("question."):
        return False
    if asked.market_named and said.market != asked.market:
        return False
    if (asked.model or said.model) and asked.model != said.model:
        return False
    if asked.schemes or said.schemes:
        return bool(set(asked.schemes) & set(said.schemes))
    return bool(asked.attributes) and asked.attributes[0] in said.attributes[:1]
