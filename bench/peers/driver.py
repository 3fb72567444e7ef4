"""A driver's process: started when first asked, spoken to in lines, ended with its stdin."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from bench.peers import wire
from cohost.errors import ProviderError

HERE = Path(__file__).parents[1]
START_S, SLACK_S = 240.0, 60.0
"""cohost may have to read and embed its documents first."""
LINE = 1 << 20
BOOT = (
    "import runpy, sys, types\n"
    "package = types.ModuleType('bench')\n"
    "package.__path__ = [sys.argv[1]]\n"
    "sys.modules['bench'] = package\n"
    "runpy.run_module(sys.argv[2], run_name='__main__')\n"
)
"""Gives a foreign interpreter this package and nothing else that lies beside it."""


class Driver:
    """`python` runs `module` with `arguments`; what it and its libraries print goes to `log`."""

    def __init__(self, name: str, python: str, module: str, arguments: Sequence[str], log: Path) -> None:
        self.name = name
        self.version = ""
        self._command = [python, "-P", "-c", BOOT, str(HERE), module, *arguments]
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Until it greets. Raises ProviderError."""
        if self._process is not None:
            return
        self._log.parent.mkdir(parents=True, exist_ok=True)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("VIRTUAL_ENV", "PYTHON"))}
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"}
        with self._log.open("wb") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=environment, limit=LINE,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        greeting = await self._next(START_S)
        if not isinstance(greeting, str):
            raise ProviderError(self.name, f"got {greeting}, expected its greeting")
        self.version = greeting

    async def run(self, trials: Sequence[wire.Trial], longest_s: float) -> list[wire.Heard]:
        """One batch, all at once; in the order they were given. Raises ProviderError where it breaks."""
        await self.start()
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(wire.batch_line(trials).encode() + b"\n")
        found: dict[str, wire.Heard] = {}
        with contextlib.suppress(ConnectionError):
            await self._process.stdin.drain()
        while len(found) < len(trials):
            heard = await self._next(longest_s + SLACK_S)
            if isinstance(heard, wire.Heard):
                found[heard.trial] = heard
        return [found[t.id] for t in trials if t.id in found]

    async def _next(self, within_s: float) -> wire.Heard | str:
        assert self._process is not None
        assert self._process.stdout is not None
        while True:
            try:
                line = await asyncio.wait_for(self._process.stdout.readline(), within_s)
            except TimeoutError as error:
                await self.close()
                raise ProviderError(self.name, f"it said nothing for {within_s:.0f} s") from error
            if not line:
                await self.close()
                raise ProviderError(self.name, f"it ended: {self._last()}")
            said = wire.read_heard(line.decode("utf-8", "replace"))
            if said is not None:
                return said

    def _last(self) -> str:
        lines = self._log.read_text("utf-8", "replace").strip().splitlines() if self._log.is_file() else []
        return lines[-1] if lines else "it said nothing"

    async def close(self) -> None:
        """Its stdin is closed; who does not go is killed."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            process.kill()
            await process.wait()
