"""Platforms that take every post and count which of their own rules it broke."""

from __future__ import annotations

from dataclasses import dataclass, field

from cohost.clock import Clock, VirtualClock
from cohost.log import MemoryLog
from cohost.mouth.parts import length
from cohost.platforms import bilibili, shopee, tiktok, twitch, youtube
from cohost.platforms.feed import Feed
from cohost.ports import Post, SendPolicy
from cohost.settings.platforms import Bilibili, Shopee, Twitch


@dataclass
class Strict:
    """Implements ports.ChatSink. `times`: show milliseconds of the posts; `broken`: rules broken by them."""

    platform: str
    policy: SendPolicy
    clock: Clock
    times: list[int] = field(default_factory=list)
    last: dict[str, int] = field(default_factory=dict)
    broken: int = 0

    async def post(self, post: Post) -> str:
        now, policy = self.clock.now_ms(), self.policy
        recent = [at for at in self.times if at > now - policy.per_ms]
        self.broken += bool(policy.posts) and len(recent) >= policy.posts
        self.broken += bool(policy.apart_ms) and bool(self.times) and now - self.times[-1] < policy.apart_ms
        self.broken += now - self.last.get(post.text, -(10**9)) < policy.same_text_ms
        self.broken += bool(policy.longest) and length(post.text, policy) > policy.longest
        self.times.append(now)
        self.last[post.text] = now
        return str(len(self.times))

    async def find_posted(self, reply_id: str) -> str | None:
        """Whoever asks has lost count: nothing is known of it here."""
        return None


def policies() -> dict[str, SendPolicy]:
    """Every platform's own, as the adapters state them."""
    clock = VirtualClock()
    log = MemoryLog(clock)

    def feed(name: str) -> Feed:
        return Feed(name, "main", None, log, clock)  # type: ignore[arg-type]

    return {
        "twitch": twitch.policy(Twitch()), "youtube": youtube.POLICY,
        "shopee": shopee.Shopee(Shopee(), feed("shopee")).policy,
        "bilibili": bilibili.Bilibili(Bilibili(), feed("bilibili")).policy, "tiktok": tiktok.Tiktok.policy,
    }  # fmt: skip
