"""Sounds that must not stop cohost: coughs, laughter, breaths, beeps, nods, a café, while it speaks.

Each sound goes into the ears as from a host's open microphone (a host's voice always wins, so nothing is
forgiven) while cohost speaks; the keeper of the floor, the ears and the recogniser are the product's own,
on a clock that skips idle waits only. A recording is cut into windows; each window comes at five gains
and with a café behind it at two levels. Counted by source recording: each weighs the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.voice.rooms import Studio
from cohost import events as ev
from cohost.clock import SkippingClock
from cohost.ears.audio import RATE, Pcm
from evals.booth import Booth, Trial

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
    booth = Booth(clock, studio.knowledge.library.catalogue, studio.recognition, studio.detect)
    found: list[Stopped] = []

    async def play() -> None:
        for sound in sounds:
            found.append(_stopped(await booth.over(sound, TEXT)))

    async with booth.open() as tasks:
        await clock.drive(tasks.create_task(play()))
    return found


def _stopped(trial: Trial) -> Stopped:
    resumed = [r.event.silent_ms for r in trial.records if isinstance(r.event, ev.SpeechResumed)]
    words = [r.event for r in trial.records if isinstance(r.event, ev.TranscriptFinal)]
    return Stopped(
        held=bool(trial.all(ev.SpeechHeld)), cut=bool(trial.all(ev.SpeechCut)),
        silent_ms=tuple(ms for ms in resumed if ms), words=tuple(f"{e.text} ({e.meaning})" for e in words),
    )  # fmt: skip


def share(found: dict[str, list[Stopped]], what: str) -> float | None:
    """Of the sounds, those that stopped cohost: the mean over sources of each source's share."""
    shares = [sum(getattr(s, what) for s in some) / len(some) for some in found.values() if some]
    return sum(shares) / len(shares) if shares else None
