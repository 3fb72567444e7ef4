"""The live room over HTTP and WebSocket: `make_app` gives an ASGI application for one room.

`UVICORN` are the options it is made for; add host, port and TLS.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib.resources
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from cohost.errors import DocumentError, WireError
from cohost.ports import Hook
from cohost.trust.evidence import Evidence
from cohost.web import documents, presence, views
from cohost.web.after import Report, ReportDesk
from cohost.web.answer_page import answer_page, gone_page
from cohost.web.auth import Auth
from cohost.web.commands import Commands
from cohost.web.direct import DirectProtocol
from cohost.web.evidence import Check, EvidenceDesk, error
from cohost.web.headers import SecurityHeaders
from cohost.web.hub import Hub
from cohost.web.limits import AddressBook, Limits
from cohost.web.metrics import Metrics
from cohost.web.packed import Packed, pack, pack_folder
from cohost.web.room import RoomPort
from cohost.web.schema import schemas
from cohost.web.session import Doors, Session
from cohost.web.setup import Setup, SetupDesk
from cohost.web.words import known, page_words, preferred

UVICORN: dict[str, Any] = {
    "http": "h11",  # bounds a request's headers, which httptools does not
    "h11_max_incomplete_event_size": 64 * 1024,
    "ws": DirectProtocol,
    "ws_per_message_deflate": False,
    "ws_max_size": Limits().audio_bytes,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
    "server_header": False,
    "log_level": "warning",
    "access_log": False,
}
ASK_S = 60.0


class AskLine(msgspec.Struct, frozen=True):
    """A line of `cohost ask --stdin`, and the body of `POST /api/ask`."""

    question: str
    id: str | None = None
    product: str | None = None
    market: str | None = None
    lang: str | None = None
    viewer: str | None = None


Ask = Callable[[AskLine], Awaitable[dict[str, Any]]]
"""Answers one question with the contract's object. Raises WireError for a line it cannot take."""


def make_app(
    room: RoomPort,
    auth: Auth,
    *,
    ask: Ask | None = None,
    limits: Limits | None = None,
    check: Check | None = None,
    away_ms: int = 0,
    hooks: Sequence[Hook] = (),
    translates: bool = False,
    report: Report | None = None,
    setup: Setup | None = None,
) -> Starlette:
    """The application; its lifespan reads the room's log from start to shutdown. `hooks` take requests of
    platforms; `translates`: what is said is wanted in the languages of the pages;
    `report`: makes the report on the show so far; `setup`: the folder that the staff may fill."""
    web = Web(room, auth, ask, limits or Limits(), away_ms, translates)
    desk = EvidenceDesk(web.hub, auth, check, web.pictures)
    routes = [
        Route("/", web.page("viewer.html")),
        Route("/console", web.page("console.html")),
        Route("/overlay", web.page("overlay.html")),
        Route("/prompter", web.page("prompter.html")),
        Route("/pages/{name}", web.file),
        WebSocketRoute("/ws", web.socket),
        Route("/healthz", web.healthz),
        Route("/metrics", web.metrics_text),
        Route("/schema.json", web.schema),
        Route("/api/ask", web.ask, methods=["POST"]),
        Route("/api/languages/{tag}", web.words),
        *desk.routes(),
        *(ReportDesk(web.hub, auth, report).routes() if report is not None else ()),
        *(SetupDesk(auth, setup, web.file_of("setup.html")).routes() if setup is not None else ()),
        *(Route(hook.path, web.hook(hook), methods=["POST"]) for hook in hooks),
        Route("/answer/{reply_id}", web.answer),
        Route("/evidence/{id}", web.evidence),
        Route("/evidence/{id}/page.png", web.picture),
    ]
    app = Starlette(routes=routes, lifespan=web.lifespan, middleware=[Middleware(SecurityHeaders)])
    app.state.hub = web.hub
    return app


