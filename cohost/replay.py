"""Re-run the decisions of a recorded show with today's code and say what differs.

What people did and what models found is fed from the log (`evidence.found` as recorded); language,
triage, merging, planning, composing and the guard run again on the virtual clock. With `models`
the recorded evidence is ignored and the library is asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from cohost import events as ev
from cohost.app import Knowledge
from cohost.clock import VirtualClock
from cohost.common.question import Question
from cohost.decision.stage import DecisionStage
from cohost.engage.desk import GameDesk
from cohost.events.host import HEARD_BY
from cohost.log import MemoryLog
from cohost.mouth.delivery import DeliveryStage, RoomSink
from cohost.ports import Found, Library
from cohost.stage import Stage, run
from cohost.trust.evidence import LIVE_DOCUMENT
from cohost.understanding.semantic import Meanings
from cohost.understanding.stage import UnderstandingStage

INPUTS = (
    ev.ChatMessage, ev.TranscriptFinal, ev.ProductPinned, ev.RundownSet, ev.AutonomySet, ev.FactChanged,
    ev.EvidenceReleased, ev.ReplyRetracted, ev.OperatorStopped, ev.OperatorAnswered, ev.QuestionClosed,
    ev.HostCorrected, ev.GameStarted, ev.PollOpened, ev.PollClosed, ev.CollectionOpened,
    ev.CollectionClosed,
)  # fmt: skip
"""What came from outside: fed again at its time."""
PLAYED = (ev.GuessJudged, ev.GameEnded)
"""What a model may have judged: fed as recorded."""
ACTS = (
    ev.ReplyApproved, ev.ReplyRejected, ev.ReplyRetracted, ev.OperatorAnswered, ev.QuestionClosed,
    ev.EvidenceReleased,
)  # fmt: skip
"""What people did to a reply or a question: fed for the one that stands in its place today."""
BY_ITSELF = frozenset({"autonomy", "operator stop", "retracted"})
"""Who approves and rejects without a person: today's code does it itself."""


@dataclass(frozen=True)
class Difference:
    """One canonical decision that changed. `at_ms` and `seq` of the message in the recorded show."""

    seq: int
    at_ms: int
    what: str
    recorded: Any
    now: Any
    message: str = ""  # as the viewer wrote or said it


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
    """Feeds each question what was found for it then; what is looked up again later, for a correction, and
    everything else comes from today's library. `gone`: evidence that it no longer knows by its id."""

    def __init__(
        self, inner: Library, found: dict[str, list[ev.EvidenceFound]], gone: Collection[str]
    ) -> None:
        self._inner, self._found, self._gone = inner, found, frozenset(gone)
        self._fed: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def find(self, question: Question, limit: int = 24) -> Found:
        waiting = self._found.get(question.text)
        if question.id in self._fed or not waiting:
            return await self._inner.find(question, limit)
        self._fed.add(question.id)
        recorded = waiting.pop(0)
        if any(item.id in self._gone for item in recorded.items):
            return await self._inner.find(question, limit)
        return Found(recorded.items, recorded.scores, recorded.took_ms)


class _RecordedMeanings:
    """The embedder's scores as recorded, for the message that is being read now: of attributes, or of kinds
    of lines."""

    def __init__(self, records: Sequence[ev.Record], log: MemoryLog, *, kinds: bool = False) -> None:
        self._log = log
        triaged = {
            r.cause_seq: r.event.kinds if kinds else r.event.meaning
            for r in records
            if isinstance(r.event, ev.MessageTriaged)
        }
        lines = [r.seq for r in records if isinstance(r.event, ev.ChatMessage | ev.TranscriptFinal)]
        self._recorded = [triaged.get(seq, ()) for seq in lines]

    async def score(self, text: str, lang: str) -> list[tuple[str, float]]:
        read = sum(isinstance(r.event, ev.MessageTriaged) for r in self._log.records())
        return list(self._recorded[read]) if read < len(self._recorded) else []

    async def warm(self, langs: Sequence[str]) -> None:
        """Nothing to load."""


async def replay(
    records: Sequence[ev.Record], knowledge: Knowledge, *, models: bool = False, gone: Collection[str] = ()
) -> tuple[list[ev.Record], list[Difference]]:
    """The new show's records and what differs from the recorded one, in order of the messages.

    What was found with evidence that is `gone` is looked up again, and which evidence a decision cites is
    then not compared: only what it says."""
    from cohost.knowledge.stage import KnowledgeStage

    started = next((r.event for r in records if isinstance(r.event, ev.ShowStarted)), None)
    clock = VirtualClock(on=started.on) if started else VirtualClock()
    log = MemoryLog(clock)
    library: Any = knowledge.library.copy(clock)
    if not models:
        library = _RecordedLibrary(library, _found_by_text(records), gone)
    meanings: Meanings = knowledge.attributes if models else _RecordedMeanings(records, log)
    kinds: Meanings = knowledge.kinds if models else _RecordedMeanings(records, log, kinds=True)
    stages: list[Stage] = [
        UnderstandingStage(log, clock, library.catalogue, meanings, kinds),
        KnowledgeStage(log, library, clock),
        DecisionStage(log, library, clock, writer=None),
        DeliveryStage(log, library, clock, {"room": RoomSink()}),
    ]
    games = GameDesk(log, clock, judges=False)
    if started is not None:
        log.append(started)
    async with asyncio.TaskGroup() as tasks:
        jobs = [tasks.create_task(run(stage, log)) for stage in stages]
        jobs.append(tasks.create_task(games.run()))
        feeding = tasks.create_task(_feed(records, log, clock))
        await clock.drive(feeding)
        for job in jobs:
            job.cancel()
    return list(log.records()), differences(records, log.records(), gone)


