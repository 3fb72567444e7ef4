"""The state of a show, folded from its log: `show.apply(record)` for each record in order. Pure.

Stages and pages keep one each; nothing here reads a clock or waits. Bounded: closed questions and
posted replies older than `KEEP` are dropped (the log has them).
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from cohost import events as ev
from cohost.common.autonomy import Autonomy
from cohost.common.catalogue import Slot
from cohost.common.engage import Engaged
from cohost.common.people import POSTS, Signature
from cohost.common.question import Asker, Draft, Question

KEEP = 2000

QuestionState = Literal[
    "open", "drafted", "answered", "declined", "escalated", "ignored", "expired", "failed",
    "held",
]  # fmt: skip
ReplyState = Literal[
    "drafted", "approved", "rejected", "withheld", "sending", "posted", "failed", "unknown", "retracted",
    "silent",
]  # fmt: skip


@dataclass
class QuestionEntry:
    """A question and everyone who asked it."""

    question: Question
    at_ms: int
    askers: list[Asker]
    state: QuestionState = "open"
    replies: list[str] = field(default_factory=list)  # reply ids
    gloss: str = ""
    langs: set[str] = field(default_factory=set)  # tags in which it was asked

    def __post_init__(self) -> None:
        self.langs |= {self.question.lang, *(asker.lang for asker in self.askers)}


@dataclass
class ReplyEntry:
    """A reply from decision to outcome."""

    reply_id: str
    question_id: str
    draft: Draft
    askers: tuple[Asker, ...]
    at_ms: int
    seq: int
    state: ReplyState = "drafted"
    text: str = ""  # as approved or posted
    needs_approval: bool = False
    pointer_to: str | None = None
    corrects: str | None = None
    rule: str | None = None
    correction: str = ""
    posted_on: set[str] = field(default_factory=set)  # platforms
    approved_by: str = ""  # as the event says it: "autonomy", "operator:Tom"
    signed: Signature | None = None  # of the approval
    retraction: ev.ReplyRetracted | None = None


@dataclass
class ViewerEntry:
    """What the room knows of a viewer: bounded, from their own lines."""

    lang: str | None = None
    market: str | None = None
    last_question: Question | None = None


@dataclass
class Show:
    """Everything the pages and stages need to know about the show so far."""

    room: str = ""
    on: dt.date | None = None
    pinned: str | None = None
    rundown: tuple[Slot, ...] = ()
    autonomy: Autonomy = field(default_factory=Autonomy)
    platforms: dict[str, ev.PlatformState] = field(default_factory=dict)
    stopped_at: int | None = None
    questions: OrderedDict[str, QuestionEntry] = field(default_factory=OrderedDict)
    replies: OrderedDict[str, ReplyEntry] = field(default_factory=OrderedDict)
    viewers: OrderedDict[str, ViewerEntry] = field(default_factory=OrderedDict)
    held: set[str] = field(default_factory=set)  # evidence ids held by a person
    releases: dict[str, ev.EvidenceReleased] = field(default_factory=dict)  # who decided last, by evidence id
    facts: dict[tuple[str | None, str | None, str], ev.FactChanged] = field(default_factory=dict)
    message_ids: OrderedDict[tuple[str, str], int] = field(default_factory=OrderedDict)  # (viewer, client_id)
    engaged: Engaged = field(default_factory=Engaged)
    last_seq: int = 0
    at_ms: int = 0

    def apply(self, record: ev.Record) -> None:
        """Fold one record; order matters, unknown references are ignored."""
        self.last_seq, self.at_ms = record.seq, record.at_ms
        self.engaged.apply(record)
        handler = _HANDLERS.get(type(record.event))
        if handler is not None:
            handler(self, record, record.event)

    def viewer(self, viewer: str) -> ViewerEntry:
        entry = self.viewers.get(viewer)
        if entry is None:
            entry = self.viewers[viewer] = ViewerEntry()
            _trim(self.viewers, KEEP * 5)
        return entry


def _trim(entries: OrderedDict[Any, Any], size: int) -> None:
    while len(entries) > size:
        entries.popitem(last=False)


def _started(s: Show, r: ev.Record, e: ev.ShowStarted) -> None:
    s.room, s.on = e.room, e.on


def _pinned(s: Show, r: ev.Record, e: ev.ProductPinned) -> None:
    s.pinned = e.product


def _rundown(s: Show, r: ev.Record, e: ev.RundownSet) -> None:
    s.rundown = e.items


def _autonomy(s: Show, r: ev.Record, e: ev.AutonomySet) -> None:
    s.autonomy.set(e.level, e.intent, e.lang)


def _presence(s: Show, r: ev.Record, e: ev.OperatorPresence) -> None:
    s.autonomy.attended = e.present


def _platform(s: Show, r: ev.Record, e: ev.PlatformState) -> None:
    s.platforms[e.platform] = e


def _judged(s: Show, reply: ReplyEntry, by: str, *, unchanged: bool) -> None:
    """What a person of the staff did with a draft that was not their own."""
    entry = s.questions.get(reply.question_id)
    if entry is not None and by.partition(":")[0] in POSTS and reply.draft.by != "operator":
        s.autonomy.judged(entry.question.intent, unchanged=unchanged)


def _message(s: Show, r: ev.Record, e: ev.ChatMessage) -> None:
    if e.client_id:
        s.message_ids[(e.viewer, e.client_id)] = r.seq
        _trim(s.message_ids, KEEP * 5)
    if e.market:
        s.viewer(e.viewer).market = e.market


def _transcript(s: Show, r: ev.Record, e: ev.TranscriptFinal) -> None:
    if e.market:
        s.viewer(e.viewer).market = e.market


def _asked(s: Show, r: ev.Record, e: ev.QuestionAsked) -> None:
    s.questions[e.question.id] = QuestionEntry(e.question, r.at_ms, [e.asker])
    viewer = s.viewer(e.asker.viewer)
    viewer.last_question = e.question
    if e.question.lang != "und":
        viewer.lang = e.question.lang
    _trim(s.questions, KEEP)


def _merged(s: Show, r: ev.Record, e: ev.QuestionMerged) -> None:
    entry = s.questions.get(e.question_id)
    if entry is None:
        return
    entry.askers.append(e.asker)
    entry.langs.add(e.asker.lang)
    viewer = s.viewer(e.asker.viewer)
    viewer.last_question = entry.question
    if e.asker.lang != "und":
        viewer.lang = e.asker.lang


def _expired(s: Show, r: ev.Record, e: ev.QuestionExpired) -> None:
    if e.question_id in s.questions:
        s.questions[e.question_id].state = "expired"


def _held(s: Show, r: ev.Record, e: ev.QuestionHeld | ev.QuestionReleased) -> None:
    entry = s.questions.get(e.question_id)
    if entry is not None and entry.state in ("open", "held"):
        entry.state = "held" if isinstance(e, ev.QuestionHeld) else "open"


def _triaged(s: Show, r: ev.Record, e: ev.MessageTriaged) -> None:
    return None


_CLOSED_BY: dict[str, QuestionState] = {
    "answer": "answered", "decline": "declined", "escalate": "escalated", "ignore": "ignored",
}  # fmt: skip


def _decided(s: Show, r: ev.Record, e: ev.DecisionMade) -> None:
    s.replies[e.reply_id] = ReplyEntry(
        e.reply_id, e.question_id, e.draft, e.askers, r.at_ms, r.seq, text=e.draft.text,
        needs_approval=e.needs_approval, pointer_to=e.pointer_to, corrects=e.corrects,
    )  # fmt: skip
    if e.draft.action == "ignore" and not e.needs_approval:
        s.replies[e.reply_id].state = "silent"  # nothing to approve, nothing to send
    _trim(s.replies, KEEP)
    entry = s.questions.get(e.question_id)
    if entry is not None:
        entry.replies.append(e.reply_id)
        entry.gloss = e.gloss or entry.gloss
        entry.state = "drafted" if e.needs_approval else _CLOSED_BY[e.draft.action]


def _approved(s: Show, r: ev.Record, e: ev.ReplyApproved) -> None:
    reply = s.replies.get(e.reply_id)
    if reply is not None:
        _judged(s, reply, e.by, unchanged=e.text == reply.draft.text)
        reply.state, reply.text = "approved", e.text
        reply.approved_by, reply.signed = e.by, e.signed


def _rejected(s: Show, r: ev.Record, e: ev.ReplyRejected) -> None:
    reply = s.replies.get(e.reply_id)
    if reply is not None and reply.state != "retracted":
        _judged(s, reply, e.by, unchanged=False)
        reply.state = "rejected"
        if reply.question_id in s.questions:
            s.questions[reply.question_id].state = "escalated"


def _withheld(s: Show, r: ev.Record, e: ev.ReplyWithheld) -> None:
    reply = s.replies.get(e.reply_id)
    if reply is not None:
        reply.state, reply.rule = "withheld", e.rule
        if reply.question_id in s.questions:
            s.questions[reply.question_id].state = "open"


def _sending(s: Show, r: ev.Record, e: ev.ReplySending) -> None:
    if e.reply_id in s.replies and not s.replies[e.reply_id].posted_on:
        s.replies[e.reply_id].state = "sending"


def _posted(s: Show, r: ev.Record, e: ev.ReplyPosted) -> None:
    reply = s.replies.get(e.reply_id)
    if reply is not None:
        reply.text, reply.corrects = e.text, e.corrects
        reply.posted_on.add(e.platform)
        if reply.state != "retracted":  # taken back while it went out
            reply.state = "posted"
        question = s.questions.get(reply.question_id)
        if question is not None:
            question.state = _CLOSED_BY[reply.draft.action]


def _failed(s: Show, r: ev.Record, e: ev.ReplyFailed) -> None:
    reply = s.replies.get(e.reply_id)
    if reply is not None and not reply.posted_on:
        reply.state = "failed" if e.final else "approved"
        if e.final and reply.question_id in s.questions:
            s.questions[reply.question_id].state = "failed"


def _unknown(s: Show, r: ev.Record, e: ev.ReplyUnknown) -> None:
    if e.reply_id in s.replies and not s.replies[e.reply_id].posted_on:
        s.replies[e.reply_id].state = "unknown"


def _retracted(s: Show, r: ev.Record, e: ev.ReplyRetracted) -> None:
    reply = s.replies.get(e.reply_id)
    if reply is not None:
        _judged(s, reply, e.by, unchanged=False)
        reply.state, reply.correction, reply.retraction = "retracted", e.correction, e


def _fact(s: Show, r: ev.Record, e: ev.FactChanged) -> None:
    s.facts[(e.product, e.market, e.attribute)] = e


def _released(s: Show, r: ev.Record, e: ev.EvidenceReleased) -> None:
    s.releases[e.evidence_id] = e
    if e.state == "held":
        s.held.add(e.evidence_id)
    else:
        s.held.discard(e.evidence_id)


def _stopped(s: Show, r: ev.Record, e: ev.OperatorStopped) -> None:
    s.stopped_at = r.at_ms


def _answered(s: Show, r: ev.Record, e: ev.OperatorAnswered) -> None:
    if e.question_id in s.questions:
        s.questions[e.question_id].state = "answered"


def _closed(s: Show, r: ev.Record, e: ev.QuestionClosed) -> None:
    if e.question_id in s.questions:
        s.questions[e.question_id].state = "ignored" if e.hidden else "answered"


_HANDLERS: dict[type[ev.Event], Callable[[Show, ev.Record, Any], None]] = {
    ev.ShowStarted: _started, ev.ProductPinned: _pinned, ev.RundownSet: _rundown,
    ev.AutonomySet: _autonomy,
    ev.OperatorPresence: _presence, ev.PlatformState: _platform,
    ev.ChatMessage: _message, ev.TranscriptFinal: _transcript, ev.QuestionAsked: _asked,
    ev.QuestionMerged: _merged, ev.QuestionExpired: _expired, ev.MessageTriaged: _triaged,
    ev.DecisionMade: _decided,
    ev.ReplyApproved: _approved, ev.ReplyRejected: _rejected, ev.ReplyWithheld: _withheld,
    ev.ReplySending: _sending, ev.ReplyPosted: _posted, ev.ReplyFailed: _failed,
    ev.ReplyUnknown: _unknown, ev.ReplyRetracted: _retracted, ev.FactChanged: _fact,
    ev.EvidenceReleased: _released, ev.OperatorStopped: _stopped, ev.OperatorAnswered: _answered,
    ev.QuestionClosed: _closed, ev.QuestionHeld: _held, ev.QuestionReleased: _held,
}  # fmt: skip
