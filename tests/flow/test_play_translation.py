"""Polls and reviews in the room's languages: whole or not at all, checked like every line, once each."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.errors import ProviderError
from cohost.log import MemoryLog
from cohost.scripted import ScriptedTranslator
from cohost.translation.engage import EngageDesk
from cohost.translation.interpreter import Chain
from cohost.trust.evidence import Review
from tests.flow.play_room import Shelf
from tests.pure.decision.brand import ITEMS, ON, src

REVIEW = Review(
    id="R1", source=src("reviews.csv", "Good lamp", lang="en"), source_class="D", product="lamp",
    author="A. B.", text="The light is warm and I read by it every night.", consent=True,
)  # fmt: skip
GERMAN = {
    ("Which colour next?", "de"): "Welche Farbe als Nächstes?", ("Black", "de"): "Schwarz",
    ("Sand", "de"): "Sandfarben", (REVIEW.text, "de"): "Das Licht ist warm und ich lese jeden Abend dabei.",
}  # fmt: skip


def play(script: dict[tuple[str, str], Any], *events: ev.Event, runs: int = 1) -> list[ev.Event]:
    clock = VirtualClock(on=ON)
    log = MemoryLog(clock)
    for event in events:
        log.append(event)

    async def scene() -> None:
        shelf: Any = Shelf((*ITEMS, REVIEW))
        chain = Chain([ScriptedTranslator(script, clock)], shelf, clock, back=False)
        job = asyncio.ensure_future(EngageDesk(log, chain, shelf).run())
        await clock.drive(asyncio.ensure_future(clock.sleep(30_000)))
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)

    for _ in range(runs):
        asyncio.run(scene())
    made = (ev.PollTranslated, ev.ReviewTranslated)
    return [r.event for r in log.records() if isinstance(r.event, made)]


POLL = ev.PollOpened(question="Which colour next?", options=("Black", "Sand"), lang="en")


def test_a_poll_is_translated_whole_for_every_language_that_is_here_and_once() -> None:
    made = play(GERMAN, POLL, ev.AudienceLanguages(langs=("de", "en")), runs=2)
    (told,) = made
    assert isinstance(told, ev.PollTranslated)
    assert (told.poll_id, told.lang, told.question) == ("p1", "de", "Welche Farbe als Nächstes?")
    assert told.options == ("Schwarz", "Sandfarben")


@pytest.mark.parametrize("lost", [("Sand", "de"), ("Which colour next?", "de")])
def test_without_a_way_for_any_part_all_of_it_stays_as_it_was_written(lost: tuple[str, str]) -> None:
    script = GERMAN | {lost: ProviderError("scripted", "gone")}
    (told,) = play(script, POLL, ev.AudienceLanguages(langs=("de",)))
    assert isinstance(told, ev.PollTranslated)
    assert (told.state, told.question, told.options) == ("original", "", ())
    assert told.reason


def test_options_that_read_alike_when_translated_are_not_shown_so() -> None:
    script = GERMAN | {("Sand", "de"): "Schwarz"}
    (told,) = play(script, POLL, ev.AudienceLanguages(langs=("de",)))
    assert isinstance(told, ev.PollTranslated)
    assert (told.state, told.reason) == ("original", "same")


def test_figures_of_an_option_are_never_lost() -> None:
    poll = ev.PollOpened(question="Which one?", options=("64 GB", "128 GB"), lang="en")
    script = {("Which one?", "de"): "Welche?", ("64 GB", "de"): "64 GB", ("128 GB", "de"): "182 GB"}
    (told,) = play(script, poll, ev.AudienceLanguages(langs=("de",)))
    assert isinstance(told, ev.PollTranslated)
    assert told.state == "original"


def test_a_closed_poll_is_not_translated_any_more() -> None:
    assert play(GERMAN, POLL, ev.PollClosed(poll_id="p1"), ev.AudienceLanguages(langs=("de",))) == []


def test_a_review_is_translated_and_keeps_its_own_words_where_it_cannot_be() -> None:
    shown = (ev.ReviewShown(evidence_id="R1"), ev.AudienceLanguages(langs=("de", "fr", "en")))
    made = play(GERMAN | {(REVIEW.text, "fr"): ProviderError("scripted", "gone")}, *shown)
    found = {e.lang: e for e in made if isinstance(e, ev.ReviewTranslated)}
    assert set(found) == {"de", "fr"}
    assert found["de"].text == "Das Licht ist warm und ich lese jeden Abend dabei."
    assert (found["fr"].text, found["fr"].state, found["fr"].source) == ("", "original", "en")


def test_a_translation_that_makes_a_cure_of_a_review_is_not_shown() -> None:
    script = {(REVIEW.text, "de"): "Das Licht heilt Kopfschmerzen und ich lese jeden Abend dabei."}
    (told,) = play(script, ev.ReviewShown(evidence_id="R1"), ev.AudienceLanguages(langs=("de",)))
    assert isinstance(told, ev.ReviewTranslated)
    assert (told.text, told.state, told.reason) == ("", "original", "claim")
