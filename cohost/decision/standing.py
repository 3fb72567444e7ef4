"""What stands in a show about a question: its entry, its replies, the answer posted in a language. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cohost.common.question import Asker
from cohost.common.show import QuestionEntry, ReplyEntry, Show
from cohost.errors import LogError
from cohost.languages import base

MOST_LANGS = 4
"""Languages in which a word to the whole room goes out, the host's included."""


def entry(show: Show, question_id: str) -> QuestionEntry:
    """Raises LogError for a question that the log no longer holds."""
    found = show.questions.get(question_id)
    if found is None:
        raise LogError(f"got a record about question {question_id}, which the log no longer holds")
    return found


def reply(show: Show, reply_id: str) -> ReplyEntry:
    """Raises LogError for a reply that the log no longer holds."""
    found = show.replies.get(reply_id)
    if found is None:
        raise LogError(f"got a record about reply {reply_id}, which the log no longer holds")
    return found


def replies(show: Show, question_id: str) -> list[ReplyEntry]:
    return [show.replies[i] for i in entry(show, question_id).replies if i in show.replies]


def posted(show: Show, question_id: str, lang: str) -> ReplyEntry | None:
    """The newest answer posted in the language; a pointer is none."""
    found = [r for r in replies(show, question_id) if r.state == "posted" and r.draft.lang == lang]
    return next((r for r in reversed(found) if r.pointer_to is None), None)


def siblings(show: Show, wrong: ReplyEntry, frozen: set[str]) -> list[ReplyEntry]:
    """Posted answers to others, in another language or elsewhere, that rest on the same wrong evidence."""
    return [
        r
        for r in replies(show, wrong.question_id)
        if r.reply_id != wrong.reply_id
        and r.state == "posted"
        and r.pointer_to is None
        and frozen & {i for c in r.draft.claims for i in c.evidence}
    ]


def misled(show: Show, wrong: ReplyEntry, asked: Sequence[Asker]) -> tuple[Asker, ...]:
    """Who was told it: whom it was drafted for, and of those who `asked` in its language everybody that no
    other answer was for. They joined while it waited, or were pointed to it."""
    others = [r for r in replies(show, wrong.question_id) if r.pointer_to is None and r is not wrong]
    served = {a.message_seq for r in (*others, wrong) for a in r.askers}
    return (*wrong.askers, *(a for a in asked if a.message_seq not in served))


def spoken_in(show: Show, first: str) -> list[str]:
    """`first`, then the languages of the questions asked so far, the commonest first."""
    asked = Counter(base(lang) for e in show.questions.values() for lang in e.langs if lang != "und")
    return list(dict.fromkeys([first, *(lang for lang, _ in asked.most_common())]))[:MOST_LANGS]
