"""Outcomes → metrics, gates and changes against a baseline. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from evals.outcome import Change, Metric, Outcome
from evals.stats import Paired, interval, macro_f1, macro_interval, mean, quantile
from evals.suite import MACRO, Gate, Suite


def metrics_of(suite: Suite, outcomes: Sequence[Outcome]) -> list[Metric]:
    """One metric a scorer, then one a group of it; scorers nobody asked for come last, ungated."""
    names = list(suite.scorers)
    names += sorted({name for o in outcomes for name in o.scores} - set(names))
    found: list[Metric] = []
    for name in names:
        gate = suite.gates.get(name, Gate())
        found.append(
            _metric(suite.name, name, [o.scores[name] for o in outcomes if name in o.scores], gate.min)
        )
        for key in suite.by:
            found += _grouped(suite, name, key, outcomes, gate.worst if key == suite.by[0] else None)
    if suite.macro_f1 and suite.confusion:
        found.append(_macro(suite, outcomes))
    return found + _times(suite, outcomes)


def _times(suite: Suite, outcomes: Sequence[Outcome]) -> list[Metric]:
    """A line a time that was taken: median, 5th and 95th percentile, in ms. Reported, never gated."""
    found = []
    for name in dict.fromkeys(name for o in outcomes for name in o.times):
        values = [o.times[name] for o in outcomes if name in o.times]
        low, middle, high = (quantile(values, q) for q in (0.05, 0.5, 0.95))
        found.append(
            Metric(suite=suite.name, metric=f"{name}_ms", value=_round(middle), low=_round(low),
                   high=_round(high), n=len(values))
        )  # fmt: skip
    return found


def _macro(suite: Suite, outcomes: Sequence[Outcome]) -> Metric:
    key = suite.confusion
    pairs = [(str(o.expected[key]), str(o.got.get(key))) for o in outcomes if key in o.expected]
    value, (low, high) = macro_f1(pairs), macro_interval(pairs, f"{suite.name}.{MACRO}")
    threshold = suite.gates.get(MACRO, Gate()).min
    return Metric(
        suite=suite.name, metric=MACRO, value=_round(value), low=_round(low), high=_round(high), n=len(pairs),
        threshold=threshold, holds=None if threshold is None or value is None else value >= threshold - 1e-9,
    )  # fmt: skip


def _grouped(
    suite: Suite, name: str, key: str, outcomes: Sequence[Outcome], worst: float | None
) -> list[Metric]:
    rows: dict[str, list[float]] = {}
    for outcome in outcomes:
        group = group_of(outcome, key)
        if name in outcome.scores and group:
            rows.setdefault(group, []).append(outcome.scores[name])
    found = []
    for group, values in sorted(rows.items()):
        asked = worst if len(values) >= suite.group_least else None
        metric = _metric(suite.name, f"{name}[{group}]", values, asked)
        if metric.holds is False and metric.high is not None and asked is not None and metric.high >= asked:
            metric = msgspec.structs.replace(metric, holds=True)  # a few cases: not said to be below
        found.append(metric)
    return found


def group_of(outcome: Outcome, key: str) -> str:
    """A case's group under a key; `lang` is the primary language."""
    return outcome.lang.split("-")[0] if key == "lang" else outcome.groups.get(key, "")


def _metric(suite: str, name: str, values: Sequence[float], threshold: float | None) -> Metric:
    value = mean(values)
    low, high = interval(values, f"{suite}.{name}")
    return Metric(
        suite=suite,
        metric=name,
        value=_round(value),
        low=_round(low),
        high=_round(high),
        n=len(values),
        threshold=threshold,
        holds=None if threshold is None or value is None else value >= threshold - 1e-9,
    )


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def scores_by_case(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Case id → its scores, as a baseline keeps them."""
    return {o.case: {k: round(v, 4) for k, v in sorted(o.scores.items())} for o in outcomes}


def changes_of(
    suite: Suite, outcomes: Sequence[Outcome], baseline: Mapping[str, Mapping[str, float]]
) -> list[Change]:
    """Every scorer whose value changed over the cases both runs have, paired."""
    now = scores_by_case(outcomes)
    found: list[Change] = []
    for name in suite.scorers:
        old = {c: s[name] for c, s in baseline.items() if name in s and name in now.get(c, {})}
        new = {c: now[c][name] for c in old}
        if old == new:
            continue
        paired = Paired(old, new, f"{suite.name}.{name}")
        tolerance = suite.gates.get(name, Gate()).tolerance
        found.append(
            Change(
                suite=suite.name,
                metric=name,
                before=_round(mean(list(old.values()))) or 0.0,
                now=_round(mean(list(new.values()))) or 0.0,
                n=paired.n,
                lost=tuple(c for c in sorted(old) if new[c] < old[c]),
                gained=tuple(c for c in sorted(old) if new[c] > old[c]),
                difference=round(paired.difference, 4),
                low=round(paired.low, 4),
                high=round(paired.high, 4),
                p=round(paired.p, 4),
                regression=paired.worse(tolerance),
            )
        )
    return found


def with_changes(metrics: Sequence[Metric], changes: Sequence[Change]) -> list[Metric]:
    """A metric that regressed against the baseline does not hold, whatever its threshold."""
    worse = {c.metric for c in changes if c.regression}
    return [msgspec.structs.replace(m, holds=False) if m.metric in worse else m for m in metrics]


def failing(
    suite: Suite,
    metrics: Sequence[Metric],
    changes: Sequence[Change],
    outcomes: Sequence[Outcome],
    baseline: Mapping[str, Mapping[str, float]],
) -> tuple[str, ...]:
    """The metrics that fail a run: what regressed, what is dangerous, and what does not hold now and held
    before. A threshold that the baseline missed as well over the same cases is told and fails nothing."""
    worse = {c.metric for c in changes if c.regression}
    found = []
    for metric in metrics:
        if metric.holds is not False:
            continue
        name = metric.metric.partition("[")[0]
        hard = suite.gates.get(name, Gate()).hard
        if hard or metric.metric in worse or not _missed_before(suite, metric, outcomes, baseline):
            found.append(metric.metric)
    return tuple(found)


def _missed_before(
    suite: Suite, metric: Metric, outcomes: Sequence[Outcome], baseline: Mapping[str, Mapping[str, float]]
) -> bool:
    """Whether an earlier run lay below the threshold too, over the cases that both have."""
    name, _, group = metric.metric.partition("[")
    some = [
        o for o in outcomes
        if not group or any(group_of(o, key) == group.rstrip("]") for key in suite.by)
    ]  # fmt: skip
    old = [baseline[o.case][name] for o in some if name in baseline.get(o.case, {})]
    if not old or metric.threshold is None:
        return False
    return (mean(old) or 0.0) < metric.threshold - 1e-9


def flaky(runs: Sequence[Sequence[Outcome]], suite: str) -> Metric:
    """The share of cases whose scores differ between runs of the same code."""
    seen: dict[str, set[str]] = {}
    for outcomes in runs:
        for case, scores in scores_by_case(outcomes).items():
            seen.setdefault(case, set()).add(repr(scores))
    values = [float(len(kinds) > 1) for kinds in seen.values()]
    metric = _metric(suite, "flaky", values, None)
    holds = None if metric.value is None else metric.value == 0.0
    return msgspec.structs.replace(metric, threshold=0.0, holds=holds)
