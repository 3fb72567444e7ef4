"""The knowledge room: a question comes along the log, its evidence goes back on it."""

from __future__ import annotations

from collections import OrderedDict

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.engage import KEEP, Engaged
from cohost.common.question import Question
from cohost.ports import Library, Log


class KnowledgeStage:
    """`question.asked` → `evidence.found`, or `question.held` where it waits for a game or a collection:
    then `question.released` → `evidence.found`. Operator changes are applied to the library."""

    name = "knowledge"
    handles: tuple[type[ev.Event], ...] = (ev.QuestionAsked, ev.QuestionReleased)
    closes: tuple[type[ev.Event], ...] = (ev.EvidenceFound, ev.QuestionHeld)
    width = 4

    def __init__(self, log: Log, library: Library, clock: Clock) -> None:
        self._log = log
        self._library = library
        self._clock = clock
        self._engaged = Engaged()
        self._asked: OrderedDict[str, Question] = OrderedDict()

    def observe(self, record: ev.Record) -> None:
        event = record.event
        self._engaged.apply(record)
        if isinstance(event, ev.FactChanged | ev.EvidenceReleased):
            self._library.apply(event)
        elif isinstance(event, ev.QuestionAsked):
            self._asked[event.question.id] = event.question
            while len(self._asked) > KEEP:
                self._asked.popitem(last=False)

    async def handle(self, record: ev.Record) -> None:
        event = record.event
        question = event.question if isinstance(event, ev.QuestionAsked) else None
        if isinstance(event, ev.QuestionReleased):
            question = self._asked.get(event.question_id)
        if question is None:
            return
        until = None
        if isinstance(event, ev.QuestionAsked) and not question.corrects_host:
            until = self._engaged.until(question, event.asker.platform)
        if until is not None:
            held = ev.QuestionHeld(question_id=question.id, until=until)
            self._log.append(held, turn_id=record.turn_id, cause_seq=record.seq)
            return
        async with self._clock.busy(cost_ms=15):
            found = await self._library.find(question)
        self._log.append(
            ev.EvidenceFound(
                question_id=question.id, items=found.items, scores=found.scores, took_ms=found.took_ms
            ),
            turn_id=record.turn_id,
            cause_seq=record.seq,
        )
