"""What the parts of the voice bench share: one knowledge base, one set of models, a room for each clip."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bench.setup import Setup
from cohost import settings as settings_
from cohost import talking
from cohost.app import Room, make_room, open_knowledge, warm
from cohost.clock import Clock, WallClock
from cohost.ears.lane import Detect
from cohost.ears.recognition import Recognition
from cohost.errors import ModelMissing
from cohost.log import MemoryLog
from cohost.settings import Settings
from evals.world import SharedKnowledge


def settings() -> Settings:
    """A room that answers at once and speaks with the voice in the box."""
    return settings_.replace(
        settings_.load(), chat__posts_per_second=100.0, chat__posts_burst=1000, chat__autonomy="full",
        voice__hear=True, voice__speak=True, voice__chat=False, voice__engine="pyttsx3",
    )  # fmt: skip


@dataclass
class Studio:
    """Models are loaded and warm."""

    knowledge: SharedKnowledge
    models: talking.Models
    settings: Settings
    on: dt.date

    @property
    def recognition(self) -> Recognition:
        assert self.models.recognition is not None
        return self.models.recognition

    def detect(self) -> Detect:
        """A voice detector for one lane."""
        assert self.models.detect is not None
        return self.models.detect()

    def room(self, clock: Clock) -> Room:
        """A room with an empty log, started."""
        room = make_room(self.settings, self.knowledge, clock, MemoryLog(clock), models=self.models)
        room.start()
        return room

    def spoken(self, lang: str) -> bool:
        """Whether a voice is fit for a language."""
        return self.models.voices is not None and self.models.voices.for_(lang) is not None


@contextlib.asynccontextmanager
async def studio(setup: Setup) -> AsyncIterator[Studio]:
    """Raises ModelMissing where cohost hears nothing here."""
    clock, chosen = WallClock(on=setup.on), settings()
    models = talking.load(chosen)
    if models.recognition is None:
        await models.close()
        raise ModelMissing("whisper-base", models.why)
    opened = await open_knowledge(setup.folder, clock)
    knowledge = SharedKnowledge(**vars(opened))
    try:
        await warm(knowledge, clock)
        await knowledge.complete()
        await models.warm()
        yield Studio(knowledge, models, chosen, setup.on)
    finally:
        await models.close()
        knowledge.close_at_last()
