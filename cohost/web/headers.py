"""Security headers on every HTTP answer: no inline script, no foreign request, no framing (overlay aside)."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
)


class SecurityHeaders:
    """ASGI middleware; leaves WebSockets alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        overlay = scope["path"] == "/overlay"  # a broadcast tool frames it

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
                safe = host if all(c.isalnum() or c in ".-:[]" for c in host) else ""
                sockets = f"ws://{safe} wss://{safe}" if safe else ""  # older Safari: 'self' means http only
                headers["Content-Security-Policy"] = _CSP.format(
                    sockets=sockets, ancestors="*" if overlay else "'none'"
                )
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"  # a console address carries a token
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers.setdefault("Cache-Control", "no-cache")
                microphone = "()" if overlay else "(self)"  # a broadcast only plays
                headers["Permissions-Policy"] = f"microphone={microphone}, camera=(), geolocation=()"
                if not overlay:
                    headers["X-Frame-Options"] = "DENY"
            await send(message)

        await self._app(scope, receive, with_headers)
