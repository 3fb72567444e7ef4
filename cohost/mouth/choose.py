"""Which installed voice speaks a language: the first that is fit for it, neural ones before espeak."""

from __future__ import annotations

from collections.abc import Sequence

from cohost import settings
from cohost.errors import ProviderError, SettingsError
from cohost.languages import LANGUAGES, base
from cohost.mouth import fitness, kokoro
from cohost.mouth.kokoro import KokoroVoice
from cohost.mouth.speech import PyttsxVoice
from cohost.ports import Voice

NEURAL = 'pip install "cohost[neural]"'
"""What brings the neural voices."""


def installed_voices(wanted: settings.Voice) -> list[KokoroVoice | PyttsxVoice]:
    """Best first; only `wanted.engine` where that is set. Starts nothing.

    Raises SettingsError when the engine asked for is not installed.
    """
    voices: list[KokoroVoice | PyttsxVoice] = []
    if wanted.engine in ("", "kokoro") and kokoro.installed():
        voices.append(KokoroVoice())
    pyttsx = PyttsxVoice(wanted.rate)
    if wanted.engine in ("", "pyttsx3") and pyttsx.languages():
        voices.append(pyttsx)
    if wanted.engine and not voices:
        remedy = kokoro.REMEDY if wanted.engine == "kokoro" else "pip install espeakng-loader"
        raise SettingsError(f"got voice.engine = {wanted.engine}, which is not installed: {remedy}")
    return voices


class Voices:
    """The room's voices. A language is spoken only with a voice that is fit for it (`fitness.toml`)."""

    def __init__(
        self, voices: Sequence[Voice], wanted: settings.Voice, table: fitness.Fitness | None = None
    ) -> None:
        """`table`: another table than the one that ships with cohost."""
        self._voices = tuple(voices)
        self._table = table or fitness.load()
        self._wanted = frozenset(base(tag) for tag in wanted.langs)

    def for_(self, lang: str) -> Voice | None:
        """The voice for a language tag; None: what is said in it is posted, not spoken."""
        tag = base(lang)
        if self._wanted and tag not in self._wanted:
            return None
        fit = (v for v in self._voices if tag in v.languages() and self._table.fit(v.name, tag))
        return next(fit, None)

    def languages(self) -> tuple[str, ...]:
        """Those that are spoken here, in cohost's order."""
        return tuple(lang for lang in LANGUAGES if self.for_(lang) is not None)

    async def warm(self) -> None:
        """Start the engines that will speak, so that the first sentence need not wait; one that cannot
        start is found out again, and told, by the first sentence. Safe to cancel."""
        used = {id(v): v for lang in self.languages() if (v := self.for_(lang)) is not None}
        for voice in used.values():
            if isinstance(voice, KokoroVoice | PyttsxVoice):
                try:
                    await voice.warm()
                except ProviderError:
                    continue

    async def close(self) -> None:
        """End every engine."""
        for voice in self._voices:
            await voice.close()
