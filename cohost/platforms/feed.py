"""What every platform needs: its lines into the room, its state onto the log, how long to wait before the
next try."""

from __future__ import annotations

import hashlib
import hmac
from typing import Literal

from cohost import events as ev
from cohost.clock import Clock
from cohost.errors import WireError
from cohost.ports import Inlet, Log

LONGEST_WAIT_MS = 60_000
SIGNATURE, TIMESTAMP = "x-cohost-signature", "x-cohost-timestamp"


def backoff_ms(attempt: int) -> int:
    """Before the `attempt`-th try in a row (from 1): a second, doubled each time, at most a minute. Pure."""
    return int(min(LONGEST_WAIT_MS, 1_000 * 2 ** min(attempt - 1, 10)))


def pseudonym(platform: str, room: str, author: str) -> str:
    """A viewer's id in this room: stable, and nobody can tell the account from it. Pure."""
    source = f"{platform}\0{room}\0{author}".encode()
    return hashlib.sha256(source).hexdigest()[:16]


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 of "timestamp.body", hexadecimal. Pure."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed(secret: str, key: str, now: float, body: bytes) -> dict[str, str]:
    """Headers of a signed JSON request at `now` (Unix seconds); the same `key` is the same request. Pure."""
    stamp = str(int(now))
    return {
        "content-type": "application/json", "idempotency-key": key, TIMESTAMP: stamp,
        SIGNATURE: signature(secret, stamp, body),
    }  # fmt: skip


class Feed:
    """One platform's way into the room. Duplicate ids of messages are the same line (the inlet knows)."""

    def __init__(self, platform: str, room: str, inlet: Inlet, log: Log, clock: Clock) -> None:
        self.platform = platform
        self.clock = clock
        self._room = room
        self._inlet = inlet
        self._log = log
        self._state: tuple[str, str] = ("", "")

    def take(
        self,
        text: str,
        *,
        author: str,
        name: str = "",
        message_id: str | None = None,
        host: bool = False,
        lang: str | None = None,
        market: str | None = None,
    ) -> ev.Record | None:
        """One line; None where nothing readable was in it. `author`: the platform's id of the person;
        `message_id`: the platform's id of the line."""
        try:
            return self._inlet.submit(
                text, viewer=pseudonym(self.platform, self._room, author), name=name,
                role="host" if host else "viewer", platform=self.platform, lang_hint=lang, market=market,
                client_id=message_id[:200] if message_id else None,
            )  # fmt: skip
        except WireError:
            return None

    def state(self, state: Literal["connecting", "live", "lost", "refused"], message: str = "") -> None:
        """Written down when it changes."""
        if (state, message) != self._state:
            self._state = (state, message)
            self._log.append(ev.PlatformState(platform=self.platform, state=state, message=message))

    @property
    def live(self) -> bool:
        return self._state[0] == "live"
