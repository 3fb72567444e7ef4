"""Every event of the show log: frozen, tagged by `kind`, versioned, JSON both ways.

An event says what happened, never what to do. Times are show milliseconds (`at_ms` on the record),
ids derive from sequence numbers (`q17`, `r18`), so a replayed show gives the same ids.
`PERSONAL` names the fields that hold a person's words: the log keeps them in a side table.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

import msgspec

from cohost.common.catalogue import Slot
from cohost.common.people import Signature
from cohost.common.question import Asker, Draft, Question
from cohost.events.base import Event
from cohost.events.engage import (
    CollectionClosed,
    CollectionOpened,
    GameEnded,
    GameEndWanted,
    GameStarted,
    GameTold,
    GuessJudged,
    PollClosed,
    PollOpened,
    PollTranslated,
    PollVoted,
    QuestionHeld,
    QuestionReleased,
    ReviewShown,
    ReviewTranslated,
)  # fmt: skip
from cohost.events.host import (
    HostChecked,
    HostCorrected,
    HostSaid,
    PromptMade,
    PromptWanted,
    QuestionClosed,
)
from cohost.events.replies import (
    ReplyApproved,
    ReplyFailed,
    ReplyPosted,
    ReplyRejected,
    ReplyRetracted,
    ReplySending,
    ReplyUnknown,
    ReplyWithheld,
)
from cohost.events.translation import AudienceLanguages, TranslationMade
from cohost.events.voice import (
    FloorGiven,
    MicClosed,
    MicOpened,
    MicQueued,
    SpeechCut,
    SpeechDucked,
    SpeechHeld,
    SpeechPlayed,
    SpeechQueued,
    SpeechResumed,
    SpeechSentence,
    SpeechSkipped,
    SpeechStarted,
    TranscriptFinal,
    TranscriptPartial,
    UtteranceConfirmed,
    UtteranceEnded,
    UtteranceOnset,
)
from cohost.events.writer import WriterCalled, WriterSpent
from cohost.trust.evidence import Evidence, Value


# ── show ────────────────────────────────────────────────────────────────────────────────────────
class ShowStarted(Event, frozen=True, tag="show.started"):
    """First event of a log and of each resumption (`resumed` is then true)."""

    room: str
    on: dt.date
    version: str
    kb: str = ""  # content hash of the knowledge base
    resumed: bool = False
    rehearsal: bool = False


class ShowEnded(Event, frozen=True, tag="show.ended"):
    reason: str = ""


class ProductPinned(Event, frozen=True, tag="product.pinned"):
    product: str | None
    by: str = "operator"
    signed: Signature | None = None


class RundownSet(Event, frozen=True, tag="rundown.set"):
    """What is on sale under which link number, in the order of the show; replaces the one before."""

    items: tuple[Slot, ...]
    by: str = "operator"
    signed: Signature | None = None


class AutonomySet(Event, frozen=True, tag="autonomy.set"):
    """For the room, or for one intent, one language or both (null `level`: as the room again)."""

    level: Literal["watch", "suggest", "post", "full"] | None
    by: str = "operator"
    signed: Signature | None = None
    intent: str | None = None  # "question" stands for every question
    lang: str | None = None


class OperatorPresence(Event, frozen=True, tag="operator.presence"):
    """Whether an operator's page is open. Where nobody watches, cohost goes less far alone."""

    present: bool


# ── ears and understanding ──────────────────────────────────────────────────────────────────────
class ChatMessage(Event, frozen=True, tag="chat.message"):
    """A viewer's line, personal data already masked. `viewer` is a pseudonym stable in the room."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("text", "name")
    viewer: str
    text: str
    name: str = ""
    role: Literal["viewer", "host", "operator"] = "viewer"
    platform: str = "room"
    lang_hint: str | None = None  # the page's or the profile's language
    market: str | None = None
    product: str | None = None  # asked about explicitly (`cohost ask --product`)
    client_id: str | None = None  # the sender's own id: a repeated one is the same message
    masked: tuple[str, ...] = ()  # kinds of personal data that were masked: "phone", "email"
    lane: str | None = None  # spoken on this lane (`line_of` a transcript); None: typed


class MessageTriaged(Event, frozen=True, tag="message.triaged"):
    """What kind of line it was; caused by its chat.message. A question follows as its own event."""

    lang: str
    lang_confidence: float
    intent: str
    reason: str = ""
    question: bool = False
    meaning: tuple[tuple[str, float], ...] = ()  # the embedder's scores of attributes, where it was asked
    kinds: tuple[tuple[str, float], ...] = ()  # and of kinds of lines


class QuestionAsked(Event, frozen=True, tag="question.asked"):
    """A new question, open until a decision closes it."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("question.text", "asker.name")
    question: Question
    asker: Asker


class QuestionMerged(Event, frozen=True, tag="question.merged"):
    """The same question again, by another person or in another language."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("asker.name",)
    question_id: str
    asker: Asker
    new_language: bool = False  # nobody had asked it in this language yet
    answered: bool = False  # it had been answered in this language: a pointer goes out


class QuestionExpired(Event, frozen=True, tag="question.expired"):
    question_id: str
    reason: str = "waited too long"


# ── knowledge ───────────────────────────────────────────────────────────────────────────────────
class EvidenceFound(Event, frozen=True, tag="evidence.found"):
    """What the documents hold for a question, best first; may be empty."""

    question_id: str
    items: tuple[Evidence, ...] = ()
    scores: tuple[float, ...] = ()
    took_ms: float = 0.0


class FactChanged(Event, frozen=True, tag="fact.changed"):
    """Price, stock and other market facts set during the show, or a document that changed."""

    product: str | None
    market: str | None
    attribute: str
    value: Value | None
    unit: str | None = None
    valid_until: dt.date | None = None
    by: str = "operator"
    signed: Signature | None = None


class EvidenceReleased(Event, frozen=True, tag="evidence.released"):
    """A person approved an item (`state="approved"`) or took it off the air (`"held"`)."""

    evidence_id: str
    state: Literal["approved", "held"]
    by: str = "operator"
    signed: Signature | None = None


# ── decision ────────────────────────────────────────────────────────────────────────────────────
class DraftSentence(Event, frozen=True, tag="draft.sentence"):
    """One sentence before the room hears it, with the guard's verdict."""

    reply_id: str
    n: int
    text: str
    verdict: Literal["allow", "rewrite", "block"]
    evidence: tuple[str, ...] = ()
    rule: str | None = None
    words: str = ""  # the offending words
    by: Literal["composer", "llm", "operator"] = "composer"


