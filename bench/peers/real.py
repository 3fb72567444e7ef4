"""The same real models for every peer: Whisper base (int8, one thread) and espeak through pyttsx3.

Imported in the peers' environments only."""

from __future__ import annotations

import functools
import os
import tempfile
import threading
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers.microphone import RATE

_GUARD = threading.Lock()
_ENGINE = ThreadPoolExecutor(1, thread_name_prefix="espeak")
"""One thread owns the engine: shared between threads it hangs."""

TRIES = 3


@functools.cache
def _model(folder: str) -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1, num_workers=1)


def read(folder: str, sound: bytes, rate: int, lang: str) -> str:
    """The words in 16-bit mono sound, language given. Blocks; one at a time."""
    samples = np.frombuffer(sound, np.int16).astype(np.float32) / 32768
    if rate != RATE:
        at = np.arange(0, len(samples), rate / RATE)
        samples = np.interp(at, np.arange(len(samples)), samples).astype(np.float32)
    with _GUARD:
        found, _ = _model(folder).transcribe(
            samples, language=lang, beam_size=1, temperature=0, condition_on_previous_text=False
        )
        return " ".join(segment.text.strip() for segment in found).strip()


@functools.cache
def _engine() -> Any:
    import ctypes

    import espeakng_loader

    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    os.environ["ESPEAK_DATA_PATH"] = str(espeakng_loader.get_data_path())
    import pyttsx3

    return pyttsx3.init("espeak")


def _say(text: str) -> bytes:
    """pyttsx3 at times cancels a sentence of its own: asked again, it says it."""
    for _ in range(TRIES):
        if sound := _once(text):
            break
    return sound


def _once(text: str) -> bytes:
    engine = _engine()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        engine.save_to_file(text, str(path))
        engine.runAndWait()
        with wave.open(str(path)) as file:
            rate, data = file.getframerate(), file.readframes(file.getnframes())
    if not data:
        return b""
    samples = np.frombuffer(data, np.int16).astype(np.float32)
    at = np.arange(0, len(samples), rate / RATE)
    return np.interp(at, np.arange(len(samples)), samples).astype(np.int16).tobytes()


def espeak(text: str) -> bytes:
    """A sentence as 16 kHz mono s16le. Blocks."""
    return _ENGINE.submit(_say, text).result()


@functools.cache
def warm(folder: str) -> None:
    """Load both, once."""
    read(folder, bytes(RATE), RATE, "en")
    espeak("Ready.")
