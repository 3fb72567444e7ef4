"""Shopee Live, Bilibili and TikTok against local servers that speak their protocols as they are described."""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import types
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from websockets.asyncio.server import ServerConnection, serve

from cohost.errors import NotTaken, ProviderError
from cohost.platforms import bilibili, shopee, tiktok
from cohost.platforms.bilibili import Bilibili, packet, packets
from cohost.platforms.shopee import Shopee, sign
from cohost.platforms.tiktok import Tiktok
from cohost.ports import Post
from cohost.settings import Bilibili as BilibiliSettings
from cohost.settings import Shopee as ShopeeSettings
from cohost.settings import Tiktok as TiktokSettings
from tests.wire.web_api import Place, answer, serving

pytestmark = [pytest.mark.wire, pytest.mark.timeout(60)]


# ── Shopee ───────────────────────────────────────────────────────────────────────────────────────
class Mall:
    """Checks every signature; `token` is the one that is valid now."""

    def __init__(self) -> None:
        self.token = "old"
        self.comments: list[dict[str, Any]] = []
        self.posts: list[str] = []
        self.error = ""

    def signed(self, request: Request, path: str) -> bool:
        got = request.query_params
        public = path == shopee.RENEW
        wanted = sign(
            7, "key", path, int(got["timestamp"]), "" if public else got["access_token"], 0 if public else 9
        )
        return bool(got["sign"] == wanted)

    async def read(self, request: Request) -> Response:
        assert self.signed(request, shopee.READ)
        if request.query_params["access_token"] != self.token:
            return answer(200, {"error": "error_auth", "message": "Invalid access_token."})
        found, self.comments = self.comments, []
        return answer(200, {"error": "", "response": {"comment_list": found, "next_offset": 0}})

    async def write(self, request: Request) -> Response:
        assert self.signed(request, shopee.WRITE)
        if self.error:
            return answer(200, {"error": self.error, "message": "no"})
        self.posts.append((await request.json())["content"])
        return answer(200, {"error": "", "response": {"comment_id": 5}})

    async def renew(self, request: Request) -> Response:
        assert self.signed(request, shopee.RENEW)
        if (await request.json())["refresh_token"] != "again":
            return answer(200, {"error": "error_auth", "message": "Wrong refresh_token."})
        self.token = "new"
        return answer(200, {"access_token": "new", "refresh_token": "again2", "error": ""})


def play_shopee(
    act: Callable[[Place, Shopee, Mall], Any], *, refresh: str = "again", token: str = "old"
) -> None:
    async def main() -> None:
        mall, place = Mall(), Place("shopee")
        mall.token = token
        async with serving(
            {shopee.READ: mall.read, shopee.WRITE: mall.write, shopee.RENEW: mall.renew}
        ) as api:
            settings = ShopeeSettings(
                session_id=3, partner_id=7, user_id=9, partner_key="key", access_token="old",
                refresh_token=refresh, api=api,
            )  # fmt: skip
            adapter = Shopee(settings, place.feed)
            async with asyncio.TaskGroup() as tasks:
                job = tasks.create_task(adapter.run())
                await act(place, adapter, mall)
                job.cancel()
            await adapter.close()

    asyncio.run(main())


def test_shopee_reads_signed_and_posts_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shopee, "POLL_MS", 50)

    async def act(place: Place, adapter: Shopee, mall: Mall) -> None:
        await place.until(lambda: place.states()[-1:] == ["live"])
        comment = {"comment_id": 1, "user_id": 4, "username": "siti", "comment": "berapa harganya?"}
        mall.comments = [comment, comment, {"comment_id": 2, "user_id": 4, "comment": ""}]
        await place.until(lambda: bool(place.lines()))
        assert await adapter.post(Post("r1", "Rp 1.", "id")) == "5"
        assert mall.posts == ["Rp 1."]
        assert [line.text for line in place.lines()] == ["berapa harganya?"]

    play_shopee(act)


def test_shopee_renews_its_token_by_itself() -> None:
    async def act(place: Place, adapter: Shopee, mall: Mall) -> None:
        await place.until(lambda: place.states()[-1:] == ["live"])
        assert mall.token == "new"

    play_shopee(act, token="another")


def test_shopee_says_what_a_person_has_to_do() -> None:
    async def act(place: Place, adapter: Shopee, mall: Mall) -> None:
        await place.until(lambda: place.states()[-1:] == ["refused"])
        assert "COHOST_SHOPEE_TOKEN" in place.told()
        for error, kind in (("error_rate_limit", NotTaken), ("error_param", ProviderError)):
            mall.error = error
            with pytest.raises(kind) as raised:
                await adapter.post(Post("r1", "x", "en"))
            assert type(raised.value) is kind

    play_shopee(act, token="another", refresh="used")


# ── Bilibili ─────────────────────────────────────────────────────────────────────────────────────
def danmu(text: str, *, author: int = 42, sent: int = 1700) -> bytes:
    info = [[0, 1, 25, 0, sent], text, [author, "小美", 0], [], []]
    return json.dumps({"cmd": "DANMU_MSG", "info": info}, ensure_ascii=False).encode()


