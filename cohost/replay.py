"""Re-run the decisions of a recorded show with today's code and say what differs.

What people did and what models found is fed from the log (`evidence.found` as recorded); language,
triage, merging, planning, composing and the guard run again on the virtual clock. With `models`
the recorded evidence is ignored and the library is asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from cohost import events as ev
from cohost.app import Knowledge
from cohost.clock import VirtualClock
from cohost.common.question import Question
from cohost.decision.stage import DecisionStage
from cohost.log import MemoryLog
from cohost.mouth.delivery import DeliveryStage, RoomSink
from cohost.ports import Found, Library
from cohost.stage import Stage, run
from cohost.understanding.semantic import Meanings
from cohost.understanding.stage import UnderstandingStage

INPUTS = (
    ev.ChatMessage, ev.TranscriptFinal, ev.ProductPinned, ev.AutonomySet, ev.FactChanged,
    ev.EvidenceReleased, ev.ReplyRetracted, ev.OperatorStopped, ev.OperatorAnswered,
)  # fmt: skip
"""What came from outside: fed again at its time, beside what operators approved and rejected."""
BY_ITSELF = ("operator stop", "retracted")
"""Rejections that delivery writes in answer to a person's act."""


@dataclass(frozen=True)
class Difference:
    """One canonical decision that changed. `at_ms` and `seq` of the message in the recorded show."""

    seq: int
    at_ms: int
    what: str
    recorded: Any
    now: Any


def canonical(records: Sequence[ev.Record]) -> dict[tuple[int, str], dict[str, Any]]:
    """Decisions by (ordinal of the message, language): what a viewer would notice."""
    ordinal: dict[int, int] = {}
    question_of: dict[str, int] = {}
    decisions: dict[tuple[int, str], dict[str, Any]] = {}
    for record in records:
        event = record.event
        if ev.line_of(event) is not None:
            ordinal[record.seq] = len(ordinal)
        elif isinstance(event, ev.QuestionAsked) and record.cause_seq in ordinal:
            number = ordinal[record.cause_seq]
            question_of[event.question.id] = number
            decisions.setdefault((number, ""), {}).update(
                intent=event.question.intent, product=event.question.product, market=event.question.market
            )
        elif isinstance(event, ev.MessageTriaged) and record.cause_seq in ordinal:
            decisions.setdefault((ordinal[record.cause_seq], ""), {}).update(
                lang=event.lang, kind=event.intent
            )
        elif isinstance(event, ev.DecisionMade) and event.question_id in question_of:
            key = (question_of[event.question_id], event.draft.lang)
            decisions[key] = {
                "action": event.draft.action, "reason": event.draft.reason, "text": event.draft.text,
                "evidence": sorted({e for c in event.draft.claims for e in c.evidence}),
            }  # fmt: skip
    return decisions


class _RecordedLibrary:
    """Feeds what was found then, by question id; everything else from today's library."""

    def __init__(self, inner: Library, found: dict[str, ev.EvidenceFound]) -> None:
        self._inner = inner
        self._found = found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def find(self, question: Question, limit: int = 24) -> Found:
        recorded = self._found.get(question.text)
        if recorded is None:
            return await self._inner.find(question, limit)
        return Found(recorded.items, recorded.scores, recorded.took_ms)


class _RecordedMeanings:
    """The embedder's scores as recorded, for the message that is being read now."""

    def __init__(self, records: Sequence[ev.Record], log: MemoryLog) -> None:
        self._log = log
        triaged = {r.cause_seq: r.event.meaning for r in records if isinstance(r.event, ev.MessageTriaged)}
        lines = [r.seq for r in records if isinstance(r.event, ev.ChatMessage | ev.TranscriptFinal)]
        self._recorded = [triaged.get(seq, ()) for seq in lines]

    async def score(self, text: str, lang: str) -> list[tuple[str, float]]:
        read = sum(isinstance(r.event, ev.MessageTriaged) for r in self._log.records())
        return list(self._recorded[read]) if read < len(self._recorded) else []

    async def warm(self, langs: Sequence[str]) -> None:
        """Nothing to load."""


async def replay(
    records: Sequence[ev.Record], knowledge: Knowledge, *, models: bool = False
) -> tuple[list[ev.Record], list[Difference]]:
    """The new show's records and what differs from the recorded one, in order of the messages."""
    from cohost.knowledge.stage import KnowledgeStage

    started = next((r.event for r in records if isinstance(r.event, ev.ShowStarted)), None)
    clock = VirtualClock(on=started.on) if started else VirtualClock()
    log = MemoryLog(clock)
    library: Any = knowledge.library
    if not models:
        library = _RecordedLibrary(library, _found_by_text(records))
    meanings: Meanings = knowledge.attributes if models else _RecordedMeanings(records, log)
    stages: list[Stage] = [
        UnderstandingStage(log, clock, library.catalogue, meanings),
        KnowledgeStage(log, library, clock),
        DecisionStage(log, library, clock, writer=None),
        DeliveryStage(log, library, clock, {"room": RoomSink()}),
    ]
    if started is not None:
        log.append(started)
    async with asyncio.TaskGroup() as tasks:
        jobs = [tasks.create_task(run(stage, log)) for stage in stages]
        feeding = tasks.create_task(_feed(records, log, clock))
        await clock.drive(feeding)
        for job in jobs:
            job.cancel()
    return list(log.records()), differences(records, log.records())


