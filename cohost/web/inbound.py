"""Frames that pages send: their shapes, and how text becomes one. Who may send which: `common/people.py`.

Unknown fields are tolerated; an unknown `type` is an error the sender hears of.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

import msgspec

from cohost.common.games import LONGEST_S, MOST_WINNERS
from cohost.common.people import Holder, may
from cohost.errors import WireError

Text = Annotated[str, msgspec.Meta(max_length=12_000)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class In(msgspec.Struct, frozen=True, tag_field="type", kw_only=True):
    """Base of what a page may send."""


class ChatMessage(In, frozen=True, tag="chat.message"):
    """A typed line. A repeated `client_id` is the same line."""

    text: Text
    client_id: Id | None = None


class MicStart(In, frozen=True, tag="mic.start"):
    pass


class MicStop(In, frozen=True, tag="mic.stop"):
    pass


class HandRaise(In, frozen=True, tag="hand.raise"):
    pass


class Playout(In, frozen=True, tag="playout"):
    """What the page has played of a speech: every 200 ms, and when it fell silent (`at`), which was
    `ago` ms before this frame was sent."""

    speech_id: Id
    played_ms: float
    at: Literal["", "held", "cut", "ended"] = ""
    ago: float = 0.0


class SpeechStop(In, frozen=True, tag="speech.stop"):
    pass


class FloorGive(In, frozen=True, tag="floor.give"):
    viewer: Id | None = None


class ProductPin(In, frozen=True, tag="product.pin"):
    """`product` is an id of kb.toml; null takes the pin away."""

    product: Id | None


class RundownItem(msgspec.Struct, frozen=True):
    """A link number and the product on sale under it."""

    number: Annotated[int, msgspec.Meta(ge=1, le=999)]
    product: Id


class RundownSet(In, frozen=True, tag="rundown.set"):
    """The whole run-down in the order of the show; empty takes it away."""

    items: Annotated[tuple[RundownItem, ...], msgspec.Meta(max_length=200)]


class QuestionClose(In, frozen=True, tag="question.close"):
    """The host answered it aloud; a draft that waits for approval is dropped."""

    question_id: Id


class QuestionHide(In, frozen=True, tag="question.hide"):
    """It shall not be answered; a draft that waits for approval is dropped."""

    question_id: Id


class QuestionPrompt(In, frozen=True, tag="question.prompt"):
    """Words to read from, in the host's language; they come as `prompt`."""

    question_id: Id


class HostCorrect(In, frozen=True, tag="host.correct"):
    """Post the right sentence to what was said on air in this line."""

    message_seq: int


class QuestionAnswer(In, frozen=True, tag="question.answer"):
    """A person's own answer. `override` sends it although the guard warned (never past R16)."""

    question_id: Id
    text: Text
    override: bool = False


class ReplyApprove(In, frozen=True, tag="reply.approve"):
    """Send the draft; with `text`, the same as reply.edit."""

    reply_id: Id
    text: Text | None = None
    override: bool = False


class ReplyEdit(In, frozen=True, tag="reply.edit"):
    reply_id: Id
    text: Text
    override: bool = False


class ReplyReject(In, frozen=True, tag="reply.reject"):
    reply_id: Id


class ReplyRetract(In, frozen=True, tag="reply.retract"):
    """Take a posted reply back; its evidence is held until a person releases it."""

    reply_id: Id
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""
    correction: Text = ""
    override: bool = False


class FactSet(In, frozen=True, tag="fact.set"):
    """A price, a stock level or another fact, set on air. `value` null takes it off the air."""

    attribute: Id
    value: float | str | bool | list[float | str] | None
    product: Id | None = None
    market: Id | None = None
    unit: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    valid_until: dt.date | None = None


class EvidenceApprove(In, frozen=True, tag="evidence.approve"):
    id: Id


class EvidenceHold(In, frozen=True, tag="evidence.hold"):
    id: Id


class AutonomySet(In, frozen=True, tag="autonomy.set"):
    """For the room; with `intent` ("question.price", "question") or `lang` for these only, where `level` null
    takes the rule away."""

    level: Literal["watch", "suggest", "post", "full"] | None
    intent: Id | None = None
    lang: Id | None = None


