"""The OpenAI-compatible writer: streamed, cut into cited sentences, bounded in length.

Whatever the server does (a web page instead of a stream, a connection that breaks, no end) becomes a
WriterError that says which it was.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import openai

from cohost.clock import Clock
from cohost.common.sentences import Splitter
from cohost.decision.sse import DONE, Payloads
from cohost.decision.structured import RESPONSE_FORMAT, JsonSentences
from cohost.decision.thought import MAX_THOUGHT, Thoughts
from cohost.errors import BREAKS, ProviderError, ProviderTimeout, WriterError, WriterFault
from cohost.ports import WriterSentence, WriterUsage

_SECRET = 6
"""Characters of a key that is worth hiding."""
MAX_CHARACTERS = 4000
MAX_BODY = 256 * 1024
"""Bytes of an answer that comes as a whole."""
CHUNK_COST_MS = 20.0
"""Stated cost of a chunk on the virtual clock."""
_STATUS: dict[int, WriterFault] = {401: "denied", 403: "denied", 429: "busy", 503: "busy", 529: "busy"}
_LEARNT = ("stream_options", "response_format", "temperature", "max_tokens")
"""What a request carries and some servers refuse by name: left out from then on."""
_INSTEAD = "max_completion_tokens"
"""What newer servers want in place of max_tokens."""
_HTTP = [importlib.import_module(name) for name in ("httpx", "httpx2") if importlib.util.find_spec(name)]
"""What the client may stand on, by its version; its faults while an answer streams are of that library."""
BROKEN: tuple[type[Exception], ...] = (
    openai.OpenAIError, *BREAKS,
    *(getattr(lib, name) for lib in _HTTP for name in ("HTTPError", "StreamError", "InvalidURL")),
)  # fmt: skip
LATE: tuple[type[Exception], ...] = (
    openai.APITimeoutError, TimeoutError, *(lib.TimeoutException for lib in _HTTP),
)  # fmt: skip


class OpenAIWriter:
    """Implements `ports.Writer` over any server that speaks the chat completions API.

    No retries here: the composer's answer is ready, a second try would only come late.
    """

    def __init__(
        self, *, base_url: str, api_key: str, model: str, clock: Clock, max_tokens: int = 220,
        timeout_s: float = 8.0, structured: bool = False,
    ) -> None:  # fmt: skip
        """`structured`: the server keeps to a JSON schema (response_format json_schema)."""
        self._model, self._key = model, api_key
        self._clock = clock
        self._longest = max_tokens
        self._more: dict[str, Any] = {
            "stream_options": {"include_usage": True}, "max_tokens": max_tokens, "temperature": 0,
        }  # fmt: skip
        if structured:
            self._more["response_format"] = RESPONSE_FORMAT
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
    ) -> AsyncGenerator[WriterSentence | WriterUsage, None]:
        """Cited sentences as they are finished, then the usage where the server says it. Raises
        WriterError or ProviderTimeout; closing the iterator closes the connection."""
        cutter = JsonSentences(lang) if "response_format" in self._more else Splitter(lang)
        answer, thoughts = _Answer(), Thoughts()
        async with contextlib.AsyncExitStack() as opened:
            response = await self._open(opened, prompt)
            texts = await opened.enter_async_context(contextlib.aclosing(self._texts(response, answer)))
            async for text in texts:
                for sentence in self._cut(cutter.feed, thoughts.feed(text)):
                    yield sentence
                self._bounded(answer.characters, thoughts)
        if not answer.ended:
            raise self._fault("died", "the connection closed in the middle of the answer")
        if thoughts.inside:
            raise self._fault("empty", f"the model was cut while it thought: max_tokens is {self._longest}")
        if answer.finish in ("", "stop"):  # else the server cut it: its last sentence is no whole one
            for sentence in self._cut(lambda rest: [*cutter.feed(rest), *cutter.flush()], thoughts.flush()):
                yield sentence
        if answer.usage is not None:
            yield answer.usage

    def _bounded(self, characters: int, thoughts: Thoughts) -> None:
        """Raises WriterError on a model that does not come to its end."""
        if thoughts.characters > MAX_THOUGHT:
            raise self._fault("endless", f"the model thinks on after {MAX_THOUGHT} characters")
        if characters - thoughts.characters > MAX_CHARACTERS:
            raise self._fault("endless", f"the answer goes on after {MAX_CHARACTERS} characters")

    # ------------------------------------------------------------ the connection

    async def _open(self, opened: contextlib.AsyncExitStack, prompt: Sequence[dict[str, str]]) -> Any:
        """The response, its body still to come."""
        messages: Any = list(prompt)
        while True:
            call = self._client.chat.completions.with_streaming_response.create(
                model=self._model, messages=messages, stream=True, **self._more
            )
            try:
                async with self._clock.busy(CHUNK_COST_MS):
                    return await opened.enter_async_context(call)
            except openai.APIStatusError as error:
                if not self._learns(error):
                    raise self._refused(error) from error
            except BROKEN as error:
                raise self._ours(error) from error

    def _learns(self, error: openai.APIStatusError) -> bool:
        """True where the server refused an option by its name, which is then left out."""
        named = [k for k in _LEARNT if k in self._more and k in str(error)]
        if error.status_code not in (400, 422) or not named:
            return False
        for key in named:
            del self._more[key]
        if "max_tokens" in named and _INSTEAD in str(error):
            self._more[_INSTEAD] = self._longest
        return True

    async def _texts(self, response: Any, answer: _Answer) -> AsyncGenerator[str, None]:
        """The pieces of the answer; `answer` learns how it ended."""
        kind = str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
        if kind == "application/json":
            yield answer.whole(await self._body(response), self._fault)
            return
        if kind not in ("text/event-stream", "text/plain", ""):
            fault: WriterFault = "html" if "html" in kind else "invalid"
            raise self._fault(fault, f"got {kind}, expected a stream of events: look at base_url")
        payloads = Payloads()
        async with contextlib.aclosing(response.iter_bytes()) as source:
            while not answer.done and (data := await self._next(source)) is not None:
                for text in self._read(payloads, data, answer):
                    yield text

    def _read(self, payloads: Payloads, data: bytes, answer: _Answer) -> list[str]:
        try:
            texts = [answer.take(payload) for payload in payloads.feed(data)]
            if answer.error:
                raise self._fault("error", f"the server reports in its stream: {answer.error}")
            return texts
        except (ValueError, RecursionError) as error:
            page = "“<" in str(error)
            raise self._fault("html" if page else "invalid", _line(error)) from error

    async def _next(self, source: AsyncIterator[bytes]) -> bytes | None:
        try:
            async with self._clock.busy(CHUNK_COST_MS):
                return await anext(source, None)
        except BROKEN as error:
            raise self._ours(error, "died") from error

    async def _body(self, response: Any) -> bytes:
        """A whole answer, as servers send it that do not stream."""
        body = b""
        async with contextlib.aclosing(response.iter_bytes()) as source:
            while (data := await self._next(source)) is not None:
                body += data
                if len(body) > MAX_BODY:
                    raise self._fault("endless", f"the answer goes on after {MAX_BODY} bytes")
        return body

    def _cut(self, cut: Any, text: str) -> list[WriterSentence]:
        try:
            found: list[WriterSentence] = cut(text)
        except (ValueError, RecursionError, AttributeError) as error:
            raise self._fault("invalid", _line(error)) from error
        return found

    # ------------------------------------------------------------ faults

    def _fault(self, kind: WriterFault, message: str, retry_ms: int | None = None) -> WriterError:
        """A server that repeats the key it was given tells it to nobody."""
        if len(self._key) >= _SECRET:
            message = message.replace(self._key, "…")
        return WriterError(self._model, message, kind, retry_ms)

    def _refused(self, error: openai.APIStatusError) -> WriterError:
        retry = retry_after_ms(error.response.headers, self._clock.unix())
        told = f"the server answered {error.status_code}"
        if retry is not None:
            told += f", try again in {retry / 1000:g} s"
        kind = _STATUS.get(error.status_code, "error")
        if "html" in error.response.headers.get("content-type", ""):
            kind = "html" if kind == "error" else kind
        else:
            told += f": {_line(error)}"
        return self._fault(kind, told, retry)

    def _ours(self, error: Exception, kind: WriterFault = "gone") -> ProviderError:
        if isinstance(error, LATE):
            return ProviderTimeout(self._model, "the server did not answer in time")
        told = "the connection broke" if kind == "died" else "the server is not reached"
        return self._fault(kind, f"{told}: {_line(error)}")


class _Answer:
    """What the chunks said so far."""

    def __init__(self) -> None:
        self.characters = 0
        self.finish = ""  # why the server stopped
        self.error = ""  # what it told instead of going on
        self.done = False
        self.usage: WriterUsage | None = None

    @property
    def ended(self) -> bool:
        return self.done or bool(self.finish)

    def take(self, payload: str) -> str:
        """A chunk's text; "" for one without any. Raises ValueError on what is no chunk."""
        if payload == DONE:
            self.done = True
            return ""
        chunk = json.loads(payload)
        if not isinstance(chunk, dict):
            raise ValueError(f"got {payload[:60]}, expected a chunk of an answer")
        if chunk.get("error"):
            self.error = json.dumps(chunk["error"])[:160]
            return ""
        return self._read(chunk, "delta")

    def whole(self, body: bytes, fault: Any) -> str:
        """The text of an answer that came as one object."""
        try:
            answer = json.loads(body)
            if not isinstance(answer, dict) or not answer.get("choices"):
                raise ValueError(f"got {body[:60].decode('utf-8', 'replace')}, expected an answer")
            text = self._read(answer, "message")
        except (ValueError, RecursionError) as error:
            raise fault("invalid", _line(error)) from error
        self.done = True
        return text

    def _read(self, chunk: dict[str, Any], part: str) -> str:
        usage = chunk.get("usage")
        if isinstance(usage, dict):
            self.usage = _usage(usage) or self.usage
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return ""
        if isinstance(choice.get("finish_reason"), str):
            self.finish = choice["finish_reason"]
        told = choice.get(part)
        content = told.get("content") if isinstance(told, dict) else None
        if not isinstance(content, str):
            return ""
        self.characters += len(content)
        return content


def _usage(data: Mapping[str, Any]) -> WriterUsage | None:
    """None where the counts are no counts."""
    details = data.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    counts = (data.get("prompt_tokens"), data.get("completion_tokens"), cached or 0)
    if any(not isinstance(c, int) or isinstance(c, bool) or c < 0 for c in counts):
        return None
    return WriterUsage(*counts)  # type: ignore[arg-type]  # all are whole numbers


def retry_after_ms(headers: Mapping[str, str], now: float) -> int | None:
    """How long a server asks to be left alone: `retry-after-ms`, or `retry-after` in seconds or as a
    date; None where it does not say. `now`: seconds since 1970."""
    for name, scale in (("retry-after-ms", 1), ("retry-after", 1000)):
        told = headers.get(name, "").strip()
        with contextlib.suppress(ValueError, OverflowError):
            return max(0, round(float(told) * scale))
        with contextlib.suppress(ValueError, OverflowError, TypeError):
            return max(0, round((parsedate_to_datetime(told).timestamp() - now) * 1000))
    return None


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
