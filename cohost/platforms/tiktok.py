"""TikTok LIVE (experimental): read by the unofficial client TikTokLive where it is installed; TikTok takes no
posts from programs, so answers are handed to the operator.

Client: https://github.com/isaackogan/TikTokLive (`pip install TikTokLive`). AI voices in a LIVE are reported
to be forbidden, so cohost does not speak in a room that is carried there.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from cohost.errors import BREAKS, ProviderError
from cohost.platforms.feed import Feed, backoff_ms
from cohost.ports import Post, SendPolicy
from cohost.settings.platforms import Tiktok as TiktokSettings

NAME = "tiktok"
CLIENT = "TikTokLive"
MISSING = f"the client is not installed: pip install {CLIENT}"


def installed() -> bool:
    return importlib.util.find_spec(CLIENT) is not None


class Tiktok:
    """Implements ChatSource and ChatSink."""

    platform = NAME
    policy = SendPolicy(longest=150, may_link=False, may_speak=False, tries=1)

    def __init__(self, settings: TiktokSettings, feed: Feed) -> None:
        self._settings = settings
        self._feed = feed
        self._clock = feed.clock

    async def run(self) -> None:
        """Read until cancelled; without the client it says so and ends."""
        if not installed():
            self._feed.state("refused", MISSING)
            return
        attempt = 0
        while True:
            self._feed.state("connecting")
            try:
                await self._session()
                told = "the LIVE ended"
            except (*BREAKS, ConnectionError) as error:
                told = str(error) or type(error).__name__
            attempt += 1
            self._feed.state("lost", f"{told}; trying again")
            await self._clock.sleep(backoff_ms(attempt))

    async def _session(self) -> None:
        client = importlib.import_module(CLIENT).TikTokLiveClient(
            unique_id=f"@{self._settings.account.lstrip('@')}"
        )
        events = importlib.import_module(f"{CLIENT}.events")

        async def connected(event: Any) -> None:
            self._feed.state("live")

        async def said(event: Any) -> None:
            user = event.user
            author = str(getattr(user, "unique_id", "") or getattr(user, "id", "") or "?")
            ref = getattr(getattr(event, "base_message", None), "message_id", None)
            self._feed.take(
                str(event.comment), author=author, name=str(getattr(user, "nickname", "") or author),
                message_id=str(ref) if ref else None,
            )  # fmt: skip

        client.add_listener(events.ConnectEvent, connected)
        client.add_listener(events.CommentEvent, said)
        await client.connect()

    async def post(self, post: Post) -> str:
        """Raises ProviderError: a person copies it."""
        raise ProviderError(NAME, f"takes no posts from programs; type it there: {post.text}")

    async def find_posted(self, reply_id: str) -> str | None:
        return None

    async def check(self) -> str:
        return "" if installed() else MISSING

    async def close(self) -> None:
        """Nothing is open."""
