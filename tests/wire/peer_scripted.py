"""A tiny peer: speaks the drivers' protocol from a script, and prints as libraries do.

`python tests/wire/peer_scripted.py [MODE]`: `break` ends at its first batch, `late` never answers."""

from __future__ import annotations

import asyncio
import sys

from bench.peers import wire
from bench.peers.microphone import Microphone, Sounding, read_sound

MODE = sys.argv[-1]


async def batch(trials: list[wire.Trial]) -> list[wire.Heard]:
    sys.stdout.write("a library's own words\n")
    if MODE == "break":
        sys.exit("it broke")
    if MODE == "late":
        await asyncio.sleep(60)
    return [await one(t) for t in trials]


async def one(trial: wire.Trial) -> wire.Heard:
    if trial.id == "bad":
        return wire.told(trial, ExceptionGroup("g", [RuntimeError("not this one")]))
    microphone, sounding = Microphone(read_sound(trial.sound)), Sounding()
    microphone.begin()
    loop = asyncio.get_running_loop()
    async for _ in microphone.frames():
        sounding.add(loop.time(), loop.time() + 0.02)
        if loop.time() > microphone.zero + microphone.sound_ms / 1000:
            break
    return wire.Heard(trial.id, sounding.spoke(microphone))


asyncio.run(wire.serve("scripted 1.0", batch))
