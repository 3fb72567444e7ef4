"""The knowledge room: a question comes along the log, its evidence goes back on it."""

from __future__ import annotations

from cohost import events as ev
from cohost.clock import Clock
from cohost.ports import Library, Log


class KnowledgeStage:
    """`question.asked` → `evidence.found`. Operator changes on the log are applied to the library."""

    name = "knowledge"
    handles: tuple[type[ev.Event], ...] = (ev.QuestionAsked,)
    closes: tuple[type[ev.Event], ...] = (ev.EvidenceFound,)
    width = 4

    def __init__(self, log: Log, library: Library, clock: Clock) -> None:
        self._log = log
        self._library = library
        self._clock = clock

    def observe(self, record: ev.Record) -> None:
        if isinstance(record.event, ev.FactChanged | ev.EvidenceReleased):
            self._library.apply(record.event)

    async def handle(self, record: ev.Record) -> None:
        event = record.event
        assert isinstance(event, ev.QuestionAsked)
        async with self._clock.busy(cost_ms=15):
            found = await self._library.find(event.question)
        self._log.append(
            ev.EvidenceFound(
                question_id=event.question.id, items=found.items, scores=found.scores, took_ms=found.took_ms
            ),
            turn_id=record.turn_id,
            cause_seq=record.seq,
        )
