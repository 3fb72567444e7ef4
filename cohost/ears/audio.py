"""Sound as 16 kHz mono float32 in -1..1, whatever it came as.

Sources: libsndfile (soundfile) for wav, flac, ogg, mp3; soxr for resampling; FFmpeg (PyAV, which
faster-whisper carries) for everything else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from cohost.errors import OperatorError

RATE = 16_000
MAX_SECONDS = 4 * 3600
Pcm = npt.NDArray[np.float32]


class AudioError(OperatorError):
    """A file or a frame that is no sound cohost can read."""


def read_file(path: Path) -> Pcm:
    """A whole file. Raises AudioError: what came, what was expected."""
    if not path.is_file():
        raise AudioError(f"got {path}, which is no file; expected audio (wav, flac, ogg, mp3, m4a, webm)")
    try:
        info = soundfile.info(path)
        if info.duration > MAX_SECONDS:
            raise AudioError(f"{path}: got {info.duration / 3600:.1f} hours, expected at most 4")
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError):
        return _with_ffmpeg(path)
    return mono_16k(samples, rate)


def _with_ffmpeg(path: Path) -> Pcm:
    import av
    from faster_whisper.audio import decode_audio

    try:
        return np.asarray(decode_audio(str(path), sampling_rate=RATE), np.float32)
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise AudioError(
            f"{path}: got a file that is no audio ({type(error).__name__}), "
            "expected wav, flac, ogg, mp3, m4a or webm"
        ) from error


def mono_16k(samples: npt.NDArray[np.float32], rate: int) -> Pcm:
    """(n,) or (n, channels) at any rate → (m,) at 16 kHz; not-a-number becomes silence."""
    mono: Any = samples.mean(axis=1) if samples.ndim == 2 else samples
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE)
    return np.clip(np.nan_to_num(np.asarray(mono, np.float32)), -1.0, 1.0)


def from_s16(data: bytes) -> Pcm:
    """PCM signed 16-bit little-endian → float32; an odd last byte is dropped."""
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32) / 32768.0


def to_s16(samples: Pcm) -> bytes:
    """float32 → PCM signed 16-bit little-endian, clipped."""
    return (np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
