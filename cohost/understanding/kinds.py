"""Kinds of lines by meaning, for what no list of words decides: what the trained head makes of them. Pure.

The probabilities come from `head.TrainedKinds`; in a replay from the log.
"""

from __future__ import annotations

from cohost.common.lexicon import read
from cohost.languages import LANGUAGES
from cohost.understanding.triage import ELLIPTICAL, LIKELY, STATEMENT, Triage

QUESTION = "question"
SILENT = frozenset({"greeting", "praise", "abuse", "spam", "off_topic", "to_viewer", "guess"})
"""Nobody wants an answer to these."""

MASKED = "personal_data"
"""Where it was masked the lists say so; a question without any is a question, whatever it resembles."""

ALARMS = frozenset({"hazard", "injection", "sensitive"})

STATED, ASKED, ALARMED, WONDERED, NAMED = 0.3, 0.4, 0.7, 0.5, 0.6
"""Probabilities from which a statement, and a question without a subject, are of a kind; from which a line is
a danger, or a question mere guessing in a game; from which a statement is a question that lacks its mark; and
from which a few words that name what can be asked are something else."""


def undecided(kind: Triage, best: float) -> bool:
    """No list of words decided it: a mere statement, a few words without the form of a question, or a
    question about nothing that is known. `best`: the score of the likeliest attribute by words."""
    if kind.human_check:
        return False
    if kind.reason in (STATEMENT, ELLIPTICAL):
        return True
    return kind.intent == QUESTION and kind.reason == "form" and best < LIKELY


def without_own(scores: list[tuple[str, float]], text: str) -> list[tuple[str, float]]:
    """Who takes back a line of their own gives no order, however it sounds: "ignore my last message"."""
    if not read(text).has("injection.mine", LANGUAGES):
        return scores
    return [(kind, score) for kind, score in scores if kind != "injection"]


def decide(kind: Triage, scores: list[tuple[str, float]]) -> Triage:
    """The kind by meaning where it is likely enough, else as it was."""
    if not scores:
        return kind
    found, score = scores[0]
    stated = kind.reason == STATEMENT
    needed = STATED if stated else NAMED if kind.reason == ELLIPTICAL else ASKED
    if found in ALARMS or (found == "guess" and kind.intent == QUESTION):
        needed = max(needed, ALARMED)  # silence to a real question loses it
    elif found == QUESTION:
        needed = WONDERED if stated else 2.0
    if score < needed or (found == MASKED and not stated):
        return kind
    if found in SILENT:
        asks = found == "off_topic" and kind.intent == QUESTION
        return Triage(found, f"near: {score:.2f}", asks=asks)
    return Triage(found, f"near: {score:.2f}")
