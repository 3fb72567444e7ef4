"""The signed webhook, both ways: on a served room, and against a receiver that fails in every way."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from cohost.errors import NotTaken, ProviderError
from cohost.platforms.feed import signature
from cohost.platforms.webhook import Webhook
from cohost.ports import Post
from cohost.settings import Webhook as WebhookSettings
from cohost.web.server import make_app
from tests.wire.web_api import Place, answer, serving
from tests.wire.web_room import AUTH, Room

pytestmark = [pytest.mark.wire, pytest.mark.timeout(60)]
SECRET = "a-long-random-secret"
LINE = {"id": "m1", "author": "77", "text": "wie schwer?", "name": "Marta", "lang": "de", "market": "de"}


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    stamp = str(int(at if at is not None else dt.datetime.now(dt.UTC).timestamp()))
    return {"x-cohost-timestamp": stamp, "x-cohost-signature": signature(secret, stamp, body)}


Send = Callable[..., Awaitable[httpx.Response]]


def into(act: Callable[[Place, Send], Awaitable[None]]) -> None:
    """A room with the hook, asked through its own application."""

    async def main() -> None:
        place = Place("webhook")
        hook = Webhook(WebhookSettings(secret=SECRET), place.feed)
        app = make_app(Room(), AUTH, hooks=[hook])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://room") as client:

            async def send(body: object, headers: dict[str, str] | None = None) -> httpx.Response:
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                return await client.post(
                    "/hooks/chat", content=data, headers=signed(data) if headers is None else headers
                )

            await act(place, send)
        await hook.close()

    asyncio.run(main())


def test_a_signed_line_comes_in_once() -> None:
    async def act(place: Place, send: Send) -> None:
        got = await send(LINE)
        assert (got.status_code, got.json()) == (202, {"taken": 1, "empty": 0})
        got = await send(
            [LINE, LINE | {"id": "m2", "text": "und teuer?"}, LINE | {"id": "m3", "text": "\u200b"}]
        )
        assert got.json() == {"taken": 2, "empty": 1}
        assert [(line.text, line.name, line.lang_hint, line.market) for line in place.lines()] == [
            ("wie schwer?", "Marta", "de", "DE"), ("und teuer?", "Marta", "de", "DE"),
        ]  # fmt: skip

    into(act)


def test_forged_old_and_repeated_requests_are_refused() -> None:
    async def act(place: Place, send: Send) -> None:
        body = json.dumps(LINE).encode()
        assert (await send(body, signed(body, secret="another-long-secret!"))).status_code == 401
        assert (await send(body, {})).status_code == 401
        assert (await send(body, signed(body) | {"x-cohost-timestamp": "0"})).status_code == 401
        now = dt.datetime.now(dt.UTC).timestamp()
        for skewed in (now - 3600, now + 3600):
            got = await send(body, signed(body, at=skewed))
            assert got.status_code == 401
            assert "within 300 s" in got.json()["error"]
        headers = signed(body)
        assert (await send(body, headers)).status_code == 202
        assert (await send(body, headers)).status_code == 409
        assert len(place.lines()) == 1

    into(act)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b'{"id": "", "author": "a", "text": "x"}', b'{"id": "a", "author": "a"}', b"\xff\xfe",
     b"[" * 5000, json.dumps([LINE] * 501).encode(),
     b'{"id":"a","author":"a","text":"x","market":"Germany"}'],
)  # fmt: skip
def test_bad_bodies_get_one_clear_line(body: bytes) -> None:
    async def act(place: Place, send: Send) -> None:
        got = await send(body)
        assert got.status_code == 422
        assert "expected" in got.json()["error"]
        assert place.lines() == []

    into(act)


def test_a_flood_in_one_request_is_refused() -> None:
    async def act(place: Place, send: Send) -> None:
        assert (await send(b"x" * (1024 * 1024 + 1))).status_code == 413

    into(act)


def out(answers: list[Response], act: Callable[[Webhook, list[Request]], Awaitable[None]]) -> None:
    async def main() -> None:
        seen: list[Request] = []

        async def receive(request: Request) -> Response:
            body = await request.body()
            stamp = request.headers["x-cohost-timestamp"]
            assert request.headers["x-cohost-signature"] == signature(SECRET, stamp, body)
            seen.append(request)
            return answers.pop(0) if answers else answer(200, {"id": "there-1"})

        async with serving({"/in": receive}) as address:
            hook = Webhook(WebhookSettings(secret=SECRET, post_url=f"{address}/in"), Place("webhook").feed)
            await act(hook, seen)
            await hook.close()

    asyncio.run(main())


def test_a_post_is_signed_and_has_a_key_of_its_own() -> None:
    async def act(hook: Webhook, seen: list[Request]) -> None:
        assert await hook.post(Post("r7", "412 g.", "de", (3,))) == "there-1"
        assert seen[0].headers["idempotency-key"] == "r7-1"
        told = await seen[0].json()
        assert (told["text"], told["lang"], told["in_reply_to"]) == ("412 g.", "de", [3])

    out([], act)


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, NotTaken), (500, NotTaken), (503, NotTaken), (400, ProviderError), (302, ProviderError)],
)
def test_what_may_be_repeated_is_not_taken_what_may_not_is_refused(
    status: int, error: type[Exception]
) -> None:
    async def act(hook: Webhook, seen: list[Request]) -> None:
        with pytest.raises(error) as raised:
            await hook.post(Post("r7", "412 g.", "de"))
        assert (type(raised.value) is NotTaken) == (error is NotTaken)

    out([answer(status, {}, **{"retry-after": "3"})], act)


def test_a_receiver_that_is_away_or_unset_is_told() -> None:
    async def main() -> None:
        away = Webhook(
            WebhookSettings(secret=SECRET, post_url="http://127.0.0.1:9/in"), Place("webhook").feed
        )
        with pytest.raises(NotTaken, match="no connection"):
            await away.post(Post("r1", "x", "en"))
        unset = Webhook(WebhookSettings(secret=SECRET), Place("webhook").feed)
        with pytest.raises(ProviderError, match="post_url"):
            await unset.post(Post("r1", "x", "en"))
        await away.close()
        await unset.close()

    asyncio.run(main())
