"""YouTube: live chat by polling `liveChatMessages.list`, posts by `insert`.

Protocol: https://developers.google.com/youtube/v3/live/docs/liveChatMessages (pollingIntervalMillis,
nextPageToken, errors liveChatEnded, rateLimitExceeded, quotaExceeded; 200 characters), tokens by
https://developers.google.com/identity/protocols/oauth2. A read costs 5 units, a post 20, of 10,000 a day.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import Any

import httpx
import msgspec

from cohost.errors import NotTaken, ProviderError, ProviderTimeout
from cohost.platforms import http
from cohost.platforms.feed import Feed, backoff_ms
from cohost.platforms.quota import Quota, interval_ms
from cohost.ports import Post, SendPolicy
from cohost.settings.platforms import Youtube as YoutubeSettings

NAME = "youtube"
READ_UNITS, POST_UNITS = 5, 20
PAGE = 200
LONGEST = 200
MINUTE_MS = 60_000
WORST_INTERVAL_MS = 30_000
LOOKED_UP_MS = 30_000
"""How long a post that nobody confirmed is looked for in the chat."""

POLICY = SendPolicy(
    longest=LONGEST, posts=20, per_ms=MINUTE_MS, same_text_ms=30_000, mention="@{name}", tries=4
)
_ENDED = frozenset({"liveChatEnded", "liveChatDisabled", "liveChatNotFound"})
_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})


class Ended(Exception):
    """The chat takes nothing any more; the message says why and what to do."""


class Youtube:
    """Implements ChatSource and ChatSink."""

    platform = NAME

    def __init__(self, settings: YoutubeSettings, feed: Feed, state: Path) -> None:
        self._settings = settings
        self._feed = feed
        self._clock = feed.clock
        self._client = httpx.AsyncClient(timeout=http.TIMEOUT_S)
        self._quota = Quota(state / "youtube.json", settings.units, feed.clock)
        self._ends_ms = self._clock.now_ms() + round(settings.hours * 3_600_000)
        self._access = ""
        self._own = ""  # the channel that posts
        self._mine: OrderedDict[str, str] = OrderedDict()  # id of an own message → its words
        self._tried: OrderedDict[str, str] = OrderedDict()  # reply → words without a confirmation
        self._reads = 0
        self._read = asyncio.Event()
        self.policy = msgspec.structs.replace(POLICY, label=settings.label)

    # ── reading ──
    async def run(self) -> None:
        """Read until cancelled or until the chat has ended."""
        page, attempt, first = "", 0, True
        while True:
            if first:
                self._feed.state("connecting")
            try:
                page, wait = await self._page(page, old=first)
                first, attempt = False, 0
                self._feed.state("live")
            except Ended as ended:
                self._feed.state("refused", str(ended))
                return
            except NotTaken as error:
                attempt += 1
                wait = max(error.retry_ms, backoff_ms(attempt))
                self._feed.state("lost", f"{error}; trying again")
            except ProviderError as error:
                attempt += 1
                wait = backoff_ms(attempt)
                self._feed.state("lost", f"{error}; trying again")
            await self._clock.sleep(wait)

    async def _page(self, page: str, *, old: bool) -> tuple[str, int]:
        """One page of messages; the next page's token, and how long to wait before it. What was there before
        we came (`old`) is not answered."""
        if not self._own:
            await self._identify()
        if not self._quota.spend(READ_UNITS):
            raise Ended(self._spent())
        query = {
            "liveChatId": self._settings.chat_id,
            "part": "id,snippet,authorDetails",
            "maxResults": str(PAGE),
        }
        if page:
            query["pageToken"] = page
        found = await self._call("GET", "/liveChat/messages", params=query, repeatable=True)
        for item in found.get("items", ()):
            if isinstance(item, dict):
                self._message(item, old=old)
        self._reads += 1
        self._read.set()
        self._read = asyncio.Event()
        asked = int(found.get("pollingIntervalMillis") or 5_000)
        wait = interval_ms(
            asked, units_left=self._quota.left, cost=READ_UNITS,
            ms_left=max(MINUTE_MS, self._ends_ms - self._clock.now_ms()),
        )  # fmt: skip
        return str(found.get("nextPageToken") or page), min(wait, max(asked, WORST_INTERVAL_MS))

    async def _identify(self) -> None:
        """Which channel is ours: its messages are no viewer's."""
        if not self._quota.spend(1):
            raise Ended(self._spent())
        found = await self._call("GET", "/channels", params={"part": "id", "mine": "true"}, repeatable=True)
        items = found.get("items") or [{}]
        self._own = str(items[0].get("id") or "unknown")

    def _message(self, item: dict[str, Any], *, old: bool) -> None:
        snippet, author = item.get("snippet") or {}, item.get("authorDetails") or {}
        text = (snippet.get("textMessageDetails") or {}).get("messageText") or snippet.get("displayMessage")
        who, ref = str(author.get("channelId") or ""), str(item.get("id") or "")
        if not text or not who:
            return
        if who == self._own:
            self._mine[ref] = str(text)
            while len(self._mine) > PAGE:
                self._mine.popitem(last=False)
        elif not old:
            self._feed.take(
                str(text), author=who, name=str(author.get("displayName") or ""), message_id=ref,
                host=bool(author.get("isChatOwner")),
            )  # fmt: skip

    # ── writing ──
    async def post(self, post: Post) -> str:
        """YouTube's id of the message. Raises NotTaken, ProviderTimeout, ProviderError."""
        if not self._quota.spend(POST_UNITS):
            raise ProviderError(NAME, self._spent())
        snippet = {
            "liveChatId": self._settings.chat_id, "type": "textMessageEvent",
            "textMessageDetails": {"messageText": post.text},
        }  # fmt: skip
        try:
            found = await self._call(
                "POST", "/liveChat/messages", params={"part": "snippet"}, json={"snippet": snippet}
            )
        except ProviderTimeout:
            self._tried[post.reply_id] = post.text
            while len(self._tried) > PAGE:
                self._tried.popitem(last=False)
            raise
        except Ended as ended:
            raise ProviderError(NAME, str(ended)) from ended
        return str(found.get("id") or "taken")

    async def find_posted(self, reply_id: str) -> str | None:
        """Look for a post without a confirmation in the chat as it is read: two reads later it is there or
        was never taken. Raises ProviderError where the words are not known any more (after a restart)."""
        words = self._tried.get(reply_id)
        if words is None or not self._feed.live:
            raise ProviderError(NAME, "got a question for a post whose words are not known any more")
        until, reads = self._clock.now_ms() + LOOKED_UP_MS, self._reads + 2
        while self._reads < reads and self._clock.now_ms() < until:
            found = next((ref for ref, said in self._mine.items() if said == words), None)
            if found is not None:
                return found
            try:
                async with asyncio.timeout(LOOKED_UP_MS / 1000):
                    await self._read.wait()
            except TimeoutError:
                break
        found = next((ref for ref, said in self._mine.items() if said == words), None)
        if found is None and self._reads < reads:
            raise ProviderError(NAME, "got no chat to look the post up in")
        return found

    # ── calls ──
    async def _call(
        self, method: str, path: str, *, repeatable: bool = False, **request: Any
    ) -> dict[str, Any]:
        for fresh in (False, True):
            token = await self._token(fresh=fresh)
            answer = await http.ask(
                self._client, NAME, method, self._settings.api + path, repeatable=repeatable,
                headers={"authorization": f"Bearer {token}"}, **request,
            )  # fmt: skip
            if answer.status_code != 401:
                break
        found = http.json_of(NAME, answer)
        if answer.status_code < 300:
            return found
        self._raise(answer.status_code, found)
        return found

    def _raise(self, status: int, found: dict[str, Any]) -> None:
        error = found.get("error") or {}
        errors = error.get("errors") or [{}] if isinstance(error, dict) else [{}]
        reason = str(errors[0].get("reason") or "")
        message = str(error.get("message") or "") if isinstance(error, dict) else str(error)
        if reason in _ENDED or status == 404:
            raise Ended(f"got {reason or status}: the chat has ended; set the chat_id of one that is live")
        if reason in _SPENT:
            self._quota.exhaust()
            raise Ended(self._spent())
        if reason in _FAST:
            raise NotTaken(NAME, f"got {reason}", 10_000)
        if status in (401, 403):
            raise Ended(f"got {status} {reason or message}: sign in again and set COHOST_YOUTUBE_TOKEN")
        raise ProviderError(NAME, f"got {status} {reason or message}, expected the call to be taken")

    def _spent(self) -> str:
        hours = self._quota.ms_left() / 3_600_000
        return f"the day's {self._settings.units} units are spent; new ones come in {hours:.1f} h"

    async def _token(self, *, fresh: bool) -> str:
        if self._access and not fresh:
            return self._access
        form = {
            "client_id": self._settings.client_id, "client_secret": self._settings.client_secret,
            "refresh_token": self._settings.refresh_token, "grant_type": "refresh_token",
        }  # fmt: skip
        answer = await http.ask(
            self._client, NAME, "POST", self._settings.token_url, data=form, repeatable=True
        )
        found = http.json_of(NAME, answer)
        if "access_token" not in found:
            raise Ended(
                f"got {found.get('error') or answer.status_code} for the refresh token: "
                "sign in again and set COHOST_YOUTUBE_TOKEN"
            )
        self._access = str(found["access_token"])
        return self._access

    # ── before the show ──
    async def check(self) -> str:
        """Asks for a token; "" when it is given and the units will do."""
        try:
            await self._token(fresh=True)
        except (Ended, ProviderError) as error:
            return str(error)
        reads = self._settings.hours * 3600 / 5 * READ_UNITS
        if self._quota.left < reads * 0.3:
            return f"{self._quota.left} units are left today, {self._settings.hours:g} h want {reads:.0f}"
        return ""

    async def close(self) -> None:
        await self._client.aclose()
