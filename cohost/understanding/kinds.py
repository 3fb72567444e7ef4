"""Kinds of lines by meaning, for what no list of words decides: nearness to what people say of each kind.

The examples are the lexicons' own entries and, against them, the ways to ask about a product. Pure; the
vectors come from `semantic.PhraseIndex`.
"""

from __future__ import annotations

import functools

from cohost.common.lexicon import entries, is_dense
from cohost.trust.attributes import phrases
from cohost.understanding.triage import LIKELY, STATEMENT, Triage

QUESTION = "question"
LISTS = {
    "greeting": ("line", "greeting"), "praise": ("line", "praise"), "purchase": ("line", "purchase"),
    "order": ("line", "order"), "complaint": ("line", "complaint"), "abuse": ("line", "abuse"),
    "spam": ("line", "spam"), "demo_request": ("line", "demo"), "off_topic": ("line", "off_topic"),
    "hazard": ("hazard", "facts"),
}  # fmt: skip
SILENT = frozenset({"greeting", "praise", "abuse", "spam", "off_topic"})
"""Nobody wants an answer to these."""

NEAR, SURE, APART = 0.34, 0.48, 0.05
"""Scores of `PhraseIndex` from which a statement, and a question without a subject, are of a kind; and how
far a question about the product must lie behind."""

_LEAST, _LEAST_DENSE = 5, 2


@functools.cache
def kind_phrases(lang: str) -> list[tuple[str, str]]:
    """(kind, example) of one language: its lists, and asking phrases as QUESTION."""
    found: list[tuple[str, str]] = []
    for kind, (section, key) in LISTS.items():
        for entry in entries(lang, section, key):
            text = entry.rstrip("*~").replace("..", " ").lstrip("=").strip()
            if len(text) >= (_LEAST_DENSE if is_dense(text) else _LEAST):
                found.append((kind, text))
    return found + [(QUESTION, phrase) for _, phrase in phrases(lang)]


def undecided(kind: Triage, best: float) -> bool:
    """No list of words decided it: a mere statement, or a question about nothing that is known. `best`: the
    score of the likeliest attribute by words."""
    if kind.human_check:
        return False
    return kind.reason == STATEMENT or (kind.intent == QUESTION and kind.reason == "form" and best < LIKELY)


def decide(kind: Triage, scores: list[tuple[str, float]]) -> Triage:
    """The kind by meaning where it is near enough, else as it was."""
    if not scores:
        return kind
    found, score = scores[0]
    asked = dict(scores).get(QUESTION, 0.0)
    needed = NEAR if kind.reason == STATEMENT else SURE
    if found == QUESTION or score < needed or score - asked < APART:
        return kind
    if found in SILENT:
        asks = found == "off_topic" and kind.intent == QUESTION
        return Triage(found, f"near: {score:.2f}", asks=asks)
    return Triage(found, f"near: {score:.2f}")
