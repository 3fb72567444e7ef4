"""Games, polls, gathered questions and reviews in a real browser: a viewer plays, an operator runs it, the
overlay shows it; nobody is shut out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from cohost import events as ev
from cohost.events.engage import Winner
from tests.wire.page_access import assert_open_to_all
from tests.wire.test_web_play import REVIEWS, begun
from tests.wire.web_room import BATTERY, ITEMS, Library, Room, cite, served

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]
expect.set_options(timeout=20_000)

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
Open = Callable[..., Page]
TOLD = {
    "en": "Battery life: 24.3 hours (at 50 % volume).", "ar": "عمر البطارية: 24.3 ساعة.",
    "es": "Batería: 24,3 horas.",
}  # fmt: skip


@pytest.fixture
def room() -> Room:
    return Room(library=Library(items=(*ITEMS, *REVIEWS)))


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    with served(room) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    contexts, faults = [], []

    def open_path(path: str, size: ViewportSize = PHONE, **options: Any) -> Page:
        context = browser.new_context(viewport=size, locale="en", reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://{address}{path}")
        return page

    yield open_path
    for context in contexts:
        context.close()
    assert faults == []


def console(open_page: Open) -> Page:
    page = open_page("/console?token=operator-secret&name=Li", DESK)
    expect(page.locator("#health")).to_contain_text("Viewers")
    page.click("#play-open")
    expect(page.locator("#game-start")).to_be_visible()
    return page


def opened(room: Room) -> str:
    return f"p{[r.seq for r in room.log.records() if isinstance(r.event, ev.PollOpened)][-1]}"


def typed(room: Room) -> ev.Record:
    deadline = time.monotonic() + 20
    while not (lines := room.on_loop(room.lines)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return lines[-1]


def poll(desk: Page) -> None:
    desk.fill("#poll-question", "Which colour next?")
    desk.locator(".poll-option").nth(0).fill("Black")
    desk.locator(".poll-option").nth(1).fill("Sand")
    desk.click("#poll-add")
    desk.locator(".poll-option").nth(2).fill("Coral")
    desk.click("#poll-open")
    expect(desk.locator("#poll-close")).to_be_visible()


def test_a_viewer_taps_changes_and_sees_the_bars_move(room: Room, open_page: Open) -> None:
    desk, viewer, overlay = console(open_page), open_page("/?lang=en"), open_page("/overlay?lang=en", DESK)
    poll(desk)
    votes = viewer.locator("#play button.vote")
    expect(votes).to_have_count(3)
    votes.nth(1).click()
    expect(votes.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(votes.nth(1)).to_contain_text("100%")
    votes.nth(2).focus()
    viewer.keyboard.press("Enter")
    expect(votes.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(votes.nth(2)).to_be_focused()
    room.append(ev.PollVoted(poll_id=opened(room), viewer="x", option=0))
    for page in (viewer, desk, overlay):
        expect(page.locator(".vote .share")).to_have_text(["50%", "0%", "50%"])
    viewer.reload()
    expect(viewer.locator("#play button.vote").nth(2)).to_have_attribute("aria-pressed", "true")
    desk.click("#poll-close")
    expect(viewer.locator("#play")).to_contain_text("Closed")
    expect(viewer.locator("#play button.vote")).to_have_count(0)
    viewer.click("#play [aria-label=Close]")
    expect(viewer.locator("#play")).to_be_hidden()
    expect(overlay.locator("#play")).to_contain_text("Votes: 2")


def test_a_poll_is_read_in_the_viewers_language_or_marked(room: Room, open_page: Open) -> None:
    desk, german, spanish = console(open_page), open_page("/?lang=de"), open_page("/?lang=es")
    poll(desk)
    options = ("Schwarz", "Sandfarben", "Koralle")
    room.append(ev.PollTranslated(poll_id=opened(room), lang="de", question="Welche?", options=options))
    expect(german.locator("#play .vote .name")).to_have_text(list(options))
    expect(german.locator("#play .from-lang")).to_contain_text("Englisch")
    expect(spanish.locator("#play .vote .name")).to_have_text(["Black", "Sand", "Coral"])
    expect(spanish.locator("#play .from-lang.warm")).to_contain_text("inglés")


def test_what_the_guard_says_of_a_poll_is_shown_and_nothing_typed_is_lost(
    room: Room, open_page: Open
) -> None:
    desk = console(open_page)
    desk.fill("#poll-question", "How long does it last?")
    desk.locator(".poll-option").nth(0).fill("It lasts 96 hours")
    desk.locator(".poll-option").nth(1).fill("Less")
    desk.click("#poll-open")
    expect(desk.locator("#play-sheet .warning")).to_contain_text("96")
    expect(desk.locator("#poll-question")).to_have_value("How long does it last?")
    expect(desk.locator(".poll-option").nth(0)).to_have_value("It lasts 96 hours")
    desk.click("#poll-anyway")
    expect(desk.locator("#poll-close")).to_be_visible()
    assert room.events(ev.PollOpened)[0].overrode


def test_what_an_operator_types_stays_while_the_audience_plays(room: Room, open_page: Open) -> None:
    desk = console(open_page)
    desk.fill("#game-seconds", "45")
    desk.fill("#game-most", "5")
    poll(desk)
    room.append(ev.PollVoted(poll_id=opened(room), viewer="x", option=0))
    expect(desk.locator(".vote .share").first).to_have_text("100%")
    gathered = room.append(ev.CollectionOpened())
    expect(desk.locator("#collect-close")).to_be_visible()
    expect(desk.locator("#game-seconds")).to_have_value("45")
    expect(desk.locator("#game-most")).to_have_value("5")
    desk.click("#poll-close")
    desk.fill("#poll-question", "And then?")
    room.append(ev.CollectionClosed(collection_id=f"c{gathered.seq}"))
    expect(desk.locator("#collect-open")).to_be_visible()
    expect(desk.locator("#poll-question")).to_have_value("And then?")


def test_a_game_from_start_to_answer(room: Room, open_page: Open) -> None:
    desk, viewer, other = console(open_page), open_page("/?lang=en&name=Ann"), open_page("/?lang=es")
    overlay = open_page("/overlay?lang=en", DESK)
    desk.select_option("#game-fact", "E1")
    desk.fill("#game-most", "2")
    desk.fill("#game-seconds", "90")
    desk.click("#game-start")
    expect(desk.locator("#play-game .secret")).to_contain_text("24.3 h")
    for page in (viewer, overlay):
        expect(page.locator("#play h2")).to_have_text("Battery life (at 50 % volume) · Wave portable speaker")
    expect(viewer.locator("#play .left")).to_contain_text("Seconds left")
    viewer.fill("#words", "24 hours")
    viewer.press("#words", "Enter")
    line = typed(room)
    room.append(ev.MessageTriaged(lang="en", lang_confidence=1.0, intent="guess"), cause=line.seq)
    who = line.event.viewer  # type: ignore[union-attr]
    game = begun(room)
    room.append(
        ev.GuessJudged(game_id=game, message_seq=line.seq, viewer=who, right=True, seen_ms=1, name="Ann")
    )
    expect(viewer.locator("#play")).to_contain_text("Your guess is in.")
    expect(viewer.locator(".line.mine .bubble")).to_have_text("24 hours")
    expect(other.locator(".line .bubble.secret")).to_have_count(1)
    expect(other.locator("#feed")).not_to_contain_text("24")
    expect(desk.locator("#play-game")).to_contain_text("Right: 1")
    desk.click("#game-end")
    won = (Winner(viewer=who, message_seq=line.seq, seen_ms=1, name="Ann"),)
    room.append(ev.GameEnded(game_id=game, reason="operator", winners=won, guesses=1, right=1))
    room.append(ev.GameTold(game_id=game, told=TOLD, citations=(cite(BATTERY),)))
    expect(other.locator(".line .bubble")).to_have_text(["24 hours"])
    expect(viewer.locator(".line.mine .bubble")).to_have_text(["24 hours"])
    expect(viewer.locator("#play h2")).to_have_text(TOLD["en"])
    expect(other.locator("#play h2")).to_have_text(TOLD["es"])
    expect(overlay.locator("#play")).to_contain_text("Won by")
    expect(viewer.locator("#play .won")).to_contain_text("Ann")
    viewer.click("#play .chip")
    expect(viewer.locator("#proof blockquote")).to_have_text(BATTERY.source.quote)


def test_questions_are_gathered_and_acknowledged_and_a_review_is_shown(room: Room, open_page: Open) -> None:
    desk, viewer = console(open_page), open_page("/?lang=de")
    desk.click("#collect-open")
    expect(viewer.locator("#play")).to_contain_text("Jetzt fragen, Antwort später")
    viewer.fill("#words", "wie lange hält der Akku?")
    viewer.press("#words", "Enter")
    line = typed(room)
    room.append(ev.MessageTriaged(lang="de", lang_confidence=1.0, intent="question.battery"), cause=line.seq)
    question = room.question(line, lang="de")
    gathered = [r.seq for r in room.log.records() if isinstance(r.event, ev.CollectionOpened)][-1]
    room.append(ev.QuestionHeld(question_id=question, until=f"c{gathered}"))
    expect(viewer.locator(".line.mine .fate")).to_contain_text("Vorgemerkt")
    expect(desk.locator("#play-collect")).to_contain_text("Waiting: 1")
    desk.click("#collect-close")
    expect(viewer.locator("#play")).to_be_hidden()
    desk.locator("#play-review .button").click()
    expect(viewer.locator("#play blockquote")).to_contain_text("Sounds good for its size.")
    expect(viewer.locator("#play .from-lang.warm")).to_contain_text("Englisch")
    expect(viewer.locator("#play")).to_contain_text("Dafür erhalten: 10 % discount")
    desk.locator("#play-review li .button").click()
    expect(viewer.locator("#play")).to_be_hidden()


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nobody_is_shut_out(room: Room, open_page: Open, size: ViewportSize, lang: str) -> None:
    viewer = open_page(f"/?lang={lang}", size)
    desk = open_page(f"/console?token=operator-secret&lang={lang}", size)
    overlay = open_page(f"/overlay?lang={lang}", size)
    expect(desk.locator("#health div")).not_to_have_count(0)
    desk.click("#play-open")
    poll(desk)
    votes = viewer.locator("#play button.vote")
    votes.first.click()
    expect(votes.first).to_have_attribute("aria-pressed", "true")
    expect(viewer.locator("#play .from-lang")).to_have_count(0 if lang == "en" else 1)
    for page in (viewer, desk):
        assert_open_to_all(page)
    desk.click("#poll-close")
    expect(desk.locator("#game-start")).to_be_visible()
    desk.click("#game-start")
    expect(desk.locator("#game-end")).to_be_visible()
    expect(viewer.locator("#play .game")).to_be_visible()
    for page in (viewer, desk):
        assert_open_to_all(page)
    game = begun(room)
    won = (Winner(viewer="v", message_seq=1, seen_ms=1, name="Ann"),)
    room.append(ev.GameEnded(game_id=game, reason="winners", winners=won, guesses=1, right=1))
    room.append(ev.GameTold(game_id=game, told=TOLD, citations=(cite(BATTERY),)))
    room.append(ev.CollectionOpened())
    room.append(ev.ReviewShown(evidence_id="R1"))
    for page in (viewer, overlay):
        expect(page.locator("#play h2").first).to_have_text(TOLD[lang])
        expect(page.locator("#play blockquote")).to_be_visible()
    for page in (viewer, desk, overlay):
        assert_open_to_all(page)
