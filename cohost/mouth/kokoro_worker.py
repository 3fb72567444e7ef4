"""The process that owns Kokoro-82M: text → phonemes (espeak-ng) → sound, on one thread.

Orders: {"id", "text", "voice", "lang"}. A cancelled sentence is stopped inside the model.
"""

from __future__ import annotations

import functools
import os
import sys
from typing import Any

import numpy as np

from cohost import models
from cohost.errors import ModelMissing
from cohost.mouth.kokoro import VOICES, voice_file
from cohost.mouth.serve_pipe import Raw, serve
from cohost.mouth.trim import Samples

RATE = 24_000
"""Hz of what the model makes."""
MODEL_FILE = "kokoro-v1.0.int8.onnx"


class Session:
    """An onnxruntime session whose run can be ended from another thread; all else is the session's."""

    def __init__(self, session: Any, options: type[Any], faults: tuple[type[Exception], ...]) -> None:
        """`options`: onnxruntime's RunOptions; `faults`: what its runs raise, derived from nothing nearer
        than Exception."""
        self._session, self._options, self._faults = session, options, faults
        self._run = options()
        self._current = self._stopped = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def begin(self, number: int) -> None:
        """The runs from now on are for that order."""
        self._run, self._current = self._options(), number

    def stop(self, number: int) -> None:
        """End that order's run where it is, and its later ones before they begin."""
        self._stopped = number
        if self._current == number:
            self._run.terminate = True

    def run(self, outputs: Any, feeds: dict[str, Any]) -> Any:
        """Raises RuntimeError where the run fails or is ended."""
        if self._stopped == self._current:
            raise InterruptedError("no longer wanted")
        try:
            return self._session.run(outputs, feeds, self._run)
        except self._faults as error:
            raise RuntimeError(str(error)) from error


class Kokoro:
    """The model and its voices. Raises ImportError or ModelMissing where it is not installed."""

    def __init__(self) -> None:
        import kokoro_onnx
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as state

        file = models.resolve("kokoro") / MODEL_FILE
        if not file.is_file():
            raise ModelMissing("kokoro", f"got a folder without {MODEL_FILE}: {file.parent}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        faults = (state.Fail, state.RuntimeException, state.InvalidArgument, state.InvalidProtobuf)
        try:
            plain = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        except faults as error:
            raise RuntimeError(f"{file} cannot be loaded: {error}") from error
        self._session = Session(plain, onnxruntime.RunOptions, faults)
        anything = next(iter(VOICES.values()))[0]  # it wants a file with voices, and uses none of it
        self._kokoro = kokoro_onnx.Kokoro.from_session(self._session, str(voice_file(anything)))

    def speak(self, order: dict[str, Any]) -> Raw:
        """Raises ValueError for words without phonemes, RuntimeError when stopped."""
        if not order["text"].strip():
            return np.zeros(0, np.float32), RATE, []
        self._session.begin(order["id"])
        samples, rate = self._kokoro.create(
            " ".join(order["text"].split()), _voice(order["voice"]), lang=order["lang"]
        )
        return np.asarray(samples, np.float32), int(rate), []

    def stop(self, number: int) -> None:
        self._session.stop(number)


@functools.cache
def _voice(name: str) -> Samples:
    return np.asarray(np.load(voice_file(name)), np.float32)


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    sys.exit(serve(Kokoro))
