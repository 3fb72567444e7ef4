"""The report after a show: what each platform carried."""

from __future__ import annotations

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.log import MemoryLog
from cohost.report import page, platforms, summarise, writer


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


def call(endpoint: str, **more: object) -> ev.WriterCalled:
    given = {
        "reply_id": "r1", "model": "m", "outcome": "written", "first_ms": 200, "prompt_tokens": 100,
        "completion_tokens": 20, "cached_tokens": 60, "cost": 0.25, "currency": "EUR",
    }  # fmt: skip
    return ev.WriterCalled(endpoint=endpoint, **given | more)


CALLED = told(
    call("<big>"),
    call("<big>", outcome="failed", fault="died", first_ms=None, estimated=True),
    call("small", outcome="refused", fault="claim", first_ms=400),
    ev.WriterSpent(tokens=360, cost=0.75, ceiling_cost=0.7, currency="EUR"),
)


def test_each_endpoint_says_what_it_was_asked_what_it_took_and_what_went_wrong() -> None:
    told = writer(CALLED)
    assert told["endpoints"]["<big>"] == {
        "model": "m", "calls": 2, "written": 1, "refused": 0, "failed": 1, "faults": {"died": 1},
        "prompt_tokens": 200, "cached_tokens": 120, "completion_tokens": 40, "estimated": 1, "cost": 0.5,
        "currency": "EUR", "first_ms": {"p50": 200, "p95": 200, "n": 1},
    }  # fmt: skip
    assert told["spent"]["cost"] == 0.75
    assert set(told["endpoints"]) == {"<big>", "small"}


def test_the_page_shows_the_endpoints_and_the_ceiling() -> None:
    shown = page(summarise(CALLED))
    for words in ("Language model", "&lt;big&gt;", "≈ 240", "≈ 0.5000 EUR", "died 1", "ceiling was reached"):
        assert words in shown
    assert "Language model" not in page(summarise(SHOW))
