"""Who may come in, as what: tokens in constant time, origins before the socket is accepted.

A page of another origin is refused whatever it knows; a client without an Origin (no browser) must
show a token. A wrong token is refused even where none was needed.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cohost.common.people import POSTS, Holder, may
from cohost.settings.people import Named, digest, folded
from cohost.web.shapes import Role

_DEFAULT_PORT = {"http": 80, "ws": 80, "https": 443, "wss": 443}


@dataclass(frozen=True)
class Refusal:
    """Why somebody may not come in: an error code and one line, for the log and the metrics."""

    code: str
    message: str


@dataclass(frozen=True)
class Auth:
    """The room's tokens. An operator's token opens everything; an empty token opens nothing.

    `viewer_token` set: viewers need it (or a staff token). `origins`: further origins that may
    connect, as "https://shop.example". `people`: the staff by name, each with a token of their own; it
    opens the console and the prompter, and what they may do there is their post's.
    """

    operator_token: str = field(repr=False)
    host_token: str = field(default="", repr=False)
    viewer_token: str = field(default="", repr=False)
    origins: tuple[str, ...] = ()
    people: tuple[Named, ...] = ()

    def rank(self, token: str | None) -> Role | None:
        """The highest role a token opens; None for an unknown one."""
        if not token:
            return None
        found: Role | None = None
        pairs: tuple[tuple[Role, str], ...] = (
            ("viewer", self.viewer_token), ("host", self.host_token), ("operator", self.operator_token),
        )  # fmt: skip
        for role, secret in pairs:  # all compared, so the time says nothing
            if secret and hmac.compare_digest(token.encode("utf-8", "replace"), secret.encode()):
                found = role
        return found

    def known(self, token: str | None) -> bool:
        """True for a token of this room, whatever it opens."""
        return self.rank(token) is not None or self.person(token) is not None

    def person(self, token: str | None) -> Named | None:
        """Whose token it is; None for a shared or an unknown one."""
        held = digest(token or "")
        found = None
        for one in self.people:  # all compared, as above
            if one.digest and hmac.compare_digest(held, one.digest):
                found = one
        return found

    def opens(self, token: str | None, command: str) -> bool:
        """Whether the holder of the token may: an operator everything, a person what their post may."""
        person = self.person(token)
        holder: Holder | None = person.role if person else self.rank(token)
        return holder is not None and may(holder, command)

    def admit(self, role: str, token: str | None, *, origin: str | None, host: str | None) -> Refusal | None:
        """None when the connection may be accepted in that role."""
        if origin is not None and not self.same_origin(origin, host):
            return Refusal("foreign_origin", "got a page of another origin, expected one of this room")
        if role not in ("viewer", *POSTS):
            return Refusal("bad_role", f"got role {role[:20]!r}, expected viewer, {', '.join(POSTS)}")
        person = self.person(token)
        if person is not None:
            if role in ("viewer", "host", "operator", person.role):
                return None
            return Refusal("bad_token", f"got a {person.role} person's token, expected one of role {role}")
        rank = self.rank(token)
        if token and rank is None:
            return Refusal("bad_token", "got a token that opens nothing here, expected the room's")
        if role == "viewer":
            if rank is None and self.viewer_token:
                return Refusal("token_needed", "got no token, expected the room's viewer token")
            if rank is None and origin is None:
                return Refusal("token_needed", "got neither an Origin nor a token, expected one of them")
            return None
        if rank is None:
            return Refusal("token_needed", f"got no token, expected one that opens the role {role}")
        if rank not in ("operator", role) or role not in ("host", "operator"):
            return Refusal("bad_token", f"got a {rank}'s token, expected one that opens the role {role}")
        return None

    def own_name(self, name: str, token: str | None) -> str:
        """Who writes under a shared token cannot call themselves as a person of the staff is called."""
        person = self.person(token)
        if person is not None:
            return person.name
        return "" if folded(name) in {folded(one.name) for one in self.people} else name

    def same_origin(self, origin: str, host: str | None) -> bool:
        """True for the room's own address and for the origins that were allowed."""
        if origin.rstrip("/") in self.origins:
            return True
        here = _place(f"//{host}") if host else None
        there = _place(origin)
        if here is None or there is None:
            return False
        port = _DEFAULT_PORT.get(urlsplit(origin).scheme)
        return here[0] == there[0] and (here[1] or port) == (there[1] or port)


def _place(url: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(url)
        return (parts.hostname.lower(), parts.port) if parts.hostname else None
    except ValueError:
        return None


def pseudonym(room: str, *, secret: str | None, name: str, address: str, fresh: str) -> str:
    """A viewer's id in this room: stable for a page that keeps its secret, else for a name at an
    address, else for this connection only. Nobody can tell the secret from it."""
    if secret:
        source = f"me\0{room}\0{secret}"
    elif name:
        source = f"name\0{room}\0{address}\0{name}"
    else:
        source = f"once\0{room}\0{fresh}"
    return "v" + hashlib.blake2b(source.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
