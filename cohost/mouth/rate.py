"""How often cohost may post: a token bucket over show time. Pure."""

from __future__ import annotations


class Bucket:
    """`burst` posts at once, `per_second` on average. Times in show milliseconds."""

    def __init__(self, per_second: float, burst: int, now_ms: int = 0) -> None:
        self._rate = per_second / 1000
        self._burst = float(burst)
        self._tokens = float(burst)
        self._at = now_ms

    def take(self, now_ms: int) -> int:
        """Take a token: 0 when one was there, else the milliseconds to wait for the one now owed."""
        self._tokens = min(self._burst, self._tokens + (now_ms - self._at) * self._rate)
        self._at = now_ms
        self._tokens -= 1
        return 0 if self._tokens >= 0 else int(-self._tokens / self._rate) + 1
