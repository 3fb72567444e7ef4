"""A trial's sound at the pace of a microphone, and a record of when a voice sounded. Standard library only.

Both run on the loop's own clock; every driver hears and is heard through them: one ruler measures all.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator
from math import pi, sin
from pathlib import Path

from bench.peers.wire import Trial

RATE = 16_000
FRAME_MS = 20
FRAME_BYTES = RATE * FRAME_MS // 1000 * 2
JOINED_MS = 60
"""Sound that goes on within this is one stretch: a late timer is no silence."""
SPEAKING_MS = 700
"""How long a driver speaks before a sound comes over it."""
INTERIM_MS = 300
"""Of a stretch's first word, before the recogniser's delay."""
MS_PER_CHARACTER = 60
LONG_SPEECH = (
    "The battery of this speaker lasts for a whole day at half of its volume and then it charges again "
    "within two and a half hours from any adapter that you have at home while it goes on playing for you "
    "and the case keeps rain and dust away from it wherever you may take it on a long and sunny weekend"
)
"""One sentence, about eighteen seconds of tone."""
ANSWER = "It plays for twenty two hours at half volume."


class Microphone:
    """Silence until `begin`, then the sound, then silence; a frame of 20 ms each 20 ms."""

    def __init__(self, sound: bytes) -> None:
        self._sound = sound
        self._wanted = False
        self.begun = asyncio.Event()
        self.zero = 0.0
        """Loop time of the sound's first sample, once begun."""

    @property
    def sound_ms(self) -> float:
        return len(self._sound) / 2 * 1000 / RATE

    def begin(self) -> None:
        self._wanted = True

    def ms(self, at: float) -> float:
        """A loop time on the sound's timeline."""
        return round((at - self.zero) * 1000, 1)

    async def until(self, sound_ms: float) -> None:
        """Wait for a time of the sound."""
        await self.begun.wait()
        await asyncio.sleep(self.zero + sound_ms / 1000 - asyncio.get_running_loop().time())

    async def frames(self) -> AsyncIterator[bytes]:
        """For ever; each frame when its last sample has been spoken."""
        loop = asyncio.get_running_loop()
        due, place, silence = loop.time(), 0, bytes(FRAME_BYTES)
        while True:
            due += FRAME_MS / 1000
            await asyncio.sleep(due - loop.time())
            if self._wanted and not self.begun.is_set():
                self.zero = due - FRAME_MS / 1000
                self.begun.set()
            frame = self._sound[place : place + FRAME_BYTES] if self.begun.is_set() else b""
            place += len(frame)
            yield frame + silence[len(frame) :]


class Sounding:
    """When a voice sounded, in loop time."""

    def __init__(self) -> None:
        self.stretches: list[list[float]] = []

    def add(self, start: float, end: float) -> None:
        if self.stretches and start - self.stretches[-1][1] <= JOINED_MS / 1000:
            self.stretches[-1][1] = end
        else:
            self.stretches.append([start, end])

    def spoke(self, microphone: Microphone) -> tuple[tuple[float, float], ...]:
        return tuple((microphone.ms(a), microphone.ms(b)) for a, b in self.stretches)

    async def speaking(self, deadline_s: float = 20.0) -> None:
        """Wait until it has spoken long enough. Raises TimeoutError."""
        loop = asyncio.get_running_loop()
        until = loop.time() + deadline_s
        while not self.stretches or self.stretches[-1][1] - self.stretches[-1][0] < SPEAKING_MS / 1000:
            if loop.time() > until:
                raise TimeoutError("its own voice did not begin")
            await asyncio.sleep(0.02)


async def spoken(trial: Trial, microphone: Microphone) -> AsyncIterator[tuple[str, bool]]:
    """What a streaming recogniser says of the trial, at its times: (words, whether they are final)."""
    for words in trial.words:
        if not words.text:
            continue
        if words.start_ms + INTERIM_MS < words.end_ms:
            await microphone.until(words.start_ms + INTERIM_MS + trial.stt_ms)
            yield words.text.split()[0], False
        await microphone.until(words.end_ms + trial.stt_ms)
        yield words.text, True


def read_sound(path: str) -> bytes:
    return Path(path).read_bytes()


def tone(text: str) -> bytes:
    """A hum as long as the text takes to say, 16 kHz s16le: whole periods of 200 Hz."""
    period = RATE // 200
    wave = array("h", (int(9000 * sin(2 * pi * n / period)) for n in range(period)))
    return wave.tobytes() * (len(text) * MS_PER_CHARACTER // 5)
