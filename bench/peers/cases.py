"""Which sounds are tried, and what is known of them. Pure but for reading the recordings.

A voice over cohost's own: 2.5 s of a labelled recording. A sound that should not stop it: a window of a
cough, a nod, laughter, a café. A question: a whole recording; its voice begins and ends where its level says
(`onset`), its pauses are where the level falls for 0.2 s, and whatever is said in it, the scripted words are
those of one question, shared out over its stretches.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from bench.peers.wire import Trial, Words
from bench.voice.onset import BELOW_DB, FRAME_MS, label, levels_db
from bench.voice.stops import windows
from cohost.ears.audio import RATE, Pcm, read_file, to_s16
from evals.recordings import NODS, NOISES, VOICES, Recording, clips, recordings, seconds, sound_of

Part = Literal["over", "noise", "ask"]
LEAD_MS = 500
TAIL_MS = 300
"""Of the recording after its voice."""
OVER_MS, OVER_AFTER_MS = 2500, 1500
NOISE_AFTER_MS, ASK_AFTER_MS = 4500, 3500
GAP_MS, PAUSE_MS, LEAST_MS = 200, 300, 60
"""Between two stretches; what counts as a pause; a shorter sound is a click."""
LONGEST_ASK_S = 9.0
UNFINISHED = frozenset({"turn_incomplete", "turn_wait", "cutoff_in_speech"})
"""Nobody is to answer these by their sound."""
HISS_DB = -75.0
QUESTION = "Hello I wanted to ask you about the speaker, so how long does the battery of the speaker last?"
OBJECTION = "no I have a question about another one"


@dataclass(frozen=True)
class Case:
    """A sound with its truth, in ms of the sound: where the voice begins and ends, and its pauses."""

    name: str
    part: Part
    lang: str
    kind: str
    sound: bytes
    onset_ms: int
    end_ms: int
    words: tuple[Words, ...]
    pauses: tuple[tuple[int, int], ...] = ()

    def trial(self, folder: Path, *, stt_ms: int, options: dict[str, float], whisper: str = "") -> Trial:
        """Its sound is written below `folder`."""
        path = folder / f"{self.part}-{self.name}.s16"
        if not path.is_file():
            path.write_bytes(self.sound)
        after = {"over": OVER_AFTER_MS, "noise": NOISE_AFTER_MS, "ask": ASK_AFTER_MS}[self.part]
        return Trial(
            self.name, "ask" if self.part == "ask" else "over", str(path), self.words, stt_ms=stt_ms,
            after_ms=after, options=options, whisper=whisper, lang=_tag(self.lang),
        )  # fmt: skip

    @property
    def sound_ms(self) -> float:
        return len(self.sound) / 2 * 1000 / RATE


def stretches(samples: Pcm) -> list[tuple[int, int]]:
    """Where it is loud, in ms: gaps below 0.2 s closed, clicks left out."""
    levels = levels_db(samples)
    if not len(levels):
        return []
    loud = np.flatnonzero(levels >= float(np.percentile(levels, 95)) - BELOW_DB) * FRAME_MS
    found: list[tuple[int, int]] = []
    for at in map(int, loud):
        if found and at - found[-1][1] < GAP_MS:
            found[-1] = (found[-1][0], at + FRAME_MS)
        else:
            found.append((at, at + FRAME_MS))
    return [(a, b) for a, b in found if b - a >= LEAST_MS]


def shared(text: str, parts: Sequence[tuple[int, int]]) -> tuple[Words, ...]:
    """A text's words over stretches by their length, at least one each where there are enough."""
    words = text.split()
    total = sum(b - a for a, b in parts) or 1
    found, done, before = [], 0, 0
    for n, (start, end) in enumerate(parts):
        before += end - start
        left = len(parts) - n - 1
        upto = len(words) if not left else min(len(words) - left, round(len(words) * before / total))
        upto = max(upto, done)
        found.append(Words(start, end, " ".join(words[done:upto])))
        done = upto
    return tuple(found)


