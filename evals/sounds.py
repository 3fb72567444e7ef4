"""Sounds that cases name: the demo brand's clips, sentences that the voice in the box once said, noises made
here. A noise is seeded, so it is the same on every machine; the voice is not (espeak draws its hiss), so
what it said is kept: `python -m evals.sounds` says anew what the cases of hearing and floor_sound name.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable
from typing import Literal

import msgspec
import numpy as np

from cohost.common.spoken import RATE
from cohost.ears.audio import Pcm, from_s16, read_file
from cohost.errors import OperatorError
from cohost.mouth.speech import PyttsxVoice
from evals.recordings import Clip, clips, sound_of
from evals.suite import HOME

KEPT = HOME / "cases" / "sounds"
Noise = Literal["", "silence", "hiss", "hum", "wind", "applause", "music", "beeps", "clicks", "crowd"]


class Sound(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`clip`: a demo clip's id; `say`: words that the voice in the box said, kept as `sounds/FILE`; `noise`
    for `seconds`. `gain_db` of all of it. `behind`: a noise below it, `behind_db` of its level."""

    clip: str = ""
    say: str = ""
    file: str = ""
    noise: Noise = ""
    seconds: float = 4.0
    gain_db: float = 0.0
    behind: Noise = ""
    behind_db: float = -15.0


def clip_of(name: str) -> Clip:
    """A demo clip. Raises OperatorError for one that is not there."""
    found = next((c for role in ("viewer", "host", "noise") for c in clips(role) if c.id == name), None)
    if found is None:
        raise OperatorError(f"got clip {name!r}, expected the id of a clip of the demo brand's _show/speech")
    return found


def made(sound: Sound) -> Pcm:
    """The samples. Raises OperatorError for a clip, AudioError for a file that is not there."""
    if sound.clip:
        samples = sound_of(clip_of(sound.clip))
    elif sound.file:
        samples = read_file(KEPT / sound.file)
    else:
        samples = noise(sound.noise or "silence", sound.seconds)
    samples = samples * np.float32(10 ** (sound.gain_db / 20))
    if sound.behind:
        below = noise(sound.behind, len(samples) / RATE)[: len(samples)]
        samples = samples + below * np.float32(_level(samples) / _level(below) * 10 ** (sound.behind_db / 20))
    return np.clip(samples, -1, 1).astype(np.float32)


def noise(kind: str, seconds: float) -> Pcm:
    """`seconds` of a noise at about -20 dB of full scale."""
    count = int(seconds * RATE)
    draw = np.random.Generator(np.random.PCG64(zlib.crc32(kind.encode())))
    times = np.arange(count, dtype=np.float64) / RATE
    if kind == "silence" or not count:
        return np.zeros(count, np.float32)
    wave = _WAVES[kind](times, draw)
    return (wave * (0.1 / max(1e-9, float(np.sqrt((wave**2).mean()))))).astype(np.float32)


Wave = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def _hiss(times: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    return draw.standard_normal(len(times))


def _hum(times: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    return sum((np.sin(2 * np.pi * 50 * n * times) / n for n in (1, 2, 3, 5)), np.zeros(len(times)))


def _wind(times: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    rough = np.cumsum(draw.standard_normal(len(times)))
    slow = rough - np.convolve(rough, np.ones(800) / 800, "same")
    return slow * (1 + 0.6 * np.sin(2 * np.pi * 0.4 * times))


def _applause(times: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Claps of many hands: short bursts at random."""
    wave = np.zeros(len(times))
    burst = np.exp(-np.arange(400) / 60)
    for start in draw.integers(0, max(1, len(times) - 400), size=int(60 * len(times) / RATE)):
        wave[start : start + 400] += burst * draw.standard_normal(400) * draw.uniform(0.3, 1.0)
    return wave


def _music(times: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Four chords, a bar each, with overtones and a beat."""
    chords = ((261.6, 329.6, 392.0), (220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (196.0, 246.9, 293.7))
    bar = (times // 1.0).astype(int) % len(chords)
    wave = np.zeros(len(times))
    for n, chord in enumerate(chords):
        tone = sum(np.sin(2 * np.pi * f * k * times) / k for f in chord for k in (1, 2, 3))
        wave += tone * (bar == n)
    return wave * (0.6 + 0.4 * np.exp(-6 * (times % 0.5)))


def _beeps(times: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    return np.sin(2 * np.pi * 880 * times) * (times % 1.0 < 0.2)


def _clicks(times: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """A keyboard."""
    wave = np.zeros(len(times))
    burst = np.exp(-np.arange(160) / 20)
    for start in draw.integers(0, max(1, len(times) - 160), size=int(7 * len(times) / RATE)):
        wave[start : start + 160] += burst * draw.standard_normal(160)
    return wave


def _crowd(times: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Many voices at once, none to be understood: the demo's viewers, each backwards and at another place."""
    wave = np.zeros(len(times))
    for clip in clips("viewer")[:8]:
        voice = sound_of(clip)[::-1].astype(np.float64)
        start = int(draw.integers(0, len(voice)))
        wave += np.resize(np.roll(voice, -start), len(times)) * draw.uniform(0.5, 1.0)
    return wave


_WAVES: dict[str, Wave] = {
    "hiss": _hiss, "hum": _hum, "wind": _wind, "applause": _applause, "music": _music, "beeps": _beeps,
    "clicks": _clicks, "crowd": _crowd,
}  # fmt: skip


def _level(samples: Pcm) -> float:
    return max(1e-6, float(np.sqrt((samples.astype(np.float64) ** 2).mean()))) if len(samples) else 1e-6


async def say_all() -> None:
    """Say what the cases name, each once. Raises ProviderError without a voice."""
    import soundfile

    voice = PyttsxVoice()
    KEPT.mkdir(exist_ok=True)
    try:
        for name in ("hearing.jsonl", "floor_sound.jsonl"):
            for line in (HOME / "cases" / name).read_text(encoding="utf-8").splitlines():
                case = msgspec.json.decode(line)
                sound = msgspec.convert(case["sound"], Sound)
                if sound.file:
                    spoken = from_s16((await voice.speak(sound.say, case["lang"])).pcm)
                    soundfile.write(KEPT / sound.file, spoken, RATE, format="OGG", subtype="OPUS")
    finally:
        await voice.close()


if __name__ == "__main__":
    asyncio.run(say_all())
