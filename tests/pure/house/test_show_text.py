"""A show as lines: what a replay needs, no names, and evidence by its id."""

from __future__ import annotations

import pytest

from cohost import events as ev
from cohost.errors import LogError
from cohost.show_text import read_show, write_show
from cohost.trust.evidence import Fact, Source

FACT = Fact(
    id="E1", source=Source(document="a.md", quote="Weight 412 g"), source_class="B", attribute="weight",
    value=412.0, unit="g",
)  # fmt: skip
RECORDS = [
    ev.Record(1, 10, None, None, ev.ChatMessage(viewer="twitch:anna", text="how heavy?", name="Anna B.")),
    ev.Record(2, 20, "q1", 1, ev.EvidenceFound(question_id="q1", items=(FACT,), scores=(1.0,))),
    ev.Record(3, 30, None, None, ev.ChatMessage(viewer="twitch:anna", text="and the price?", name="Anna B.")),
]


def test_lines_read_back_without_names_and_with_the_evidence_of_today() -> None:
    text = write_show(RECORDS)
    assert "Anna" not in text
    assert "anna" not in text
    records, gone = read_show(text, "show.jsonl", {"E1": FACT}.get)
    assert gone == ()
    lines = [r.event for r in records if isinstance(r.event, ev.ChatMessage)]
    assert [(m.viewer, m.text, m.name) for m in lines] == [
        ("v1", "how heavy?", ""),
        ("v1", "and the price?", ""),
    ]
    found = [r.event for r in records if isinstance(r.event, ev.EvidenceFound)]
    assert found[0].items == (FACT,)
    assert [(r.seq, r.at_ms, r.cause_seq) for r in records] == [(1, 10, None), (2, 20, 1), (3, 30, None)]


def test_evidence_that_is_gone_is_named_and_looked_up_again() -> None:
    records, gone = read_show(write_show(RECORDS), "show.jsonl", lambda _: None)
    assert gone == ("E1",)
    assert not any(isinstance(r.event, ev.EvidenceFound) for r in records)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"seq": 1}', '{"seq":1,"at_ms":0,"turn":null,"cause":null,"event":{"kind":"no"}}']
)
def test_a_line_that_is_no_record_is_told_with_its_place(line: str) -> None:
    with pytest.raises(LogError, match=r"show\.jsonl:1"):
        read_show(line, "show.jsonl", lambda _: None)
