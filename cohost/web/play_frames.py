"""Frames of what the room plays along the show."""

from __future__ import annotations

from typing import Literal

from cohost.web.frames import Out
from cohost.web.play_shapes import CollectionView, FactChoice, GameView, PollView, ShownReview

State = Literal["checked", "unchecked", "original"]


class GameFactsFound(Out, frozen=True, tag="game.facts"):
    """To who asked for them: what viewers could guess of a product."""

    product: str
    items: tuple[FactChoice, ...]


class GameState(Out, frozen=True, tag="game.state"):
    """A game begins, ends, or its answer is told; replaces what the page knew of it."""

    game: GameView


class GameTally(Out, frozen=True, tag="game.tally"):
    """At most twice a second. `right` for the staff only."""

    game_id: str
    guesses: int
    right: int | None = None


class GuessCounted(Out, frozen=True, tag="game.guess"):
    """To the viewer alone: the line counts as their guess."""

    game_id: str
    message_seq: int


class PollState(Out, frozen=True, tag="poll.state"):
    """A poll opens or closes; replaces what the page knew."""

    poll: PollView


class PollTally(Out, frozen=True, tag="poll.tally"):
    """At most twice a second: the votes for each option."""

    poll_id: str
    counts: tuple[int, ...]


class PollMine(Out, frozen=True, tag="poll.voted"):
    """To the viewer alone: their vote as it stands, typed or tapped."""

    poll_id: str
    option: int


class PollTranslation(Out, frozen=True, tag="poll.translation"):
    """The poll in the page's language; `state` "original": as it was written, `reason` says why."""

    poll_id: str
    lang: str
    source: str
    question: str
    options: tuple[str, ...]
    state: State
    reason: str = ""


class CollectionState(Out, frozen=True, tag="collection.state"):
    """Questions are gathered for later, or (null) no longer."""

    collection: CollectionView | None


class ReviewsFound(Out, frozen=True, tag="review.list"):
    """To who asked: reviews of a product that may be shown."""

    product: str | None
    items: tuple[ShownReview, ...]


class ReviewState(Out, frozen=True, tag="review.state"):
    """A review is on the pages, or (null) none."""

    review: ShownReview | None


class ReviewTranslation(Out, frozen=True, tag="review.translation"):
    """The review in the page's language; `state` "original": it stays in its own, `reason` says why."""

    evidence_id: str
    lang: str
    source: str
    text: str
    state: State
    reason: str = ""


OUT: tuple[type[Out], ...] = (
    GameFactsFound, GameState, GameTally, GuessCounted, PollState, PollTally, PollMine, PollTranslation,
    CollectionState, ReviewsFound, ReviewState, ReviewTranslation,
)  # fmt: skip
