"""A room for questions alone: the stages of a live show, no pages, the log in memory."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import AsyncIterator

from cohost import interpreting
from cohost import settings as settings_
from cohost.app import Knowledge, Room, knowledge_folder, make_room, open_knowledge
from cohost.clock import Clock, WallClock
from cohost.commands.terminal import bars, settings_of
from cohost.common.spend import Ceiling, Prices
from cohost.decision.roster import Endpoint, Roster
from cohost.log import MemoryLog
from cohost.settings import Settings


def writer_from(settings: Settings, clock: Clock, *, translates: bool = False) -> Roster | None:
    """The LLM endpoints that are set up, in order; None = the composer answers alone. `translates`: for whole
    lines in plain text. Raises SettingsError on a key that is not there."""
    llm = settings.llm
    servers = llm.servers()
    if not servers:
        return None
    from cohost.decision.writer import OpenAIWriter  # the client library takes a second to load

    endpoints = [
        Endpoint(
            OpenAIWriter(
                base_url=one.base_url, api_key=one.api_key, model=one.model, clock=clock,
                max_tokens=interpreting.LLM_TOKENS if translates else one.max_tokens,
                timeout_s=settings.translate.deadline_s if translates else llm.total_s,
                structured=one.structured and not translates,
            ),
            name=one.name, prices=Prices(*one.prices), first_ms=one.timeout_s * 1000,
        )
        for one in servers
    ]  # fmt: skip
    return Roster(endpoints, ceiling=Ceiling(llm.ceiling, llm.ceiling_tokens), currency=llm.currency)


def translators(settings: Settings, clock: Clock) -> interpreting.Routes:
    """The translators that the settings name and this machine has. Raises SettingsError."""
    roster = writer_from(settings, clock, translates=True)
    if roster is None:
        return interpreting.load(settings, clock)
    return interpreting.load(settings, clock, writers=lambda: roster.endpoints)


@contextlib.asynccontextmanager
async def question_room(args: argparse.Namespace) -> AsyncIterator[tuple[Room, Knowledge]]:
    """A room without pages, its log in memory, for `ask` and the evals."""
    settings = settings_of(args)
    clock = WallClock(on=args.on)
    folder = knowledge_folder(args.kb)
    with bars() as progress:
        knowledge = await open_knowledge(folder, clock, progress=progress)
    quick = settings_.replace(settings, chat__posts_per_second=100.0, chat__posts_burst=1000)
    room = make_room(quick, knowledge, clock, MemoryLog(clock), writer=writer_from(settings, clock))
    room.start()
    async with room.running(live=False):
        yield room, knowledge
