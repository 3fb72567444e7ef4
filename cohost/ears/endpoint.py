"""When an utterance begins, is certain, and has ended. Pure: probabilities and times in, marks out.

Thresholds measured on real recordings: p ≥ .5 for 100 ms opens the recogniser with no misses;
p ≥ .8 for about 150 ms holds cohost's voice without a false stop on coughs, laughter, applause or
music. The silence that ends an utterance (hangover) is learned per speaker, within limits, from
the pauses inside that speaker's own utterances.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

Mark = Literal["onset", "confirmed", "strong", "pause", "ended", "dropped"]


@dataclass(frozen=True)
class Limits:
    """Times in ms, probabilities 0..1."""

    frame_ms: int = 32
    voiced: float = 0.5
    strong: float = 0.8
    silent: float = 0.35
    onset_frames: int = 1
    confirm_ms: int = 96
    strong_ms: int = 128
    pause_ms: int = 96  # silence after which the words so far are worth reading
    hangover_ms: int = 480
    least_hangover_ms: int = 300
    most_hangover_ms: int = 900
    longest_ms: int = 28_000  # a microphone that never stops is cut here, and goes on


@dataclass(frozen=True)
class Marked:
    """`at_ms` is the time of the sound, not of the decision: an end lies where the voice stopped."""

    mark: Mark
    at_ms: int
    decided_ms: int


class Endpoint:
    """One speaker. `feed` each frame's probability with the time of the frame's end.

    Order is always onset → confirmed → (strong) → ended, or onset → dropped for a click. A `pause`
    may come at any silence after `confirmed`: the utterance may go on behind it.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.hangover_ms = self.limits.hangover_ms
        self._pauses: deque[int] = deque(maxlen=20)
        self._clear()

    def _clear(self) -> None:
        self._started: int | None = None
        self._voice_ms = 0
        self._run_ms = 0
        self._strong_ms = 0
        self._silence_ms = 0
        self._last_voice = 0
        self._confirmed = False
        self._strong = False
        self._paused = False

    @property
    def speaking(self) -> bool:
        """True between `confirmed` and `ended`."""
        return self._confirmed

    def feed(self, p: float, at_ms: int, *, finished: bool | None = None) -> list[Marked]:
        """`finished`: the second opinion from the partial text; True ends sooner, False waits longer."""
        limits, marks = self.limits, []
        if p >= limits.voiced:
            marks += self._voice(p, at_ms)
        elif self._started is not None:
            marks += self._silence(p, at_ms, finished)
        if self._started is not None and at_ms - self._started >= limits.longest_ms:
            marks.append(Marked("ended", at_ms, at_ms))
            self._clear()
        return marks

    def close(self, at_ms: int) -> list[Marked]:
        """The speaker left: what was confirmed ends here, a click is dropped."""
        if self._started is None:
            return []
        mark: Mark = "ended" if self._confirmed else "dropped"
        at = self._last_voice if self._confirmed else at_ms
        self._clear()
        return [Marked(mark, at, at_ms)]

    def _voice(self, p: float, at_ms: int) -> list[Marked]:
        limits, marks = self.limits, []
        if self._started is None:
            self._started = at_ms - limits.frame_ms
            marks.append(Marked("onset", self._started, at_ms))
        elif self._silence_ms >= 2 * limits.frame_ms and self._confirmed:
            self._learn(self._silence_ms)
        self._silence_ms = 0
        self._paused = False
        self._last_voice = at_ms
        self._voice_ms += limits.frame_ms
        self._run_ms += limits.frame_ms
        self._strong_ms = self._strong_ms + limits.frame_ms if p >= limits.strong else 0
        if not self._confirmed and self._run_ms >= limits.confirm_ms:
            self._confirmed = True
            marks.append(Marked("confirmed", self._started, at_ms))
        if self._confirmed and not self._strong and self._strong_ms >= limits.strong_ms:
            self._strong = True
            marks.append(Marked("strong", self._started, at_ms))
        return marks

    def _silence(self, p: float, at_ms: int, finished: bool | None) -> list[Marked]:
        limits = self.limits
        self._silence_ms += limits.frame_ms
        self._strong_ms = 0
        if p < limits.silent:
            self._run_ms = 0
        wait = self.hangover_ms
        if finished is True:
            wait = max(limits.least_hangover_ms, wait // 2)
        elif finished is False:
            wait = min(limits.most_hangover_ms, wait * 2)
        if not self._confirmed:
            wait = limits.least_hangover_ms
        if self._silence_ms < wait:
            pausing = self._confirmed and not self._paused and self._silence_ms >= limits.pause_ms
            self._paused |= pausing
            return [Marked("pause", self._last_voice, at_ms)] if pausing else []
        mark: Mark = "ended" if self._confirmed else "dropped"
        ended = Marked(mark, self._last_voice, at_ms)
        self._clear()
        return [ended]

    def _learn(self, pause_ms: int) -> None:
        """The wait follows the long pauses of this speaker: a third more than the 80th percentile."""
        self._pauses.append(pause_ms)
        if len(self._pauses) < 5:
            return
        ordered = sorted(self._pauses)
        long = ordered[int(0.8 * (len(ordered) - 1))]
        wanted = int(long * 4 / 3)
        self.hangover_ms = max(self.limits.least_hangover_ms, min(self.limits.most_hangover_ms, wanted))
