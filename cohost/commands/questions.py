"""A room for questions alone: the stages of a live show, no pages, the log in memory."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import AsyncIterator
from typing import cast

from cohost import interpreting
from cohost import settings as settings_
from cohost.app import Knowledge, Room, knowledge_folder, make_room, open_knowledge
from cohost.clock import Clock, WallClock
from cohost.commands.terminal import bars
from cohost.log import MemoryLog
from cohost.ports import Writer
from cohost.settings import Settings


def writer_from(settings: Settings, clock: Clock) -> Writer | None:
    """The LLM when one is set up; None = the composer answers alone."""
    if not settings.llm.model:
        return None
    from cohost.decision.writer import OpenAIWriter  # the client library takes a second to load

    llm = settings.llm
    return OpenAIWriter(
        base_url=llm.base_url, api_key=llm.api_key, model=llm.model, clock=clock,
        max_tokens=llm.max_tokens, timeout_s=llm.total_s,
    )  # fmt: skip


def translators(settings: Settings, clock: Clock) -> interpreting.Routes:
    """The translators that the settings name and this machine has. Raises SettingsError."""
    if not settings.llm.model:
        return interpreting.load(settings, clock)
    more = settings_.replace(
        settings, llm__max_tokens=interpreting.LLM_TOKENS, llm__total_s=settings.translate.deadline_s
    )
    return interpreting.load(settings, clock, writer=lambda: cast(Writer, writer_from(more, clock)))


@contextlib.asynccontextmanager
async def question_room(args: argparse.Namespace) -> AsyncIterator[tuple[Room, Knowledge]]:
    """A room without pages, its log in memory, for `ask` and the evals."""
    settings = settings_.load()
    clock = WallClock(on=args.on)
    folder = knowledge_folder(args.kb)
    with bars() as progress:
        knowledge = await open_knowledge(folder, clock, progress=progress)
    quick = settings_.replace(settings, chat__posts_per_second=100.0, chat__posts_burst=1000)
    room = make_room(quick, knowledge, clock, MemoryLog(clock), writer=writer_from(settings, clock))
    room.start()
    async with room.running(live=False):
        yield room, knowledge
