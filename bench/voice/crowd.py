"""Several speakers at once in a real room, in real time: is the event loop on time, are all words read?

Demo clips are spoken by as many viewers, each on a lane of their own, with pauses of seeded length; the
room answers aloud meanwhile. What is measured is the machine too: these are times of the wall.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

import numpy as np

from bench.voice.rooms import Studio
from cohost import events as ev
from cohost.app import Room
from cohost.clock import Clock, WallClock
from cohost.ears.audio import RATE, Pcm, to_s16
from cohost.ears.lane import FRAME, GAP_MS
from cohost.ears.recognition import Recognition
from cohost.ports import Mic, Speaker
from evals.recordings import Clip, clips, sound_of

TICK_MS = 5
LAST_WORDS_S = 20


@dataclass(frozen=True)
class Spoken:
    """A clip as a lane spoke it: show times of its voice."""

    lane: str
    start_ms: float
    end_ms: float


@dataclass
class Crowd:
    """What came of it. `final_ms`: from the end of each voice to its transcript; `lost`: voices without
    one; `holes`: frames that came to their lane so late that the ears see a hole."""

    late_ms: list[float] = field(default_factory=list)
    decoding_late_ms: list[float] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    final_ms: list[float] = field(default_factory=list)
    frames: int = 0
    holes: int = 0
    lost: int = 0


async def gather(studio: Studio, lanes: int, for_s: float, *, pause_s: tuple[float, float]) -> Crowd:
    """`lanes` viewers speak clip after clip for about `for_s` seconds, waiting `pause_s` before each."""
    clock = WallClock(on=studio.on)
    room, crowd = studio.room(clock), Crowd()
    some = [(clip, sound_of(clip)) for clip in clips()]
    leave = room.sound.join(_deaf, "viewer0") if room.sound is not None else _left
    async with room.running(live=False) as tasks:
        ticking = tasks.create_task(_tick(clock, studio.recognition, crowd))
        async with asyncio.TaskGroup() as speakers:
            for n in range(lanes):
                speakers.create_task(_speak(room, clock, n, some, for_s, pause_s, crowd))
        leave()
        ticking.cancel()
        await _read(room, clock)
        _count(room, crowd)
    return crowd


async def _tick(clock: Clock, recognition: Recognition, crowd: Crowd) -> None:
    """How late the loop wakes a sleeper of 5 ms, always and while words are decoded."""
    while True:
        decoding, before = not recognition.idle, clock.perf()
        await clock.sleep(TICK_MS)
        late = (clock.perf() - before) * 1000 - TICK_MS
        crowd.late_ms.append(late)
        if decoding and not recognition.idle:
            crowd.decoding_late_ms.append(late)


async def _speak(
    room: Room, clock: Clock, number: int, some: list[tuple[Clip, Pcm]], for_s: float,
    pause_s: tuple[float, float], crowd: Crowd,
) -> None:  # fmt: skip
    """One microphone, open all the time."""
    assert room.microphones is not None
    chance = random.Random(number)
    order = chance.sample(some, len(some))
    speaker = Speaker(f"viewer{number}", page=str(number))
    lane = room.microphones.open(speaker, _stays).lane
    zero, at_s = clock.now_ms(), 0.0
    for clip, sound in order:
        pause = round(chance.uniform(*pause_s) * RATE) / RATE
        if at_s + pause + len(sound) / RATE > for_s:
            break
        voice = zero + (at_s + pause) * 1000
        crowd.spoken.append(Spoken(lane, voice + clip.onset_ms, voice + clip.end_ms))
        samples = np.concatenate([np.zeros(round(pause * RATE), np.float32), sound])
        await _feed(room, clock, lane, samples, zero + at_s * 1000, crowd)
        at_s += len(samples) / RATE
    await _feed(room, clock, lane, np.zeros(2 * RATE, np.float32), zero + at_s * 1000, crowd)
    room.microphones.close(speaker)


async def _feed(room: Room, clock: Clock, lane: str, samples: Pcm, from_ms: float, crowd: Crowd) -> None:
    assert room.microphones is not None
    for start in range(0, len(samples), FRAME):
        frame = samples[start : start + FRAME]
        due = from_ms + (start + len(frame)) * 1000 / RATE
        await clock.sleep(max(0.0, due - clock.now_ms()))
        crowd.frames += 1
        crowd.holes += clock.now_ms() - due > GAP_MS
        room.microphones.feed(lane, to_s16(frame))


async def _read(room: Room, clock: Clock) -> None:
    """Until every utterance that ended has its words, or the time for that is over."""
    until = clock.now_ms() + LAST_WORDS_S * 1000
    while clock.now_ms() < until:
        events = [r.event for r in room.log.records()]
        ended = sum(isinstance(e, ev.UtteranceEnded) and not e.dropped for e in events)
        if sum(isinstance(e, ev.TranscriptFinal) for e in events) >= ended:
            return
        await clock.sleep(100)


def _count(room: Room, crowd: Crowd) -> None:
    """Each voice's last transcript; a pause may have parted it."""
    finals = [(r.at_ms, r.event) for r in room.log.records() if isinstance(r.event, ev.TranscriptFinal)]
    for voice in crowd.spoken:
        mine = [
            at_ms for at_ms, e in finals
            if e.lane == voice.lane and e.start_ms < voice.end_ms and e.end_ms > voice.start_ms
        ]  # fmt: skip
        if mine:
            crowd.final_ms.append(max(mine) - voice.end_ms)
        else:
            crowd.lost += 1


def _deaf(speech_id: str, pcm: bytes) -> None:
    """A page that plays cohost's voice."""


def _left() -> None:
    """Nobody listened."""


def _stays(mic: Mic) -> None:
    """These lanes are never moved."""
