"""Games, polls, collections and reviews as pages are shown them."""

from __future__ import annotations

import datetime as dt

import msgspec

from cohost.common.question import Citation


class WinnerView(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    platform: str = "room"


class GameView(msgspec.Struct, frozen=True, omit_defaults=True):
    """`asked`: what is guessed, by language. `told`: what the evidence says, by language, when it is over.
    Until then nothing here says the answer but `answer`, which the staff alone gets."""

    game_id: str
    product: str
    asked: dict[str, str]
    wanted: int
    guesses: int
    state: str  # running, ended
    ends_at_ms: int | None = None
    winners: tuple[WinnerView, ...] = ()
    told: dict[str, str] = {}
    citations: tuple[Citation, ...] = ()
    answer: str | None = None  # staff only
    right: int | None = None  # staff only


class FactChoice(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact that viewers could guess."""

    evidence_id: str
    attribute: str
    name: str
    answer: str
    document: str
    page: int | None = None


class PollView(msgspec.Struct, frozen=True, omit_defaults=True):
    """`counts`: votes for each option, in their order."""

    poll_id: str
    question: str
    options: tuple[str, ...]
    lang: str
    counts: tuple[int, ...]
    state: str  # open, closed


class CollectionView(msgspec.Struct, frozen=True, omit_defaults=True):
    """`product` None: questions about all of them. `held`: so many wait (staff only)."""

    collection_id: str
    product: str | None = None
    held: int | None = None


class ShownReview(msgspec.Struct, frozen=True, omit_defaults=True):
    """A customer's words with what must be told beside them."""

    evidence_id: str
    text: str
    lang: str
    author: str
    document: str
    product: str | None = None
    rating: float | None = None
    written: dt.date | None = None
    incentive: str | None = None
    verified: bool = False


class PlayView(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands when a page comes."""

    game: GameView | None = None
    poll: PollView | None = None
    collection: CollectionView | None = None
    review: ShownReview | None = None
