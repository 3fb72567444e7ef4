"""Speech to text and its language, one encoder pass: faster-whisper's Whisper base on short windows.

The encoder need not see 30 s: a window of max(10 s, speech + 2 s) gives the same words three to
four times sooner. A doubtful result (repetition, low probability) is decoded again on the full
window. Source of the thresholds: 72 real recordings in 12 languages.
"""

from __future__ import annotations

import math
import threading
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from cohost.ears.audio import RATE, Pcm

LEAST_WINDOW_S, MARGIN_S, FULL_WINDOW_S = 10.0, 2.0, 30.0
TOKENS_PER_S, TOKENS_MORE = 14, 16
MAX_COMPRESSION, LEAST_LOGPROB = 2.0, -0.9
HOPELESS_S, HOPELESS_LOGPROB = 1.8, -1.2
FRAMES_PER_S = 100


class Transcript(msgspec.Struct, frozen=True):
    """What was said in one stretch of speech. Times in ms; confidences 0..1; log-probability per token."""

    text: str
    lang: str
    lang_confidence: float
    avg_logprob: float
    compression: float
    audio_ms: int
    retried: bool = False


class WhisperRecognizer:
    """Blocking: call from one worker thread or process. `threads` = 1 keeps an event loop on time."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        from faster_whisper import WhisperModel

        self._model = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1
        )
        self._guard = threading.Lock()
        self._tokenizers: dict[str, Any] = {}

    def recognize(
        self,
        samples: Pcm,
        *,
        languages: Sequence[str] = (),
        prior: Mapping[str, float] | None = None,
        hotwords: str = "",
    ) -> Transcript:
        """At most 30 s of speech. `languages` limits the choice ([] = any); `prior` weighs it."""
        with self._guard:
            seconds = min(len(samples) / RATE, FULL_WINDOW_S)
            window = min(FULL_WINDOW_S, max(LEAST_WINDOW_S, seconds + MARGIN_S))
            encoded = self._encode(samples, window)
            lang, sure = self._language(encoded, languages, prior or {})
            result = self._decode(encoded, lang, sure, seconds, hotwords)
            if doubtful(result) and not hopeless(result, seconds) and window < FULL_WINDOW_S:
                encoded = self._encode(samples, FULL_WINDOW_S)
                lang, sure = self._language(encoded, languages, prior or {})
                again = self._decode(encoded, lang, sure, seconds, hotwords)
                if again.avg_logprob > result.avg_logprob or result.compression > MAX_COMPRESSION:
                    result = again
                result = msgspec.structs.replace(result, retried=True)
            return result

    def _encode(self, samples: Pcm, window_s: float) -> Any:
        from faster_whisper.transcribe import get_ctranslate2_storage

        padded = np.zeros(int(window_s * RATE), np.float32)
        length = min(len(samples), len(padded))
        padded[:length] = samples[:length]
        features = self._model.feature_extractor(padded, padding=0)
        frames = int(window_s * FRAMES_PER_S)
        features = features[:, :frames]
        if features.shape[1] < frames:
            features = np.pad(features, ((0, 0), (0, frames - features.shape[1])))
        return self._model.model.encode(get_ctranslate2_storage(features[np.newaxis]), to_cpu=False)

    def _language(
        self, encoded: Any, languages: Sequence[str], prior: Mapping[str, float]
    ) -> tuple[str, float]:
        scores = {token[2:-2]: p for token, p in self._model.model.detect_language(encoded)[0]}
        allowed = {lang: p for lang, p in scores.items() if not languages or lang in languages} or scores
        weighed = {lang: p * prior.get(lang, 1.0) for lang, p in allowed.items()}
        best = max(weighed, key=lambda lang: weighed[lang])
        return best, weighed[best] / (sum(weighed.values()) or 1.0)

    def _decode(self, encoded: Any, lang: str, sure: float, seconds: float, hotwords: str) -> Transcript:
        tokenizer = self._tokenizer(lang)
        prompt = self._model.get_prompt(tokenizer, [], without_timestamps=True, hotwords=hotwords or None)
        cap = int(seconds * TOKENS_PER_S) + TOKENS_MORE
        result = self._model.model.generate(
            encoded, [prompt], beam_size=1, max_length=min(len(prompt) + cap, self._model.max_length),
            return_scores=True, suppress_blank=True, sampling_temperature=0,
        )[0]  # fmt: skip
        tokens = result.sequences_ids[0]
        text = tokenizer.decode(tokens).strip()
        logprob = result.scores[0] * len(tokens) / (len(tokens) + 1)
        return Transcript(text, lang, float(sure), float(logprob), compression(text), int(seconds * 1000))

    def _tokenizer(self, lang: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        if lang not in self._tokenizers:
            self._tokenizers[lang] = Tokenizer(self._model.hf_tokenizer, True, "transcribe", lang)
        return self._tokenizers[lang]


def compression(text: str) -> float:
    """How much gzip shrinks it: repetition above 2."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def doubtful(result: Transcript) -> bool:
    """Repetitive, or improbable: worth the full window."""
    return (
        result.compression > MAX_COMPRESSION
        or result.avg_logprob < LEAST_LOGPROB
        or math.isnan(result.avg_logprob)
    )


def hopeless(result: Transcript, seconds: float) -> bool:
    """A murmur, a laugh: too short and too improbable for words. A second look costs two seconds, in which
    cohost's voice would be held, and finds none either."""
    return seconds <= HOPELESS_S and result.avg_logprob < HOPELESS_LOGPROB
