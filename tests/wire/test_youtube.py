"""YouTube's live chat against a local server that speaks the documented protocol, its errors included."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from starlette.requests import Request
from starlette.responses import Response

from cohost.errors import NotTaken, ProviderError, ProviderTimeout
from cohost.platforms.youtube import Youtube
from cohost.ports import Post
from cohost.settings import Youtube as YoutubeSettings
from tests.wire.web_api import Place, answer, serving

pytestmark = [pytest.mark.wire, pytest.mark.timeout(60)]


def message(number: int, text: str, *, author: str = "UC-marta", name: str = "Marta") -> dict[str, Any]:
    return {
        "id": f"m{number}",
        "snippet": {"type": "textMessageEvent", "textMessageDetails": {"messageText": text}},
        "authorDetails": {"channelId": author, "displayName": name, "isChatOwner": author == "UC-host"},
    }  # fmt: skip


def refusal(status: int, reason: str) -> Response:
    return answer(status, {"error": {"message": reason, "errors": [{"reason": reason}]}})


class Studio:
    """The server: `pages` are given one a read, `refuses` are answers that come first."""

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self.pages = list(pages)
        self.refuses: list[Response] = []
        self.busy = False
        self.swallows = False  # takes a post and says nothing of it
        self.posts: list[str] = []
        self.tokens = 0
        self.sent_pages: list[str] = []

    async def token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        if form["refresh_token"] == ["revoked"]:
            return answer(400, {"error": "invalid_grant"})
        self.tokens += 1
        return answer(200, {"access_token": f"t{self.tokens}", "expires_in": 3600})

    async def channels(self, request: Request) -> Response:
        return answer(200, {"items": [{"id": "UC-cohost"}]})

    async def messages(self, request: Request) -> Response:
        if (
            request.headers["authorization"] == "Bearer t1"
            and self.tokens == 1
            and self.refuses == ["expire"]
        ):
            self.refuses = []
            return refusal(401, "authError")
        if self.refuses:
            return self.refuses.pop(0)
        if self.busy:
            return answer(429, {}, **{"retry-after": "7"})
        if request.method == "POST":
            body = await request.json()
            text = body["snippet"]["textMessageDetails"]["messageText"]
            self.posts.append(text)
            if self.swallows:
                self.pages.append([message(90 + len(self.posts), text, author="UC-cohost")])
                return answer(500, {"error": {"message": "backendError"}})
            return answer(200, {"id": f"p{len(self.posts)}"})
        self.sent_pages.append(request.query_params.get("pageToken", ""))
        items = self.pages.pop(0) if self.pages else []
        return answer(
            200, {"items": items, "pollingIntervalMillis": 50, "nextPageToken": f"n{len(self.sent_pages)}"}
        )


Act = Callable[[Place, Youtube, Studio], Awaitable[None]]


def play(studio: Studio, act: Act, state: Path, **settings: object) -> None:
    async def main() -> None:
        routes = {
            "/liveChat/messages": studio.messages, "/token": studio.token, "/channels": studio.channels,
        }  # fmt: skip
        async with serving(routes) as address:
            place = Place("youtube")
            known: dict[str, object] = {
                "chat_id": "c1", "client_id": "i", "client_secret": "s", "refresh_token": "r", "api": address,
                "token_url": f"{address}/token", "units": 10**7,
            }  # fmt: skip
            youtube = Youtube(YoutubeSettings(**(known | settings)), place.feed, state)  # type: ignore[arg-type]
            async with asyncio.TaskGroup() as tasks:
                job = tasks.create_task(youtube.run())
                await act(place, youtube, studio)
                job.cancel()
            await youtube.close()

    asyncio.run(main())


def test_new_lines_are_read_old_ones_and_our_own_are_not(tmp_path: Path) -> None:
    async def act(place: Place, youtube: Youtube, studio: Studio) -> None:
        await place.until(lambda: place.states()[-1:] == ["live"])
        assert await youtube.post(Post("r1", "[AI] 412 g.", "de")) == "p1"
        studio.pages += [
            [message(2, "wie schwer?"), message(3, "[AI] 412 g.", author="UC-cohost")],
            [message(2, "wie schwer?"), message(4, "hi", author="UC-host")],
        ]
        await place.until(lambda: len(place.lines()) >= 2)
        assert [(line.text, line.role, line.name) for line in place.lines()] == [
            ("wie schwer?", "viewer", "Marta"), ("hi", "host", "Marta"),
        ]  # fmt: skip
        assert studio.sent_pages[:2] == ["", "n1"]

    play(Studio([message(1, "from before")]), act, tmp_path)


def test_an_expired_token_is_renewed_and_nothing_is_lost(tmp_path: Path) -> None:
    studio = Studio()
    studio.refuses = ["expire"]  # type: ignore[list-item]

    async def act(place: Place, youtube: Youtube, studio: Studio) -> None:
        await place.until(lambda: place.states()[-1:] == ["live"])
        assert studio.tokens == 2

    play(studio, act, tmp_path)


def test_a_revoked_token_says_what_to_do(tmp_path: Path) -> None:
    async def act(place: Place, youtube: Youtube, studio: Studio) -> None:
        await place.until(lambda: place.states()[-1:] == ["refused"])
        assert "COHOST_YOUTUBE_TOKEN" in place.told()
        assert "COHOST_YOUTUBE_TOKEN" in await youtube.check()
        with pytest.raises(ProviderError):
            await youtube.post(Post("r1", "x", "en"))

    play(Studio(), act, tmp_path, refresh_token="revoked")


@pytest.mark.parametrize(
    ("status", "reason", "state"),
    [(403, "liveChatEnded", "refused"), (403, "quotaExceeded", "refused"),
     (404, "liveChatNotFound", "refused"), (403, "rateLimitExceeded", "lost"),
     (500, "backendError", "lost"), (503, "backendError", "lost")],
)  # fmt: skip
def test_every_documented_error_ends_in_a_state(tmp_path: Path, status: int, reason: str, state: str) -> None:
    studio = Studio()
    studio.refuses = [refusal(status, reason)]

    async def act(place: Place, youtube: Youtube, studio: Studio) -> None:
        await place.until(lambda: state in place.states())
        if state == "lost" and status != 403:
            await place.until(lambda: place.states()[-1] == "live")

    play(studio, act, tmp_path)


def test_a_post_without_an_answer_is_found_in_the_chat_or_certainly_absent(tmp_path: Path) -> None:
    async def act(place: Place, youtube: Youtube, studio: Studio) -> None:
        await place.until(lambda: place.states()[-1:] == ["live"])
        studio.swallows = True
        with pytest.raises(ProviderTimeout):
            await youtube.post(Post("r1", "412 g.", "de"))
        assert await youtube.find_posted("r1") == "m91"
        studio.swallows = False
        studio.refuses = [answer(500, {"error": {"message": "backendError"}})]
        with pytest.raises(ProviderTimeout):
            await youtube.post(Post("r2", "another", "de"))
        assert await youtube.find_posted("r2") is None
        with pytest.raises(ProviderError):  # after a restart the words are not known any more
            await youtube.find_posted("r0")
        assert place.lines() == []

    play(Studio(), act, tmp_path)


async def refused(youtube: Youtube, number: int) -> str:
    """What a post got for an error; "" when it was taken."""
    try:
        await youtube.post(Post(f"r{number}", "x", "en"))
    except ProviderError as error:
        return str(error)
    return ""


def test_the_days_units_are_counted_over_restarts(tmp_path: Path) -> None:
    async def act(place: Place, youtube: Youtube, studio: Studio) -> None:
        await place.until(lambda: place.states()[-1:] in (["live"], ["refused"]))
        told = [await refused(youtube, n) for n in range(6)]
        assert "units are spent" in told[-1]

    play(Studio(), act, tmp_path, units=100)
    studio = Studio()
    play(studio, act, tmp_path, units=100)
    assert studio.posts == []


def test_too_fast_is_tried_again_later(tmp_path: Path) -> None:
    async def act(place: Place, youtube: Youtube, studio: Studio) -> None:
        await place.until(lambda: place.states()[-1:] == ["live"])
        studio.busy = True
        with pytest.raises(NotTaken) as raised:
            await youtube.post(Post("r1", "x", "en"))
        assert raised.value.retry_ms == 7_000

    play(Studio(), act, tmp_path)
