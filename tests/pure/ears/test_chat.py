"""The inbound lane: cleaned, bounded, masked, and each line once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.clean import clean
from cohost.ears import chat
from cohost.ears.chat import ChatInlet
from cohost.errors import WireError
from cohost.ports import Inlet


class ListLog:
    """ports.Log as a list."""

    def __init__(self) -> None:
        self.kept: list[ev.Record] = []

    @property
    def last_seq(self) -> int:
        return len(self.kept)

    def append(
        self, event: ev.Event, *, turn_id: str | None = None, cause_seq: int | None = None
    ) -> ev.Record:
        self.kept.append(ev.Record(len(self.kept) + 1, 0, turn_id, cause_seq, event))  # type: ignore[arg-type]
        return self.kept[-1]

    async def durable(self, seq: int) -> None:
        return None

    def records(self, after: int = 0) -> Sequence[ev.Record]:
        return self.kept[after:]

    async def cursor(self, after: int = 0) -> AsyncIterator[ev.Record]:
        for record in self.kept[after:]:
            yield record


def inlet() -> tuple[ChatInlet, ListLog]:
    log = ListLog()
    return ChatInlet(log, VirtualClock()), log


def message(record: ev.Record) -> ev.ChatMessage:
    assert isinstance(record.event, ev.ChatMessage)
    return record.event


def test_it_is_an_inlet() -> None:
    lane: Inlet = inlet()[0]
    assert message(lane.submit("hi", viewer="v1", market="de")).market == "DE"


def test_a_line_is_cleaned_masked_and_kept_as_text() -> None:
    lane, _ = inlet()
    record = lane.submit(
        "he\u200bllo <b>+49 170 1234567</b> a@b.example", viewer="v1", name="\u202eBob\n 0812-3456-7890"
    )
    found = message(record)
    assert found.text == "hello <b>[phone]</b> [email]"
    assert found.masked == ("email", "phone")
    assert found.name == "Bob [phone]"


def test_ten_thousand_characters_become_two_thousand_and_say_so() -> None:
    lane, _ = inlet()
    found = message(lane.submit("how long " * 1200, viewer="v1"))
    assert len(found.text) <= 2000
    assert found.masked == ("length",)


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e", "\x00\n"])
def test_nothing_readable_is_refused(text: str) -> None:
    lane, log = inlet()
    with pytest.raises(WireError, match="readable text") as error:
        lane.submit(text, viewer="v1")
    assert error.value.code == "empty"
    assert log.kept == []


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(WireError, match="expected viewer, host or operator"):
        inlet()[0].submit("hi", viewer="v1", role="admin")


def test_the_same_client_id_of_the_same_viewer_is_the_same_line() -> None:
    lane, log = inlet()
    first = lane.submit("is it waterproof?", viewer="v1", client_id="a")
    assert lane.submit("is it waterproof?", viewer="v1", client_id="a") is first
    assert lane.submit("is it waterproof?", viewer="v2", client_id="a") is not first
    assert lane.submit("is it waterproof?", viewer="v1", client_id="b") is not first
    assert lane.submit("is it waterproof?", viewer="v1") is not first
    assert len(log.kept) == 4


def test_repeats_are_known_after_a_restart() -> None:
    lane, log = inlet()
    first = lane.submit("is it waterproof?", viewer="v1", client_id="a")
    again = ChatInlet(log, VirtualClock())
    for record in log.records():
        again.observe(record)
    assert again.submit("is it waterproof?", viewer="v1", client_id="a") == first


def test_memory_of_repeats_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "REMEMBERED", 3)
    lane, log = inlet()
    for n in range(5):
        lane.submit("hi", viewer="v1", client_id=str(n))
    lane.submit("hi", viewer="v1", client_id="4")
    assert len(log.kept) == 5
    lane.submit("hi", viewer="v1", client_id="0")
    assert len(log.kept) == 6


@given(st.text(max_size=200), st.text(max_size=80))
def test_any_text_is_taken_or_refused_as_empty(text: str, name: str) -> None:
    lane, log = inlet()
    if not clean(text).text:
        with pytest.raises(WireError):
            lane.submit(text, viewer="v", name=name)
        return
    record = lane.submit(text, viewer="v", name=name)
    assert log.kept == [record]
    assert message(record).text
    assert len(message(record).name) <= 64
    assert ev.decode(ev.encode(message(record))) == record.event
