"""The loop's end of a speech worker: a process that owns an engine, one sentence at a time.

To the worker, JSON Lines: {"id", "text", "lang", …}, and {"cancel": id} for one no longer wanted.
From it: {"ready": true} or {"error"} once; then for each order, in order, {"id", "bytes", "events":
[[character, ms], …]} and that many bytes of s16le at 16 kHz, or {"id", "error"}.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from typing import Any

from cohost.errors import ProviderError, ProviderTimeout

MAX_LINE = 2**20
Told = tuple[bytes, list[tuple[int, int]]]
"""PCM (s16le, 16 kHz) and the (character, ms) the engine tells."""


class Pipe:
    """Starts its worker at first use and again when it dies. A sentence whose worker dies is tried once
    more. Never makes the loop wait."""

    def __init__(self, name: str, module: str, *, start_s: float, remedy: str) -> None:
        """`module` runs the worker; it must be ready within `start_s`; `remedy` says what to do if not."""
        self._name, self._module = name, module
        self._start_s, self._remedy = start_s, remedy
        self._process: asyncio.subprocess.Process | None = None
        self._ready = False
        self._turn = asyncio.Lock()
        self._number = 0
        self._unread = 0

    @property
    def pid(self) -> int | None:
        """The worker's process, None while there is none."""
        return self._process.pid if self._process else None

    async def ask(self, order: dict[str, Any], *, deadline_s: float) -> Told:
        """PCM and the times the engine tells. Raises ProviderError where the worker cannot start, refuses,
        or dies twice, ProviderTimeout where it is late. Cancelling drops this answer and nothing else."""
        async with self._turn:
            for _ in range(2):
                try:
                    return await self._exchange(order, deadline_s)
                except (asyncio.IncompleteReadError, ConnectionError, ValueError):
                    await self._end()
            raise ProviderError(self._name, "the speech worker died twice at one sentence: it is posted")

    async def warm(self) -> None:
        """Start the worker now, so that the first sentence need not wait. Raises ProviderError."""
        async with self._turn:
            await self._started()

    async def close(self) -> None:
        """End the worker."""
        await self._end()

    async def _exchange(self, order: dict[str, Any], deadline_s: float) -> Told:
        process = await self._started()
        assert process.stdin is not None
        self._number += 1
        try:
            async with asyncio.timeout(deadline_s):
                process.stdin.write(json.dumps({"id": self._number} | order).encode() + b"\n")
                await process.stdin.drain()
                answer, pcm = await self._answer(process, self._number)
        except TimeoutError as error:
            await self._end()
            raise ProviderTimeout(self._name, f"no sound within {deadline_s:.0f} s") from error
        except asyncio.CancelledError:
            with contextlib.suppress(ConnectionError, RuntimeError):
                process.stdin.write(json.dumps({"cancel": self._number}).encode() + b"\n")
            raise
        if "error" in answer:
            raise ProviderError(self._name, str(answer["error"]))
        return pcm, [(int(char), int(at_ms)) for char, at_ms in answer["events"]]

    async def _answer(self, process: asyncio.subprocess.Process, number: int) -> tuple[dict[str, Any], bytes]:
        """The answer to that order; those to cancelled ones before it are thrown away, half-read or not."""
        assert process.stdout is not None
        while True:
            await process.stdout.readexactly(self._unread)
            self._unread = 0
            answer: dict[str, Any] = json.loads(await process.stdout.readuntil(b"\n"))
            self._unread = answer.get("bytes", 0)
            if answer["id"] == number:
                pcm = await process.stdout.readexactly(self._unread)
                self._unread = 0
                return answer, pcm

    async def _started(self) -> asyncio.subprocess.Process:
        """The worker, ready. A start that was cancelled goes on where it was."""
        if self._process is not None and self._process.returncode is not None:
            await self._end()
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._module,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL, limit=MAX_LINE,
            )  # fmt: skip
        if not self._ready:
            await self._greeted(self._process)
        return self._process

    async def _greeted(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        try:
            async with asyncio.timeout(self._start_s):
                told = json.loads(await process.stdout.readuntil(b"\n"))
        except TimeoutError as error:
            await self._end()
            raise ProviderTimeout(self._name, f"no worker ready within {self._start_s:.0f} s") from error
        except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
            await self._end()
            raise ProviderError(self._name, f"the worker ended at its start: {self._remedy}") from error
        if "error" in told:
            await self._end()
            raise ProviderError(self._name, f"{told['error']}: {self._remedy}")
        self._ready = True

    async def _end(self) -> None:
        process, self._process = self._process, None
        self._ready, self._unread = False, 0
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
