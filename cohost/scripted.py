"""Scripted adapters of the ports, shipped with the package: for tests, evals and rehearsals.

They answer from a script instead of a model or a network, at a stated cost in show time.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from cohost.clock import Clock
from cohost.common.spoken import RATE, Spoken, estimated
from cohost.ears.audio import Pcm
from cohost.ears.recognizer import Transcript
from cohost.errors import ProviderError
from cohost.languages import LANGUAGES
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


class ScriptedRecognizer:
    """A blocking recogniser that says its lines in order, the last one again and again. `heard` keeps the
    length of each stretch in ms. Implements cohost.ears.recognition.Recognizer."""

    def __init__(self, *lines: Transcript) -> None:
        self._lines = list(lines)
        self.heard: list[int] = []

    def recognize(
        self,
        samples: Pcm,
        *,
        languages: Sequence[str] = (),
        prior: Mapping[str, float] | None = None,
        hotwords: str = "",
    ) -> Transcript:
        self.heard.append(len(samples) * 1000 // RATE)
        return self._lines.pop(0) if len(self._lines) > 1 else self._lines[0]


class ScriptedVoice:
    """A voice that hums: `ms_per_character` of a tone for each character, word times shared out by
    letters. `fails` holds texts it cannot say. `spoken` keeps what it was asked for."""

    name = "scripted"

    def __init__(
        self, *, ms_per_character: int = 60, langs: Sequence[str] = LANGUAGES, fails: Sequence[str] = ()
    ) -> None:
        self._pace = ms_per_character
        self._langs = frozenset(langs)
        self._fails = frozenset(fails)
        self.spoken: list[str] = []

    def languages(self) -> frozenset[str]:
        return self._langs

    async def speak(self, text: str, lang: str) -> Spoken:
        """Raises ProviderError for the texts of `fails`."""
        self.spoken.append(text)
        if text in self._fails:
            raise ProviderError(self.name, "the script says it fails")
        duration_ms = self._pace * len(text)
        step = 2 * math.pi * 220 / RATE
        samples = array("h", (int(9000 * math.sin(step * n)) for n in range(duration_ms * RATE // 1000)))
        return Spoken(samples.tobytes(), estimated(text, duration_ms), exact=True)

    async def close(self) -> None:
        """Nothing to end."""


class ScriptedVoices:
    """The same voice for every language it knows."""

    def __init__(self, voice: ScriptedVoice) -> None:
        self.voice = voice

    def for_(self, lang: str) -> ScriptedVoice | None:
        return self.voice if lang.split("-")[0] in self.voice.languages() else None


class ScriptedTranslator:
    """A translator that says what its script holds: (text, target) → words, an error to raise, or ms to wait
    before it says nothing. What the script does not hold comes back as it was. `calls`: what was asked."""

    def __init__(
        self,
        script: Mapping[tuple[str, str], str | Exception | float],
        clock: Clock,
        *,
        name: str = "scripted",
        pairs: frozenset[tuple[str, str]] | None = None,
        cost_ms: float = 50.0,
    ) -> None:
        """`pairs`: source and target it offers; None = all."""
        self._script = script
        self._clock = clock
        self._name = name
        self._pairs = pairs
        self._cost_ms = cost_ms
        self.calls: list[tuple[str, str, str]] = []

    @property
    def name(self) -> str:
        return self._name

    def offers(self, source: str, target: str) -> bool:
        return self._pairs is None or (source, target) in self._pairs

    async def translate(self, text: str, source: str, target: str) -> str:
        self.calls.append((text, source, target))
        step = self._script.get((text, target), text)
        if isinstance(step, Exception):
            raise step
        if isinstance(step, float | int):
            await self._clock.sleep(step)
            return ""
        await self._clock.sleep(self._cost_ms)
        return step
