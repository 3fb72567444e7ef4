"""The room over real sockets: roles, resume, limits, hostile frames."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from cohost import events as ev
from cohost.web.limits import Limits
from tests.wire.web_room import AUTH, Room, served

pytestmark = pytest.mark.wire
PATIENCE_S = 30  # for machines that do much else


@contextmanager
def joined(
    address: str, role: str = "viewer", *, origin: str | None = "own", **query: Any
) -> Iterator[ClientConnection]:
    given = {"room": "main", "role": role, **query}
    url = f"ws://{address}/ws?{urlencode(given)}"
    own = f"http://{address}" if origin == "own" else origin
    with connect(url, origin=own, compression=None, max_size=None) as socket:
        yield socket


def refused(address: str, role: str = "viewer", **query: Any) -> int:
    with pytest.raises(InvalidStatus) as caught, joined(address, role, **query):
        pass
    return caught.value.response.status_code


def until(socket: ClientConnection, kind: str, **fields: Any) -> dict[str, Any]:
    """The next frame of a kind whose fields are as given."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        frame: dict[str, Any] = json.loads(socket.recv(timeout=PATIENCE_S))
        if frame["type"] == kind and all(frame.get(key) == value for key, value in fields.items()):
            return frame
    raise AssertionError(f"no {kind} came")


def send(socket: ClientConnection, kind: str, **fields: Any) -> None:
    socket.send(json.dumps({"type": kind, **fields}))


def closed_with(socket: ClientConnection) -> int:
    """The code with which the room ended it, after whatever it still had to say."""
    with pytest.raises(ConnectionClosed) as caught:
        listen(socket)
    assert caught.value.rcvd is not None
    return caught.value.rcvd.code


def listen(socket: ClientConnection) -> None:
    while True:
        socket.recv(timeout=PATIENCE_S)


def endless(socket: ClientConnection) -> None:
    socket.send("x" * 8000 for _ in range(10_000))


def flood(socket: ClientConnection) -> None:
    for number in range(5000):
        send(socket, "chat.message", text=f"buy {number}")
    listen(socket)


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    with served(room) as address:
        yield address


# ── coming in ────────────────────────────────────────────────────────────────────────────────────
def test_hello_tells_a_viewer_who_they_are_and_that_an_ai_answers(address: str) -> None:
    with joined(address, name="Marta", lang="es-MX", market="es") as socket:
        hello = until(socket, "hello")
        assert hello["you"]["role"] == "viewer"
        assert hello["you"]["lang"] == "es"
        assert hello["you"]["market"] == "ES"
        assert "Asistente de IA de Lumen Tide" in hello["ai_disclosure"]
        assert "attributes" not in hello
        assert until(socket, "snapshot")["product"]["id"] == "wave"


def test_strangers_are_refused_before_the_socket_opens(address: str) -> None:
    assert refused(address, origin="https://evil.example") == 403
    assert refused(address, "operator") == 403
    assert refused(address, "operator", token="guess") == 403
    assert refused(address, "operator", token=AUTH.host_token) == 403
    assert refused(address, origin=None) == 403
    assert refused(address, room="elsewhere") == 403
    assert refused(address, "emperor", token=AUTH.operator_token) == 403


def test_a_program_with_a_token_needs_no_origin(address: str) -> None:
    with joined(address, "operator", origin=None, token=AUTH.operator_token) as socket:
        assert until(socket, "hello")["attributes"]


def test_a_full_room_says_no() -> None:
    with served(Room(), limits=Limits(connections=1)) as address, joined(address) as socket:
        until(socket, "hello")
        assert refused(address) == 403


# ── talking ──────────────────────────────────────────────────────────────────────────────────────
def test_a_line_reaches_everybody_once_and_its_sender_hears_that_it_stands(room: Room, address: str) -> None:
    with joined(address, name="Marta") as marta, joined(address, name="Tom") as tom:
        send(marta, "chat.message", text="¿cuánto dura?", client_id="c1")
        accepted = until(marta, "chat.accepted", client_id="c1")
        send(marta, "chat.message", text="¿cuánto dura?", client_id="c1")
        assert until(marta, "chat.accepted", client_id="c1")["message_seq"] == accepted["message_seq"]
        (item,) = until(tom, "chat.messages")["items"]
        assert (item["name"], item["text"], item["client_id"]) == ("Marta", "¿cuánto dura?", "c1")
    assert len(room.events(ev.ChatMessage)) == 1


def test_a_viewer_keeps_their_pseudonym_over_a_reconnect(room: Room, address: str) -> None:
    for _ in range(2):
        with joined(address, me="a-secret-of-this-browser", name="Ana") as socket:
            send(socket, "chat.message", text="hola")
            until(socket, "chat.accepted")
    viewers = {event.viewer for event in room.events(ev.ChatMessage)}
    assert len(viewers) == 1
    assert "secret" not in viewers.pop()


