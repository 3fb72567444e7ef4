"""A whole crowd: a minute's storm of eighteen languages through a room, questions one by one, what
understanding gets right, what platforms would punish; beside the usual way on the same storm."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bench.benches.chat_small import usual_way
from bench.chat import rules
from bench.chat.broadcast import watched
from bench.chat.storming import WARM_LINES, Stormed, asked_alone, storm_through, warmed
from bench.marks import Mark, quantile
from bench.setup import Setup
from cohost.clock import WallClock
from evals.case import ChatCase, read_cases
from evals.measure import metrics_of
from evals.outcome import Metric, Outcome
from evals.runners.registry import runner_of
from evals.storm import storm
from evals.strict import policies
from evals.suite import HOME, load_suites
from evals.world import World

RATE, SECONDS = 1_000, 60
VIEWERS, LISTENING, WATCHED_S = 2_000, 50, 20
ALONE = 30
USUAL_LINES = 300
QUALITY = (
    ("lines", "language", 0.97, "lines alone"),
    ("lines", "language_history", 0.99, "with the viewer's history"),
    ("lines", "macro_f1", 0.9, "kind of line"),
    ("language", "accuracy[und]", 0.95, "lines whose language nobody could tell"),
    ("merging", "precision", 0.98, "pairs that were merged"),
    ("merging", "recall", 0.85, "pairs that are one question"),
)  # fmt: skip
NAMES = {"accuracy[und]": "und right"}
ROMANISED = 0.90


def run(setup: Setup) -> list[Mark]:
    """The marks of a crowd, in one run."""
    return [*asyncio.run(_room(setup)), *_rules()]


async def _room(setup: Setup) -> list[Mark]:
    cases = read_cases(sorted((HOME / "cases" / "lines").glob("*.jsonl")), ChatCase)
    lines = list(storm(cases, RATE * SECONDS))
    world, clock = World(setup.folder, on=setup.on), WallClock()
    try:
        knowledge = await world.knowledge()
        async with warmed(world, list(storm(cases, WARM_LINES, seed=3))) as room:
            found = await storm_through(
                room, lines, RATE, lambda share: setup.tell("chat: storm", round(share * 100), 100)
            )
        async with world.room(setup.on) as room:  # nobody has asked anything there
            asked = {line.text: line for line in storm(cases, 2_000, seed=5) if line.kind == "question"}
            alone = await asked_alone(room, clock, list(asked.values())[:ALONE])
        setup.tell("chat: viewers", 0, 1)
        watched_lines = lines[: RATE * WATCHED_S]
        warm = list(storm(cases, WARM_LINES, seed=3))
        seen, late, reached = await watched(world, warm, watched_lines, RATE, VIEWERS, LISTENING)
        usual = await usual_way(knowledge)
        started = clock.perf()
        for line in lines[:USUAL_LINES]:
            await usual(line.text)
        theirs = USUAL_LINES / (clock.perf() - started)
        quality = await _quality(world)
    finally:
        world.close()
    return [*_stormed(found, theirs), *_watched(seen, late, reached), _alone(alone), *quality]


def _stormed(found: Stormed, theirs: float) -> list[Mark]:
    def mark(name: str, value: float | None, unit: str, **more: object) -> Mark:
        return Mark(bench="chat", mark=name, value=value, unit=unit, n=found.lines, **more)  # type: ignore[arg-type]

    whole = found.seconds + found.drained_s
    before, after = found.memory_mb
    return [
        mark("comments", found.lines / whole, "1/s", better="higher", target=RATE * 0.98,
             peer="langdetect + E5 + Chroma, a line at a time", peer_value=theirs,
             about=f"{RATE} a second sent for {SECONDS} s, all decided {found.drained_s:.1f} s later"),
        mark("lost", found.untriaged + found.undecided, "lines", target=0,
             about=f"{found.asked} questions and {found.merged} merged, {found.expired} expired"),
        mark("let go", found.shed / max(1, found.lines), "share", about="small talk, only glanced at"),
        mark("decision p50", found.decided_within(0.5), "ms"),
        mark("decision p99", found.decided_within(0.99), "ms", target=250),
        mark("memory", after - before, "MB", target=200, about="more at the end than at the start"),
        mark("processor", found.loop_cpu_s / whole, "cores"),
    ]  # fmt: skip


def _watched(found: Stormed, late: Sequence[float], reached: int) -> list[Mark]:
    told = f"{RATE} a second for {WATCHED_S} s, {VIEWERS} pages, {LISTENING} with sound"
    return [
        Mark(bench="chat", mark="reply to page p99", value=quantile(late, 0.99), unit="ms", n=len(late),
             target=250, about=told),
        Mark(bench="chat", mark="pages that got it", value=reached, unit="pages", n=VIEWERS, better="higher",
             target=VIEWERS, about="on average, of a reply"),
        Mark(bench="chat", mark="comments, watched", value=found.lines / (found.seconds + found.drained_s),
             unit="1/s", n=found.lines, better="higher"),
    ]  # fmt: skip


def _alone(times: Sequence[float]) -> Mark:
    return Mark(
        bench="chat", mark="one question p50", value=quantile(times, 0.5), unit="ms", n=len(times),
        target=100,
        about="in a quiet room, from the line to its post",
    )  # fmt: skip


async def _quality(world: World) -> list[Mark]:
    """Metrics of the suites, every case of them."""
    suites = load_suites()
    known: dict[str, dict[str, Metric]] = {}
    for name in dict.fromkeys(row[0] for row in QUALITY):
        suite = suites[name]
        runner = runner_of(suite)
        outcomes: list[Outcome] = []
        async with runner.running(world, suite) as one:
            for case in runner.load(suite, world):
                outcomes += await one(case)
        known[name] = {metric.metric: metric for metric in metrics_of(suite, outcomes)}
    found = [
        Mark(
            bench="chat", mark=NAMES.get(metric, metric.replace("_", " ")),
            value=known[suite][metric].value, unit="share", n=known[suite][metric].n, better="higher",
            target=target, about=about,
        )
        for suite, metric, target, about in QUALITY
    ]  # fmt: skip
    romanised = known["lines"].get("language[romanised]")
    found.append(
        Mark(
            bench="chat",
            mark="romanised",
            value=romanised.value if romanised else None,
            unit="share",
            n=romanised.n if romanised else 0,
            better="higher",
            target=ROMANISED,
        )
    )
    return found


def _rules() -> list[Mark]:
    """What each platform would have punished in three hours."""
    found = []
    for name, policy in policies().items():
        broken, posts = rules.violations(name, policy)
        found.append(
            Mark(bench="chat", mark=f"{name} rules broken", value=broken, unit="posts", n=posts, target=0)
        )
    return found
