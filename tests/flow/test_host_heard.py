"""The host heard along the log: a wrong claim raises a private card, a right one none; what it answers."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from cohost import events as ev
from cohost.common.question import Question
from cohost.common.show import Show
from cohost.decision.heard import HostStage
from cohost.decision.stage import DecisionStage
from cohost.stage import owed, run
from tests.flow.test_decision import Room, asker
from tests.pure.decision.brand import ask


def play(room: Room, ms: float = 5_000) -> None:
    async def scene() -> None:
        decision = DecisionStage(room.log, room.shelf, room.clock)
        host = HostStage(room.log, room.shelf, decision.desk)
        jobs = [asyncio.ensure_future(run(stage, room.log)) for stage in (decision, host)]
        await room.clock.drive(asyncio.ensure_future(room.clock.sleep(ms)))
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)

    asyncio.run(scene())


def says(room: Room, text: str, question: Question) -> int:
    line = room.log.append(ev.ChatMessage(viewer="h", text=text, role="host", name="Li"))
    said = msgspec.structs.replace(question, id=f"h{line.seq}", text=text)
    room.log.append(ev.HostSaid(message_seq=line.seq, question=said, by="host:Li"), cause_seq=line.seq)
    return line.seq


def checked(room: Room) -> list[ev.HostChecked]:
    return room.all(ev.HostChecked)


WEIGHT = ask("weight", lang="en")


def test_a_wrong_figure_of_the_host_raises_a_card_with_the_right_sentence() -> None:
    room = Room()
    says(room, "It weighs only 12 kg.", WEIGHT)
    play(room)
    (found,) = checked(room)
    assert found.rule == "R7"
    assert "12 kg" in found.words
    assert found.right
    assert found.citations
    assert owed(room.log.records(), (ev.HostSaid,), (ev.HostChecked,)) == []
    assert room.decisions == []  # private: nobody is muted, nothing goes out


def test_the_right_figure_raises_none() -> None:
    room = Room()
    says(room, "It weighs only 12 kg.", WEIGHT)
    play(room)
    right = checked(room)[0].right
    other = Room()
    says(other, right, WEIGHT)
    play(other)
    assert checked(other)[0].rule is None


@pytest.mark.parametrize("text", ["This is the best thing I have ever held!", "Hurry, only today!"])
def test_the_hosts_manner_is_the_hosts(text: str) -> None:
    room = Room()
    says(room, text, WEIGHT)
    play(room)
    assert checked(room)[0].rule is None


def test_one_key_posts_the_correction_in_the_languages_of_the_room() -> None:
    room = Room()
    spanish = msgspec.structs.replace(ask("price", lang="es", market="ES"), id="q1")
    room.asked(spanish, asker("ana", "es"))
    seq = says(room, "It weighs only 12 kg.", WEIGHT)
    play(room)
    room.log.append(ev.HostCorrected(message_seq=seq, by="operator:Ana"))
    play(room, 1_000)
    (question,) = [q.question for q in room.all(ev.QuestionAsked) if q.question.corrects_host]
    room.found(question)
    play(room)
    made = [d for d in room.decisions if d.question_id == question.id]
    assert [d.draft.lang for d in made] == ["en", "es"]
    assert made[0].draft.text.startswith("Correction:")
    assert all(d.draft.protected and not d.needs_approval for d in made)
    assert all(d.draft.citations for d in made)
    show = Show()
    for record in room.log.records():
        show.apply(record)
    assert show.questions[question.id].state == "answered"
    assert owed(room.log.records(), (ev.HostCorrected,), (ev.QuestionAsked,)) == []
