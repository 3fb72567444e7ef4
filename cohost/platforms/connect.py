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


NEEDED = {
    "twitch": ("channel", ("nick",)),
    "youtube": ("chat_id", ("client_id", "client_secret", "refresh_token")),
    "shopee": ("session_id", ("partner_id", "user_id", "partner_key", "access_token")),
}
"""What switches a platform on, and what it then needs."""

SECRET_LENGTH = 16


def refuse_half(settings: Settings) -> None:
    """Raises SettingsError where a platform is switched on and cannot be used as it is set."""
    for name, (switch, needed) in NEEDED.items():
        section = getattr(settings, name)
        missing = [key for key in needed if not getattr(section, key)]
        if getattr(section, switch) and missing:
            raise SettingsError(f"got [{name}] {switch} without {', '.join(missing)}, expected them too")
    secret = settings.webhook.secret
    if secret and len(secret) < SECRET_LENGTH:
        raise SettingsError(
            f"got [webhook] secret with {len(secret)} characters, expected {SECRET_LENGTH} random ones"
        )


def connect(settings: Settings, feeds: Feeds, state: Path) -> list[Platform]:
    """Every platform that is switched on; nothing connects before `run`. `state`: folder for counts that
    outlive a show. Raises SettingsError."""
    refuse_half(settings)
    found: list[Platform] = []
    if settings.twitch.channel:
        found.append(Twitch(settings.twitch, feeds("twitch")))
    if settings.youtube.chat_id:
        found.append(Youtube(settings.youtube, feeds("youtube"), state))
    if settings.webhook.secret:
        found.append(Webhook(settings.webhook, feeds("webhook")))
    if settings.shopee.session_id:
        found.append(Shopee(settings.shopee, feeds("shopee")))
    if settings.bilibili.room_id:
        found.append(Bilibili(settings.bilibili, feeds("bilibili")))
    if settings.tiktok.account:
        found.append(Tiktok(settings.tiktok, feeds("tiktok")))
    return found


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
