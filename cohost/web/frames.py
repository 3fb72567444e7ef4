"""Every frame on the wire, in and out, as msgspec structs: the JSON Schemas come from here.

Out frames carry `seq` (room order: all that comes before has been sent) and `at_ms` (show time).
In frames tolerate unknown fields; an unknown `type` is an error the sender hears of.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

import msgspec

from cohost.common.question import Citation
from cohost.errors import WireError
from cohost.trust.evidence import Value

PROTOCOL = 1

Role = Literal["viewer", "host", "operator"]
Text = Annotated[str, msgspec.Meta(max_length=12_000)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


# ── in ──────────────────────────────────────────────────────────────────────────────────────────
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
    """What the page has played of a speech."""

    speech_id: Id
    played_ms: float


class SpeechStop(In, frozen=True, tag="speech.stop"):
    pass


class FloorGive(In, frozen=True, tag="floor.give"):
    viewer: Id | None = None


class ProductPin(In, frozen=True, tag="product.pin"):
    """`product` is an id of kb.toml; null takes the pin away."""

    product: Id | None


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
    level: Literal["watch", "suggest", "post", "full"]


IN: tuple[type[In], ...] = (
    ChatMessage, MicStart, MicStop, HandRaise, Playout, SpeechStop, FloorGive, ProductPin, QuestionAnswer,
    ReplyApprove, ReplyEdit, ReplyReject, ReplyRetract, FactSet, EvidenceApprove, EvidenceHold, AutonomySet,
)  # fmt: skip
TYPES: dict[str, type[In]] = {str(t.__struct_config__.tag): t for t in IN}

_STAFF = (SpeechStop, FloorGive, ProductPin, QuestionAnswer)
_OPERATOR = (
    ReplyApprove, ReplyEdit, ReplyReject, ReplyRetract, FactSet, EvidenceApprove, EvidenceHold, AutonomySet,
)  # fmt: skip


def may_send(role: Role, frame: In) -> bool:
    """Viewers talk, hosts also run the floor, operators may do everything."""
    if isinstance(frame, _OPERATOR):
        return role == "operator"
    return role != "viewer" if isinstance(frame, _STAFF) else True


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
    """`Expected `str`, got `int` - at `$.text`` without the typewriter marks."""
    return re.sub(r"\$\.?", "", str(error).replace("`", "")).strip(" -at") or str(error)


# ── what out frames are made of ─────────────────────────────────────────────────────────────────
class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One chat line. `seq` is its own place in the room; names and words are the viewer's."""

    seq: int
    at_ms: int
    name: str
    text: str
    lang: str
    role: Role
    platform: str = "room"
    client_id: str | None = None
    market: str | None = None  # staff only
    intent: str | None = None  # staff only


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """The line a reply answers, as it was shown to the room."""

    seq: int
    name: str
    text: str
    lang: str = "und"


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the pinned product costs in one market, today. No price: none may be shown there."""

    market: str
    currency: str = ""
    price: Value | None = None
    prior_price: float | None = None
    tax_included: bool | None = None
    stock: Value | None = None
    model: str | None = None
    ships: bool = True


class ProductView(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    name: str
    models: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()


class MarketView(msgspec.Struct, frozen=True, omit_defaults=True):
    code: str
    lang: str
    currency: str = ""


class AttributeView(msgspec.Struct, frozen=True, omit_defaults=True):
    """An attribute an operator may set, named in the host's language."""

    id: str
    name: str
    form: str
    units: tuple[str, ...] = ()
    market: bool = False


