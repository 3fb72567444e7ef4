"""The whole room as people use it: `cohost serve` in a process, two real pages in Chromium, no script."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from cohost import events as ev
from cohost.log import read_log, verify
from tests.wire.cohost_process import Place, Running

pytestmark = [pytest.mark.wire, pytest.mark.timeout(200)]


class Served:
    """A running `cohost serve`: its addresses and its log."""

    def __init__(self, running: Running, log: Path) -> None:
        self.log = log
        self.viewers = running.until(r"^\s+viewers\s+(\S+)")[1]
        self.console = running.until(r"^\s+console\s+(\S+)")[1]
        running.until(r"^\s+show log\s+")


@pytest.fixture(scope="module")
def room(place: Place) -> Iterator[Served]:
    log = place.root / "live.log"
    with place.start("serve", "--port", "0", "--log", str(log)) as running:
        yield Served(running, log)
        assert running.stop().code == 0
    assert verify(log).ok


def test_a_typed_question_gets_its_answer_and_its_evidence_on_both_pages(
    room: Served, browser: Browser
) -> None:
    viewer, console = browser.new_page(), browser.new_page()
    viewer.goto(f"{room.viewers}?lang=de&market=DE")
    console.goto(room.console)
    viewer.locator("#words").fill("Wie lange hält der Akku?")
    viewer.keyboard.press("Enter")
    card = viewer.locator(".answer.yours")
    expect(card.locator(".text")).to_contain_text("37", timeout=20_000)
    card.locator(".chip").first.click()
    expect(viewer.locator("#proof blockquote")).to_contain_text("37 h at half brightness")
    expect(console.locator("#posted .card").first).to_contain_text("37")
    viewer.close()
    console.close()


def test_a_draft_waits_for_its_approval_and_then_reaches_the_viewer(room: Served, browser: Browser) -> None:
    viewer, console = browser.new_page(), browser.new_page()
    console.goto(room.console)
    console.locator("#levels button[data-level=suggest]").click()
    viewer.goto(f"{room.viewers}?lang=en&market=US")
    viewer.locator("#words").fill("how heavy is it?")
    viewer.keyboard.press("Enter")
    draft = console.locator("#drafts .card")
    expect(draft).to_contain_text("412", timeout=20_000)
    expect(viewer.locator(".answer.yours")).to_have_count(0)
    console.keyboard.press("a")
    expect(viewer.locator(".answer.yours .text")).to_contain_text("412", timeout=20_000)
    viewer.close()
    console.close()


def test_the_log_tells_the_show(room: Served) -> None:
    deadline = time.monotonic() + 5  # pages hear of a post a moment before the disk does
    while (kinds := [r.kind for r in read_log(room.log)]).count("reply.posted") < 2:
        assert time.monotonic() < deadline, kinds
        time.sleep(0.05)
    assert kinds.count("reply.posted") == 2
    assert "autonomy.set" in kinds
    faults = [r.event for r in read_log(room.log) if isinstance(r.event, ev.FaultRaised)]
    assert not faults, faults
