"""Server-sent events as chat servers write them: bytes → the payloads of `data:` lines. Pure."""

from __future__ import annotations

LONGEST = 64 * 1024
"""Bytes of one line: more is no chunk of a sentence."""
DONE = "[DONE]"
_FIELDS = ("event", "id", "retry")


class Payloads:
    """Feed bytes as they come; take the payloads whose lines are complete, in order."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """Raises ValueError on what is no event: what came, what was expected."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST:
            raise ValueError(f"got a line of more than {LONGEST} bytes, expected events")
        return [p for line in lines if (p := payload(line.decode("utf-8"))) is not None]


def payload(line: str) -> str | None:
    """A line's payload; None for an empty one, a comment and other fields. Raises ValueError."""
    line = line.strip("\r\n \ufeff")
    name, colon, value = line.partition(":")
    if not line or not name or (colon and name in _FIELDS):
        return None
    if name != "data" or not colon:
        raise ValueError(f"got “{line[:60]}”, expected lines that begin with data:")
    return value.strip() or None
