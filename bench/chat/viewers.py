"""Many viewers' pages in a process of their own: they connect, read, and tell when each reply reached them.

    python -m bench.chat.viewers ADDRESS COUNT LISTENING

Prints "ready" when all are connected, and after a line on stdin one JSON object: reply id → arrivals in
seconds of the machine's monotonic clock. A real audience has a machine a page; here one process reads them
all, so it looks for replies in the bytes as they come and leaves the rest of the frames unread.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import sys
import time
from urllib.parse import urlsplit

_KIND = b'"type":"reply.posted"'
_REPLY = re.compile(re.escape(_KIND) + rb'.{0,60}?"reply_id":"([^"]+)"')
_TAIL = 160  # bytes of a piece that may hold the beginning of a reply whose id comes with the next
AT_ONCE = 50


class Viewer(asyncio.Protocol):
    """One page: a WebSocket client that asks for nothing and answers pings."""

    def __init__(self, host: str, path: str, arrivals: dict[str, list[float]]) -> None:
        self._host, self._path = host, path
        self._arrivals = arrivals
        self._tail = b""
        self._seen: set[str] = set()
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: {self._host}\r\nOrigin: http://{self._host}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if not self.opened.done():
            if b" 101 " not in data[:32]:
                self.opened.set_exception(ConnectionError(data[:80].decode("latin-1")))
                return
            self.opened.set_result(None)
        if data[:2] == b"\x89\x04":  # a ping by itself; the room's keep-alive sends four bytes
            self._transport.write(b"\x8a\x84\0\0\0\0" + data[2:6])
        whole = self._tail + data
        at = whole.find(_KIND)
        while at >= 0:
            match = _REPLY.match(whole, at)
            if match is not None and (reply := match[1].decode()) not in self._seen:
                self._seen.add(reply)
                self._arrivals.setdefault(reply, []).append(time.monotonic())
            at = whole.find(_KIND, at + 1)
        self._tail = whole[-_TAIL:]


async def main(address: str, count: int, listening: int) -> None:
    arrivals: dict[str, list[float]] = {}
    gate = asyncio.Semaphore(AT_ONCE)
    place = urlsplit(address)
    host = place.hostname or "127.0.0.1"
    port = place.port or 80
    loop = asyncio.get_running_loop()
    open_pages: list[asyncio.BaseTransport] = []

    async def join(number: int) -> None:
        audio = "&audio=1" if number < listening else ""
        path = f"/ws?room=main&role=viewer&lang=en&name=v{number}{audio}"
        async with gate:
            transport, viewer = await loop.create_connection(
                lambda: Viewer(place.netloc, path, arrivals), host, port
            )
            open_pages.append(transport)
            await viewer.opened

    async with asyncio.TaskGroup() as tasks:
        for number in range(count):
            tasks.create_task(join(number))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    for transport in open_pages:
        transport.close()
    sys.stdout.write(json.dumps(arrivals) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
