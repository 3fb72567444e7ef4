"""The console while 500 comments a second come in: it answers keys, nothing freezes, nothing is lost."""

import threading
import time

import pytest
from playwright.sync_api import Browser, expect

from cohost import events as ev
from cohost.common.question import Asker, Question
from tests.wire.web_room import Room, served

pytestmark = [pytest.mark.wire, pytest.mark.timeout(120)]

DESKTOP = {"width": 1440, "height": 900}
A_SECOND, LEAST, MOST = 500, 3_000, 20_000
GAPS = """
() => {
  const gaps = []; let last = performance.now();
  const step = (now) => { gaps.push(now - last); last = now; window.frame = requestAnimationFrame(step); };
  window.gaps = gaps; requestAnimationFrame(step);
}
"""
FROZEN_MS = 1_000
"""A page that does not paint for so long is frozen to whoever works with it, on a busy machine too."""


def asked(record: ev.Record) -> ev.QuestionAsked:
    question = Question(
        id=f"q{record.seq}", text="¿y el peso?", lang="es", intent="question.weight", attributes=("weight",),
        products=("wave",), market="ES",
    )  # fmt: skip
    return ev.QuestionAsked(question=question, asker=Asker(record.seq, "v1", "Ana", lang="es", market="ES"))


def storm(room: Room, enough: threading.Event, sent: list[int]) -> None:
    """Lines at that pace until it is enough, one in ten a question; what the machine cannot keep up with
    comes later."""
    began, number = time.monotonic(), 0
    while number < LEAST or (not enough.is_set() and number < MOST):
        due = min(MOST, int((time.monotonic() - began) * A_SECOND) + 1)

        def some(first: int = number, last: int = due) -> None:
            for n in range(first, last):
                record = room.log.append(
                    ev.ChatMessage(
                        viewer=f"v{n % 400}", name=f"Ana{n % 400}", text=f"line {n} 😍", lang_hint="es"
                    )
                )
                intent = "question.battery" if n % 10 == 0 else "praise"
                room.log.append(
                    ev.MessageTriaged(lang="es", lang_confidence=0.9, intent=intent, question=n % 10 == 0),
                    cause_seq=record.seq,
                )
                if n % 10 == 0:
                    room.log.append(asked(record))

        room.on_loop(some)
        number = due
        time.sleep(0.02)
    sent.append(number)


def test_a_storm_freezes_nothing_and_a_draft_is_approved_with_a_key(browser: Browser) -> None:
    room, faults = Room(), list[str]()
    reply = room.drafts(room.asks("¿cuánto dura la batería?"), "Dura 24,3 h.")
    with served(room) as address:
        context = browser.new_context(viewport=DESKTOP, locale="en")
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://{address}/console?token=operator-secret")
        expect(page.locator("#drafts .card")).to_have_count(1)
        enough, sent = threading.Event(), list[int]()
        page.evaluate(GAPS)
        sender = threading.Thread(target=storm, args=(room, enough, sent))
        sender.start()
        page.wait_for_timeout(1_500)
        page.keyboard.press("a")
        expect(page.locator("#drafts .card")).to_have_count(0, timeout=MOST / A_SECOND * 1_000)
        assert not sent, "the draft was approved while the storm was on"
        enough.set()
        sender.join(60)
        page.wait_for_timeout(1_000)
        gaps = page.evaluate("window.gaps")
        expect(page.locator("#n-questions")).not_to_have_text("0")
        context.close()
    assert [e.reply_id for e in room.events(ev.ReplyApproved)] == [reply]
    assert len(room.lines()) == sent[0] + 1
    assert max(gaps) < FROZEN_MS, sorted(gaps)[-5:]
    assert faults == []
