"""The hub: what each audience is told, in which order, and what a page gets that comes back."""

import json
from typing import Any

import pytest

from cohost import events as ev
from cohost.web.hub import Hub, Page
from cohost.web.limits import Limits
from cohost.web.metrics import Metrics
from tests.wire.web_room import BATTERY, NAMED, Room


class StillClock:
    """Show time by hand."""

    def __init__(self) -> None:
        self.ms = 0

    def now_ms(self) -> int:
        return self.ms


def hub_of(room: Room, **limits: Any) -> Hub:
    hub = Hub(room, Limits(**limits), Metrics())
    hub.load()
    return hub


def told(page: Page) -> list[dict[str, Any]]:
    frames = []
    while (text := page.pop()) is not None:
        frames.append(json.loads(text))
    return frames


def lines_of(frames: list[dict[str, Any]]) -> list[str]:
    return [item["text"] for frame in frames for item in frame.get("items", ())]


@pytest.fixture
def room() -> Room:
    room = Room()
    clock = StillClock()
    room.clock.now_ms = clock.now_ms  # type: ignore[method-assign]
    room.still = clock  # type: ignore[attr-defined]
    return room


def test_a_line_waits_for_its_language_and_goes_with_it(room: Room) -> None:
    hub = hub_of(room)
    page, _ = hub.join("viewer", None)
    line = room.append(ev.ChatMessage(viewer="v", text="hola", name="Ana", lang_hint="en"))
    hub.sync()
    assert told(page) == []
    room.append(ev.MessageTriaged(lang="es", lang_confidence=1, intent="greeting"), cause=line.seq)
    hub.sync()
    (frame,) = told(page)
    assert frame["type"] == "chat.messages"
    assert frame["items"][0]["lang"] == "es"
    assert frame["seq"] == line.seq


def test_a_line_without_a_language_goes_after_a_moment(room: Room) -> None:
    hub = hub_of(room)
    page, _ = hub.join("viewer", None)
    room.append(ev.ChatMessage(viewer="v", text="hola", lang_hint="es"))
    room.still.ms = 121  # type: ignore[attr-defined]
    hub.sync()
    assert told(page)[0]["items"][0]["lang"] == "es"


def test_frames_leave_in_room_order_even_when_the_feed_is_full(room: Room) -> None:
    hub = hub_of(room)
    page, _ = hub.join("viewer", None)
    seen: list[dict[str, Any]] = []
    for number in range(40):
        room.still.ms = number * 60  # type: ignore[attr-defined]
        question = room.asks(f"pregunta {number}")
        if number % 3 == 0:
            room.posts(room.drafts(question, "24,3 h al 50 % del volumen", needs_approval=False))
        hub.sync()
        seen += told(page)
    room.still.ms = 10_000  # type: ignore[attr-defined]
    hub.sync()
    seen += told(page)
    assert [frame["seq"] for frame in seen] == sorted(frame["seq"] for frame in seen)
    shown: set[int] = set()
    for frame in seen:
        shown |= {item["seq"] for item in frame.get("items", ())}
        assert all(line.seq in shown for line in room.lines() if line.seq <= frame["seq"]), (
            "resuming here loses a line"
        )
        quoted = {asked["seq"] for asked in frame.get("asked", ())}
        assert all(seq in shown | quoted for seq in frame.get("in_reply_to", ())), "a reply to nothing"
    assert sum(len(f["items"]) for f in seen if f["type"] == "chat.messages") == 40


def test_a_flood_of_lines_is_thinned_and_says_so(room: Room) -> None:
    hub = hub_of(room, feed_lines=10)
    page, _ = hub.join("viewer", None)
    for number in range(35):
        room.append(ev.ChatMessage(viewer="v", text=f"{number}"))
    room.still.ms = 1000  # type: ignore[attr-defined]
    hub.sync()
    (frame,) = told(page)
    assert [item["text"] for item in frame["items"]] == [str(n) for n in range(25, 35)]
    assert frame["skipped"] == 25


