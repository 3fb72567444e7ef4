"""Where a show is carried and where its orders go: one shape a platform, off until it is filled in."""

from __future__ import annotations

import msgspec


class Twitch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Twitch chat; off while `channel` is empty. COHOST_TWITCH_TOKEN: a token for chat:read, chat:edit."""

    channel: str = ""
    nick: str = ""
    token: str = ""
    server: str = "irc.chat.twitch.tv"
    port: int = 6697
    tls: bool = True
    moderator: bool = False  # the account moderates the channel: 100 posts in 30 s instead of 20
    label: str = "[AI]"  # in front of every post


class Youtube(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """YouTube live chat; off while `chat_id` is empty. COHOST_YOUTUBE_SECRET and COHOST_YOUTUBE_TOKEN hold
    the client's secret and the refresh token."""

    chat_id: str = ""  # snippet.liveChatId of the broadcast
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    api: str = "https://www.googleapis.com/youtube/v3"
    token_url: str = "https://oauth2.googleapis.com/token"
    units: int = 10_000  # a day
    hours: float = 3.0  # the show's length: reading is paced so that the units last
    label: str = "[AI]"


class Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every other platform: signed lines in at /hooks/chat, signed posts out to `post_url`; off while
    `secret` is empty. COHOST_WEBHOOK_SECRET holds the secret."""

    secret: str = ""
    post_url: str = ""  # "" = lines are read, nothing is posted
    longest: int = 0  # characters of a post, 0 = any
    posts: int = 0  # in any `per_s`, 0 = any
    per_s: float = 60.0
    label: str = ""
    tolerance_s: float = 300.0  # between the sender's clock and ours


class Shopee(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shopee Live (experimental); off while `session_id` is 0. COHOST_SHOPEE_KEY, COHOST_SHOPEE_TOKEN and
    COHOST_SHOPEE_REFRESH hold the partner's key and the user's tokens."""

    session_id: int = 0
    partner_id: int = 0
    user_id: int = 0
    partner_key: str = ""
    access_token: str = ""
    refresh_token: str = ""
    api: str = "https://partner.shopeemobile.com"
    label: str = "[AI]"


class Bilibili(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bilibili live chat (experimental); off while `room_id` is 0. COHOST_BILIBILI_SESSION and
    COHOST_BILIBILI_CSRF hold the cookies SESSDATA and bili_jct; without them nothing is posted."""

    room_id: int = 0
    session: str = ""
    csrf: str = ""
    longest: int = 20  # characters: 20 to 40 by the account's level
    api: str = "https://api.live.bilibili.com"
    label: str = ""


class Tiktok(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """TikTok LIVE (experimental): read by the client TikTokLive where that is installed, written by a person;
    off while `account` is empty."""

    account: str = ""


class Orders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where questions about orders and complaints go, for after-sales: a CSV file, a webhook, or both."""

    csv: str = ""
    webhook: str = ""
    secret: str = ""
