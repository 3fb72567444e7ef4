"""Runs suites: picks the cases, runs each, measures, compares. One suite after another, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cohost.clock import Clock
from cohost.errors import OperatorError
from evals.case import Case, chosen, spread
from evals.measure import changes_of, flaky, metrics_of, with_changes
from evals.outcome import Outcome, Scores, SuiteResult
from evals.runners.registry import runner_of
from evals.suite import Suite
from evals.world import World


@dataclass
class Plan:
    """What a run was asked for."""

    lang: str | None = None
    product: str | None = None
    pinned: str = ""  # the product a question is about that names none
    repeat: int = 1
    quick: bool = False
    failed: Mapping[str, set[str]] | None = None  # suite → ids of --only-failed
    baseline: Scores = field(default_factory=dict)
    progress: Callable[[str, int, int], None] | None = None


def cases_for(suite: Suite, ids: set[str] | None, plan: Plan, world: World) -> list[Case]:
    """The suite's cases a plan runs. Raises OperatorError on an id that is not there."""
    cases = list(runner_of(suite).load(suite, world))
    if ids is not None:
        missing = ids - {c.id for c in cases}
        if missing:
            raise OperatorError(
                f"got {suite.name}/{sorted(missing)[0]}, which is no case of that suite; "
                "expected an id of its files in evals/cases"
            )
    if plan.failed is not None:
        ids = (ids or {c.id for c in cases}) & plan.failed.get(suite.name, set())
    some = chosen(cases, lang=plan.lang, product=plan.product, only=ids, pinned=plan.pinned)
    return spread(some, suite.quick) if plan.quick and ids is None else some


async def run_suite(
    suite: Suite, cases: Sequence[Case], world: World, plan: Plan, clock: Clock
) -> SuiteResult:
    """Every case, `repeat` times; metrics are of the first run."""
    started = clock.perf()
    runs: list[list[Outcome]] = []
    async with runner_of(suite).running(world, suite) as run:
        for turn in range(plan.repeat):
            outcomes: list[Outcome] = []
            for number, case in enumerate(cases):
                if plan.progress:
                    plan.progress(suite.name, turn * len(cases) + number, plan.repeat * len(cases))
                outcomes += await run(case)
            runs.append(outcomes)
    if plan.progress:
        plan.progress(suite.name, plan.repeat * len(cases), plan.repeat * len(cases))
    changes = changes_of(suite, runs[0], plan.baseline.get(suite.name, {}))
    metrics = with_changes(metrics_of(suite, runs[0]), changes)
    if plan.repeat > 1:
        metrics.append(flaky(runs, suite.name))
    return SuiteResult(
        suite=suite.name, about=suite.about, metrics=tuple(metrics), outcomes=tuple(runs[0]),
        changes=tuple(changes), counted=suite.scorers, seconds=round(clock.perf() - started, 1),
    )  # fmt: skip


async def run_all(
    wanted: Sequence[tuple[Suite, set[str] | None]], world: World, plan: Plan, clock: Clock, brand: str
) -> list[SuiteResult]:
    """Every suite asked for. A suite of another brand's folder is told as not measured.

    Raises OperatorError when not one case is left to run.
    """
    todo = [(suite, *_selection(suite, ids, plan, world, brand)) for suite, ids in wanted]
    if not any(cases for _, cases, _ in todo):
        raise OperatorError("got no case to run: " + "; ".join(f"{s.name}: {why}" for s, _, why in todo))
    return [
        await run_suite(suite, cases, world, plan, clock) if cases
        else SuiteResult(suite=suite.name, about=suite.about, skipped=why)
        for suite, cases, why in todo
    ]  # fmt: skip


def _selection(
    suite: Suite, ids: set[str] | None, plan: Plan, world: World, brand: str
) -> tuple[list[Case], str]:
    """The cases to run; none, and why."""
    absent = runner_of(suite).absent(world)
    if absent:
        return [], absent
    if suite.brand and suite.brand != brand:
        return [], f"its cases speak of {suite.brand}, this folder is {brand or 'nameless'}"
    cases = cases_for(suite, ids, plan, world)
    return cases, "" if cases else "the filters leave no case"
