"""`cohost eval`: measure, report, compare with what an earlier run reached."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

import cohost
from cohost import resources, settings
from cohost.app import knowledge_folder
from cohost.clock import WallClock
from cohost.commands.terminal import add_common, bars, emit, existing_file, say
from cohost.errors import UsageError
from cohost.knowledge.kbtoml import load as load_kb
from cohost.languages import LANGUAGES, base
from evals import draft_command
from evals.baseline import PACKAGED, read_baseline, write_baseline
from evals.cache import Cache, default_file, fingerprint, folder_version
from evals.compare import compare_page, compared, read_run
from evals.draft_command import cases_file
from evals.judge import NO_JUDGE, judge_all
from evals.outcome import Change, Metric, SuiteResult
from evals.report import Run, read_failed, write_page, write_reports
from evals.runner import Plan, run_all
from evals.suite import Suite, load_suites, pick, with_own
from evals.workers import Pool, workers_here
from evals.world import World


def add(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "eval",
        help="measure answers, languages, retrieval and the guard",
        description="Runs suites of cases and reports what holds. Exit 0 everything asked holds, 1 a "
        "regression, 2 bad input, no case, or a named baseline that is missing.",
    )
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE", help="suites (default all); SUITE/CASE runs one case alone"
    )
    parser.add_argument("--lang", default=None, metavar="TAG", help="only cases in this language")
    parser.add_argument("--product", default=None, metavar="ID", help="only cases about this product")
    parser.add_argument("--only-failed", action="store_true", help="only what failed in the run of --out")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="run N times, report what flakes")
    parser.add_argument(
        "--workers", type=int, default=None, metavar="N",
        help="processes that run cases side by side (default: one a core, four at most)",
    )  # fmt: skip
    parser.add_argument("--fresh", action="store_true", help="run every case, also those nothing changed for")
    parser.add_argument("--quick", action="store_true", help="a few cases of each suite")
    parser.add_argument("--out", default="", metavar="DIR", help="reports (default: the state folder)")
    parser.add_argument("--baseline", default="", metavar="FILE", help="compare with this earlier run")
    parser.add_argument(
        "--write-baseline", nargs="?", const=str(PACKAGED), default="", metavar="FILE",
        help="keep what this run reached for later runs to compare with (default: evals/baseline.json)",
    )  # fmt: skip
    parser.add_argument(
        "--data",
        default=os.environ.get("COHOST_DATA", ""),
        metavar="DIR",
        help="recordings and texts from outside (default: COHOST_DATA)",
    )
    parser.add_argument(
        "--compare", nargs=2, default=None, metavar=("BEFORE", "NOW"),
        help="two earlier runs (their --out) side by side; exit 1 on a regression",
    )  # fmt: skip
    parser.add_argument(
        "--cases", default="", metavar="FILE",
        help="cases of your own: a file of eval-draft (default: where it writes), or a folder: its "
        "SUITE.jsonl run beside that suite's, every other .jsonl as your own questions",
    )  # fmt: skip
    parser.add_argument(
        "--judge", action="store_true",
        help="also ask the configured language model whether replies help and how they sound (told, never "
        "gated, never asked what is true)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON Lines, one a metric")
    add_common(parser)
    parser.set_defaults(run=run)
    draft_command.add(commands)


def run(args: argparse.Namespace) -> int:
    if args.compare:
        return compare(args)
    if args.repeat < 1:
        raise UsageError(f"got --repeat {args.repeat}, expected 1 or more")
    if args.workers is not None and args.workers < 1:
        raise UsageError(f"got --workers {args.workers}, expected 1 or more")
    if args.lang is not None and base(args.lang) not in LANGUAGES:
        raise UsageError(f"got --lang {args.lang}, expected one of: {', '.join(LANGUAGES)}")
    if args.data and not Path(args.data).is_dir():
        raise UsageError(f"got --data {args.data}, which is no folder; expected one with recordings or texts")
    folder = knowledge_folder(args.kb)
    catalogue = load_kb(folder).catalogue
    if args.cases and not Path(args.cases).is_dir():
        existing_file(args.cases, "cases of eval-draft, or a folder of case files")
    suites = load_suites()
    if args.cases:
        suites = with_own(suites, Path(args.cases), catalogue.brand.name)
    wanted = pick(suites, args.suites)
    part = (
        args.cases
        or args.quick
        or args.lang
        or args.product
        or args.only_failed
        or any(ids for _, ids in wanted)
    )
    if args.write_baseline and part:
        raise UsageError("got --write-baseline with a part of the cases, expected whole suites")
    pinned = catalogue.pinned()
    out = Path(args.out) if args.out else resources.state_dir() / "evals"
    plan = Plan(
        lang=args.lang, product=args.product, pinned=pinned.id if pinned else "", repeat=args.repeat,
        quick=args.quick,
        failed=read_failed(out) if args.only_failed else None, baseline=read_baseline(args.baseline),
    )  # fmt: skip
    version = folder_version(folder)
    if not args.fresh:
        plan.setup = fingerprint(version, args.on, Path(args.data) if args.data else None)
    if args.judge and not settings.load().llm.servers():
        raise UsageError(NO_JUDGE)
    results = asyncio.run(_run(args, wanted, folder, catalogue.brand.name, plan))
    if args.judge:
        results = asyncio.run(judge_all(results))
    files = write_reports(
        out,
        Run(
            version=cohost.__version__, on=args.on or _day(wanted), folder=folder.name,
            kb=version, command=_command(args), suites=tuple(results),
        ),
    )  # fmt: skip
    if args.write_baseline:
        write_baseline(Path(args.write_baseline), results, cohost.__version__, WallClock().today())
    (emit_all if args.json else show)(results)
    if plan.reused:
        sys.stderr.write(f"{plan.reused} cases stand from earlier runs of the same code (--fresh runs all)\n")
    sys.stderr.write(f"reports: {', '.join(str(f) for f in files)}\n")
    return 1 if any(r.failing for r in results) else 0


async def _run(
    args: argparse.Namespace,
    wanted: list[tuple[Suite, set[str] | None]],
    folder: Path,
    brand: str,
    plan: Plan,
) -> list[SuiteResult]:
    with bars() as progress:
        plan.progress = progress
        data = Path(args.data) if args.data else None
        cases = Path(args.cases) if args.cases else cases_file(folder)
        world = World(folder, on=args.on, data=data, cases=cases, progress=progress)
        count = args.workers or workers_here()
        plan.pool = Pool(world, count) if count > 1 else None
        if not args.fresh:
            plan.cache = Cache(default_file())
        try:
            return await run_all(wanted, world, plan, WallClock(), brand)
        finally:
            for opened in (plan.pool, plan.cache, world):
                if opened is not None:
                    opened.close()


def compare(args: argparse.Namespace) -> int:
    """`--compare BEFORE NOW`: a line a changed metric, and compare.html in `--out`."""
    names = [Path(place).name for place in args.compare]
    before, now = (read_run(place) for place in args.compare)
    found = compared(before, now, load_suites())
    if args.suites:
        found = [c for c in found if c.suite in args.suites]
    out = Path(args.out) if args.out else resources.state_dir() / "evals"
    file = write_page(out, "compare.html", compare_page(found, *names))
    changes = [change for suite in found for change in suite.changes]
    for change in changes:
        if args.json:
            emit(msgspec.to_builtins(change))
        else:
            say(f"{change.suite:14} {told(change)}")
    if not args.json and not changes:
        say("no metric changed")
    sys.stderr.write(f"side by side: {file}\n")
    return 1 if any(change.regression for change in changes) else 0


def told(change: Change) -> str:
    """A change in one line."""
    lost = f", lost {', '.join(change.lost[:8])}" if change.lost else ""
    gained = f", gained {', '.join(change.gained[:8])}" if change.gained else ""
    return (
        f"{'REGRESSION in ' if change.regression else ''}{change.metric}: {change.before:.3f} → "
        f"{change.now:.3f} ({change.low:+.3f} to {change.high:+.3f}, n {change.n}){lost}{gained}"
    )


def _day(wanted: list[tuple[Suite, set[str] | None]]) -> dt.date | None:
    return next((suite.on for suite, _ in wanted if suite.on), None)


def _command(args: argparse.Namespace) -> str:
    words = ["cohost eval", *args.suites]
    words += [f"--{k} {v}" for k in ("lang", "product", "on") if (v := getattr(args, k))]
    words += ["--quick"] if args.quick else []
    return " ".join(str(w) for w in words)


def emit_all(results: list[SuiteResult]) -> None:
    """The contract's JSON Lines: one object a metric, whole metrics before their groups."""
    for result in results:
        for metric in result.metrics:
            if metric.n or "[" not in metric.metric:
                emit(msgspec.to_builtins(metric))


def show(results: list[SuiteResult]) -> None:
    """A table a suite, for a person: the whole, and the groups that do not hold."""
    for result in results:
        say(f"\n{result.suite}: {result.about}")
        if result.skipped:
            say(f"  not measured: {result.skipped}")
        for metric in result.metrics:
            if metric.n and ("[" not in metric.metric or metric.holds is False):
                say(_row(metric, metric.metric in result.failing))
        for change in result.changes:
            if change.regression:
                say(f"  {told(change)}")


def _row(metric: Metric, fails: bool) -> str:
    missed = "DOES NOT HOLD" if fails else "does not hold, nor before"
    state = {None: "", True: "holds", False: missed}[metric.holds]
    asked = "" if metric.threshold is None else f"≥ {metric.threshold:g}"
    return (
        f"  {metric.metric:28} {metric.value:6.3f}  [{metric.low:.3f}, {metric.high:.3f}]"
        f"  n {metric.n:<4} {asked:8} {state}"
    )
