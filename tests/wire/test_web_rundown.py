"""Run-down and prompter over real sockets: link numbers, words to read from, answered aloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cohost import events as ev
from cohost.common.catalogue import Slot
from tests.wire.test_web_socket import joined, send, until
from tests.wire.web_room import AUTH, BATTERY, Room, cite, served

pytestmark = pytest.mark.wire


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    with served(room) as address:
        yield address


def items(*pairs: tuple[int, str]) -> list[dict[str, Any]]:
    return [{"number": number, "product": product} for number, product in pairs]


def test_a_host_numbers_what_is_on_sale_and_viewers_see_the_number(room: Room, address: str) -> None:
    with joined(address) as viewer, joined(address, "host", token=AUTH.host_token, name="Li") as host:
        assert "links" not in until(viewer, "snapshot")["product"]
        until(host, "snapshot")
        send(host, "rundown.set", items=items((3, "wave"), (4, "glow"), (12, "wave")))
        assert until(host, "rundown")["items"] == items((3, "wave"), (4, "glow"), (12, "wave"))
        assert until(viewer, "product.pinned")["product"]["links"] == [3, 12]
    (told,) = room.events(ev.RundownSet)
    assert told == ev.RundownSet(items=(Slot(3, "wave"), Slot(4, "glow"), Slot(12, "wave")), by="host:Li")
    with joined(address, "operator", token=AUTH.operator_token) as late:
        assert until(late, "snapshot")["rundown"] == items((3, "wave"), (4, "glow"), (12, "wave"))


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ([(3, "mug")], "unknown_product", "'mug'"),
        ([(3, "wave"), (3, "glow")], "bad_rundown", "3 twice"),
        ([(0, "wave")], "bad_frame", "number"),
        ([(1000, "wave")], "bad_frame", "number"),
    ],
)
def test_a_wrong_rundown_gets_one_clear_line(
    room: Room, address: str, given: list[tuple[int, str]], code: str, words: str
) -> None:
    with joined(address, "operator", token=AUTH.operator_token) as socket:
        until(socket, "snapshot")
        send(socket, "rundown.set", items=items(*given))
        error = until(socket, "error")
        assert error["code"] == code
        assert words in error["message"]
    assert room.events(ev.RundownSet) == []


def test_viewers_number_nothing_and_close_nothing(room: Room, address: str) -> None:
    question = room.asks("¿cuánto dura?")
    with joined(address) as viewer:
        until(viewer, "snapshot")
        for kind, fields in (
            ("rundown.set", {"items": []}),
            ("question.close", {"question_id": question}),
            ("question.prompt", {"question_id": question}),
        ):
            send(viewer, kind, **fields)
            assert until(viewer, "error")["code"] == "forbidden"


def test_the_host_asks_for_words_and_answers_aloud(room: Room, address: str) -> None:
    question = room.asks("¿cuánto dura?")
    reply = room.drafts(question, "Batería: 24,3 horas.")
    with joined(address, "host", token=AUTH.host_token, name="Li") as host:
        until(host, "snapshot")
        send(host, "question.prompt", question_id=question)
        room.append(
            ev.PromptMade(
                question_id=question, lang="en", text="Battery: 24.3 hours.", citations=(cite(BATTERY),)
            )
        )
        told = until(host, "prompt", question_id=question)
        assert (told["text"], told["citations"][0]["id"]) == ("Battery: 24.3 hours.", "E1")
        send(host, "question.close", question_id=question)
        assert until(host, "question.state", state="answered")["question_id"] == question
    assert [e.question_id for e in room.events(ev.PromptWanted)] == [question]
    assert [(e.reply_id, e.by) for e in room.events(ev.ReplyRejected)] == [(reply, "aloud:host:Li")]
    assert [e.by for e in room.events(ev.QuestionClosed)] == ["host:Li"]


def test_a_question_nobody_asked_is_told(address: str) -> None:
    with joined(address, "host", token=AUTH.host_token) as host:
        until(host, "snapshot")
        for kind in ("question.close", "question.prompt"):
            send(host, kind, question_id="q999")
            assert until(host, "error")["code"] == "unknown_question"


def test_only_a_claim_with_a_right_sentence_is_corrected_and_once(room: Room, address: str) -> None:
    line = room.append(ev.ChatMessage(viewer="h", text="96 hours!", role="host"))
    room.append(ev.HostChecked(message_seq=line.seq, rule="R7", words="96", right="24.3 h", lang="en"))
    with joined(address, "host", token=AUTH.host_token, name="Li") as host:
        until(host, "snapshot")
        send(host, "host.correct", message_seq=99)
        assert until(host, "error")["code"] == "unknown_claim"
        send(host, "host.correct", message_seq=line.seq)
        assert until(host, "host.claim", corrected=True)["message_seq"] == line.seq
        send(host, "host.correct", message_seq=line.seq)
        assert until(host, "error")["code"] == "wrong_state"
    assert [e.by for e in room.events(ev.HostCorrected)] == ["host:Li"]