def test_whoever_resumes_gets_what_came_after_and_nothing_twice(room: Room) -> None:
    hub = hub_of(room)
    first, _ = hub.join("viewer", None)
    question = room.asks("¿cuánto dura?")
    hub.sync()
    at = told(first)[-1]["seq"]
    room.posts(room.drafts(question, "24,3 h al 50 % del volumen", needs_approval=False))
    room.says("gracias")
    room.still.ms = 900  # type: ignore[attr-defined]
    hub.sync()
    live = told(first)
    _, again = hub.join("viewer", at)
    frames = [json.loads(text) for text in again]
    assert lines_of(frames) == lines_of(live) == ["gracias"]
    assert [f for f in frames if "items" not in f] == [f for f in live if "items" not in f]


def test_who_joins_while_lines_wait_hears_what_is_behind_them(room: Room) -> None:
    hub = hub_of(room)
    line = room.append(ev.ChatMessage(viewer="v-Ana", text="¿dura?", name="Ana"))
    room.posts(room.drafts(room.question(line), "24,3 h", needs_approval=False))
    hub.sync()
    page, (opening,) = hub.join("viewer", None, viewer="v-Ana")
    assert json.loads(opening)["replies"] == []
    room.still.ms = 900  # type: ignore[attr-defined]
    hub.sync()
    assert [f["type"] for f in told(page)] == ["chat.messages", "reply.posted"]


def test_what_becomes_of_a_question_is_told_to_who_asked_it_and_to_the_staff(room: Room) -> None:
    hub = hub_of(room)
    ana, _ = hub.join("viewer", None, viewer="v-Ana")
    tom, _ = hub.join("viewer", None, viewer="v-Tom")
    host, _ = hub.join("host", None, viewer="v-Li")
    room.posts(room.drafts(room.asks("¿dura?", name="Ana"), "24,3 h", needs_approval=False))
    room.still.ms = 900  # type: ignore[attr-defined]
    hub.sync()
    kinds = {name: [f["type"] for f in told(page)] for name, page in (("a", ana), ("t", tom), ("h", host))}
    assert kinds["a"].count("question.state") == 2
    assert kinds["t"] == ["chat.messages", "reply.posted"]
    assert kinds["h"].count("question.state") == 2
    again, first = hub.join("viewer", 0, viewer="v-Tom")
    assert not [f for f in map(json.loads, first) if f["type"] == "question.state"]
    hub.leave(again)
    hub.leave(tom)
    room.posts(room.drafts(room.asks("¿pesa?", name="Tom"), "580 g", needs_approval=False))
    room.still.ms = 1900  # type: ignore[attr-defined]
    hub.sync()
    assert told(tom) == []


def test_a_reply_goes_ahead_of_lines_that_the_pace_holds_back(room: Room) -> None:
    hub = hub_of(room)
    ana, _ = hub.join("viewer", None, viewer="v-Ana")
    staff, _ = hub.join("operator", None, viewer="v-Li")
    for number in range(6):  # the second's five frames are used up
        room.says(f"hola {number}")
        room.still.ms = number * 130  # type: ignore[attr-defined]
        hub.sync()
    told(ana), told(staff)
    question = room.asks("¿dura?", name="Ana")
    room.posts(room.drafts(question, "24,3 h", needs_approval=False))
    hub.sync()
    (first,) = told(ana)
    assert first["type"] == "reply.posted"
    assert first["seq"] == hub.sent  # resuming there loses no line
    late, _ = hub.join("viewer", None, viewer="v-Tom")
    assert [f["type"] for f in told(staff)] == []
    room.still.ms = 5_000  # type: ignore[attr-defined]
    hub.sync()
    assert [f["type"] for f in told(ana)] == ["chat.messages"]  # nothing twice, nothing overtaken
    assert [f["type"] for f in told(late)] == ["chat.messages", "reply.posted"]
    assert [f["type"] for f in told(staff)] == [
        "chat.messages", "question.state", "reply.drafted", "reply.posted",
    ]  # fmt: skip


