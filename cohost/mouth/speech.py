"""Voices: text in, sound with word times out. Each engine lives in a process of its own.

`PyttsxVoice` speaks through pyttsx3 (espeak-ng). Its worker is started at first use, restarted when
it dies, and never makes the event loop wait.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from cohost.common.spoken import RATE, Spoken, Word
from cohost.errors import ProviderError, ProviderTimeout
from cohost.languages import base

MAX_TEXT = 2_000
DEADLINE_S = 8.0


class PyttsxVoice:
    """espeak-ng through pyttsx3: 100 languages, about 12 ms a sentence. One sentence at a time."""

    name = "pyttsx3"

    def __init__(self, rate: int = 175) -> None:
        self._rate = rate
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._number = 0

    async def speak(self, text: str, lang: str) -> Spoken:
        """Raises ProviderError after a second failed worker. Cancelling ends the worker."""
        text = " ".join(text.split())[:MAX_TEXT]
        if not text:
            return Spoken(b"", (), exact=True)
        async with self._turn:
            try:
                return await self._once(text, base(lang))
            except (ProviderError, asyncio.IncompleteReadError, ConnectionError):
                await self._kill()
            try:
                return await self._once(text, base(lang))
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                await self._kill()
                raise ProviderError(self.name, "the speech worker died twice: answers are posted") from error

    async def _once(self, text: str, lang: str) -> Spoken:
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await self._exchange(text, lang)
        except TimeoutError as error:
            raise ProviderTimeout(self.name, f"no sound within {DEADLINE_S:g} s") from error
        except asyncio.CancelledError:
            await self._kill()
            raise

    async def _exchange(self, text: str, lang: str) -> Spoken:
        process = self._process or await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        self._number += 1
        order = {"id": self._number, "text": text, "lang": lang, "rate": self._rate}
        process.stdin.write(json.dumps(order).encode() + b"\n")
        await process.stdin.drain()
        answer: dict[str, Any] = json.loads(await process.stdout.readuntil(b"\n"))
        if "error" in answer:
            raise ProviderError(self.name, f"{lang}: {answer['error']}")
        data = await process.stdout.readexactly(answer["bytes"])
        words = tuple(Word(start, start + length, at) for start, length, at in answer["words"])
        return Spoken(_at_16k(data, answer["sample_rate"]), words, exact=True)

    async def _start(self) -> asyncio.subprocess.Process:
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cohost.mouth.espeak_worker",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, limit=2**20,
        )  # fmt: skip
        assert process.stdout is not None
        await process.stdout.readuntil(b"\n")
        return process

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    async def close(self) -> None:
        """End the worker."""
        await self._kill()


def _at_16k(data: bytes, rate: int) -> bytes:
    samples: npt.NDArray[np.float32] = np.frombuffer(data, "<i2").astype(np.float32)
    if rate != RATE and len(samples):
        samples = np.asarray(soxr.resample(samples, rate, RATE), np.float32)
    return np.clip(samples, -32768, 32767).astype("<i2").tobytes()
