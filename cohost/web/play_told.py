"""A record about a game, a poll, a collection or a review → the frame each audience gets.

Votes and guesses make no frame each: a busy room would drown in them. `tallies` tells how they stand, at
most twice a second; only the viewer who voted or guessed hears of it at once.
"""

from __future__ import annotations

from cohost import events as ev
from cohost.common.engage import Engaged
from cohost.web import play_frames as pf
from cohost.web import playing
from cohost.web.frames import Out
from cohost.web.translate import Frames, Handlers, Translator

Standing = tuple[object, ...]


def standing(engaged: Engaged) -> Standing:
    """What a tally says: where it is the same, nothing is to be told."""
    game, poll = engaged.game, engaged.poll
    return (
        game.id if game else None, len(game.guesses) if game else 0,
        poll.id if poll else None, tuple(poll.tally) if poll else (),
    )  # fmt: skip


def tallies(engaged: Engaged, seq: int, at_ms: int) -> list[Frames]:
    """How votes and guesses stand now."""
    found = []
    poll, game = engaged.poll, engaged.game
    if poll is not None:
        told = pf.PollTally(seq=seq, at_ms=at_ms, poll_id=poll.id, counts=tuple(poll.tally))
        found.append(Frames(told, told, told))
    if game is not None:
        plain = pf.GameTally(seq=seq, at_ms=at_ms, game_id=game.id, guesses=len(game.guesses))
        full = pf.GameTally(
            seq=seq, at_ms=at_ms, game_id=game.id, guesses=len(game.guesses), right=game.right()
        )
        found.append(Frames(plain, full, full))
    return found


def opening(engaged: Engaged, viewer: str, lang: str, seq: int, at_ms: int) -> list[Out]:
    """What a viewer's page that comes is told beside what all are: their own vote and guess, the poll and the
    review in its language."""
    found: list[Out] = []
    poll, game = engaged.poll, engaged.game
    if poll is not None and viewer in poll.votes:
        found.append(pf.PollMine(seq=seq, at_ms=at_ms, poll_id=poll.id, option=poll.votes[viewer]))
    if game is not None and viewer in game.guesses:
        line = game.guesses[viewer].message_seq
        found.append(pf.GuessCounted(seq=seq, at_ms=at_ms, game_id=game.id, message_seq=line))
    if poll is not None and lang in poll.told:
        found.append(_poll_translation(poll.told[lang], poll.lang, seq, at_ms))
    if lang in engaged.review_told:
        found.append(_review_translation(engaged.review_told[lang], seq, at_ms))
    return found


def _poll_translation(e: ev.PollTranslated, source: str, seq: int, at_ms: int) -> Out:
    return pf.PollTranslation(
        seq=seq, at_ms=at_ms, poll_id=e.poll_id, lang=e.lang, source=source, question=e.question,
        options=e.options, state=e.state, reason=e.reason,
    )  # fmt: skip


def _review_translation(e: ev.ReviewTranslated, seq: int, at_ms: int) -> Out:
    return pf.ReviewTranslation(
        seq=seq, at_ms=at_ms, evidence_id=e.evidence_id, lang=e.lang, source=e.source, text=e.text,
        state=e.state, reason=e.reason,
    )  # fmt: skip


# ── one function an event ───────────────────────────────────────────────────────────────────────
def _game(t: Translator, r: ev.Record, e: ev.GameStarted | ev.GameEnded | ev.GameTold) -> Frames:
    game = t.state.show.engaged.game
    if game is None:
        return Frames()
    plain = pf.GameState(seq=r.seq, at_ms=r.at_ms, game=playing.game(game, t.library, staff=False))
    full = pf.GameState(seq=r.seq, at_ms=r.at_ms, game=playing.game(game, t.library, staff=True))
    return Frames(plain, full, full)


def _guess(t: Translator, r: ev.Record, e: ev.GuessJudged) -> Frames:
    game = t.state.show.engaged.game
    if game is None or game.id != e.game_id or game.guesses.get(e.viewer) != e:
        return Frames()
    told = pf.GuessCounted(seq=r.seq, at_ms=r.at_ms, game_id=game.id, message_seq=e.message_seq)
    return Frames(told, only=frozenset({e.viewer}))


def _poll(t: Translator, r: ev.Record, e: ev.PollOpened | ev.PollClosed) -> Frames:
    poll = t.state.show.engaged.poll
    if poll is None:
        return Frames()
    told = pf.PollState(seq=r.seq, at_ms=r.at_ms, poll=playing.poll(poll))
    return Frames(told, told, told)


def _vote(t: Translator, r: ev.Record, e: ev.PollVoted) -> Frames:
    poll = t.state.show.engaged.poll
    if poll is None or poll.id != e.poll_id or poll.votes.get(e.viewer) != e.option:
        return Frames()
    told = pf.PollMine(seq=r.seq, at_ms=r.at_ms, poll_id=poll.id, option=e.option)
    return Frames(told, only=frozenset({e.viewer}))


def _poll_told(t: Translator, r: ev.Record, e: ev.PollTranslated) -> Frames:
    poll = t.state.show.engaged.poll
    if poll is None or poll.id != e.poll_id:
        return Frames()
    return Frames(_poll_translation(e, poll.lang, r.seq, r.at_ms), lang=e.lang)


def _collection(t: Translator, r: ev.Record, e: ev.CollectionOpened | ev.CollectionClosed) -> Frames:
    engaged = t.state.show.engaged

    def told(staff: bool) -> Out:
        view = playing.collection(engaged, staff=staff)
        return pf.CollectionState(seq=r.seq, at_ms=r.at_ms, collection=view)

    return Frames(told(False), told(True), told(True))


def _question(t: Translator, r: ev.Record, e: ev.QuestionHeld | ev.QuestionReleased) -> Frames:
    return t.question_state(r, e.question_id)


def _review(t: Translator, r: ev.Record, e: ev.ReviewShown) -> Frames:
    view = playing.shown_review(t.state.show, t.library)
    told = pf.ReviewState(seq=r.seq, at_ms=r.at_ms, review=view)
    return Frames(told, told, told)


def _review_told(t: Translator, r: ev.Record, e: ev.ReviewTranslated) -> Frames:
    if t.state.show.engaged.review != e.evidence_id:
        return Frames()
    return Frames(_review_translation(e, r.seq, r.at_ms), lang=e.lang)


FRAMES: Handlers = {
    ev.GameStarted: _game, ev.GameEnded: _game, ev.GameTold: _game, ev.GuessJudged: _guess,
    ev.PollOpened: _poll, ev.PollClosed: _poll, ev.PollVoted: _vote, ev.PollTranslated: _poll_told,
    ev.CollectionOpened: _collection, ev.CollectionClosed: _collection, ev.QuestionHeld: _question,
    ev.QuestionReleased: _question, ev.ReviewShown: _review, ev.ReviewTranslated: _review_told,
}  # fmt: skip
