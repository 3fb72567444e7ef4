"""A page of its own for the staff: behind a token, and behind a cookie for its paths alone.

The cookie is made of the token's secret and tells nobody the token; it lasts as long as the right.
"""

from __future__ import annotations

import hashlib
import hmac

from cohost.common.people import Signature, may
from cohost.settings.people import Named
from cohost.web.auth import Auth


class Door:
    """Opens with a token, and with the cookie that its first visit leaves."""

    def __init__(self, auth: Auth, name: str, command: str) -> None:
        """`command`: the right that opens it; `name`: of its path and cookie."""
        self._auth, self._name, self._command = auth, name, command
        self.cookie, self.path = f"cohost-{name}", f"/{name}"

    def holder(self, token: str | None, cookie: str | None) -> Signature | str | None:
        """Who it is: a person, "operator" for the shared token, None for nobody who may come in. A token
        decides where one is given, the cookie where none is."""
        if token:
            if not self._auth.opens(token, self._command):
                return None
            person = self._auth.person(token)
            return _signature(person) if person else "operator"
        given, found = (cookie or "").encode(), None
        for person, secret in self._secrets():
            if hmac.compare_digest(given, self._made(secret).encode()):
                found = _signature(person) if person else "operator"
        return found

    def key(self, token: str | None, cookie: str | None) -> str:
        """The cookie for whoever was let in."""
        if not token:
            return cookie or ""
        person = self._auth.person(token)
        return self._made(person.digest if person else self._auth.operator_token)

    def _secrets(self) -> list[tuple[Named | None, str]]:
        people = [(one, one.digest) for one in self._auth.people if may(one.role, self._command)]
        return [(None, self._auth.operator_token), *people]

    def _made(self, secret: str) -> str:
        return hashlib.blake2b(f"{self._name}\0{secret}".encode(), digest_size=24).hexdigest()


def _signature(person: Named) -> Signature:
    return Signature(person.name, person.role)
