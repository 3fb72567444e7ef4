"""Where a room is carried to: the platforms that are switched on, under the brand's rules; after-sales."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from cohost import resources
from cohost.clock import Clock
from cohost.common.catalogue import Catalogue
from cohost.platforms import connect
from cohost.platforms.handoff import HandoffStage
from cohost.platforms.webhook import Webhook
from cohost.ports import ChatSink, Hook, Inlet, Log
from cohost.settings import Settings


@dataclass(frozen=True)
class Broadcast:
    """What a room gains by its platforms. `close` at the end of the show."""

    platforms: Sequence[connect.Platform] = ()
    sinks: Sequence[ChatSink] = ()
    stages: Sequence[HandoffStage] = ()
    hooks: Sequence[Hook] = ()

    @property
    def services(self) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
        return tuple(platform.run for platform in self.platforms)

    @property
    def may_speak(self) -> bool:
        return connect.may_speak(self.sinks)

    async def close(self) -> None:
        for platform in self.platforms:
            await platform.close()


def broadcast(
    settings: Settings,
    catalogue: Catalogue,
    room: str,
    inlet: Inlet,
    log: Log,
    clock: Clock,
    *,
    rehearsal: bool,
) -> Broadcast:
    """Nothing connects before the services run. In a rehearsal lines are read and nothing is posted or handed
    on. Raises SettingsError."""
    feeds = connect.feeds(room, inlet, log, clock)
    platforms = connect.connect(settings, feeds, resources.state_dir() / "quota")
    sinks: list[ChatSink] = [connect.Governed(platform, catalogue) for platform in platforms]
    if rehearsal:
        sinks = [connect.Rehearsed(sink) for sink in sinks]
    hand_off = (settings.orders.csv or settings.orders.webhook) and not rehearsal
    return Broadcast(
        platforms, sinks, (HandoffStage(log, clock, settings.orders, room),) if hand_off else (),
        tuple(p for p in platforms if isinstance(p, Webhook)),
    )  # fmt: skip
