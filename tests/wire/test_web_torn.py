"""A viewer on a bad line: the wire is cut in the middle of frames while a show plays, and the line is slow.
Nothing is lost, nothing comes twice, what was typed while the line was down is said once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.wire.torn_wire import Wire
from tests.wire.web_room import Room, served

pytestmark = [pytest.mark.wire, pytest.mark.timeout(180)]

LINES = 48
EVERY = 4
"""Lines between two cuts."""
SLOW = {"bytes_per_s": 50_000, "delay_s": 0.2}
"""What is called slow 3G: 400 kbit/s, 400 ms there and back."""


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def place(room: Room) -> Iterator[str]:
    with served(room) as place:
        yield place


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="es", reduced_motion="reduce"
    )
    page = context.new_page()
    yield page
    context.close()


def test_a_wire_that_is_cut_in_the_middle_of_frames_loses_and_repeats_nothing(
    room: Room, place: str, page: Page
) -> None:
    wire = Wire(place)
    try:
        page.goto(f"{wire.address}/?lang=es&market=ES")
        expect(page.locator("#words")).to_be_visible()
        for n in range(LINES):
            room.says(f"línea número {n}", name=f"V{n % 5}")
            if n % EVERY == EVERY - 1:
                if n == LINES // 2 - 1:
                    wire.up = False
                wire.cut()
                if not wire.up:
                    page.fill("#words", "escrito sin conexión")
                    page.press("#words", "Enter")
                    time.sleep(0.6)
                    wire.up = True
            time.sleep(0.05)
        reply = room.drafts(room.asks("¿cuánto dura?"), "24,3 horas.", needs_approval=False)
        room.posts(reply)
        expect(page.locator(".answer")).to_have_count(1, timeout=30_000)
        for n in range(LINES):
            expect(page.get_by_text(f"línea número {n}", exact=True)).to_have_count(1)
        expect(page.get_by_text("escrito sin conexión", exact=True)).to_have_count(1)
        assert wire.cuts >= 4  # a page that is away has nothing to cut
    finally:
        wire.close()
    said = Counter(e.text for e in (r.event for r in room.lines()))
    assert said["escrito sin conexión"] == 1


def test_a_slow_line_is_usable(room: Room, place: str, page: Page) -> None:
    wire = Wire(place, **SLOW)
    try:
        page.goto(f"{wire.address}/?lang=es&market=ES", timeout=60_000)
        expect(page.locator("#words")).to_be_visible(timeout=30_000)
        page.fill("#words", "¿cuánto dura la batería?")
        page.press("#words", "Enter")
        expect(page.get_by_text("¿cuánto dura la batería?", exact=True)).to_have_count(1)
        reply = room.drafts(room.asks("¿es grande?"), "24,3 horas.", needs_approval=False)
        room.posts(reply)
        expect(page.locator(".answer")).to_be_visible(timeout=15_000)
    finally:
        wire.close()
