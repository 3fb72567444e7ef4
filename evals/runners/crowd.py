"""Chat storms through a whole room on the virtual clock: what is lost, what is merged, who is served, what a
platform would punish."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from cohost import events as ev
from cohost.languages import base
from cohost.ports import ChatSink
from evals.case import ChatCase, read_cases, read_table
from evals.crowd import Fate, Line, StormCase, crowd_scores, lines_of
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.scene import Calendar, Scene, play
from evals.stats import quantile
from evals.strict import Strict, policies
from evals.suite import HOME, Suite
from evals.world import World

DRAIN_MS = 150_000
"""After the last line: a reply that has not had its turn by then is told as expired."""
SHOWN = 12
"""Lines of a kind that a report shows."""


def load(suite: Suite, world: World) -> Sequence[StormCase]:
    return read_cases(suite.files(), StormCase)


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    catalogue = (await world.knowledge()).library.catalogue
    topics = read_table(HOME / "cases" / "crowd" / "topics.toml", dict[str, dict[str, list[str]]])
    talk = read_cases(sorted((HOME / "cases" / "lines").glob("*.jsonl")), ChatCase)
    pinned = catalogue.pinned()
    sold = {m.code: catalogue.variant_in(pinned.id if pinned else None, m.code) for m in catalogue.markets}
    models = {code: variant.model for code, variant in sold.items() if variant}

    async def run(case: StormCase) -> list[Outcome]:
        lines = list(lines_of(case, topics, talk, models))
        return await storm_outcomes(world, suite, case.id, lines)

    yield run


async def storm_outcomes(world: World, suite: Suite, name: str, lines: Sequence[Line]) -> list[Outcome]:
    """An outcome a language, and one for the room."""
    seqs: list[int] = []
    strict: list[Strict] = []

    def sinks(clock: Calendar) -> Sequence[ChatSink]:
        wanted = {line.platform for line in lines}
        strict.extend(Strict(p, policy, clock) for p, policy in policies().items() if p in wanted)
        return strict

    async def script(scene: Scene) -> None:
        for line in lines:
            if line.at_ms > scene.clock.now_ms():
                await scene.until(line.at_ms)
            seqs.append(scene.ask(line.viewer, line.text, platform=line.platform, market=line.market))
        await scene.until(lines[-1].at_ms + DRAIN_MS)

    on = world.on or suite.on or dt.date.today()
    records = await play(world, on, script, sinks=sinks, paced=True)
    fates = fates_of(records, lines, seqs)
    scores = crowd_scores(lines, fates)
    room = _room(name, lines, fates, scores.pop(""), strict)
    room = msgspec.structs.replace(room, times=decision_times(records))
    return [room, *(_language(name, lang, one, lines, fates) for lang, one in scores.items())]


def fates_of(records: Sequence[ev.Record], lines: Sequence[Line], seqs: Sequence[int]) -> list[Fate]:
    """What the log says of each line, in order."""
    question: dict[int, str] = {}
    decided: set[str] = set()
    posted: set[tuple[str, str, str]] = set()
    for record in records:
        event = record.event
        if isinstance(event, ev.QuestionAsked):
            question[event.asker.message_seq] = event.question.id
        elif isinstance(event, ev.QuestionMerged):
            question[event.asker.message_seq] = event.question_id
        elif isinstance(event, ev.DecisionMade | ev.QuestionExpired):
            decided.add(event.question_id)
        elif isinstance(event, ev.ReplyPosted) and event.question_id:
            posted.add((event.question_id, base(event.lang), event.platform))
    found = []
    for line, seq in zip(lines, seqs, strict=True):
        mine = question.get(seq)
        found.append(
            Fate(mine, mine in decided, mine is not None and (mine, line.lang, line.platform) in posted)
        )
    return found


def _room(
    name: str,
    lines: Sequence[Line],
    fates: Sequence[Fate],
    scores: dict[str, float],
    strict: Sequence[Strict],
) -> Outcome:
    posts = {one.platform: len(one.times) for one in strict}
    if strict:
        scores = scores | {"policy": float(not any(one.broken for one in strict))}
    asked = sum(bool(line.same) for line in lines)
    got: dict[str, Any] = {
        "lines": len(lines), "questions": asked, "opened": len({f.question for f in fates if f.question}),
        "broken rules": {one.platform: one.broken for one in strict}, "posts": posts,
    }  # fmt: skip
    return Outcome(
        case=f"{name}+room", lang="mul", asked=f"{len(lines)} lines, {asked} questions", scores=scores,
        got=got, expected={"broken rules": 0}, groups={"storm": name},
    )  # fmt: skip


def _language(
    name: str, lang: str, scores: dict[str, float], lines: Sequence[Line], fates: Sequence[Fate]
) -> Outcome:
    mine = [(line, fate) for line, fate in zip(lines, fates, strict=True) if line.same and line.lang == lang]
    lost = [line.text for line, fate in mine if fate.question is None or not fate.decided]
    held: dict[str, list[str]] = {}
    for line, fate in mine:
        held.setdefault(f"{line.same} {fate.question or 'no question'}", []).append(line.text)
    return Outcome(
        case=f"{name}+{lang}", lang=lang, asked=f"{len(mine)} questions", scores=scores,
        expected={"lost": 0}, groups={"storm": name},
        got={"lost": lost[:SHOWN], "questions": {k: v[:3] for k, v in list(held.items())[:SHOWN]}},
    )  # fmt: skip


def decision_times(records: Sequence[ev.Record]) -> dict[str, float]:
    """From a line to the first decision about its question, in show time."""
    said = {r.seq: r.at_ms for r in records if isinstance(r.event, ev.ChatMessage)}
    asked = {
        r.event.question.id: said[r.event.asker.message_seq]
        for r in records
        if isinstance(r.event, ev.QuestionAsked) and r.event.asker.message_seq in said
    }
    took: dict[str, float] = {}
    for record in records:
        if isinstance(record.event, ev.DecisionMade) and record.event.question_id in asked:
            question = record.event.question_id
            took.setdefault(question, record.at_ms - asked[question])
    values = list(took.values())
    found = {"decision_p50": quantile(values, 0.5), "decision_p99": quantile(values, 0.99)}
    return {name: value for name, value in found.items() if value is not None}
