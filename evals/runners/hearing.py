"""What ears hear: sounds through the lanes, the voice detector and the recogniser of a room."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cohost import events as ev
from cohost import settings, talking
from cohost.clock import VirtualClock, WallClock
from cohost.common.catalogue import Catalogue
from cohost.common.spoken import RATE
from cohost.ears.audio import Pcm
from cohost.ears.lane import Detect
from cohost.ears.recognition import Recognition
from cohost.errors import ModelMissing
from evals.booth import Booth, Trial
from evals.case import read_cases
from evals.hearing import Heard, HearingCase, hearing_scores, speech_rate
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.sounds import Sound, clip_of, made
from evals.suite import Suite
from evals.world import World

AFTER_S = 2.5
"""Silence behind a sound: longer than ears and floor wait for more."""
ESPEAK = "espeak"


@dataclass
class Studio:
    """Models of a process, loaded and warm."""

    catalogue: Catalogue
    recognition: Recognition
    detect: Callable[[], Detect]

    def booth(self, clock: VirtualClock) -> Booth:
        return Booth(clock, self.catalogue, self.recognition, self.detect)


@contextlib.asynccontextmanager
async def studio(world: World) -> AsyncIterator[Studio]:
    """Raises ModelMissing where cohost hears nothing here."""
    models = talking.load(settings.replace(settings.load(), voice__hear=True, voice__speak=False))
    try:
        if models.recognition is None or models.detect is None:
            raise ModelMissing("whisper-base", models.why)
        await models.warm()
        yield Studio((await world.knowledge()).library.catalogue, models.recognition, models.detect)
    finally:
        await models.close()


def absent(world: World) -> str:
    """Why nothing is heard here."""
    return talking.load(settings.replace(settings.load(), voice__hear=True, voice__speak=False)).why


def load(suite: Suite, world: World) -> Sequence[HearingCase]:
    return read_cases(suite.files(), HearingCase)


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    async with studio(world) as models:

        async def run(case: HearingCase) -> list[Outcome]:
            samples = made(case.sound)
            said = case.said or case.sound.say or (clip_of(case.sound.clip).text if case.sound.clip else "")
            way = ESPEAK if case.sound.say else "noise" if case.sound.behind else ""
            heard = await hear(models, samples, page=case.page)
            return [outcome(case.id, case.lang, said, heard, source=source_of(case.sound), way=way)]

        yield run


def source_of(sound: Sound) -> str:
    return sound.noise or (ESPEAK if sound.say else "clip") + (f" + {sound.behind}" if sound.behind else "")


async def hear(models: Studio, samples: Pcm, *, page: str | None = None) -> Heard:
    """In a booth of its own, so that no voice before it gives a hint. What the ears take for noise is not
    heard."""
    clock, wall = VirtualClock(on=dt.date(2026, 1, 1)), WallClock()
    booth = models.booth(clock)
    whole = with_silence(samples)
    found: list[Trial] = []

    async def play() -> None:
        found.append(await booth.hear(whole, lang=page))

    before = wall.perf()
    async with booth.open() as tasks:
        await clock.drive(tasks.create_task(play()))
    took = (wall.perf() - before) * 1000
    finals = [r.event for r in found[0].records if isinstance(r.event, ev.TranscriptFinal)]
    told = [(f.text, f.lang) for f in finals if f.meaning != "noise"]
    return Heard(tuple(told), len(samples) * 1000 / RATE, took)


def with_silence(samples: Pcm) -> Pcm:
    return np.concatenate([samples, np.zeros(int(AFTER_S * RATE), np.float32)])


def outcome(case: str, lang: str, said: str, heard: Heard, *, source: str, way: str = "") -> Outcome:
    return Outcome(
        case=case, lang=lang, asked=said or f"({source})", scores=hearing_scores(said, lang, heard, way=way),
        expected={"text": said, "lang": lang if said else "und"},
        got={"text": heard.text, "lang": heard.lang}, groups={"source": source}, times=speech_rate(heard),
    )  # fmt: skip
