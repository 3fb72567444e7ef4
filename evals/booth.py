"""Ears and the keeper of the floor, and nothing else of a room: sounds are heard, or heard over a speech.

The voice detector, the recogniser and both state machines are the product's own; the clock is whose turn it
is: virtual in evals, skipping idle waits in the bench.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Literal

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.catalogue import Catalogue
from cohost.common.spoken import RATE, Spoken
from cohost.ears.audio import Pcm, to_s16
from cohost.ears.lane import FRAME, Detect
from cohost.ears.microphones import Lanes
from cohost.ears.recognition import Recognition
from cohost.ears.stage import EarsStage
from cohost.log import MemoryLog
from cohost.mouth.heard import Part, Script
from cohost.mouth.keeper import FloorKeeper, Speech
from cohost.mouth.playback import Playback
from cohost.mouth.playout import Playout
from cohost.ports import Mic, Speaker
from cohost.stage import run

Role = Literal["viewer", "host"]


@dataclass(frozen=True)
class Trial:
    """What a sound brought about, from `start_ms` of show time on."""

    start_ms: int
    records: tuple[ev.Record, ...]

    def all(self, *kinds: type[ev.Event]) -> list[ev.Record]:
        return [r for r in self.records if isinstance(r.event, kinds)]


class Booth:
    """One after another: `hear`, `over`. Works while `open`."""

    def __init__(
        self, clock: Clock, catalogue: Catalogue, recognition: Recognition, detect: Callable[[], Detect]
    ) -> None:
        self._clock = clock
        self.log = MemoryLog(clock)
        self._ears = EarsStage(self.log, clock, catalogue, recognition)
        self._lanes = Lanes(self.log, clock, self._ears, detect)
        self._keeper = FloorKeeper(self.log, clock, Playback(clock))
        self._number = 0

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[asyncio.TaskGroup]:
        """Runs what listens; what is tried belongs into the group, for a virtual clock to drive."""
        async with asyncio.TaskGroup() as tasks:
            jobs = [
                tasks.create_task(run(self._ears, self.log)), tasks.create_task(self._ears.run()),
                tasks.create_task(self._keeper.run()),
            ]  # fmt: skip
            yield tasks
            for job in jobs:
                job.cancel()
        await self.log.close()

    async def hear(self, sound: Pcm, *, lang: str | None = None) -> Trial:
        """A caller's microphone for as long as the sound. `lang`: of the caller's page."""
        self._number += 1
        before, start = self.log.last_seq, self._clock.now_ms()
        await self._feed(Speaker("caller", lang=lang, page=f"p{self._number}"), sound)
        await self._read(before)
        return Trial(start, tuple(self.log.records(before)))

    async def over(
        self, sound: Pcm, text: str, *, spoken: Spoken | None = None, role: Role = "host",
        lang: str | None = None, asked: bool = False,
    ) -> Trial:  # fmt: skip
        """While cohost says `text` from the sound's first sample on: a host's open microphone, which always
        wins, or a viewer's (`asked`: whom cohost answers). `spoken`: the voice's sound and word times."""
        self._number += 1
        speech_id, before = f"s{self._number}", self.log.last_seq
        speaker = Speaker(role, role=role, lang=lang, page=speech_id)
        mic = self._lanes.open(speaker, _ignore)
        queued = ev.SpeechQueued(
            speech_id=speech_id, reply_id=speech_id, text=text, lang="en", asker=mic.lane if asked else None
        )
        record = self.log.append(queued)
        self.log.append(
            ev.SpeechStarted(
                speech_id=speech_id, reply_id=speech_id, text=text, lang="en", voice="pyttsx3", why="caller"
            )
        )
        start = self._clock.now_ms()
        script = Script([Part(text)])
        if spoken is not None:
            script.made(0, spoken, 0)
        speech = Speech(queued, record.seq, None, script, Playout(start))
        assert self._keeper.begin(speech, protected=False)
        await self._feed_lane(mic.lane, sound)
        self._lanes.close(speaker)
        await self._read(before)
        trial = Trial(start, tuple(self.log.records(before)))
        self._keeper.fail(speech, "the trial is over")
        while not self._keeper.air().quiet:
            await self._clock.sleep(100)
        return trial

    async def _feed(self, speaker: Speaker, sound: Pcm) -> None:
        mic = self._lanes.open(speaker, _ignore)
        await self._feed_lane(mic.lane, sound)
        self._lanes.close(speaker)

    async def _feed_lane(self, lane: str, sound: Pcm) -> None:
        """At a microphone's pace."""
        zero = self._clock.now_ms()
        for sent in range(0, len(sound), FRAME):
            due = zero + (sent + FRAME) * 1000 / RATE
            await self._clock.sleep(due - self._clock.now_ms())
            self._lanes.feed(lane, to_s16(sound[sent : sent + FRAME]))

    async def _read(self, after: int) -> None:
        """Until every word has come, however slow the machine."""
        while self._unread(after):
            await self._clock.sleep(50)
        await self._clock.sleep(50)

    def _unread(self, after: int) -> bool:
        ended = read = 0
        for record in self.log.records(after):
            ended += isinstance(record.event, ev.UtteranceEnded) and not record.event.dropped
            read += isinstance(record.event, ev.TranscriptFinal | ev.FaultRaised)
        return read < ended


def _ignore(mic: Mic) -> None:
    """A lane of a recording is never moved."""
