"""Frames that the room sends; the JSON Schemas come from here. Each carries `at_ms`, the show time, and
`seq`, a place in the room's order where a page can resume: all that comes before has been sent."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from cohost.common.catalogue import Slot
from cohost.common.people import Signature
from cohost.common.question import Citation
from cohost.web.play_shapes import PlayView
from cohost.web.shapes import (
    Asked,
    AttributeView,
    AutonomyRule,
    Brand,
    CallerView,
    DraftView,
    FactView,
    HeldView,
    Language,
    Line,
    MarketView,
    PersonView,
    PlatformView,
    ProductView,
    QuestionView,
    ReplyView,
    Role,
    WriterView,
    You,
)

PROTOCOL = 1


class Out(msgspec.Struct, frozen=True, tag_field="type", kw_only=True, omit_defaults=True):
    """Base of what the room sends."""

    seq: int
    at_ms: int


class Act(Out, frozen=True, kw_only=True, omit_defaults=True):
    """What a person caused. Staff alone hears of whom; `signed`: the name goes with a token of their own."""

    by: str = ""
    signed: Signature | None = None


class Hello(Out, frozen=True, tag="hello"):
    """First frame of every connection. `attributes`, `host_lang` and `person` for staff only."""

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
    microphones: bool = False  # this room listens
    sound: bool = False  # this room speaks
    person: PersonView | None = None


class ChatMessages(Out, frozen=True, tag="chat.messages"):
    """At most five a second. `skipped` lines were left out because the room was too fast. An item's
    own `seq` names the line: after a broken connection the same line may come again."""

    items: tuple[Line, ...]
    skipped: int = 0


class ChatAccepted(Out, frozen=True, tag="chat.accepted"):
    """To the sender alone: the line stands in the room as `message_seq`."""

    message_seq: int
    client_id: str | None = None


class MicState(Out, frozen=True, tag="mic.state"):
    """How the page's own microphone stands. `code` "in_writing": this room hears nobody."""

    state: Literal["open", "queued", "denied"]
    position: int | None = None
    message: str = ""
    code: str = ""


class TranscriptPartial(Out, frozen=True, tag="transcript.partial"):
    """What was understood so far of an utterance that may go on."""

    utterance_id: str
    viewer: str
    name: str
    role: Role
    text: str
    lang: str


class TranscriptFinal(Out, frozen=True, tag="transcript.final"):
    """The utterance is over. Its words come again as a line of the room, `message_seq`. Viewers get no text
    where it is no line (noise, "mm", a word that stops); the staff gets the text and what it meant."""

    utterance_id: str
    viewer: str
    name: str
    role: Role
    text: str
    lang: str
    meaning: str
    start_ms: int
    end_ms: int
    message_seq: int | None = None


class Callers(Out, frozen=True, tag="callers"):
    """Staff: who speaks and who waits; replaces the last one."""

    items: tuple[CallerView, ...]


class SpeechQueue(Out, frozen=True, tag="speech.queue"):
    """Staff: a speech waits for the floor, or will not be spoken after all (`reason`)."""

    speech_id: str
    reply_id: str
    state: Literal["queued", "skipped"]
    text: str
    lang: str
    why: str = ""
    reason: str = ""


class SpeechStarted(Out, frozen=True, tag="speech.started"):
    """cohost begins to speak. The binary frames that follow are this speech."""

    speech_id: str
    reply_id: str
    text: str
    lang: str
    in_reply_to: tuple[int, ...]
    citations: tuple[Citation, ...]
    sample_rate: Literal[16000]
    asked: tuple[Asked, ...] = ()
    by: str = "cohost"  # "operator": a person's own words
    late: bool = False  # it had begun before this page came: its sound is from the middle


class Caption(Out, frozen=True, tag="caption"):
    """A sentence, `start_ms` into the speech. `duration_ms` 0: it is not spoken, only shown."""

    speech_id: str
    n: int
    text: str
    lang: str
    start_ms: int
    duration_ms: int


class SpeechDucked(Out, frozen=True, tag="speech.ducked"):
    """Softer: somebody may be speaking."""

    speech_id: str


class SpeechHeld(Out, frozen=True, tag="speech.held"):
    """Silent; what was sent and not yet played stays for `speech.resumed`."""

    speech_id: str
    at_speech_ms: int


class SpeechResumed(Out, frozen=True, tag="speech.resumed"):
    speech_id: str
    at_speech_ms: int


class SpeechCut(Out, frozen=True, tag="speech.cut"):
    """Over before its end: what was sent and not yet played is dropped."""

    speech_id: str
    reply_id: str
    heard: str
    heard_ms: int
    timing: Literal["exact", "estimated"]
    reason: str


class SpeechEnded(Out, frozen=True, tag="speech.ended"):
    """Spoken to its end."""

    speech_id: str
    reply_id: str


