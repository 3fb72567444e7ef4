"""The circuit breaker: every change with its time, by hand and in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.decision.circuit import Circuit, Rules

RULES = Rules(trips_after=3, rest_ms=1000, most_ms=5000, longest_asked_ms=60_000)


def after(*failures_at: int, circuit: Circuit | None = None) -> Circuit:
    circuit = circuit or Circuit(RULES)
    for now in failures_at:
        circuit = circuit.begun(now).failed(now)
    return circuit


def test_it_opens_at_the_third_failure_in_a_row_and_not_before() -> None:
    assert after(0, 1).state(2) == "closed"
    assert after(0, 1, 2).state(2) == "open"
    kept = after(0, 1).succeeded(2)
    assert after(3, 4, circuit=kept).state(5) == "closed"


def test_half_open_lets_one_call_through_and_its_success_closes() -> None:
    circuit = after(0, 0, 0)
    assert [circuit.may(now) for now in (0, 999, 1000)] == [False, False, True]
    trial = circuit.begun(1000)
    assert not trial.may(1000)
    assert trial.abandoned().may(1000)
    assert trial.succeeded(1200) == Circuit(RULES)


def test_each_failed_trial_rests_twice_as_long_up_to_the_most() -> None:
    circuit, now, rests = after(0, 0, 0), 0, []
    for _ in range(5):
        assert circuit.until_ms is not None
        rests.append(circuit.until_ms - now)
        now = circuit.until_ms
        circuit = circuit.begun(now).failed(now)
    assert rests == [1000, 2000, 4000, 5000, 5000]


def test_a_retry_after_is_kept_to_at_once_and_cut_where_it_is_absurd() -> None:
    assert Circuit(RULES).failed(10, 7000).until_ms == 7010
    assert Circuit(RULES).failed(10, 10**9).until_ms == 60_010
    longer = Circuit(RULES).failed(10, 7000)
    assert longer.failed(20, 100).until_ms == 7010  # a later, shorter one does not shorten it
    assert longer.succeeded(20).state(6000) == "open"  # began before; the pause is kept
    assert longer.failed(20) == longer


def test_a_call_that_may_not_begin_is_an_error() -> None:
    with pytest.raises(ValueError, match="open"):
        after(0, 0, 0).begun(5)


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["ok", "fail", "retry", "cancel"]), st.integers(0, 3000), st.integers(0, 9000)
        ),
        max_size=60,
    )
)
def test_in_any_order_it_rests_as_long_as_it_was_asked_and_never_for_good(
    steps: list[tuple[str, int, int]],
) -> None:
    circuit, now, asked_until = Circuit(RULES), 0, 0
    for what, pause, retry in steps:
        now += pause
        if not circuit.may(now):
            assert circuit.until_ms is not None
            assert now < circuit.until_ms
            continue
        assert now >= asked_until
        circuit = circuit.begun(now)
        if what == "ok":
            circuit = circuit.succeeded(now)
        elif what == "fail":
            circuit = circuit.failed(now)
        elif what == "retry":
            circuit, asked_until = circuit.failed(now, retry), now + retry
        else:
            circuit = circuit.abandoned()
    assert circuit.may(now + RULES.longest_asked_ms)
