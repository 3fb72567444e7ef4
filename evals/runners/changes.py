"""Shows in which something changes: played on the virtual clock through the whole room, scored by what each
asker was told."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from cohost import asking
from cohost import events as ev
from cohost.errors import OperatorError
from cohost.ports import ChatSink, SendPolicy
from cohost.web import inbound
from evals.case import read_cases
from evals.change import ChangeCase, Happening, Told, change_scores, guessed, stale
from evals.outcome import Outcome
from evals.runners.base import RunCase
from evals.scene import Calendar, Scene, play
from evals.strict import Strict
from evals.suite import Suite
from evals.world import World

REST_MS = 40_000
"""Show time after the last happening: what is owed by then has come, or never does."""
SLOW = "youtube"
"""The platform that posts slowly and shows the picture late (kb.toml says how late)."""
SLOWLY = SendPolicy(longest=200, posts=1, per_ms=15_000, apart_ms=15_000)


def load(suite: Suite, world: World) -> Sequence[ChangeCase]:
    return read_cases(suite.files(), ChangeCase)


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    await world.knowledge()

    async def run(case: ChangeCase) -> list[Outcome]:
        seqs: dict[int, str] = {}

        async def script(scene: Scene) -> None:
            for beat in case.does:
                await scene.until(beat.at_ms)
                _happen(case, scene, beat, seqs)
            await scene.until(case.does[-1].at_ms + REST_MS)

        on = world.on or case.on or suite.on or dt.date.today()
        records = await play(world, on, script, level=case.level, sinks=_sinks)
        return [_outcome(case, told_in(records, seqs))]

    yield run


def _sinks(clock: Calendar) -> Sequence[ChatSink]:
    return (Strict(SLOW, SLOWLY, clock),)


def _happen(case: ChangeCase, scene: Scene, beat: Happening, seqs: dict[int, str]) -> None:
    if beat.does == "ask":
        seq = scene.ask(beat.who, beat.text, platform=beat.platform, market=beat.market, product=beat.product)
        seqs[seq] = beat.who
    elif beat.does == "pin":
        scene.command(inbound.ProductPin(product=beat.product))
    elif beat.does == "set":
        scene.command(
            inbound.FactSet(
                product=beat.product, market=beat.market, attribute=beat.attribute, value=beat.value,
                unit=beat.unit, valid_until=beat.valid_until,
            )
        )  # fmt: skip
    elif beat.does in ("hold", "release"):
        _mark(case, scene, beat)
    elif beat.does == "level":
        scene.command(inbound.AutonomySet(level=beat.text))  # type: ignore[arg-type]
    elif beat.does == "date":
        assert beat.on is not None
        scene.clock.turn_to(beat.on)
    else:
        _decide(case, scene, beat, seqs)


def _mark(case: ChangeCase, scene: Scene, beat: Happening) -> None:
    """Every piece of a document off the air, or on it again."""
    frame = inbound.EvidenceHold if beat.does == "hold" else inbound.EvidenceApprove
    ids = [i.id for i in scene.room.library.all() if i.source.document == beat.document]
    if not ids:
        raise OperatorError(f"{case.id}: got document {beat.document!r}, from which nothing was read")
    for evidence_id in ids:
        scene.command(frame(id=evidence_id))


def _decide(case: ChangeCase, scene: Scene, beat: Happening, seqs: dict[int, str]) -> None:
    """On the newest reply to somebody. Nothing where there is none, or where an approval is not wanted any
    more: the scorers will miss what is owed."""
    mine = [seq for seq, who in seqs.items() if who == beat.who]
    made = [d for seq in mine for d in scene.replies_to(seq)]
    if not made:
        return
    reply_id = made[-1].reply_id
    if beat.does == "approve":
        if scene.waits(reply_id):
            scene.command(inbound.ReplyApprove(reply_id=reply_id))
    else:
        scene.command(inbound.ReplyRetract(reply_id=reply_id, reason="wrong", correction=beat.text))


def told_in(records: Sequence[ev.Record], seqs: dict[int, str]) -> list[Told]:
    """What was posted, in order, with whom it reached: everybody it answers on that platform."""
    made = {r.event.reply_id: r.event for r in records if isinstance(r.event, ev.DecisionMade)}
    asked = {r.event.question.id: r.event.question for r in records if isinstance(r.event, ev.QuestionAsked)}
    lines = {r.seq: r.event.platform for r in records if isinstance(r.event, ev.ChatMessage)}
    found = []
    for record in records:
        event = record.event
        if not isinstance(event, ev.ReplyPosted):
            continue
        draft = made[event.reply_id].draft
        question = asked.get(event.question_id or "")
        here = [s for s in event.in_reply_to if lines.get(s) == event.platform]
        found.append(
            Told(
                at_ms=record.at_ms, reply_id=event.reply_id, text=event.text, lang=event.lang,
                action=draft.action, product=question.product if question else None,
                to=tuple(dict.fromkeys(seqs[s] for s in here if s in seqs)), corrects=event.corrects,
                points=event.pointer_to, citations=tuple(asking.citation(c) for c in event.citations),
            )
        )  # fmt: skip
    return found


def _outcome(case: ChangeCase, told: Sequence[Told]) -> Outcome:
    got: dict[str, Any] = {"told": [_shown(t) for t in told], "text": " / ".join(t.text for t in told)}
    if words := guessed(case, told):
        got["guessed"] = words
    if late := [word for owed in case.owes for word in stale(case, owed, told)]:
        got["stale"] = late
    asked = [b.text for b in case.does if b.does == "ask"]
    return Outcome(
        case=case.id, lang=case.lang, asked=" / ".join(dict.fromkeys(asked)),
        groups={"kind": case.tags[0] if case.tags else ""}, scores=change_scores(case, told), got=got,
        expected={
            "owed": [msgspec.to_builtins(o) for o in case.owes], "guesses": list(case.guesses),
            "happens": [f"{b.at_ms} {b.does} {b.who or b.product or b.document}".strip() for b in case.does],
        },
        evidence=tuple(dict(c) for t in told[-1:] for c in t.citations),
    )  # fmt: skip


def _shown(told: Told) -> str:
    mark = f" (takes back {told.corrects})" if told.corrects else ""
    return f"{told.at_ms} ms to {', '.join(told.to)}{mark}: {told.action}: {told.text}"
