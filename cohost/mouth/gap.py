"""When cohost may begin to speak. Pure: times in show milliseconds.

A caller's answer: at the host's first pause, at latest after some seconds, else it is posted. An answer
to a typed question stands in the room already: it is spoken only in long silence, within cohost's
share of air time, or when the host gives the floor.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

HOST_PAUSE_MS = 700
CALLER_WAIT_MS = 8_000
SILENCE_MS = 2_000
CHAT_WAIT_MS = 20_000
SHARE_WINDOW_MS = 300_000

Answer = Literal["start", "wait", "skip"]


@dataclass
class AirTime:
    """How long cohost has spoken of late: (end, duration) of each speech, in ms."""

    spoken: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=500))

    def add(self, ended_ms: int, duration_ms: int) -> None:
        self.spoken.append((ended_ms, duration_ms))

    def of(self, now_ms: int) -> int:
        """Milliseconds spoken in the last five minutes."""
        return sum(length for end, length in self.spoken if now_ms - end <= SHARE_WINDOW_MS)

    def allows(self, now_ms: int, duration_ms: int, share: float) -> bool:
        return self.of(now_ms) + duration_ms <= share * SHARE_WINDOW_MS


@dataclass(frozen=True)
class Air:
    """How the room sounds now. Times of the last voice are None where nobody has spoken."""

    quiet: bool  # nobody speaks and no words are awaited
    host_ms: int | None = None  # when the host or an operator was last heard
    anyone_ms: int | None = None
    given_ms: int | None = None  # when a person last gave cohost the floor


def may_start(
    why: Literal["caller", "chat"], air: Air, *, now_ms: int, since_ms: int, within_share: bool = True
) -> tuple[Answer, str]:
    """Whether a speech that waits since `since_ms` may start now, and why not."""
    waited = now_ms - since_ms
    given = air.given_ms is not None and air.given_ms >= since_ms
    if air.quiet and given:
        return "start", "floor given"
    if why == "caller":
        if air.quiet and (air.host_ms is None or now_ms - air.host_ms >= HOST_PAUSE_MS):
            return "start", "pause"
        return ("skip", "no pause in time") if waited >= CALLER_WAIT_MS else ("wait", "somebody speaks")
    if not within_share:
        return ("skip", "share of air time") if waited >= CHAT_WAIT_MS else ("wait", "share of air time")
    if air.quiet and (air.anyone_ms is None or now_ms - air.anyone_ms >= SILENCE_MS) and waited >= SILENCE_MS:
        return "start", "silence"
    return ("skip", "no silence in time") if waited >= CHAT_WAIT_MS else ("wait", "no silence yet")
