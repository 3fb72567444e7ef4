"""The fact an answer of an FAQ holds: its figure, or its yes or no. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from cohost.knowledge.extract import values
from cohost.knowledge.extract.facts import NEVER, make
from cohost.knowledge.extract.scope import Scope, language
from cohost.knowledge.extract.statements import fits, hedged, reading, subjects
from cohost.knowledge.extract.stream import Part
from cohost.knowledge.extract.vocabulary import yes_or_no
from cohost.trust.attributes import match_phrases, ontology
from cohost.trust.evidence import Evidence
from cohost.trust.quantities import amounts


def from_answer(question: str, part: Part, scope: Scope) -> Iterator[Evidence]:
    """The figure of an answer, or its yes or no, for the attribute the question asks about."""
    lang = language(question, scope.lang)
    asked = [(a, s) for a, s in match_phrases(question, lang) if s >= 0.6 and a not in NEVER]
    source = scope.source(part.page, part.text, question)
    for attribute, _ in asked[:3]:
        known = ontology()[attribute]
        if known.form == "bool":
            said = yes_or_no(part.text)
            if said is not None:
                yield from make(
                    values.Reading(attribute, said, polarity=said), scope, source, "", "declared", None
                )
            return
        for text, subject in subjects(part.text, scope):
            for amount in amounts(text, language(text, scope.lang)):
                if attribute == "temperature":
                    return  # which temperature: only the answer's own words tell
                if amount.unit and fits(amount.unit, attribute) and not hedged(text, amount.start):
                    yield from make(reading(attribute, amount, text), subject, source, "", "declared", None)
                    return
