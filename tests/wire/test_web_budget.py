"""What a page weighs in a real browser: its own scripts at the start and when every part of it was used,
and the number of requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from cohost import events as ev
from cohost.common.catalogue import Slot
from tests.wire.page_access import play, say
from tests.wire.web_room import Room, served

pytestmark = pytest.mark.wire

PAGES = Path(__file__).parents[2] / "cohost" / "web" / "pages"
START = {"viewer": 56_000, "console": 56_000, "overlay": 36_000, "prompter": 36_000}
"""Bytes of own script before anything is touched, preloaded ones included, as they are before gzip."""
WHOLE = {"viewer": 68_000, "console": 108_000, "overlay": 48_000, "prompter": 42_000}
"""The same with every part that loads when it is used: a poll, evidence opened, a microphone held."""
PLAYS = 61_000
"""Of the viewer page while a game or a poll is on."""
REQUESTS = 20
"""Until the page is ready: styles, words and scripts, without those that this show's events bring."""
LOADED = """() => performance.getEntriesByType("resource")
  .map((one) => ({name: new URL(one.name).pathname, size: one.decodedBodySize, sent: one.encodedBodySize}))"""
PATHS = {
    "viewer": "/?lang=en&market=ES", "console": "/console?token=operator-secret", "overlay": "/overlay",
    "prompter": "/prompter?token=operator-secret",
}  # fmt: skip
READY = {
    "viewer": ".answer", "console": "#posted .card", "overlay": "#notice:not([hidden])", "prompter": ".asked",
}  # fmt: skip


def closure(name: str, *, lazy: bool) -> set[str]:
    """The scripts that a page asks for at its start, or can ask for at all."""
    html = (PAGES / f"{name}.html").read_text(encoding="utf-8")
    found, todo = set[str](), re.findall(r'(?:href|src)="/pages/([\w-]+\.js)"', html)
    pattern = (
        r'(?:from |import\(|addModule\()"(?:\./|/pages/)([\w-]+\.js)"' if lazy else r'from "\./([\w-]+\.js)"'
    )
    while todo:
        file = todo.pop()
        if file not in found:
            found.add(file)
            todo += re.findall(pattern, (PAGES / file).read_text(encoding="utf-8"))
    return found


def weight(files: set[str]) -> int:
    return sum((PAGES / file).stat().st_size for file in files)


def loaded(page: Page) -> dict[str, dict[str, Any]]:
    """Scripts of ours that the browser has, by name."""
    entries = page.evaluate(LOADED)
    return {one["name"].rpartition("/")[2]: one for one in entries if one["name"].endswith(".js")}


@pytest.fixture(scope="module")
def room() -> Room:
    return Room()


@pytest.fixture(scope="module")
def address(room: Room) -> Iterator[str]:
    spoken = play(room)
    room.append(ev.RundownSet(items=(Slot(3, "wave"), Slot(4, "glow"))))
    say(room, spoken)
    with served(room) as address:
        yield f"http://{address}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PATHS)
def test_a_page_loads_little_at_its_start_and_all_of_it_is_told_ahead(
    address: str, page: Page, name: str
) -> None:
    page.goto(address + PATHS[name])
    expect(page.locator(READY[name]).first).to_be_attached()
    page.wait_for_load_state("networkidle")
    had, start = loaded(page), closure(name, lazy=False)
    html = (PAGES / f"{name}.html").read_text(encoding="utf-8")
    assert start == set(re.findall(r"/pages/([\w-]+\.js)", html)), "a preload is missing"
    assert weight(start) <= START[name]
    assert start <= set(had) <= closure(name, lazy=True)
    assert all(one["size"] == weight({file}) for file, one in had.items())
    assert all(one["sent"] < one["size"] * 0.7 for one in had.values()), "not gzipped"
    assert len(page.evaluate(LOADED)) - len(set(had) - start) <= REQUESTS


@pytest.mark.parametrize("name", PATHS)
def test_a_page_stays_small_with_every_part_of_it_used(name: str) -> None:
    assert weight(closure(name, lazy=True)) <= WHOLE[name]


def test_a_viewer_page_stays_small_while_the_room_plays() -> None:
    assert weight({*closure("viewer", lazy=False), "play.js"}) <= PLAYS


def test_the_consoles_parts_come_when_they_are_used(address: str, page: Page) -> None:
    page.goto(address + PATHS["console"])
    expect(page.locator("#posted .card").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    for part, opens in {"fact": "#fact-open", "rules": "#rules-open", "comments": "#comments-open"}.items():
        assert f"{part}.js" not in loaded(page)
        page.click(opens)
        expect(page.locator("dialog[open]")).to_have_count(1)
        assert loaded(page)[f"{part}.js"]["size"] == weight({f"{part}.js"})
        page.keyboard.press("Escape")
    assert set(loaded(page)) <= closure("console", lazy=True)
    assert sum(one["size"] for one in loaded(page).values()) <= WHOLE["console"]
