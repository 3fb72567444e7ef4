"""Where a voice begins in a recording, by its level alone. Pure; no voice detector has a say.

A recording's loud level is the 95th percentile of its 10 ms levels. The voice begins at the first 10 ms
frame within 25 dB of that level that is sustained: 8 of the 10 frames from it on are as loud. Where the
recording's quiet level (5th percentile) is not at least 6 dB below that line, noise and voice cannot be
told apart by level, and it has no label. Beside cohost's demo clips, whose onset was known when they were
made, the label is 0 to 25 ms late, 150 ms where a voice begins softly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cohost.ears.audio import RATE, Pcm

FRAME_MS = 10
BELOW_DB = 25.0
QUIET_DB = 6.0
RUN_FRAMES, LOUD_FRAMES = 10, 8
LEAST_DB = -100.0


@dataclass(frozen=True)
class Label:
    """`onset_ms` None: this recording cannot be labelled by level."""

    onset_ms: int | None
    why: str = ""


def levels_db(samples: Pcm) -> npt.NDArray[np.float64]:
    """The level of each whole 10 ms, dB of full scale."""
    size = RATE * FRAME_MS // 1000
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    power = np.maximum((frames**2).mean(axis=1), 10 ** (LEAST_DB / 10))
    return np.asarray(10 * np.log10(power))


def label(samples: Pcm) -> Label:
    """Where the voice begins."""
    levels = levels_db(samples)
    if len(levels) < RUN_FRAMES:
        return Label(None, "too short")
    least = float(np.percentile(levels, 95)) - BELOW_DB
    if float(np.percentile(levels, 5)) > least - QUIET_DB:
        return Label(None, "noise too near the voice")
    loud = (levels >= least).astype(np.int64)
    runs = np.convolve(loud, np.ones(RUN_FRAMES, np.int64), "valid")
    found = np.flatnonzero((runs >= LOUD_FRAMES) & (loud[: len(runs)] == 1))
    return Label(int(found[0]) * FRAME_MS) if len(found) else Label(None, "no sustained sound")
