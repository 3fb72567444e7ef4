"""Who is there? Written down when that changes: an operator's page, so that nothing goes far alone unwatched,
and the languages of the viewers' pages, so that the host is understood in them."""

from __future__ import annotations

from cohost import events as ev
from cohost.web.hub import Hub

EVERY_MS = 1_000
LANGUAGES_EVERY_MS = 250


async def watch(hub: Hub, away_ms: int) -> None:
    """Append `operator.presence` when the last operator has been away for `away_ms`, and when one comes
    back. Runs until cancelled."""
    clock, log = hub.room.clock, hub.room.log
    seen = clock.now_ms()
    while True:
        now = clock.now_ms()
        here = hub.attended()
        if here:
            seen = now
        attended = hub.state.show.autonomy.attended
        if here and not attended:
            log.append(ev.OperatorPresence(present=True))
        elif attended and not here and now - seen >= away_ms:
            log.append(ev.OperatorPresence(present=False))
        hub.sync()
        await clock.sleep(EVERY_MS)


async def watch_languages(hub: Hub) -> None:
    """Append `audience.languages` when the set changes. Runs until cancelled."""
    clock, log = hub.room.clock, hub.room.log
    told: tuple[str, ...] = ()
    while True:
        here = hub.languages()
        if here != told:
            log.append(ev.AudienceLanguages(langs=here))
            told = here
            hub.sync()
        await clock.sleep(LANGUAGES_EVERY_MS)
