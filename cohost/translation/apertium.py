"""Apertium: an APy over HTTP, or the local `apertium` command with the pairs that are installed."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
from collections.abc import Iterable

import httpx

from cohost.clock import Clock
from cohost.errors import ProviderError

COST_MS = 60.0
COMMAND = "apertium"
CODES = {
    "en": "eng", "es": "spa", "pt": "por", "fr": "fra", "de": "deu", "it": "ita", "pl": "pol", "nl": "nld",
    "tr": "tur", "ru": "rus", "ar": "ara", "hi": "hin", "th": "tha", "vi": "vie", "id": "ind", "ja": "jpn",
    "ko": "kor", "zh": "zho",
}  # fmt: skip
"""Apertium's names of our languages."""
_TAGS = {code: tag for tag, code in CODES.items()} | {tag: tag for tag in CODES}


class ApertiumCommand:
    """The command on this machine, one process a line. `pairs`: what `apertium -l` lists."""

    name = "apertium"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._path = shutil.which(COMMAND) or ""
        self._modes = dict(_modes(_listed(self._path))) if self._path else {}

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._modes)

    def offers(self, source: str, target: str) -> bool:
        return (source, target) in self._modes

    async def translate(self, text: str, source: str, target: str) -> str:
        """Raises ProviderError. Cancelling ends the process."""
        async with self._clock.busy(COST_MS):
            return await self._ask(text, self._modes[source, target])

    async def _ask(self, text: str, mode: str) -> str:
        try:
            process = await asyncio.create_subprocess_exec(
                self._path, "-u", mode,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        except OSError as error:
            raise ProviderError(self.name, f"{self._path} cannot be run ({error.strerror})") from error
        try:
            out, wrong = await process.communicate(f"{text}\n".encode())
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode:
            raise ProviderError(
                self.name, f"{mode}: {' '.join(wrong.decode(errors='replace').split())[:200]}"
            )
        return out.decode(errors="replace").strip()


def _listed(path: str) -> list[str]:
    try:
        done = subprocess.run([path, "-l"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return []
    return done.stdout.split()


def _modes(listed: Iterable[str]) -> Iterable[tuple[tuple[str, str], str]]:
    """Pairs of our tags; of two variants ("spa-eng", "spa-eng_US") the plain one."""
    for mode in sorted(listed, key=len, reverse=True):
        one, _, other = mode.partition("-")
        pair = (_TAGS.get(one.split("_")[0]), _TAGS.get(other.split("_")[0]))
        if pair[0] and pair[1]:
            yield (pair[0], pair[1]), mode


class ApertiumServer:
    """An APy: /listPairs is asked at the first use, /translate for each line."""

    name = "apertium"

    def __init__(self, clock: Clock, address: str, *, timeout_s: float = 4.0) -> None:
        self._clock = clock
        self._address = address.rstrip("/")
        self._client = httpx.AsyncClient(timeout=timeout_s)
        self._pairs: frozenset[tuple[str, str]] | None = None

    async def close(self) -> None:
        await self._client.aclose()

    def offers(self, source: str, target: str) -> bool:
        """Before the first line everything may be there."""
        return self._pairs is None or (source, target) in self._pairs

    async def pairs(self) -> frozenset[tuple[str, str]]:
        """Raises ProviderError."""
        data = await self._get("/listPairs", {})
        rows = data if isinstance(data, list) else []
        found = ((_TAGS.get(r.get("sourceLanguage")), _TAGS.get(r.get("targetLanguage"))) for r in rows)
        self._pairs = frozenset((one, other) for one, other in found if one and other)
        return self._pairs

    async def translate(self, text: str, source: str, target: str) -> str:
        """Raises ProviderError, for a pair that the server has not, too."""
        async with self._clock.busy(COST_MS):
            pairs = self._pairs if self._pairs is not None else await self.pairs()
            if (source, target) not in pairs:
                raise ProviderError(self.name, f"{self._address} has no {source}-{target}")
            asked = {"langpair": f"{CODES[source]}|{CODES[target]}", "q": text, "markUnknown": "no"}
            data = await self._get("/translate", asked)
        told = data.get("translatedText") if isinstance(data, dict) else None
        if not isinstance(told, str):
            raise ProviderError(self.name, f"{self._address} answered without translatedText")
        return told.strip()

    async def _get(self, path: str, asked: dict[str, str]) -> object:
        try:
            answer = await self._client.get(self._address + path, params=asked)
            answer.raise_for_status()
            body = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            told = " ".join(str(error).split())[:200] or type(error).__name__
            raise ProviderError(self.name, f"{self._address} does not answer: {told}") from error
        return body.get("responseData") if isinstance(body, dict) else None
