"""Bytes of a stream of events in any pieces, and answers in JSON sign by sign."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.decision.sse import DONE, LONGEST, Payloads
from cohost.decision.structured import JsonSentences
from cohost.ports import WriterSentence

STREAM = 'event: x\n: a comment\ndata: {"a": "é"}\r\n\r\ndata:{"b":2}\n\nretry: 5\ndata: [DONE]\n\n'.encode()


@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_payloads_are_the_same_however_the_bytes_come(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    reader = Payloads()
    found = [p for a, b in itertools.pairwise(places) for p in reader.feed(STREAM[a:b])]
    assert found == ['{"a": "é"}', '{"b":2}', DONE]


@pytest.mark.parametrize("page", [b"<!DOCTYPE html>\n<p>busy</p>\n", b'{"error": "no"}\n', b"hello\n"])
def test_what_is_no_event_is_told_with_what_came(page: bytes) -> None:
    with pytest.raises(ValueError, match="expected lines that begin with data:"):
        Payloads().feed(page)


def test_a_line_without_an_end_is_given_up() -> None:
    reader = Payloads()
    reader.feed(b"data: " + b"x" * (LONGEST - 6))
    with pytest.raises(ValueError, match="more than"):
        reader.feed(b"x")


ANSWER = {
    "sentences": [
        {"text": "It weighs 620 g.", "evidence": ["E6"]},
        {"text": 'He says "}]" and \\ [E7].', "evidence": ["[E8]", "E7", 3]},
        {"text": " ", "evidence": []},
    ]
}
SAID = [WriterSentence("It weighs 620 g.", ("E6",)), WriterSentence('He says "}]" and \\.', ("E8", "E7"))]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("fence", ["{}", "```json\n{}\n```", "\n{}\n"])
@given(size=st.integers(1, 40))
def test_sentences_come_as_their_objects_close(indent: int | None, fence: str, size: int) -> None:
    text = fence.replace("{}", json.dumps(ANSWER, indent=indent))
    reader = JsonSentences("en")
    found = [s for n in range(0, len(text), size) for s in reader.feed(text[n : n + size])]
    assert found == SAID
    assert reader.flush() == []


def test_the_first_sentence_does_not_wait_for_the_second() -> None:
    whole = json.dumps(ANSWER)
    reader = JsonSentences("en")
    assert reader.feed(whole[: whole.index("}") + 1]) == SAID[:1]


def test_a_server_that_writes_plain_text_is_read_as_such() -> None:
    reader = JsonSentences("en")
    assert reader.feed("It weighs 620 g [E6]. It is") == [WriterSentence("It weighs 620 g.", ("E6",))]
    assert reader.flush() == [WriterSentence("It is", ())]


@pytest.mark.parametrize("text", ['{"sentences": [{"text": 5, "evidence": []}]}', '{"a": [{nonsense}]}'])
def test_an_object_that_is_no_sentence_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 json's own words, or ours
        JsonSentences("en").feed(text)


def test_an_answer_that_breaks_off_is_an_error() -> None:
    reader = JsonSentences("en")
    reader.feed('{"sentences": [{"text": "It wei')
    with pytest.raises(ValueError, match="without its end"):
        reader.flush()
