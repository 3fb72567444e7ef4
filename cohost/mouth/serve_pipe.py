"""The worker's end of the pipe (`cohost/mouth/pipe.py` says what goes over it): one engine, one order
at a time, a thread that listens for orders and cancellations. Ends with its parent.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

from cohost.errors import CohostError
from cohost.mouth.trim import Samples, finish

FAULTS = (ImportError, OSError, RuntimeError, ValueError, LookupError, MemoryError, CohostError)
"""Told to the parent; whatever else an engine raises ends this process, and the parent starts another."""
Raw = tuple[Samples, int, list[tuple[int, int]]]
"""Samples (mono, full scale 1.0), their rate, and (character, ms) where the engine tells."""


class Engine(Protocol):
    """A speech engine. `stop(id)` comes from another thread and may end that order before its end."""

    def speak(self, order: dict[str, Any]) -> Raw: ...
    def stop(self, number: int) -> None: ...


def serve(load: Callable[[], Engine]) -> int:
    """Load the engine, say so, and answer orders until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    out: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever an engine prints stays off the wire
    try:
        engine = load()
    except FAULTS as error:
        _send(out, {"error": f"the speech engine did not start ({_line(error)})"})
        return 1
    orders = _Orders(engine)
    threading.Thread(target=orders.listen, args=(sys.stdin.buffer,), daemon=True).start()
    _send(out, {"ready": True})
    while True:
        order = orders.next()
        _answer(out, engine, order)
        orders.done(order)


def _answer(out: BinaryIO, engine: Engine, order: dict[str, Any]) -> None:
    try:
        samples, rate, events = engine.speak(order)
        pcm, cut_ms = finish(samples, rate)
    except FAULTS as error:
        _send(out, {"id": order["id"], "error": _line(error)})
        return
    moved = [(char, max(0, at_ms - cut_ms)) for char, at_ms in events]
    _send(out, {"id": order["id"], "bytes": len(pcm), "events": moved}, pcm)


class _Orders:
    """Orders in their order. A cancelled one is stopped while it is made, or never begun."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: queue.Queue[dict[str, Any]] = queue.Queue()
        self._guard = threading.Lock()
        self._cancelled: set[int] = set()
        self._now: int | None = None

    def listen(self, stream: BinaryIO) -> None:
        for line in stream:
            message = json.loads(line)
            if "cancel" not in message:
                self._waiting.put(message)
                continue
            with self._guard:
                self._cancelled.add(message["cancel"])
                if self._now == message["cancel"]:
                    self._engine.stop(message["cancel"])
        os._exit(0)  # the parent is gone: nobody waits for what is being made

    def next(self) -> dict[str, Any]:
        order = self._waiting.get()
        with self._guard:
            if order["id"] in self._cancelled:
                return order | {"text": ""}
            self._now = order["id"]
        return order

    def done(self, order: dict[str, Any]) -> None:
        with self._guard:
            self._now = None
            self._cancelled = {number for number in self._cancelled if number > order["id"]}


def _line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _send(out: BinaryIO, message: dict[str, Any], body: bytes = b"") -> None:
    data = memoryview(json.dumps(message).encode() + b"\n" + body)
    while data:
        data = data[out.write(data) :]
