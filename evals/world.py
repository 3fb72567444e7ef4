"""What runs share: one knowledge base, opened once, and a fresh room for every case.

A room of its own keeps cases apart: nothing merges with, answers or overloads another case.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from cohost import asking, settings
from cohost import events as ev
from cohost.app import Knowledge, Room, make_room, open_knowledge
from cohost.clock import WallClock
from cohost.decision.roster import Roster
from cohost.knowledge.build import Progress
from cohost.knowledge.verify import quote_stands
from cohost.log import MemoryLog
from cohost.ports import Writer
from cohost.trust.evidence import Source


class SharedKnowledge(Knowledge):
    """Knowledge that outlives the rooms over it; `World.close` closes it."""

    def close(self) -> None:
        return

    def close_at_last(self) -> None:
        super().close()


@dataclass
class World:
    """The folder, the show's date, optional outside data; knowledge is opened when first needed."""

    folder: Path
    on: dt.date | None = None
    data: Path | None = None
    cases: Path | None = None  # of this folder: what eval-draft wrote
    progress: Progress | None = None
    _knowledge: SharedKnowledge | None = field(default=None, init=False)
    _settings: settings.Settings | None = field(default=None, init=False)

    async def knowledge(self) -> SharedKnowledge:
        """Ingest and embed what is new, all of it, once: the first case finds what the last finds.
        Raises KnowledgeError."""
        if self._knowledge is None:
            opened = await open_knowledge(self.folder, WallClock(on=self.on), progress=self.progress)
            await opened.complete()
            self._knowledge = SharedKnowledge(**vars(opened))
        return self._knowledge

    def close(self) -> None:
        if self._knowledge is not None:
            self._knowledge.close_at_last()
            self._knowledge = None

    @contextlib.asynccontextmanager
    async def room(
        self,
        on: dt.date | None,
        writer: Writer | Roster | None = None,
        *,
        only: str = "",
        patience_s: float = 0.0,
        paced: bool = False,
    ) -> AsyncIterator[Room]:
        """A running room with an empty log; its own posts are not held back unless it is `paced` as a live
        one. `only`: that stage alone; `patience_s`: how long a writer may take, where it is not the settings'
        matter."""
        knowledge = await self.knowledge()
        if self._settings is None:
            self._settings = settings.replace(
                settings.load(), chat__posts_per_second=100.0, chat__posts_burst=1000, chat__autonomy="post"
            )
        clock = WallClock(on=self.on or on)
        chosen = self._settings
        if paced:
            usual = settings.Chat()
            chosen = settings.replace(
                chosen, chat__posts_per_second=usual.posts_per_second, chat__posts_burst=usual.posts_burst
            )
        if patience_s:
            chosen = settings.replace(chosen, llm__first_sentence_s=patience_s, llm__total_s=patience_s)
        room = make_room(chosen, knowledge, clock, MemoryLog(clock), writer=writer)
        if only:
            room.stages = [stage for stage in room.stages if stage.name == only]
        room.start()
        async with room.running(live=False):
            yield room

    async def ask(
        self,
        line: Mapping[str, Any],
        on: dt.date | None,
        writer: Writer | Roster | None = None,
        *,
        patience_s: float = 0.0,
    ) -> tuple[dict[str, Any], list[ev.Record]]:
        """One question in a room of its own: the answer object and the room's records."""
        async with self.room(on, writer, patience_s=patience_s) as room:
            return await self.ask_in(room, line), list(room.log.records())

    async def ask_in(self, room: Room, line: Mapping[str, Any]) -> dict[str, Any]:
        """One question in a room that runs."""
        return await asking.ask(room, asking.check(line))

    def quote_stands(self, citation: Mapping[str, Any]) -> bool:
        """A citation's quote by the second reader; a scan, which none can tell, counts as standing."""
        fields = {k: citation[k] for k in ("document", "quote", "page", "locator") if k in citation}
        source = msgspec.convert({**fields, "ocr": bool(citation.get("ocr"))}, Source)
        return quote_stands(self.folder, source) is not False


def judged(records: list[ev.Record]) -> list[dict[str, Any]]:
    """What the guard said of every drafted sentence."""
    return [
        {"text": e.text, "by": e.by, "verdict": e.verdict, "rule": e.rule, "words": e.words}
        for r in records
        if isinstance(e := r.event, ev.DraftSentence)
    ]
