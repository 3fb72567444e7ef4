"""From the true end of a spoken question to cohost's voice, or to the post where no voice is fit.

The demo clips tell when their voice ends; each is asked in a room of its own, through every stage with
the real models. The room runs on a clock that skips idle waits only: what is worked costs what it costs,
and a wait beside work is not skipped. Measured against real time on three English clips, four times each
in turns: medians of 1.15, 1.09 and 1.16 s to the first sample, 1.21, 0.88 and 1.13 s in real time, each
clip between 0.7 and 1.5 s on either clock (a busy machine): no difference beyond its noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.voice.rooms import Studio
from cohost.clock import Clock, SkippingClock, WallClock
from cohost.listening import Caller, Listening
from evals.recordings import Clip, sound_of


@dataclass(frozen=True)
class Answer:
    """Milliseconds after the end of the voice; None where it did not come. `audio_ms` is when the first
    sample left the room; `words_ms` when the transcript was final."""

    clip: Clip
    words_ms: float | None
    audio_ms: float | None
    post_ms: float | None


async def ask_aloud(studio: Studio, clip: Clip, *, realtime: bool = False) -> Answer:
    """One clip in a room of its own."""
    lines: list[dict[str, Any]] = []
    skipping = None if realtime else SkippingClock(studio.on)
    clock: Clock = skipping or WallClock(on=studio.on)
    room = studio.room(clock)
    listening = Listening(room, lines.append)
    caller = Caller(market=clip.market, lang=clip.lang)
    async with room.running(live=False) as tasks:
        task = tasks.create_task(listening.play(clip.id, sound_of(clip), caller))
        if skipping is not None:
            await skipping.drive(task)
        else:
            await task
    return Answer(clip, *(_since(lines, kind, clip.end_ms) for kind in KINDS))


KINDS = ("transcript.final", "speech.first_audio", "reply.posted")


def _since(lines: list[dict[str, Any]], kind: str, end_ms: int) -> float | None:
    """When the first line of a kind came, after the end of the voice."""
    at = next((line["at_ms"] for line in lines if line["type"] == kind), None)
    return None if at is None else float(at - end_ms)
