"""The host's own words against the evidence (R23), and the correction that one key posts.

A card is private to the staff and mutes nobody. What is only manner (a superlative, urgency) raises none: the
host is a person selling; figures, papers, water, health and prices are what viewers rely on.
"""

from __future__ import annotations

from collections import OrderedDict

import msgspec

from cohost import events as ev
from cohost.common.question import Asker
from cohost.common.show import Show
from cohost.decision.desk import Desk
from cohost.ports import Library, Log

CHECKED = frozenset({"R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R11", "R15", "R16"})
KEEP = 200


class HostStage:
    """`host.said` → `host.checked`; `host.corrected` → `question.asked`, whose answer sets the room right."""

    name = "host"
    handles: tuple[type[ev.Event], ...] = (ev.HostSaid, ev.HostCorrected)
    closes: tuple[type[ev.Event], ...] = (ev.HostChecked, ev.QuestionAsked)
    width = 4

    def __init__(self, log: Log, library: Library, desk: Desk) -> None:
        self._log = log
        self._library = library
        self._desk = desk
        self._show = Show()
        self._said: OrderedDict[int, ev.HostSaid] = OrderedDict()

    def observe(self, record: ev.Record) -> None:
        self._show.apply(record)
        if isinstance(record.event, ev.HostSaid):
            self._said[record.event.message_seq] = record.event
            while len(self._said) > KEEP:
                self._said.popitem(last=False)

    async def handle(self, record: ev.Record) -> None:
        event = record.event
        if isinstance(event, ev.HostSaid):
            await self._check(record, event)
        elif isinstance(event, ev.HostCorrected):
            self._correct(record, event)

    async def _check(self, record: ev.Record, event: ev.HostSaid) -> None:
        question = event.question
        host = self._library.catalogue.brand.host_lang or "en"
        found = await self._library.find(question)
        items = [item for item in found.items if item.id not in self._show.held]
        judged = self._desk.spoken(question.text, question, items, question.lang).judged
        fault = next((j.verdict for j in judged if j.verdict.rule in CHECKED), None)
        checked = ev.HostChecked(message_seq=event.message_seq)
        if fault is not None:
            right = self._desk.compose(question, items, host).draft
            answers = right.action == "answer" and bool(right.citations)
            checked = ev.HostChecked(
                message_seq=event.message_seq, rule=fault.rule, words=fault.words, message=fault.message,
                right=right.text if answers else "", lang=host,
                citations=right.citations if answers else (),
            )  # fmt: skip
        self._log.append(checked, turn_id=record.turn_id, cause_seq=record.seq)

    def _correct(self, record: ev.Record, event: ev.HostCorrected) -> None:
        """Asks in the room what the host spoke of; the decision frames its answer as a correction."""
        said = self._said[event.message_seq]
        question = msgspec.structs.replace(said.question, id=f"q{record.seq}", corrects_host=True)
        asker = Asker(
            message_seq=event.message_seq, viewer="", name=said.by.partition(":")[2], lang=question.lang
        )
        self._log.append(
            ev.QuestionAsked(question=question, asker=asker), turn_id=question.id, cause_seq=record.seq
        )
