"""What cohost has told: an answer that became another one says so; one that did not is told as it is."""

from __future__ import annotations

import msgspec
import pytest

from cohost import events as ev
from cohost.languages import LANGUAGES
from cohost.trust.evidence import Fact
from tests.flow.test_decision import Room, asker
from tests.pure.decision.brand import ask


def asked(room: Room, number: int, lang: str = "en", attribute: str = "weight") -> ev.DecisionMade:
    question = msgspec.structs.replace(ask(attribute, lang=lang), id=f"q{number}")
    room.asked(question, asker(f"v{number}", lang))
    room.found(question)
    room.play(3_000)
    made = room.decisions[-1]
    assert made.question_id == question.id
    return made


def heavier(room: Room) -> None:
    """Another document takes the place of what told the weight."""
    for at, item in enumerate(room.shelf.items):
        if isinstance(item, Fact) and item.attribute == "weight" and isinstance(item.value, float):
            room.shelf.items[at] = msgspec.structs.replace(item, id=f"{item.id}b", value=item.value + 100)


@pytest.mark.parametrize("lang", ["en", "es", "de", "ja"])
def test_an_answer_that_became_another_one_says_so(lang: str) -> None:
    room = Room()
    first = asked(room, 1, lang)
    room.posted(first.reply_id)
    heavier(room)
    second = asked(room, 2, lang)
    assert second.draft.text.endswith(("。", ".", "）。"))
    assert second.draft.text != first.draft.text
    plain = asked(Room(items=tuple(room.shelf.items)), 1, lang)
    assert second.draft.text.endswith(plain.draft.text)
    assert len(second.draft.text) > len(plain.draft.text)
    assert second.draft.claims == plain.draft.claims


def test_the_same_answer_is_told_as_it_is() -> None:
    room = Room()
    first = asked(room, 1)
    room.posted(first.reply_id)
    assert asked(room, 2).draft.text == first.draft.text


def test_another_language_and_an_answer_that_never_went_out_contradict_nothing() -> None:
    room = Room()
    first = asked(room, 1)
    heavier(room)
    assert not asked(room, 2).draft.text.startswith("Changed")  # the first was never posted
    room = Room()
    room.posted(asked(room, 1).reply_id)
    heavier(room)
    spanish = asked(room, 2, "es")
    assert "Ha cambiado" not in spanish.draft.text
    assert first.draft.text


def test_every_language_can_say_it() -> None:
    from cohost.decision.frames import has_frame

    assert has_frame("talk.changed")
    from cohost.languages import table

    assert all("{text}" in table(lang, "frames")["talk"]["changed"] for lang in LANGUAGES)