class Web:
    """The handlers of one room."""

    def __init__(
        self, room: RoomPort, auth: Auth, ask: Ask | None, limits: Limits, away_ms: int, translates: bool
    ) -> None:
        """`away_ms`: without an operator's page for so long the room counts as unattended; 0 = never."""
        self._room = room
        self._translates = translates
        self._away_ms = away_ms
        self._auth = auth
        self._ask = ask
        self._limits = limits
        self._metrics = Metrics()
        self.hub = Hub(room, limits, self._metrics)
        self._metrics.watch(self.hub.state, self.hub.connected, self.hub.listening)
        self._doors = Doors(self.hub, auth, Commands(self.hub))
        self._addresses = AddressBook(limits.ask_rate, limits.ask_burst)
        self.pictures = documents.Pictures()
        self._files = pack_folder(importlib.resources.files(__package__) / "pages")

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self.hub.load()
        async with asyncio.TaskGroup() as tasks:
            jobs = [tasks.create_task(self.hub.run(), name="web")]
            if self._away_ms:
                jobs.append(tasks.create_task(presence.watch(self.hub, self._away_ms), name="presence"))
            if self._translates:
                jobs.append(tasks.create_task(presence.watch_languages(self.hub), name="languages"))
            try:
                yield
            finally:
                for job in jobs:
                    job.cancel()

    def page(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            return self._files[name].answer(request)

        return serve

    def file_of(self, name: str) -> Packed:
        return self._files[name]

    async def file(self, request: Request) -> Response:
        """A script or a style sheet, by its name alone."""
        file = self._files.get(request.path_params["name"])
        return error("not_found", "no such file", 404) if file is None else file.answer(request)

    async def socket(self, socket: WebSocket) -> None:
        await Session(self._doors, socket).run()

    # ── for machines ──
    async def healthz(self, request: Request) -> Response:
        health = self.hub.health()
        return _json({"status": "ok", "room": self._room.name, "seq": health.seq, "pages": health.pages})

    async def metrics_text(self, request: Request) -> Response:
        self.hub.sync()
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def schema(self, request: Request) -> Response:
        return _json(schemas())

    async def words(self, request: Request) -> Response:
        return _words(known(request.path_params["tag"])).answer(request)

    # ── questions without a socket ──
    async def ask(self, request: Request) -> Response:
        try:
            line = await self._ask_line(request)
            if self._ask is None:
                raise WireError("not_available", "this room takes questions on its pages only")
            async with asyncio.timeout(ASK_S):
                return _json(await self._ask(line))
        except WireError as refused:
            self._metrics.refused.labels(refused.code).inc()
            return error(refused.code, str(refused), _ASK_STATUS.get(refused.code, 400))
        except TimeoutError:
            return error("slow", f"got no answer in {ASK_S:g} s: ask again", 504)

    async def _ask_line(self, request: Request) -> AskLine:
        origin, host = request.headers.get("origin"), request.headers.get("host")
        if origin is not None and not self._auth.same_origin(origin, host):
            raise WireError("foreign_origin", "got a page of another origin, expected one of this room")
        if self._auth.viewer_token and not self._auth.known(_bearer(request)):
            raise WireError("token_needed", "got no token, expected Authorization: Bearer …")
        address = request.client.host if request.client else ""
        if not self._addresses.take(address, self._room.clock.now_ms()):
            rate = self._limits.ask_rate
            raise WireError("too_fast", f"got more than {rate:g} questions a second, expected fewer: wait")
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._limits.text_bytes:
                raise WireError(
                    "too_large", f"got more than {self._limits.text_bytes} bytes, expected one question"
                )
        try:
            return msgspec.json.decode(bytes(body), type=AskLine)
        except msgspec.ValidationError as wrong:
            raise WireError("bad_line", f'got {wrong}, expected {{"question": "…"}}') from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise WireError("bad_json", f"got text that is no JSON ({wrong}), expected one object") from None

    # ── platforms ──
    def hook(self, hook: Hook) -> Callable[[Request], Awaitable[Response]]:
        async def take(request: Request) -> Response:
            body = bytearray()
            async for chunk in request.stream():
                body += chunk
                if len(body) > self._limits.hook_bytes:
                    told = f"got more than {self._limits.hook_bytes} bytes, expected fewer lines a request"
                    return error("too_large", told, 413)
            answer = await hook.take(dict(request.headers), bytes(body))
            return _json(answer.body, answer.status)

        return take

    # ── evidence ──
    async def answer(self, request: Request) -> Response:
        """A posted answer with its evidence, for whoever follows a post's link."""
        self.hub.sync()
        posted = self.hub.state.replies.get(request.path_params["reply_id"])
        library, today = self._room.library, self._room.clock.today()
        if posted is None:
            wanted = preferred(request.headers.get("accept-language", ""))
            return HTMLResponse(gone_page(wanted), 404, headers={"Vary": "Accept-Language"})
        reply = views.reply(self.hub.state, library, posted, staff=False)
        held = self.hub.state.show.held
        found = [library.get(citation.id) for citation in reply.citations]
        items = [
            documents.view(item, self._room.root, today)
            if item is not None and documents.shown(item, held=item.id in held)
            else None
            for item in found
        ]
        brand = library.catalogue.brand
        page = answer_page(reply, items, brand=brand.name, own_disclosure=brand.disclosure)
        return HTMLResponse(page, headers={"Cache-Control": "private, max-age=60"})

    async def evidence(self, request: Request) -> Response:
        item = self._shown(request)
        if item is None:
            return error("not_found", "no such item, or it is not shown in this room", 404)
        return _json(documents.view(item, self._room.root, self._room.clock.today()))

    async def picture(self, request: Request) -> Response:
        item = self._shown(request)
        path = documents.picture_path(item, self._room.root) if item is not None else None
        if item is None or path is None:
            return error("not_found", "no such page, or it is not shown in this room", 404)
        try:
            png = await self.pictures.png(path, item.source.page or 1, item.source.quote)
        except DocumentError as failed:
            return error(failed.code, str(failed), 422)
        return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=60"})

    def _shown(self, request: Request) -> Evidence | None:
        evidence_id = request.path_params["id"]
        item = self._room.library.get(evidence_id)
        self.hub.sync()
        held = evidence_id in self.hub.state.show.held
        return item if documents.shown(item, held=held) else None


_ASK_STATUS = {
    "foreign_origin": 403, "token_needed": 401, "too_fast": 429, "too_large": 413, "not_available": 503,
}  # fmt: skip


@functools.cache
def _words(lang: str) -> Packed:
    return pack(msgspec.json.encode(page_words(lang)), "application/json")


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
