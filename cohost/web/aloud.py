"""Events of sound → frames. They go out at once, past the waiting chat lines, at the place `seq` that
the hub has reached; nobody who resumes gets them again, but for the speech that is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cohost import events as ev
from cohost.web import frames as fr
from cohost.web import views
from cohost.web.floor import Caller
from cohost.web.shapes import CallerView
from cohost.web.translate import Frames, Translator

UNVOICED = "no voice"
"""How the reason of a speech.skipped begins where there is no fit voice: it is shown instead."""


def frames(t: Translator, record: ev.Record, seq: int) -> list[Frames]:
    """What each audience hears of one record; the state must already hold it."""
    handler = _FRAMES.get(type(record.event))
    found = handler(t, record, seq, record.event) if handler is not None else []
    if t.state.floor.touched == record.seq:
        found.append(_staff(callers(t, seq, record.at_ms)))
    return found


def opening(t: Translator, seq: int, at_ms: int) -> list[Frames]:
    """For a page that comes while a speech is on."""
    aloud = t.state.floor.aloud
    if aloud is None:
        return []
    speech_id = aloud.started.speech_id
    found = [_speech(t, seq, at_ms, aloud.started, late=True)]
    if aloud.state == "ducked":
        found.append(_all(fr.SpeechDucked(seq=seq, at_ms=at_ms, speech_id=speech_id)))
    if aloud.state == "held":
        held = fr.SpeechHeld(seq=seq, at_ms=at_ms, speech_id=speech_id, at_speech_ms=aloud.at_ms)
        found.append(_all(held))
    return found


def callers(t: Translator, seq: int, at_ms: int) -> fr.Callers:
    """Staff: everybody who speaks or waits, in the order in which they came."""
    return fr.Callers(seq=seq, at_ms=at_ms, items=tuple(map(_caller, t.state.floor.callers.values())))


def _caller(c: Caller) -> CallerView:
    return CallerView(
        viewer=c.viewer, name=c.name, role=c.role, lang=c.lang, market=c.market, state=c.state,
        speaking=c.speaking, on_air=c.on_air,
    )  # fmt: skip


def _all(frame: fr.Out) -> Frames:
    return Frames(frame, frame, frame)


def _staff(frame: fr.Out) -> Frames:
    return Frames(None, frame, frame)


# ── people ──────────────────────────────────────────────────────────────────────────────────────
def _partial(t: Translator, r: ev.Record, seq: int, e: ev.TranscriptPartial) -> list[Frames]:
    speaker = t.state.floor.on_lane(e.lane)
    frame = fr.TranscriptPartial(
        seq=seq, at_ms=r.at_ms, utterance_id=e.utterance_id, viewer=e.viewer, text=e.text, lang=e.lang,
        name=speaker.name if speaker else "", role=speaker.role if speaker else "viewer",
    )  # fmt: skip
    return [_all(frame)]


def _final(t: Translator, r: ev.Record, seq: int, e: ev.TranscriptFinal) -> list[Frames]:
    """Viewers get the words only where they are a line of the room; the utterance ends for all."""
    full = fr.TranscriptFinal(
        seq=seq, at_ms=r.at_ms, utterance_id=e.utterance_id, viewer=e.viewer, name=e.name, role=e.role,
        lang=e.lang, text=e.text, message_seq=r.seq, meaning=e.meaning, start_ms=e.start_ms, end_ms=e.end_ms,
    )  # fmt: skip
    if ev.line_of(e) is not None:
        return [_all(full)]
    bare = fr.TranscriptFinal(
        seq=seq, at_ms=r.at_ms, utterance_id=e.utterance_id, viewer=e.viewer, name=e.name, role=e.role,
        lang="und", text="", meaning="noise", start_ms=e.start_ms, end_ms=e.end_ms,
    )  # fmt: skip
    return [Frames(bare, full, full)]


# ── cohost ──────────────────────────────────────────────────────────────────────────────────────
def _queued(t: Translator, r: ev.Record, seq: int, e: ev.SpeechQueued) -> list[Frames]:
    frame = fr.SpeechQueue(
        seq=seq, at_ms=r.at_ms, speech_id=e.speech_id, reply_id=e.reply_id, state="queued", text=e.text,
        lang=e.lang, why=e.why,
    )  # fmt: skip
    return [_staff(frame)]


def _skipped(t: Translator, r: ev.Record, seq: int, e: ev.SpeechSkipped) -> list[Frames]:
    frame = fr.SpeechQueue(
        seq=seq, at_ms=r.at_ms, speech_id=e.speech_id, reply_id=e.reply_id, state="skipped", text=e.text,
        lang=e.lang, reason=e.reason,
    )  # fmt: skip
    if not e.reason.startswith(UNVOICED) or not e.text:
        return [_staff(frame)]
    caption = fr.Caption(
        seq=seq, at_ms=r.at_ms, speech_id=e.speech_id, n=0, text=e.text, lang=e.lang, start_ms=0,
        duration_ms=0,
    )  # fmt: skip
    return [_staff(frame), _all(caption)]


def _started(t: Translator, r: ev.Record, seq: int, e: ev.SpeechStarted) -> list[Frames]:
    return [_speech(t, seq, r.at_ms, e)]


def _speech(t: Translator, seq: int, at_ms: int, e: ev.SpeechStarted, *, late: bool = False) -> Frames:
    """With whom it answers and what it is drawn from, as the reply will have them when it is posted."""
    entry = t.state.show.replies.get(e.reply_id)
    asked = tuple(asker.message_seq for asker in entry.askers) if entry else ()

    def frame(staff: bool) -> fr.SpeechStarted:
        return fr.SpeechStarted(
            seq=seq, at_ms=at_ms, speech_id=e.speech_id, reply_id=e.reply_id, text=e.text, lang=e.lang,
            sample_rate=16000, in_reply_to=asked, asked=views.asked(t.state, asked),
            by=views.author(t.state, e.reply_id),
            citations=views.citations(t.library, entry.draft.citations if entry else (), staff=staff),
            late=late,
        )  # fmt: skip

    for_staff = frame(True)
    return Frames(frame(False), for_staff, for_staff)


def _sentence(t: Translator, r: ev.Record, seq: int, e: ev.SpeechSentence) -> list[Frames]:
    frame = fr.Caption(
        seq=seq, at_ms=r.at_ms, speech_id=e.speech_id, n=e.n, text=e.text, lang=e.lang, start_ms=e.start_ms,
        duration_ms=e.duration_ms,
    )  # fmt: skip
    return [_all(frame)]


def _ducked(t: Translator, r: ev.Record, seq: int, e: ev.SpeechDucked) -> list[Frames]:
    return [_all(fr.SpeechDucked(seq=seq, at_ms=r.at_ms, speech_id=e.speech_id))]


def _held(t: Translator, r: ev.Record, seq: int, e: ev.SpeechHeld) -> list[Frames]:
    return [_all(fr.SpeechHeld(seq=seq, at_ms=r.at_ms, speech_id=e.speech_id, at_speech_ms=e.at_speech_ms))]


def _resumed(t: Translator, r: ev.Record, seq: int, e: ev.SpeechResumed) -> list[Frames]:
    return [
        _all(fr.SpeechResumed(seq=seq, at_ms=r.at_ms, speech_id=e.speech_id, at_speech_ms=e.at_speech_ms))
    ]


def _cut(t: Translator, r: ev.Record, seq: int, e: ev.SpeechCut) -> list[Frames]:
    frame = fr.SpeechCut(
        seq=seq, at_ms=r.at_ms, speech_id=e.speech_id, reply_id=e.reply_id, heard=e.heard,
        heard_ms=e.heard_ms, timing=e.timing, reason=e.reason,
    )  # fmt: skip
    return [_all(frame)]


def _played(t: Translator, r: ev.Record, seq: int, e: ev.SpeechPlayed) -> list[Frames]:
    return [_all(fr.SpeechEnded(seq=seq, at_ms=r.at_ms, speech_id=e.speech_id, reply_id=e.reply_id))]


def _nothing(t: Translator, r: ev.Record, seq: int, e: ev.Event) -> list[Frames]:
    """The list of callers says it."""
    return []


_FRAMES: dict[type[ev.Event], Callable[[Translator, ev.Record, int, Any], list[Frames]]] = {
    ev.MicOpened: _nothing, ev.MicQueued: _nothing, ev.MicClosed: _nothing, ev.FloorGiven: _nothing,
    ev.UtteranceOnset: _nothing, ev.UtteranceConfirmed: _nothing, ev.UtteranceEnded: _nothing,
    ev.TranscriptPartial: _partial, ev.TranscriptFinal: _final,
    ev.SpeechQueued: _queued, ev.SpeechStarted: _started, ev.SpeechSentence: _sentence,
    ev.SpeechDucked: _ducked, ev.SpeechHeld: _held, ev.SpeechResumed: _resumed, ev.SpeechCut: _cut,
    ev.SpeechPlayed: _played, ev.SpeechSkipped: _skipped,
}  # fmt: skip
EVENTS = tuple(_FRAMES)
"""Every event of sound."""
