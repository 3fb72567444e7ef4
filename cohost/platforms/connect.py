"""The platforms that the settings switch on, and what `kb.toml` says of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from cohost.clock import Clock
from cohost.common.catalogue import Catalogue
from cohost.errors import SettingsError
from cohost.platforms.bilibili import Bilibili
from cohost.platforms.feed import Feed
from cohost.platforms.shopee import Shopee
from cohost.platforms.tiktok import Tiktok
from cohost.platforms.twitch import Twitch
from cohost.platforms.webhook import Webhook
from cohost.platforms.youtube import Youtube
from cohost.ports import ChatSink, ChatSource, Inlet, Log, Post, SendPolicy
from cohost.settings import Settings


class Platform(ChatSource, ChatSink, Protocol):
    """One platform, both ways."""

    @property
    def platform(self) -> str: ...
    async def check(self) -> str:
        """ "" where the show can begin, else what is wrong and what to do."""
        ...

    async def close(self) -> None: ...


Feeds = Callable[[str], Feed]


class Switch(msgspec.Struct, frozen=True):
    """How the settings' section of a platform switches it on."""

    key: str
    make: Callable[[Settings, Feed, Path], Platform]
    needs: tuple[str, ...] = ()
    """What else must be set then."""


PLATFORMS = {
    "twitch": Switch("channel", lambda s, feed, _: Twitch(s.twitch, feed), ("nick",)),
    "youtube": Switch(
        "chat_id",
        lambda s, feed, state: Youtube(s.youtube, feed, state),
        ("client_id", "client_secret", "refresh_token"),
    ),
    "webhook": Switch("secret", lambda s, feed, _: Webhook(s.webhook, feed)),
    "shopee": Switch(
        "session_id",
        lambda s, feed, _: Shopee(s.shopee, feed),
        ("partner_id", "user_id", "partner_key", "access_token"),
    ),
    "bilibili": Switch("room_id", lambda s, feed, _: Bilibili(s.bilibili, feed)),
    "tiktok": Switch("account", lambda s, feed, _: Tiktok(s.tiktok, feed)),
}
"""Every platform beside the own room: section of the settings → what switches it on."""

SECRET_LENGTH = 16


def switched_on(settings: Settings) -> list[str]:
    """Names of the platforms that the settings switch on."""
    return [name for name, switch in PLATFORMS.items() if getattr(getattr(settings, name), switch.key)]


def refuse_half(settings: Settings) -> None:
    """Raises SettingsError where a platform is switched on and cannot be used as it is set."""
    for name in switched_on(settings):
        switch = PLATFORMS[name]
        missing = [key for key in switch.needs if not getattr(getattr(settings, name), key)]
        if missing:
            raise SettingsError(f"got [{name}] {switch.key} without {', '.join(missing)}, expected them too")
    secret = settings.webhook.secret
    if secret and len(secret) < SECRET_LENGTH:
        raise SettingsError(
            f"got [webhook] secret with {len(secret)} characters, expected {SECRET_LENGTH} random ones"
        )


def connect(settings: Settings, feeds: Feeds, state: Path) -> list[Platform]:
    """Every platform that is switched on; nothing connects before `run`. `state`: folder for counts that
    outlive a show. Raises SettingsError."""
    refuse_half(settings)
    return [PLATFORMS[name].make(settings, feeds(name), state) for name in switched_on(settings)]


def feeds(room: str, inlet: Inlet, log: Log, clock: Clock) -> Feeds:
    """A way into the room for each platform."""
    return lambda platform: Feed(platform, room, inlet, log, clock)


class Governed:
    """A sink under the brand's own rules (`[[platform]]` of kb.toml): never freer than the platform."""

    def __init__(self, sink: ChatSink, catalogue: Catalogue) -> None:
        self._sink = sink
        said = next((p for p in catalogue.platforms if p.name == sink.platform), None)
        policy = sink.policy
        if said is not None:
            policy = msgspec.structs.replace(
                policy,
                may_link=policy.may_link and said.may_link,
                may_speak=policy.may_speak and said.may_speak,
            )
        self.platform = sink.platform
        self.policy: SendPolicy = policy

    async def post(self, post: Post) -> str:
        return await self._sink.post(post)

    async def find_posted(self, reply_id: str) -> str | None:
        return await self._sink.find_posted(reply_id)


class Rehearsed:
    """A sink for a rehearsal: everything is done but the post."""

    def __init__(self, sink: ChatSink) -> None:
        self.platform = sink.platform
        self.policy = sink.policy

    async def post(self, post: Post) -> str:
        return "rehearsal"

    async def find_posted(self, reply_id: str) -> str | None:
        return None


def may_speak(sinks: Sequence[ChatSink]) -> bool:
    """A broadcast is heard on every platform: one that forbids the voice silences it."""
    return all(sink.policy.may_speak for sink in sinks)
