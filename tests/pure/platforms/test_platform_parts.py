"""The pure parts of platforms: waits, pseudonyms, signatures, packets, quota, which are switched on."""

from __future__ import annotations

import datetime as dt
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.clock import VirtualClock
from cohost.common.catalogue import Catalogue, Platform
from cohost.ears.chat import ChatInlet
from cohost.errors import SettingsError
from cohost.log import MemoryLog
from cohost.platforms import bilibili, http
from cohost.platforms.bilibili import packet, packets
from cohost.platforms.connect import Governed, connect, feeds, may_speak
from cohost.platforms.feed import backoff_ms, pseudonym, signature
from cohost.platforms.quota import Quota, interval_ms
from cohost.platforms.shopee import sign
from cohost.platforms.twitch import policy
from cohost.settings import Settings
from cohost.settings.platforms import Tiktok, Twitch, Webhook, Youtube


def test_pauses_double_up_to_a_minute() -> None:
    assert [backoff_ms(n) for n in (1, 2, 3, 7, 60)] == [1_000, 2_000, 4_000, 60_000, 60_000]


def test_a_pseudonym_is_stable_and_tells_nothing() -> None:
    one = pseudonym("twitch", "main", "77")
    assert one == pseudonym("twitch", "main", "77")
    assert len({one, pseudonym("twitch", "other", "77"), pseudonym("youtube", "main", "77")}) == 3
    assert len(one) == 16


def test_signatures_are_the_hmacs_that_others_compute() -> None:
    # echo -n '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
    told = "49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686"
    assert signature("secret", "1700000000", b'{"a":1}') == told
    assert sign(1, "k", "/p", 2) != sign(1, "k", "/p", 2, "t", 3)


@given(st.lists(st.tuples(st.integers(1, 9), st.binary(max_size=50)), max_size=8))
def test_packets_come_out_as_they_went_in_compressed_or_not(told: list[tuple[int, bytes]]) -> None:
    data = b"".join(packet(operation, body) for operation, body in told)
    assert list(packets(data)) == told
    assert list(packets(packet(5, zlib.compress(data), bilibili.ZLIB))) == told


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_packets(data: bytes) -> None:
    for _, body in packets(data):
        bilibili.line(body)


def test_units_last_for_the_show() -> None:
    assert interval_ms(5_000, units_left=10_000, cost=5, ms_left=3 * 3_600_000) == 9_000
    assert interval_ms(5_000, units_left=10**6, cost=5, ms_left=3_600_000) == 5_000
    assert interval_ms(5_000, units_left=0, cost=5, ms_left=60_000) == 60_000


def test_a_days_units_are_shared_and_come_back_the_next_day(tmp_path: Path) -> None:
    file = tmp_path / "q" / "y.json"
    clock = VirtualClock(on=dt.date(2026, 11, 20))
    one, other = Quota(file, 100, clock), Quota(file, 100, clock)
    assert one.spend(60)
    assert not other.spend(60)
    assert other.left == 40
    other.exhaust()
    assert one.left == 0
    assert Quota(file, 100, VirtualClock(on=dt.date(2026, 11, 22))).left == 100
    file.write_text("{broken")
    assert one.left == 100


def test_retry_after_is_read_where_it_is_a_number() -> None:
    assert http.retry_after_ms({"retry-after": "1.5"}) == 1_500
    assert http.retry_after_ms({"retry-after": "Wed, 21 Oct"}) == 10_000
    assert http.retry_after_ms({}, 7) == 7


def connected(tmp_path: Path, **sections: object) -> list[str]:
    clock = VirtualClock()
    log = MemoryLog(clock)
    settings = Settings(**sections)  # type: ignore[arg-type]
    return [p.platform for p in connect(settings, feeds("main", ChatInlet(log, clock), log, clock), tmp_path)]


def test_only_what_is_set_is_connected(tmp_path: Path) -> None:
    assert connected(tmp_path) == []
    assert connected(tmp_path, twitch=Twitch(channel="show", nick="me"), tiktok=Tiktok(account="shop")) == [
        "twitch", "tiktok",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("section", "words"),
    [({"twitch": Twitch(channel="show")}, "nick"), ({"youtube": Youtube(chat_id="c")}, "refresh_token"),
     ({"webhook": Webhook(secret="short")}, "16 random ones")],
)  # fmt: skip
def test_what_is_half_set_is_one_clear_line(tmp_path: Path, section: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        connected(tmp_path, **section)


def test_the_brands_rules_make_a_platform_stricter_never_freer(tmp_path: Path) -> None:
    clock = VirtualClock()
    log = MemoryLog(clock)
    settings = Settings(twitch=Twitch(channel="show", nick="me"), tiktok=Tiktok(account="shop"))
    found = connect(settings, feeds("main", ChatInlet(log, clock), log, clock), tmp_path)
    said = Catalogue(
        platforms=(Platform(name="twitch", may_link=False), Platform(name="tiktok", may_speak=True))
    )
    twitch, tiktok = (Governed(sink, said) for sink in found)
    assert not twitch.policy.may_link
    assert twitch.policy.may_speak
    assert not tiktok.policy.may_speak
    assert may_speak([twitch])
    assert not may_speak([twitch, tiktok])


def test_another_irc_server_counts_bytes() -> None:
    assert (policy(Twitch()).longest, policy(Twitch()).counts) == (500, "characters")
    assert policy(Twitch(server="irc.example")).counts == "bytes"
    assert policy(Twitch(moderator=True)).posts == 100
