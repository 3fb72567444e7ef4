"""Every event survives JSON both ways; the vocabulary has no two events of one name."""

import typing

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cohost import events as ev
from cohost.common.people import Signature
from cohost.common.question import Asker, Citation, Claim, Draft, Question
from cohost.trust.evidence import Fact, Source

CLASSES = typing.get_args(ev.AnyEvent)


def test_kinds_are_unique_and_every_event_is_in_the_union() -> None:
    kinds = [ev.kind(c) for c in CLASSES]
    assert len(kinds) == len(set(kinds))
    declared = [
        c for c in vars(ev).values() if isinstance(c, type) and issubclass(c, ev.Event) and c is not ev.Event
    ]
    assert set(declared) == set(CLASSES)


def test_personal_fields_exist() -> None:
    for event in CLASSES:
        names = {f.name for f in msgspec.structs.fields(event)}
        for path in event.PERSONAL:
            assert path.split(".")[0].removesuffix("[]") in names, (event, path)


texts = st.text(max_size=40)


@given(text=texts, viewer=st.text(min_size=1, max_size=9), market=st.none() | st.sampled_from(["DE", "JP"]))
def test_a_message_survives_json(text: str, viewer: str, market: str | None) -> None:
    event = ev.ChatMessage(viewer=viewer, text=text, market=market)
    assert ev.decode(ev.encode(event)) == event


@given(value=st.floats(allow_nan=False, allow_infinity=False), quote=texts)
def test_evidence_inside_an_event_survives_json(value: float, quote: str) -> None:
    fact = Fact(
        id="E1",
        source=Source(document="a.md", quote=quote),
        source_class="B",
        attribute="weight",
        value=value,
        unit="g",
    )
    event = ev.EvidenceFound(question_id="q1", items=(fact,), scores=(1.0,))
    assert ev.decode(ev.encode(event)) == event


@given(text=texts)
def test_a_post_survives_json_with_its_claims_and_citations(text: str) -> None:
    event = ev.ReplyPosted(
        reply_id="r1", platform="room", text=text, lang="en", claims=(Claim(text, ("E1",)),),
        citations=(Citation(id="E1", kind="fact", document="a.md", quote=text, valid=True),),
    )  # fmt: skip
    assert ev.decode(ev.encode(event)) == event


@given(text=texts)
def test_a_decision_survives_json(text: str) -> None:
    event = ev.DecisionMade(
        reply_id="r1", question_id="q1", askers=(Asker(message_seq=1, viewer="v"),),
        draft=Draft(action="decline", reason="no_evidence", lang="en", text=text),
    )  # fmt: skip
    assert ev.decode(ev.encode(event)) == event


def test_a_question_knows_its_first_product() -> None:
    question = Question(id="q1", text="x", lang="en", intent="question.other", products=("a", "b"))
    assert question.product == "a"


def test_an_act_from_before_people_had_names_is_read_and_written_as_it_was() -> None:
    old = b'{"kind":"reply.approved","reply_id":"r1","text":"yes","by":"operator:Tom"}'
    event = ev.decode(old)
    assert event == ev.ReplyApproved(reply_id="r1", text="yes", by="operator:Tom")
    assert ev.encode(event) == old


def test_a_signed_act_survives_json_with_name_and_role() -> None:
    for event in (
        ev.EvidenceReleased(
            evidence_id="E1", state="approved", by="product:Mei", signed=Signature("Mei", "product")
        ),
        ev.QuestionClosed(
            question_id="q1", by="moderator:Mo", signed=Signature("Mo", "moderator"), hidden=True
        ),
        ev.FloorGiven(by="host:Lin", signed=Signature("Lin", "host")),
    ):
        assert ev.decode(ev.encode(event)) == event
