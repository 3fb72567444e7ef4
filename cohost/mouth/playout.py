"""Where a speech stands on the room's timeline. Pure: show times in, milliseconds of speech out.

The server paces: it sends no more than `LEAD_MS` ahead of what the room has heard.
"""

from __future__ import annotations

LEAD_MS = 160
"""Sound sent ahead of the listener: a page holds this much, and drops it when cohost is cut."""


class Playout:
    """One speech from its first sample. Held time does not count."""

    def __init__(self, now_ms: int) -> None:
        self._from = float(now_ms)
        self._held: float | None = None

    @property
    def held(self) -> bool:
        return self._held is not None

    def position(self, now_ms: float) -> float:
        """Milliseconds of speech that the room has heard by now."""
        return max(0.0, (self._held if self._held is not None else now_ms) - self._from)

    def may_send(self, now_ms: float) -> float:
        """Milliseconds of speech, from its start, that may have been sent by now."""
        return self.position(now_ms) if self.held else self.position(now_ms) + LEAD_MS

    def hold(self, now_ms: float) -> None:
        if self._held is None:
            self._held = max(now_ms, self._from)

    def resume(self, now_ms: float) -> float:
        """Go on; returns how long it was held."""
        if self._held is None:
            return 0.0
        silent = max(0.0, now_ms - self._held)
        self._from += silent
        self._held = None
        return silent

    def restart(self, now_ms: float) -> None:
        """The first sample goes out now; what was held stays held."""
        self._from = float(now_ms)
        if self._held is not None:
            self._held = self._from

    def stall(self, sent_ms: float, now_ms: float) -> None:
        """Everything sent has been heard and more is to come: the timeline waits at `sent_ms`."""
        if self._held is None and now_ms - self._from > sent_ms:
            self._from = now_ms - sent_ms
