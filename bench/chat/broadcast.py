"""A room on a port with many viewers while the storm goes on: how late a reply reaches them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence

import uvicorn

from bench.chat.storming import Stormed, storm_through, warmed
from cohost import events as ev
from cohost.app import Room
from cohost.web.auth import Auth
from cohost.web.server import UVICORN, make_app
from evals.storm import StormLine
from evals.world import World

CONNECT_S = 60


class _Server(uvicorn.Server):
    """Leaves signals to the bench."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def on_a_port(room: Room) -> AsyncIterator[str]:
    """The room's pages beside its stages, which run already; the address."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen(4096)
        app = make_app(room, Auth(operator_token=room.clock.token()))
        server = _Server(uvicorn.Config(app, lifespan="on", log_config=None, **UVICORN))
        async with asyncio.TaskGroup() as tasks:
            job = tasks.create_task(server.serve([bound]))
            while not server.started:
                await room.clock.sleep(10)
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
            server.should_exit = True
            await job


async def watched(
    world: World,
    warm: Sequence[StormLine],
    lines: Sequence[StormLine],
    rate: float,
    viewers: int,
    listening: int,
) -> tuple[Stormed, list[float], int]:
    """(what became of the storm, ms from `reply.posted` to each page, pages that a reply reached)."""
    async with warmed(world, warm, paced=True) as room, on_a_port(room) as address:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.chat.viewers", address, str(viewers), str(listening),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 28,
        )  # fmt: skip
        assert child.stdout is not None
        assert child.stdin is not None
        async with asyncio.timeout(CONNECT_S):
            await child.stdout.readline()
        after, zero = room.log.last_seq, time.monotonic() - room.clock.now_ms() / 1000
        found = await storm_through(room, lines, rate, lambda share: None)
        await room.clock.sleep(2_000)
        child.stdin.write(b"\n")
        arrivals: dict[str, list[float]] = json.loads(await child.stdout.readline())
        await child.wait()
        posted = {
            r.event.reply_id: zero + r.at_ms / 1000
            for r in room.log.records(after=after)
            if isinstance(r.event, ev.ReplyPosted)
        }
    late = [(at - posted[i]) * 1000 for i, ats in arrivals.items() if i in posted for at in ats]
    reached = sum(len(arrivals.get(i, ())) for i in posted)
    return found, late, round(reached / max(1, len(posted)))
