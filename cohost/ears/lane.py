"""One speaker's sound: frames to probabilities to marks, and the stretch worth recognising. Pure but for
the detector it is given: no clock, no await. Bounded: the present utterance and a short lead-in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cohost.ears.audio import RATE, Pcm
from cohost.ears.endpoint import Endpoint, Limits, Mark

FRAME = 512
FRAME_MS = 32
LEAD_IN_FRAMES = 10
GAP_MS = 300
"""A stream that falls behind by more than this has a hole: what follows belongs to later."""

Detect = Callable[[Pcm], list[float]]
"""Whole frames (512 samples at 16 kHz) in, their voice probabilities out."""


@dataclass(frozen=True)
class Cue:
    """A mark of the endpointer. `at_ms`: show time of the sound; `number`: of the utterance, from 1;
    `sound`: with pause and ended, the utterance so far with its lead-in; `start_ms`: of its voice."""

    mark: Mark
    at_ms: int
    number: int
    start_ms: int
    sound: Pcm | None = None


class Lane:
    """Feed sound as it comes; take cues. `finished` is the second opinion on the words so far."""

    def __init__(self, detect: Detect, limits: Limits | None = None) -> None:
        self._detect = detect
        self._endpoint = Endpoint(limits)
        self._rest: Pcm = np.zeros(0, np.float32)
        self._lead: deque[Pcm] = deque(maxlen=LEAD_IN_FRAMES)
        self._frames: list[Pcm] = []
        self._end_ms: float | None = None  # show time at the end of the sound taken in
        self._start_ms = 0
        self._on = False
        self._number = 0
        self.finished: bool | None = None

    @property
    def busy(self) -> bool:
        """An utterance is open (or a click that may become one)."""
        return self._on

    def feed(self, samples: Pcm, now_ms: int) -> list[Cue]:
        """Sound that has just come in, to its cues. `now_ms` is show time now: never before the sound."""
        length_ms = len(samples) * 1000 / RATE
        end = now_ms if self._end_ms is None else self._end_ms + length_ms
        if end > now_ms or now_ms - end > GAP_MS:
            end = float(now_ms)
        self._end_ms = end
        data = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(data) // FRAME * FRAME
        self._rest = np.array(data[whole:], np.float32)
        behind_ms = len(self._rest) * 1000 / RATE
        cues: list[Cue] = []
        count = whole // FRAME
        for n, p in enumerate(self._detect(data[:whole]) if count else ()):
            at_ms = int(end - behind_ms - (count - 1 - n) * FRAME_MS)
            cues += self._frame(data[n * FRAME : (n + 1) * FRAME], p, at_ms)
        return cues

    def close(self, now_ms: int) -> list[Cue]:
        """The speaker left or fell silent without a word: what is open ends here."""
        return [self._cue(m.mark, m.at_ms) for m in self._endpoint.close(now_ms)]

    def _frame(self, frame: Pcm, p: float, at_ms: int) -> list[Cue]:
        if self._on:
            self._frames.append(frame)
        else:
            self._lead.append(frame)
        cues = []
        for marked in self._endpoint.feed(p, at_ms, finished=self.finished):
            if marked.mark == "onset":
                self._on, self._number, self._start_ms = True, self._number + 1, marked.at_ms
                self._frames = list(self._lead)
                self._lead.clear()
                self.finished = None
            cues.append(self._cue(marked.mark, marked.at_ms))
        if p >= self._endpoint.limits.voiced:
            self.finished = None
        return cues

    def _cue(self, mark: Mark, at_ms: int) -> Cue:
        sound = None
        if mark in ("pause", "ended"):
            sound = np.concatenate(self._frames) if self._frames else np.zeros(0, np.float32)
        if mark in ("ended", "dropped"):
            self._on, self._frames = False, []
            self.finished = None
        return Cue(mark, at_ms, self._number, self._start_ms, sound)
