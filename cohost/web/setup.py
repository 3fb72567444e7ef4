"""`/setup` for the staff: files come into the folder, what was understood goes out, `kb.toml` is written.

The page's first address carries the operator's token, as the console's does; a cookie for these paths alone
then opens it again.
"""

from __future__ import annotations

from typing import Any, Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cohost.common.people import Signature, allowed, may
from cohost.errors import DocumentError, KnowledgeError, WireError
from cohost.web.auth import Auth
from cohost.web.door import Door
from cohost.web.evidence import error
from cohost.web.packed import Packed

MAX_UPLOAD = 64 * 2**20
MAX_FORM = 64 * 1024
NO_TOKEN = "open the set-up from the console: its address has the token"


class Setup(Protocol):
    """The folder of the room. All raise DocumentError."""

    @property
    def name(self) -> str: ...
    @property
    def writable(self) -> bool: ...
    async def state(self, seen: str) -> tuple[str, Any]: ...
    async def take(self, name: str, data: bytes) -> str: ...
    async def write(self, wanted: bytes) -> str: ...


class SetupDesk:
    """The handlers behind `/setup`."""

    def __init__(self, auth: Auth, setup: Setup, page: Packed) -> None:
        self._auth, self._setup, self._page = auth, setup, page
        self._door = Door(auth, "setup", "document.upload")

    def routes(self) -> list[Route]:
        return [
            Route("/setup", self.page),
            Route("/setup/state", self.state),
            Route("/setup/files/{name:path}", self.upload, methods=["PUT"]),
            Route("/setup/brand", self.brand, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        token = request.query_params.get("token")
        door = self._door
        cookie = request.cookies.get(door.cookie)
        if door.holder(token, cookie) is None:
            return error("token_needed", NO_TOKEN, 403 if self._auth.known(token) else 401)
        answer = self._page.answer(request)
        answer.set_cookie(
            door.cookie, door.key(token, cookie), path=door.path, httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    async def state(self, request: Request) -> Response:
        """What was understood; with `?seen=MARK` once something is new, or after a while all the same."""
        who = self._who(request)
        if who is None:
            return error("token_needed", NO_TOKEN, 401)
        try:
            mark, found = await self._setup.state(request.query_params.get("seen", ""))
        except DocumentError as failed:
            return error(failed.code, str(failed), 422)
        told = {
            "mark": mark,
            "folder": self._setup.name,
            "writable": self._setup.writable,
            "found": found,
            "brand": _may_write(who),
        }
        return _json(told)

    async def upload(self, request: Request) -> Response:
        """One file, its bytes as the body."""
        try:
            body = await self._body(request, MAX_UPLOAD)
            return _json({"name": await self._setup.take(request.path_params["name"], body)}, 201)
        except WireError as refused:
            return error(refused.code, str(refused), _STATUS.get(refused.code, 400))
        except DocumentError as failed:
            return error(failed.code, str(failed), 422)

    async def brand(self, request: Request) -> Response:
        """The form; gives the text of `kb.toml` and whether it was written."""
        try:
            body = await self._body(request, MAX_FORM)
            if not _may_write(self._who(request)):
                raise WireError(
                    "forbidden",
                    f"got the form from somebody else, expected it from an {allowed('brand.set')}",
                )
            written = self._setup.writable
            return _json({"toml": await self._setup.write(body), "written": written})
        except WireError as refused:
            return error(refused.code, str(refused), _STATUS.get(refused.code, 400))
        except (DocumentError, KnowledgeError) as failed:
            return error("refused", str(failed), 422)

    async def _body(self, request: Request, most: int) -> bytes:
        origin, host = request.headers.get("origin"), request.headers.get("host")
        if origin is not None and not self._auth.same_origin(origin, host):
            raise WireError("foreign_origin", "got a page of another origin, expected one of this room")
        if self._who(request) is None:
            raise WireError("token_needed", NO_TOKEN)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise WireError("too_large", f"got more than {most >> 10} kB, expected fewer")
        return bytes(body)

    def _who(self, request: Request) -> Signature | str | None:
        return self._door.holder(None, request.cookies.get(self._door.cookie))


def _may_write(who: Signature | str | None) -> bool:
    """The form becomes `kb.toml`."""
    return may(who.role, "brand.set") if isinstance(who, Signature) else who == "operator"


_STATUS = {"foreign_origin": 403, "forbidden": 403, "token_needed": 401, "too_large": 413}


def _json(value: Any, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(value), status, media_type="application/json", headers=headers)
