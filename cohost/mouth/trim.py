"""Raw engine sound → what is played: 16 kHz, no silence at either end, one loudness. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from cohost.common.spoken import RATE

Samples = npt.NDArray[np.float32]

FRAME = RATE * 5 // 1000
HEARD_DB = -40.0
"""A 5 ms frame is heard above this, relative to the loudest frame."""
SILENCE_DB = -60.0
"""Sound that never rises above this (full scale) is none."""
LEAD_MS, TAIL_MS = 10, 45
FADE_MS = 3
LOUDNESS_DB = -20.0
"""RMS of the heard frames, of full scale: every engine and language sounds equally loud."""
PEAK = 0.85
"""-1.4 dBFS: a louder sample is turned down with its whole sentence."""


def finish(samples: Samples, rate: int) -> tuple[bytes, int]:
    """s16le at 16 kHz, and the ms cut off before it; (b"", 0) for silence.

    `samples`: mono, full scale is 1.0. At most 30 ms of silence are left before, 80 ms after.
    """
    sound = np.nan_to_num(samples.astype(np.float32))
    if rate != RATE and len(sound):
        sound = np.asarray(soxr.resample(sound, rate, RATE), np.float32)
    levels = _levels(sound)
    if not len(levels) or levels.max() < 10 ** (SILENCE_DB / 20):
        return b"", 0
    heard = levels > levels.max() * 10 ** (HEARD_DB / 20)
    frames = np.flatnonzero(heard)
    start = max(0, int(frames[0]) * FRAME - LEAD_MS * RATE // 1000)
    end = min(len(sound), (int(frames[-1]) + 1) * FRAME + TAIL_MS * RATE // 1000)
    loudness = float(np.sqrt((levels[heard] ** 2).mean()))
    part = _faded(sound[start:end] * (10 ** (LOUDNESS_DB / 20) / loudness))
    part *= min(1.0, PEAK / float(np.abs(part).max()))
    return np.rint(part * 32767).astype("<i2").tobytes(), start * 1000 // RATE


def _levels(sound: Samples) -> npt.NDArray[np.float64]:
    """RMS of each 5 ms; the last may be shorter."""
    padded = np.zeros(-(-len(sound) // FRAME) * FRAME)
    padded[: len(sound)] = sound
    return np.asarray(np.sqrt((padded.reshape(-1, FRAME) ** 2).mean(axis=1)))


def _faded(sound: Samples) -> Samples:
    """No click at either end."""
    width = min(FADE_MS * RATE // 1000, len(sound) // 2)
    ramp = np.linspace(0, 1, width, endpoint=False, dtype=np.float32)
    sound[:width] *= ramp
    sound[len(sound) - width :] *= ramp[::-1]
    return sound
