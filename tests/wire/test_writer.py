"""The OpenAI-compatible writer against real sockets: streams, faults, garbage, an endless flow."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Callable

import pytest

from cohost.clock import WallClock
from cohost.decision.writer import MAX_CHARACTERS, OpenAIWriter
from cohost.errors import ProviderError, ProviderTimeout, WriterError

pytestmark = pytest.mark.wire
PROMPT = [{"role": "user", "content": "how heavy?"}]
Answer = Callable[[asyncio.StreamWriter], object]


@contextlib.asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    """A chat completions server that answers every request with `answer`."""

    serving: set[asyncio.Task[object]] = set()

    async def serve(reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            await reader.readexactly(int(length[1]) if length else 0)
            await answer(out)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            out.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await out.wait_closed()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)


def chunk(text: str) -> bytes:
    data = {
        "id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}],
    }  # fmt: skip
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def stream(*texts: str, forever: bool = False, wait: float = 0.0) -> Answer:
    async def answer(out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        await asyncio.sleep(wait)
        for text in texts:
            out.write(chunk(text))
            await out.drain()
        while forever:
            out.write(chunk("and on and on "))
            await out.drain()
            await asyncio.sleep(0)
        out.write(b"data: [DONE]\n\n")
        await out.drain()

    return answer


def raw(data: bytes) -> Answer:
    async def answer(out: asyncio.StreamWriter) -> None:
        out.write(data)
        await out.drain()

    return answer


async def sentences(url: str, timeout_s: float = 5.0) -> list[tuple[str, tuple[str, ...]]]:
    writer = OpenAIWriter(base_url=url, api_key="k", model="m", clock=WallClock(), timeout_s=timeout_s)
    try:
        return [(s.text, s.evidence) async for s in writer.write(PROMPT)]
    finally:
        await writer.close()


async def read(answer: Answer, timeout_s: float = 5.0) -> list[tuple[str, tuple[str, ...]]]:
    async with server(answer) as url:
        return await sentences(url, timeout_s)


def test_a_stream_becomes_cited_sentences():
    found = asyncio.run(read(stream("It weighs 6", "20 g [E", "6]. It is", " IPX7 [E8].")))
    assert found == [("It weighs 620 g.", ("E6",)), ("It is IPX7.", ("E8",))]


def test_what_a_model_thinks_first_is_no_sentence():
    thought = ("<th", "ink>The lamp weighs 9 kg. [E1] Or", " not?</thi", "nk>\n\nIt weighs 6", "20 g [E6].")
    assert asyncio.run(read(stream(*thought))) == [("It weighs 620 g.", ("E6",))]


def test_a_model_that_is_cut_while_it_thinks_gives_no_answer_and_says_why():
    with pytest.raises(WriterError) as caught:
        asyncio.run(read(stream("<think>", "It weighs 9 kg. ")))
    assert caught.value.kind == "empty"
    assert "max_tokens" in str(caught.value)


def test_an_endless_answer_is_cut_off():
    said: list[str] = []

    async def main() -> None:
        async with server(stream(forever=True)) as url:
            writer = OpenAIWriter(base_url=url, api_key="k", model="m", clock=WallClock())
            async for sentence in writer.write(PROMPT):
                said.append(sentence.text)

    with pytest.raises(WriterError) as caught:
        asyncio.run(asyncio.wait_for(main(), 20))
    assert caught.value.kind == "endless"
    assert sum(len(text) for text in said) <= MAX_CHARACTERS + 100


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 500 Oops\r\ncontent-length: 4\r\n\r\noops",
        b"HTTP/1.1 401 No\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\ndata: {not json\n\n",
        b"this is no http at all\r\n\r\n",
        b"",
    ],
    ids=["500", "401", "garbage", "no http", "closed"],
)
def test_a_broken_server_is_a_provider_error_with_one_line(data):
    with pytest.raises(ProviderError) as caught:
        asyncio.run(read(raw(data)))
    assert "\n" not in str(caught.value)


def test_a_server_that_is_not_there_is_a_provider_error():
    with pytest.raises(ProviderError):
        asyncio.run(sentences("http://127.0.0.1:9/v1"))


def test_a_server_that_says_nothing_is_a_timeout():
    with pytest.raises(ProviderTimeout):
        asyncio.run(read(stream(wait=3.0), timeout_s=0.3))


def test_json_without_text_is_no_sentence():
    body = b'data: {"choices": []}\n\ndata: {"choices": [{"delta": null}]}\n\ndata: [1]\n\ndata: [DONE]\n\n'
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    with contextlib.suppress(ProviderError):
        assert asyncio.run(read(raw(head + body))) == []