class Brand(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str = ""
    legal_name: str = ""
    support: str = ""


class You(msgspec.Struct, frozen=True, omit_defaults=True):
    role: Role
    viewer: str
    name: str
    lang: str
    market: str | None


class Language(msgspec.Struct, frozen=True):
    tag: str
    name: str
    dir: Literal["ltr", "rtl"]


class QuestionView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question for the people who run the show."""

    question_id: str
    state: str
    messages: tuple[int, ...]
    at_ms: int = 0
    count: int = 1
    languages: tuple[str, ...] = ()
    text: str | None = None
    lang: str | None = None
    gloss: str | None = None
    intent: str | None = None
    product: str | None = None
    market: str | None = None
    asker: str | None = None


class Sentence(msgspec.Struct, frozen=True, omit_defaults=True):
    """A drafted sentence and what the guard said of it."""

    text: str
    verdict: str
    evidence: tuple[str, ...] = ()
    rule: str | None = None
    words: str = ""
    by: str = "composer"


class DraftView(msgspec.Struct, frozen=True, omit_defaults=True):
    reply_id: str
    question_id: str
    state: str
    action: str
    reason: str
    lang: str
    text: str
    at_ms: int
    citations: tuple[Citation, ...] = ()
    by: str = "composer"
    needs_approval: bool = False
    notify_host: bool = False
    host_note: str = ""
    rule: str | None = None
    sentences: tuple[Sentence, ...] = ()


class ReplyView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A posted reply in a snapshot: reply.posted without the envelope."""

    seq: int
    at_ms: int
    reply_id: str
    text: str
    lang: str
    in_reply_to: tuple[int, ...]
    citations: tuple[Citation, ...]
    asked: tuple[Asked, ...] = ()
    question_id: str | None = None
    corrects: str | None = None
    pointer_to: str | None = None
    retracted: bool = False


class FactView(msgspec.Struct, frozen=True, omit_defaults=True):
    attribute: str
    product: str | None = None
    market: str | None = None
    value: Value | None = None
    unit: str | None = None
    valid_until: dt.date | None = None


class HeldView(msgspec.Struct, frozen=True, omit_defaults=True):
    """An item a person took off the air."""

    id: str
    document: str = ""
    quote: str = ""
    page: int | None = None


# ── out ─────────────────────────────────────────────────────────────────────────────────────────
class Out(msgspec.Struct, frozen=True, tag_field="type", kw_only=True, omit_defaults=True):
    """Base of what the room sends."""

    seq: int
    at_ms: int


class Hello(Out, frozen=True, tag="hello"):
    """First frame of every connection. `attributes` and `host_lang` for staff only."""

    room: str
    you: You
    protocol: int
    languages: tuple[Language, ...]
    ai_disclosure: str
    brand: Brand
    products: tuple[ProductView, ...]
    markets: tuple[MarketView, ...]
    on: dt.date | None = None
    attributes: tuple[AttributeView, ...] = ()
    host_lang: str | None = None


class ChatMessages(Out, frozen=True, tag="chat.messages"):
    """At most five a second. `skipped` lines were left out because the room was too fast."""

    items: tuple[Line, ...]
    skipped: int = 0


class ChatAccepted(Out, frozen=True, tag="chat.accepted"):
    """To the sender alone: the line stands in the room as `message_seq`."""

    message_seq: int
    client_id: str | None = None


class MicState(Out, frozen=True, tag="mic.state"):
    state: Literal["open", "queued", "denied"]
    position: int | None = None
    message: str = ""


class ReplyDrafted(Out, frozen=True, tag="reply.drafted"):
    """Operators only."""

    draft: DraftView
    question: QuestionView | None = None


class ReplyState(Out, frozen=True, tag="reply.state"):
    """Staff: how far a reply has come."""

    reply_id: str
    state: str
    rule: str | None = None
    words: str = ""
    message: str = ""
    by: str = ""
    question: QuestionView | None = None


class ReplyPosted(Out, frozen=True, tag="reply.posted"):
    reply_id: str
    text: str
    lang: str
    in_reply_to: tuple[int, ...]
    citations: tuple[Citation, ...]
    asked: tuple[Asked, ...] = ()
    question_id: str | None = None
    question_state: str | None = None
    corrects: str | None = None
    pointer_to: str | None = None


class ReplyRetracted(Out, frozen=True, tag="reply.retracted"):
    """`reason` and `correction` for staff only; the correction reaches viewers as a reply."""

    reply_id: str
    reason: str = ""
    correction: str = ""


class QuestionState(Out, frozen=True, tag="question.state"):
    """`messages` are the lines that asked it; `question` (staff only) says the rest."""

    question_id: str
    state: str
    messages: tuple[int, ...]
    question: QuestionView | None = None


class ProductPinned(Out, frozen=True, tag="product.pinned"):
    product: ProductView | None
    by: str = ""  # staff only


class FactChanged(Out, frozen=True, tag="fact.changed"):
    """`product_view` is the pinned product with its new offers, when the change concerns it."""

    fact: FactView
    product_view: ProductView | None = None
    by: str = ""  # staff only


class AutonomyFrame(Out, frozen=True, tag="autonomy"):
    level: str
    by: str = ""


class EvidenceReleased(Out, frozen=True, tag="evidence.released"):
    """Staff: an item went on or off the air."""

    id: str
    state: Literal["approved", "held"]
    by: str = ""
    document: str = ""
    quote: str = ""
    page: int | None = None


class Stopped(Out, frozen=True, tag="operator.stopped"):
    """Staff: somebody pressed stop; what was approved and not yet out stays in."""

    by: str = ""


class Caption(Out, frozen=True, tag="caption"):
    """A person's answer, for pages and overlays."""

    text: str
    by: Literal["host", "operator", "cohost"] = "host"
    question_id: str | None = None
    asked: tuple[Asked, ...] = ()


class Fault(Out, frozen=True, tag="fault"):
    """Staff: something failed and the show went on."""

    where: str
    message: str


class Health(Out, frozen=True, tag="health"):
    """Operators, every two seconds. Latency: question to posted, of the newest 200 replies."""

    viewers: int
    pages: int
    latency_ms_p50: int | None = None
    latency_ms_p95: int | None = None
    loop_late_ms_p99: float | None = None


class Snapshot(Out, frozen=True, tag="snapshot"):
    """Where the room stands. Replaces everything a page knew."""

    messages: tuple[Line, ...]
    replies: tuple[ReplyView, ...]
    product: ProductView | None = None
    facts: tuple[FactView, ...] = ()
    autonomy: str | None = None
    questions: tuple[QuestionView, ...] = ()
    drafts: tuple[DraftView, ...] = ()
    held: tuple[HeldView, ...] = ()


class Error(Out, frozen=True, tag="error"):
    """Something the sender can put right; `ref` names what it was about."""

    code: str
    message: str
    ref: str | None = None
    client_id: str | None = None
    rule: str | None = None
    words: str = ""


OUT: tuple[type[Out], ...] = (
    Hello, ChatMessages, ChatAccepted, MicState, ReplyDrafted, ReplyState, ReplyPosted, ReplyRetracted,
    QuestionState, ProductPinned, FactChanged, AutonomyFrame, EvidenceReleased, Stopped, Caption, Fault,
    Health, Snapshot, Error,
)  # fmt: skip

_encoder = msgspec.json.Encoder()


def dump(frame: Out | dict[str, Any]) -> str:
    """A frame's text."""
    return _encoder.encode(frame).decode()
