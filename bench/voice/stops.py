"""Sounds that must not stop cohost: coughs, laughter, breaths, beeps, nods, a café, while it speaks.

Each sound goes into the ears as from a host's open microphone (a host's voice always wins, so nothing is
forgiven) while cohost speaks; the keeper of the floor, the ears and the recogniser are the product's own,
on a clock that skips idle waits only. A recording is cut into windows; each window comes at five gains
and with a café behind it at two levels. Counted by source recording: each weighs the same.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.voice.rooms import Studio
from cohost import events as ev
from cohost.clock import SkippingClock
from cohost.ears.audio import RATE, Pcm, to_s16
from cohost.ears.lane import FRAME
from cohost.ears.microphones import Lanes
from cohost.ears.stage import EarsStage
from cohost.log import MemoryLog
from cohost.mouth.heard import Part, Script
from cohost.mouth.keeper import FloorKeeper, Speech
from cohost.mouth.playback import Playback
from cohost.mouth.playout import Playout
from cohost.ports import Mic, Speaker
from cohost.stage import run

GAINS_DB = (-12.0, -6.0, 0.0, 3.0, 6.0)
CAFE_DB = (-15.0, -5.0)
"""The café's level beside the sound's."""
WINDOW_S, MOST_WINDOWS = 4.0, 3
LEAD_S, AFTER_S = 0.5, 2.5
"""After the sound: longer than the floor waits for words."""
TEXT = "The battery lasts twenty two hours at half volume, and it charges in two and a half hours."


@dataclass(frozen=True)
class Stopped:
    """What one sound did. `silent_ms`: of each hold that resumed."""

    held: bool
    cut: bool
    silent_ms: tuple[int, ...] = ()
    words: tuple[str, ...] = ()


def windows(samples: Pcm, seed: int) -> list[Pcm]:
    """At most three stretches of at most four seconds; short recordings whole."""
    size = int(WINDOW_S * RATE)
    if len(samples) <= size:
        return [samples]
    count = min(MOST_WINDOWS, -(-len(samples) // size))
    chance = random.Random(seed)
    spare = len(samples) - size
    starts = [round(spare * (n + chance.random()) / count) for n in range(count)]
    return [samples[s : s + size] for s in starts]


def variants(window: Pcm, cafe: Pcm | None, seed: int) -> Iterator[Pcm]:
    """Five gains, and two levels of a café behind it, each behind a short lead."""
    lead, tail = np.zeros(int(LEAD_S * RATE), np.float32), np.zeros(int(AFTER_S * RATE), np.float32)
    whole = np.concatenate([lead, window, tail])
    for gain in GAINS_DB:
        yield np.clip(whole * np.float32(10 ** (gain / 20)), -1, 1)
    level = loudness(window)
    if cafe is None or level == 0:
        return
    for n, beside in enumerate(CAFE_DB):
        start = random.Random(seed + n).randrange(len(cafe))
        noise = np.resize(np.roll(cafe, -start), len(whole))
        yield np.clip(whole + noise * np.float32(level / loudness(cafe) * 10 ** (beside / 20)), -1, 1)


def loudness(samples: Pcm) -> float:
    """RMS of the loudest half of the 10 ms frames: what is heard of it."""
    size = RATE // 100
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    if not len(frames):
        return 0.0
    power = np.sort((frames.astype(np.float64) ** 2).mean(axis=1))[len(frames) // 2 :]
    return float(np.sqrt(power.mean()))


async def try_all(studio: Studio, sounds: list[Pcm]) -> list[Stopped]:
    """Each sound against a speech of its own, one after another in one room."""
    clock = SkippingClock(studio.on)
    booth = _Booth(studio, clock)
    found: list[Stopped] = []

    async def play() -> None:
        for sound in sounds:
            found.append(await booth.try_one(sound))

    async with asyncio.TaskGroup() as tasks:
        jobs = [
            tasks.create_task(run(booth.ears, booth.log)), tasks.create_task(booth.ears.run()),
            tasks.create_task(booth.keeper.run()),
        ]  # fmt: skip
        playing = tasks.create_task(play())
        await clock.drive(playing)
        for job in jobs:
            job.cancel()
    await booth.log.close()
    return found


class _Booth:
    """Ears and the keeper of the floor, and nothing else of a room."""

    def __init__(self, studio: Studio, clock: SkippingClock) -> None:
        self.clock = clock
        self.log = MemoryLog(clock)
        catalogue = studio.knowledge.library.catalogue
        self.ears = EarsStage(self.log, clock, catalogue, studio.recognition)
        self.lanes = Lanes(self.log, clock, self.ears, studio.detect)
        self.keeper = FloorKeeper(self.log, clock, Playback(clock))
        self._number = 0

    async def try_one(self, sound: Pcm) -> Stopped:
        self._number += 1
        speech_id = f"s{self._number}"
        before = self.log.last_seq
        queued = ev.SpeechQueued(speech_id=speech_id, reply_id=speech_id, text=TEXT, lang="en")
        record = self.log.append(queued)
        self.log.append(
            ev.SpeechStarted(
                speech_id=speech_id, reply_id=speech_id, text=TEXT, lang="en", voice="pyttsx3", why="caller"
            )
        )
        speech = Speech(queued, record.seq, None, Script([Part(TEXT)]), Playout(self.clock.now_ms()))
        assert self.keeper.begin(speech, protected=False)
        speaker = Speaker("host", role="host", page=speech_id)
        mic = self.lanes.open(speaker, _ignore)
        zero = self.clock.now_ms()
        for sent in range(0, len(sound), FRAME):
            due = zero + (sent + FRAME) * 1000 / RATE
            await self.clock.sleep(due - self.clock.now_ms())
            self.lanes.feed(mic.lane, to_s16(sound[sent : sent + FRAME]))
        self.lanes.close(speaker)
        while self._unread(before):
            await self.clock.sleep(50)
        await self.clock.sleep(50)
        found = self._found(before, speech_id)
        self.keeper.fail(speech, "the trial is over")
        while not self.keeper.air().quiet:
            await self.clock.sleep(100)
        return found

    def _unread(self, after: int) -> bool:
        """Words are still to come, however slow the machine."""
        ended = read = 0
        for record in self.log.records(after):
            ended += isinstance(record.event, ev.UtteranceEnded) and not record.event.dropped
            read += isinstance(record.event, ev.TranscriptFinal | ev.FaultRaised)
        return read < ended

    def _found(self, after: int, speech_id: str) -> Stopped:
        events = [r.event for r in self.log.records(after)]
        return Stopped(
            held=any(isinstance(e, ev.SpeechHeld) for e in events),
            cut=any(isinstance(e, ev.SpeechCut) and e.speech_id == speech_id for e in events),
            silent_ms=tuple(e.silent_ms for e in events if isinstance(e, ev.SpeechResumed) and e.silent_ms),
            words=tuple(f"{e.text} ({e.meaning})" for e in events if isinstance(e, ev.TranscriptFinal)),
        )


def _ignore(mic: Mic) -> None:
    """A lane of a recording is never moved."""


def share(found: dict[str, list[Stopped]], what: str) -> float | None:
    """Of the sounds, those that stopped cohost: the mean over sources of each source's share."""
    shares = [sum(getattr(s, what) for s in some) / len(some) for some in found.values() if some]
    return sum(shares) / len(shares) if shares else None
