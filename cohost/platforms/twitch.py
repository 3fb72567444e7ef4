"""Twitch: chat over IRC, read and written on one connection.

Protocol: https://dev.twitch.tv/docs/chat/irc/ (tags and commands, NOTICE ids, 20 messages in 30 s, 100 for
moderators). Any IRC server will do for a rehearsal: without Twitch's capabilities a post counts as taken when
the server answers the PING sent behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Mapping
from typing import Any

from irc.client import Event
from irc.client_aio import AioConnection, AioReactor
from irc.connection import AioFactory
from jaraco.stream.buffer import LenientDecodingLineBuffer

from cohost.errors import BREAKS, NotTaken, ProviderError, ProviderTimeout
from cohost.platforms.feed import Feed, backoff_ms
from cohost.ports import Post, SendPolicy
from cohost.settings.platforms import Twitch as TwitchSettings

NAME = "twitch"
CONFIRM_MS, CONNECT_MS, QUIET_MS = 3_000, 15_000, 120_000
"""For a post's confirmation, for the log-in, and without a sound from the server before it is asked."""

LASTED_MS = 60_000
"""A connection that lasted so long was a good one: the pauses start anew."""

REFUSED_WAIT_MS = 300_000
"""After a log-in that was refused: only a person can help."""

CAPABILITIES = ("twitch.tv/tags", "twitch.tv/commands")
WAIT_MS: Mapping[str, int] = {"msg_ratelimit": 30_000, "msg_slowmode": 30_000, "msg_duplicate": 30_000}
"""NOTICE ids after which the same post may be tried again, and when."""

_NUMERICS = ("cannotsendtochan", "nosuchchannel", "nosuchnick", "notonchannel", "toomanytargets")
_LOG_IN = ("login authentication failed", "improperly formatted auth", "login unsuccessful")


def policy(settings: TwitchSettings) -> SendPolicy:
    """Twitch's limits; of another IRC server its 512 bytes a line."""
    ours = settings.server.endswith("twitch.tv")
    posts = 100 if settings.moderator else 20
    return SendPolicy(
        longest=500 if ours else 400, counts="characters" if ours else "bytes", posts=posts, per_ms=30_000,
        same_text_ms=30_000, label=settings.label, mention="@{name}", tries=6,
    )  # fmt: skip


class _Connection(AioConnection):  # type: ignore[misc]
    """Twitch counts characters, so a line may have more than 512 bytes; broken UTF-8 is read as well as it
    can be, and a line that is none ends nothing."""

    buffer_class = LenientDecodingLineBuffer

    def _process_line(self, line: str) -> None:
        with contextlib.suppress(*BREAKS):
            super()._process_line(line)

    def _prep_message(self, string: str) -> bytes:
        return " ".join(string.split("\n")).replace("\r", " ").encode("utf-8", "replace") + b"\r\n"


class _Reactor(AioReactor):  # type: ignore[misc]
    connection_class = _Connection


