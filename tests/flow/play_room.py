"""A room that plays: understanding, knowledge, decision, delivery and the game desk over a small brand, on
the virtual clock, without models."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.engage import Engaged
from cohost.decision.games import GameTeller
from cohost.decision.stage import DecisionStage
from cohost.engage.desk import GameDesk, Meaning, Rows
from cohost.knowledge.stage import KnowledgeStage
from cohost.log import MemoryLog
from cohost.mouth.delivery import DeliveryStage, RoomSink
from cohost.ports import Found
from cohost.stage import Stage, run
from cohost.trust.evidence import Evidence, Fact
from cohost.understanding.stage import UnderstandingStage
from tests.pure.decision.brand import CATALOGUE, ITEMS, ON, fact

WEIGHT = fact(90, "lamp", "weight", 640.0, "g", models=("L-1",))
SHELL = fact(91, "lamp", "material", "recycled aluminium", models=("L-1",))
ALL: tuple[Evidence, ...] = (*(i for i in ITEMS if i.id not in ("E6", "E7")), WEIGHT, SHELL)


class Shelf:
    """A library that holds the test brand's items."""

    version = "test"
    catalogue = CATALOGUE

    def __init__(self, items: Sequence[Evidence] = ALL) -> None:
        self.items = list(items)

    async def find(self, question, limit=24):
        return Found(items=tuple(i for i in self.items if i.product in (None, question.product)))

    def get(self, evidence_id):
        return next((i for i in self.items if i.id == evidence_id), None)

    def all(self):
        return self.items

    def apply(self, event):
        return None


class PlayRoom:
    """`play` runs the stages over the log so far and what a script says meanwhile; then they are gone, as
    after a crash."""

    def __init__(
        self, *, delays: Mapping[str, int] | None = None, meaning: Callable[[Rows], Meaning] | None = None
    ) -> None:
        self.clock = VirtualClock(on=ON)
        self.log = MemoryLog(self.clock)
        self.shelf = Shelf()
        self.delays = delays
        self.meaning = meaning
        self.log.append(ev.ShowStarted(room="main", on=ON, version="0"))
        self.log.append(ev.ProductPinned(product="lamp"))
        self.log.append(ev.AutonomySet(level="full"))

    def game(self, fact: Fact = WEIGHT, **more: object) -> ev.Record:
        return self.log.append(ev.GameStarted(product="lamp", fact=fact, **more))  # type: ignore[arg-type]

    def says(self, viewer: str, text: str, **more: object) -> ev.Record:
        return self.log.append(ev.ChatMessage(viewer=viewer, text=text, name=viewer.title(), **more))  # type: ignore[arg-type]

    def play(self, ms: float = 2_000) -> None:
        async def scene() -> None:
            stages: list[Stage] = [
                UnderstandingStage(self.log, self.clock, CATALOGUE),
                KnowledgeStage(self.log, self.shelf, self.clock),  # type: ignore[arg-type]
                decision := DecisionStage(self.log, self.shelf, self.clock),  # type: ignore[arg-type]
                GameTeller(self.log, self.clock, self.shelf, decision.desk),  # type: ignore[arg-type]
                DeliveryStage(self.log, self.shelf, self.clock, {"room": RoomSink()}),  # type: ignore[arg-type]
            ]
            desk = GameDesk(self.log, self.clock, delays_ms=self.delays, meaning=self.meaning)
            jobs = [asyncio.ensure_future(run(stage, self.log)) for stage in stages]
            jobs.append(asyncio.ensure_future(desk.run()))
            await self.clock.drive(asyncio.ensure_future(self.clock.sleep(ms)))
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

        asyncio.run(scene())

    def all(self, kind: type[ev.Event]) -> list:
        return [r.event for r in self.log.records() if isinstance(r.event, kind)]

    @property
    def engaged(self) -> Engaged:
        folded = Engaged()
        for record in self.log.records():
            folded.apply(record)
        return folded

    @property
    def answers(self) -> list[str]:
        return [e.text for e in self.all(ev.ReplyPosted)]

    @property
    def winners(self) -> list[str]:
        (ended,) = self.all(ev.GameEnded)
        return [winner.viewer for winner in ended.winners]
