"""`PyttsxVoice`: espeak-ng through pyttsx3, in a process of its own. In the box, 18 languages of 18."""

from __future__ import annotations

import functools

from cohost.common.spoken import RATE, Spoken
from cohost.errors import ProviderError
from cohost.languages import LANGUAGES, base
from cohost.mouth.espeak_worker import data_folder, dictionary
from cohost.mouth.figures import say
from cohost.mouth.pipe import Pipe
from cohost.mouth.sayable import sayable
from cohost.mouth.timing import timed

START_S = 20.0
DEADLINE_S = 8.0
REMEDY = "pip install espeakng-loader, or install espeak-ng; until then answers are posted"


class PyttsxVoice:
    """About 12 ms a sentence, with the engine's own word times."""

    name = "pyttsx3"

    def __init__(self, rate: int = 175) -> None:
        """`rate`: words a minute."""
        self._rate = rate
        self._pipe = Pipe(self.name, "cohost.mouth.espeak_worker", start_s=START_S, remedy=REMEDY)

    @property
    def pid(self) -> int | None:
        """The worker's process, None while there is none."""
        return self._pipe.pid

    def languages(self) -> frozenset[str]:
        """Those of cohost's languages that the espeak-ng here has a dictionary for."""
        return _languages()

    async def speak(self, text: str, lang: str) -> Spoken:
        """No sound for no words. Raises ProviderError; cancelling drops the sound, nothing else."""
        tag = base(lang)
        if tag not in self.languages():
            known = ", ".join(sorted(self.languages())) or f"a speech engine: {REMEDY}"
            raise ProviderError(self.name, f"got {lang}, expected {known}")
        words = sayable(text)
        if not words:
            return Spoken(b"", (), exact=True)
        said = say(words, tag)
        order = {"text": said.text, "lang": tag, "rate": self._rate}
        pcm, events = await self._pipe.ask(order, deadline_s=DEADLINE_S)
        if not pcm:
            return Spoken(b"", (), exact=True)
        told = [(said.place(char), at_ms) for char, at_ms in events]
        times, exact = timed(words, len(pcm) // 2 * 1000 // RATE, told)
        return Spoken(pcm, times, exact=exact)

    async def warm(self) -> None:
        """Start the engine ahead of the first sentence. Raises ProviderError."""
        await self._pipe.warm()

    async def close(self) -> None:
        """End the worker."""
        await self._pipe.close()


@functools.cache
def _languages() -> frozenset[str]:
    data = data_folder()
    if data is None:
        return frozenset()
    return frozenset(lang for lang in LANGUAGES if (data / dictionary(lang)).is_file())
