"""How soon cohost gives way: a recording goes into a lane as from an open microphone while cohost speaks.

32 ms frames through the real detector and endpointer, their marks through the pure floor machine. Times
are those of the sound: from the labelled onset to the end of the frame that brought the action, and the
time this frame took to compute. What a network and a page add is measured apart.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cohost.clock import WallClock
from cohost.ears.audio import RATE, Pcm
from cohost.ears.lane import FRAME, FRAME_MS, Cue, Detect, Lane
from cohost.mouth import floor as fl

LEAD_MS, TAIL_MS = 1000, 1000
HISS_DB = -75.0
"""An open microphone is never quite silent."""


@dataclass(frozen=True)
class Way:
    """`duck_ms` and `hold_ms` after the onset; None: never. `early`: something was heard before it."""

    duck_ms: float | None
    hold_ms: float | None
    early: bool = False


def from_microphone(samples: Pcm, seed: int) -> tuple[Pcm, float]:
    """The recording behind about a second of an open microphone, and that lead in ms.

    The lead is no whole number of frames: an onset may lie anywhere in one."""
    chance = random.Random(seed)
    lead_ms = LEAD_MS + chance.randrange(0, FRAME_MS * 16) / 16
    lead = np.zeros(round(lead_ms * RATE / 1000), np.float32)
    whole = np.concatenate([lead, samples, np.zeros(TAIL_MS * RATE // 1000, np.float32)])
    hiss = np.random.default_rng(seed).standard_normal(len(whole)) * 10 ** (HISS_DB / 20)
    return (whole + hiss).astype(np.float32), len(lead) * 1000 / RATE


def give_way(samples: Pcm, onset_ms: float, detect: Detect) -> Way:
    """`onset_ms` on the timeline of `samples`."""
    lane, floor, clock = Lane(detect), fl.Floor(), WallClock()
    floor, _ = floor.step(fl.Start("s1"))
    duck: float | None = None
    for n in range(len(samples) // FRAME):
        at_ms = (n + 1) * FRAME_MS
        before = clock.perf()
        cues = lane.feed(samples[n * FRAME : (n + 1) * FRAME], at_ms)
        floor, did = _take(floor, cues, at_ms)
        took_ms = (clock.perf() - before) * 1000
        if at_ms < onset_ms:
            continue
        since = at_ms + took_ms - onset_ms
        if floor.state != "speaking" and not did and duck is None:
            return Way(None, None, early=True)
        if duck is None and did:
            duck = since
        if "hold" in did:
            return Way(duck, since)
    return Way(duck, None)


def _take(floor: fl.Floor, cues: Sequence[Cue], at_ms: int) -> tuple[fl.Floor, list[str]]:
    did: list[str] = []
    for cue in cues:
        event: fl.Event | None = None
        if cue.mark == "onset":
            event = fl.Voice("lane", "caller", at_ms)
        elif cue.mark == "strong":
            event = fl.Strong("lane", "caller", at_ms)
        elif cue.mark in ("ended", "dropped"):
            event = fl.Quiet("lane", at_ms)
        if event is not None:
            floor, actions = floor.step(event)
            did += [a.does for a in actions if a.does in ("duck", "hold")]
    return floor, did
