"""Sound files as callers of a room, one after another: what `cohost listen`, the benches and tests use.

Each file is a microphone of its own; another file can speak over cohost's answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from cohost import asking
from cohost import events as ev
from cohost.app import Room
from cohost.clock import Clock
from cohost.common.spoken import RATE
from cohost.ears.audio import Pcm, to_s16
from cohost.errors import UsageError
from cohost.ports import Mic, Speaker
from cohost.stage import owed

CHUNK_MS = 32
LONGEST_WAIT_MS = 60_000
"""After the end of a file, for everything it brought about."""

Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Over:
    """A second speaker: `samples` begin `after_ms` after cohost's voice did."""

    samples: Pcm
    after_ms: int = 0
    role: Literal["viewer", "host"] = "viewer"


@dataclass
class Caller:
    """Who asks in the files."""

    market: str | None = None
    lang: str | None = None
    product: str | None = None


@dataclass
class _Playing:
    """One file: where its timeline begins, and what was told of it."""

    file: str
    zero_ms: int
    messages: dict[str, ev.Record] = field(default_factory=dict)  # turn id → transcript
    turns: dict[str, list[ev.Record]] = field(default_factory=dict)
    first_audio: set[str] = field(default_factory=set)
    ends: dict[str, int] = field(default_factory=dict)  # reply id → show time its question's voice stopped


