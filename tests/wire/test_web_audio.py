"""Sound over real sockets: microphones in, cohost's voice and the taken caller out."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from cohost import events as ev
from cohost.web.limits import Limits
from tests.wire.web_room import AUTH, Room, served

pytestmark = pytest.mark.wire

PIECE = b"\1\0" * 640  # 40 ms
PATIENCE_S = 30  # for machines that do much else


@contextmanager
def joined(address: str, role: str = "viewer", **query: Any) -> Iterator[ClientConnection]:
    url = f"ws://{address}/ws?{urlencode({'room': 'main', 'role': role, **query})}"
    with connect(url, origin=f"http://{address}", compression=None) as socket:
        yield socket


def until(socket: ClientConnection, kind: str, **fields: Any) -> dict[str, Any]:
    """The next text frame of a kind whose fields are as given."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        piece = socket.recv(timeout=PATIENCE_S)
        if isinstance(piece, bytes):
            continue
        frame: dict[str, Any] = json.loads(piece)
        if frame["type"] == kind and all(frame.get(key) == value for key, value in fields.items()):
            return frame
    raise AssertionError(f"no {kind} came")


def send(socket: ClientConnection, kind: str, **fields: Any) -> None:
    socket.send(json.dumps({"type": kind, **fields}))


def soon(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


def kinds(socket: ClientConnection, number: int) -> list[str]:
    pieces = [socket.recv(timeout=PATIENCE_S) for _ in range(number)]
    return ["pcm" if isinstance(piece, bytes) else json.loads(piece)["type"] for piece in pieces]


def pours(socket: ClientConnection) -> None:
    for _ in range(40):
        socket.send(b"\0" * 32_000)
    while True:
        socket.recv(timeout=PATIENCE_S)


@pytest.fixture
def room() -> Room:
    return Room(voice=True)


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    with served(room) as address:
        yield address


def test_hello_says_that_the_room_listens_and_speaks(address: str) -> None:
    with joined(address) as socket:
        hello = until(socket, "hello")
        assert hello["microphones"] is True
        assert hello["sound"] is True


def test_a_microphone_is_heard_as_it_was_sent_until_it_stops(room: Room, address: str) -> None:
    with joined(address, name="Marta", lang="es", market="es", me="secret") as socket:
        me = until(socket, "hello")["you"]["viewer"]
        send(socket, "mic.start")
        assert until(socket, "mic.state")["state"] == "open"
        for number in range(20):
            socket.send(bytes([number, 0]) * 640)
        send(socket, "mic.stop")
        socket.send(PIECE)
        assert until(socket, "error")["code"] == "no_mic"
    assert room.microphones is not None
    sent = b"".join(bytes([number, 0]) * 640 for number in range(20))
    assert bytes(room.microphones.heard[me]) == sent
    (opened,) = room.events(ev.MicOpened)
    assert (opened.name, opened.role, opened.lang_hint, opened.market) == ("Marta", "viewer", "es", "ES")


def test_sound_without_a_microphone_is_an_error_and_the_connection_lives(room: Room, address: str) -> None:
    with joined(address) as socket:
        for _ in range(5):
            socket.send(PIECE)
        assert until(socket, "error")["code"] == "no_mic"
        send(socket, "chat.message", text="still here", client_id="x")
        until(socket, "chat.accepted", client_id="x")


def test_who_leaves_closes_their_lane_and_listens_no_longer(room: Room, address: str) -> None:
    assert room.microphones is not None
    assert room.sound is not None
    with joined(address, audio="1") as socket:
        send(socket, "mic.start")
        until(socket, "mic.state")
        assert len(room.sound.listeners) == 1
    soon(lambda: room.events(ev.MicClosed))
    soon(lambda: room.sound is not None and not room.sound.listeners)
    assert room.events(ev.MicClosed)[0].reason == "left"


def test_twice_real_time_closes_with_1008(room: Room, address: str) -> None:
    with joined(address) as socket:
        send(socket, "mic.start")
        until(socket, "mic.state")
        with pytest.raises(ConnectionClosed) as caught:
            pours(socket)
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 1008


def test_a_hand_is_raised_taken_and_given_the_floor(room: Room, address: str) -> None:
    operator = joined(address, "operator", token=AUTH.operator_token, name="Li")
    with joined(address, name="Tom", me="tom") as viewer, operator as staff:
        me = until(viewer, "hello")["you"]["viewer"]
        send(viewer, "hand.raise")
        assert until(viewer, "mic.state")["position"] == 1
        (waiting,) = _items(staff, 1)
        assert (waiting["viewer"], waiting["name"], waiting["state"]) == (me, "Tom", "queued")
        send(viewer, "floor.give", viewer=me)
        assert until(viewer, "error")["code"] == "forbidden"
        send(staff, "floor.give", viewer=me)
        assert until(viewer, "mic.state")["state"] == "open"
        viewer.send(PIECE)
        soon(lambda: room.microphones is not None and me in room.microphones.heard)
        send(staff, "floor.give", viewer="v-nobody")
        assert until(staff, "error")["code"] == "unknown_viewer"
        send(staff, "floor.give")
        soon(lambda: len(room.events(ev.FloorGiven)) == 2)
    assert [event.viewer for event in room.events(ev.FloorGiven)] == [me, None]
    assert room.events(ev.FloorGiven)[0].by == "operator:Li"


def _items(staff: ClientConnection, number: int) -> list[dict[str, Any]]:
    while True:
        items: list[dict[str, Any]] = until(staff, "callers")["items"]
        if len(items) == number:
            return items


def test_cohosts_voice_comes_whole_and_in_order_between_its_frames(room: Room, address: str) -> None:
    with joined(address, audio="1") as socket, joined(address) as silent:
        until(socket, "snapshot")
        until(silent, "snapshot")
        speech = room.speaks("r1", "Veinticuatro horas.")
        room.append(ev.SpeechSentence(speech_id=speech, n=0, text="x", lang="es", start_ms=0, duration_ms=80))
        room.sends(speech, PIECE)
        room.sends(speech, PIECE)
        room.append(ev.SpeechPlayed(speech_id=speech, reply_id="r1", duration_ms=80))
        room.sends(speech, PIECE)
        room.append(ev.ProductPinned(product="glow"))
        expected = ["speech.started", "caption", "pcm", "pcm", "speech.ended", "product.pinned"]
        assert kinds(socket, 6) == expected
        assert kinds(silent, 4) == [kind for kind in expected if kind != "pcm"]


def test_a_page_that_reads_slowly_gets_the_newest_second_and_no_snapshot() -> None:
    room = Room(voice=True)
    with served(room, limits=Limits(sound_bytes=320_000)) as address, joined(address, audio="1") as slow:
        until(slow, "snapshot")
        speech = room.speaks("r1", "uno")
        for number in range(400):  # more than the sockets' own buffers hold
            room.sends(speech, bytes([number % 256, 0]) * 16_000)
        room.append(
            ev.SpeechCut(speech_id=speech, reply_id="r1", reason="host", heard="", heard_ms=0, timing="exact")
        )
        assert until(slow, "speech.cut")["speech_id"] == speech
        room.append(ev.ProductPinned(product="glow"))
        assert kinds(slow, 1) == ["product.pinned"]


def test_the_broadcast_hears_the_taken_caller_and_nothing_else(room: Room, address: str) -> None:
    assert room.microphones is not None
    assert room.sound is not None
    with joined(address, audio="caller") as socket:
        until(socket, "snapshot")
        room.on_loop(lambda: room.microphones.sends_on_air(PIECE))  # type: ignore[union-attr]
        room.sends(room.speaks("r1", "uno"), b"\2\0" * 640)
        assert socket.recv(timeout=PATIENCE_S) == PIECE
        assert kinds(socket, 1) == ["speech.started"]
        assert room.sound.listeners == []
    soon(lambda: room.microphones is not None and not room.microphones.listeners)


def test_what_a_page_played_reaches_the_room(room: Room, address: str) -> None:
    assert room.sound is not None
    with joined(address, audio="1", me="ana") as socket:
        me = until(socket, "hello")["you"]["viewer"]
        until(socket, "snapshot")
        speech = room.speaks("r1", "uno")
        send(socket, "playout", speech_id=speech, played_ms=215.5)
        soon(lambda: room.sound is not None and room.sound.reports)
        assert room.sound.reports == [(speech, me, 215.5)]
        for bad in ("-1", "1e999", "NaN"):
            socket.send(f'{{"type":"playout","speech_id":"{speech}","played_ms":{bad}}}')
            assert until(socket, "error")["code"] in ("bad_frame", "bad_json")
    assert len(room.sound.reports) == 1
