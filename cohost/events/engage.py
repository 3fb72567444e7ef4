"""Games, polls, collections and reviews on show: what the room plays along the show.

A game, a poll and a collection are named after the record that began them: `g17`, `p18`, `c19`.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from cohost.common.people import Signature
from cohost.common.question import Citation
from cohost.events.base import Event
from cohost.trust.evidence import Fact


class Winner(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who guessed right, and when they had seen it: room time less their platform's delay, ms."""

    viewer: str
    message_seq: int
    seen_ms: int
    name: str = ""
    platform: str = "room"
    lang: str = "und"


# ── guess the feature ───────────────────────────────────────────────────────────────────────────
class GameStarted(Event, frozen=True, tag="game.started"):
    """Viewers guess a fact of a product. The fact stands here whole: the game does not change with the
    documents, and goes on after a restart."""

    product: str
    fact: Fact
    winners: int = 1  # so many may win
    ends_at_ms: int | None = None  # show time; None: until there are the winners, or a person ends it
    by: str = "operator"
    signed: Signature | None = None


class GuessJudged(Event, frozen=True, tag="game.guessed"):
    """A viewer's one guess; its cause is the line."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("name",)
    game_id: str
    message_seq: int
    viewer: str
    right: bool
    seen_ms: int
    name: str = ""
    platform: str = "room"
    lang: str = "und"


class GameEndWanted(Event, frozen=True, tag="game.end"):
    """A person ends the game; closed by its `game.ended`."""

    game_id: str
    by: str = "operator"
    signed: Signature | None = None


class GameEnded(Event, frozen=True, tag="game.ended"):
    """Nothing counts after it. Whoever won, in order."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("winners[].name",)
    game_id: str
    reason: Literal["winners", "time", "operator"]
    winners: tuple[Winner, ...] = ()
    guesses: int = 0
    right: int = 0


class GameTold(Event, frozen=True, tag="game.told"):
    """What the evidence says, as one composed and guarded sentence a language. Closes a `game.ended`."""

    game_id: str
    told: dict[str, str]
    citations: tuple[Citation, ...] = ()


# ── polls ───────────────────────────────────────────────────────────────────────────────────────
class PollOpened(Event, frozen=True, tag="poll.opened"):
    question: str
    options: tuple[str, ...]  # 2 to 6, all different
    lang: str  # in which a person wrote them
    by: str = "operator"
    signed: Signature | None = None
    overrode: str | None = None  # a guard rule the person overrode


class PollVoted(Event, frozen=True, tag="poll.voted"):
    """A viewer's vote; a later one replaces it. `option` counts from 0. `typed`: the cause is a line."""

    poll_id: str
    viewer: str
    option: int
    typed: bool = False


class PollTranslated(Event, frozen=True, tag="poll.translated"):
    """The poll in another language, or why it stays as it was written (`question` "" then)."""

    poll_id: str
    lang: str
    question: str = ""
    options: tuple[str, ...] = ()
    state: Literal["checked", "unchecked", "original"] = "checked"
    reason: str = ""


class PollClosed(Event, frozen=True, tag="poll.closed"):
    poll_id: str
    by: str = "operator"
    signed: Signature | None = None


# ── ask now, answered later ─────────────────────────────────────────────────────────────────────
class CollectionOpened(Event, frozen=True, tag="collection.opened"):
    """Questions are gathered and answered when it closes. `product` None: whatever they are about."""

    product: str | None = None
    by: str = "operator"
    signed: Signature | None = None


class CollectionClosed(Event, frozen=True, tag="collection.closed"):
    """Its slot has come: what was gathered is released."""

    collection_id: str
    by: str = "operator"
    signed: Signature | None = None


class QuestionHeld(Event, frozen=True, tag="question.held"):
    """Answered later; the cause is its `question.asked`. `until`: the collection or the game it waits for."""

    question_id: str
    until: str


class QuestionReleased(Event, frozen=True, tag="question.released"):
    """Its time has come."""

    question_id: str
    by: str


# ── reviews ─────────────────────────────────────────────────────────────────────────────────────
class ReviewShown(Event, frozen=True, tag="review.shown"):
    """A customer's review, consented to, is put on the pages; `evidence_id` None takes it away."""

    evidence_id: str | None
    by: str = "operator"
    signed: Signature | None = None


class ReviewTranslated(Event, frozen=True, tag="review.translated"):
    """The review in another language, or why it stays in its own (`text` "" then)."""

    evidence_id: str
    lang: str
    source: str  # of the customer's own words
    text: str = ""
    state: Literal["checked", "unchecked", "original"] = "checked"
    reason: str = ""
