"""One connection to `/ws`: who may come in, what comes in, what goes out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from cohost.common.people import LOWERS, Signature, may, rights
from cohost.errors import WireError
from cohost.trust.attributes import display_name, ontology
from cohost.web import frames as fr
from cohost.web import inbound, shapes, words
from cohost.web.auth import Auth, Refusal, pseudonym
from cohost.web.commands import Commands, Sender, Warned
from cohost.web.direct import STATE
from cohost.web.hub import Hub
from cohost.web.lane import VOICE, Lane
from cohost.web.limits import Inflow
from cohost.web.page import Listens, Page
from cohost.web.translate import Audience

logger = logging.getLogger(__name__)

OVERSIZE, FLOOD = 1009, 1008
NAME_CHARS, SECRET_CHARS = 40, 128


@dataclass(frozen=True)
class Doors:
    """What every connection needs."""

    hub: Hub
    auth: Auth
    commands: Commands


class Session:
    """Runs until either side ends it. Cancelling closes the socket; nothing on the log is lost."""

    def __init__(self, doors: Doors, socket: WebSocket) -> None:
        self._hub = doors.hub
        self._auth = doors.auth
        self._commands = doors.commands
        self._socket = socket
        self._limits = doors.hub.limits

    async def run(self) -> None:
        refusal = self._refusal(self._socket.query_params)
        if refusal is not None:
            self._hub.metrics.refused.labels(refusal.code).inc()
            logger.info("refused a connection: %s", refusal.message)
            await self._socket.close()  # before accept: 403
            return
        sender = self._sender(self._socket.query_params)
        await self._socket.accept()
        since = _since(self._socket.query_params.get("since"))
        page, first = self._hub.join(
            _audience(sender), since, self._listens(self._socket.query_params), viewer=sender.viewer,
            lang=words.known(sender.lang) if sender.lang else "",
            direct=self._socket.scope.get("state", {}).get(STATE),
            decides=sender.role != "viewer" and may(sender.post, "reply.approve"),
        )  # fmt: skip
        lane = Lane(self._hub, page, sender)
        try:
            hello = fr.dump(self._hello(sender, min(since or 0, self._hub.sent)))
            async with asyncio.TaskGroup() as tasks:
                writer = tasks.create_task(self._write(page, [hello, *first]))
                code = await self._read(page, sender, lane)
                writer.cancel()
        finally:
            lane.end()
            self._hub.leave(page)
        if code is not None:
            self._hub.metrics.refused.labels(str(code)).inc()
            with contextlib.suppress(WebSocketDisconnect):
                await self._socket.close(code, "too much at once" if code == FLOOD else "too large")

    # ── coming in ──
    def _refusal(self, query: Mapping[str, str]) -> Refusal | None:
        headers, room = self._socket.headers, query.get("room", "")
        refusal = self._auth.admit(
            query.get("role", "viewer"), query.get("token"),
            origin=headers.get("origin"), host=headers.get("host"),
        )  # fmt: skip
        if refusal is None and room and room != self._hub.room.name:
            return Refusal("unknown_room", f"got room {room[:40]!r}, expected {self._hub.room.name!r}")
        if refusal is None and len(self._hub.pages) >= self._limits.connections:
            return Refusal("full", "the room is full: try again in a moment")
        return refusal

    def _sender(self, query: Mapping[str, str]) -> Sender:
        role: Any = query.get("role", "viewer")
        if role not in ("viewer", "host"):
            role = "operator"  # a post of its own on the wire: what it may do is in its token
        person = self._auth.person(query.get("token")) if role != "viewer" else None
        name = " ".join("".join(c if c.isprintable() else " " for c in query.get("name", "")).split())
        if role != "viewer":
            name = self._auth.own_name(name, query.get("token"))
        catalogue = self._hub.room.library.catalogue
        market = query.get("market", "").upper()[:2] or None
        lang = query.get("lang", "")[:35]
        if not lang:
            lang = catalogue.brand.host_lang if role != "viewer" else ""
        address = self._socket.client.host if self._socket.client else ""
        viewer = pseudonym(
            self._hub.room.name, secret=query.get("me", "")[:SECRET_CHARS] or None, name=name,
            address=address, fresh=self._hub.room.clock.token(),
        )  # fmt: skip
        signed = Signature(person.name, person.role) if person else None
        return Sender(role, viewer, name[:NAME_CHARS], lang, market, signed)

    def _listens(self, query: Mapping[str, str]) -> Listens:
        wanted = query.get("audio")
        if wanted == "caller" and self._hub.room.microphones is not None:
            return "caller"
        return "cohost" if wanted == "1" and self._hub.room.sound is not None else ""

    def _hello(self, sender: Sender, seq: int) -> fr.Hello:
        """`seq` is where the page stands before what follows: resuming there loses nothing."""
        hub, catalogue = self._hub, self._hub.room.library.catalogue
        brand, staff = catalogue.brand, sender.role != "viewer"
        lang = words.known(sender.lang)
        return fr.Hello(
            seq=seq, at_ms=hub.now_ms(), room=hub.room.name, protocol=fr.PROTOCOL,
            you=shapes.You(
                role=sender.role, viewer=sender.viewer, name=sender.name, lang=lang, market=sender.market
            ),
            languages=words.languages(), ai_disclosure=words.disclosure(lang, brand.name, brand.disclosure),
            brand=shapes.Brand(name=brand.name, legal_name=brand.legal_name, support=brand.support),
            products=tuple(
                shapes.ProductView(id=p.id, name=p.name, models=p.models) for p in catalogue.products
            ),
            markets=tuple(
                shapes.MarketView(code=m.code, lang=m.lang, currency=m.currency) for m in catalogue.markets
            ),
            on=hub.room.clock.today(), attributes=_attributes(brand.host_lang) if staff else (),
            host_lang=brand.host_lang if staff else None,
            microphones=hub.room.microphones is not None, sound=hub.room.sound is not None,
            person=_person(sender),
        )  # fmt: skip

    # ── going out ──
    async def _write(self, page: Page, first: list[str]) -> None:
        with contextlib.suppress(WebSocketDisconnect):  # the reader hears of it too
            for opening in first:
                await self._socket.send_text(opening)
            while True:
                page.writing = True
                while (piece := self._next(page)) is not None:
                    if isinstance(piece, str):
                        await self._socket.send_text(piece)
                    else:
                        await self._socket.send_bytes(piece)
                page.writing = False
                page.wake.clear()
                await page.wake.wait()

    def _next(self, page: Page) -> str | bytes | None:
        if page.behind:
            self._hub.catch_up(page)
        return page.pop()

    # ── listening ──
    async def _read(self, page: Page, sender: Sender, lane: Lane) -> int | None:
        """Until the page leaves (None) or must be sent away (a close code)."""
        inflow = Inflow(self._limits, self._hub.now_ms())
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            text, sound = message.get("text"), message.get("bytes")
            if text is not None:
                code = self._text(page, sender, lane, inflow, text)
            else:
                code = self._sound(page, lane, inflow, sound or b"")
            if code is not None:
                return code

    def _text(self, page: Page, sender: Sender, lane: Lane, inflow: Inflow, text: str) -> int | None:
        """A close code, or None when the connection lives on."""
        if len(text.encode()) > self._limits.text_bytes:
            return OVERSIZE
        allowed = inflow.text(self._hub.now_ms())
        if allowed == "close":
            return FLOOD
        frame: inbound.In | None = None
        try:
            if allowed == "refuse":
                rate = self._limits.frame_rate
                raise WireError("too_fast", f"got more than {rate:g} frames a second, expected fewer: wait")
            frame = inbound.parse(text)
            answer = lane.do(frame) if isinstance(frame, VOICE) else self._commands.do(frame, sender)
        except WireError as error:
            self._hub.metrics.refused.labels(error.code).inc()
            answer = self._error(error, frame)
        if answer is not None:
            page.push(fr.dump(answer))
        return None

    def _sound(self, page: Page, lane: Lane, inflow: Inflow, sound: bytes) -> int | None:
        if len(sound) > self._limits.audio_bytes:
            return OVERSIZE
        if not inflow.audio(self._hub.now_ms(), len(sound)):
            return FLOOD
        try:
            lane.feed(sound)
        except WireError as error:
            self._hub.metrics.refused.labels(error.code).inc()
            page.push(fr.dump(self._error(error, None)))
        return None

    def _error(self, error: WireError, frame: inbound.In | None) -> fr.Error:
        about = getattr(frame, "reply_id", None) or getattr(frame, "question_id", None)
        return fr.Error(
            seq=self._hub.sent, at_ms=self._hub.now_ms(), code=error.code, message=str(error),
            ref=about or getattr(frame, "id", None), client_id=getattr(frame, "client_id", None),
            rule=error.rule if isinstance(error, Warned) else None,
            words=error.words if isinstance(error, Warned) else "",
        )  # fmt: skip


def _audience(sender: Sender) -> Audience:
    """What a page is told: drafts go to those who may read them, the rest of the staff gets all else."""
    if sender.role == "operator" and not may(sender.post, "drafts.read"):
        return "host"
    return sender.role


def _person(sender: Sender) -> shapes.PersonView | None:
    if sender.post == "viewer":
        return None
    return shapes.PersonView(
        name=sender.name, role=sender.post, rights=rights(sender.post), signed=sender.signed is not None,
        lowers=sender.post in LOWERS,
    )  # fmt: skip


def _since(text: str | None) -> int | None:
    """A sequence number, or None for a page that knows nothing yet."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def _attributes(lang: str) -> tuple[shapes.AttributeView, ...]:
    return tuple(
        shapes.AttributeView(
            id=a.id, name=display_name(a.id, lang), form=a.form, units=a.units, market=a.market
        )
        for a in ontology().values()
        if a.form != "paper"
    )  # fmt: skip
