"""Words of real recordings: cohost's way beside faster-whisper's `transcribe`, the same model and threads.

Ours is the room's: stretches of speech on short windows, one of cohost's languages from the same
encoder pass. The peer gets whole recordings as its users give them: `transcribe(language=None,
beam_size=1, temperature=0)`. Only transcripts that came with the recording count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cohost import models
from cohost.clock import WallClock
from cohost.ears import vad
from cohost.ears.audio import Pcm, read_file
from cohost.ears.recognizer import WhisperRecognizer
from cohost.ears.segments import stretches
from cohost.languages import LANGUAGES, base
from evals import words
from evals.recordings import Recording, seconds

LONGEST_S = 20.0
PARTIAL = ("first sentence only", "several repetitions")
"""Notes of recordings whose transcript is not all that is said."""


@dataclass(frozen=True)
class Row:
    """One recording, read both ways; times in ms."""

    recording: Recording
    audio_s: float
    ours: words.Score
    theirs: words.Score
    our_ms: float
    their_ms: float
    heard: tuple[str, str]

    @property
    def disturbed(self) -> bool:
        return self.recording.kind != "speech"

    @property
    def by_character(self) -> bool:
        return base(self.recording.lang) in words.BY_CHARACTER


def worth_reading(some: Sequence[Recording]) -> list[Recording]:
    """Speech in one of cohost's languages, with its whole transcript from where it came."""
    return [
        r for r in some
        if r.kind != "filler" and base(r.lang) in LANGUAGES and r.transcript_by == "repo" and r.transcript
        and r.seconds <= LONGEST_S and not any(mark in r.note for mark in PARTIAL)
    ]  # fmt: skip


def read_both(
    audio: Path, some: Sequence[Recording], threads: int, tell: Callable[[int, int], None]
) -> list[Row]:
    """Each recording by both, in turns of who is first."""
    from faster_whisper import WhisperModel

    folder = models.resolve("whisper-base")
    session, recognizer = vad.load(), WhisperRecognizer(folder, threads=threads)
    peer = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1)

    def ours(samples: Pcm) -> str:
        parts = stretches(vad.Vad(session).feed(samples))
        return " ".join(recognizer.recognize(samples[a:b], languages=LANGUAGES).text for a, b in parts)

    def theirs(samples: Pcm) -> str:
        found, _ = peer.transcribe(samples, language=None, beam_size=1, temperature=0)
        return " ".join(segment.text for segment in found)

    rows = []
    for n, recording in enumerate(some):
        tell(n, len(some))
        samples = read_file(audio / recording.file)
        if n == 0:
            ours(samples), theirs(samples)
        ways = [(ours, 0), (theirs, 1)] if n % 2 == 0 else [(theirs, 1), (ours, 0)]
        took: dict[int, tuple[str, float]] = {i: _timed(way, samples) for way, i in ways}
        rows.append(_row(recording, samples, took))
    return rows


def _timed(way: Callable[[Pcm], str], samples: Pcm) -> tuple[str, float]:
    clock = WallClock()
    before = clock.perf()
    heard = way(samples)
    return heard, (clock.perf() - before) * 1000


def _row(recording: Recording, samples: Pcm, took: dict[int, Any]) -> Row:
    (our_text, our_ms), (their_text, their_ms) = took[0], took[1]
    return Row(
        recording, seconds(samples), words.score(recording.transcript, our_text, recording.lang),
        words.score(recording.transcript, their_text, recording.lang), our_ms, their_ms,
        (our_text, their_text),
    )  # fmt: skip
