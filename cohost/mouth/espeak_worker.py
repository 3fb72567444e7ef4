"""The process that owns the speech engine: pyttsx3 over espeak-ng, one sentence at a time.

stdin: JSON Lines {"id", "text", "lang", "rate"}. stdout: a JSON line {"id", "bytes", "sample_rate",
"words": [[char, length, ms], …]} or {"id", "error"}, then that many bytes of PCM s16le.
The engine prints on stdout by itself, so the real stdout is kept apart.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import tempfile
import wave
from pathlib import Path
from typing import Any, BinaryIO

VOICES = {"zh": "cmn", "en": "en-us", "pt": "pt-br", "fr": "fr-fr"}
"""espeak-ng's voice where it is not named like the language."""


def load_engine() -> Any:
    """pyttsx3's espeak engine on the library that espeakng-loader carries, else the system's."""
    try:
        import espeakng_loader
    except ImportError:
        espeakng_loader = None
    if espeakng_loader is not None:
        library = espeakng_loader.get_library_path()
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
        _answer_for_system_library(library)
    import pyttsx3

    return pyttsx3.init("espeak")


def _answer_for_system_library(library: str) -> None:
    """pyttsx3 looks for the system's library by name: hand it the packaged one."""
    load = ctypes.cdll.LoadLibrary

    def packaged(name: str) -> ctypes.CDLL:
        return load(library) if "espeak" in name else load(name)

    ctypes.cdll.LoadLibrary = packaged  # type: ignore[method-assign]


class Engine:
    """One engine, one sentence at a time, with the time of each word."""

    def __init__(self) -> None:
        self._engine = load_engine()
        from pyttsx3.drivers import _espeak

        self._espeak = _espeak
        self._driver = self._engine.proxy._driver
        self._words: list[tuple[int, int, int]] = []
        _espeak.SetSynthCallback(self._on_synth)
        self._target = Path(tempfile.gettempdir()) / f"cohost-speech-{os.getpid()}.wav"

    def _on_synth(self, wav: Any, count: int, events: Any) -> Any:
        """Note where each word begins, in characters and in milliseconds, then let pyttsx3 go on."""
        index = 0
        while events[index].type != self._espeak.EVENT_LIST_TERMINATED:
            event = events[index]
            if event.type == self._espeak.EVENT_WORD:
                self._words.append((event.text_position - 1, event.length, event.audio_position))
            index += 1
        return self._driver._onSynth(wav, count, events)

    def speak(self, text: str, lang: str, rate: int) -> tuple[bytes, int, list[tuple[int, int, int]]]:
        """PCM s16le, its sample rate, and (character, length, ms) of each word."""
        self._words = []
        self._engine.setProperty("voice", VOICES.get(lang, lang))
        self._engine.setProperty("rate", rate)
        self._engine.save_to_file(text, str(self._target))
        self._engine.runAndWait()
        with wave.open(str(self._target), "rb") as sound:
            data, sample_rate = sound.readframes(sound.getnframes()), sound.getframerate()
        self._target.unlink(missing_ok=True)
        return data, sample_rate, self._words


def main() -> int:
    """Serve until stdin ends."""
    out: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    engine = Engine()
    _reply(out, {"ready": True})
    for line in sys.stdin.buffer:
        order = json.loads(line)
        try:
            data, sample_rate, words = engine.speak(order["text"], order["lang"], order.get("rate", 175))
        except (OSError, ValueError, RuntimeError, wave.Error) as error:
            _reply(out, {"id": order["id"], "error": f"{type(error).__name__}: {error}"})
            continue
        _reply(out, {"id": order["id"], "bytes": len(data), "sample_rate": sample_rate, "words": words})
        out.write(data)
    return 0


def _reply(out: BinaryIO, message: dict[str, Any]) -> None:
    out.write(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