def from_microphone(samples: Pcm, seed: int) -> tuple[bytes, int]:
    """Behind about half a second of an open microphone; the lead in ms, no whole number of frames."""
    lead_ms = LEAD_MS + random.Random(seed).randrange(0, 40)
    whole = np.concatenate([np.zeros(lead_ms * RATE // 1000, np.float32), samples])
    hiss = np.random.default_rng(seed).standard_normal(len(whole)) * 10 ** (HISS_DB / 20)
    return to_s16(np.clip(whole + hiss, -1, 1).astype(np.float32)), lead_ms


def voice(recording: Recording, samples: Pcm, seed: int) -> Case | None:
    """Over cohost's voice; None where its onset has no label."""
    labelled = label(samples)
    if labelled.onset_ms is None:
        return None
    first = max(0, labelled.onset_ms - 300)
    sound, lead = from_microphone(
        samples[first * RATE // 1000 : (labelled.onset_ms + OVER_MS) * RATE // 1000], seed
    )
    onset = lead + labelled.onset_ms - first
    end = round(len(sound) / 2 * 1000 / RATE)
    words = (Words(onset, end, OBJECTION),)
    return Case(_name(recording), "over", recording.lang, recording.kind, sound, onset, end, words)


def noise(recording: Recording, samples: Pcm, seed: int, gain_db: float) -> Case:
    """Over cohost's voice; a nod is read as what it is, a noise not at all."""
    window = windows(samples, seed)[0] * np.float32(10 ** (gain_db / 20))
    sound, lead = from_microphone(np.clip(window, -1, 1).astype(np.float32), seed)
    end = round(len(sound) / 2 * 1000 / RATE)
    loud = stretches(window) or [(0, end - lead)]
    text = (recording.transcript or "mm-hm") if recording.kind in NODS else ""
    words = (Words(lead + loud[0][0], lead + loud[-1][1], text),) if text else ()
    return Case(
        f"{_name(recording)}@{gain_db:+.0f}", "noise", recording.lang, recording.kind, sound,
        lead + loud[0][0], lead + loud[-1][1], words,
    )  # fmt: skip


def question(recording: Recording, samples: Pcm, seed: int) -> Case | None:
    """To a silent cohost; None where begin and end of the voice have no label, or it is too long."""
    labelled, found = label(samples), stretches(samples)
    if labelled.onset_ms is None or not found or seconds(samples) > LONGEST_ASK_S:
        return None
    if len(found) > len(QUESTION.split()):
        return None
    cut = samples[max(0, found[0][0] - 300) * RATE // 1000 : (found[-1][1] + TAIL_MS) * RATE // 1000]
    sound, lead = from_microphone(cut, seed)
    shift = lead - max(0, found[0][0] - 300)
    parts = [(a + shift, b + shift) for a, b in found]
    pauses = tuple((a[1], b[0]) for a, b in itertools.pairwise(parts) if b[0] - a[1] >= PAUSE_MS)
    return Case(
        _name(recording), "ask", recording.lang, recording.kind, sound, parts[0][0], parts[-1][1],
        shared(QUESTION, parts), pauses,
    )  # fmt: skip


def _tag(lang: str) -> str:
    """The first language of a recording, without region; English where it has none."""
    tag = lang.split("+")[0].split("-")[0].strip("?")
    return tag or "en"


def _name(recording: Recording) -> str:
    return recording.file.rsplit(".", 1)[0].replace("/", "-")


def in_turns(cases: Sequence[Case], count: int) -> list[Case]:
    """So many, a language after another."""
    by_lang: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_lang[case.lang].append(case)
    rounds = [c for n in range(len(cases)) for some in by_lang.values() for c in some[n : n + 1]]
    return rounds[:count]


@dataclass(frozen=True)
class Cases:
    """What is tried. `real`: spoken questions for the real models."""

    over: tuple[Case, ...]
    noise: tuple[Case, ...]
    ask: tuple[Case, ...]
    real: tuple[Case, ...] = ()


def spoken_questions() -> tuple[Case, ...]:
    """The demo's own clips, whose times were known when they were made."""
    found = []
    for seed, clip in enumerate(clips()):
        samples = sound_of(clip)
        sound, lead = from_microphone(samples[: (clip.end_ms + TAIL_MS) * RATE // 1000], seed)
        onset, end = lead + clip.onset_ms, lead + clip.end_ms
        found.append(Case(clip.id, "ask", clip.lang, "question", sound, onset, end, ()))
    return tuple(found)


def read_cases(audio: Path, *, most: int, gains: Sequence[float]) -> Cases:
    """`most` voices and questions; with pauses first, so that half of the questions have one."""
    every = [r for r in recordings(audio) if r.kind in VOICES | NODS | NOISES]
    over: list[Case] = []
    noises: list[Case] = []
    calm: list[Case] = []
    paused: list[Case] = []
    for seed, recording in enumerate(every):
        samples = read_file(audio / recording.file)
        if recording.kind not in VOICES:
            noises += [noise(recording, samples, seed, gain) for gain in gains]
            continue
        if (case := voice(recording, samples, seed)) is not None:
            over.append(case)
        if recording.kind in UNFINISHED:
            continue
        if (case := question(recording, samples, seed)) is not None:
            (paused if case.pauses else calm).append(case)
    some = in_turns(paused, most // 2)
    ask = [*some, *in_turns(calm, most - len(some))]
    return Cases(tuple(in_turns(over, most)), tuple(noises), tuple(ask), spoken_questions())
