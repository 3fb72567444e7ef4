"""A server that speaks the chat completions API and translates from a phrasebook, for tests and the suite
"translation". It is no model: it knows the lines it was given, in the languages it was given, and says
nothing of others. Some of its answers it damages on purpose, as a model does without saying so.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

from cohost.decision.draft import ENGLISH_NAMES
from cohost.decision.prompt import viewer_words
from cohost.trust.carried import likeness
from cohost.trust.kept import mask

_TEXT = re.compile(r"<text>\n(.*?)\n</text>", re.DOTALL)
_PAIR = re.compile(r"from ([\w() ]+?) into ([\w() ]+?)\.")
NEAR = 0.8
"""Likeness from which a line counts as one of the book: what is heard differs a little from what was said."""

Line = Mapping[str, str]
"""The same line by language tag."""
Damage = Callable[[str, str, str], str]
"""Text, target tag and right answer → what is answered."""


class Phrasebook:
    """Lines by source text, bare and with the marks that stand for names. `names`: what is marked."""

    def __init__(
        self, lines: Sequence[Line], names: Sequence[str] = (), damage: Damage | None = None
    ) -> None:
        self._damage = damage
        self._known: dict[tuple[str, str, str], str] = {}
        self.asked: list[tuple[str, str, str]] = []
        for line in lines:
            for source, text in line.items():
                marked = mask(text, names)
                for target, told in line.items():
                    if target == source:
                        continue
                    self._known[text, source, target] = told
                    with_marks = told
                    for number, term in enumerate(marked.terms, start=1):
                        with_marks = with_marks.replace(term, f"XQ{number}", 1)
                    self._known[viewer_words(marked.text), source, target] = with_marks

    def answer(self, messages: Sequence[Mapping[str, str]]) -> str:
        """What the server says; "" to every other prompt, and to a line that the book does not hold."""
        told = "\n".join(m.get("content", "") for m in messages)
        text, pair = _TEXT.search(told), _PAIR.search(told)
        if text is None or pair is None:
            return ""
        tags = {name: tag for tag, name in ENGLISH_NAMES.items()}
        source, target = tags.get(pair[1], pair[1]), tags.get(pair[2], pair[2])
        self.asked.append((text[1], source, target))
        right = self._known.get((text[1], source, target)) or self._near(text[1], source, target)
        return self._damage(text[1], target, right) if self._damage is not None and right else right

    def _near(self, text: str, source: str, target: str) -> str:
        alike = [
            (likeness(text, known), told)
            for (known, one, other), told in self._known.items()
            if (one, other) == (source, target)
        ]
        best = max(alike, default=(0.0, ""))
        return best[1] if best[0] >= NEAR else ""


@contextlib.contextmanager
def serving(book: Phrasebook) -> Iterator[str]:
    """The server on a real socket, in a thread of its own; yields its base URL."""
    ready, address = threading.Event(), [""]
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def main() -> None:
        server = await asyncio.start_server(lambda r, w: _serve(book, r, w), "127.0.0.1", 0)
        async with server:
            address[0] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(main()), name="phrasebook", daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


async def _serve(book: Phrasebook, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(length[1]) if length else 0)
        if head.startswith(b"GET"):
            _say(out, "application/json", json.dumps({"object": "list", "data": [_model()]}).encode())
        else:
            asked = json.loads(body or b"{}")
            _say(out, *_completion(book.answer(asked.get("messages", [])), asked.get("stream", False)))
        await out.drain()
    out.close()


def _model() -> dict[str, object]:
    return {"id": "phrasebook", "object": "model", "created": 0, "owned_by": "test"}


def _completion(text: str, stream: bool) -> tuple[str, bytes]:
    base = {"id": "x", "created": 0, "model": "phrasebook"}
    if not stream:
        message = {"role": "assistant", "content": text}
        whole = {"index": 0, "message": message, "finish_reason": "stop"}
        return "application/json", json.dumps(
            base | {"object": "chat.completion", "choices": [whole]}
        ).encode()
    pieces = [text[i : i + 12] for i in range(0, len(text), 12)]
    frames = [
        base
        | {
            "object": "chat.completion.chunk",
            "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}],
        }
        for piece in pieces
    ]
    lines = [f"data: {json.dumps(frame)}\n\n" for frame in frames]
    return "text/event-stream", "".join([*lines, "data: [DONE]\n\n"]).encode()


def _say(out: asyncio.StreamWriter, kind: str, body: bytes) -> None:
    head = (
        f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    out.write(head.encode() + body)