async def _feed(records: Sequence[ev.Record], log: MemoryLog, clock: VirtualClock) -> None:
    for record in records:
        if not _from_outside(record, records):
            continue
        await clock.sleep(record.at_ms - clock.now_ms())
        act = _renamed(record, records, log.records())
        if act is not None:
            event, cause = act
            log.append(
                event, turn_id=cause.turn_id if cause else None, cause_seq=cause.seq if cause else None
            )
    await clock.sleep(30_000)


def _from_outside(record: ev.Record, records: Sequence[ev.Record]) -> bool:
    """A person's act or what was heard; not what a stage does of itself, which today's code will do."""
    event = record.event
    if isinstance(event, ev.ReplyApproved):
        made = _decision(event.reply_id, records)
        return made is not None and made.needs_approval
    if isinstance(event, ev.ReplyRejected):
        return event.by not in BY_ITSELF
    return isinstance(event, INPUTS)


def _decision(reply_id: str, records: Sequence[ev.Record]) -> ev.DecisionMade | None:
    made = (r.event for r in records if isinstance(r.event, ev.DecisionMade))
    return next((e for e in made if e.reply_id == reply_id), None)


Place = tuple[int, str, int]
"""Ordinal of the message that asked, language ("" for the question itself), which of its decisions."""


def _places(records: Sequence[ev.Record]) -> dict[str, tuple[Place, ev.Record]]:
    """Where each question and reply stands: their ids hold sequence numbers, which other code shifts."""
    ordinal: dict[int, int] = {}
    asked: dict[str, int] = {}
    count: dict[tuple[int, str], int] = {}
    places: dict[str, tuple[Place, ev.Record]] = {}
    for record in records:
        event = record.event
        if ev.line_of(event) is not None:
            ordinal[record.seq] = len(ordinal)
        elif isinstance(event, ev.QuestionAsked) and record.cause_seq in ordinal:
            asked[event.question.id] = ordinal[record.cause_seq]
            places[event.question.id] = ((asked[event.question.id], "", 0), record)
        elif isinstance(event, ev.DecisionMade) and event.question_id in asked:
            key = (asked[event.question_id], event.draft.lang)
            count[key] = count.get(key, 0) + 1
            places[event.reply_id] = ((*key, count[key]), record)
    return places


def _renamed(
    record: ev.Record, recorded: Sequence[ev.Record], now: Sequence[ev.Record]
) -> tuple[ev.Event, ev.Record | None] | None:
    """The act as today's show names what it is about, and that reply's record. None where today's code
    never made it: the act has nothing to act on, and the missing reply is a difference of its own."""
    event: Any = record.event
    name = next((n for n in ("reply_id", "question_id") if hasattr(event, n)), "")
    if not name:
        return event, None
    place = _places(recorded).get(getattr(event, name))
    found = next(((i, r) for i, (p, r) in _places(now).items() if place is not None and p == place[0]), None)
    if found is None:
        return None
    renamed = msgspec.structs.replace(event, **{name: found[0]})
    return renamed, found[1] if name == "reply_id" else None


def _found_by_text(records: Sequence[ev.Record]) -> dict[str, ev.EvidenceFound]:
    texts: dict[str, str] = {}
    found: dict[str, ev.EvidenceFound] = {}
    for record in records:
        if isinstance(record.event, ev.QuestionAsked):
            texts[record.event.question.id] = record.event.question.text
        elif isinstance(record.event, ev.EvidenceFound) and record.event.question_id in texts:
            found[texts[record.event.question_id]] = record.event
    return found


def differences(recorded: Sequence[ev.Record], now: Sequence[ev.Record]) -> list[Difference]:
    """Canonical decisions that are not the same, in order of the messages."""
    old, new = canonical(recorded), canonical(now)
    messages = [r for r in recorded if ev.line_of(r.event) is not None]
    changed: list[Difference] = []
    for key in sorted(set(old) | set(new)):
        before, after = old.get(key), new.get(key)
        if before == after or key[0] >= len(messages):
            continue
        message = messages[key[0]]
        what = f"message {key[0] + 1}" + (f" [{key[1]}]" if key[1] else "")
        names = sorted(set(before or {}) | set(after or {}))
        for name in names:
            a, b = (before or {}).get(name), (after or {}).get(name)
            if a != b:
                changed.append(Difference(message.seq, message.at_ms, f"{what} {name}", a, b))
    return changed
