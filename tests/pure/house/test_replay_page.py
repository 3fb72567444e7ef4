"""The page of a replay: when, what was asked, then and now."""

from __future__ import annotations

from cohost.replay import Difference
from cohost.replay_page import timeline


def test_differences_stand_by_message_and_every_text_is_escaped() -> None:
    changed = [
        Difference(4, 1500, "message 1 [de] text", "<b>alt</b>", "neu", "wie <i>schwer</i>"),
        Difference(4, 1500, "message 1 [de] evidence", ["E1", "E2"], None, "wie <i>schwer</i>"),
        Difference(9, 3000, "message 2 [en] action", "answer", "decline", "price"),
    ]
    page = timeline(changed, 2, ("E9",), "friday<.log")
    assert page.count("<li>") == 2
    assert "1.5 s" in page
    assert "E1, E2" in page
    assert "1 pieces of evidence" in page
    for raw in ("<b>", "<i>", "friday<"):
        assert raw not in page


def test_a_show_that_is_decided_the_same_says_so() -> None:
    assert "Every decision is the same" in timeline([], 5, (), "friday.log")
