"""What cohost has told the room: an answer that is another one now says so. Pure, bounded.

A price changes on air, a paper is held back, a document is replaced: who asks then gets the new answer, and
those who read the old one are told that it changed, instead of two answers that contradict each other.
"""

from __future__ import annotations

from collections import OrderedDict

from cohost import events as ev
from cohost.common.question import Draft, Question
from cohost.common.show import Show

KEEP = 2_000

Key = tuple[object, ...]


class Memory:
    """The newest posted answer to each thing asked, by language."""

    def __init__(self) -> None:
        self._told: OrderedDict[Key, Draft] = OrderedDict()

    def note(self, show: Show, event: ev.ReplyPosted) -> None:
        """After the event was applied to `show`. Pointers and corrections tell nothing new."""
        reply = show.replies.get(event.reply_id)
        entry = show.questions.get(reply.question_id) if reply is not None else None
        if reply is None or entry is None or reply.draft.action != "answer" or reply.pointer_to is not None:
            return
        key = _key(entry.question, reply.draft.lang)
        self._told[key] = reply.draft
        self._told.move_to_end(key)
        while len(self._told) > KEEP:
            self._told.popitem(last=False)

    def changed(self, question: Question, draft: Draft) -> bool:
        """True where the same was answered before, in this language, from other evidence with other words."""
        told = self._told.get(_key(question, draft.lang))
        if told is None or draft.action != "answer" or told.text == draft.text:
            return False
        return _evidence(told) != _evidence(draft)


def _evidence(draft: Draft) -> frozenset[str]:
    return frozenset(i for claim in draft.claims for i in claim.evidence)


def _key(question: Question, lang: str) -> Key:
    return (
        question.products, question.model, question.models, question.market, question.attributes,
        question.also, question.schemes, question.features, question.quantities, question.sizing, lang,
    )  # fmt: skip