def test_bilibili_joins_reads_compressed_packets_and_comes_back() -> None:
    async def main() -> None:
        place, joined = Place("bilibili"), []

        async def talk(socket: ServerConnection) -> None:
            first = await socket.recv()
            assert isinstance(first, bytes)
            ((operation, body),) = packets(first)
            joined.append((operation, json.loads(body)["key"]))
            await socket.send(packet(bilibili.WELCOME, b'{"code":0}'))
            inner = packet(bilibili.MESSAGE, danmu("续航多久？", sent=len(joined))) + packet(
                bilibili.MESSAGE, b'{"cmd":"ONLINE_RANK_COUNT"}'
            )
            await socket.send(packet(bilibili.MESSAGE, zlib.compress(inner), bilibili.ZLIB))
            await socket.send(b"\x00\x00broken")
            await socket.send(packet(bilibili.MESSAGE, b"{") + struct.pack(">I", 3))

        async with serve(talk, "127.0.0.1", 0) as door:
            port = next(iter(door.sockets)).getsockname()[1]

            async def info(request: Request) -> Response:
                host = {"host": "127.0.0.1", "ws_port": port}
                return answer(200, {"code": 0, "data": {"token": "k", "host_list": [host]}})

            async with serving({"/xlive/web-room/v1/index/getDanmuInfo": info}) as api:
                adapter = Bilibili(BilibiliSettings(room_id=5, api=api), place.feed)
                async with asyncio.TaskGroup() as tasks:
                    job = tasks.create_task(adapter.run())
                    await place.until(lambda: len(place.lines()) >= 2)
                    job.cancel()
                assert joined[0] == (bilibili.JOIN, "k")
                assert {line.text for line in place.lines()} == {"续航多久？"}
                assert place.lines()[0].name == "小美"
                assert place.states()[:4] == ["connecting", "live", "lost", "connecting"]
                await adapter.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("body", "error"),
    [({"code": 0, "message": ""}, None), ({"code": 10031, "message": "too fast"}, NotTaken),
     ({"code": -101, "message": "not signed in"}, ProviderError),
     ({"code": 0, "message": "f"}, ProviderError)],
)  # fmt: skip
def test_bilibili_posts_with_its_cookies(body: dict[str, Any], error: type[Exception] | None) -> None:
    async def main() -> None:
        async def send(request: Request) -> Response:
            assert request.cookies["SESSDATA"] == "s"
            assert b"csrf=c" in await request.body()
            return answer(200, body)

        async with serving({"/msg/send": send}) as api:
            settings = BilibiliSettings(room_id=5, api=api, session="s", csrf="c")
            adapter = Bilibili(settings, Place("bilibili").feed)
            if error is None:
                assert await adapter.post(Post("r1", "22.4小时", "zh")) == "taken"
            else:
                with pytest.raises(error) as raised:
                    await adapter.post(Post("r1", "22.4小时", "zh"))
                assert type(raised.value) is error
            await adapter.close()

    asyncio.run(main())


def test_bilibili_without_cookies_reads_only() -> None:
    async def main() -> None:
        adapter = Bilibili(BilibiliSettings(room_id=5), Place("bilibili").feed)
        with pytest.raises(ProviderError, match="COHOST_BILIBILI_SESSION"):
            await adapter.post(Post("r1", "x", "zh"))
        await adapter.close()

    asyncio.run(main())


# ── TikTok ───────────────────────────────────────────────────────────────────────────────────────
def client_module(lines: list[str]) -> types.ModuleType:
    """What TikTokLive looks like to us: a client with listeners that tells of comments."""

    class Client:
        def __init__(self, unique_id: str) -> None:
            self.heard: dict[type, Callable[[Any], Any]] = {}
            assert unique_id == "@shop"

        def add_listener(self, event: type, act: Callable[[Any], Any]) -> None:
            self.heard[event] = act

        async def connect(self) -> None:
            await self.heard[ConnectEvent](ConnectEvent())
            for number, text in enumerate(lines):
                user = types.SimpleNamespace(unique_id="linh", nickname="Linh")
                base = types.SimpleNamespace(message_id=number)
                told = types.SimpleNamespace(user=user, comment=text, base_message=base)
                await self.heard[CommentEvent](told)

    class ConnectEvent:
        pass

    class CommentEvent:
        pass

    module, events = types.ModuleType("TikTokLive"), types.ModuleType("TikTokLive.events")
    module.__dict__["TikTokLiveClient"] = Client
    events.__dict__.update(ConnectEvent=ConnectEvent, CommentEvent=CommentEvent)
    sys.modules["TikTokLive.events"] = events
    return module


def test_tiktok_is_read_by_its_client_and_written_by_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "TikTokLive", client_module(["giá bao nhiêu?"]))
    monkeypatch.setattr(tiktok, "installed", lambda: True)

    async def main() -> None:
        place = Place("tiktok")
        adapter = Tiktok(TiktokSettings(account="shop"), place.feed)
        async with asyncio.TaskGroup() as tasks:
            job = tasks.create_task(adapter.run())
            await place.until(lambda: place.states()[-1:] == ["lost"])
            job.cancel()
        assert [(line.text, line.name) for line in place.lines()] == [("giá bao nhiêu?", "Linh")]
        with pytest.raises(ProviderError, match="type it there: 22 h"):
            await adapter.post(Post("r1", "22 h", "vi"))
        assert not adapter.policy.may_speak

    asyncio.run(main())
    sys.modules.pop("TikTokLive.events", None)


def test_tiktok_without_its_client_says_how_to_get_it() -> None:
    async def main() -> None:
        place = Place("tiktok")
        adapter = Tiktok(TiktokSettings(account="shop"), place.feed)
        await adapter.run()
        assert place.states() == ["refused"]
        assert "pip install TikTokLive" in place.told()
        assert await adapter.check() == place.told()

    asyncio.run(main())
