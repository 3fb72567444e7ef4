"""Whether an endpoint is asked: a circuit breaker with explicit time. Pure.

```
closed ── trips_after failures in a row, or a Retry-After ─► open ── its rest is over ─► half open
   ▲                                                          ▲                           │ one trial
   └───────────────────────── it succeeds ────────────────────┼───────────────────────────┤
                                                              └── it fails: twice the rest ┘
```
"""

from __future__ import annotations

from typing import Literal

import msgspec

State = Literal["closed", "open", "half open"]


class Rules(msgspec.Struct, frozen=True):
    """Times in show milliseconds."""

    trips_after: int = 3  # failures in a row
    rest_ms: int = 30_000  # the first rest; each further one is twice as long
    most_ms: int = 300_000
    longest_asked_ms: int = 3_600_000  # a longer Retry-After is cut to it


class Circuit(msgspec.Struct, frozen=True):
    """One endpoint's. Every change gives a new one."""

    rules: Rules = Rules()
    failures: int = 0  # in a row, while closed
    rests: int = 0  # in a row
    until_ms: int | None = None  # it rests until then; None = closed
    trying: bool = False  # the one call of a half open circuit is on its way

    def state(self, now_ms: int) -> State:
        if self.until_ms is None:
            return "closed"
        return "open" if now_ms < self.until_ms else "half open"

    def may(self, now_ms: int) -> bool:
        """Whether a call may begin now."""
        return self.state(now_ms) == "closed" or (self.state(now_ms) == "half open" and not self.trying)

    def begun(self, now_ms: int) -> Circuit:
        """A call begins. Raises ValueError where it may not."""
        if not self.may(now_ms):
            raise ValueError(f"got a call while {self.state(now_ms)}, expected none")
        return self if self.until_ms is None else msgspec.structs.replace(self, trying=True)

    def succeeded(self, now_ms: int) -> Circuit:
        """A call came back well. One that began before the circuit opened does not close it: a server
        that asked for a pause gets it."""
        return self if self.state(now_ms) == "open" else Circuit(self.rules)

    def failed(self, now_ms: int, retry_ms: int | None = None) -> Circuit:
        """A call failed; `retry_ms`: the server asked to be left alone so long."""
        if retry_ms is not None:
            asked = now_ms + max(0, min(retry_ms, self.rules.longest_asked_ms))
            return self._opened(max(asked, self.until_ms or 0))
        state = self.state(now_ms)
        if state == "open":
            return self  # began before it opened
        failures = self.failures + 1
        if state == "half open" or failures >= self.rules.trips_after:
            rest = min(self.rules.most_ms, self.rules.rest_ms << min(self.rests, 16))
            return self._opened(now_ms + rest)
        return msgspec.structs.replace(self, failures=failures)

    def abandoned(self) -> Circuit:
        """A call was cancelled: nobody knows."""
        return msgspec.structs.replace(self, trying=False)

    def _opened(self, until_ms: int) -> Circuit:
        return Circuit(self.rules, 0, self.rests + 1, until_ms)
