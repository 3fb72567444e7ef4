"""Scripted adapters of the ports, shipped with the package: for tests, evals and rehearsals.

They answer from a script instead of a model or a network, at a stated cost in show time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from cohost.clock import Clock
from cohost.errors import ProviderError
from cohost.ports import WriterSentence

Script = Callable[[str], Sequence[WriterSentence | Exception | float]]
"""The prompt's last message → sentences, pauses in ms, or an error to raise, in order."""


class ScriptedWriter:
    """A writer that says what its script says. `calls` keeps the prompts it was given."""

    def __init__(
        self, script: Script, clock: Clock, *, name: str = "scripted", cost_ms: float = 50.0
    ) -> None:
        self._script = script
        self._clock = clock
        self._name = name
        self._cost_ms = cost_ms
        self.calls: list[tuple[dict[str, str], ...]] = []

    @property
    def name(self) -> str:
        return self._name

    async def write(
        self, prompt: Sequence[dict[str, str]], *, lang: str = "en"
    ) -> AsyncIterator[WriterSentence]:
        """Raises what the script holds; ProviderError on an empty prompt."""
        if not prompt:
            raise ProviderError(self._name, "got an empty prompt")
        self.calls.append(tuple(prompt))
        for step in self._script(prompt[-1]["content"]):
            if isinstance(step, Exception):
                raise step
            if isinstance(step, float | int):
                await self._clock.sleep(step)
                continue
            await self._clock.sleep(self._cost_ms)
            yield step
