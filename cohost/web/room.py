"""What the web needs of a room, and what it remembers of one: a fold of the log, bounded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.show import Show
from cohost.ports import Inlet, Library, Log, Microphones, Sound
from cohost.trust.evidence import Evidence
from cohost.web.floor import Floor
from cohost.web.writers import Writers

KEEP_LINES = 2_000  # quoted by the replies that answer them
KEEP_REPLIES = 400
KEEP_TURNS = 400  # evidence and sentences of the newest questions
KEEP_LATENCIES = 200
KEEP_TRANSLATIONS = 600  # of lines and replies, all languages together


class RoomPort(Protocol):
    """One room, as the composition root hands it over."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Log: ...
    @property
    def inlet(self) -> Inlet: ...
    @property
    def library(self) -> Library: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def root(self) -> Path | None:
        """The knowledge folder, for pictures of pages; None where there is none to show."""
        ...

    @property
    def microphones(self) -> Microphones | None:
        """None: this room hears nobody, it is written to."""
        ...

    @property
    def sound(self) -> Sound | None:
        """None: this room answers in writing."""
        ...


@dataclass
class ChatLine:
    """A line as typed or spoken; `intent` (and the language of a typed one) comes a moment later, with
    its triage. `said_ms`: when the person had said it, for a spoken line the end of their voice."""

    seq: int
    at_ms: int
    event: ev.ChatMessage
    lang: str | None = None
    intent: str | None = None
    said_ms: int = 0

    @property
    def spoken(self) -> bool:
        return self.event.lane is not None


def chat_line(record: ev.Record) -> ChatLine | None:
    """The line a record is, if it is one."""
    line, event = ev.line_of(record.event), record.event
    if line is None:
        return None
    if isinstance(event, ev.TranscriptFinal):
        return ChatLine(record.seq, record.at_ms, line, lang=event.lang or None, said_ms=event.end_ms)
    return ChatLine(record.seq, record.at_ms, line, said_ms=record.at_ms)


@dataclass(frozen=True)
class Posted:
    seq: int
    at_ms: int
    event: ev.ReplyPosted


class RoomState:
    """The show plus what pages are shown of it. `fold` takes each record once, in order."""

    def __init__(self) -> None:
        self.show = Show()
        self.floor = Floor()
        self.lines: OrderedDict[int, ChatLine] = OrderedDict()
        self.replies: OrderedDict[str, Posted] = OrderedDict()
        self.sentences: OrderedDict[str, list[ev.DraftSentence]] = OrderedDict()
        self.found: OrderedDict[str, tuple[Evidence, ...]] = OrderedDict()
        self.latencies: OrderedDict[str, int] = OrderedDict()  # reply id → question to answer, ms
        self.spoken: OrderedDict[str, int] = OrderedDict()  # reply id → when its first sound went out
        self.writers = Writers()
        self.claims: OrderedDict[int, ev.HostChecked] = OrderedDict()  # of the host, against evidence
        self.corrected: set[int] = set()
        self.translations: OrderedDict[tuple[int, str], ev.TranslationMade] = OrderedDict()
        self.loop_late_ms: float | None = None
        self.resident_mb: float | None = None

    def fold(self, record: ev.Record) -> None:
        self.show.apply(record)
        self.floor.fold(record)
        handler = _FOLDS.get(type(record.event))
        if handler is not None:
            handler(self, record, record.event)


def _put(kept: OrderedDict[Any, Any], key: Any, value: Any, size: int) -> None:
    kept[key] = value
    while len(kept) > size:
        kept.popitem(last=False)


def _line(s: RoomState, r: ev.Record, e: ev.ChatMessage | ev.TranscriptFinal) -> None:
    line = chat_line(r)
    if line is not None:
        _put(s.lines, r.seq, line, KEEP_LINES)


def _triaged(s: RoomState, r: ev.Record, e: ev.MessageTriaged) -> None:
    line = s.lines.get(r.cause_seq or 0)
    if line is not None:
        line.lang, line.intent = e.lang, e.intent


def _found(s: RoomState, r: ev.Record, e: ev.EvidenceFound) -> None:
    _put(s.found, e.question_id, e.items, KEEP_TURNS)


def _sentence(s: RoomState, r: ev.Record, e: ev.DraftSentence) -> None:
    kept = s.sentences.get(e.reply_id, [])
    _put(s.sentences, e.reply_id, [*kept, e], KEEP_TURNS)


def _posted(s: RoomState, r: ev.Record, e: ev.ReplyPosted) -> None:
    _put(s.replies, e.reply_id, Posted(r.seq, r.at_ms, e), KEEP_REPLIES)
    asked = s.lines.get(e.in_reply_to[0]) if e.in_reply_to else None
    if asked is not None:
        answered = min(r.at_ms, s.spoken.get(e.reply_id, r.at_ms))
        _put(s.latencies, e.reply_id, answered - asked.said_ms, KEEP_LATENCIES)


def _translated(s: RoomState, r: ev.Record, e: ev.TranslationMade) -> None:
    _put(s.translations, (e.message_seq, e.target), e, KEEP_TRANSLATIONS)


def _spoken(s: RoomState, r: ev.Record, e: ev.SpeechStarted) -> None:
    _put(s.spoken, e.reply_id, r.at_ms, KEEP_LATENCIES)


def _health(s: RoomState, r: ev.Record, e: ev.HealthSampled) -> None:
    s.loop_late_ms, s.resident_mb = e.loop_late_ms_p99, e.resident_mb


def _writer(s: RoomState, r: ev.Record, e: ev.WriterCalled | ev.WriterSpent) -> None:
    s.writers.fold(e)


def _checked(s: RoomState, r: ev.Record, e: ev.HostChecked) -> None:
    if e.rule is not None:
        _put(s.claims, e.message_seq, e, KEEP_LATENCIES)


def _corrected(s: RoomState, r: ev.Record, e: ev.HostCorrected) -> None:
    s.corrected.add(e.message_seq)


_FOLDS: dict[type[ev.Event], Callable[[RoomState, ev.Record, Any], None]] = {
    ev.ChatMessage: _line, ev.TranscriptFinal: _line, ev.MessageTriaged: _triaged, ev.EvidenceFound: _found,
    ev.SpeechStarted: _spoken, ev.DraftSentence: _sentence, ev.ReplyPosted: _posted,
    ev.HealthSampled: _health, ev.WriterCalled: _writer, ev.WriterSpent: _writer,
    ev.TranslationMade: _translated, ev.HostChecked: _checked, ev.HostCorrected: _corrected,
}  # fmt: skip
