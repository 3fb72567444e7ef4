"""The check of the evidence for operators: the page, and a quote on its own page.

The page's first address carries the operator's token, as the console's does; a cookie for these paths alone
then opens it again and its pictures. It only reads: what is decided on it goes over the socket.
"""

from __future__ import annotations

import datetime as dt
import importlib.resources
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from html import escape

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from cohost.errors import DocumentError
from cohost.trust.evidence import Evidence
from cohost.web import documents
from cohost.web.auth import Auth
from cohost.web.door import Door
from cohost.web.hub import Hub

Check = Callable[[Sequence[Evidence], dt.date], Awaitable[str]]
"""Makes the page's body, in HTML, of the evidence as it stands. Raises DocumentError."""

PLACE = "<!-- the check -->"
"""Where the body stands in `pages/evidence.html`."""
HTML = "text/html; charset=utf-8"
NO_TOKEN = "Open the evidence from the console: its address carries the token."
BAD_TOKEN = "The room does not accept this token. Open the evidence from the console."


class EvidenceDesk:
    """The handlers behind `/evidence`."""

    def __init__(self, hub: Hub, auth: Auth, check: Check | None, pictures: documents.Pictures) -> None:
        self._hub = hub
        self._room = hub.room
        self._auth = auth
        self._check = check
        self._door = Door(auth, "evidence", "evidence.read")
        self._pictures = pictures
        shell = (importlib.resources.files(__package__) / "pages" / "evidence.html").read_text("utf-8")
        self._head, _, self._tail = shell.partition(PLACE)

    def routes(self) -> list[Route]:
        return [Route("/evidence", self.page), Route("/evidence/{id}/strip.jpg", self.strip)]

    async def page(self, request: Request) -> Response:
        """The frame of the page at once, the check when it is made."""
        token = request.query_params.get("token")
        door = self._door
        cookie = request.cookies.get(door.cookie)
        if door.holder(token, cookie) is None:
            status = 403 if self._auth.known(token) else 401
            words = _banner(BAD_TOKEN if token else NO_TOKEN)
            return Response(self._head + words + self._tail, status, media_type=HTML)
        answer = StreamingResponse(self._parts(), media_type=HTML, headers={"Cache-Control": "no-store"})
        answer.set_cookie(
            door.cookie, door.key(token, cookie), path=door.path, httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    async def _parts(self) -> AsyncIterator[str]:
        yield self._head
        try:
            if self._check is None:
                raise DocumentError("not_available", "this room has no check of its evidence")
            yield await self._check(self._items(), self._room.clock.today())
        except DocumentError as failed:
            yield _banner(str(failed))
        yield self._tail

    async def strip(self, request: Request) -> Response:
        """A JPEG of the quote's lines on its page; whoever keeps the evidence may see every page of it."""
        if self._door.holder(None, request.cookies.get(self._door.cookie)) is None:
            return error("token_needed", "got no token, expected the evidence page's cookie", 401)
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
        """The library as operators changed it."""
        self._hub.sync()
        held = self._hub.state.show.held
        return [
            msgspec.structs.replace(i, release="held") if i.id in held else i
            for i in self._room.library.all()
        ]


def _banner(words: str) -> str:
    said = f'<p class="banner" role="alert">{escape(words)}</p>'
    return f'<main><h1 class="hush">Evidence</h1>{said}</main>'


def error(code: str, message: str, status: int) -> Response:
    """The wire's shape of an error."""
    body = msgspec.json.encode({"error": {"code": code, "message": message}})
    return Response(body, status, media_type="application/json")
