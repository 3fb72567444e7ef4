"""Sound and what goes with it: whose it is, when it may go out, what is dropped, what is told again."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohost import events as ev
from cohost.errors import WireError
from cohost.web import inbound
from cohost.web.commands import Sender
from cohost.web.hub import Hub
from cohost.web.lane import Lane
from cohost.web.limits import Limits
from cohost.web.metrics import Metrics
from cohost.web.page import Page
from tests.wire.web_room import BATTERY, Room

PIECE = b"\1\0" * 640  # 40 ms


class StillClock:
    def __init__(self) -> None:
        self.ms = 0

    def now_ms(self) -> int:
        return self.ms


@pytest.fixture
def room() -> Room:
    room = Room(voice=True)
    clock = StillClock()
    room.clock.now_ms = clock.now_ms  # type: ignore[method-assign]
    room.still = clock  # type: ignore[attr-defined]
    return room


def hub_of(room: Room, **limits: Any) -> Hub:
    hub = Hub(room, Limits(**limits), Metrics())
    hub.load()
    return hub


def listens(hub: Hub, room: Room, viewer: str = "v-Ana", role: Any = "viewer") -> tuple[Page, Lane]:
    page, _ = hub.join(role, None, "cohost")
    return page, Lane(hub, page, Sender(role, viewer, "Ana", "es", "ES"))


def told(page: Page) -> list[Any]:
    """Frames as objects, sound as bytes, in the order in which they leave."""
    found: list[Any] = []
    while (piece := page.pop()) is not None:
        found.append(piece if isinstance(piece, bytes) else json.loads(piece))
    return found


def kinds(pieces: list[Any]) -> list[str]:
    return ["pcm" if isinstance(piece, bytes) else piece["type"] for piece in pieces]


def answer(room: Room) -> str:
    return room.drafts(room.asks("¿cuánto dura?"), "24,3 h al 50 % del volumen", needs_approval=False)


def value(hub: Hub, name: str) -> float:
    lines = hub.metrics.text().decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


# ── order ────────────────────────────────────────────────────────────────────────────────────────
def test_sound_comes_behind_its_start_and_never_behind_its_cut(room: Room) -> None:
    hub = hub_of(room)
    page, _ = listens(hub, room)
    reply = answer(room)
    hub.sync()
    told(page)
    speech = room.speaks(reply)
    room.sends(speech, PIECE)  # nobody synced in between
    room.sends(speech, PIECE)
    assert kinds(told(page)) == ["speech.started", "pcm", "pcm"]
    room.sends(speech, PIECE)
    room.append(
        ev.SpeechCut(
            speech_id=speech, reply_id=reply, reason="host", heard="24,3", heard_ms=80, timing="exact"
        )
    )
    room.sends(speech, PIECE)
    (cut,) = told(page)
    assert (cut["type"], cut["heard"], cut["heard_ms"], cut["reason"]) == ("speech.cut", "24,3", 80, "host")


def test_sound_of_another_speech_than_the_last_that_started_is_not_sent(room: Room) -> None:
    hub = hub_of(room)
    page, _ = listens(hub, room)
    first = room.speaks("r1", "uno")
    room.append(ev.SpeechPlayed(speech_id=first, reply_id="r1", duration_ms=40))
    second = room.speaks("r2", "dos")
    room.sends(first, PIECE)
    room.sends(second, PIECE)
    assert kinds(told(page)) == ["speech.started", "speech.ended", "speech.started", "pcm"]


def test_only_pages_that_ask_for_sound_get_it(room: Room) -> None:
    hub = hub_of(room)
    silent, _ = hub.join("viewer", None)
    Lane(hub, silent, Sender("viewer", "v", "", "es", None))
    loud, lane = listens(hub, room)
    room.sends(room.speaks("r1", "uno"), PIECE)
    assert kinds(told(silent)) == ["speech.started"]
    assert kinds(told(loud)) == ["speech.started", "pcm"]
    lane.end()
    assert room.sound is not None
    assert room.sound.listeners == []


def test_what_is_said_does_not_wait_for_the_chat_and_may_be_resumed_after(room: Room) -> None:
    hub = hub_of(room)
    page, _ = listens(hub, room)
    line = room.append(ev.ChatMessage(viewer="v", text="hola", name="Ana"))  # waits for its language
    speech = room.speaks("r1", "uno")
    hub.sync()
    (frame,) = told(page)
    assert frame["type"] == "speech.started"
    assert frame["seq"] < line.seq, "whoever resumes here must get the line"
    room.still.ms = 900  # type: ignore[attr-defined]
    room.append(ev.SpeechDucked(speech_id=speech, lane="l", since_onset_ms=40))
    hub.sync()
    feed, ducked = told(page)
    assert (feed["type"], ducked["type"]) == ("chat.messages", "speech.ducked")
    assert line.seq <= feed["seq"] <= ducked["seq"]


def test_a_page_that_comes_while_cohost_speaks_is_told_what_is_on(room: Room) -> None:
    hub = hub_of(room)
    reply = answer(room)
    room.still.ms = 900  # type: ignore[attr-defined]
    speech = room.speaks(reply)
    room.append(ev.SpeechHeld(speech_id=speech, lane="l", since_onset_ms=200, at_speech_ms=640))
    hub.sync()
    page, opening = hub.join("viewer", None, "cohost")
    frames = [json.loads(text) for text in opening]
    assert [f["type"] for f in frames] == ["snapshot", "speech.started", "speech.held"]
    assert frames[1]["citations"][0]["id"] == BATTERY.id
    assert frames[1]["asked"][0]["text"] == "¿cuánto dura?"
    assert frames[1]["in_reply_to"] == [frames[1]["asked"][0]["seq"]]
    assert frames[1]["sample_rate"] == 16_000
    assert frames[2]["at_speech_ms"] == 640
    hub.hear(page, speech, PIECE)
    assert kinds(told(page)) == ["pcm"]


def test_an_old_speech_is_not_told_again_to_whoever_resumes(room: Room) -> None:
    hub = hub_of(room)
    since = room.log.last_seq
    speech = room.speaks("r1", "uno")
    room.append(ev.SpeechSentence(speech_id=speech, n=0, text="uno", lang="es", start_ms=0, duration_ms=300))
    room.append(ev.SpeechPlayed(speech_id=speech, reply_id="r1", duration_ms=300))
    line = room.hears("¿y el peso?")
    hub.sync()
    _, again = hub.join("viewer", since)
    (feed,) = [json.loads(text) for text in again]
    assert feed["type"] == "chat.messages"
    assert feed["items"][0]["seq"] == line.seq
    assert feed["items"][0]["spoken"] is True


ACTS = st.lists(
    st.sampled_from(("start", "pcm", "cut", "played", "hold", "chat", "read", "time")), max_size=60
)


@settings(max_examples=60)
@given(ACTS)
def test_in_no_order_of_events_comes_sound_outside_its_speech(acts: list[str]) -> None:
    room = Room(voice=True)
    clock = StillClock()
    room.clock.now_ms = clock.now_ms  # type: ignore[method-assign]
    hub = hub_of(room, sound_bytes=5 * len(PIECE), queue_frames=6)
    page, _ = listens(hub, room)
    seen: list[Any] = []
    number, on = 0, False
    for act in acts:
        speech = f"s{number}"
        if act == "start" and not on:
            number, on = number + 1, True
            room.speaks("r1", "x", speech_id=f"s{number}")
        elif act == "pcm":  # late ones too: of a speech that is over
            room.sends(speech, bytes([number % 250, 0]) * 640)
        elif act == "cut" and on:
            on = False
            room.append(
                ev.SpeechCut(speech_id=speech, reply_id="r1", reason="", heard="", heard_ms=0, timing="exact")
            )
        elif act == "played" and on:
            on = False
            room.append(ev.SpeechPlayed(speech_id=speech, reply_id="r1", duration_ms=1))
        elif act == "hold" and on:
            room.append(ev.SpeechHeld(speech_id=speech, lane="l", since_onset_ms=1, at_speech_ms=1))
        elif act == "chat":
            room.append(ev.ChatMessage(viewer="v", text="hola"))
        elif act == "time":
            clock.ms += 300
            hub.sync()
        elif act == "read":
            if page.behind:
                hub.catch_up(page)
            seen += told(page)
    whole([*seen, *told(page)])


def whole(pieces: list[Any]) -> None:
    """Every sound belongs to the last speech that started, and that one was not cut."""
    speech: str | None = None
    for piece in pieces:
        if isinstance(piece, bytes):
            assert speech == f"s{piece[0]}"
        elif piece["type"] == "speech.started":
            speech = piece["speech_id"]
        elif piece["type"] == "speech.cut":
            speech = None


# ── buffers ──────────────────────────────────────────────────────────────────────────────────────
def test_a_slow_page_loses_its_oldest_sound_and_nothing_else(room: Room) -> None:
    hub = hub_of(room, sound_bytes=4 * len(PIECE))
    page, _ = listens(hub, room)
    speech = room.speaks("r1", "uno")
    for number in range(10):
        room.sends(speech, bytes([number, 0]) * 640)
    room.append(ev.SpeechDucked(speech_id=speech, lane="l", since_onset_ms=40))
    hub.sync()
    pieces = told(page)
    assert kinds(pieces) == ["speech.started", "pcm", "pcm", "pcm", "pcm", "speech.ducked"]
    assert [piece[0] for piece in pieces if isinstance(piece, bytes)] == [6, 7, 8, 9]
    assert not page.behind
    assert value(hub, "cohost_sound_dropped_seconds_total") == pytest.approx(0.24)


def test_a_page_that_was_set_back_hears_the_speech_that_is_on(room: Room) -> None:
    hub = hub_of(room, queue_frames=4)
    page, _ = listens(hub, room)
    speech = room.speaks("r1", "uno")
    for n in range(6):
        room.append(ev.SpeechSentence(speech_id=speech, n=n, text="x", lang="es", start_ms=0, duration_ms=1))
    hub.sync()
    assert page.behind
    room.sends(speech, PIECE)
    hub.catch_up(page)
    room.sends(speech, PIECE)
    assert kinds(told(page)) == ["snapshot", "speech.started", "pcm"]


# ── people ───────────────────────────────────────────────────────────────────────────────────────
def test_what_was_said_aloud_is_a_line_like_any_other(room: Room) -> None:
    hub = hub_of(room)
    page, _ = hub.join("viewer", None)
    room.still.ms = 5_000  # type: ignore[attr-defined]
    record = room.hears("¿cuánto dura la batería?")
    hub.sync()
    frames = told(page)
    feed = next(f for f in frames if f["type"] == "chat.messages")
    final = next(f for f in frames if f["type"] == "transcript.final")
    assert feed["items"][0]["seq"] == final["message_seq"] == record.seq
    assert (feed["items"][0]["lang"], feed["items"][0]["viewer"]) == ("es", "v-Marta")
    assert (final["text"], final["end_ms"]) == ("¿cuánto dura la batería?", 5_000)
    room.still.ms = 5_700  # type: ignore[attr-defined]
    reply = room.drafts(room.question(record), "24,3 h", needs_approval=False)
    room.posts(reply)
    hub.sync()
    posted = next(f for f in told(page) if f["type"] == "reply.posted")
    assert posted["in_reply_to"] == [record.seq]
    assert posted["asked"][0]["text"] == "¿cuánto dura la batería?"
    assert hub.state.latencies[reply] == 700
    assert value(hub, "cohost_messages_total") == 1


@pytest.mark.parametrize("meaning", ["stop", "backchannel", "noise", "own_voice"])
def test_what_says_nothing_to_the_room_is_shown_to_the_staff_alone(room: Room, meaning: str) -> None:
    hub = hub_of(room)
    viewer, _ = hub.join("viewer", None)
    host, _ = hub.join("host", None)
    room.hears("mm, sí", meaning=meaning)
    hub.sync()
    (ended,) = told(viewer)
    assert (ended["type"], ended["text"]) == ("transcript.final", "")
    assert "mm" not in json.dumps(ended)
    (full,) = told(host)
    assert (full["text"], full["meaning"]) == ("mm, sí", meaning)


def test_a_partial_names_who_speaks(room: Room) -> None:
    hub = hub_of(room)
    page, _ = hub.join("viewer", None)
    room.append(ev.MicOpened(lane="l1", viewer="v7", name="Ana", role="host"))
    room.append(
        ev.TranscriptPartial(
            lane="l1", viewer="v7", utterance_id="u1", text="mira", lang="es", start_ms=0, end_ms=1
        )
    )
    hub.sync()
    (frame,) = told(page)
    assert (frame["type"], frame["name"], frame["role"], frame["viewer"]) == (
        "transcript.partial", "Ana", "host", "v7",
    )  # fmt: skip


def test_the_staff_sees_who_speaks_and_who_waits(room: Room) -> None:
    hub = hub_of(room)
    operator, opening = hub.join("operator", None)
    assert json.loads(opening[-1])["items"] == []
    room.append(ev.MicOpened(lane="l1", viewer="v1", name="Ana", lang_hint="es", market="ES"))
    room.append(ev.MicQueued(viewer="v2", name="Tom"))
    room.append(ev.UtteranceOnset(lane="l1", viewer="v1", sound_ms=1))
    room.append(ev.UtteranceConfirmed(lane="l1", sound_ms=1))
    hub.sync()
    told_now = told(operator)
    assert kinds(told_now) == ["callers"] * 3, "a sound that is not yet speech changes nothing"
    ana, tom = told_now[-1]["items"]
    assert ana == {
        "viewer": "v1", "name": "Ana", "lang": "es", "market": "ES", "role": "viewer", "state": "open",
        "speaking": True, "on_air": False,
    }  # fmt: skip
    assert (tom["viewer"], tom["state"]) == ("v2", "queued")
    room.append(ev.MicOpened(lane="l2", viewer="v2", name="Tom"))
    room.append(ev.FloorGiven(viewer="v2"))
    room.append(ev.UtteranceEnded(lane="l1", utterance_id="u1", start_ms=1, end_ms=2))
    room.append(ev.MicClosed(lane="l1", viewer="v1"))
    room.append(ev.MicClosed(lane="l1", viewer="v2"))  # not their lane
    hub.sync()
    (only,) = told(operator)[-1]["items"]
    assert (only["viewer"], only["state"], only["on_air"], only["speaking"]) == ("v2", "open", True, False)
    room.append(ev.ShowStarted(room="main", on=room.clock.today(), version="test", resumed=True))
    _, opening = hub.join("host", None)  # a new process: nobody's connection outlived the old one
    assert json.loads(opening[-1])["items"] == []


def test_a_speech_without_a_fit_voice_is_a_caption_and_its_wait_is_the_staffs(room: Room) -> None:
    hub = hub_of(room)
    viewer, _ = hub.join("viewer", None)
    host, _ = hub.join("host", None)
    room.append(ev.SpeechQueued(speech_id="s1", reply_id="r1", text="สวัสดี", lang="th"))
    room.append(ev.SpeechSkipped(speech_id="s1", reply_id="r1", reason="no gap", text="x", lang="th"))
    room.append(
        ev.SpeechSkipped(speech_id="s1", reply_id="r1", reason="no voice fit for th", text="สวัสดี", lang="th")
    )
    hub.sync()
    (caption,) = told(viewer)
    assert (caption["type"], caption["text"], caption["duration_ms"]) == ("caption", "สวัสดี", 0)
    assert kinds(told(host)) == ["speech.queue", "speech.queue", "speech.queue", "caption"]


# ── a connection's own sound ─────────────────────────────────────────────────────────────────────
def refused(act: Callable[[], object]) -> str:
    with pytest.raises(WireError) as caught:
        act()
    return caught.value.code


def test_sound_is_heard_on_an_open_lane_only_and_refused_once_a_run(room: Room) -> None:
    hub = hub_of(room)
    _, lane = listens(hub, room)
    assert refused(lambda: lane.feed(PIECE)) == "no_mic"
    lane.feed(PIECE)  # told already
    opened = lane.do(inbound.MicStart())
    assert opened is not None
    assert opened.state == "open"  # type: ignore[attr-defined]
    lane.feed(b"\1\0\2")
    lane.feed(b"\3")
    assert lane.do(inbound.MicStart()).state == "open"  # type: ignore[union-attr]
    assert room.microphones is not None
    assert room.microphones.heard["v-Ana"] == b"\1\0"
    lane.do(inbound.MicStop())
    assert refused(lambda: lane.feed(PIECE)) == "no_mic"
    assert room.microphones.lanes == {}


def test_who_is_taken_from_the_queue_or_shut_hears_of_it(room: Room) -> None:
    assert room.microphones is not None
    room.microphones.full = 0
    hub = hub_of(room)
    page, lane = listens(hub, room)
    answered = lane.do(inbound.HandRaise())
    assert (answered.state, answered.position) == ("queued", 1)  # type: ignore[union-attr]
    room.microphones.give("v-Ana", "host")
    room.microphones.shut("v-Ana", "silent for long")
    states = [f for f in told(page) if f["type"] == "mic.state"]
    assert [f["state"] for f in states] == ["open", "denied"]
    assert states[1]["message"] == "silent for long"
    assert refused(lambda: lane.feed(PIECE)) == "no_mic"


def test_an_old_connection_that_dies_late_closes_no_new_lane(room: Room) -> None:
    hub = hub_of(room)
    old_page, old = listens(hub, room)
    old.do(inbound.MicStart())
    _, new = listens(hub, room)
    new.do(inbound.MicStart())
    assert [f["state"] for f in told(old_page) if f["type"] == "mic.state"] == ["denied"]
    old.end()
    new.feed(PIECE)
    assert room.microphones is not None
    assert bytes(room.microphones.heard["v-Ana"]) == PIECE


def test_a_page_reports_what_it_played_and_its_lag_is_measured(room: Room) -> None:
    hub = hub_of(room)
    _, lane = listens(hub, room)
    speech = room.speaks("r1", "uno")
    room.append(ev.SpeechHeld(speech_id=speech, lane="l", since_onset_ms=200, at_speech_ms=640))
    hub.sync()
    room.still.ms = 30  # type: ignore[attr-defined]
    lane.do(inbound.Playout(speech_id=speech, played_ms=600.0))  # was on its way
    lane.do(inbound.Playout(speech_id=speech, played_ms=640.5, at="held"))
    lane.do(inbound.Playout(speech_id=speech, played_ms=640.5, at="held"))
    assert room.sound is not None
    assert room.sound.reports[-1] == (speech, "v-Ana", 640.5)
    assert value(hub, "cohost_page_lag_seconds_count") == 1
    assert value(hub, "cohost_page_lag_seconds_sum") == pytest.approx(0.03)
    for bad in (-1.0, float("inf"), float("nan")):
        assert refused(lambda: lane.do(inbound.Playout(speech_id=speech, played_ms=bad))) == "bad_frame"  # noqa: B023


def test_a_room_that_answers_in_writing_says_so() -> None:
    room = Room()
    hub = hub_of(room)
    page, lane = listens(hub, room)
    answered = lane.do(inbound.MicStart())
    assert (answered.state, answered.code) == ("denied", "in_writing")  # type: ignore[union-attr]
    assert refused(lambda: lane.feed(PIECE)) == "not_available"
    lane.do(inbound.Playout(speech_id="s1", played_ms=1.0))
    lane.end()
    assert told(page) == []
