"""The pages in a real browser: a viewer asks and sees the answer with its evidence; an operator decides."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from cohost import events as ev
from tests.wire.web_room import BATTERY, Room, served

pytestmark = pytest.mark.wire

PHONE = {"width": 390, "height": 844}
ANSWER = "Batería: 24,3 horas al 50 % del volumen, medido en laboratorio."


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    with served(room) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a path in a browser of its own; afterwards no script may have failed."""
    contexts, faults = [], []

    def open_path(path: str, **options: object) -> Page:
        context = browser.new_context(viewport=PHONE, locale="en", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(f"http://{address}{path}")
        return page

    yield open_path
    for context in contexts:
        context.close()
    assert faults == []


def last_line(room: Room) -> ev.Record:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        lines = room.on_loop(room.lines)
        if lines:
            return lines[-1]
        time.sleep(0.02)
    raise AssertionError("no line reached the room")


def ask(page: Page, words: str) -> None:
    page.fill("#words", words)
    page.press("#words", "Enter")


def test_a_question_gets_its_answer_and_the_document_behind_it(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = open_page("/?lang=es&market=ES")
    expect(page.locator("#notice")).to_contain_text("Asistente de IA de Lumen Tide")
    expect(page.locator("#product")).to_contain_text("74,90")
    expect(page.locator("#product")).to_contain_text("Disponible")
    ask(page, "¿cuánto dura la batería?")
    line = last_line(room)
    expect(page.locator(".line.mine")).to_have_count(1)
    question = room.question(line)
    expect(page.locator(".line.mine .fate")).to_contain_text("Buscando en los documentos")
    room.posts(room.drafts(question, ANSWER, needs_approval=False))
    card = page.locator(".answer.yours")
    expect(card.locator(".text")).to_have_text(ANSWER)
    expect(card.locator(".to")).to_contain_text("¿cuánto dura la batería?")
    expect(page.locator(".line.mine .fate")).to_have_count(0)
    expect(page.locator("#announce")).to_contain_text(ANSWER)
    chip = card.locator(".chip")
    expect(chip).to_contain_text("Informe de ensayo BL-2025-0417 · pág. 2")
    expect(chip).to_contain_text("vigente")
    chip.click()
    expect(page.locator("#proof blockquote")).to_have_text(BATTERY.source.quote)
    expect(page.locator("#proof blockquote")).to_have_attribute("lang", "en")
    expect(page.locator("#proof")).to_contain_text("WV-1_battery_life_report.pdf")
    page.keyboard.press("Escape")
    expect(page.locator("#proof")).to_be_hidden()


def test_markup_is_shown_as_the_text_it_is(room: Room, open_page: Callable[..., Page]) -> None:
    hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>{brand}'
    page = open_page("/?lang=en")
    room.says(hostile, name="<b>Eve</b>", lang="en")
    room.posts(room.drafts(room.asks(hostile, name="<i>x</i>"), hostile, needs_approval=False))
    expect(page.locator(".line .bubble").first).to_have_text(hostile)
    expect(page.locator(".answer .text")).to_have_text(hostile)
    assert page.locator("#feed img, #feed script, #feed b b, #feed i:not([aria-hidden])").count() == 0


def test_ten_thousand_characters_are_told_before_they_are_sent(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = open_page("/?lang=en")
    page.fill("#words", "x" * 10_000)
    expect(page.locator("#status")).to_contain_text("Too long")
    expect(page.locator("#send")).to_be_disabled()
    page.press("#words", "Enter")
    assert room.on_loop(room.lines) == []


def test_nothing_is_lost_or_doubled_over_a_broken_connection(browser: Browser, room: Room) -> None:
    with served(room) as address:
        port = int(address.rpartition(":")[2])
        page = browser.new_page(viewport=PHONE)
        page.goto(f"http://{address}/?lang=en")
        ask(page, "first")
        expect(page.locator(".line.mine:not(.pending)")).to_have_count(1)
    expect(page.locator("#live")).to_have_class("live waiting")
    ask(page, "second")
    room.says("meanwhile", name="Tom", lang="en")
    with served(room, port=port):
        expect(page.locator("#live")).to_have_class("live", timeout=15_000)
        expect(page.locator(".line.mine:not(.pending)")).to_have_count(2)
        expect(page.locator(".line .bubble")).to_have_text(["first", "meanwhile", "second"])
        page.close()
    assert [record.event.text for record in room.lines()] == ["first", "meanwhile", "second"]  # type: ignore[union-attr]


def test_a_country_is_asked_for_and_never_guessed(open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=de")
    expect(page.locator("#product")).to_contain_text("Wähle dein Land")
    page.click("#product button")
    page.select_option("#market", "DE")
    page.click("#choices button")
    expect(page.locator("#product .price")).to_contain_text("79,90")
    page.click("#settings-open")
    page.select_option("#market", "IS")
    page.select_option("#language", "ar")
    page.click("#choices button")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#notice")).to_contain_text("ذكاء اصطناعي")
    expect(page.locator("#product .terms")).to_contain_text("لا يوجد سعر لبلدك")


def test_a_withdrawn_answer_says_so(room: Room, open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=en&market=ES")
    reply = room.drafts(room.asks("¿cuánto dura?"), ANSWER, needs_approval=False)
    room.posts(reply)
    expect(page.locator(".answer")).to_have_count(1)
    room.append(ev.ReplyRetracted(reply_id=reply, reason="wrong"))
    expect(page.locator(".answer .gone")).to_contain_text("Withdrawn")


def test_the_hosts_own_answer_is_not_called_an_ais(room: Room, open_page: Callable[..., Page]) -> None:
    page = open_page("/?lang=en")
    reply = room.drafts(
        room.asks("¿me la enseñas?"), "Ahora mismo.", items=(), needs_approval=False, by="operator"
    )
    room.posts(reply)
    card = page.locator(".answer.host")
    expect(card.locator(".text")).to_have_text("Ahora mismo.")
    expect(card.locator(".head")).to_contain_text("The host answers")
    expect(card.locator(".tag.ai")).to_have_count(0)


# ── console ──────────────────────────────────────────────────────────────────────────────────────
def console(open_page: Callable[..., Page]) -> Page:
    page = open_page("/console?token=operator-secret&name=Li")
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator("#brand")).to_have_text("Lumen Tide")
    expect(page.locator("#health")).to_contain_text("Viewers")
    return page


def test_a_draft_is_approved_with_a_key_and_leaves_the_list(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = console(open_page)
    assert "token" not in page.url
    reply = room.drafts(room.asks("¿cuánto dura?"), ANSWER, note="two reports differ")
    card = page.locator("#drafts .card")
    expect(card).to_contain_text(ANSWER)
    expect(card).to_contain_text("Battery life · Wave")
    expect(card).to_contain_text("two reports differ")
    expect(card).to_contain_text("Guard: passed")
    page.keyboard.press("a")
    expect(page.locator("#drafts .card")).to_have_count(0)
    room.posts(reply)
    expect(page.locator("#posted .card .words")).to_have_text(ANSWER)
    expect(page.locator("#questions .tag").first).to_have_text("Answered")
    assert [event.reply_id for event in room.events(ev.ReplyApproved)] == [reply]
    page.reload()
    expect(page.locator("#posted .card")).to_have_count(1)


def test_the_bar_says_in_the_hosts_language_what_is_wrong_with_each_writer(
    room: Room, open_page: Callable[..., Page]
) -> None:
    def called(endpoint: str, **more: Any) -> None:
        given = {"outcome": "written", "first_ms": 420, "prompt_tokens": 1200, "cost": 0.0123} | more
        room.append(ev.WriterCalled(reply_id="r1", endpoint=endpoint, model="m", currency="EUR", **given))

    called("big", estimated=True)
    called("small", outcome="failed", fault="html", first_ms=None, rests_until_ms=10**9)
    page = open_page("/console?token=operator-secret&name=Li&lang=de")
    big, small = page.locator("[data-writer=big]"), page.locator("[data-writer=small]")
    expect(small).to_contain_text("Statt einer Antwort kam eine Webseite")
    expect(small).to_contain_text("Neuer Versuch in")
    expect(small).to_have_class("live lost")
    expect(big).to_have_attribute("title", "Erster Satz nach 420 ms · Token: 1.200 · ≈ 0,0123 EUR")
    room.append(ev.WriterSpent(tokens=1200, cost=0.0123))
    expect(big).to_contain_text("Grenze der Sendung")


def test_an_edit_is_warned_of_and_sent_only_when_insisted(room: Room, open_page: Callable[..., Page]) -> None:
    page = console(open_page)
    room.drafts(room.asks("¿cuánto dura?"), ANSWER)
    expect(page.locator("#drafts .card")).to_have_count(1)
    page.keyboard.press("e")
    page.fill("#drafts textarea", "La batería dura 96 horas.")
    room.asks("¿y el peso?", name="Tom")  # a redraw must not lose the words
    expect(page.locator("#drafts textarea")).to_have_value("La batería dura 96 horas.")
    page.click("#drafts .form .primary")
    expect(page.locator("#drafts .warning")).to_contain_text("guard objects")
    page.click("#drafts .form .danger")
    expect(page.locator("#drafts .card")).to_have_count(0)
    (approved,) = room.events(ev.ReplyApproved)
    assert approved.text == "La batería dura 96 horas."
    assert approved.overrode


def test_an_answer_is_taken_back_and_its_evidence_held(room: Room, open_page: Callable[..., Page]) -> None:
    page = console(open_page)
    room.posts(room.drafts(room.asks("¿cuánto dura?"), ANSWER, needs_approval=False))
    page.click("#posted .acts >> text=Take back")
    page.locator("#posted textarea").first.fill("wrong model")
    page.click("#posted .form .primary")
    expect(page.locator("#posted .card.withdrawn")).to_have_count(1)
    expect(page.locator("#n-held")).to_have_text("1")
    page.click("#held-box summary")
    page.click("#held >> text=Release")
    expect(page.locator("#held-box")).to_be_hidden()
    assert [event.state for event in room.events(ev.EvidenceReleased)] == ["held", "approved"]


def test_price_pin_autonomy_and_stop_are_at_hand(room: Room, open_page: Callable[..., Page]) -> None:
    page = console(open_page)
    page.click("#fact-open")
    page.fill("#fact-value", "cheap")
    page.click("#fact-form .primary")
    expect(page.locator("#fact-error")).to_contain_text("expected a number")
    page.fill("#fact-value", "64,90")
    page.click("#fact-form .primary")
    expect(page.locator("#fact")).to_be_hidden()
    page.select_option("#pin", "glow")
    page.click("#levels [data-level=full]")
    expect(page.locator("#levels [data-level=full]")).to_have_attribute("aria-pressed", "true")
    page.locator("h2").first.click()
    page.keyboard.press("s")
    expect(page.locator("#toast")).to_contain_text("Stopped")
    (fact,) = room.events(ev.FactChanged)
    assert (fact.product, fact.market, fact.value, fact.unit) == ("wave", "ES", 64.9, "EUR")
    assert room.events(ev.ProductPinned)[-1].product == "glow"
    assert room.events(ev.AutonomySet)[-1].level == "full"
    assert len(room.events(ev.OperatorStopped)) == 1


def test_a_wrong_token_is_explained(open_page: Callable[..., Page]) -> None:
    page = open_page("/console?token=guess")
    expect(page.locator("#banner")).to_contain_text("does not accept this token", timeout=10_000)


# ── overlay ──────────────────────────────────────────────────────────────────────────────────────
def test_the_overlay_shows_the_last_answer_and_always_the_notice(
    room: Room, open_page: Callable[..., Page]
) -> None:
    page = open_page("/overlay?lang=de&market=DE")
    expect(page.locator("#notice")).to_contain_text("KI-Assistent von Lumen Tide")
    expect(page.locator("#product .price")).to_contain_text("79,90")
    room.posts(room.drafts(room.asks("¿cuánto dura?"), ANSWER, needs_approval=False))
    expect(page.locator("#reply .text")).to_have_text(ANSWER)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_the_operator_sees_where_the_show_is_carried(room: Room, open_page: Callable[..., Page]) -> None:
    room.append(ev.PlatformState(platform="twitch", state="live"))
    page = open_page("/console?token=operator-secret")
    light = page.locator('#platforms [data-platform="twitch"]')
    expect(light).to_contain_text("twitch")
    expect(light).to_contain_text("Live")
    room.append(ev.PlatformState(platform="twitch", state="refused", message="make a new token"))
    expect(page.locator("#toast")).to_contain_text("twitch: make a new token")
    expect(light).to_have_attribute("title", "make a new token")
