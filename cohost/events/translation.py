"""Events of translation: who is there to be understood by, and what came of a line."""

from __future__ import annotations

from typing import ClassVar, Literal

from cohost.events.base import Event


class AudienceLanguages(Event, frozen=True, tag="audience.languages"):
    """The languages of the pages that are open, when they change: what the host says is translated into."""

    langs: tuple[str, ...]


class TranslationMade(Event, frozen=True, tag="translation.made"):
    """A line or a person's posted reply in another language, or why it stays as it was (`text` "" then)."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("text", "words")
    message_seq: int  # of the line, or of its reply.posted
    viewer: str  # whose words they are; "" for the house's
    lang: str
    target: str
    text: str
    state: Literal["checked", "unchecked", "original"]
    reason: str = ""
    words: str = ""
    by: str = ""
    reply_id: str | None = None
    took_ms: float = 0.0
