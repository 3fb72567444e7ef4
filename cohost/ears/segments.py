"""Where speech stands in a recording: stretches of at most 28 s, cut at the deepest pause. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cohost.ears.vad import FRAME

MAX_FRAMES = 28_000 // 32
PAD_FRAMES = 6  # about 200 ms kept on both sides
JOIN_FRAMES = 20  # pauses under 640 ms stay inside a stretch


def stretches(probabilities: Sequence[float], *, gate: float = 0.5) -> list[tuple[int, int]]:
    """(first sample, end sample) of each stretch of speech, from the frames' probabilities."""
    runs: list[list[int]] = []
    for frame, p in enumerate(probabilities):
        if p < gate:
            continue
        if runs and frame - runs[-1][1] <= JOIN_FRAMES:
            runs[-1][1] = frame + 1
        else:
            runs.append([frame, frame + 1])
    cut: list[tuple[int, int]] = []
    for start, end in runs:
        if end - start >= 3:
            cut += _split(probabilities, start, end)
    last = len(probabilities)
    return [(max(0, a - PAD_FRAMES) * FRAME, min(last, b + PAD_FRAMES) * FRAME) for a, b in cut]


def _split(probabilities: Sequence[float], start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= MAX_FRAMES:
        return [(start, end)]
    window = range(start + MAX_FRAMES // 2, start + MAX_FRAMES)
    at = min(window, key=lambda frame: (probabilities[frame], -frame))
    return [(start, at), *_split(probabilities, at, end)]
