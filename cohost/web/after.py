"""The report on the show so far for the staff: a page, and the same as files.

The first address carries the operator's token, as the console's does; a cookie for these paths alone opens it
again and the files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cohost import events as ev
from cohost.web.auth import Auth
from cohost.web.door import Door
from cohost.web.evidence import error
from cohost.web.hub import Hub

Form = Literal["page", "csv", "json", "style"]
Report = Callable[[Form, Sequence[ev.Record]], str]
"""Makes the report in a form of the records so far."""

TYPES: dict[Form, str] = {
    "page": "text/html; charset=utf-8", "csv": "text/csv; charset=utf-8", "json": "application/json",
    "style": "text/css; charset=utf-8",
}  # fmt: skip
FORMS: dict[str, Form] = {
    "/report": "page",
    "/report/questions.csv": "csv",
    "/report/show.json": "json",
    "/report/style.css": "style",
}


class ReportDesk:
    """The handlers behind `/report` and its files."""

    def __init__(self, hub: Hub, auth: Auth, report: Report) -> None:
        self._hub, self._auth, self._report = hub, auth, report
        self._door = Door(auth, "report", "report.read")
        self._making = asyncio.Lock()

    def routes(self) -> list[Route]:
        return [Route(path, self.answer) for path in FORMS]

    async def answer(self, request: Request) -> Response:
        """One at a time and beside the loop: a long show's log is read whole."""
        token = request.query_params.get("token")
        door = self._door
        cookie = request.cookies.get(door.cookie)
        if door.holder(token, cookie) is None:
            status = 403 if self._auth.known(token) else 401
            return error(
                "token_needed", "open the report from the console: its address has the token", status
            )
        form = FORMS[request.url.path]
        async with self._making:
            log = self._hub.room.log
            text = await asyncio.to_thread(lambda: self._report(form, log.records()))
        response = Response(text, media_type=TYPES[form], headers={"Cache-Control": "no-store"})
        if form == "csv":
            response.headers["Content-Disposition"] = 'attachment; filename="questions.csv"'
        response.set_cookie(
            door.cookie, door.key(token, cookie), path=door.path, httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return response
