"""How soon a viewer's page falls silent: from a held or cut speech to the page's own report of it.

`cohost serve` in a process of its own, the viewer page in Chromium with its sound on, two microphones on
sockets: viewers ask the demo clips, an operator nods, coughs and stops cohost. The room's own histogram
of page lag is read from `/metrics`; times are of the wall, of two processes and a browser on one machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.process import MODULE_HOME
from bench.setup import Setup
from bench.voice.histogram import Lag, lag_of
from cohost.clock import Clock, WallClock
from cohost.ears.audio import RATE, Pcm, to_s16
from cohost.ears.lane import FRAME
from cohost.errors import ProviderError
from evals.recordings import Clip, clips, sound_of

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
QUESTIONS = 5
START_S, ANSWER_S, QUIET_S = 90.0, 20.0, 3.0
NODS = ("host-mm-hm", "host-uh-huh", "host-yeah")


def missing() -> str:
    """Why it cannot be measured here; "" where it can."""
    if importlib.util.find_spec("playwright") is None:
        return "Playwright is not installed"
    if importlib.util.find_spec("websockets") is None:
        return "websockets is not installed"
    return "" if _browser() else f"no browser: looked for {', '.join(CHROMIUM)}"


def _browser() -> str:
    return next((path for name in CHROMIUM if (path := shutil.which(name))), "")


async def page_lag(setup: Setup, tell: Callable[[int, int], None]) -> Lag:
    """Raises ProviderError where room or browser do not start."""
    from playwright.async_api import Error, async_playwright

    clock = WallClock()
    with tempfile.TemporaryDirectory(prefix="cohost-bench-") as folder:
        async with _served(setup, Path(folder)) as (host, token), async_playwright() as playwright:
            try:
                browser = await playwright.chromium.launch(executable_path=_browser(), args=list(FLAGS))
                page = await browser.new_page()
                await page.goto(f"http://{host}/?lang=en&market=US")
                await page.click("#sound")
                await page.wait_for_selector('#sound[aria-pressed="true"]')
                await _talk(clock, host, token, tell)
                await browser.close()
            except Error as error:
                raise ProviderError("browser", str(error).splitlines()[0]) from error
            except ExceptionGroup as group:
                raise ProviderError("page", f"a socket failed: {group.exceptions[0]}") from group
            return lag_of(await asyncio.to_thread(_metrics, host))


def _metrics(host: str) -> str:
    with urllib.request.urlopen(f"http://{host}/metrics", timeout=10) as response:
        return str(response.read().decode())


@contextlib.asynccontextmanager
async def _served(setup: Setup, folder: Path) -> AsyncIterator[tuple[str, str]]:
    """A room on a free port: (host and port, the operator's token)."""
    config = folder / "room.toml"
    config.write_text('[voice]\nengine = "pyttsx3"\nchat = false\n[chat]\nautonomy = "full"\n', "utf-8")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(MODULE_HOME), *sys.path[:1]]), "OMP_NUM_THREADS": "1",
        "XDG_STATE_HOME": str(folder),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cohost", "serve", "--port", "0", "--config", str(config),
        "--kb", str(setup.folder), "--on", setup.on.isoformat(),
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        try:
            async with asyncio.timeout(START_S):
                address = await _address(process)
        except TimeoutError as error:
            raise ProviderError("serve", f"the room was not open within {START_S:g} s") from error
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> tuple[str, str]:
    assert process.stdout is not None
    async for line in process.stdout:
        found = line.decode().split()
        if found[:1] == ["console"]:
            host, _, token = found[1].removeprefix("http://").partition("/console?token=")
            return host, token
    raise ProviderError("serve", "the room did not open")


# ── who talks ──
@dataclass
class _Talker:
    """A page's socket: its microphone, and what the room says."""

    socket: Any
    clock: Clock
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def read(self) -> None:
        async for message in self.socket:
            if isinstance(message, str):
                self.seen.append(json.loads(message))

    async def say(self, samples: Pcm) -> None:
        """At the pace of a microphone, with a second of silence behind."""
        zero = self.clock.now_ms()
        sound = to_s16(samples) + bytes(2 * RATE)
        for start in range(0, len(sound), 2 * FRAME):
            await self.clock.sleep(max(0.0, zero + start / 32 - self.clock.now_ms()))
            await self.socket.send(sound[start : start + 2 * FRAME])

    async def heard(self, kinds: tuple[str, ...], after: int, for_s: float) -> str:
        """The kind of the first such frame behind `after`; "" where none comes in time."""
        until = self.clock.now_ms() + for_s * 1000
        while self.clock.now_ms() < until:
            for frame in self.seen[after:]:
                if frame["type"] in kinds:
                    return str(frame["type"])
            await self.clock.sleep(20)
        return ""


async def _talk(clock: Clock, host: str, token: str, tell: Callable[[int, int], None]) -> None:
    """Each question is answered, held by a nod or two, and stopped by a word."""
    from websockets.asyncio.client import connect

    asked = [clip for clip in clips() if clip.lang == "en"]
    own = {clip.id: clip for clip in clips("host")}
    operator_at = f"ws://{host}/ws?room=main&role=operator&name=op&lang=en&token={token}"
    async with connect(operator_at, max_size=None) as socket, asyncio.TaskGroup() as tasks:
        operator = _Talker(socket, clock)
        reading = tasks.create_task(operator.read())
        await socket.send('{"type": "mic.start"}')
        for number in range(QUESTIONS):
            tell(number, QUESTIONS)
            clip = asked[number % len(asked)]
            viewer = f"ws://{host}/ws?room=main&role=viewer&name=v{number}&lang=en&market=GB&token={token}"
            async with connect(viewer, max_size=None) as caller:
                listening = tasks.create_task(_Talker(caller, clock).read())
                await caller.send('{"type": "mic.start"}')
                before = len(operator.seen)
                await _Talker(caller, clock).say(sound_of(clip))
                if await operator.heard(("speech.started",), before, ANSWER_S):
                    await _interrupt(operator, own, NODS[number % len(NODS)])
                listening.cancel()
        reading.cancel()


async def _interrupt(operator: _Talker, own: dict[str, Clip], nod: str) -> None:
    before = len(operator.seen)
    await operator.say(sound_of(own[nod]))
    if await operator.heard(("speech.held",), before, 0.2):
        await operator.heard(("speech.resumed", "speech.cut"), before, QUIET_S)
    before = len(operator.seen)
    await operator.say(sound_of(own["host-stop"]))
    await operator.heard(("speech.cut", "speech.ended"), before, QUIET_S)
