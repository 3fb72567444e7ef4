"""Frames in: what is taken, what is refused and how it is said. Frames out: JSON both ways."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.errors import WireError
from cohost.web import frames as fr
from cohost.web import inbound, play_frames
from cohost.web.schema import schemas


def refused(text: str) -> WireError:
    with pytest.raises(WireError) as caught:
        inbound.parse(text)
    return caught.value


def outcome(text: str) -> str:
    try:
        inbound.parse(text)
    except WireError as error:
        return error.code
    return "taken"


def test_a_chat_line_is_taken_and_unknown_fields_are_ignored() -> None:
    frame = inbound.parse('{"type":"chat.message","text":"¿cuánto dura?","client_id":"a1","mood":"good"}')
    assert frame == inbound.ChatMessage(text="¿cuánto dura?", client_id="a1")


def test_text_that_is_no_json_is_bad_json() -> None:
    assert refused("hello").code == "bad_json"
    assert refused('{"type":').code == "bad_json"


def test_json_without_a_type_is_a_bad_frame() -> None:
    assert refused("[]").code == "bad_frame"
    assert refused("{}").code == "bad_frame"
    assert refused('{"type":7}').code == "bad_frame"


def test_an_unknown_type_names_the_known_ones_and_is_cut_short() -> None:
    error = refused(json.dumps({"type": "x" * 5000}))
    assert error.code == "unknown_type"
    assert "chat.message" in str(error)
    assert len(str(error)) < 800


def test_a_wrong_field_is_named() -> None:
    error = refused('{"type":"chat.message","text":5}')
    assert error.code == "bad_frame"
    assert "text" in str(error)
    assert "$" not in str(error)


def test_an_overlong_id_is_refused() -> None:
    assert refused(json.dumps({"type": "reply.approve", "reply_id": "r" * 65})).code == "bad_frame"


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    deep = "[" * 8000 + "]" * 8000
    assert refused('{"type":"chat.message","text":"a","x":' + deep + "}").code == "bad_json"


@given(st.text(max_size=400))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    assert outcome(text) in ("taken", "bad_json", "bad_frame", "unknown_type")


FIELDS = st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8) | st.none(), max_size=5)


@given(FIELDS, st.sampled_from(sorted(inbound.TYPES)))
def test_any_object_of_a_known_type_is_parsed_or_refused(rest: dict[str, object], kind: str) -> None:
    assert outcome(json.dumps({**rest, "type": kind})) in ("taken", "bad_frame")


def test_viewers_may_talk_and_nothing_else() -> None:
    assert inbound.may_send("viewer", inbound.ChatMessage(text="hi"))
    assert not inbound.may_send("viewer", inbound.SpeechStop())
    assert not inbound.may_send("viewer", inbound.ReplyApprove(reply_id="r1"))


def test_a_host_runs_the_floor_but_does_not_decide_drafts() -> None:
    assert inbound.may_send("host", inbound.ProductPin(product=None))
    assert inbound.may_send("host", inbound.QuestionAnswer(question_id="q1", text="yes"))
    assert not inbound.may_send("host", inbound.FactSet(attribute="price", value=1.0))


def test_every_in_frame_may_be_sent_by_an_operator() -> None:
    samples = [
        inbound.ChatMessage(text="a"), inbound.SpeechStop(), inbound.ReplyReject(reply_id="r1"),
        inbound.EvidenceHold(id="E1"), inbound.AutonomySet(level="post"),
    ]  # fmt: skip
    assert all(inbound.may_send("operator", frame) for frame in samples)


def test_every_out_frame_carries_type_seq_and_time() -> None:
    frame = fr.ChatMessages(seq=7, at_ms=120, items=())
    assert json.loads(fr.dump(frame)) == {"type": "chat.messages", "seq": 7, "at_ms": 120, "items": []}


def test_a_posted_reply_always_lists_askers_and_citations() -> None:
    frame = fr.ReplyPosted(seq=1, at_ms=2, reply_id="r1", text="t", lang="es", in_reply_to=(), citations=())
    said = json.loads(fr.dump(frame))
    assert said["in_reply_to"] == []
    assert said["citations"] == []


def test_the_schema_describes_every_frame_and_its_references_resolve() -> None:
    schema = schemas()
    said = msgspec.json.encode(schema).decode()
    assert len(schema["$defs"]["in"]["oneOf"]) == len(inbound.IN)
    assert len(schema["$defs"]["out"]["oneOf"]) == len(fr.OUT) + len(play_frames.OUT)
    for reference in {part.split('"')[0] for part in said.split('"$ref":"#/$defs/')[1:]}:
        assert reference in schema["$defs"], reference


def test_in_and_out_frames_of_the_contract_are_there() -> None:
    contract_in = {
        "chat.message", "mic.start", "mic.stop", "hand.raise", "playout", "speech.stop", "product.pin",
        "question.answer", "floor.give", "reply.approve", "reply.edit", "reply.reject", "reply.retract",
        "fact.set", "evidence.approve", "evidence.hold", "autonomy.set",
    }  # fmt: skip
    contract_out = {
        "hello", "chat.messages", "mic.state", "reply.drafted", "reply.posted", "question.state",
        "product.pinned", "error", "snapshot", "transcript.partial", "transcript.final", "caption",
        "speech.started", "speech.ducked", "speech.held", "speech.resumed", "speech.cut", "speech.ended",
    }  # fmt: skip
    own = {
        "rundown.set", "question.close", "question.hide", "question.prompt", "host.correct", "game.facts",
        "game.start", "game.end", "poll.open", "poll.vote", "poll.close", "collection.open",
        "collection.close", "review.list", "review.show",
    }  # fmt: skip
    assert contract_in | own == set(inbound.TYPES)
    assert contract_out <= {str(frame.__struct_config__.tag) for frame in fr.OUT}
