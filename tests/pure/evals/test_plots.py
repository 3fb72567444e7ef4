"""Drawings hold what they are drawn from, escaped."""

from __future__ import annotations

from evals.outcome import Outcome
from evals.plots import calibration, distribution, matrix, pairs_of


def outcome(owed: object, got: str) -> Outcome:
    return Outcome(case="c", lang="en", asked="?", expected={"kind": owed}, got={"kind": got})


def test_of_several_that_are_right_the_one_that_came_counts() -> None:
    some = [
        outcome(["answer", "decline"], "decline"),
        outcome(["answer"], "decline"),
        outcome("spam", "spam"),
    ]
    pairs = pairs_of(some, "kind")
    assert pairs == {("decline", "decline"): 1, ("answer", "decline"): 1, ("spam", "spam"): 1}
    assert pairs_of(some, "other") == {}


def test_a_matrix_shows_every_count_and_escapes_its_names() -> None:
    drawn = matrix({("<b>", "<b>"): 7, ("<b>", "x"): 3})
    assert "<b>" not in drawn
    assert ">7<" in drawn
    assert ">3<" in drawn


def test_a_distribution_marks_its_median_and_tail() -> None:
    drawn = distribution([float(n) for n in range(1, 101)])
    assert "p50 51 ms" in drawn
    assert "p95 96 ms" in drawn
    assert "p50 5 ms" in distribution([5.0])


def test_calibration_has_a_point_for_each_tenth_that_has_cases() -> None:
    drawn = calibration([(0.05, 0.0), (0.95, 1.0), (0.97, 0.0), (1.0, 1.0)], "s")
    assert drawn.count("<circle") == 2
    assert "0.667, n 3" in drawn


def test_every_drawing_says_in_words_what_it_shows() -> None:
    drawn = (
        matrix({("<a>", "b"): 2, ("b", "b"): 1}), distribution([1.0, 2.0, 900.0]),
        calibration([(0.1, 0.0), (0.95, 1.0)], "x"),
    )  # fmt: skip
    for one in drawn:
        assert "role='img' aria-label='" in one
    assert "1 of 3 as owed" in drawn[0]
    assert "p95 900 ms" in drawn[1]
    assert ".9: 1.000 of 1 right" in drawn[2]