def test_a_snapshot_longer_than_the_queue_still_brings_a_page_back(room: Room) -> None:
    hub = hub_of(room, queue_chars=1_000)
    page, _ = hub.join("viewer", None)
    room.posts(room.drafts(room.asks("¿dura?"), "24,3 h " * 400, needs_approval=False))
    room.still.ms = 900  # type: ignore[attr-defined]
    hub.sync()
    assert page.behind
    hub.catch_up(page)
    assert not page.behind
    assert [f["type"] for f in told(page)] == ["snapshot"]


def test_a_frame_goes_straight_out_only_where_nothing_waits_before_it(room: Room) -> None:
    hub = hub_of(room)
    sent: list[bytes] = []
    free = [True]
    page, _ = hub.join("viewer", None, direct=lambda frame: free[0] and not sent.append(frame))
    room.posts(room.drafts(room.asks("¿dura?"), "first", needs_approval=False))
    room.still.ms = 900  # type: ignore[attr-defined]
    hub.sync()
    assert sent == []  # its writer has not begun
    assert "first" in str(told(page))
    page.writing = False
    room.posts(room.drafts(room.asks("¿dura?"), "second", needs_approval=False))
    room.still.ms = 1900  # type: ignore[attr-defined]
    hub.sync()
    assert len(sent) == 2  # the line, then the reply
    assert sent[1][0] == 0x81  # the last frame of a text
    assert b"second" in sent[1]
    free[0] = False  # the transport is full
    room.posts(room.drafts(room.asks("¿dura?"), "third", needs_approval=False))
    room.still.ms = 2900  # type: ignore[attr-defined]
    hub.sync()
    free[0] = True
    room.posts(room.drafts(room.asks("¿dura?"), "fourth", needs_approval=False))
    room.still.ms = 3900  # type: ignore[attr-defined]
    hub.sync()
    assert len(sent) == 2
    waiting = str(told(page))
    assert waiting.index("third") < waiting.index("fourth")


def test_a_place_that_is_too_old_or_not_of_this_log_gets_a_snapshot(room: Room) -> None:
    hub = hub_of(room, resume_records=5)
    for number in range(10):
        room.says(f"hola {number}")
    room.still.ms = 900  # type: ignore[attr-defined]
    hub.sync()
    for since in (None, 1, 9999):
        (text,) = hub.join("viewer", since)[1]
        assert json.loads(text)["type"] == "snapshot"


def test_a_snapshot_is_bounded(room: Room) -> None:
    hub = hub_of(room, history=6)
    for number in range(20):
        question = room.asks(f"pregunta {number}")
        room.posts(room.drafts(question, "24,3 h", needs_approval=False))
    room.still.ms = 900  # type: ignore[attr-defined]
    hub.sync()
    frame = json.loads(hub.snapshot("viewer"))
    assert len(frame["messages"]) + len(frame["replies"]) == 6


def test_a_slow_page_loses_its_queue_and_gets_one_snapshot(room: Room) -> None:
    hub = hub_of(room, queue_frames=8)
    page, _ = hub.join("viewer", None)
    for number in range(60):
        question = room.asks(f"pregunta {number}")
        room.posts(room.drafts(question, "24,3 h", needs_approval=False))
        room.still.ms += 1000  # type: ignore[attr-defined]
        hub.sync()
    assert page.behind
    assert page.pop() is None


SECRETS = ("to be approved", "note for the host", "gloss of it", "unit cost", "v-Marta", "question.battery")


