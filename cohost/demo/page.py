"""One page of the demo: its socket, its microphone, and everything it was told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import websockets

from cohost.clock import Clock
from cohost.common.spoken import RATE

FRAME_MS = 40
SILENCE_MS = 1600
"""The microphone stays open behind the last word for this long."""


@dataclass
class Spoken:
    """A speech as this page got it."""

    started: dict[str, Any]
    pcm: bytearray = field(default_factory=bytearray)
    marks: list[dict[str, Any]] = field(default_factory=list)  # ducked, held, resumed, cut, ended

    def mark(self, kind: str) -> dict[str, Any] | None:
        return next((m for m in self.marks if m["type"] == f"speech.{kind}"), None)

    @property
    def over(self) -> bool:
        return self.mark("cut") is not None or self.mark("ended") is not None

    @property
    def heard_ms(self) -> int:
        return len(self.pcm) * 1000 // (2 * RATE)


class Page:
    """One page's socket and everything it was told."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.accepted: dict[str, int] = {}  # client id → message's sequence number
        self.asked_at: dict[int, int] = {}  # message → show time
        self.replies: list[dict[str, Any]] = []
        self.states: dict[int, tuple[str, str]] = {}  # message → (question id, state)
        self.you = ""
        self.mic: dict[str, Any] = {}
        self.transcripts: list[dict[str, Any]] = []
        self.speeches: dict[str, Spoken] = {}

    async def read(self) -> None:
        """Take frames in until the room closes."""
        with contextlib.suppress(websockets.ConnectionClosed):
            async for raw in self.socket:
                if isinstance(raw, str):
                    self.take(msgspec.json.decode(raw))
                else:
                    self._sound(raw)

    def take(self, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        if kind.startswith("speech."):
            self._speech(kind, frame)
        elif kind in _TAKES:
            _TAKES[kind](self, frame)

    def _speech(self, kind: str, frame: dict[str, Any]) -> None:
        speech = self.speeches.get(frame.get("speech_id", ""))
        if kind == "speech.started":
            self.speeches[frame["speech_id"]] = Spoken(frame)
        elif speech is not None:
            speech.marks.append(frame)

    def hello(self, frame: dict[str, Any]) -> None:
        self.you = frame["you"]["viewer"]

    def mic_state(self, frame: dict[str, Any]) -> None:
        self.mic = frame

    def transcript(self, frame: dict[str, Any]) -> None:
        self.transcripts.append(frame)

    def was_accepted(self, frame: dict[str, Any]) -> None:
        self.accepted[frame.get("client_id") or ""] = frame["message_seq"]

    def lines(self, frame: dict[str, Any]) -> None:
        self.asked_at |= {item["seq"]: item["at_ms"] for item in frame["items"]}

    def posted(self, frame: dict[str, Any]) -> None:
        self.replies.append(frame)
        if frame.get("question_state"):
            for message in frame["in_reply_to"]:
                self.states[message] = (frame.get("question_id") or "", frame["question_state"])

    def question(self, frame: dict[str, Any]) -> None:
        for message in frame["messages"]:
            self.states[message] = (frame["question_id"], frame["state"])

    def snapshot(self, frame: dict[str, Any]) -> None:
        self.replies += frame["replies"]

    async def send(self, **frame: Any) -> None:
        await self.socket.send(msgspec.json.encode(frame).decode())

    def _sound(self, pcm: bytes) -> None:
        """It always belongs to the last speech that was started."""
        if self.speeches:
            next(reversed(self.speeches.values())).pcm += pcm

    async def speak(self, pcm: bytes, clock: Clock) -> None:
        """Like a microphone: in real time, silent behind the last word; s16le, 16 kHz, mono."""
        size = RATE * 2 * FRAME_MS // 1000
        zero = clock.now_ms()
        for n, start in enumerate(range(0, len(pcm) + SILENCE_MS * RATE * 2 // 1000, size)):
            await clock.sleep(zero + n * FRAME_MS - clock.now_ms())
            await self.socket.send(pcm[start : start + size].ljust(size, b"\0"))


_TAKES: dict[str, Callable[[Page, dict[str, Any]], None]] = {
    "hello": Page.hello, "mic.state": Page.mic_state, "transcript.final": Page.transcript,
    "chat.accepted": Page.was_accepted, "chat.messages": Page.lines, "reply.posted": Page.posted,
    "question.state": Page.question, "snapshot": Page.snapshot,
}  # fmt: skip
