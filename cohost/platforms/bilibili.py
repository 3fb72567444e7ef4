"""Bilibili live chat (experimental: from published analyses, never tried against the real service).

Protocol, as described at https://daidr.me/archives/code-526.html and in many clients: a packet is a header of
16 bytes (length, header length 16, version, operation, 1; big-endian) and a body; operation 7 joins, 2 is the
heartbeat every 30 s, 3 its answer, 5 a message, 8 the welcome; version 2 bodies are zlib over more packets.
Posts: /msg/send with the cookies SESSDATA and bili_jct; code 10031 means too fast.
"""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import websockets
from websockets.asyncio.client import ClientConnection, connect

from cohost.errors import NotTaken, ProviderError
from cohost.platforms import http
from cohost.platforms.feed import Feed, backoff_ms
from cohost.ports import Post, SendPolicy
from cohost.settings.platforms import Bilibili as BilibiliSettings

NAME = "bilibili"
HEARTBEAT_S = 30.0
HEARTBEAT, MESSAGE, JOIN, WELCOME = 2, 5, 7, 8
PLAIN, ZLIB = 1, 2
TOO_FAST, NOT_SIGNED_IN, BAD_CSRF = 10031, -101, -111
NESTED = 3
"""Packets within packets that are opened."""

_HEADER = struct.Struct(">IHHII")
LONGEST_BODY = 1 << 20


def packet(operation: int, body: bytes = b"", version: int = PLAIN) -> bytes:
    """One packet. Pure."""
    return _HEADER.pack(_HEADER.size + len(body), _HEADER.size, version, operation, 1) + body


def packets(data: bytes, depth: int = 0) -> Iterator[tuple[int, bytes]]:
    """(operation, body) of every packet in a frame, compressed ones opened; what is broken ends it. Pure."""
    at = 0
    while at + _HEADER.size <= len(data):
        size, head, version, operation, _ = _HEADER.unpack_from(data, at)
        if size < head or head < _HEADER.size or at + size > len(data):
            return
        body = data[at + head : at + size]
        at += size
        if version != ZLIB:
            yield operation, body
        elif depth < NESTED:
            try:
                opened = zlib.decompressobj().decompress(body, LONGEST_BODY)
            except zlib.error:
                return
            yield from packets(opened, depth + 1)


def line(body: bytes) -> tuple[str, str, str, str] | None:
    """(text, author, name, id) of a chat message; None for everything else. Pure."""
    try:
        found = msgspec.json.decode(body)
        if not str(found["cmd"]).startswith("DANMU_MSG"):
            return None
        info = found["info"]
        text, author, name = str(info[1]), str(info[2][0]), str(info[2][1])
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError, TypeError):
        return None
    sent = info[0][4] if isinstance(info[0], list) and len(info[0]) > 4 else ""
    return text, author, name, f"{author}-{sent}" if sent else ""


class Bilibili:
    """Implements ChatSource and ChatSink."""

    platform = NAME

    def __init__(self, settings: BilibiliSettings, feed: Feed) -> None:
        self._settings = settings
        self._feed = feed
        self._clock = feed.clock
        cookies = {"SESSDATA": settings.session, "bili_jct": settings.csrf} if settings.session else {}
        self._client = httpx.AsyncClient(timeout=http.TIMEOUT_S, cookies=cookies)
        self.policy = SendPolicy(
            longest=settings.longest, apart_ms=3_000, same_text_ms=10_000, label=settings.label,
            may_link=False, tries=4,
        )  # fmt: skip

    async def run(self) -> None:
        """Read until cancelled; reconnects with growing pauses."""
        attempt = 0
        while True:
            self._feed.state("connecting")
            try:
                url, key = await self._door()
                async with connect(url, open_timeout=http.TIMEOUT_S, max_size=LONGEST_BODY) as socket:
                    await self._read(socket, key)
                    attempt = 0
                told = "the connection ended"
            except (ProviderError, OSError, TimeoutError, websockets.WebSocketException) as error:
                told = str(error) or type(error).__name__
            attempt += 1
            self._feed.state("lost", f"{told}; trying again")
            await self._clock.sleep(backoff_ms(attempt))

    async def _door(self) -> tuple[str, str]:
        """The socket's address and the key to join with."""
        answer = await http.ask(
            self._client, NAME, "GET", f"{self._settings.api}/xlive/web-room/v1/index/getDanmuInfo",
            params={"id": self._settings.room_id, "type": 0}, repeatable=True,
        )  # fmt: skip
        data = http.json_of(NAME, answer).get("data") or {}
        hosts = data.get("host_list") or []
        if not hosts:
            raise ProviderError(
                NAME, f"got no server for room {self._settings.room_id}, expected one that is live"
            )
        host = hosts[0]
        secure = "wss" if host.get("wss_port") else "ws"
        port = host.get("wss_port") or host.get("ws_port")
        return f"{secure}://{host['host']}:{port}/sub", str(data.get("token") or "")

    async def _read(self, socket: ClientConnection, key: str) -> None:
        own = {
            "uid": 0,
            "roomid": self._settings.room_id,
            "protover": ZLIB,
            "platform": "web",
            "type": 2,
            "key": key,
        }
        await socket.send(packet(JOIN, msgspec.json.encode(own)))
        async with asyncio.TaskGroup() as tasks:
            beats = tasks.create_task(self._beat(socket))
            async for data in socket:
                for operation, body in packets(data if isinstance(data, bytes) else data.encode()):
                    if operation == WELCOME:
                        self._feed.state("live")
                    elif operation == MESSAGE and (said := line(body)) is not None:
                        text, author, name, ref = said
                        self._feed.take(text, author=author, name=name, message_id=ref or None)
            beats.cancel()

    async def _beat(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(packet(HEARTBEAT))
            await self._clock.sleep(HEARTBEAT_S * 1000)

    async def post(self, post: Post) -> str:
        """Raises NotTaken, ProviderTimeout, ProviderError."""
        own = self._settings
        if not own.session or not own.csrf:
            raise ProviderError(
                NAME, "got no cookies, expected COHOST_BILIBILI_SESSION and COHOST_BILIBILI_CSRF"
            )
        now = int(self._clock.unix())
        form: dict[str, Any] = {
            "roomid": own.room_id, "msg": post.text, "rnd": now, "fontsize": 25, "color": 16777215, "mode": 1,
            "csrf": own.csrf, "csrf_token": own.csrf,
        }  # fmt: skip
        answer = await http.ask(self._client, NAME, "POST", f"{own.api}/msg/send", data=form)
        found = http.json_of(NAME, answer)
        code, said = found.get("code"), found.get("message") or found.get("msg") or ""
        if code == TOO_FAST:
            raise NotTaken(NAME, f"got {code}: {said}", 3_000)
        if code in (NOT_SIGNED_IN, BAD_CSRF):
            raise ProviderError(NAME, f"got {code}: {said}: sign in again and set the cookies anew")
        if code != 0 or said:
            raise ProviderError(NAME, f"got {code} “{said}”, expected the post to be taken")
        return "taken"

    async def find_posted(self, reply_id: str) -> str | None:
        """Raises ProviderError: there is no list of one's own messages."""
        raise ProviderError(NAME, "got a question for an earlier post, which Bilibili cannot answer")

    async def check(self) -> str:
        """Asks for the room's servers; "" when there is one."""
        try:
            await self._door()
        except ProviderError as error:
            return str(error)
        return "" if self._settings.session else "no cookies: lines are read, nothing is posted"

    async def close(self) -> None:
        await self._client.aclose()
