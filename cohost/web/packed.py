"""Static answers made once: the bytes as they are and gzipped, each with an ETag of its own content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

WORTH = 0.9
"""Gzip is kept where it leaves at most this share of the bytes."""


@dataclass(frozen=True)
class Packed:
    """`small` is None where gzip gains too little. The forms have an ETag each (RFC 9110, 8.8.3)."""

    plain: bytes
    small: bytes | None
    media_type: str
    digest: str

    def answer(self, request: Request) -> Response:
        """304 where the browser holds this form, else the form that it takes."""
        small = self.small if self.small is not None and takes_gzip(request.headers) else None
        etag = f'"{self.digest}-gzip"' if small is not None else f'"{self.digest}"'
        headers = {"ETag": etag, "Vary": "Accept-Encoding"}
        if holds(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        if small is not None:
            headers["Content-Encoding"] = "gzip"
        return Response(self.plain if small is None else small, media_type=self.media_type, headers=headers)


def pack(body: bytes, media_type: str) -> Packed:
    """The same bytes give the same answer on every machine and at every start."""
    small = gzip.compress(body, 9, mtime=0)
    worth = len(small) <= WORTH * len(body)
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return Packed(body, small if worth else None, media_type, digest)


def pack_folder(folder: Traversable) -> dict[str, Packed]:
    """Every file directly in the folder, by its name."""
    return {
        file.name: pack(file.read_bytes(), _kind(file.name)) for file in folder.iterdir() if file.is_file()
    }


def takes_gzip(headers: Mapping[str, str]) -> bool:
    """Whether Accept-Encoding names gzip, or everything, and does not refuse it."""
    taken: dict[str, bool] = {}
    for part in headers.get("accept-encoding", "").lower().split(","):
        name, *given = (piece.strip() for piece in part.split(";"))
        refused = any(one.replace(" ", "").strip("0.") == "q=" for one in given)
        taken[name] = not refused
    return taken.get("gzip", taken.get("*", False))


def holds(if_none_match: str, etag: str) -> bool:
    """Weak comparison, as If-None-Match is compared."""
    known = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return etag in known or known == ["*"]


def _kind(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
