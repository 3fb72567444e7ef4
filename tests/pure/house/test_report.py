"""The report after a show: what each platform carried."""

from __future__ import annotations

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.log import MemoryLog
from cohost.report import page, platforms, summarise


def told(*events: ev.Event) -> list[ev.Record]:
    log = MemoryLog(VirtualClock())
    for event in events:
        log.append(event)
    return list(log.records())


SHOW = told(
    ev.ChatMessage(viewer="a", text="hi", platform="twitch"),
    ev.ChatMessage(viewer="h", text="hello", platform="twitch", role="host"),
    ev.ChatMessage(viewer="b", text="price?", platform="room"),
    ev.PlatformState(platform="twitch", state="live"),
    ev.PlatformState(platform="twitch", state="lost"),
    ev.PlatformState(platform="twitch", state="live"),
    ev.PlatformState(platform="<youtube>", state="refused", message="token"),
    ev.ReplyPosted(reply_id="r1", platform="twitch", text="t", lang="en"),
    ev.ReplyFailed(reply_id="r2", platform="twitch", message="503"),
    ev.ReplyUnknown(reply_id="r3", platform="twitch"),
)


def test_each_platform_says_what_it_read_and_what_became_of_its_posts() -> None:
    assert platforms(SHOW) == {
        "<youtube>": {"refused": 1},
        "room": {"lines": 1},
        "twitch": {"lines": 1, "lost": 1, "posted": 1, "failed": 1, "unknown": 1},
    }


def test_the_page_shows_them_escaped() -> None:
    shown = page(summarise(SHOW))
    assert "&lt;youtube&gt;" in shown
    assert "<youtube>" not in shown


def test_a_show_without_a_line_has_none() -> None:
    assert platforms([]) == {}
    assert "Platforms" in page(summarise(told(ev.OperatorStopped())))
