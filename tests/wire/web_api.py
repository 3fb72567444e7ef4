"""A platform's HTTP side in the test's own loop: routes that are plain functions, on a real port."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cohost import events as ev
from cohost.clock import WallClock
from cohost.ears.chat import ChatInlet
from cohost.log import MemoryLog
from cohost.platforms.feed import Feed

Take = Callable[[Request], Awaitable[Response]]


def answer(status: int, body: object, **headers: str) -> Response:
    return JSONResponse(body, status, headers=headers)


@contextlib.asynccontextmanager
async def serving(routes: Mapping[str, Take]) -> AsyncIterator[str]:
    """The address while it runs; every path takes GET and POST."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        app = Starlette(routes=[Route(path, take, methods=["GET", "POST"]) for path, take in routes.items()])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        async with asyncio.TaskGroup() as tasks:
            job = tasks.create_task(server.serve([bound]))
            while not server.started:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
            server.should_exit = True
            await job


class Place:
    """A room's log and inlet for one platform."""

    def __init__(self, platform: str) -> None:
        self.clock = WallClock(on=dt.date(2026, 11, 20))
        self.log = MemoryLog(self.clock)
        self.feed = Feed(platform, "main", ChatInlet(self.log, self.clock), self.log, self.clock)

    def lines(self) -> list[ev.ChatMessage]:
        return [r.event for r in self.log.records() if isinstance(r.event, ev.ChatMessage)]

    def states(self) -> list[str]:
        return [r.event.state for r in self.log.records() if isinstance(r.event, ev.PlatformState)]

    def told(self) -> str:
        return [r.event.message for r in self.log.records() if isinstance(r.event, ev.PlatformState)][-1]

    async def until(self, true: Callable[[], bool], seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110 the log has no waiting for tests
                await asyncio.sleep(0.02)
