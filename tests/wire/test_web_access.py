"""Nobody is shut out of a page: axe-core finds nothing on any of them, in both directions and both lights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from cohost import events as ev
from cohost import replay_page, report
from cohost.common.catalogue import Slot
from cohost.replay import Difference
from tests.wire.page_access import assert_open_to_all, play, say
from tests.wire.web_room import BATTERY, Room, cite, served

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]
expect.set_options(timeout=20_000)  # for machines that do much else

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844}, "desk": {"width": 1366, "height": 768},
}  # fmt: skip
Open = Callable[..., Page]


@pytest.fixture
def room() -> Room:
    return Room(voice=True)


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    with served(room) as address:
        yield f"http://{address}"


@pytest.fixture(params=[(size, locale) for size in SIZES for locale in ("en", "ar")], ids="-".join)
def opened(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open an address on a screen and in a browser of that language; nothing moves."""
    size, locale = request.param
    contexts, broken = [], []

    def open_page(url: str) -> Page:
        context = browser.new_context(viewport=SIZES[size], locale=locale, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(url.replace("LANG", locale))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert broken == []


def turned(page: Page, locale: str) -> None:
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if locale == "ar" else "ltr")


def test_the_viewer_page_its_evidence_and_its_choices(room: Room, address: str, opened: Open) -> None:
    spoken = play(room)
    page = opened(f"{address}/?market=ES")
    turned(page, page.evaluate("navigator.language"))
    expect(page.locator(".answer")).to_have_count(3)
    say(room, spoken)
    expect(page.locator(".answer.speaking .now")).to_have_count(1)
    expect(page.locator(".line.ghost")).to_have_count(1)
    assert_open_to_all(page)
    page.locator(".answer:not(.withdrawn) .chip").first.click()
    expect(page.locator("#proof blockquote")).to_be_visible()
    assert_open_to_all(page)
    page.keyboard.press("Escape")
    page.click("#settings-open")
    expect(page.locator("#settings")).to_be_visible()
    assert_open_to_all(page)


def test_the_console_its_forms_and_its_warnings(room: Room, address: str, opened: Open) -> None:
    spoken = play(room)
    room.append(ev.RundownSet(items=(Slot(3, "wave"), Slot(4, "glow"))))
    room.append(ev.AutonomySet(level="watch", intent="question.price", lang="de"))
    page = opened(f"{address}/console?token=operator-secret&lang=LANG")
    turned(page, page.evaluate("navigator.language"))
    expect(page.locator("#posted .card")).to_have_count(3)
    expect(page.locator("#platforms li")).to_have_count(2)
    say(room, spoken)
    expect(page.locator("#callers .caller")).to_have_count(2)
    assert_open_to_all(page)
    page.keyboard.press("e")
    page.fill("#drafts textarea", "96 h.")
    page.click("#drafts .form .primary")
    expect(page.locator("#drafts .warning[role=alert]")).to_have_count(1)
    page.locator("#posted .acts .button:not(.chip)").first.click()
    expect(page.locator("#posted textarea")).to_have_count(2)
    page.click("#held-box summary")
    assert_open_to_all(page)
    page.click("#fact-open")
    page.fill("#fact-value", "cheap")
    page.click("#fact-form .primary")
    expect(page.locator("#fact-error")).to_be_visible()
    assert_open_to_all(page)
    page.keyboard.press("Escape")
    page.click("#rundown-open")
    expect(page.locator("#rundown-rows li")).to_have_count(2)
    assert_open_to_all(page)
    page.keyboard.press("Escape")
    page.click("#rules-open")
    expect(page.locator("#rules li")).to_have_count(1)
    assert_open_to_all(page)
    page.keyboard.press("Escape")
    page.click("#comments-open")
    expect(page.locator("#comments .house .tag.bad")).to_have_count(1)
    assert_open_to_all(page)


def test_the_prompter(room: Room, address: str, opened: Open) -> None:
    question = room.asks("¿cuánto dura?")
    room.drafts(question, "24,3 horas.")
    page = opened(f"{address}/prompter?token=operator-secret")
    expect(page.locator(".asked")).to_be_visible()
    room.append(ev.PromptMade(question_id=question, lang="en", text="24.3 h.", citations=(cite(BATTERY),)))
    expect(page.locator(".read")).to_be_visible()
    assert_open_to_all(page)


