"""Runs suites: picks the cases, takes what is kept, runs the rest, measures, compares. One suite after
another, in order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cohost.clock import Clock
from cohost.errors import OperatorError
from evals.cache import Cache, case_key, suite_extra
from evals.case import Case, chosen, spread
from evals.measure import changes_of, failing, flaky, metrics_of, with_changes
from evals.outcome import Outcome, Scores, SuiteResult
from evals.runners.registry import runner_of
from evals.suite import Suite
from evals.workers import Done, Pool, run_here
from evals.world import World

FEW = 6
"""Fewer cases are run in this process: a worker opens the models first."""


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
    cache: Cache | None = None
    setup: str = ""  # evals.cache.fingerprint of this run
    pool: Pool | None = None
    reused: int = 0  # cases whose outcome was kept


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
    for turn in range(plan.repeat):
        ran = _Turn(suite, cases, world, plan, turn)
        runs.append(await ran.outcomes())
    if plan.progress:
        plan.progress(suite.name, plan.repeat * len(cases), plan.repeat * len(cases))
    baseline = plan.baseline.get(suite.name, {})
    changes = changes_of(suite, runs[0], baseline)
    metrics = with_changes(metrics_of(suite, runs[0]), changes)
    if plan.repeat > 1:
        metrics.append(flaky(runs, suite.name))
    return SuiteResult(
        suite=suite.name, about=suite.about, metrics=tuple(metrics), outcomes=tuple(runs[0]),
        changes=tuple(changes), counted=suite.scorers, confusion=suite.confusion,
        failing=failing(suite, metrics, changes, runs[0], baseline),
        seconds=round(clock.perf() - started, 1),
    )  # fmt: skip


class _Turn:
    """One run over a suite's cases: what is kept is taken, the rest is run and kept."""

    def __init__(self, suite: Suite, cases: Sequence[Case], world: World, plan: Plan, turn: int) -> None:
        self._suite, self._cases, self._world, self._plan = suite, cases, world, plan
        self._cache = plan.cache if turn == 0 and runner_of(suite).kept else None
        extra = suite_extra(suite) if self._cache else ""
        self._keys = [case_key(suite, case, extra, plan.setup) for case in cases] if self._cache else []
        self._before, self._whole = turn * len(cases), plan.repeat * len(cases)

    async def outcomes(self) -> list[Outcome]:
        """In the cases' order."""
        found: dict[int, list[Outcome]] = {}
        for number, key in enumerate(self._keys):
            kept = self._cache.get(key) if self._cache else None
            if kept is not None:
                found[number] = kept
        self._plan.reused += len(found)
        left = [n for n in range(len(self._cases)) if n not in found]
        self._tell(len(found))
        if left:
            async for place, outcomes in self._run([self._cases[n] for n in left]):
                found[left[place]] = outcomes
                if self._cache is not None:
                    self._cache.put(self._keys[left[place]], outcomes)
                self._tell(len(found))
        return [outcome for number in range(len(self._cases)) for outcome in found[number]]

    def _run(self, cases: Sequence[Case]) -> AsyncIterator[Done]:
        pool = self._plan.pool
        if pool is None or len(cases) < FEW or runner_of(self._suite).alone:
            return run_here(self._world, self._suite, cases)
        return pool.run(self._suite, cases)

    def _tell(self, done: int) -> None:
        if self._plan.progress:
            self._plan.progress(self._suite.name, self._before + done, self._whole)


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
