"""Statistics: seeded, and equal to what a hand works out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.stats import Paired, interval, mcnemar, mean


def test_nothing_has_no_mean_and_no_interval() -> None:
    assert mean([]) is None
    assert interval([]) == (None, None)


def test_the_same_values_and_name_give_the_same_interval() -> None:
    values = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0]
    assert interval(values, "a") == interval(values, "a")


def test_the_interval_of_half_right_of_a_hundred_is_about_a_tenth_each_way() -> None:
    low, high = interval([0.0, 1.0] * 50, "half")
    assert low == pytest.approx(0.40, abs=0.02)
    assert high == pytest.approx(0.60, abs=0.02)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_interval_holds_the_mean_and_stays_within_the_values(values: list[float]) -> None:
    low, high = interval(values, "x")
    assert low is not None
    assert high is not None
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


@pytest.mark.parametrize(
    ("lost", "gained", "p"), [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (8, 2, 0.109375), (3, 3, 1.0)]
)
def test_mcnemar_is_the_exact_binomial(lost: int, gained: int, p: float) -> None:
    assert mcnemar(lost, gained) == pytest.approx(p)


def test_only_cases_of_both_runs_are_compared() -> None:
    paired = Paired({"a": 1.0, "b": 0.0, "old": 1.0}, {"a": 0.0, "b": 1.0, "new": 0.0})
    assert (paired.n, paired.lost, paired.gained, paired.difference) == (2, 1, 1, 0.0)


def test_one_lost_case_among_many_is_noise_and_many_are_a_regression() -> None:
    before = {str(n): 1.0 for n in range(100)}
    one = before | {"0": 0.0}
    ten = before | {str(n): 0.0 for n in range(10)}
    assert not Paired(before, one, "x").worse(0.0)
    assert Paired(before, ten, "x").worse(0.0)
    assert not Paired(before, ten, "x").worse(0.2)
    assert not Paired(ten, before, "x").worse(0.0)
