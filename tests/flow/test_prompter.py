"""The host's prompter along the log: words to read from, and what is answered aloud."""

from __future__ import annotations

import msgspec

from cohost import events as ev
from cohost.common.show import Show
from cohost.stage import owed
from tests.flow.test_autonomy import asks, play
from tests.flow.test_decision import Room, asker
from tests.pure.decision.brand import CATALOGUE, ask


def prompts(room: Room) -> list[ev.PromptMade]:
    return room.all(ev.PromptMade)


def test_the_host_reads_in_the_hosts_language_what_a_viewer_asked_in_theirs() -> None:
    room = Room(autonomy="suggest")
    question = msgspec.structs.replace(ask("weight", lang="es", market="ES"), id="q1")
    room.asked(question, asker("ana", "es"))
    room.found(question)
    play(room)
    room.log.append(ev.PromptWanted(question_id="q1"), turn_id="q1")
    play(room)
    (made,) = prompts(room)
    assert made.lang == CATALOGUE.brand.host_lang
    assert made.citations == room.decisions[0].draft.citations
    assert made.text != room.decisions[0].draft.text
    assert owed(room.log.records(), (ev.PromptWanted,), (ev.PromptMade,)) == []


def test_evidence_taken_off_the_air_is_not_read_out() -> None:
    room = Room(autonomy="suggest")
    asks(room, "weight", 1)
    play(room)
    for citation in room.decisions[0].draft.citations:
        room.log.append(ev.EvidenceReleased(evidence_id=citation.id, state="held"))
    room.log.append(ev.PromptWanted(question_id="q1"), turn_id="q1")
    play(room)
    assert not {c.id for c in prompts(room)[0].citations} & {c.id for c in room.decisions[0].draft.citations}


def test_a_prompt_for_a_question_nobody_asked_is_a_fault_and_the_show_goes_on() -> None:
    room = Room()
    room.log.append(ev.PromptWanted(question_id="q99"), turn_id="q99")
    asks(room, "weight", 1)
    play(room)
    assert prompts(room) == []
    assert [f.where for f in room.all(ev.FaultRaised)] == ["decision"]
    assert len(room.decisions) == 1


def test_a_question_answered_aloud_is_answered() -> None:
    room = Room(autonomy="suggest")
    asks(room, "weight", 1)
    play(room)
    room.log.append(ev.QuestionClosed(question_id="q1", by="host:Li"), turn_id="q1")
    show = Show()
    for record in room.log.records():
        show.apply(record)
    assert show.questions["q1"].state == "answered"


def test_after_a_change_of_price_the_words_are_looked_up_anew() -> None:
    room = Room(autonomy="suggest")
    asks(room, "weight", 1)
    play(room)
    room.shelf.items.clear()
    room.log.append(ev.FactChanged(product=None, market=None, attribute="weight", value=None))
    room.log.append(ev.PromptWanted(question_id="q1"), turn_id="q1")
    play(room)
    assert prompts(room)[0].citations == ()
