"""Lines that wait to be translated: bounded, the house's words first. Pure."""

from __future__ import annotations

from collections import deque

import msgspec

HOUSE, QUESTION, COMMENT = range(3)
"""Ranks: what the host says, what viewers ask, what they say besides."""


class Job(msgspec.Struct, frozen=True):
    """A line for one language. `seq`: of its record; `since_ms`: when it was said."""

    seq: int
    text: str
    source: str
    target: str
    rank: int
    since_ms: int
    viewer: str = ""
    reply_id: str | None = None


class Waiting:
    """At most `most` jobs. A full queue lets the oldest of the last rank go; `put` returns what went, which
    may be the new one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._ranks: tuple[deque[Job], ...] = tuple(deque() for _ in range(3))

    def __len__(self) -> int:
        return sum(map(len, self._ranks))

    def put(self, job: Job) -> Job | None:
        self._ranks[job.rank].append(job)
        if len(self) <= self._most:
            return None
        last = next(rank for rank in reversed(self._ranks) if rank)
        return last.popleft()

    def take(self) -> Job | None:
        """The oldest of the first rank that has any."""
        return next((rank.popleft() for rank in self._ranks if rank), None)
