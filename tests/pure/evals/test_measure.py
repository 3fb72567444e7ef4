"""Outcomes become metrics, gates and changes."""

from __future__ import annotations

from evals.measure import changes_of, failing, flaky, metrics_of, with_changes
from evals.outcome import Metric, Outcome, SuiteResult, failures
from evals.suite import Gate, Suite

SUITE = Suite(
    name="s", about="", runner="answers", scorers=("value",), group_least=2,
    gates={"value": Gate(min=0.7, worst=0.5)},
)  # fmt: skip


def outcome(case: str, lang: str, value: float, **more: float) -> Outcome:
    return Outcome(case=case, lang=lang, asked="?", scores={"value": value, **more})


OUTCOMES = [
    outcome("a", "en", 1), outcome("b", "en", 1), outcome("c", "de", 0), outcome("d", "de", 0),
    outcome("e", "fr-CA", 1, peer=0),
]  # fmt: skip


def by_name(metrics: list[Metric]) -> dict[str, Metric]:
    return {m.metric: m for m in metrics}


def test_the_worst_language_is_gated_beside_the_mean() -> None:
    found = by_name(metrics_of(SUITE, OUTCOMES))
    assert found["value"].value == 0.6
    assert found["value"].holds is False
    assert found["value[de]"].holds is False
    assert found["value[en]"].holds is True


def test_a_group_too_small_is_shown_and_never_gated() -> None:
    assert by_name(metrics_of(SUITE, OUTCOMES))["value[fr]"].holds is None


def test_what_only_peers_scored_comes_last_and_ungated() -> None:
    metrics = metrics_of(SUITE, OUTCOMES)
    assert [m.metric for m in metrics if "[" not in m.metric] == ["value", "peer"]
    assert by_name(metrics)["peer"].holds is None


def test_a_scorer_that_applied_nowhere_is_not_measured() -> None:
    (metric,) = metrics_of(SUITE, [])
    assert (metric.value, metric.n, metric.holds) == (None, 0, None)


def test_a_regression_against_the_baseline_does_not_hold() -> None:
    outcomes = [outcome(str(n), "en", float(n >= 8)) for n in range(80)]
    baseline = {str(n): {"value": 1.0} for n in range(80)}
    (change,) = changes_of(SUITE, outcomes, baseline)
    assert change.regression
    assert change.lost == tuple(str(n) for n in range(8))
    assert by_name(with_changes(metrics_of(SUITE, outcomes), [change]))["value"].holds is False


def test_an_equal_run_has_no_change_and_one_lost_case_is_told_but_no_regression() -> None:
    outcomes = [outcome(str(n), "en", float(n > 0)) for n in range(80)]
    same = {o.case: dict(o.scores) for o in outcomes}
    assert changes_of(SUITE, outcomes, same) == []
    (change,) = changes_of(SUITE, outcomes, same | {"0": {"value": 1.0}})
    assert change.lost == ("0",)
    assert not change.regression


def test_cases_whose_scores_differ_between_runs_are_flaky() -> None:
    again = [*OUTCOMES[:-1], outcome("e", "fr", 0)]
    metric = flaky([OUTCOMES, again], "s")
    assert (metric.value, metric.holds) == (0.2, False)
    assert flaky([OUTCOMES, OUTCOMES], "s").holds is True


def test_a_case_fails_by_counted_scorers_only() -> None:
    result = SuiteResult(suite="s", outcomes=tuple(OUTCOMES), counted=("value",))
    assert [(o.case, missed) for o, missed in failures(result)] == [("c", ["value"]), ("d", ["value"])]


def fails(outcomes: list[Outcome], baseline: dict[str, dict[str, float]], suite: Suite = SUITE) -> set[str]:
    changes = changes_of(suite, outcomes, baseline)
    metrics = with_changes(metrics_of(suite, outcomes), changes)
    return set(failing(suite, metrics, changes, outcomes, baseline))


def test_a_threshold_missed_now_and_not_before_fails_the_run() -> None:
    held = {o.case: {"value": 1.0} for o in OUTCOMES}
    assert fails(OUTCOMES, held) == {"value", "value[de]"}
    assert fails(OUTCOMES, {}) == {"value", "value[de]"}, "nothing to compare with: what is asked counts"


def test_a_threshold_missed_before_too_is_told_and_fails_nothing() -> None:
    same = {o.case: dict(o.scores) for o in OUTCOMES}
    assert fails(OUTCOMES, same) == set()


def test_a_hard_case_fails_the_run_whatever_was_before() -> None:
    hard = Suite(
        name="s", about="", runner="answers", scorers=("value",), gates={"value": Gate(min=1.0, hard=True)}
    )
    same = {o.case: dict(o.scores) for o in OUTCOMES}
    assert fails(OUTCOMES, same, hard) == {"value"}


def test_a_few_cases_do_not_say_that_a_language_is_below() -> None:
    some = [outcome(str(n), "de", float(n > 0)) for n in range(4)]
    found = by_name(metrics_of(Suite(
        name="s", about="", runner="answers", scorers=("value",), group_least=2,
        gates={"value": Gate(worst=0.8)},
    ), some))["value[de]"]  # fmt: skip
    assert (found.value, found.holds) == (0.75, True)


def test_times_are_told_as_median_and_percentiles_and_never_gated() -> None:
    timed = [
        Outcome(case=str(n), lang="en", asked="?", scores={"value": 1.0}, times={"first": float(n)})
        for n in range(100)
    ]
    found = by_name(metrics_of(SUITE, timed))["first_ms"]
    assert (found.value, found.low, found.high, found.n) == (50.0, 5.0, 95.0, 100)
    assert (found.threshold, found.holds) == (None, None)
    assert changes_of(SUITE, timed, {str(n): {"first": 0.0} for n in range(100)}) == []