def gone_from(library: Library, records: Sequence[ev.Record]) -> tuple[str, ...]:
    """Ids that a show found and the library does not know: a document or its reader changed. What was set
    on air is no document's."""
    found = (r.event for r in records if isinstance(r.event, ev.EvidenceFound))
    ids = {i.id for f in found for i in f.items if i.source.document != LIVE_DOCUMENT}
    return tuple(sorted(i for i in ids if library.get(i) is None))


async def _feed(records: Sequence[ev.Record], log: MemoryLog, clock: VirtualClock) -> None:
    then = _Places(records)
    for record in records:
        if not isinstance(record.event, (*INPUTS, *ACTS, *PLAYED)) or _echo(record):
            continue
        await clock.sleep(record.at_ms - clock.now_ms())
        event: ev.Event | None = record.event
        if isinstance(event, ACTS):
            event = then.moved(event, _Places(log.records()))
        if event is not None:
            log.append(_renamed(event, log))
    await clock.sleep(30_000)


def _renamed(event: ev.Event, log: MemoryLog) -> ev.Event:
    """What belongs to a game, a poll or a collection belongs to the one that stands in the new show."""
    begun = {ev.GameStarted: "game_id", ev.PollOpened: "poll_id", ev.CollectionOpened: "collection_id"}
    for kind, name in begun.items():
        if hasattr(event, name):
            stands = next((r.seq for r in reversed(log.records()) if isinstance(r.event, kind)), 0)
            return msgspec.structs.replace(event, **{name: f"{name[0]}{stands}"})
    return event


def _echo(record: ev.Record) -> bool:
    """Appended by a stage in answer to another event: today's code will do it itself. What was heard
    comes from sound, which the log does not hold; what people did follows a reply."""
    if isinstance(record.event, ev.ReplyApproved | ev.ReplyRejected):
        return record.event.by in BY_ITSELF
    if isinstance(record.event, ev.OperatorAnswered):
        return record.event.by.startswith(HEARD_BY)
    fed = (ev.TranscriptFinal, *ACTS, *PLAYED)
    return record.cause_seq is not None and not isinstance(record.event, fed)


class _Places:
    """Where replies and questions stand in a show: by the message that asked, the language, the turn."""

    def __init__(self, records: Sequence[ev.Record]) -> None:
        self.question: dict[str, int] = {}
        self.reply: dict[str, tuple[int, str, int]] = {}
        ordinal: dict[int, int] = {}
        turns: dict[tuple[int, str], int] = {}
        for record in records:
            event = record.event
            if ev.line_of(event) is not None:
                ordinal[record.seq] = len(ordinal)
            elif isinstance(event, ev.QuestionAsked) and record.cause_seq in ordinal:
                self.question[event.question.id] = ordinal[record.cause_seq]
            elif isinstance(event, ev.DecisionMade) and event.question_id in self.question:
                key = (self.question[event.question_id], event.draft.lang)
                turns[key] = turns.get(key, 0) + 1
                self.reply[event.reply_id] = (*key, turns[key])

    def moved(self, event: ev.Event, now: _Places) -> ev.Event | None:
        """The act on what stands in the same place now; None where nothing does."""
        if isinstance(event, ev.EvidenceReleased):
            return event
        if isinstance(event, ev.OperatorAnswered | ev.QuestionClosed):
            places = {place: question for question, place in now.question.items()}
            question = places.get(self.question.get(event.question_id, -1))
            return msgspec.structs.replace(event, question_id=question) if question else None
        assert isinstance(event, ev.ReplyApproved | ev.ReplyRejected | ev.ReplyRetracted)
        replies = {place: reply for reply, place in now.reply.items()}
        place = self.reply.get(event.reply_id)
        reply = replies.get(place) if place else None
        return msgspec.structs.replace(event, reply_id=reply) if reply else None


def _found_by_text(records: Sequence[ev.Record]) -> dict[str, list[ev.EvidenceFound]]:
    """What was found for each wording, in the order it was asked."""
    texts: dict[str, str] = {}
    found: dict[str, list[ev.EvidenceFound]] = {}
    for record in records:
        if isinstance(record.event, ev.QuestionAsked):
            texts[record.event.question.id] = record.event.question.text
        elif isinstance(record.event, ev.EvidenceFound) and record.event.question_id in texts:
            found.setdefault(texts[record.event.question_id], []).append(record.event)
    return found


def differences(
    recorded: Sequence[ev.Record], now: Sequence[ev.Record], gone: Collection[str] = ()
) -> list[Difference]:
    """Canonical decisions that are not the same, in order of the messages. Evidence is not compared where the
    recorded one is `gone`."""
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
            if a != b and not (name == "evidence" and set(a or ()) & set(gone)):
                text = getattr(ev.line_of(message.event), "text", "")
                changed.append(Difference(message.seq, message.at_ms, f"{what} {name}", a, b, text))
    return changed