def test_viewers_never_see_drafts_glosses_notes_or_who_is_who(room: Room) -> None:
    hub = hub_of(room)
    viewer, _ = hub.join("viewer", None)
    host, _ = hub.join("host", None)
    operator, _ = hub.join("operator", None)
    question = room.asks("¿cuánto dura?")
    reply = room.drafts(question, "to be approved", gloss="gloss of it", note="note for the host")
    room.append(ev.ReplyRejected(reply_id=reply))
    room.append(ev.EvidenceReleased(evidence_id="E1", state="held"))
    room.append(ev.AutonomySet(level="watch", by="operator"))
    room.append(ev.FaultRaised(where="decision", message="a fault"))
    room.append(ev.OperatorStopped())
    room.still.ms = 900  # type: ignore[attr-defined]
    hub.sync()
    seen = json.dumps(told(viewer), ensure_ascii=False) + hub.snapshot("viewer")
    for secret in (*SECRETS, "reply.drafted", "a fault", "autonomy", "evidence.released", "operator.stopped"):
        assert secret not in seen, secret
    for_host = json.dumps(told(host), ensure_ascii=False)
    assert "gloss of it" in for_host
    assert "to be approved" not in for_host
    for_operator = told(operator)
    drafted = next(f for f in for_operator if f["type"] == "reply.drafted")
    assert drafted["draft"]["text"] == "to be approved"
    assert drafted["question"]["gloss"] == "gloss of it"
    assert drafted["draft"]["sentences"][0]["verdict"] == "allow"


def test_an_item_that_may_only_be_named_keeps_its_quote(room: Room) -> None:
    hub = hub_of(room)
    viewer, _ = hub.join("viewer", None)
    operator, _ = hub.join("operator", None)
    question = room.asks("¿cuánto pesa?")
    room.posts(room.drafts(question, "580 g", items=(NAMED,), needs_approval=False))
    room.still.ms = 900  # type: ignore[attr-defined]
    hub.sync()
    for page, quote in ((viewer, ""), (operator, NAMED.source.quote)):
        posted = next(f for f in told(page) if f["type"] == "reply.posted")
        assert posted["citations"][0]["quote"] == quote


def test_a_reply_quotes_its_askers(room: Room) -> None:
    hub = hub_of(room)
    page, _ = hub.join("viewer", None)
    question = room.asks("¿cuánto dura la batería?", name="Marta")
    room.posts(room.drafts(question, "24,3 h", needs_approval=False))
    hub.sync()
    posted = next(f for f in told(page) if f["type"] == "reply.posted")
    assert posted["asked"] == [
        {"seq": int(question[1:]), "name": "Marta", "text": "¿cuánto dura la batería?", "lang": "es"}
    ]
    assert posted["question_state"] == "answered"
    assert posted["citations"][0]["id"] == BATTERY.id


def test_a_price_set_on_air_is_in_the_offer_at_once(room: Room) -> None:
    hub = hub_of(room)
    page, _ = hub.join("viewer", None)
    room.append(ev.FactChanged(product="wave", market="ES", attribute="price", value=64.9, unit="EUR"))
    hub.sync()
    (frame,) = told(page)
    offers = {offer["market"]: offer for offer in frame["product_view"]["offers"]}
    assert offers["ES"]["price"] == 64.9
    assert offers["DE"]["price"] == 79.9
    assert offers["ES"]["model"] == "WV-1"


def test_a_record_that_cannot_be_shown_does_not_stop_the_room(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    hub = hub_of(room)
    page, _ = hub.join("viewer", None)
    room.library.get = None  # type: ignore[assignment, method-assign]
    room.posts(room.drafts(room.asks("¿dura?"), "24,3 h", needs_approval=False))
    hub.sync()
    del room.library.get
    room.says("sigo aquí")
    room.still.ms = 900  # type: ignore[attr-defined]
    hub.sync()
    assert "could not be shown" in caplog.text
    assert any(
        item["text"] == "sigo aquí" for f in told(page) if f["type"] == "chat.messages" for item in f["items"]
    )
