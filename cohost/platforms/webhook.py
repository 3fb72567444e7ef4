"""The platform for every other platform: signed lines in, signed posts out.

In: `POST /hooks/chat` with one line or a list of them, out: `POST post_url` with one post. Both carry
`X-Cohost-Timestamp` (Unix seconds) and `X-Cohost-Signature`: the hexadecimal HMAC-SHA256 of
"timestamp.body" with the shared secret. A post carries `Idempotency-Key`: the same key is the same post, so
it is tried again without fear.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Mapping
from typing import Annotated

import httpx
import msgspec

from cohost.errors import ProviderError
from cohost.platforms import http
from cohost.platforms.feed import SIGNATURE, TIMESTAMP, Feed, signature, signed
from cohost.ports import HookAnswer, Post, SendPolicy
from cohost.settings.platforms import Webhook as WebhookSettings

NAME = "webhook"
PATH = "/hooks/chat"
MOST = 500
"""Lines in one request."""

SEEN = 20_000


class Line(msgspec.Struct, frozen=True):
    """One line as a webhook brings it. A repeated `id` is the same line."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    author: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    text: Annotated[str, msgspec.Meta(max_length=100_000)]
    name: str = ""
    lang: str | None = None
    market: Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{2}$")] | None = None
    host: bool = False


_decoder: msgspec.json.Decoder[Line | list[Line]] = msgspec.json.Decoder(Line | list[Line])


class Webhook:
    """Implements Hook, ChatSource (nothing to read by itself) and ChatSink."""

    platform = NAME
    path = PATH

    def __init__(self, settings: WebhookSettings, feed: Feed) -> None:
        self._settings = settings
        self._feed = feed
        self._clock = feed.clock
        self._client = httpx.AsyncClient(timeout=http.TIMEOUT_S, follow_redirects=False)
        self._known: OrderedDict[str, None] = OrderedDict()  # signatures of requests that were taken
        self.policy = SendPolicy(
            longest=settings.longest, posts=settings.posts, per_ms=round(settings.per_s * 1000),
            label=settings.label, mention="@{name}",
        )  # fmt: skip

    async def run(self) -> None:
        """The web server brings the lines."""
        self._feed.state("live")

    # ── in ──
    async def take(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        """A request's answer: 202 with how many lines were taken; 401, 409 or 422 with the reason."""
        refused = self._refused(headers, body)
        if refused is not None:
            return refused
        try:
            found = _decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return HookAnswer(422, {"error": f'got {error}, expected {{"id", "author", "text"}} or a list'})
        lines = found if isinstance(found, list) else [found]
        if len(lines) > MOST:
            return HookAnswer(422, {"error": f"got {len(lines)} lines, expected at most {MOST} a request"})
        taken = sum(
            self._feed.take(
                line.text, author=line.author, name=line.name, message_id=line.id, host=line.host,
                lang=line.lang, market=line.market,
            )
            is not None
            for line in lines
        )  # fmt: skip
        return HookAnswer(202, {"taken": taken, "empty": len(lines) - taken})

    def _refused(self, headers: Mapping[str, str], body: bytes) -> HookAnswer | None:
        stamp, given = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
        wanted = signature(self._settings.secret, stamp, body)
        if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
            return HookAnswer(
                401, {"error": f"got no valid {SIGNATURE}, expected HMAC-SHA256 of timestamp.body"}
            )
        apart = abs(self._clock.unix() - float(stamp)) if stamp.replace(".", "", 1).isdigit() else None
        if apart is None or apart > self._settings.tolerance_s:
            told = f"got {TIMESTAMP} {stamp!r}, expected Unix seconds within {self._settings.tolerance_s:g} s"
            return HookAnswer(401, {"error": told})
        if given in self._known:
            return HookAnswer(409, {"error": "got a request that was taken before, expected a new one"})
        self._known[given] = None
        while len(self._known) > SEEN:
            self._known.popitem(last=False)
        return None

    # ── out ──
    async def post(self, post: Post) -> str:
        """The receiver's id, else our own. Raises NotTaken, ProviderError; never an unknown outcome."""
        if not self._settings.post_url:
            raise ProviderError(NAME, "got a reply and no post_url under [webhook], expected one to post to")
        key = f"{post.reply_id}-{post.part}"
        told: dict[str, object] = {
            "id": key, "reply_id": post.reply_id, "part": post.part, "parts": post.parts, "text": post.text,
            "lang": post.lang, "in_reply_to": post.in_reply_to,
        }  # fmt: skip
        body = msgspec.json.encode(told)
        headers = signed(self._settings.secret, key, self._clock.unix(), body)
        answer = await http.ask(
            self._client,
            NAME,
            "POST",
            self._settings.post_url,
            content=body,
            headers=headers,
            repeatable=True,
        )
        if answer.status_code >= 300:
            raise ProviderError(
                NAME,
                f"got {answer.status_code} from {self._settings.post_url}, expected the post to be taken",
            )
        try:
            found = answer.json()
        except ValueError:
            found = None
        return str(found["id"]) if isinstance(found, dict) and "id" in found else key

    async def find_posted(self, reply_id: str) -> str | None:
        """Certainly absent, as far as it matters: the same key is the same post."""
        return None

    async def check(self) -> str:
        """Nothing to ask before the show."""
        return "" if self._settings.post_url else "no post_url: lines are read, nothing is posted"

    async def close(self) -> None:
        await self._client.aclose()
