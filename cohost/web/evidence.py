"""The check of the evidence for operators: the page's body, and a quote on its own page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cohost.errors import DocumentError
from cohost.trust.evidence import Evidence
from cohost.web import documents
from cohost.web.auth import Auth
from cohost.web.hub import Hub

Check = Callable[[Sequence[Evidence], dt.date], Awaitable[str]]
"""Makes the page's body, in HTML, of the evidence as it stands. Raises DocumentError."""


class EvidenceDesk:
    """What stands behind `/evidence`. Everything here needs the operator's token as a bearer."""

    def __init__(self, hub: Hub, auth: Auth, check: Check | None, pictures: documents.Pictures) -> None:
        self._hub = hub
        self._room = hub.room
        self._auth = auth
        self._check = check
        self._pictures = pictures

    def routes(self) -> list[Route]:
        return [
            Route("/api/evidence", self.body),
            Route("/api/evidence/{id}/strip.jpg", self.strip),
        ]

    async def body(self, request: Request) -> Response:
        """The check's page, of the library as operators changed it."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        if self._check is None:
            return error("not_available", "this room has no check of its evidence", 503)
        try:
            html = await self._check(self._items(), self._room.clock.today())
        except DocumentError as failed:
            return error(failed.code, str(failed), 503)
        return Response(html, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})

    async def strip(self, request: Request) -> Response:
        """A JPEG of the quote's lines on its page; whoever keeps the evidence may see every page of it."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        item = self._room.library.get(request.path_params["id"])
        path = documents.drawable(item, self._room.root) if item is not None else None
        if item is None or path is None or item.release == "internal":
            return error("not_found", "no such page", 404)
        try:
            jpeg = await self._pictures.strip(path, item.source.page or 1, item.source.quote)
        except DocumentError as failed:
            return error(failed.code, str(failed), 422)
        return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=60"})

    def _items(self) -> list[Evidence]:
        self._hub.sync()
        held = self._hub.state.show.held
        return [
            msgspec.structs.replace(i, release="held") if i.id in held else i
            for i in self._room.library.all()
        ]

    def _refusal(self, request: Request) -> Response | None:
        rank = self._auth.rank(bearer(request))
        if rank == "operator":
            return None
        status = 401 if rank is None else 403
        return error("token_needed", "got no operator's token, expected Authorization: Bearer …", status)


def bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def error(code: str, message: str, status: int) -> Response:
    body = msgspec.json.encode({"error": {"code": code, "message": message}})
    return Response(body, status, media_type="application/json")