class GameFacts(In, frozen=True, tag="game.facts"):
    """What viewers could guess of a product; comes back as `game.facts`."""

    product: Id


class GameStart(In, frozen=True, tag="game.start"):
    """Viewers guess this fact; the first `winners` that are right win. `seconds` null: until then, or until
    `game.end`."""

    product: Id
    evidence_id: Id
    winners: Annotated[int, msgspec.Meta(ge=1, le=MOST_WINNERS)] = 1
    seconds: Annotated[int, msgspec.Meta(ge=5, le=LONGEST_S)] | None = None


class GameEnd(In, frozen=True, tag="game.end"):
    game_id: Id


class PollOpen(In, frozen=True, tag="poll.open"):
    """A question and 2 to 6 options. `override` opens it although the guard warned (never past R16)."""

    question: Text
    options: Annotated[tuple[Text, ...], msgspec.Meta(max_length=20)]
    override: bool = False


class PollVote(In, frozen=True, tag="poll.vote"):
    """A viewer's vote, which a later one replaces. `option` counts from 0."""

    poll_id: Id
    option: int


class PollClose(In, frozen=True, tag="poll.close"):
    poll_id: Id


class CollectionOpen(In, frozen=True, tag="collection.open"):
    """Questions (about `product`, null: all) are gathered and answered at `collection.close`."""

    product: Id | None = None


class CollectionClose(In, frozen=True, tag="collection.close"):
    collection_id: Id


class ReviewList(In, frozen=True, tag="review.list"):
    """Reviews of a product that may be shown; they come back as `review.list`."""

    product: Id | None = None


class ReviewShow(In, frozen=True, tag="review.show"):
    """Put a consented review on the pages; null takes it away."""

    evidence_id: Id | None


IN: tuple[type[In], ...] = (
    ChatMessage, MicStart, MicStop, HandRaise, Playout, SpeechStop, FloorGive, ProductPin, RundownSet,
    QuestionAnswer, QuestionClose, QuestionHide, QuestionPrompt, HostCorrect,
    ReplyApprove, ReplyEdit, ReplyReject, ReplyRetract, FactSet, EvidenceApprove, EvidenceHold, AutonomySet,
    GameFacts, GameStart, GameEnd, PollOpen, PollVote, PollClose, CollectionOpen, CollectionClose,
    ReviewList, ReviewShow,
)  # fmt: skip
TYPES: dict[str, type[In]] = {str(t.__struct_config__.tag): t for t in IN}


def may_send(holder: Holder, frame: In) -> bool:
    """As the table of rights says: viewers talk, hosts also run the floor, operators may do everything."""
    return may(holder, kind(frame))


def kind(frame: In) -> str:
    """The frame's type as it stands on the wire."""
    return str(frame.__struct_config__.tag)


class _Head(msgspec.Struct, frozen=True):
    type: str


_head = msgspec.json.Decoder(_Head)
_decoders = {name: msgspec.json.Decoder(shape) for name, shape in TYPES.items()}
_TYPE_SHOWN = 40


def parse(text: str) -> In:
    """One frame from its text. Raises WireError: bad_json, unknown_type or bad_frame."""
    try:
        name = _head.decode(text).type
    except msgspec.ValidationError as error:
        raise WireError(
            "bad_frame",
            f'got {_plain(error)}, expected an object like {{"type": "chat.message", "text": "…"}}',
        ) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise WireError("bad_json", f"got text that is no JSON ({error}), expected one JSON object") from None
    decoder = _decoders.get(name)
    if decoder is None:
        known = ", ".join(sorted(TYPES))
        raise WireError("unknown_type", f"got type {name[:_TYPE_SHOWN]!r}, expected one of: {known}")
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise WireError("bad_frame", f"{name}: {_plain(error)}") from None


def _plain(error: Exception) -> str:
    """`Expected `str`, got `int` - at `$.text`` without typewriter marks: "… got int - at text"."""
    return re.sub(r"\s*- at \$$|\$\.?", "", str(error).replace("`", "")).strip()