class Twitch:
    """Implements ChatSource and ChatSink."""

    platform = NAME

    def __init__(self, settings: TwitchSettings, feed: Feed) -> None:
        self._settings = settings
        self._feed = feed
        self._clock = feed.clock
        self._channel = "#" + settings.channel.lstrip("#").lower()
        self._connection: Any = None
        self._joined = False
        self._tagged = False  # the server grants Twitch's capabilities
        self._refused = ""
        self._ended = asyncio.Event()
        self._confirm: asyncio.Future[str] | None = None
        self._token = ""
        self._heard_ms = 0
        self._sending = asyncio.Lock()
        self.policy = policy(settings)

    # ── reading ──
    async def run(self) -> None:
        """Read until cancelled; reconnects with growing pauses."""
        attempt = 0
        while True:
            self._feed.state("connecting")
            began = self._clock.now_ms()
            try:
                await self._session()
            except (OSError, TimeoutError, ssl.SSLError) as error:
                self._feed.state("lost", _told(error, self._settings))
            finally:
                self._drop()
            if self._refused:
                self._feed.state("refused", self._refused)
                await self._clock.sleep(REFUSED_WAIT_MS)
                self._refused, attempt = "", 0
                continue
            if self._clock.now_ms() - began > LASTED_MS:
                attempt = 0
            attempt += 1
            self._feed.state("lost", f"the connection to {self._settings.server} ended; trying again")
            await self._clock.sleep(backoff_ms(attempt))

    async def _session(self) -> None:
        reactor = _Reactor(loop=asyncio.get_running_loop())
        self._connection = connection = reactor.server()
        self._ended = asyncio.Event()
        for kind, handler in self._handlers().items():
            connection.add_global_handler(kind, handler)
        secure = ssl.create_default_context() if self._settings.tls else None
        factory = AioFactory(ssl=secure, server_hostname=self._settings.server) if secure else AioFactory()
        token = self._settings.token
        async with asyncio.timeout(CONNECT_MS / 1000):
            await connection.connect(
                self._settings.server, self._settings.port, self._settings.nick.lower(),
                password=f"oauth:{token.removeprefix('oauth:')}" if token else None,
                connect_factory=factory,
            )  # fmt: skip
            for capability in CAPABILITIES:
                connection.send_raw(f"CAP REQ :{capability}")
            connection.send_raw("CAP END")
        await self._watch()

    async def _watch(self) -> None:
        """Until the connection ends; a silent one is asked whether it is there."""
        self._heard_ms = self._clock.now_ms()
        asked = False
        while not self._ended.is_set():
            quiet = self._clock.now_ms() - self._heard_ms
            if quiet > QUIET_MS:
                if asked:
                    raise TimeoutError
                self._connection.send_raw("PING :cohost")
                asked = True
                self._heard_ms = self._clock.now_ms() - QUIET_MS + CONNECT_MS
            elif asked and quiet < QUIET_MS - CONNECT_MS:
                asked = False
            try:
                async with asyncio.timeout(1.0):
                    await self._ended.wait()
            except TimeoutError:
                continue

    def _drop(self) -> None:
        self._joined = False
        if self._confirm is not None and not self._confirm.done():
            self._confirm.set_exception(ProviderTimeout(NAME, "the connection ended before it was confirmed"))
        if self._connection is not None and self._connection.connected:
            self._connection.disconnect()
        self._connection = None

    def _handlers(self) -> dict[str, Callable[[Any, Event], None]]:
        return {
            "all_raw_messages": self._heard, "cap": self._on_cap, "welcome": self._on_welcome,
            "join": self._on_join, "pubmsg": self._on_line, "action": self._on_line,
            "pubnotice": self._on_notice, "privnotice": self._on_notice, "userstate": self._on_userstate,
            "pong": self._on_pong, "reconnect": self._on_end, "disconnect": self._on_end,
            "nicknameinuse": self._on_nick, "passwdmismatch": self._on_password,
            **dict.fromkeys(_NUMERICS, self._on_numeric),
        }  # fmt: skip

    def _heard(self, connection: Any, event: Event) -> None:
        self._heard_ms = self._clock.now_ms()

    def _on_cap(self, connection: Any, event: Event) -> None:
        if len(event.arguments) > 1 and event.arguments[0] == "ACK" and "commands" in event.arguments[1]:
            self._tagged = True

    def _on_welcome(self, connection: Any, event: Event) -> None:
        connection.join(self._channel)

    def _on_join(self, connection: Any, event: Event) -> None:
        if event.source.nick.lower() == connection.get_nickname().lower():
            self._joined = True
            self._feed.state("live")

    def _on_line(self, connection: Any, event: Event) -> None:
        tags = _tags(event)
        nick = event.source.nick
        if nick.lower() == connection.get_nickname().lower() or not event.arguments:
            return
        self._feed.take(
            event.arguments[0], author=tags.get("user-id") or nick.lower(),
            name=tags.get("display-name") or nick, message_id=tags.get("id"),
            host="broadcaster/" in (tags.get("badges") or ""),
        )  # fmt: skip

    def _on_end(self, connection: Any, event: Event) -> None:
        self._ended.set()

    def _on_nick(self, connection: Any, event: Event) -> None:
        self._refuse(f"the nick {self._settings.nick} is taken: set another one under [twitch]")

    def _on_password(self, connection: Any, event: Event) -> None:
        self._refuse("the server refused the token: make a new one and set COHOST_TWITCH_TOKEN")

    def _refuse(self, why: str) -> None:
        self._refused = why
        self._ended.set()

    # ── writing ──
    async def post(self, post: Post) -> str:
        """Returns Twitch's id of the message, or the server's answer. Raises NotTaken, ProviderTimeout,
        ProviderError."""
        async with self._sending:
            if self._connection is None or not self._joined:
                raise NotTaken(NAME, "got no connection, expected one: it is being made", 3_000)
            confirm: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            self._confirm = confirm
            self._token = self._clock.token(6)
            try:
                self._connection.send_raw(f"PRIVMSG {self._channel} :{post.text}")
                if not self._tagged:
                    self._connection.send_raw(f"PING :{self._token}")
                async with asyncio.timeout(CONFIRM_MS / 1000):
                    return await confirm
            except TimeoutError:
                raise ProviderTimeout(NAME, f"got no answer within {CONFIRM_MS / 1000:g} s") from None
            except OSError as error:
                raise ProviderTimeout(NAME, f"the connection ended ({error})") from error
            finally:
                self._confirm = None

    async def find_posted(self, reply_id: str) -> str | None:
        """IRC has no memory. Raises ProviderError."""
        raise ProviderError(NAME, "got a question for an earlier post, which IRC cannot answer")

    def _settle(self, outcome: str | ProviderError) -> None:
        if self._confirm is None or self._confirm.done():
            return
        if isinstance(outcome, ProviderError):
            self._confirm.set_exception(outcome)
        else:
            self._confirm.set_result(outcome)

    def _on_userstate(self, connection: Any, event: Event) -> None:
        self._settle(_tags(event).get("id") or "taken")

    def _on_pong(self, connection: Any, event: Event) -> None:
        if self._token and self._token in event.arguments:
            self._settle(self._token)

    def _on_notice(self, connection: Any, event: Event) -> None:
        text = event.arguments[0] if event.arguments else ""
        if any(words in text.lower() for words in _LOG_IN):
            self._refuse(f"got “{text}”: make a new token and set COHOST_TWITCH_TOKEN")
            return
        kind = _tags(event).get("msg-id") or ""
        if kind in WAIT_MS:
            self._settle(NotTaken(NAME, f"got {kind}: {text}", WAIT_MS[kind]))
        elif kind.startswith(("msg_", "no_permission")):
            self._settle(ProviderError(NAME, f"got {kind}: {text}, expected the post to be taken"))

    def _on_numeric(self, connection: Any, event: Event) -> None:
        self._settle(ProviderError(NAME, f"got {event.type}: {' '.join(map(str, event.arguments))}"))

    # ── before the show ──
    async def check(self) -> str:
        """What a preflight tells: "" when the room was joined, else what is wrong. Runs beside `run`."""
        for _ in range(CONNECT_MS // 100):
            if self._joined or self._refused:
                break
            await self._clock.sleep(100)
        if self._joined:
            return ""
        return (
            self._refused
            or f"{self._settings.server}:{self._settings.port} did not let us join {self._channel}"
        )

    async def close(self) -> None:
        """`run` closes the connection when it is cancelled."""


def _tags(event: Event) -> dict[str, str | None]:
    return {tag["key"]: tag["value"] for tag in event.tags or []}


def _told(error: BaseException, settings: TwitchSettings) -> str:
    where = f"{settings.server}:{settings.port}"
    reason = "no answer" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
    return f"got “{reason}” from {where}; trying again"
