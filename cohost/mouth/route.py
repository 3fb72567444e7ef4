"""By voice or by post: how an approved reply goes out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cohost.common.question import Asker
from cohost.common.sentences import sentences
from cohost.common.show import ReplyEntry
from cohost.languages import base
from cohost.settings import Voice

SAID_SENTENCES, SAID_CHARACTERS = 2, 190
"""As much of an answer is spoken; the card holds all of it."""

Route = Literal["post", "speak", "post and speak"]


def route(reply: ReplyEntry, *, autonomy: str, by: str, listeners: int, voice: Voice, fit: bool) -> Route:
    """A caller is answered aloud, and the text is posted when the voice has ended. The answer to a typed
    question is posted, and spoken too where the room allows it.

    `by`: who approved; `listeners`: pages that play sound; `fit`: a voice is fit for its language.
    """
    if not voice.speak or not listeners or not _wanted(reply.draft.lang, voice.langs):
        return "post"
    by_person = by != "autonomy"
    if autonomy != "full" and not by_person:
        return "post"
    if caller(reply.askers) is not None:
        return "speak"  # without a fit voice it is captioned and posted
    if voice.chat and fit and autonomy == "full" and reply.draft.action == "answer" and not reply.pointer_to:
        return "post and speak"
    return "post"


def caller(askers: Sequence[Asker]) -> str | None:
    """The lane of the first who asked aloud."""
    return next((a.lane for a in askers if a.lane), None)


def _wanted(lang: str, langs: Sequence[str]) -> bool:
    return not langs or base(lang) in {base(one) for one in langs}


def said(text: str, lang: str) -> tuple[list[str], list[str]]:
    """(sentences that are spoken, sentences that are only posted): the first always, a second if short."""
    every = sentences(text, lang)
    count = 0
    length = 0
    for sentence in every[:SAID_SENTENCES]:
        length += len(sentence)
        if count and length > SAID_CHARACTERS:
            break
        count += 1
    return every[:count], every[count:]
