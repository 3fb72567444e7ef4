"""Cases drafted from a recorded show: what nobody answered, and what was answered wrongly. Pure.

What is owed is for a person to say: `expect` stays open, the note says what was told and what people did.
"""

from __future__ import annotations

from collections.abc import Sequence

from cohost import events as ev
from cohost.common.question import Question
from evals.case import OwnCase


def drafts_of_show(records: Sequence[ev.Record]) -> list[OwnCase]:
    """One case a question that was declined, expired, left to a person, edited or taken back, in order."""
    asked: dict[str, Question] = {}
    notes: dict[str, list[str]] = {}
    said: dict[str, tuple[str, str]] = {}  # reply → question, text

    def note(question_id: str, words: str) -> None:
        if question_id in asked and words not in notes.setdefault(question_id, []):
            notes[question_id].append(words)

    for record in records:
        event = record.event
        if isinstance(event, ev.QuestionAsked):
            asked[event.question.id] = event.question
        elif isinstance(event, ev.QuestionExpired):
            note(event.question_id, "expired unanswered")
        elif isinstance(event, ev.DecisionMade):
            said[event.reply_id] = (event.question_id, event.draft.text)
            if event.draft.action in ("decline", "escalate"):
                note(event.question_id, f"{event.draft.action}: {event.draft.reason}")
        elif isinstance(event, ev.OperatorAnswered):
            note(event.question_id, f"the host answered “{event.text}”")
        elif isinstance(event, ev.ReplyApproved) and event.reply_id in said:
            question_id, text = said[event.reply_id]
            if event.text != text and event.by != "autonomy":
                note(question_id, f"told “{text}”, edited to “{event.text}”")
        elif isinstance(event, ev.ReplyRetracted) and event.reply_id in said:
            question_id, text = said[event.reply_id]
            note(question_id, f"taken back: “{text}”")
    return [_case(question, notes[question.id]) for question in asked.values() if question.id in notes]


def _case(question: Question, words: Sequence[str]) -> OwnCase:
    slug = "".join(c if c.isalnum() or c in "-_" else "-" for c in question.id)
    return OwnCase(
        id=f"show-{slug}", lang=question.lang, question=question.text, market=question.market,
        product=question.product, tags=("show",), note="; ".join(words)[:500],
        doubt="say what is owed in `expect`",
    )  # fmt: skip
