"""A room on a port: pages, sockets and stages in one loop, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import uvicorn

from cohost import asking
from cohost import events as ev
from cohost.app import Room, index_dir
from cohost.check.live import LiveCheck
from cohost.errors import BusyError, UsageError, WireError
from cohost.report import STYLE, as_csv, page, summarise
from cohost.settings import Settings
from cohost.settings.people import Named
from cohost.setup.folder import SetupFolder
from cohost.web.after import Form
from cohost.web.auth import Auth
from cohost.web.server import UVICORN, AskLine, make_app


@dataclass(frozen=True)
class Address:
    """Where the room is. `console` carries the operator's token."""

    host: str
    port: int
    token: str
    tls: bool
    room: str

    @property
    def page(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self._name}:{self.port}/"

    @property
    def console(self) -> str:
        return f"{self.page}console?token={self.token}"

    @property
    def setup(self) -> str:
        return f"{self.page}setup?token={self.token}"

    @property
    def overlay(self) -> str:
        return f"{self.page}overlay"

    @property
    def wire(self) -> str:
        return f"{'wss' if self.tls else 'ws'}://{self._name}:{self.port}"

    @property
    def _name(self) -> str:
        return "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises BusyError when somebody else has the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(2048)
    except socket.gaierror as error:
        bound.close()
        raise UsageError(
            f"got --host {host}, which is no address of this machine ({error.strerror}); "
            "expected one such as 127.0.0.1, or 0.0.0.0 for all"
        ) from error
    except OSError as error:
        bound.close()
        raise BusyError(
            f"got port {port} on {host}, which cannot be had ({error.strerror}); "
            "expected a free one: stop the other program or use --port"
        ) from error
    return bound


def report_so_far(form: Form, records: Sequence[ev.Record]) -> str:
    """The report on the show as it stands."""
    if form == "style":
        return STYLE
    summary = summarise(records)
    if form == "csv":
        return as_csv(summary["questions_list"])
    if form == "json":
        return msgspec.json.encode(summary).decode()
    return page(
        summary, (("CSV", "/report/questions.csv"), ("JSON", "/report/show.json")), "/report/style.css"
    )


class _Server(uvicorn.Server):
    """Leaves signals to the command: one Ctrl-C ends pages, stages and log in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@contextlib.asynccontextmanager
async def serving(
    room: Room, bound: socket.socket, settings: Settings, people: Sequence[Named] = ()
) -> AsyncIterator[Address]:  # fmt: skip
    """The room runs inside; leaving closes pages first, then stages, then the log. `people`: the staff
    by name."""
    web = settings.web
    if bool(web.tls_cert) != bool(web.tls_key):
        raise UsageError("got one of --tls-cert and --tls-key, expected both or none")
    token = web.token or room.clock.token()
    counter = iter(range(1, 1 << 62))

    async def ask(line: AskLine) -> dict[str, Any]:
        try:
            checked = asking.check({k: v for k, v in msgspec.to_builtins(line).items() if v is not None})
        except UsageError as error:
            raise WireError("bad_line", str(error)) from error
        return await asking.ask(room, checked, number=next(counter))

    auth = Auth(
        operator_token=token, viewer_token=web.viewer_token, origins=web.origins, people=tuple(people)
    )  # fmt: skip
    app = make_app(
        room,
        auth,
        ask=ask,
        check=LiveCheck(room.knowledge.built).fragment,
        away_ms=round(settings.chat.unattended_s * 1000),
        hooks=room.broadcast.hooks,
        translates=room.translates,
        report=report_so_far,
        setup=SetupFolder(room.root, index_dir(room.root), room.clock),
    )
    config = uvicorn.Config(
        app, lifespan="on", log_config=None, timeout_graceful_shutdown=2, ssl_certfile=web.tls_cert or None,
        ssl_keyfile=web.tls_key or None, **UVICORN,
    )  # fmt: skip
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    server = _Server(config)
    async with room.running() as tasks:
        serving_task = tasks.create_task(server.serve(sockets=[bound]), name="web")
        try:
            while not server.started:
                if serving_task.done():
                    serving_task.result()
                await room.clock.sleep(10)
            host, port = bound.getsockname()[:2]
            yield Address(host, port, token, bool(web.tls_cert), room.name)
        finally:  # also where Ctrl-C comes while the server starts: it ends in its own way, without a word
            server.should_exit = True
            await asyncio.shield(serving_task)