class DecisionMade(Event, frozen=True, tag="decision.made"):
    """What cohost decided about a question in one language; silence has its reason too."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("askers[].name",)
    reply_id: str
    question_id: str
    draft: Draft
    askers: tuple[Asker, ...] = ()
    needs_approval: bool = False
    pointer_to: str | None = None
    corrects: str | None = None  # reply_id of the wrong answer that this one takes back
    gloss: str = ""  # the question in the host's language, made from triage and attribute names
    prompts: dict[str, str] = msgspec.field(default_factory=dict)  # prompt id → hash, when an LLM wrote
    tokens: int = 0


# ── mouth ───────────────────────────────────────────────────────────────────────────────────────
class PlatformState(Event, frozen=True, tag="platform.state"):
    """A platform's connection changed. `refused`: a person has to do something, `message` says what."""

    platform: str
    state: Literal["connecting", "live", "lost", "refused"]
    message: str = ""


class OrderHandedOff(Event, frozen=True, tag="order.handed_off"):
    """A question about one customer's affairs went to after-sales."""

    question_id: str
    at: str = ""  # ISO 8601


# ── people, faults, health ──────────────────────────────────────────────────────────────────────
class OperatorStopped(Event, frozen=True, tag="operator.stopped"):
    by: str = "operator"
    signed: Signature | None = None


class OperatorAnswered(Event, frozen=True, tag="operator.answered"):
    """A person answered a question in their own words."""

    question_id: str
    text: str
    by: str = "operator"
    signed: Signature | None = None
    overrode: str | None = None  # a guard rule the person overrode


class TurnCancelled(Event, frozen=True, tag="turn.cancelled"):
    question_id: str
    reason: str


class FaultRaised(Event, frozen=True, tag="fault.raised"):
    """Something failed; the show went on. Closes the turn it is caused by."""

    where: str
    message: str


class HealthSampled(Event, frozen=True, tag="health.sampled"):
    loop_late_ms_p99: float
    resident_mb: float
    viewers: int = 0


AnyEvent = (
    ShowStarted | ShowEnded | ProductPinned | RundownSet | AutonomySet | OperatorPresence | PlatformState
    | OrderHandedOff | AudienceLanguages | TranslationMade
    | ChatMessage | MessageTriaged
    | MicOpened | MicQueued | MicClosed | FloorGiven
    | UtteranceOnset | UtteranceConfirmed | UtteranceEnded | TranscriptPartial | TranscriptFinal
    | QuestionAsked | QuestionMerged | QuestionExpired | EvidenceFound | FactChanged
    | EvidenceReleased | DraftSentence | DecisionMade | ReplyApproved | ReplyRejected
    | ReplyWithheld | ReplySending | ReplyPosted | ReplyFailed | ReplyUnknown | ReplyRetracted
    | SpeechQueued | SpeechStarted | SpeechSentence | SpeechDucked | SpeechHeld | SpeechResumed
    | SpeechCut | SpeechPlayed | SpeechSkipped
    | OperatorStopped | OperatorAnswered | QuestionClosed | PromptWanted | PromptMade
    | HostSaid | HostChecked | HostCorrected
    | TurnCancelled | FaultRaised | HealthSampled | WriterCalled | WriterSpent
    | GameStarted | GuessJudged | GameEndWanted | GameEnded | GameTold
    | PollOpened | PollVoted | PollTranslated | PollClosed
    | CollectionOpened | CollectionClosed | QuestionHeld | QuestionReleased | ReviewShown | ReviewTranslated
)  # fmt: skip


class Record(msgspec.Struct, frozen=True):
    """One line of the log: the envelope and the event."""

    seq: int  # from 1, without gaps
    at_ms: int  # show time
    turn_id: str | None
    cause_seq: int | None
    event: AnyEvent

    @property
    def kind(self) -> str:
        return kind(self.event)


def line_of(event: Event) -> ChatMessage | None:
    """What a person said to the room as one line, typed or spoken; None for all other events, and for
    sounds that ask nothing of it (noise, "mm", cohost's own voice, a word that only stops)."""
    if isinstance(event, ChatMessage):
        return event
    if not isinstance(event, TranscriptFinal):
        return None
    text = event.text if event.meaning == "speech" else event.asks
    if not text:
        return None
    return ChatMessage(
        viewer=event.viewer, text=text, name=event.name, role=event.role, lang_hint=event.lang,
        market=event.market, product=event.product, masked=event.masked, lane=event.lane,
    )  # fmt: skip


def kind(event: Event | type[Event]) -> str:
    """The tag of an event or an event class: "chat.message"."""
    return str(event.__struct_config__.tag)


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def encode(event: Event) -> bytes:
    """Canonical JSON: same event, same bytes."""
    return _encoder.encode(event)


def decode(data: bytes | str) -> AnyEvent:
    """Raises msgspec.ValidationError with the path of what does not fit."""
    return _decoder.decode(data)