def test_a_console_without_its_token(address: str, opened: Open) -> None:
    page = opened(f"{address}/console?token=guess")
    expect(page.locator("#banner")).to_be_visible()
    assert_open_to_all(page)


def test_the_overlay(room: Room, address: str, opened: Open) -> None:
    spoken = play(room)
    page = opened(f"{address}/overlay?market=ES")
    turned(page, page.evaluate("navigator.language"))
    expect(page.locator("#notice")).to_be_visible()
    room.posts(spoken)
    say(room, spoken)
    expect(page.locator("#reply")).to_be_visible()
    expect(page.locator("#said")).to_be_visible()
    assert_open_to_all(page)


def test_the_pages_that_posts_link_to(room: Room, address: str, opened: Open) -> None:
    spoken = play(room)
    arabic = room.drafts(room.asks("كم تدوم؟", name="Sara", lang="ar"), "٢٤٫٣ ساعة.", lang="ar")
    room.posts(arabic)
    for reply, direction in ((spoken, "ltr"), (arabic, "rtl")):
        page = opened(f"{address}/answer/{reply}")
        expect(page.locator("html")).to_have_attribute("dir", direction)
        assert_open_to_all(page)
    assert_open_to_all(opened(f"{address}/answer/none"))
    assert_open_to_all(opened(f"{address}/evidence"))


def test_the_reports_after_a_show(room: Room, tmp_path: Path, opened: Open) -> None:
    say(room, play(room))
    changed = [
        Difference(seq=3, at_ms=1200, message="¿cuánto dura?", what="q3 text", recorded="24 h", now=None)
    ]
    pages = {
        "report.html": report.page(report.summarise(list(room.log.records()))),
        "replay.html": replay_page.timeline(changed, 3, ["E1"], "show.db"),
    }
    for name, html in pages.items():
        (tmp_path / name).write_text(html, encoding="utf-8")
        assert_open_to_all(opened((tmp_path / name).as_uri()))


# ── with a keyboard ──────────────────────────────────────────────────────────────────────────────
WHERE = "document.activeElement.id || document.activeElement.className"


def test_the_keyboard_goes_through_the_viewer_page_in_its_order(
    room: Room, address: str, browser: Browser
) -> None:
    room.posts(room.drafts(room.asks("¿cuánto dura?"), "24,3 horas.", needs_approval=False))
    page = browser.new_page(viewport=SIZES["phone"], locale="en")
    page.goto(f"{address}/")
    expect(page.locator(".answer .chip")).to_have_count(1)
    page.locator("#words").evaluate("box => { box.value = 'x'; box.dispatchEvent(new Event('input')); }")
    passed = []
    for _ in range(10):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(WHERE))
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring == "solid", f"{passed[-1]} shows no focus"
    assert passed == [
        "sound", "settings-open", "button small", "tab-all", "tab-answers", "scroller", "chip", "mic",
        "words", "send",
    ]  # fmt: skip
    chip = page.locator(".answer .chip")
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#proof")).to_be_visible()
    assert page.evaluate("document.querySelector('#proof').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(page.locator("#proof")).to_be_hidden()
    assert page.evaluate(WHERE) == "chip"
    page.close()


def test_a_reader_of_screens_is_told_of_answers_and_drafts(
    room: Room, address: str, browser: Browser
) -> None:
    page = browser.new_page(viewport=SIZES["desk"], locale="en")
    page.goto(f"{address}/console?token=operator-secret")
    expect(page.locator("#n-drafts")).to_have_text("0")
    page.evaluate(
        """() => { window.told = []; const box = document.querySelector('[aria-live] #n-drafts');
        new MutationObserver(() => window.told.push(box.textContent)).observe(box, {childList: true}); }"""
    )
    room.drafts(room.asks("¿cuánto dura?"), "24,3 horas.")
    expect(page.locator("#n-drafts")).to_have_text("1")
    room.asks("¿y el peso?", name="Tom")  # the drafts are drawn anew: nothing to tell
    expect(page.locator("#n-questions")).to_have_text("2")
    assert page.evaluate("window.told") == ["1"]
    page.close()
