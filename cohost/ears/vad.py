"""Is somebody speaking? Silero VAD v6, the ONNX that faster-whisper carries, on one thread.

One `Vad` per stream: the network keeps a state. 32 ms frames in, a probability each out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cohost import models
from cohost.ears.audio import Pcm
from cohost.errors import ModelMissing

FRAME = 512  # samples: 32 ms at 16 kHz
FRAME_MS = 32
_CONTEXT = 64


class Vad:
    """Streaming voice activity: feed any number of samples, get whole frames' probabilities."""

    def __init__(self, session: Any = None) -> None:
        self._session = session or load()
        self.reset()

    def reset(self) -> None:
        """Forget what was heard: another speaker, another stream."""
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros((1, _CONTEXT), np.float32)
        self._rest: Pcm = np.zeros(0, np.float32)

    def feed(self, samples: Pcm) -> list[float]:
        """Probabilities 0..1 of the frames that became whole; the rest waits."""
        data = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(data) // FRAME * FRAME
        self._rest = np.array(data[whole:], np.float32)
        return [self._frame(data[start : start + FRAME]) for start in range(0, whole, FRAME)]

    def _frame(self, frame: npt.NDArray[np.float32]) -> float:
        row = frame.reshape(1, FRAME)
        out, self._h, self._c = self._session.run(
            None,
            {"input": np.concatenate([self._context, row], axis=1), "h": self._h, "c": self._c},
        )
        self._context = row[:, -_CONTEXT:]
        return float(np.asarray(out).reshape(-1)[0])


def load() -> Any:
    """One inference session; threads share it, streams keep their own state."""
    import onnxruntime

    folder = models.package_dir("faster_whisper")
    found = sorted((folder or Path()).glob("assets/silero_vad*.onnx")) if folder else []
    if not found:
        raise ModelMissing("vad", "not installed: pip install faster-whisper")
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        str(found[-1]), providers=["CPUExecutionProvider"], sess_options=options
    )
