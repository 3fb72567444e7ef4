"""The keeper of the floor: voices on the log go into the floor machine, its actions become events.

One speech at a time. Ducking, holding and cutting are on the log the moment a voice is; nothing waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cohost import events as ev
from cohost.clock import Clock
from cohost.mouth import floor as fl
from cohost.mouth.gap import Air, AirTime
from cohost.mouth.heard import Script, played_by
from cohost.mouth.playback import Playback
from cohost.mouth.playout import Playout
from cohost.ports import Log

logger = logging.getLogger(__name__)

TICK_MS = 100
KEEP_VOICES = 1000
RETRACTED = "retracted"


@dataclass
class Speech:
    """A speech on the air. `over` is set when it has ended, however."""

    queued: ev.SpeechQueued
    queued_seq: int
    turn_id: str | None
    script: Script
    playout: Playout
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def id(self) -> str:
        return self.queued.speech_id


@dataclass
class _Voice:
    """What is known of a lane."""

    rank: fl.Rank
    viewer: str
    onset_ms: int = 0  # show time of the sound


class FloorKeeper:
    """`run` until cancelled. `begin` puts a speech on the air, `finish` ends it when all is played."""

    def __init__(self, log: Log, clock: Clock, playback: Playback) -> None:
        self._log = log
        self._clock = clock
        self._playback = playback
        self._floor = fl.Floor()
        self._voices: OrderedDict[str, _Voice] = OrderedDict()  # by lane, the newest to speak last
        self._host_ms: int | None = None
        self._anyone_ms: int | None = None
        self._given_ms: int | None = None
        self._speech: Speech | None = None
        self._after = log.last_seq  # read so far; voices of an earlier process are gone with it
        self.air_time = AirTime()
        self.stopped_seq = 0  # where the stop key was last pressed
        self.retracted: set[str] = set()  # replies taken back since this process started

    @property
    def speaking(self) -> bool:
        return self._speech is not None

    def air(self) -> Air:
        """How the room sounds now, with all that is on the log."""
        self._catch_up()
        return Air(self._floor.quiet, self._host_ms, self._anyone_ms, self._given_ms)

    async def run(self) -> None:
        """Follow the voices on the log. Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tick())
            async for _ in self._log.cursor(after=self._after):
                self._catch_up()

    def _catch_up(self) -> None:
        for record in self._log.records(after=self._after):
            self._after = record.seq
            self.take(record)

    async def _tick(self) -> None:
        while True:
            await self._clock.sleep(TICK_MS)
            if self._floor.lanes:
                self._step(fl.Tick(self._clock.now_ms()), "")

    # ── a speech ──
    def begin(self, speech: Speech, *, protected: bool) -> bool:
        """False where somebody speaks after all."""
        self._catch_up()
        if self._speech is not None or not self._floor.quiet or self._floor.state != "idle":
            return False
        self._speech = speech
        self._step(fl.Start(speech.id, speech.queued.asker, protected), "")
        return True

    def finish(self, speech: Speech) -> None:
        """The last sample has been heard."""
        if self._speech is speech:
            self._step(fl.Played(), "")

    def fail(self, speech: Speech, reason: str) -> None:
        """It cannot go on: what was heard is recorded, what becomes of the rest is delivery's matter."""
        if self._speech is speech:
            self._cut(speech, reason, "", None)
            self._floor = fl.Floor(lanes=self._floor.lanes)

    # ── voices ──
    def take(self, record: ev.Record) -> None:
        """One record of the log, in order."""
        handler = _TAKES.get(type(record.event))
        if handler is not None:
            handler(self, record, record.event)

    def _heard_of(self, lane: str, at_ms: int) -> None:
        self._anyone_ms = max(at_ms, self._anyone_ms or 0)
        voice = self._voices.get(lane)
        if voice is not None and voice.rank != "caller":
            self._host_ms = max(at_ms, self._host_ms or 0)

    def _rank(self, lane: str) -> fl.Rank:
        voice = self._voices.get(lane)
        return voice.rank if voice is not None else "caller"

    def onset(self, record: ev.Record, event: ev.UtteranceOnset) -> None:
        self._voices[event.lane] = _Voice(_RANKS[event.role], event.viewer, event.sound_ms)
        self._voices.move_to_end(event.lane)
        if len(self._voices) > KEEP_VOICES:
            self._voices.popitem(last=False)
        self._step(fl.Voice(event.lane, _RANKS[event.role], record.at_ms), event.lane)

    def confirmed(self, record: ev.Record, event: ev.UtteranceConfirmed) -> None:
        self._heard_of(event.lane, record.at_ms)
        if event.strong:
            self._step(fl.Strong(event.lane, self._rank(event.lane), record.at_ms), event.lane)

    def ended(self, record: ev.Record, event: ev.UtteranceEnded) -> None:
        if not event.dropped:
            self._heard_of(event.lane, event.end_ms)
        self._step(fl.Quiet(event.lane, record.at_ms), event.lane)

    def heard(self, record: ev.Record, event: ev.TranscriptFinal) -> None:
        rank = self._rank(event.lane)
        self._step(fl.Heard(event.lane, rank, event.meaning, record.at_ms), event.lane)

    def closed(self, record: ev.Record, event: ev.MicClosed) -> None:
        if event.lane:
            self._step(fl.Quiet(event.lane, record.at_ms), event.lane)

    def stop(self, record: ev.Record, event: ev.OperatorStopped) -> None:
        self.stopped_seq = record.seq
        self._step(fl.Stop("host" if event.by.startswith("host") else "operator"), "")

    def given(self, record: ev.Record, event: ev.FloorGiven) -> None:
        if event.viewer is None:
            self._given_ms = record.at_ms

    def taken_back(self, record: ev.Record, event: ev.ReplyRetracted) -> None:
        self.retracted.add(event.reply_id)
        if self._speech is not None and self._speech.queued.reply_id == event.reply_id:
            self.fail(self._speech, RETRACTED)

    # ── the machine ──
    def _step(self, event: fl.Event, lane: str) -> None:
        try:
            self._floor, actions = self._floor.step(event)
        except fl.IllegalFloor as error:
            logger.error("the floor refused an event: %s", error)
            return
        for action in actions:
            self._act(action, lane)

    def _act(self, action: fl.Action, lane: str) -> None:
        speech = self._speech
        if speech is None:
            return
        now = self._clock.now_ms()
        lane = action.lane or lane
        voice = self._voices.get(lane)
        since = now - voice.onset_ms if voice is not None else None
        place = round(speech.playout.position(now))
        if action.does == "duck":
            self._append(speech, ev.SpeechDucked(speech_id=speech.id, lane=lane, since_onset_ms=since or 0))
        elif action.does == "hold":
            speech.playout.hold(now)
            self._append(speech, ev.SpeechHeld(
                speech_id=speech.id, lane=lane, since_onset_ms=since or 0, at_speech_ms=place
            ))  # fmt: skip
        elif action.does == "resume":
            silent = speech.playout.resume(now)
            self._append(speech, ev.SpeechResumed(
                speech_id=speech.id, at_speech_ms=place, silent_ms=round(silent), since_onset_ms=since or 0
            ))  # fmt: skip
        elif action.does == "cut":
            self._cut(speech, action.reason, lane, since)
        elif action.does == "finish":
            self._over(speech, round(speech.playout.position(now)))
            self._append(speech, ev.SpeechPlayed(
                speech_id=speech.id, reply_id=speech.queued.reply_id, duration_ms=place,
                posted=speech.queued.posted,
            ))  # fmt: skip

    def _cut(self, speech: Speech, reason: str, lane: str, since: int | None) -> None:
        now = self._clock.now_ms()
        asker = speech.queued.asker or ""
        viewer = self._voices[asker].viewer if asker in self._voices else ""
        report = self._playback.reported(speech.id, viewer)
        server = speech.playout.position(now)
        played = played_by(server, report, now, moving=not speech.playout.held)
        heard, rest, exact = speech.script.heard(played)
        self._over(speech, round(played))
        self._append(speech, ev.SpeechCut(
            speech_id=speech.id, reply_id=speech.queued.reply_id, reason=reason, heard=heard,
            heard_ms=round(played), timing="exact" if exact else "estimated", rest=rest, lane=lane,
            since_onset_ms=since, posted=speech.queued.posted,
        ))  # fmt: skip

    def _over(self, speech: Speech, duration_ms: int) -> None:
        self.air_time.add(self._clock.now_ms(), duration_ms)
        self._speech = None
        speech.over.set()

    def _append(self, speech: Speech, event: ev.Event) -> None:
        self._log.append(event, turn_id=speech.turn_id, cause_seq=speech.queued_seq)


_RANKS: dict[str, fl.Rank] = {"viewer": "caller", "host": "host", "operator": "operator"}
_TAKES: dict[type[ev.Event], Callable[[FloorKeeper, ev.Record, Any], None]] = {
    ev.UtteranceOnset: FloorKeeper.onset, ev.UtteranceConfirmed: FloorKeeper.confirmed,
    ev.UtteranceEnded: FloorKeeper.ended, ev.TranscriptFinal: FloorKeeper.heard,
    ev.MicClosed: FloorKeeper.closed, ev.OperatorStopped: FloorKeeper.stop,
    ev.FloorGiven: FloorKeeper.given, ev.ReplyRetracted: FloorKeeper.taken_back,
}  # fmt: skip
