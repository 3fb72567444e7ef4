"""A room on the virtual clock with people in it: viewers who type, an operator at the console.

The stages, the library and the models are a live room's, and what an operator does goes through the
console's own commands; time alone is the case's, so a minute of show takes as long as its work.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence

from cohost import events as ev
from cohost import settings
from cohost.app import Knowledge, Room, make_room
from cohost.clock import VirtualClock
from cohost.log import MemoryLog
from cohost.ports import ChatSink
from cohost.settings import Settings
from cohost.stage import run
from cohost.web import inbound
from cohost.web.commands import Commands, Sender
from cohost.web.hub import Hub
from cohost.web.limits import Limits
from cohost.web.metrics import Metrics
from evals.world import World

OPERATOR = Sender("operator", "operator", "operator", "en", None)


class Calendar(VirtualClock):
    """Virtual time whose date a case can turn: a show that runs past midnight."""

    def turn_to(self, on: dt.date) -> None:
        self._on = on


class Scene:
    """What a script may do: `ask` as a viewer, `command` as the operator, `until` a time."""

    def __init__(self, room: Room, clock: Calendar) -> None:
        self.room, self.clock = room, clock
        self._hub = Hub(room, Limits(), Metrics())
        self._console = Commands(self._hub)

    def ask(
        self, who: str, text: str, *, platform: str = "room", market: str | None = None,
        product: str | None = None, lang: str | None = None,
    ) -> int:  # fmt: skip
        """The line's sequence number."""
        return self.room.inlet.submit(
            text, viewer=who, name=who, platform=platform, market=market, product=product, lang_hint=lang
        ).seq

    def command(self, frame: inbound.In) -> None:
        """As the operator's console sends it. Raises WireError where the room refuses it."""
        self._console.do(frame, OPERATOR)

    def replies_to(self, seq: int) -> list[ev.DecisionMade]:
        """What was decided for whoever wrote line `seq`, in order."""
        made = (r.event for r in self.room.log.records() if isinstance(r.event, ev.DecisionMade))
        return [m for m in made if any(a.message_seq == seq for a in m.askers)]

    def waits(self, reply_id: str) -> bool:
        """Whether a reply waits for the operator."""
        self._hub.sync()
        reply = self._hub.state.show.replies.get(reply_id)
        return reply is not None and reply.state == "drafted" and reply.needs_approval

    async def until(self, at_ms: float) -> None:
        await self.clock.sleep(at_ms - self.clock.now_ms())


Script = Callable[[Scene], Awaitable[None]]


async def play(
    world: World,
    on: dt.date,
    script: Script,
    *,
    level: str = "full",
    sinks: Callable[[Calendar], Sequence[ChatSink]] = lambda clock: (),
    paced: bool = False,
) -> list[ev.Record]:
    """The records of a show that `script` plays in. What it changes on air is forgotten with it. `paced`: the
    room's own posts are held back as in a live one."""
    clock = Calendar(on=on)
    shared = await world.knowledge()
    knowledge = Knowledge(
        shared.folder, shared.library.copy(clock), shared.attributes, shared.kinds, shared.vectors
    )
    log = MemoryLog(clock)
    room = make_room(_settings(level, paced), knowledge, clock, log, sinks=sinks(clock))
    room.start()
    async with asyncio.TaskGroup() as tasks:
        jobs = [tasks.create_task(run(stage, log), name=stage.name) for stage in room.stages]
        jobs += [tasks.create_task(service()) for service in room.services]
        acting = tasks.create_task(_act(script, Scene(room, clock)))
        await clock.drive(acting)
        for job in jobs:
            job.cancel()
    return list(log.records())


async def _act(script: Script, scene: Scene) -> None:
    await script(scene)


def _settings(level: str, paced: bool) -> Settings:
    chosen = settings.replace(settings.load(), chat__autonomy=level)
    if paced:
        return chosen
    return settings.replace(chosen, chat__posts_per_second=100.0, chat__posts_burst=1000)
