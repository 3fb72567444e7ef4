"""A whole show from its log: the live fold keeps the newest questions, a report keeps all. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cohost import events as ev
from cohost.common.show import QuestionEntry, ReplyEntry, Show


@dataclass
class Whole:
    """Questions and replies by id, in the order in which they came."""

    show: Show = field(default_factory=Show)
    questions: dict[str, QuestionEntry] = field(default_factory=dict)
    replies: dict[str, ReplyEntry] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)  # question → why it expired


def fold(records: Iterable[ev.Record]) -> Whole:
    """One pass."""
    whole = Whole()
    show = whole.show
    for record in records:
        show.apply(record)
        event = record.event
        if isinstance(event, ev.QuestionAsked):
            whole.questions[event.question.id] = show.questions[event.question.id]
        elif isinstance(event, ev.DecisionMade) and event.reply_id in show.replies:
            whole.replies[event.reply_id] = show.replies[event.reply_id]
        elif isinstance(event, ev.QuestionExpired):
            whole.reasons[event.question_id] = event.reason
    return whole
