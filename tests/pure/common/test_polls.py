"""Polls: one vote a viewer, counted right whatever the order; what a typed line votes for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost import events as ev
from cohost.common.polls import MOST_CHANGES, Poll, faults, shares, typed

OPTIONS = ("Black", "Sand", "Coral red")
votes = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(-1, 4)), max_size=80)


def poll(*options: str) -> Poll:
    return Poll("p1", 1, 0, "Which one?", options or OPTIONS, "en")


@given(votes)
def test_every_viewer_has_one_vote_and_it_is_the_last_that_counted(given: list[tuple[str, int]]) -> None:
    one = poll()
    last: dict[str, int] = {}
    tries: dict[str, int] = {}
    for viewer, option in given:
        fits = 0 <= option < len(OPTIONS) and tries.get(viewer, 0) < MOST_CHANGES
        assert one.vote(viewer, option) is fits
        if fits:
            last[viewer] = option
            tries[viewer] = tries.get(viewer, 0) + 1
    assert one.votes == last
    assert one.tally == [sum(v == n for v in last.values()) for n in range(len(OPTIONS))]
    assert sum(one.tally) == len(last)


@given(votes)
def test_nothing_counts_once_it_is_closed(given: list[tuple[str, int]]) -> None:
    one = poll()
    one.vote("a", 0)
    one.closed = True
    for viewer, option in given:
        assert not one.vote(viewer, option)
    assert one.tally == [1, 0, 0]


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=6))
def test_shares_are_whole_and_make_a_hundred(counts: list[int]) -> None:
    found = shares(counts)
    assert sum(found) == (100 if sum(counts) else 0)
    for count, share in zip(counts, found, strict=True):
        assert sum(counts) == 0 or abs(share - count * 100 / sum(counts)) < 1


def test_a_viewer_who_changes_for_ever_is_told_so_and_keeps_the_last_vote() -> None:
    one = poll()
    for n in range(MOST_CHANGES):
        assert one.vote("a", n % 2)
    assert one.refuses("a", 2) == "too_often"
    assert one.votes["a"] == (MOST_CHANGES - 1) % 2


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("2", 1), ("２", 1), ("٢", 1), (" #2 ", 1), ("2!", 1), ("black", 0), ("BLACK!!", 0), ("coral red", 2),
        ("Córal-Red", 2), ("4", None), ("0", None), ("black please", None), ("22", None), ("", None),
        ("😍", None), ("2 hours?", None), ("②", 1),
    ],
)  # fmt: skip
def test_a_typed_line_votes_by_number_or_name_and_by_nothing_else(line: str, option: int | None) -> None:
    assert typed(line, poll()) == option


def test_a_name_that_is_a_number_goes_before_the_number_of_an_option() -> None:
    assert typed("2", poll("4", "2", "1")) == 1
    assert typed("4", poll("4", "2", "1")) == 0


def test_a_translated_name_votes_too() -> None:
    one = poll()
    one.told["de"] = ev.PollTranslated(
        poll_id="p1", lang="de", question="Welche?", options=("Schwarz", "Sand", "Koralle")
    )
    assert typed("schwarz", one) == 0
    assert typed("Koralle", one) == 2


@pytest.mark.parametrize(
    ("question", "options", "words"),
    [
        ("", ("a", "b"), "no question"), ("q" * 161, ("a", "b"), "161 characters"),
        ("q", ("a",), "1 options"), ("q", tuple("abcdefg"), "7 options"), ("q", ("a", " "), "empty option"),
        ("q", ("a", "x" * 61), "61 characters"), ("q", ("Black", "black!"), "read alike"),
    ],
)  # fmt: skip
def test_a_poll_that_nobody_could_vote_in_is_refused_in_one_line(
    question: str, options: tuple[str, ...], words: str
) -> None:
    assert words in faults(question, options)
    assert "\n" not in faults(question, options)


def test_a_poll_like_any_other_is_taken() -> None:
    assert faults("Which one?", OPTIONS) == ""
