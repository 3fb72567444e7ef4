"""A wire between a browser and a room that can be slow and can be cut, in the middle of a frame too."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time


class Wire:
    """Forwards TCP to `place` ("host:port"). `bytes_per_s` 0: as fast as it goes; `delay_s` each way."""

    def __init__(self, place: str, *, bytes_per_s: int = 0, delay_s: float = 0.0) -> None:
        host, port = place.split(":")
        self._there = (host, int(port))
        self._speed, self._delay = bytes_per_s, delay_s
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._dice = random.Random(7)
        self.up = True
        self.cuts = 0
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """Every connection, now: what is half through stays half."""
        with self._lock:
            self.cuts += bool(self._open)
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
            self._open.clear()

    def close(self) -> None:
        self.up = False
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self.up:
                near.close()
                continue
            far = socket.create_connection(self._there)
            with self._lock:
                self._open |= {near, far}
            for one, other in ((near, far), (far, near)):
                thread = threading.Thread(target=self._carry, args=(one, other))
                self._threads.append(thread)
                thread.start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        """In pieces of odd sizes: a cut falls inside a frame as often as between two."""
        with contextlib.suppress(OSError):
            while data := one.recv(self._dice.randint(1, 4096)):
                if self._speed or self._delay:
                    time.sleep(self._delay + (len(data) / self._speed if self._speed else 0))
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            with self._lock:
                self._open.discard(end)
