"""In a real browser: run-down and exceptions in the console, the host's prompter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cohost import events as ev
from cohost.common.catalogue import Slot
from tests.wire.web_room import BATTERY, Room, cite, served

pytestmark = pytest.mark.wire
DESK = {"width": 1440, "height": 900}
PATIENCE_S = 10


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def open_page(browser: Browser, room: Room) -> Iterator[Callable[..., Page]]:
    """Open a path in a browser of its own; afterwards no script may have failed."""
    contexts, faults = [], []
    with served(room) as address:

        def open_path(path: str, viewport: dict[str, int] = DESK) -> Page:
            context = browser.new_context(viewport=viewport, locale="en")
            contexts.append(context)
            page = context.new_page()
            page.set_default_timeout(8000)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(f"http://{address}{path}")
            return page

        yield open_path
        for context in contexts:
            context.close()
    assert faults == []


def newest(room: Room, kind: type[ev.Event], count: int = 1) -> ev.Event:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = room.events(kind)
        if len(found) >= count:
            return found[-1]
        time.sleep(0.02)
    raise AssertionError(f"no {kind.__name__} came")


def prompt(room: Room, question: str, text: str, wanted: int = 1) -> None:
    """The words, once the page has asked for them."""
    newest(room, ev.PromptWanted, wanted)
    room.append(ev.PromptMade(question_id=question, lang="en", text=text, citations=(cite(BATTERY),)))


# ── console ──────────────────────────────────────────────────────────────────────────────────────
def test_a_rundown_is_made_in_the_console_and_n_goes_to_the_next_product(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = open_page("/console?token=operator-secret")
    viewer = open_page("/?lang=en&market=ES", {"width": 390, "height": 844})
    expect(page.locator("#rundown")).to_be_hidden()
    page.click("#rundown-open")
    page.click("#rundown-add")
    page.locator("#rundown-rows input").first.fill("3")
    page.click("#rundown-add")
    page.click("#rundown-save")
    expect(page.locator("#rundown-sheet")).to_be_hidden()
    told = newest(room, ev.RundownSet)
    assert told == ev.RundownSet(items=(Slot(3, "wave"), Slot(4, "glow")), by="operator")
    expect(page.locator("#rundown .link")).to_have_count(2)
    expect(page.locator('#rundown [aria-pressed="true"]')).to_contain_text("Wave portable speaker")
    expect(viewer.locator("#product .over")).to_contain_text("Link 3")
    page.locator("h2").first.click()
    page.keyboard.press("n")
    expect(page.locator('#rundown [aria-pressed="true"]')).to_contain_text("Glow reading lamp")
    expect(viewer.locator("#product .over")).to_contain_text("Link 4")
    assert newest(room, ev.ProductPinned, 2) == ev.ProductPinned(product="glow", by="operator")


def test_a_link_number_given_twice_is_told_and_nothing_is_lost(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = open_page("/console?token=operator-secret")
    page.click("#rundown-open")
    for _ in range(2):
        page.click("#rundown-add")
    page.locator("#rundown-rows input").nth(1).fill("1")
    page.click("#rundown-save")
    expect(page.locator("#rundown-error")).to_contain_text("link number 1 twice")
    expect(page.locator("#rundown-rows li")).to_have_count(2)
    page.locator("#rundown-rows input").nth(1).fill("2")
    page.click("#rundown-save")
    expect(page.locator("#rundown-sheet")).to_be_hidden()
    assert len(room.events(ev.RundownSet)) == 1


def test_an_exception_for_prices_in_german_is_made_and_taken_away(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = open_page("/console?token=operator-secret")
    page.click("#rules-open")
    expect(page.locator("#rules")).to_contain_text("No exceptions.")
    page.select_option("#rules-sheet select >> nth=0", "question.price")
    page.select_option("#rules-sheet select >> nth=1", "de")
    page.select_option("#rules-sheet select >> nth=2", "watch")
    page.click("#rule-add")
    expect(page.locator("#rules li")).to_contain_text("German")
    expect(page.locator("#n-rules")).to_have_text("1")
    assert newest(room, ev.AutonomySet, 2) == ev.AutonomySet(
        level="watch", by="operator", intent="question.price", lang="de"
    )
    page.click("#rules li button")
    expect(page.locator("#rules")).to_contain_text("No exceptions.")
    page.select_option("#rules-sheet select >> nth=0", "")
    page.select_option("#rules-sheet select >> nth=1", "")
    expect(page.locator("#rule-add")).to_be_disabled()  # that is the room's own level


# ── prompter ─────────────────────────────────────────────────────────────────────────────────────
def test_the_host_reads_the_answer_in_their_language_and_enter_closes_the_question(
    room: Room, open_page: Callable[..., Page]
) -> None:
    room.append(ev.RundownSet(items=(Slot(3, "wave"), Slot(4, "glow"))))
    question = room.asks("¿cuánto dura la batería?")
    room.drafts(question, "Batería: 24,3 horas.", gloss="[es] Battery life · Wave")
    page = open_page("/prompter?token=operator-secret")
    expect(page.locator("#now")).to_contain_text("Link 3")
    expect(page.locator("#next")).to_contain_text("Glow reading lamp")
    expect(page.locator(".asked")).to_have_text("[es] Battery life · Wave")
    expect(page.locator(".theirs")).to_have_attribute("lang", "es")
    assert newest(room, ev.PromptWanted) == ev.PromptWanted(question_id=question, by="host")
    prompt(room, question, "Battery: 24.3 hours at 50 % volume, measured in a laboratory.")
    expect(page.locator(".read")).to_contain_text("24.3 hours")
    expect(page.locator(".proofs")).to_contain_text("BL-2025-0417")
    page.keyboard.press("Enter")
    expect(page.locator("#card")).to_contain_text("Nothing waits for you.")
    assert newest(room, ev.QuestionClosed) == ev.QuestionClosed(question_id=question, by="host")
    assert "token" not in page.url


def test_an_answer_already_posted_may_be_read_out_once(room: Room, open_page: Callable[..., Page]) -> None:
    question = room.asks("¿cuánto dura la batería?")
    room.posts(room.drafts(question, "Batería: 24,3 horas.", needs_approval=False))
    page = open_page("/prompter?token=operator-secret")
    prompt(room, question, "Battery: 24.3 hours.")
    expect(page.locator(".read")).to_be_visible()
    page.click(".done")
    expect(page.locator("#card")).to_contain_text("Nothing waits for you.")
    assert room.events(ev.QuestionClosed) == []  # it had been answered
    page.reload()
    expect(page.locator("#card")).to_contain_text("Nothing waits for you.")


def test_a_price_that_changes_is_asked_for_again(room: Room, open_page: Callable[..., Page]) -> None:
    question = room.asks("¿precio?")
    room.drafts(question, "74,90 €")
    page = open_page("/prompter?token=operator-secret")
    prompt(room, question, "74.90 euros")
    expect(page.locator(".read")).to_have_text("74.90 euros")
    room.append(ev.FactChanged(product="wave", market="ES", attribute="price", value=64.9, unit="EUR"))
    expect(page.locator(".read")).to_have_count(0)
    prompt(room, question, "64.90 euros", wanted=2)
    expect(page.locator(".read")).to_have_text("64.90 euros")


def test_arrows_choose_and_a_question_no_paper_answers_says_so(
    room: Room, open_page: Callable[..., Page]
) -> None:
    first, second = room.asks("¿es vegano?"), room.asks("¿cuánto dura?", name="Tom")
    room.drafts(first, "No lo sé.", items=(), gloss="[es] Vegan")
    room.drafts(second, "24,3 horas.", gloss="[es] Battery")
    page = open_page("/prompter?token=operator-secret", {"width": 390, "height": 844})
    expect(page.locator(".asked")).to_have_text("[es] Vegan")
    newest(room, ev.PromptWanted)
    room.append(ev.PromptMade(question_id=first, lang="en", text="The papers do not say."))
    expect(page.locator(".read.none")).to_have_text("No document answers this.")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".asked")).to_have_text("[es] Battery")
    expect(page.locator('#queue [aria-current="true"]')).to_have_text("[es] Battery")


def test_without_the_token_the_prompter_says_what_to_do(open_page: Callable[..., Page]) -> None:
    page = open_page("/prompter?token=guess")
    expect(page.locator("#banner")).to_contain_text("does not accept this token", timeout=10_000)


# ── what the host said ───────────────────────────────────────────────────────────────────────────
def claims(room: Room) -> int:
    line = room.append(ev.ChatMessage(viewer="h", text="It plays for 96 hours!", role="host", name="Li"))
    room.append(
        ev.HostChecked(
            message_seq=line.seq, rule="R7", words="96 hours", message="says 96 hours, evidence says 24.3 h",
            right="Battery: 24.3 hours at 50 % volume.", lang="en", citations=(cite(BATTERY),),
        )
    )  # fmt: skip
    return line.seq


def test_a_wrong_claim_of_the_host_is_a_private_card_and_one_key_posts_the_right_sentence(
    room: Room, open_page: Callable[..., Page]
) -> None:
    console = open_page("/console?token=operator-secret")
    prompter = open_page("/prompter?token=operator-secret")
    viewer = open_page("/?lang=en")
    expect(console.locator("#brand")).to_have_text("Lumen Tide")
    expect(prompter.locator("#card")).to_contain_text("Nothing waits")
    seq = claims(room)
    for page in (console, prompter):
        expect(page.locator(".claim")).to_contain_text("It plays for 96 hours!")
        expect(page.locator(".claim .words")).to_have_text("Battery: 24.3 hours at 50 % volume.")
        expect(page.locator(".claim")).to_contain_text("BL-2025-0417")
    assert viewer.locator("text=24.3").count() == 0
    console.keyboard.press("c")
    assert newest(room, ev.HostCorrected) == ev.HostCorrected(message_seq=seq, by="operator")
    for page in (console, prompter):
        expect(page.locator("#claims")).to_be_hidden()


def test_a_claim_may_be_put_aside(room: Room, open_page: Callable[..., Page]) -> None:
    console = open_page("/console?token=operator-secret")
    expect(console.locator("#brand")).to_have_text("Lumen Tide")
    claims(room)
    console.locator(".claim .quiet").click()
    expect(console.locator("#claims")).to_be_hidden()
    assert room.events(ev.HostCorrected) == []