def test_who_comes_back_with_since_misses_nothing(room: Room, address: str) -> None:
    with joined(address, me="marta") as socket:
        until(socket, "snapshot")
        send(socket, "chat.message", text="¿cuánto dura?")
        seq = until(socket, "chat.accepted")["message_seq"]
        line = next(r for r in room.lines() if r.seq == seq)
        question = room.question(line)
        since = until(socket, "question.state", state="open")["seq"]
    room.posts(room.drafts(question, "24,3 h al 50 % del volumen", needs_approval=False))
    with joined(address, since=since, me="marta") as socket:
        frames = [json.loads(socket.recv(timeout=PATIENCE_S)) for _ in range(3)]
    assert [frame["type"] for frame in frames] == ["hello", "question.state", "reply.posted"]
    assert frames[0]["seq"] == since
    assert frames[2]["citations"][0]["page"] == 2


def test_a_since_of_another_log_gets_a_snapshot(room: Room, address: str) -> None:
    room.asks("¿cuánto dura?")
    with joined(address, since=10**9) as socket:
        until(socket, "snapshot")


# ── people who run the show ──────────────────────────────────────────────────────────────────────
@contextmanager
def operator(address: str) -> Iterator[ClientConnection]:
    with joined(address, "operator", token=AUTH.operator_token, name="Li") as socket:
        until(socket, "snapshot")
        yield socket


def test_approving_twice_sends_once(room: Room, address: str) -> None:
    reply = room.drafts(room.asks("¿cuánto dura?"), "Batería: 24,3 h al 50 % del volumen.")
    with operator(address) as first, operator(address) as second:
        send(first, "reply.approve", reply_id=reply)
        assert until(first, "reply.state")["state"] == "approved"
        send(second, "reply.approve", reply_id=reply)
        assert until(second, "error")["code"] == "wrong_state"
    (approved,) = room.events(ev.ReplyApproved)
    assert (approved.text, approved.by) == ("Batería: 24,3 h al 50 % del volumen.", "operator:Li")


def test_an_edit_that_the_guard_dislikes_needs_an_override_that_is_recorded(room: Room, address: str) -> None:
    reply = room.drafts(room.asks("¿cuánto dura?"), "Batería: 24,3 h al 50 % del volumen.")
    with operator(address) as socket:
        send(socket, "reply.edit", reply_id=reply, text="La batería dura 96 horas.")
        warned = until(socket, "error")
        assert warned["code"] == "guard_warning"
        assert warned["ref"] == reply
        assert room.events(ev.ReplyApproved) == []
        send(socket, "reply.edit", reply_id=reply, text="La batería dura 96 horas.", override=True)
        until(socket, "reply.state", state="approved")
    (approved,) = room.events(ev.ReplyApproved)
    assert approved.overrode == warned["rule"]


def test_a_retracted_reply_holds_its_evidence(room: Room, address: str) -> None:
    reply = room.drafts(room.asks("¿cuánto dura?"), "24,3 h al 50 % del volumen", needs_approval=False)
    room.posts(reply)
    with operator(address) as socket, joined(address) as viewer:
        send(socket, "reply.retract", reply_id=reply, reason="wrong model")
        assert until(socket, "reply.retracted")["reason"] == "wrong model"
        assert until(socket, "evidence.released")["id"] == "E1"
        assert "reason" not in until(viewer, "reply.retracted")
    assert [event.state for event in room.events(ev.EvidenceReleased)] == ["held"]


def test_a_price_is_set_or_the_slip_is_told(room: Room, address: str) -> None:
    with operator(address) as socket, joined(address) as viewer:
        send(socket, "fact.set", product="wave", market="ES", attribute="prize", value=1)
        assert "price" in until(socket, "error", code="bad_fact")["message"]
        send(socket, "fact.set", product="wave", market="ES", attribute="price", value=64.9)
        offers = until(viewer, "fact.changed")["product_view"]["offers"]
        assert next(o for o in offers if o["market"] == "ES")["price"] == 64.9


