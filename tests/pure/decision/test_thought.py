"""Thoughts that a reasoning model writes before its answer never reach the cutter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cohost.decision.thought import NAMES, Thoughts


def through(*pieces: str) -> str:
    thoughts = Thoughts()
    return "".join(thoughts.feed(p) for p in pieces) + thoughts.flush()


def test_a_thought_at_the_start_is_left_out() -> None:
    assert through("<think>Is it 22 h? E3 says so.</think>\n\n22 h [E3].") == "\n\n22 h [E3]."


def test_an_empty_thought_and_two_in_a_row_are_left_out() -> None:
    assert through("<think>\n\n</think>\n<Thinking>no</thinking>Yes [E1].") == "Yes [E1]."


def test_text_without_a_thought_stays_whole() -> None:
    assert through("It is <b>bold</b> [E1]. <think>later</think>") == (
        "It is <b>bold</b> [E1]. <think>later</think>"
    )
    assert through("<th") == "<th"


def test_a_thought_without_an_end_leaves_nothing_and_says_so() -> None:
    thoughts = Thoughts()
    assert thoughts.feed("<think>and so on " * 9) == ""
    assert thoughts.inside
    assert thoughts.flush() == ""
    assert thoughts.characters > 80


THOUGHT = st.text(alphabet="ab <>/[E3]\n", max_size=40)
ANSWER = st.text(alphabet="cd. [E3]\n<", max_size=40)


@given(st.sampled_from(NAMES), THOUGHT, ANSWER, st.data())
def test_how_the_stream_is_cut_changes_nothing(name: str, thought: str, answer: str, data: st.DataObject):
    whole = f"<{name}>{thought}</{name}>x{answer}"
    pieces, at = [], 0
    while at < len(whole):
        step = data.draw(st.integers(1, 9))
        pieces.append(whole[at : at + step])
        at += step
    assert through(*pieces) == f"x{answer}"
