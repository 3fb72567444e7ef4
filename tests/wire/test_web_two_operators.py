"""Two operators at once: one is first, the other is told who, and no word of his is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cohost import events as ev
from tests.wire.web_room import Room, served

pytestmark = pytest.mark.wire

DRAFT = "Batería: 24,3 horas al 50 % del volumen."
MINE = "Son 24,3 horas, y se carga en dos."
LATE = """(ms) => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    WebSocket.prototype.send = send;
    setTimeout(() => send.call(this, data), ms);
  };
}"""
"""The next frame is on its way for so long."""
Desk = Callable[..., Page]


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def desk(browser: Browser, room: Room) -> Iterator[Desk]:
    """A console under a name, in a language; afterwards no script may have failed."""
    contexts, faults = [], list[str]()
    with served(room) as address:

        def open_desk(name: str, lang: str = "en") -> Page:
            context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
            contexts.append(context)
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(f"http://{address}/console?token=operator-secret&name={name}&lang={lang}")
            expect(page.locator("#health")).not_to_be_empty()
            return page

        yield open_desk
        for context in contexts:
            context.close()
    assert faults == []


def test_who_was_first_is_told_and_the_next_draft_is_not_hit_by_the_same_key(room: Room, desk: Desk) -> None:
    first = room.drafts(room.asks("¿cuánto dura?"), DRAFT)
    room.drafts(room.asks("¿y el peso?", name="Tom"), "580 g.")
    anna, ben = desk("Anna"), desk("Ben")
    expect(ben.locator("#drafts .card")).to_have_count(2)
    ben.evaluate(  # his finger comes down in the very moment in which the card goes
        """() => new MutationObserver((all, seen) => {
          if (document.querySelectorAll('#drafts .card').length > 1) return;
          seen.disconnect();
          document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', bubbles: true}));
        }).observe(document.querySelector('#drafts'), {childList: true})"""
    )
    anna.keyboard.press("a")
    expect(ben.locator("#toast")).to_have_text("Anna approved it first.")
    expect(ben.locator("#drafts .card")).to_have_count(1)
    expect(anna.locator("#toast")).to_be_hidden()
    approved = room.events(ev.ReplyApproved)
    assert [(event.reply_id, event.by) for event in approved] == [(first, "operator:Anna")]


def test_an_approval_that_comes_too_late_on_the_wire_is_told_too(room: Room, desk: Desk) -> None:
    reply = room.drafts(room.asks("¿cuánto dura?"), DRAFT)
    ben = desk("Ben", "de")
    expect(ben.locator("#drafts .card")).to_have_count(1)

    def first() -> None:
        room.log.append(ev.ReplyRejected(reply_id=reply, by="operator:Anna"))

    ben.evaluate(LATE, 700)
    ben.keyboard.press("a")
    room.on_loop(first)
    expect(ben.locator("#drafts .card")).to_have_count(0)
    expect(ben.locator("#toast")).to_have_text("Anna hat es zuerst abgelehnt.")
    assert room.events(ev.ReplyApproved) == []


@pytest.mark.parametrize("sent", [False, True], ids=["unsent", "sent too late"])
def test_an_edit_is_kept_with_its_question_and_can_still_be_sent(room: Room, desk: Desk, sent: bool) -> None:
    question = room.asks("¿cuánto dura?")
    reply = room.drafts(question, DRAFT)
    anna, ben = desk("Anna"), desk("Ben")
    expect(ben.locator("#drafts .card")).to_have_count(1)
    ben.keyboard.press("e")
    ben.fill("#drafts textarea", MINE)
    if sent:
        ben.evaluate(LATE, 700)
        ben.click("#drafts .form .primary")
    anna.keyboard.press("a")
    box = ben.locator(f'#questions [data-question="{question}"] textarea')
    expect(box).to_have_value(MINE)
    room.posts(reply)
    expect(anna.locator("#posted .card")).to_have_count(1)
    expect(box).to_have_value(MINE)
    told = ben.locator(f'#questions [data-question="{question}"] .warning')
    expect(told).to_have_text("Anna approved it first. Your text was not sent. It is kept with the question.")
    assert [event.text for event in room.events(ev.ReplyApproved)] == [DRAFT]
    ben.locator("#questions .form .primary").click()
    expect(ben.locator("#questions .warning")).to_contain_text("guard objects")
    ben.locator("#questions .form .danger").click()
    deadline = time.monotonic() + 5
    while not room.events(ev.OperatorAnswered) and time.monotonic() < deadline:
        time.sleep(0.02)
    answered = room.events(ev.OperatorAnswered)
    assert [(event.text, event.by) for event in answered] == [(MINE, "operator:Ben")]
    room.append(
        ev.ReplyPosted(
            reply_id="r-own", platform="room", text=MINE, lang="es", question_id=question,
            in_reply_to=(int(question[1:]),), claims=(), citations=(),
        )
    )  # fmt: skip
    expect(ben.locator("#posted .card")).to_have_count(2)
    expect(ben.locator("#questions textarea")).to_have_count(0)


def test_an_edit_outlives_a_broken_connection_in_which_another_decided(room: Room, browser: Browser) -> None:
    question = room.asks("¿cuánto dura?")
    reply = room.drafts(question, DRAFT)
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en")
    with served(room) as address:
        port = int(address.rpartition(":")[2])
        page.goto(f"http://{address}/console?token=operator-secret&name=Ben&lang=en")
        expect(page.locator("#drafts .card")).to_have_count(1)
        page.keyboard.press("e")
        page.fill("#drafts textarea", MINE)
    expect(page.locator("#live")).to_have_class("live waiting")
    room.append(ev.ReplyApproved(reply_id=reply, text=DRAFT, by="operator:Anna"))
    room.posts(reply)
    with served(room, port=port):
        box = page.locator(f'#questions [data-question="{question}"] textarea')
        expect(box).to_have_value(MINE, timeout=15_000)
        expect(page.locator("#questions .warning")).to_contain_text("Your text was not sent")
        page.close()