class ReplyDrafted(Out, frozen=True, tag="reply.drafted"):
    """Operators only."""

    draft: DraftView
    question: QuestionView | None = None


class ReplyState(Act, frozen=True, tag="reply.state"):
    """Staff: how far a reply has come."""

    reply_id: str
    state: str
    rule: str | None = None
    words: str = ""
    message: str = ""
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
    by: str = "cohost"  # "operator": a person's own words
    approved_by: str = ""  # staff only: "operator:Tom"
    signed: Signature | None = None  # staff only: of the approval


class ReplyRetracted(Act, frozen=True, tag="reply.retracted"):
    """All but `reply_id` for staff only; the correction reaches viewers as a reply."""

    reply_id: str
    reason: str = ""
    correction: str = ""


class QuestionState(Out, frozen=True, tag="question.state"):
    """To the staff, and to the viewers who asked it. `messages` are the lines that did; `question` (staff
    only) says the rest."""

    question_id: str
    state: str
    messages: tuple[int, ...]
    question: QuestionView | None = None


class ProductPinned(Act, frozen=True, tag="product.pinned"):
    product: ProductView | None


class Rundown(Act, frozen=True, tag="rundown"):
    """Staff: what is on sale under which number, in order. Viewers get `product.pinned` with its own."""

    items: tuple[Slot, ...]


class Prompt(Out, frozen=True, tag="prompt"):
    """Staff: what the host may read aloud, in the host's language, and what it rests on."""

    question_id: str
    text: str
    lang: str
    citations: tuple[Citation, ...] = ()


class Translation(Out, frozen=True, tag="translation"):
    """A line (`message_seq`) or a person's posted reply (`reply_id`) in `lang`. `state` "original": it is
    shown as it was said, `reason` says why; "unchecked": shown, and marked. Viewers get those in their page's
    language, the staff gets all. After a snapshot they come again."""

    message_seq: int
    lang: str
    source: str
    text: str
    state: Literal["checked", "unchecked", "original"]
    reason: str = ""
    reply_id: str | None = None
    words: str = ""  # staff: what was lost, or broke a rule
    by: str = ""  # staff: the route


class HostClaim(Out, frozen=True, tag="host.claim"):
    """Staff alone: the host's words that no paper bears out, and the right sentence; `corrected`: posted."""

    message_seq: int
    rule: str
    words: str
    text: str = ""
    message: str = ""
    right: str = ""
    lang: str = ""
    citations: tuple[Citation, ...] = ()
    corrected: bool = False


class FactChanged(Act, frozen=True, tag="fact.changed"):
    """`product_view` is the pinned product with its new offers, when the change concerns it."""

    fact: FactView
    product_view: ProductView | None = None


class AutonomyFrame(Act, frozen=True, tag="autonomy"):
    """Staff: the room's level, and the rules for single intents and languages."""

    level: str
    rules: tuple[AutonomyRule, ...] = ()
    attended: bool = True


class PlatformFrame(Out, frozen=True, tag="platform.state"):
    """Staff: a platform's connection changed."""

    platform: PlatformView


class EvidenceReleased(Act, frozen=True, tag="evidence.released"):
    """Staff: an item went on or off the air."""

    id: str
    state: Literal["approved", "held"]
    document: str = ""
    quote: str = ""
    page: int | None = None


class Stopped(Act, frozen=True, tag="operator.stopped"):
    """Staff: somebody pressed stop; what was approved and not yet out stays in."""


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
    writers: tuple[WriterView, ...] = ()


class Snapshot(Out, frozen=True, tag="snapshot"):
    """Where the room stands. Replaces everything a page knew."""

    messages: tuple[Line, ...]
    replies: tuple[ReplyView, ...]
    product: ProductView | None = None
    facts: tuple[FactView, ...] = ()
    rundown: tuple[Slot, ...] = ()
    autonomy: str | None = None
    autonomy_rules: tuple[AutonomyRule, ...] = ()
    platforms: tuple[PlatformView, ...] = ()
    questions: tuple[QuestionView, ...] = ()
    drafts: tuple[DraftView, ...] = ()
    held: tuple[HeldView, ...] = ()
    released: tuple[HeldView, ...] = ()  # what people approved in this show
    play: PlayView | None = None


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
    QuestionState, ProductPinned, Rundown, Prompt, HostClaim, Translation, FactChanged, AutonomyFrame,
    PlatformFrame, EvidenceReleased, Stopped, Fault, Health, Snapshot, Error,
    TranscriptPartial, TranscriptFinal, Callers, SpeechQueue, SpeechStarted, Caption,
    SpeechDucked, SpeechHeld, SpeechResumed, SpeechCut, SpeechEnded,
)  # fmt: skip

_encoder = msgspec.json.Encoder()


def dump(frame: Out) -> str:
    """A frame's text."""
    return _encoder.encode(frame).decode()
