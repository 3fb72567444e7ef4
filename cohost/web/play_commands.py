"""What a page asks of games, polls, collections and reviews → events on the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cohost import events as ev
from cohost.common import polls
from cohost.common.engage import Engaged
from cohost.common.games import Game
from cohost.common.polls import Poll
from cohost.common.written_in import written_in
from cohost.errors import WireError
from cohost.trust.evidence import Fact, Review, airable, in_force
from cohost.trust.guesses import guessable
from cohost.web import frames as fr
from cohost.web import inbound, playing
from cohost.web import play_frames as pf

if TYPE_CHECKING:
    from cohost.web.commands import Commands, Sender

_NOT_COUNTED = {
    "closed": "got a vote in a poll that is closed, expected an open one",
    "no_option": "got an option that the poll has not, expected one of its own, counted from 0",
    "full": f"got a vote beyond the first {polls.MOST_VOTERS} voters, which the poll does not count",
    "too_often": f"got more than {polls.MOST_CHANGES} votes of one viewer, expected fewer",
}


def _engaged(c: Commands) -> Engaged:
    return c.hub.state.show.engaged


def _known(c: Commands, product: str | None) -> None:
    known = [p.id for p in c.room.library.catalogue.products]
    if product is not None and product not in known:
        told = ", ".join(known[:20])
        raise WireError("unknown_product", f"got {product!r}, expected one of: {told}")


def _free(c: Commands) -> None:
    """A number typed in the chat is a vote or a guess: never both."""
    engaged = _engaged(c)
    if engaged.playing is not None:
        raise WireError("game_running", f"got a new one while game {engaged.playing.id} runs: end it first")
    if engaged.polling is not None:
        raise WireError("poll_open", f"got a new one while poll {engaged.polling.id} is open: close it first")


# ── games ───────────────────────────────────────────────────────────────────────────────────────
def game_facts(c: Commands, frame: inbound.GameFacts, sender: Sender) -> fr.Out:
    _known(c, frame.product)
    library, held = c.room.library, c.hub.state.show.held
    lang = library.catalogue.brand.host_lang or "en"
    items = playing.choices(library, held, frame.product, c.room.clock.today(), lang)
    return pf.GameFactsFound(seq=c.hub.sent, at_ms=c.hub.now_ms(), product=frame.product, items=items)


def game_start(c: Commands, frame: inbound.GameStart, sender: Sender) -> None:
    _known(c, frame.product)
    _free(c)
    item = c.room.library.get(frame.evidence_id)
    if not isinstance(item, Fact) or item.product != frame.product:
        told = f"a fact of {frame.product} (game.facts lists them)"
        raise WireError("unknown_evidence", f"got {frame.evidence_id!r}, expected the id of {told}")
    on = c.room.clock.today()
    if not airable(item) or not in_force(item, on) or item.id in c.hub.state.show.held:
        raise WireError("not_on_air", f"got {item.id}, which is not on air: approve it first")
    if not guessable(item):
        raise WireError(
            "not_guessable", f"got {item.id} ({item.attribute}), expected a figure or a few words that no "
            "page shows: no price, no yes or no, no sentence",
        )  # fmt: skip
    ends = c.hub.now_ms() + frame.seconds * 1000 if frame.seconds else None
    c.append(
        ev.GameStarted(
            product=frame.product,
            fact=item,
            winners=frame.winners,
            ends_at_ms=ends,
            by=sender.by,
            signed=sender.signed,
        )
    )


def game_end(c: Commands, frame: inbound.GameEnd, sender: Sender) -> None:
    game = _game(c, frame.game_id)
    c.append(ev.GameEndWanted(game_id=game.id, by=sender.by, signed=sender.signed))


def _game(c: Commands, game_id: str) -> Game:
    game = _engaged(c).playing
    if game is None or game.id != game_id:
        told = f"the running one, {game.id}" if game else "none: no game runs"
        raise WireError("unknown_game", f"got game {game_id!r}, expected {told}")
    return game


# ── polls ───────────────────────────────────────────────────────────────────────────────────────
def poll_open(c: Commands, frame: inbound.PollOpen, sender: Sender) -> None:
    _free(c)
    question, options = frame.question.strip(), tuple(option.strip() for option in frame.options)
    fault = polls.faults(question, options)
    if fault:
        raise WireError("bad_poll", f"poll.open: {fault}")
    host = c.room.library.catalogue.brand.host_lang or "en"
    lang = written_in(" ".join((question, *options)), (host, sender.lang or host, "en"))
    overrode = None
    for text in (question, *options):
        overrode = c.guard(text, (), lang, "", frame.override) or overrode
    c.append(
        ev.PollOpened(
            question=question,
            options=options,
            lang=lang,
            by=sender.by,
            signed=sender.signed,
            overrode=overrode,
        )
    )


def poll_vote(c: Commands, frame: inbound.PollVote, sender: Sender) -> None:
    poll = _poll(c, frame.poll_id)
    if sender.role != "viewer":
        raise WireError("forbidden", f"got poll.vote from the {sender.role}, expected it from a viewer")
    if poll.votes.get(sender.viewer) == frame.option and not poll.closed:
        return
    refusal = poll.refuses(sender.viewer, frame.option)
    if refusal:
        raise WireError(f"vote_{refusal}", _NOT_COUNTED[refusal])
    c.append(ev.PollVoted(poll_id=poll.id, viewer=sender.viewer, option=frame.option))


def poll_close(c: Commands, frame: inbound.PollClose, sender: Sender) -> None:
    poll = _poll(c, frame.poll_id)
    if poll.closed:
        raise WireError("wrong_state", f"got poll {poll.id}, which is closed already")
    c.append(ev.PollClosed(poll_id=poll.id, by=sender.by, signed=sender.signed))


def _poll(c: Commands, poll_id: str) -> Poll:
    poll = _engaged(c).poll
    if poll is None or poll.id != poll_id:
        raise WireError(
            "unknown_poll", f"got poll {poll_id!r}, expected {poll.id if poll else 'none: there is no poll'}"
        )
    return poll


# ── collections ─────────────────────────────────────────────────────────────────────────────────
def collection_open(c: Commands, frame: inbound.CollectionOpen, sender: Sender) -> None:
    _known(c, frame.product)
    gathered = _engaged(c).collection
    if gathered is not None:
        raise WireError(
            "collection_open", f"got a new one while collection {gathered.id} is open: answer it first"
        )
    c.append(ev.CollectionOpened(product=frame.product, by=sender.by, signed=sender.signed))


def collection_close(c: Commands, frame: inbound.CollectionClose, sender: Sender) -> None:
    gathered = _engaged(c).collection
    if gathered is None or gathered.id != frame.collection_id:
        told = gathered.id if gathered else "none: no collection is open"
        raise WireError("unknown_collection", f"got {frame.collection_id!r}, expected {told}")
    c.append(ev.CollectionClosed(collection_id=gathered.id, by=sender.by, signed=sender.signed))


# ── reviews ─────────────────────────────────────────────────────────────────────────────────────
def review_list(c: Commands, frame: inbound.ReviewList, sender: Sender) -> fr.Out:
    _known(c, frame.product)
    items = playing.reviews(c.room.library, c.hub.state.show.held, frame.product, c.room.clock.today())
    return pf.ReviewsFound(seq=c.hub.sent, at_ms=c.hub.now_ms(), product=frame.product, items=items)


def review_show(c: Commands, frame: inbound.ReviewShow, sender: Sender) -> None:
    if frame.evidence_id is not None:
        item = c.room.library.get(frame.evidence_id)
        if not isinstance(item, Review):
            raise WireError(
                "unknown_evidence", f"got {frame.evidence_id!r}, expected the id of a review (review.list)"
            )
        refused = playing.refused(item, c.room.library, c.room.clock.today())
        if item.id in c.hub.state.show.held:
            refused = f"got {item.id}, which a person holds: release it first"
        if refused:
            raise WireError("review_refused", refused)
    c.append(ev.ReviewShown(evidence_id=frame.evidence_id, by=sender.by, signed=sender.signed))


DO: dict[type[inbound.In], Any] = {
    inbound.GameFacts: game_facts, inbound.GameStart: game_start, inbound.GameEnd: game_end,
    inbound.PollOpen: poll_open, inbound.PollVote: poll_vote, inbound.PollClose: poll_close,
    inbound.CollectionOpen: collection_open, inbound.CollectionClose: collection_close,
    inbound.ReviewList: review_list, inbound.ReviewShow: review_show,
}  # fmt: skip
