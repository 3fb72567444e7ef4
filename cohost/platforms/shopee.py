"""Shopee Live (experimental: written from the documentation, never tried against the real service).

Protocol: https://open.shopee.com/documents (Livestream: get_latest_comment_list holds the last 10 s, to be
read at least every 8; post_comment, 150 characters; v2 signing: HMAC-SHA256 over partner id, path, timestamp,
access token and user id; a user's token lives 4 h and is renewed by /api/v2/auth/access_token/get).
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import httpx

from cohost.errors import NotTaken, ProviderError
from cohost.platforms import http
from cohost.platforms.feed import Feed, backoff_ms
from cohost.ports import Post, SendPolicy
from cohost.settings.platforms import Shopee as ShopeeSettings

NAME = "shopee"
POLL_MS = 4_000
READ = "/api/v2/livestream/get_latest_comment_list"
WRITE = "/api/v2/livestream/post_comment"
RENEW = "/api/v2/auth/access_token/get"
_TOKEN_ERRORS = frozenset({"error_auth", "invalid_access_token", "invalid_acceess_token", "error_permission"})
_BUSY = frozenset({"error_rate_limit", "system_busy", "error_server"})


def sign(partner_id: int, key: str, path: str, timestamp: int, token: str = "", user_id: int = 0) -> str:
    """The `sign` of a request; without token and user for public paths. Pure."""
    base = f"{partner_id}{path}{timestamp}{token}{user_id or ''}"
    return hmac.new(key.encode(), base.encode(), hashlib.sha256).hexdigest()


class Shopee:
    """Implements ChatSource and ChatSink."""

    platform = NAME

    def __init__(self, settings: ShopeeSettings, feed: Feed) -> None:
        self._settings = settings
        self._feed = feed
        self._clock = feed.clock
        self._client = httpx.AsyncClient(timeout=http.TIMEOUT_S)
        self._token, self._refresh = settings.access_token, settings.refresh_token
        self.policy = SendPolicy(
            longest=150, posts=20, per_ms=60_000, label=settings.label, mention="@{name}"
        )

    async def run(self) -> None:
        """Read until cancelled; refused tokens end it."""
        attempt, offset = 0, 0
        self._feed.state("connecting")
        while True:
            wait = POLL_MS
            try:
                found = await self._call(
                    "GET", READ, {"session_id": self._settings.session_id, "offset": offset}
                )
                for item in found.get("comment_list") or found.get("list") or ():
                    self._comment(item)
                offset = int(found.get("next_offset") or offset)
                self._feed.state("live")
                attempt = 0
            except PermissionError as refused:
                self._feed.state("refused", str(refused))
                return
            except ProviderError as error:
                attempt += 1
                wait = backoff_ms(attempt)
                self._feed.state("lost", f"{error}; trying again")
            await self._clock.sleep(wait)

    def _comment(self, item: Any) -> None:
        if isinstance(item, dict) and item.get("comment"):
            self._feed.take(
                str(item["comment"]), author=str(item.get("user_id") or item.get("username") or "?"),
                name=str(item.get("username") or ""), message_id=str(item.get("comment_id") or "") or None,
            )  # fmt: skip

    async def post(self, post: Post) -> str:
        """Raises NotTaken, ProviderTimeout, ProviderError."""
        body = {"session_id": self._settings.session_id, "content": post.text}
        try:
            found = await self._call("POST", WRITE, {}, body)
        except PermissionError as refused:
            raise ProviderError(NAME, str(refused)) from refused
        return str(found.get("comment_id") or "taken")

    async def find_posted(self, reply_id: str) -> str | None:
        """The list holds ten seconds only. Raises ProviderError."""
        raise ProviderError(NAME, "got a question for an earlier post, which Shopee cannot answer")

    async def _call(
        self, method: str, path: str, query: dict[str, Any], body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """`response` of an answer. Raises PermissionError where only a person can help."""
        for renewed in (False, True):
            found = await self._once(method, path, query, body)
            error = str(found.get("error") or "")
            if error not in _TOKEN_ERRORS or renewed:
                break
            await self._renew()
        if error in _TOKEN_ERRORS:
            raise PermissionError(f"got {error}: let the shop authorise again and set COHOST_SHOPEE_TOKEN")
        if error in _BUSY:
            raise NotTaken(NAME, f"got {error}", 5_000)
        if error:
            raise ProviderError(
                NAME, f"got {error}: {found.get('message') or ''}, expected the call to be taken"
            )
        response = found.get("response")
        return response if isinstance(response, dict) else {}

    async def _once(
        self, method: str, path: str, query: dict[str, Any], body: dict[str, Any] | None
    ) -> dict[str, Any]:
        own, now = self._settings, int(self._clock.unix())
        signed = {
            "partner_id": own.partner_id, "timestamp": now, "access_token": self._token,
            "user_id": own.user_id,
            "sign": sign(own.partner_id, own.partner_key, path, now, self._token, own.user_id),
        }  # fmt: skip
        answer = await http.ask(
            self._client, NAME, method, own.api + path, params=signed | query, json=body,
            repeatable=method == "GET",
        )  # fmt: skip
        return http.json_of(NAME, answer)

    async def _renew(self) -> None:
        own, now = self._settings, int(self._clock.unix())
        query = {
            "partner_id": own.partner_id, "timestamp": now,
            "sign": sign(own.partner_id, own.partner_key, RENEW, now),
        }  # fmt: skip
        body = {"refresh_token": self._refresh, "partner_id": own.partner_id, "user_id": own.user_id}
        answer = await http.ask(
            self._client, NAME, "POST", own.api + RENEW, params=query, json=body, repeatable=True
        )
        found = http.json_of(NAME, answer)
        self._token = str(found.get("access_token") or self._token)
        self._refresh = str(found.get("refresh_token") or self._refresh)

    async def check(self) -> str:
        """One read; "" when it was allowed."""
        try:
            await self._call("GET", READ, {"session_id": self._settings.session_id, "offset": 0})
        except (PermissionError, ProviderError) as error:
            return str(error)
        return ""

    async def close(self) -> None:
        await self._client.aclose()
