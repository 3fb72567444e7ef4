"""Who has the floor, by ear: sounds over cohost's own voice, through the voice detector, the recogniser and
the keeper of the floor, on the virtual clock."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import AsyncIterator, Sequence

import numpy as np

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.spoken import RATE, Spoken, Word
from cohost.ears.audio import Pcm
from evals.booth import Trial
from evals.case import read_cases
from evals.hearing import FloorSoundCase
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.runners.hearing import ESPEAK, Studio, source_of, studio, with_silence
from evals.sounds import made
from evals.suite import Suite
from evals.world import World

LETTER_MS, PAUSE_MS = 62.0, 200.0
"""Of the voice in the box: 11 s for this text."""
TEXT = (
    "The battery lasts twenty two hours at half volume, and it charges in two and a half hours. It floats, "
    "and it plays in the rain, in the bath and at the beach."
)


def load(suite: Suite, world: World) -> Sequence[FloorSoundCase]:
    return read_cases(suite.files(), FloorSoundCase)


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    async with studio(world) as models:
        speech = made_speech()

        async def run(case: FloorSoundCase) -> list[Outcome]:
            samples = made(case.sound)
            trial = await over(models, samples, case, speech)
            return [outcome(case, trial, speech, source_of(case.sound))]

        yield run


def made_speech() -> Spoken:
    """As the voice says it: words by their letters, since its own times are not the same twice."""
    words, at_ms = [], 0.0
    for match in re.finditer(r"\S+", TEXT):
        words.append(Word(match.start(), match.end(), round(at_ms)))
        at_ms += LETTER_MS * (len(match.group()) + 1) + PAUSE_MS * (match.group()[-1] in ".,")
    return Spoken(bytes(round(at_ms) * RATE // 1000 * 2), tuple(words), exact=True)


async def over(models: Studio, samples: Pcm, case: FloorSoundCase, speech: Spoken | None) -> Trial:
    clock = VirtualClock(on=dt.date(2026, 1, 1))
    booth = models.booth(clock)
    whole = np.concatenate([np.zeros(case.at_ms * RATE // 1000, np.float32), with_silence(samples)])
    found: list[Trial] = []

    async def play() -> None:
        found.append(
            await booth.over(
                whole, TEXT, spoken=speech, role="viewer" if case.role == "viewer" else "host",
                asked=case.asked,
            )
        )  # fmt: skip

    async with booth.open() as tasks:
        await clock.drive(tasks.create_task(play()))
    return found[0]


def floor_scores(expect: str, trial: Trial, speech: Spoken | None) -> dict[str, float]:
    """missed_stop, false_stop: 1 where cohost did what it owed. heard_text: the words of a cut speech are
    those that had begun when the last silence before the cut began, one more or less. no_gap: a speech
    that went on was never silent."""
    cuts, holds = trial.all(ev.SpeechCut), trial.all(ev.SpeechHeld)
    if expect != "cut":
        return {"false_stop": float(not cuts), "no_gap": float(not holds and not cuts)}
    scores = {"missed_stop": float(bool(cuts))}
    if cuts and speech is not None and speech.words:
        cut = cuts[0].event
        assert isinstance(cut, ev.SpeechCut)
        silent = next((r.at_ms for r in reversed(holds) if r.seq < cuts[0].seq), cuts[0].at_ms)
        begun = sum(word.at_ms < silent - trial.start_ms for word in speech.words)
        scores["heard_text"] = float(abs(len(cut.heard.split()) - begun) <= 1)
    return scores


def outcome(case: FloorSoundCase, trial: Trial, speech: Spoken | None, source: str) -> Outcome:
    did = trial.all(ev.SpeechDucked, ev.SpeechHeld, ev.SpeechResumed, ev.SpeechCut)
    words = [r.event for r in trial.records if isinstance(r.event, ev.TranscriptFinal)]
    cut = next((r.event for r in trial.records if isinstance(r.event, ev.SpeechCut)), None)
    way = f".{ESPEAK}" if case.sound.say else ""
    return Outcome(
        case=case.id, lang=case.lang, asked=case.sound.say or f"({source})",
        scores={f"{k}{way}": v for k, v in floor_scores(case.expect, trial, speech).items()},
        expected={"does": case.expect},
        got={
            "did": [f"{r.at_ms - trial.start_ms} {ev.kind(r.event)}" for r in did],
            "words": [f"{e.text} [{e.lang}] ({e.meaning})" for e in words],
            "heard": cut.heard if cut else "",
        },
        groups={"kind": case.tags[0] if case.tags else "", "source": source},
    )  # fmt: skip