def test_pin_autonomy_stop_answer_and_hold_become_events(room: Room, address: str) -> None:
    question = room.asks("¿cuánto dura?")
    with operator(address) as socket:
        send(socket, "product.pin", product="glow")
        until(socket, "product.pinned")
        send(socket, "autonomy.set", level="post")
        until(socket, "autonomy", level="post")
        send(socket, "speech.stop")
        until(socket, "operator.stopped")
        send(socket, "evidence.hold", id="E1")
        until(socket, "evidence.released", state="held")
        send(socket, "question.answer", question_id=question, text="Lo miramos en directo.", override=True)
        until(socket, "question.state", state="answered")
        for kind, fields, code in (
            ("product.pin", {"product": "none"}, "unknown_product"),
            ("evidence.hold", {"id": "E99"}, "unknown_evidence"),
            ("evidence.approve", {"id": "E4"}, "internal"),
            ("reply.approve", {"reply_id": "r99"}, "unknown_reply"),
            ("question.answer", {"question_id": "q99", "text": "x"}, "unknown_question"),
            ("floor.give", {}, "not_available"),
        ):
            send(socket, kind, **fields)
            assert until(socket, "error")["code"] == code
    assert [event.text for event in room.events(ev.OperatorAnswered)] == ["Lo miramos en directo."]


def test_viewers_and_hosts_may_not_do_what_is_not_theirs(room: Room, address: str) -> None:
    with joined(address) as viewer, joined(address, "host", token=AUTH.host_token) as host:
        send(viewer, "speech.stop")
        assert until(viewer, "error")["code"] == "forbidden"
        send(host, "autonomy.set", level="full")
        assert until(host, "error")["code"] == "forbidden"
        send(host, "speech.stop")
        until(host, "operator.stopped")
        send(viewer, "mic.start")
        assert until(viewer, "mic.state")["state"] == "denied"


def test_a_warning_rule_cannot_be_overridden(
    room: Room, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cohost.trust.guard import Verdict
    from cohost.web import commands

    monkeypatch.setattr(
        commands, "check", lambda *_: Verdict("block", "R16", "children", "a warning is missing")
    )
    reply = room.drafts(room.asks("¿es para niños?"), "24,3 h")
    with operator(address) as socket:
        send(socket, "reply.edit", reply_id=reply, text="Sí.", override=True)
        assert until(socket, "error")["code"] == "guard_blocked"
    assert room.events(ev.ReplyApproved) == []


# ── hostile ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "bad",
    [
        "hello",
        "[]",
        "{}",
        '{"type":"no.such"}',
        '{"type":"chat.message"}',
        '{"type":"chat.message","text":"  "}',
    ],
)
def test_a_bad_frame_is_answered_and_the_connection_lives(address: str, bad: str) -> None:
    with joined(address) as socket:
        socket.send(bad)
        assert until(socket, "error")["message"]
        send(socket, "chat.message", text="still here", client_id="x")
        until(socket, "chat.accepted", client_id="x")


def test_ten_thousand_characters_and_markup_are_text_like_any_other(room: Room, address: str) -> None:
    with joined(address) as socket:
        send(socket, "chat.message", text="a" * 10_000)
        until(socket, "chat.accepted")
        send(socket, "chat.message", text="<script>alert(1)</script>")
        until(socket, "chat.accepted")
    assert room.events(ev.ChatMessage)[1].text == "<script>alert(1)</script>"


def test_an_oversized_text_frame_closes_with_1009(address: str) -> None:
    with joined(address) as socket:
        socket.send(json.dumps({"type": "chat.message", "text": "é" * 9000}))
        assert closed_with(socket) == 1009


def test_an_endless_frame_is_cut_off(room: Room, address: str) -> None:
    with joined(address) as socket:
        with pytest.raises(ConnectionClosed):
            endless(socket)
        assert room.events(ev.ChatMessage) == []


def test_oversized_sound_closes_with_1009_and_sound_is_answered_once(address: str) -> None:
    with joined(address) as socket:
        socket.send(b"\0" * 3200)
        assert until(socket, "error")["code"] == "not_available"
        socket.send(b"\0" * 40_000)
        assert closed_with(socket) == 1009


def test_flooding_closes_with_1008_and_the_room_goes_on(room: Room, address: str) -> None:
    with joined(address) as calm:
        with joined(address) as socket:
            with pytest.raises(ConnectionClosed) as caught:
                flood(socket)
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == 1008
        assert len(room.events(ev.ChatMessage)) < 100
        send(calm, "chat.message", text="hola", client_id="calm")
        until(calm, "chat.accepted", client_id="calm")


def test_a_page_that_stops_reading_is_set_back_to_a_snapshot() -> None:
    room = Room()
    with served(room, limits=Limits(queue_frames=20)) as address, joined(address) as slow:
        until(slow, "snapshot")
        long = "24,3 h " * 4000
        for _ in range(400):  # far more than the sockets' own buffers hold
            room.posts(room.drafts(room.asks("¿dura?"), long, needs_approval=False))
        frame = until(slow, "snapshot")
        assert 0 < len(frame["messages"]) + len(frame["replies"]) <= Limits().history
