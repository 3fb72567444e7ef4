"""The voice half of a room, put together: ears, floor and mouth with their models."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from cohost import models
from cohost.clock import Clock
from cohost.common.catalogue import Catalogue
from cohost.common.heard import meaning
from cohost.ears.lane import Detect
from cohost.ears.microphones import Lanes
from cohost.ears.recognition import Recognition
from cohost.ears.stage import EarsStage
from cohost.errors import ModelMissing, ProviderError
from cohost.languages import LANGUAGES
from cohost.mouth.choose import Voices, installed_voices
from cohost.mouth.playback import Playback
from cohost.mouth.voice import Mute, VoiceStage
from cohost.ports import Log, Microphones, Sound
from cohost.settings import Settings
from cohost.trust.units import same_dimension


@dataclass
class Models:
    """What a process hears and speaks with; shared by its rooms. `recognition` is None where a model is
    missing (`why` says which), `detect` makes a voice detector for one lane."""

    recognition: Recognition | None
    detect: Callable[[], Detect] | None
    voices: Voices | None
    why: str = ""

    async def warm(self) -> None:
        """Load what the first caller would wait for. Safe to cancel; a model that fails is told later."""
        with contextlib.suppress(ProviderError):
            if self.voices is not None:
                await self.voices.warm()
        with contextlib.suppress(ProviderError):
            if self.recognition is not None:
                await self.recognition.warm()
                await asyncio.to_thread(_tables)

    async def close(self) -> None:
        if self.recognition is not None:
            self.recognition.close()
        if self.voices is not None:
            await self.voices.close()


def load(settings: Settings) -> Models:
    """The models of this machine, loaded at first use; what is missing is named in `why`.

    Raises SettingsError where an engine is asked for that is not installed.
    """
    voices = Voices(installed_voices(settings.voice), settings.voice) if settings.voice.speak else None
    if not settings.voice.hear:
        return Models(None, None, voices, "hearing is switched off in the settings")
    from cohost.ears import vad

    try:
        session = vad.load()
        folder = models.resolve("whisper-base")
    except ModelMissing as error:
        return Models(None, None, voices, str(error))

    def recognizer() -> Any:
        from cohost.ears.recognizer import WhisperRecognizer

        return WhisperRecognizer(folder, threads=settings.threads)

    return Models(Recognition(recognizer), lambda: vad.Vad(session).feed, voices)


def _tables() -> None:
    """Words of the floor and units of figures: the first utterance and its answer would build these
    tables on the loop, a second of silence."""
    meaning("hm", "en", langs=LANGUAGES)
    same_dimension("cm", "m")


@dataclass
class Talk:
    """One room's ears and mouth. `services` run beside the stages."""

    ears: EarsStage | None
    voice: VoiceStage
    microphones: Microphones | None
    sound: Sound | None
    services: tuple[Callable[[], Coroutine[Any, Any, None]], ...]


def talk(
    log: Log,
    clock: Clock,
    catalogue: Catalogue,
    settings: Settings,
    loaded: Models | None,
    *,
    objects: Callable[[str], bool],
    playback: Playback,
) -> Talk:
    """Wire what the models allow; a room without them answers in writing, and posts what an earlier
    process was to say."""
    ears: EarsStage | None = None
    lanes: Lanes | None = None
    voices = loaded.voices if loaded is not None else None
    if loaded is not None and loaded.recognition is not None and loaded.detect is not None:
        ears = EarsStage(log, clock, catalogue, loaded.recognition)
        lanes = Lanes(
            log, clock, ears, loaded.detect, most=settings.voice.lanes, callers=settings.voice.callers
        )
    stage = VoiceStage(log, clock, voices or Mute(), playback, share=settings.voice.share, objects=objects)
    mouth = stage if voices is not None else None
    services = tuple(part.run for part in (ears, mouth) if part is not None)
    return Talk(ears, stage, lanes, playback if mouth is not None else None, services)
