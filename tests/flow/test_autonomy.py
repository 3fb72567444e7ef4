"""Autonomy along the log: rules by intent and language, earned posts, drafts that expire, an empty desk."""

from __future__ import annotations

import asyncio

import msgspec

from cohost import events as ev
from cohost.common.question import Asker
from cohost.common.show import Show
from cohost.decision.stage import DecisionStage
from cohost.stage import run
from tests.flow.test_decision import Room, asker
from tests.pure.decision.brand import ask


def play(room: Room, ms: float = 5_000, **settings: int) -> None:
    async def scene() -> None:
        stage = DecisionStage(room.log, room.shelf, room.clock, **settings)  # type: ignore[arg-type]
        jobs = [asyncio.ensure_future(run(stage, room.log)), asyncio.ensure_future(stage.expire())]
        await room.clock.drive(asyncio.ensure_future(room.clock.sleep(ms)))
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)

    asyncio.run(scene())


def asks(room: Room, attribute: str, number: int, who: Asker | None = None) -> str:
    question = msgspec.structs.replace(ask(attribute), id=f"q{number}")
    room.log.append(
        ev.QuestionAsked(question=question, asker=who or asker("anna", question.lang)), turn_id=question.id
    )
    room.found(question)
    return question.id


def waits(room: Room) -> list[bool]:
    return [d.needs_approval for d in room.decisions]


def test_a_rule_for_an_intent_or_a_language_outranks_the_room() -> None:
    room = Room(autonomy="suggest")
    room.log.append(ev.AutonomySet(level="post", intent="question.weight"))
    asks(room, "weight", 1)
    asks(room, "price", 2)
    play(room)
    assert waits(room) == [False, True]
    room.log.append(ev.AutonomySet(level="watch", lang="en"))
    room.log.append(ev.AutonomySet(level=None, intent="question.weight"))
    asks(room, "weight", 3)
    play(room)
    assert waits(room)[-1] is True


def test_approved_often_enough_an_intent_posts_alone_until_it_is_edited() -> None:
    room = Room(autonomy="suggest")
    for number in (1, 2):
        asks(room, "weight", number)
        play(room, earn_after=2)
        made = room.decisions[-1]
        assert made.needs_approval
        room.log.append(ev.ReplyApproved(reply_id=made.reply_id, text=made.draft.text, by="operator:Ana"))
    asks(room, "weight", 3)
    play(room, earn_after=2)
    assert not room.decisions[-1].needs_approval
    room.log.append(
        ev.ReplyRetracted(reply_id=room.decisions[-1].reply_id, reason="wrong", by="operator:Ana")
    )
    asks(room, "weight", 4)
    play(room, earn_after=2)
    assert room.decisions[-1].needs_approval


def test_its_own_approvals_earn_nothing() -> None:
    room = Room(autonomy="full")
    for number in range(1, 5):
        asks(room, "weight", number)
    play(room, earn_after=2)
    room.log.append(ev.AutonomySet(level="suggest"))
    asks(room, "weight", 9)
    play(room, earn_after=2)
    assert room.decisions[-1].needs_approval


def test_a_draft_that_nobody_decides_expires_and_its_question_with_it() -> None:
    room = Room(autonomy="suggest")
    question = asks(room, "weight", 1)
    play(room, 20_000, draft_ttl_ms=10_000)
    (expired,) = room.all(ev.QuestionExpired)
    assert expired.question_id == question
    assert "10 s" in expired.reason
    show = Show()
    for record in room.log.records():
        show.apply(record)
    assert show.questions[question].state == "expired"
    assert [r.by for r in room.all(ev.ReplyRejected)] == ["expiry"]


def test_an_empty_desk_holds_everything_back_until_somebody_comes() -> None:
    room = Room(autonomy="full")
    room.log.append(ev.OperatorPresence(present=False))
    asks(room, "weight", 1)
    play(room)
    room.log.append(ev.OperatorPresence(present=True))
    asks(room, "weight", 2)
    play(room)
    assert waits(room) == [True, False]


def test_who_asks_on_another_platform_gets_the_answer_not_a_pointer_to_what_they_cannot_see() -> None:
    room = Room()
    question = ask("price")
    room.asked(question)
    room.found(question)
    room.play()
    room.posted(room.decisions[0].reply_id)
    there = Asker(message_seq=9, viewer="t", name="t", lang="en", platform="twitch")
    room.merged(question, there, answered=True)
    room.play()
    assert room.decisions[1].pointer_to is None
    assert room.decisions[1].draft.text == room.decisions[0].draft.text
