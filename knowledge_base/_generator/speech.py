"""Make the spoken part of the demo show: ``python knowledge_base/_generator/speech.py --help``.

Reads ``content/speech.toml``, writes ``../_show/speech/*.ogg`` (Opus, 24 kHz, mono) and
``manifest.toml`` with the exact onset and end of speech of each file, measured in the written file.
Every voice is synthetic (Kokoro-82M); the cough is shaped noise. Run once; the files are kept.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

Sound = npt.NDArray[np.float32]
HERE = Path(__file__).resolve().parent
RATE = 24_000
LEAD_MS, TAIL_MS = 200, 300
LOUD_DB, PEAK = -20.0, 0.84
FLOOR_DB = -35.0
"""Speech begins and ends where 5 ms windows rise above this, relative to the loudest window."""
LANGS = {"en": "en-us", "es": "es", "fr": "fr-fr", "pt": "pt-br", "it": "it", "hi": "hi"}
"""espeak-ng's name of each language, for the phonemes."""


def bounds(sound: Sound) -> tuple[int, int]:
    """First and past-the-last sample of what can be heard."""
    width = RATE * 5 // 1000
    frames = sound[: len(sound) // width * width].reshape(-1, width)
    level = np.sqrt((frames.astype(np.float64) ** 2).mean(axis=1))
    heard = np.flatnonzero(level > level.max() * 10 ** (FLOOR_DB / 20))
    return int(heard[0]) * width, (int(heard[-1]) + 1) * width


def framed(sound: Sound) -> Sound:
    """Trimmed, levelled, with a fixed silence before and after."""
    start, end = bounds(sound)
    part = sound[start:end].astype(np.float64)
    part *= 10 ** (LOUD_DB / 20) / max(float(np.sqrt((part**2).mean())), 1e-6)
    part *= min(1.0, PEAK / float(np.abs(part).max()))
    lead, tail = (np.zeros(RATE * ms // 1000) for ms in (LEAD_MS, TAIL_MS))
    return np.concatenate([lead, part, tail]).astype(np.float32)


def cough() -> Sound:
    """0.45 s: a hard burst and a weaker one of noise through three broad bands. No recording."""
    random = np.random.default_rng(20261120)
    length = RATE * 45 // 100
    time = np.arange(length) / RATE
    envelope = np.zeros(length)
    for at, rise, decay, strength in ((0.0, 0.006, 0.055, 1.0), (0.21, 0.012, 0.07, 0.55)):
        since = time - at
        envelope += np.where(since >= 0, strength * (1 - np.exp(-since / rise)) * np.exp(-since / decay), 0)
    spectrum = np.fft.rfft(random.standard_normal(length))
    hertz = np.fft.rfftfreq(length, 1 / RATE)
    bands = ((550.0, 250.0, 1.0), (1_500.0, 400.0, 0.7), (3_200.0, 900.0, 0.4))
    shape = sum(w * np.exp(-(((hertz - f) / b) ** 2)) for f, b, w in bands)
    return (np.fft.irfft(spectrum * shape, length) * envelope).astype(np.float32)


class Speaker:
    """Kokoro-82M on one thread: model file and a folder of voices (float32, 510 × 256)."""

    def __init__(self, model: Path, voices: Path) -> None:
        import onnxruntime
        from kokoro_onnx import Kokoro

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._voices = voices
        anything = next(voices.glob("*.bin"))
        packed = HERE / ".voices.npz"
        np.savez(packed, **{anything.stem: self._style(anything.stem)})
        try:
            self._kokoro = Kokoro.from_session(session, str(packed))
        finally:
            packed.unlink()

    def _style(self, voice: str) -> Sound:
        return np.fromfile(self._voices / f"{voice}.bin", "<f4").reshape(510, 1, 256)

    def speak(self, clip: dict[str, Any]) -> Sound:
        """float32, 24 kHz."""
        text = clip.get("phonemes") or clip["text"]
        sound, rate = self._kokoro.create(
            text, self._style(clip["voice"]), lang=LANGS[clip["lang"]], is_phonemes="phonemes" in clip,
            speed=clip.get("speed", 1.0),
        )
        assert rate == RATE
        return np.asarray(sound, np.float32)


def entry(clip: dict[str, Any], file: Path) -> str:
    """The manifest's table of one written file, times as they are in that file."""
    sound, rate = soundfile.read(file, dtype="float32")
    assert rate == RATE
    start, end = bounds(sound)
    known = ("id", "role", "viewer", "lang", "market", "voice", "text")
    fields: dict[str, Any] = {k: clip[k] for k in known if k in clip}
    fields |= {"file": file.name, "onset_ms": round(start * 1000 / RATE), "end_ms": round(end * 1000 / RATE)}
    fields |= {"duration_ms": round(len(sound) * 1000 / RATE)}
    fields |= {k: clip[k] for k in ("answer", "never") if k in clip}
    fields["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return "[[clip]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in fields.items())


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


HEAD = """# Made by _generator/speech.py from _generator/content/speech.toml: edit those, not this file.
# Every voice is synthetic (Kokoro-82M, Apache-2.0), the cough is shaped noise; no person is heard.
# Times in ms of the file: speech begins at onset_ms and ends at end_ms (silence before and after).

"""


def main() -> int:
    """Write the clips whose id holds --only, and the manifest of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="kokoro-v1.0.int8.onnx")
    parser.add_argument("--voices", type=Path, required=True, help="voices/ of the npm package kokoro-js")
    parser.add_argument("--only", default=None, help="make only clips whose id contains this text")
    parser.add_argument("--out", type=Path, default=HERE.parent / "_show" / "speech")
    args = parser.parse_args()
    clips = tomllib.loads((HERE / "content" / "speech.toml").read_text(encoding="utf-8"))["clip"]
    speaker = Speaker(args.model, args.voices)
    args.out.mkdir(parents=True, exist_ok=True)
    tables = []
    for number, clip in enumerate(clips, 1):
        file = args.out / f"{clip['id']}.ogg"
        if args.only is None or args.only in clip["id"]:
            sound = cough() if clip.get("noise") == "cough" else speaker.speak(clip)
            soundfile.write(file, framed(sound), RATE, format="OGG", subtype="OPUS")
            sys.stderr.write(f"{number}/{len(clips)} {file.name} {file.stat().st_size} bytes\n")
        if file.is_file():
            tables.append(entry(clip, file))
    (args.out / "manifest.toml").write_text(HEAD + "\n".join(tables), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
