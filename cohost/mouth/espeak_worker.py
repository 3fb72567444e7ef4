"""The process that owns espeak-ng: pyttsx3 over the library that espeakng-loader carries.

Orders: {"id", "text", "lang", "rate"}. The engine works in a thread of its own and pyttsx3 waits 10 ms
for it, whatever it has to say: its sound is gathered here, and taken when the engine says it is done.
"""

from __future__ import annotations

import ctypes
import importlib.util
import io
import os
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from cohost.mouth.serve_pipe import Raw, serve

VOICES = {"zh": "cmn", "en": "en-us", "pt": "pt-br"}
"""espeak-ng's voice where it is not named like the language."""
SYSTEM_DATA = tuple(
    Path(folder) / "espeak-ng-data"
    for folder in ("/usr/share", "/usr/local/share", "/opt/homebrew/share", "/usr/lib/x86_64-linux-gnu",
                   "/usr/lib/aarch64-linux-gnu")
)  # fmt: skip


def data_folder() -> Path | None:
    """espeak-ng's data: the package's, else the system's. Loads nothing."""
    if importlib.util.find_spec("espeakng_loader") is not None:
        import espeakng_loader

        return Path(espeakng_loader.get_data_path())
    return next((folder for folder in SYSTEM_DATA if folder.is_dir()), None)


def dictionary(lang: str) -> str:
    """The file in the data folder without which a language cannot be spoken."""
    return f"{VOICES.get(lang, lang).split('-', 1)[0]}_dict"


def load_engine() -> Any:
    """pyttsx3's espeak engine on the library that espeakng-loader carries, else the system's."""
    if importlib.util.find_spec("espeakng_loader") is not None:
        import espeakng_loader

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


LONGEST_S = 5.0
"""2,000 characters take 0.2 s. An engine that is not done by then will not be: its process ends."""

TRIES = 3


class Espeak:
    """One engine, one sentence at a time, with the time of each word."""

    def __init__(self) -> None:
        self._engine = load_engine()
        from pyttsx3.drivers import _espeak

        self._espeak = _espeak
        self._driver = self._engine.proxy._driver
        self._events: list[tuple[int, int]] = []
        self._pcm = bytearray()
        self._done = threading.Event()
        self._rate = 22_050
        _espeak.SetSynthCallback(self._on_synth)

    def _on_synth(self, wav: Any, count: int, events: Any) -> Any:
        """Keep the sound and where each word begins, in characters and in ms; then let pyttsx3 go on."""
        index, last = 0, False
        while events[index].type != self._espeak.EVENT_LIST_TERMINATED:
            event = events[index]
            if event.type == self._espeak.EVENT_WORD:
                self._events.append((event.text_position - 1, event.audio_position))
            last |= event.type == self._espeak.EVENT_MSG_TERMINATED
            index += 1
        if count > 0:
            self._pcm += ctypes.string_at(wav, count * 2)
        told = self._driver._onSynth(wav, count, events)
        if last:
            self._done.set()
        return told

    def speak(self, order: dict[str, Any]) -> Raw:
        """Raises ValueError for a voice espeak-ng lacks."""
        self._events, self._pcm = [], bytearray()
        if order["text"].strip():
            voice = VOICES.get(order["lang"], order["lang"])
            if self._espeak.SetVoiceByName(voice.encode()) != 0:
                raise ValueError(f"no voice for {order['lang']}")
            self._driver.setProperty("rate", order["rate"])
            for _ in range(TRIES):
                self._make(order["text"])
                if self._pcm:
                    break
        samples = np.frombuffer(bytes(self._pcm), "<i2").astype(np.float32)
        return samples / np.float32(32768), self._rate, self._events

    def _make(self, text: str) -> None:
        """pyttsx3 cancels a sentence of its own when it finds the engine still busy: let it rest first."""
        self._espeak.Synchronize()
        self._done.clear()
        self._engine.save_to_file(text, io.BytesIO())
        self._engine.runAndWait()
        if not self._done.wait(LONGEST_S):
            os._exit(1)
        self._espeak.Synchronize()

    def stop(self, number: int) -> None:
        """A sentence takes some 10 ms: it is finished and thrown away."""


if __name__ == "__main__":
    sys.exit(serve(Espeak))
