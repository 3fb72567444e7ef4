"""A page with sound and a microphone, over a real socket: speaks files, keeps what it hears."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from cohost.ears.audio import read_file, to_s16

SPEECH = Path(__file__).parents[2] / "knowledge_base" / "_show" / "speech"
FRAME = 1280  # bytes: 40 ms


class Page:
    """Joins on creation; a thread reads. `wait` returns the first frame that fits."""

    def __init__(self, address: str, **query: str) -> None:
        words = "&".join(f"{k}={v}" for k, v in query.items())
        origin = address.replace("ws", "http", 1)
        self._stack = contextlib.ExitStack()
        self.socket: ClientConnection = self._stack.enter_context(
            connect(f"{address}/ws?{words}", origin=origin, compression=None, max_size=2**24)  # type: ignore[arg-type]
        )
        self.frames: list[dict[str, Any]] = []
        self.sound: list[tuple[float, bytes]] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for message in self.socket:
                if isinstance(message, bytes):
                    self.sound.append((time.monotonic(), message))
                else:
                    self.frames.append(json.loads(message))
        except ConnectionClosed:
            return

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [f for f in list(self.frames) if f["type"] == kind]

    def wait(self, kind: str, seconds: float = 30.0, after: int = 0, **fields: Any) -> dict[str, Any]:
        """The first frame of that type with those fields, not among the first `after` of its type."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for frame in self.of(kind)[after:]:
                if all(frame.get(k) == v for k, v in fields.items()):
                    return frame
            time.sleep(0.01)
        raise AssertionError(f"no {kind} within {seconds} s: {[f['type'] for f in self.frames]}")

    def say(self, clip: str, *, silence_s: float = 1.5) -> None:
        """Microphone on, the clip in real time, silence, microphone off."""
        self.send(type="mic.start")
        self.wait("mic.state", state="open")
        self.stream(to_s16(read_file(SPEECH / clip)) + bytes(int(silence_s * 32_000)))
        self.send(type="mic.stop")

    def stream(self, pcm: bytes) -> None:
        zero = time.monotonic()
        for n, start in enumerate(range(0, len(pcm), FRAME)):
            time.sleep(max(0.0, zero + n * 0.04 - time.monotonic()))
            self.socket.send(pcm[start : start + FRAME].ljust(FRAME, b"\0"))

    def close(self) -> None:
        self._stack.close()
        self._thread.join(5)
