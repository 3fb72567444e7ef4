"""What the room plays along the show: the game and the poll that stand, the collection that is open, the
review on the pages. Folded from the log. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cohost import events as ev
from cohost.common.games import Game
from cohost.common.polls import Poll
from cohost.common.question import Question
from cohost.trust.evidence import Evidence, Fact, MarketFact, Policy

KEEP = 2_000


@dataclass
class Collection:
    """Questions are gathered for later; `product` None: all of them."""

    id: str
    product: str | None
    at_ms: int


@dataclass
class Engaged:
    """One of each at a time; the last game and poll stay to be looked at."""

    game: Game | None = None
    poll: Poll | None = None
    collection: Collection | None = None
    review: str | None = None  # evidence id
    review_told: dict[str, ev.ReviewTranslated] = field(default_factory=dict)
    held: OrderedDict[str, str] = field(default_factory=OrderedDict)  # question id → what it waits for

    def apply(self, record: ev.Record) -> None:
        handler = _HANDLERS.get(type(record.event))
        if handler is not None:
            handler(self, record, record.event)

    @property
    def playing(self) -> Game | None:
        """The game that runs."""
        return self.game if self.game is not None and self.game.running else None

    @property
    def polling(self) -> Poll | None:
        """The poll that is open."""
        return self.poll if self.poll is not None and not self.poll.closed else None

    def until(self, question: Question, platform: str = "room") -> str | None:
        """What a question has to wait for: a game whose answer it asks, a collection it belongs to. A program
        that asks (`POST /api/ask`) is in no collection: it would wait for nothing it can see."""
        game = self.playing
        asked = game is not None and game.fact.attribute in (*question.attributes[:1], *question.also)
        if game is not None and asked and (not question.products or game.product in question.products):
            return game.id
        gathered = self.collection
        if gathered is None or platform == "ask" or not question.intent.startswith("question."):
            return None
        return gathered.id if gathered.product in (None, *question.products) else None

    def gives_away(self, cited: Iterable[Evidence | None]) -> bool:
        """True where evidence says what viewers are guessing."""
        game = self.playing
        return game is not None and any(_same(game.fact, item) for item in cited if item is not None)


def _same(fact: Fact, item: Evidence) -> bool:
    told = isinstance(item, Fact | MarketFact | Policy) and item.attribute == fact.attribute
    return item.id == fact.id or (told and item.product in (None, fact.product))


def _game(s: Engaged, r: ev.Record, e: ev.GameStarted) -> None:
    s.game = Game(f"g{r.seq}", r.seq, r.at_ms, e.product, e.fact, e.winners, e.ends_at_ms)


def _guess(s: Engaged, r: ev.Record, e: ev.GuessJudged) -> None:
    if s.game is not None and s.game.id == e.game_id:
        s.game.take(e)


def _end_wanted(s: Engaged, r: ev.Record, e: ev.GameEndWanted) -> None:
    if s.game is not None and s.game.id == e.game_id:
        s.game.end_wanted = True
        s.game.ends_at_ms = min(s.game.ends_at_ms or r.at_ms, r.at_ms)


def _ended(s: Engaged, r: ev.Record, e: ev.GameEnded) -> None:
    if s.game is not None and s.game.id == e.game_id:
        s.game.ended = e


def _told(s: Engaged, r: ev.Record, e: ev.GameTold) -> None:
    if s.game is not None and s.game.id == e.game_id:
        s.game.told = e


def _poll(s: Engaged, r: ev.Record, e: ev.PollOpened) -> None:
    s.poll = Poll(f"p{r.seq}", r.seq, r.at_ms, e.question, e.options, e.lang)


def _vote(s: Engaged, r: ev.Record, e: ev.PollVoted) -> None:
    if s.poll is not None and s.poll.id == e.poll_id:
        s.poll.vote(e.viewer, e.option)


def _poll_told(s: Engaged, r: ev.Record, e: ev.PollTranslated) -> None:
    if s.poll is not None and s.poll.id == e.poll_id:
        s.poll.told[e.lang] = e


def _poll_closed(s: Engaged, r: ev.Record, e: ev.PollClosed) -> None:
    if s.poll is not None and s.poll.id == e.poll_id:
        s.poll.closed = True


def _collection(s: Engaged, r: ev.Record, e: ev.CollectionOpened) -> None:
    s.collection = Collection(f"c{r.seq}", e.product, r.at_ms)


def _collected(s: Engaged, r: ev.Record, e: ev.CollectionClosed) -> None:
    if s.collection is not None and s.collection.id == e.collection_id:
        s.collection = None


def _held(s: Engaged, r: ev.Record, e: ev.QuestionHeld) -> None:
    s.held[e.question_id] = e.until
    while len(s.held) > KEEP:
        s.held.popitem(last=False)


def _released(
    s: Engaged, r: ev.Record, e: ev.QuestionReleased | ev.QuestionClosed | ev.OperatorAnswered
) -> None:
    s.held.pop(e.question_id, None)


def _review(s: Engaged, r: ev.Record, e: ev.ReviewShown) -> None:
    s.review, s.review_told = e.evidence_id, {}


def _review_told(s: Engaged, r: ev.Record, e: ev.ReviewTranslated) -> None:
    if s.review == e.evidence_id:
        s.review_told[e.lang] = e


_HANDLERS: dict[type[ev.Event], Callable[[Engaged, ev.Record, Any], None]] = {
    ev.GameStarted: _game, ev.GuessJudged: _guess, ev.GameEndWanted: _end_wanted, ev.GameEnded: _ended,
    ev.GameTold: _told, ev.PollOpened: _poll, ev.PollVoted: _vote, ev.PollTranslated: _poll_told,
    ev.PollClosed: _poll_closed, ev.CollectionOpened: _collection, ev.CollectionClosed: _collected,
    ev.QuestionHeld: _held, ev.QuestionReleased: _released, ev.QuestionClosed: _released,
    ev.OperatorAnswered: _released, ev.ReviewShown: _review, ev.ReviewTranslated: _review_told,
}  # fmt: skip
