"""The check in a live room: made in a process of its own, so that the room's loop waits for nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import sys
from collections.abc import Sequence

import msgspec

from cohost.errors import DocumentError
from cohost.knowledge.build import Built
from cohost.trust.evidence import Evidence

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
        job = msgspec.msgpack.encode(Job(msgspec.structs.replace(self._built, items=tuple(items)), on))
        key = hashlib.sha256(job).digest()
        async with self._turn:
            if self._made is None or self._made[0] != key:
                self._made = (key, await _make(job))
            return self._made[1]


async def _make(job: bytes) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cohost.check",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            html, said = await process.communicate(job)
    except TimeoutError:
        raise DocumentError("slow", f"got no check in {SECONDS:g} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        why = said.decode("utf-8", "replace").strip().splitlines()
        raise DocumentError("unreadable", f"the check ended: {why[-1] if why else 'without a word'}")
    return html.decode()