class Listening:
    """A room that hears files. `tell` gets the contract's events of `cohost listen --json`, in order;
    `sound` gets cohost's voice: (speech id, PCM)."""

    def __init__(self, room: Room, tell: Tell, *, sound: Callable[[str, bytes], None] | None = None) -> None:
        """Raises UsageError where the room has no ears."""
        if room.microphones is None:
            raise UsageError("got a room that hears nobody, expected the speech models: run cohost doctor")
        self._room = room
        self._microphones = room.microphones
        self._clock: Clock = room.clock
        self._tell = tell
        self._sound = sound
        self._now: _Playing | None = None
        self._over: Over | None = None
        self._over_started = False
        self._tasks: asyncio.TaskGroup | None = None
        self._overs: list[asyncio.Task[None]] = []

    async def play(
        self, file: str, samples: Pcm, caller: Caller | None = None, *, over: Over | None = None
    ) -> None:
        """One file from its first sample until all that it brought about has ended."""
        caller = caller or Caller()
        self._over, self._over_started, self._overs = over, False, []
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            leave = self._room.sound.join(self._hear, "caller") if self._room.sound is not None else None
            reading = tasks.create_task(self._read(self._room.log.last_seq))
            await self._clock.sleep(0)
            self._now = _Playing(file, self._clock.now_ms())
            try:
                speaker = Speaker(
                    "caller", lang=caller.lang, market=caller.market, page=file, product=caller.product
                )
                await self._speak(speaker, samples, until=self._quiet)
                for other in self._overs:
                    await other
                await self._clock.sleep(0)
            finally:
                reading.cancel()
                if leave is not None:
                    leave()
                self._tasks = None

    async def _speak(
        self, speaker: Speaker, samples: Pcm, *, until: Callable[[], bool] | None = None
    ) -> None:
        """At the pace of a microphone; behind the end the microphone stays open, silent."""
        mic = self._microphones.open(speaker, _ignore)
        size = CHUNK_MS * RATE // 1000
        zero, sent = self._clock.now_ms(), 0
        silence = np.zeros(size, np.float32)
        end = len(samples) + (RATE if until is None else LONGEST_WAIT_MS * RATE // 1000)
        while sent < end:
            chunk = samples[sent : sent + size] if sent < len(samples) else silence
            sent += size
            await self._clock.sleep(zero + sent * 1000 / RATE - self._clock.now_ms())
            self._microphones.feed(mic.lane, to_s16(chunk))
            if until is not None and sent > len(samples) + RATE and (sent // size) % 8 == 0 and until():
                break
        self._microphones.close(speaker)

    def _quiet(self) -> bool:
        """Nothing is owed in any stage, and nobody is in the middle of a word."""
        records = self._room.log.records()
        for stage in self._room.stages:
            for record in owed(records, stage.handles, stage.closes):
                if not _settled(record.event):
                    return False
        open_ones = sum(isinstance(r.event, ev.UtteranceOnset) for r in records)
        return open_ones == sum(isinstance(r.event, ev.UtteranceEnded) for r in records) and all(
            task.done() for task in self._overs
        )

    # ── what comes of it ──
    async def _read(self, after: int) -> None:
        async for record in self._room.log.cursor(after=after):
            if self._now is not None:
                self._take(self._now, record)

    def _take(self, playing: _Playing, record: ev.Record) -> None:
        event = record.event
        if record.turn_id is not None:
            playing.turns.setdefault(record.turn_id, []).append(record)
        line = ev.line_of(event)
        if line is not None:
            playing.messages[f"q{record.seq}"] = record
        shape = _shape(event, playing)
        if shape is not None:
            self._say(record.at_ms, shape)
        if isinstance(event, ev.DecisionMade) or (
            isinstance(event, ev.MessageTriaged) and not event.question
        ):
            self._reply(playing, record)
        if isinstance(event, ev.SpeechStarted):
            self._speak_over()

    def _reply(self, playing: _Playing, record: ev.Record) -> None:
        turn = record.turn_id or ""
        message = playing.messages.get(turn)
        if message is None:
            return
        if isinstance(record.event, ev.DecisionMade) and isinstance(message.event, ev.TranscriptFinal):
            playing.ends[record.event.reply_id] = message.event.end_ms
        answer = asking.answer_object(message, playing.turns[turn])
        self._say(record.at_ms, {"type": "reply", **answer})

    def _hear(self, speech_id: str, pcm: bytes) -> None:
        playing = self._now
        if playing is not None and speech_id not in playing.first_audio:
            playing.first_audio.add(speech_id)
            now = self._clock.now_ms()
            reply_id = next(
                (
                    r.event.reply_id
                    for r in reversed(self._room.log.records())
                    if isinstance(r.event, ev.SpeechStarted) and r.event.speech_id == speech_id
                ),
                "",
            )
            end = playing.ends.get(reply_id)
            since = now - end if end is not None else None
            self._say(
                now, {"type": "speech.first_audio", "reply_id": reply_id, "since_end_of_speech_ms": since}
            )
        if self._sound is not None:
            self._sound(speech_id, pcm)

    def _speak_over(self) -> None:
        if self._over is None or self._over_started or self._tasks is None:
            return
        self._over_started = True
        self._overs.append(self._tasks.create_task(self._interrupt(self._over)))

    async def _interrupt(self, over: Over) -> None:
        await self._clock.sleep(over.after_ms)
        await self._speak(Speaker("over", role=over.role, page="over"), over.samples)

    def _say(self, at_ms: int, shape: dict[str, Any]) -> None:
        assert self._now is not None
        at = max(0, at_ms - self._now.zero_ms)
        self._tell({"type": shape.pop("type"), "file": self._now.file, "at_ms": at, **shape})


def _settled(event: ev.Event) -> bool:
    """Nothing will come of it although no later event closes it."""
    if isinstance(event, ev.DecisionMade):
        return event.needs_approval or event.draft.action == "ignore" or not event.draft.text
    return bool(getattr(event, "dropped", False) or getattr(event, "posted", False))


def _shape(event: ev.Event, playing: _Playing) -> dict[str, Any] | None:
    """The contract's line for an event of the log; None for those that are not told."""
    zero = playing.zero_ms
    if isinstance(event, ev.TranscriptPartial):
        return {"type": "transcript.partial", "lang": event.lang, "text": event.text, "lane": event.lane}
    if isinstance(event, ev.TranscriptFinal):
        return {
            "type": "transcript.final", "lang": event.lang, "text": event.text,
            "start_ms": event.start_ms - zero, "end_ms": event.end_ms - zero, "meaning": event.meaning,
            "lane": event.lane, "took_ms": event.took_ms,
        }  # fmt: skip
    if isinstance(event, ev.SpeechDucked | ev.SpeechHeld | ev.SpeechResumed):
        kind = ev.kind(event)
        return {"type": kind, "speech_id": event.speech_id, "since_onset_ms": event.since_onset_ms}
    if isinstance(event, ev.SpeechCut):
        return {
            "type": "speech.cut", "speech_id": event.speech_id, "reply_id": event.reply_id,
            "since_onset_ms": event.since_onset_ms, "heard": event.heard, "heard_ms": event.heard_ms,
            "timing": event.timing, "reason": event.reason, "rest": event.rest,
        }  # fmt: skip
    if isinstance(event, ev.SpeechPlayed):
        return {
            "type": "speech.played", "speech_id": event.speech_id, "reply_id": event.reply_id,
            "duration_ms": event.duration_ms,
        }  # fmt: skip
    if isinstance(event, ev.SpeechSkipped):
        return {"type": "speech.skipped", "reply_id": event.reply_id, "reason": event.reason}
    if isinstance(event, ev.ReplyPosted):
        return {"type": "reply.posted", "reply_id": event.reply_id, "text": event.text, "lang": event.lang}
    if isinstance(event, ev.FaultRaised):
        return {"type": "fault", "where": event.where, "message": event.message}
    return None


def _ignore(mic: Mic) -> None:
    """A lane of a file is never moved."""
