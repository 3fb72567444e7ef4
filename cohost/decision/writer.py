"""The OpenAI-compatible writer: streamed, cut into cited sentences, bounded in length."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import openai

from cohost.clock import Clock
from cohost.common.sentences import Splitter
from cohost.errors import ProviderError, ProviderTimeout
from cohost.ports import WriterSentence

MAX_CHARACTERS = 4000
CHUNK_COST_MS = 20.0
"""Stated cost of a chunk on the virtual clock."""


class OpenAIWriter:
    """Implements `ports.Writer` over any server that speaks the chat completions API.

    No retries here: the composer's answer is ready, a second try would only come late.
    """

    def __init__(
        self, *, base_url: str, api_key: str, model: str, clock: Clock, max_tokens: int = 220,
        timeout_s: float = 8.0,
    ) -> None:  # fmt: skip
        self._model = model
        self._clock = clock
        self._max_tokens = max_tokens
        self._client = openai.AsyncOpenAI(
            base_url=base_url or None, api_key=api_key or "none", timeout=timeout_s, max_retries=0
        )

    @property
    def name(self) -> str:
        return self._model

    async def close(self) -> None:
        await self._client.close()

    async def write(
        self, prompt: Sequence[dict[str, str]], *, lang: str = "en"
    ) -> AsyncIterator[WriterSentence]:
        """Cited sentences as they are finished. Raises ProviderError or ProviderTimeout; closing the
        iterator closes the connection."""
        splitter = Splitter(lang)
        seen = 0
        stream = await self._open(prompt)
        try:
            while (text := await self._next(stream)) is not None:
                seen += len(text)
                for sentence in splitter.feed(text):
                    yield sentence
                if seen > MAX_CHARACTERS:
                    break
            for sentence in splitter.flush():
                yield sentence
        finally:
            await stream.close()

    async def _open(self, prompt: Sequence[dict[str, str]]) -> Any:
        messages: Any = list(prompt)
        try:
            async with self._clock.busy(CHUNK_COST_MS):
                return await self._client.chat.completions.create(
                    model=self._model, messages=messages, stream=True, temperature=0,
                    max_tokens=self._max_tokens,
                )  # fmt: skip
        except (openai.OpenAIError, ValueError) as error:
            raise self._ours(error) from error

    async def _next(self, stream: Any) -> str | None:
        """The next piece of text; "" for a chunk without any; None at the end."""
        try:
            async with self._clock.busy(CHUNK_COST_MS):
                chunk = await stream.__anext__()
        except StopAsyncIteration:
            return None
        except (openai.OpenAIError, ValueError) as error:
            raise self._ours(error) from error
        choices = getattr(chunk, "choices", None) or ()
        delta = getattr(choices[0], "delta", None) if choices else None
        content = getattr(delta, "content", None)
        return content if isinstance(content, str) else ""

    def _ours(self, error: Exception) -> ProviderError:
        if isinstance(error, openai.APITimeoutError):
            return ProviderTimeout(self._model, "the server did not answer in time")
        line = " ".join(str(error).split())[:200] or type(error).__name__
        return ProviderError(self._model, f"the server failed: {line}")
