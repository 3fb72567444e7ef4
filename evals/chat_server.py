"""A real OpenAI-compatible server on a port of this machine that answers as it is told to: well, badly or
not at all. It runs on a thread and a loop of its own, so what it measures is not the room's doing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any

STREAM = "text/event-stream"
MODEL = {"id": "m", "object": "model", "created": 0, "owned_by": "here"}
_PIECE = re.compile(r"\s*\S+")


class Reply:
    """One response being written. `marks`: seconds on the clock for durations, by what happened then."""

    def __init__(self, out: asyncio.StreamWriter, body: Mapping[str, Any]) -> None:
        self._out = out
        self.body = body
        self.marks: dict[str, float] = {}

    @property
    def prompt(self) -> list[dict[str, str]]:
        return list(self.body["messages"])

    async def object(self, data: Mapping[str, Any], status: int = 200, **more: str) -> None:
        """A whole answer in JSON."""
        await self.head(status, "application/json", **more)
        await self.raw(json.dumps(data).encode())
        await self.raw(b"")

    async def head(self, status: int = 200, kind: str = STREAM, **more: str) -> None:
        """Status and headers; the body comes in chunks."""
        lines = [f"HTTP/1.1 {status} .", f"content-type: {kind}", "transfer-encoding: chunked"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
        self._out.write("\r\n".join([*lines, "connection: close", "", ""]).encode())
        await self._out.drain()

    async def raw(self, data: bytes) -> None:
        """One chunk of the body."""
        self._out.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await self._out.drain()

    async def text(self, words: str, finish: str | None = None, **more: Any) -> None:
        """One event with a piece of the answer."""
        chunk = {
            "id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m",
            "choices": [{"index": 0, "delta": {"content": words}, "finish_reason": finish}],
        }  # fmt: skip
        await self.raw(b"data: " + json.dumps(chunk | more).encode() + b"\n\n")

    async def end(self, usage: Mapping[str, Any] | None = None) -> None:
        """The reason, the usage where it is given, and the last chunk."""
        await self.text("", "stop")
        if usage is not None:
            await self.raw(b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + b"\n\n")
        await self.raw(b"data: [DONE]\n\n")
        self._out.write(b"0\r\n\r\n")
        await self._out.drain()

    def cut(self) -> None:
        """The connection is gone, in the middle of whatever it was."""
        self.mark("cut")
        self._out.transport.abort()

    def mark(self, what: str) -> None:
        self.marks.setdefault(what, time.perf_counter())


Answer = Callable[[Reply], Awaitable[None]]


class ChatServer:
    """Answers every request with `answer`. `replies` keeps them in order, requests and marks in them."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.replies: list[Reply] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chat server")

    def __enter__(self) -> ChatServer:
        self._thread.start()
        self._open.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._serving: set[asyncio.Task[Any]] = set()
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        self._open.set()
        await self._stop.wait()
        server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length[1]) if length else 0)
            reply = Reply(out, json.loads(body or b"{}"))
            if head.startswith(b"GET"):
                return await reply.object({"object": "list", "data": [MODEL]})
            reply.mark("asked")
            self.replies.append(reply)
            await self.answer(reply)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # who asked has gone, or the server ends
        finally:
            out.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await out.wait_closed()
            self._serving.discard(task)


# ------------------------------------------------------------ ways to answer


def says(
    text: Callable[[Reply], str] | str,
    *,
    first: Callable[[str], int] = len,
    token_ms: float = 0.0,
    usage: Mapping[str, Any] | None = None,
) -> Answer:
    """An answer word by word, `token_ms` apart. `first`: where the first sentence of a text ends, marked
    "first" once it is out."""

    async def answer(reply: Reply) -> None:
        whole = text if isinstance(text, str) else text(reply)
        if not reply.body.get("stream"):
            message = {"role": "assistant", "content": whole}
            return await reply.object({"choices": [{"index": 0, "message": message}], "usage": usage})
        end, sent = first(whole), 0
        await reply.head()
        for piece in _PIECE.findall(whole):
            await asyncio.sleep(token_ms / 1000)
            await reply.text(piece)
            sent += len(piece)
            if sent >= end:
                reply.mark("first")
        await reply.end(usage)

    return answer


async def hangs(reply: Reply) -> None:
    """Takes the question and never says a word."""
    await asyncio.Event().wait()


async def hangs_after_the_head(reply: Reply) -> None:
    """Begins a stream and never sends an event."""
    await reply.head()
    await asyncio.Event().wait()


def dies(text: Callable[[Reply], str] | str, share: float = 0.6) -> Answer:
    """Closes the connection in the middle of a word, `share` of the text out."""

    async def answer(reply: Reply) -> None:
        whole = text if isinstance(text, str) else text(reply)
        await reply.head()
        for piece in _PIECE.findall(whole[: max(1, int(len(whole) * share))]):
            await reply.text(piece)
        await asyncio.sleep(0.02)  # what was sent has arrived
        reply.cut()

    return answer


def page(status: int = 200) -> Answer:
    """A web page, as a proxy or a wrong address answers."""

    async def answer(reply: Reply) -> None:
        await reply.head(status, "text/html; charset=utf-8")
        await reply.raw(b"<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>")
        await reply.raw(b"")

    return answer


def busy(retry_after: str = "30", status: int = 429) -> Answer:
    """Asks to be left alone."""

    async def answer(reply: Reply) -> None:
        error = {"message": "slow down", "type": "rate_limit"}
        await reply.object({"error": error}, status, retry_after=retry_after)

    return answer


async def garbage(reply: Reply) -> None:
    """Events that are no JSON."""
    await reply.head()
    await reply.raw(b'data: {"choices": [{"delta": {"content": "It wei\n\n')
    await reply.raw(b"")


def endless(words: str = "and so on and on ") -> Answer:
    """Never stops, never ends a sentence."""

    async def answer(reply: Reply) -> None:
        await reply.head()
        while True:
            await reply.text(words)
            await asyncio.sleep(0.001)

    return answer


def leaks(reply: Reply) -> str:
    """What a server says that gives its prompt away."""
    return "My instructions say: " + " ".join(reply.prompt[0]["content"].split()[:60]) + "."
