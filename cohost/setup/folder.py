"""The folder of a room while somebody fills it: looked at when a page asks, read in a process of its own."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

import msgspec

from cohost.clock import Clock
from cohost.knowledge.kbtoml import FILE
from cohost.setup import brand, intake
from cohost.setup.understood import Understood
from cohost.web import child

SECONDS = 600.0  # scans by the hundred
LOOK_MS = 500
WAIT_LOOKS = 3
"""Looks before a page is told that nothing is new: the room's end waits no longer than they take."""


class SetupFolder:
    """Implements the web's Setup."""

    def __init__(self, folder: Path, cache: Path, clock: Clock) -> None:
        self._folder, self._cache, self._clock = folder, cache, clock
        self._turn = asyncio.Lock()
        self._read: tuple[str, Understood] = ("", Understood())

    @property
    def name(self) -> str:
        return self._folder.name

    @property
    def writable(self) -> bool:
        return os.access(self._folder, os.W_OK | os.X_OK)

    async def state(self, seen: str) -> tuple[str, Understood]:
        """The folder's mark and what was understood; waits a while for a mark other than `seen`. Raises
        DocumentError. Safe to cancel."""
        for look in range(WAIT_LOOKS):
            mark = await asyncio.to_thread(self._mark)
            if mark != seen or look == WAIT_LOOKS - 1:
                break
            await self._clock.sleep(LOOK_MS)
        async with self._turn:
            if self._read[0] != mark:
                out = await child.run(
                    "cohost.setup", str(self._folder), str(self._cache), seconds=SECONDS,
                    slow=f"the folder was not read in {SECONDS:g} s: put in fewer files at a time",
                    name=self.name, silent="could not be read",
                )  # fmt: skip
                self._read = (mark, msgspec.json.decode(out, type=Understood))
            return self._read

    async def take(self, name: str, data: bytes) -> str:
        return await asyncio.to_thread(intake.take, self._folder, name, data)

    async def write(self, wanted: bytes) -> str:
        """The set-up of the page goes into `kb.toml`; gives the file's new text, which is not written where
        the folder may only be read. Raises WireError, DocumentError, KnowledgeError."""
        return await asyncio.to_thread(brand.write, self._folder, wanted, on_disk=self.writable)

    def _mark(self) -> str:
        """Changes with any file's name, size or time."""
        digest = hashlib.sha256()
        for place, folders, names in os.walk(self._folder):
            folders[:] = sorted(n for n in folders if not n.startswith(("_", ".")))
            for name in sorted(names):
                if name.startswith((".", "_", "~$")) or name.endswith(f"{FILE}.bak"):
                    continue
                path = os.path.join(place, name)
                try:
                    stat = os.stat(path)
                except OSError:
                    continue
                digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode("utf-8", "replace"))
        return digest.hexdigest()[:16]
