"""Voice along the log: a queued speech is made, waits for the floor, is spoken, and its end is told.

Sentence by sentence: the first is made before the floor is asked for, at most two are made ahead.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.sentences import sentences
from cohost.common.spoken import RATE, Spoken
from cohost.errors import BREAKS, LogError, ProviderError
from cohost.mouth.gap import may_start
from cohost.mouth.heard import Part, Script, lower_bound
from cohost.mouth.keeper import RETRACTED, FloorKeeper, Speech
from cohost.mouth.playback import Playback
from cohost.mouth.playout import Playout
from cohost.ports import Log, Voice

logger = logging.getLogger(__name__)

CHUNK_MS = 40
BYTES_PER_MS = RATE * 2 // 1000
POLL_MS = 20
PAUSE_MS = 140
"""Between two sentences."""
AHEAD = 2
MOST_WAITING = 12
SYNTHESIS_MS = 20
"""What making a sentence costs on the virtual clock."""
RESTARTED = "the process ended"


class Voices(Protocol):
    """Which voice is fit for a language."""

    def for_(self, lang: str) -> Voice | None: ...


class Mute:
    """No voice: what an earlier process was to say is posted."""

    def for_(self, lang: str) -> Voice | None:
        return None


@dataclass
class _Waiting:
    """A speech whose first sentence is made."""

    record: ev.Record
    queued: ev.SpeechQueued
    voice: Voice
    script: Script
    first: Spoken
    since_ms: int
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class _Left:
    """A speech that an earlier process began: how far it was, as the log proves."""

    place_ms: int = 0
    since_ms: int | None = None  # moving since then; None while held
    last_ms: int = 0
    closed: bool = False  # that process is gone
    parts: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def played_ms(self) -> int:
        return self.place_ms + (max(0, self.last_ms - self.since_ms) if self.since_ms is not None else 0)


class VoiceStage:
    """`speech.queued` → `speech.played`, `speech.cut` or `speech.skipped`; `run` beside the stage."""

    name = "voice"
    handles: tuple[type[ev.Event], ...] = (ev.SpeechQueued,)
    closes: tuple[type[ev.Event], ...] = (ev.SpeechPlayed, ev.SpeechCut, ev.SpeechSkipped)
    width = 64

    def __init__(
        self,
        log: Log,
        clock: Clock,
        voices: Voices,
        playback: Playback,
        *,
        share: float = 0.15,
        objects: Callable[[str], bool] = lambda reply_id: False,
    ) -> None:
        """`objects(reply_id)`: the guard's last word, asked when the floor is there."""
        self._log = log
        self._clock = clock
        self._voices = voices
        self._playback = playback
        self._share = share
        self._objects = objects
        self._waiting: list[_Waiting] = []
        self._left: dict[str, _Left] = {}
        self._mine: set[str] = set()
        self._from_seq = 0  # of this process
        self._wake = asyncio.Event()
        self.keeper = FloorKeeper(log, clock, playback)

    # ── along the log ──
    def observe(self, record: ev.Record) -> None:
        """Of speeches begun by an earlier process: how far they were when it ended."""
        event = record.event
        if isinstance(event, ev.ShowStarted):
            self._from_seq = record.seq
        for left in self._left.values():
            left.closed |= isinstance(event, ev.ShowStarted)
            left.last_ms = left.last_ms if left.closed else record.at_ms
        if isinstance(event, ev.SpeechStarted) and event.speech_id not in self._mine:
            self._left[event.speech_id] = _Left(since_ms=record.at_ms, last_ms=record.at_ms)
        elif isinstance(event, ev.SpeechPlayed | ev.SpeechCut | ev.SpeechSkipped):
            self._left.pop(event.speech_id, None)
            self._mine.discard(event.speech_id)
        elif isinstance(event, ev.SpeechSentence | ev.SpeechHeld | ev.SpeechResumed):
            left_one = self._left.get(event.speech_id)
            if left_one is not None:
                _follow(left_one, event, record.at_ms)

    async def handle(self, record: ev.Record) -> None:
        queued = record.event
        assert isinstance(queued, ev.SpeechQueued)
        left = self._left.pop(queued.speech_id, None)
        if left is not None:
            self._orphan(record, queued, left)
            return
        if record.seq < self._from_seq:
            self._skip(record, queued, RESTARTED)
            return
        waiting = await self._made(record, queued)
        if waiting is None:
            return
        self._waiting.append(waiting)
        self._shed()
        self._wake.set()
        await waiting.done.wait()

    async def _made(self, record: ev.Record, queued: ev.SpeechQueued) -> _Waiting | None:
        """The first sentence as sound; None where it was skipped with its reason."""
        voice = self._voices.for_(queued.lang)
        script = Script([Part(text) for text in sentences(queued.text, queued.lang)])
        if voice is None or not script.parts:
            self._skip(record, queued, f"no voice is fit for {queued.lang}" if script.parts else "no words")
            return None
        self._mine.add(queued.speech_id)
        try:
            first = await self._say(voice, script.parts[0].text, queued.lang)
        except ProviderError as error:
            self._skip(record, queued, f"voice failed: {error}")
            return None
        return _Waiting(record, queued, voice, script, first, self._clock.now_ms())

    async def _say(self, voice: Voice, text: str, lang: str) -> Spoken:
        """Raises ProviderError, whatever the engine raises: a voice that breaks costs no word."""
        try:
            async with self._clock.busy(cost_ms=SYNTHESIS_MS):
                return await voice.speak(text, lang)
        except ProviderError:
            raise
        except BREAKS as error:
            logger.exception("%s failed", voice.name)
            raise ProviderError(voice.name, f"{type(error).__name__}: {error}") from error

    # ── who is next ──
    async def run(self) -> None:
        """One speech after another, each when the floor allows. Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.keeper.run())
            while True:
                if not self._waiting:
                    self._wake.clear()
                    await self._wake.wait()
                chosen = self._next()
                if chosen is None:
                    await self._clock.sleep(POLL_MS)
                else:
                    await self._speak(chosen)

    def _next(self) -> _Waiting | None:
        """Callers before typed questions, each in order; those who waited too long are skipped."""
        now, air = self._clock.now_ms(), self.keeper.air()
        for waiting in sorted(self._waiting, key=lambda w: (w.queued.why != "caller", w.record.seq)):
            if self.keeper.stopped_seq > waiting.record.seq:
                self._drop(waiting, "stopped")
                continue
            if waiting.queued.reply_id in self.keeper.retracted:
                self._drop(waiting, RETRACTED)
                continue
            within = self.keeper.air_time.allows(now, waiting.first.duration_ms, self._share)
            answer, why = may_start(
                waiting.queued.why, air, now_ms=now, since_ms=waiting.since_ms, within_share=within
            )
            if answer == "start":
                return waiting
            if answer == "skip":
                self._drop(waiting, why)
        return None

    def _shed(self) -> None:
        """A full queue loses its oldest answer to a typed question: that one stands posted."""
        typed = [w for w in self._waiting if w.queued.why == "chat"]
        for waiting in typed[: max(0, len(self._waiting) - MOST_WAITING)]:
            self._drop(waiting, "too many answers wait")

    def _drop(self, waiting: _Waiting, reason: str) -> None:
        self._waiting.remove(waiting)
        self._skip(waiting.record, waiting.queued, reason)
        waiting.done.set()

    # ── speaking ──
    async def _speak(self, waiting: _Waiting) -> None:
        queued = waiting.queued
        if objection := self._objection(queued):
            self._drop(waiting, objection)
            return
        speech = Speech(
            queued, waiting.record.seq, waiting.record.turn_id, waiting.script,
            Playout(self._clock.now_ms()),
        )  # fmt: skip
        if not self.keeper.begin(speech, protected=queued.protected):
            await self._clock.sleep(POLL_MS)
            return
        self._waiting.remove(waiting)
        started = self._log.append(
            ev.SpeechStarted(
                speech_id=speech.id, reply_id=queued.reply_id, text=queued.text, lang=queued.lang,
                voice=waiting.voice.name, why=queued.why,
            ),
            turn_id=speech.turn_id, cause_seq=waiting.record.seq,
        )  # fmt: skip
        try:
            await self._log.durable(started.seq)
            await self._play(waiting, speech)
        except LogError as error:  # the disk is full: what cannot be written down is not said
            self.keeper.fail(speech, f"not written down: {error}")
        finally:
            if not speech.over.is_set():  # the show ends
                self.keeper.fail(speech, RESTARTED)
            waiting.done.set()

    def _objection(self, queued: ev.SpeechQueued) -> str:
        """Why it must not be said now; "" where it may. A judge that fails costs this speech only."""
        try:
            return "withheld" if self._objects(queued.reply_id) else ""
        except BREAKS as error:
            logger.exception("the guard failed on %s", queued.reply_id)
            return f"not judged: {type(error).__name__}: {error}"

    async def _play(self, waiting: _Waiting, speech: Speech) -> None:
        speech.playout.restart(self._clock.now_ms())
        made: asyncio.Queue[Spoken | ProviderError] = asyncio.Queue(AHEAD)
        made.put_nowait(waiting.first)
        async with asyncio.TaskGroup() as tasks:
            making = tasks.create_task(self._make(waiting, made))
            try:
                await self._send_all(speech, made)
            finally:
                making.cancel()

    async def _make(self, waiting: _Waiting, made: asyncio.Queue[Spoken | ProviderError]) -> None:
        for part in waiting.script.parts[1:]:
            try:
                await made.put(await self._say(waiting.voice, part.text, waiting.queued.lang))
            except ProviderError as error:
                await made.put(error)
                return

    async def _send_all(self, speech: Speech, made: asyncio.Queue[Spoken | ProviderError]) -> None:
        """Every sentence in the room's time, judged once more before it; returns when all is heard or
        the speech is over."""
        sent_ms = 0
        failure = ""
        for n, part in enumerate(speech.script.parts):
            while made.empty() and not speech.over.is_set():
                speech.playout.stall(sent_ms, self._clock.now_ms())
                await self._clock.sleep(POLL_MS)
            if speech.over.is_set():
                return
            sound = made.get_nowait()
            if isinstance(sound, ProviderError):
                failure = f"voice failed: {sound}"
                break
            if n and (failure := self._objection(speech.queued)):
                break
            speech.script.made(n, sound, sent_ms)
            self._log.append(
                ev.SpeechSentence(
                    speech_id=speech.id, n=n, text=part.text, lang=speech.queued.lang, start_ms=sent_ms,
                    duration_ms=sound.duration_ms,
                ),
                turn_id=speech.turn_id, cause_seq=speech.queued_seq,
            )  # fmt: skip
            last = n == len(speech.script.parts) - 1
            pcm = sound.pcm if last else sound.pcm + bytes(PAUSE_MS * BYTES_PER_MS)
            sent_ms = await self._send(speech, pcm, sent_ms)
        while not speech.over.is_set() and speech.playout.position(self._clock.now_ms()) < sent_ms:
            await self._clock.sleep(POLL_MS)
        if failure:
            self.keeper.fail(speech, failure)
        self.keeper.finish(speech)

    async def _send(self, speech: Speech, pcm: bytes, sent_ms: int) -> int:
        """Chunks of 40 ms, never more than the lead ahead; returns how much was sent in all."""
        size = CHUNK_MS * BYTES_PER_MS
        for start in range(0, len(pcm), size):
            while (
                not speech.over.is_set()
                and speech.playout.may_send(self._clock.now_ms()) < sent_ms + CHUNK_MS
            ):
                await self._clock.sleep(POLL_MS)
            if speech.over.is_set():
                return sent_ms
            chunk = pcm[start : start + size]
            self._playback.push(speech.id, chunk.ljust(size, b"\0"))
            sent_ms += CHUNK_MS
        return sent_ms

    # ── ends without a word ──
    def _skip(self, record: ev.Record, queued: ev.SpeechQueued, reason: str) -> None:
        self._log.append(
            ev.SpeechSkipped(
                speech_id=queued.speech_id, reply_id=queued.reply_id, reason=reason, text=queued.text,
                lang=queued.lang, posted=queued.posted,
            ),
            turn_id=record.turn_id, cause_seq=record.seq,
        )  # fmt: skip

    def _orphan(self, record: ev.Record, queued: ev.SpeechQueued, left: _Left) -> None:
        """Begun by a process that ended: never said again; what was not certainly heard is posted."""
        played = left.played_ms
        told = {text for text, _, _ in left.parts}
        unmade = [(t, 1 << 40, 0) for t in sentences(queued.text, queued.lang) if t not in told]
        heard, rest = lower_bound([*left.parts, *unmade], played)
        self._log.append(
            ev.SpeechCut(
                speech_id=queued.speech_id, reply_id=queued.reply_id, reason=RESTARTED, heard=heard,
                heard_ms=played, timing="estimated", rest=rest, posted=queued.posted,
            ),
            turn_id=record.turn_id, cause_seq=record.seq,
        )  # fmt: skip


def _follow(left: _Left, event: ev.SpeechSentence | ev.SpeechHeld | ev.SpeechResumed, at_ms: int) -> None:
    if isinstance(event, ev.SpeechSentence):
        left.parts.append((event.text, event.start_ms, event.duration_ms))
        left.last_ms = at_ms
        if left.played_ms > event.start_ms:  # until now there was no more to hear
            left.place_ms, left.since_ms = event.start_ms, at_ms
    else:
        left.place_ms = event.at_speech_ms
        left.since_ms = None if isinstance(event, ev.SpeechHeld) else at_ms
