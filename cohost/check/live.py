"""The check in a live room: made in a process of its own, so that the room's loop waits for nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Sequence

import msgspec

from cohost.knowledge.build import Built
from cohost.trust.evidence import Evidence
from cohost.web import child

SECONDS = 60.0  # a check that takes longer is given up


class Job(msgspec.Struct, frozen=True):
    """What goes to the process."""

    built: Built
    on: dt.date


class LiveCheck:
    """The newest page of one folder. One is made at a time; the same evidence is not checked twice."""

    def __init__(self, built: Built) -> None:
        documents = tuple(msgspec.structs.replace(d, items=()) for d in built.documents)
        self._built = msgspec.structs.replace(built, items=(), documents=documents)
        self._turn = asyncio.Lock()
        self._made: tuple[bytes, str] | None = None

    async def fragment(self, items: Sequence[Evidence], on: dt.date) -> str:
        """The page's body for the evidence as it stands. Raises DocumentError. Safe to cancel."""
        built = msgspec.structs.replace(self._built, items=tuple(items))
        job = await asyncio.to_thread(msgspec.msgpack.encode, Job(built, on))
        key = hashlib.sha256(job).digest()
        async with self._turn:
            if self._made is None or self._made[0] != key:
                html = await child.run(
                    "cohost.check", job=job, seconds=SECONDS, slow=f"got no check in {SECONDS:g} s",
                    name="the check ended", silent="without a word",
                )  # fmt: skip
                self._made = (key, html.decode())
            return self._made[1]
