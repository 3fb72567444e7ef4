"""cohost with the same scripted ears, brain and voice: a whole room, in real time, in a process of its own.

`python -m bench.peers.drive_cohost FOLDER DATE`. A host's lane speaks over it (a host's voice always wins, so
nothing is forgiven); a viewer's lane asks. Its voice sounds from the first sample that leaves the room until
the floor holds or cuts it, when a page falls silent."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.peers import wire
from bench.peers.microphone import (
    ANSWER,
    LONG_SPEECH,
    MS_PER_CHARACTER,
    SPEAKING_MS,
    Microphone,
    Sounding,
    read_sound,
    tone,
)  # fmt: skip
from bench.voice.rooms import settings
from cohost import events as ev
from cohost import talking
from cohost.app import Room, make_room, open_knowledge, warm
from cohost.clock import WallClock
from cohost.common.spoken import RATE, Spoken, estimated
from cohost.ears.audio import Pcm
from cohost.ears.recognition import Recognition
from cohost.ears.recognizer import Transcript
from cohost.log import MemoryLog
from cohost.mouth.choose import Voices
from cohost.mouth.voice import VoiceStage
from cohost.ports import Mic, Speaker, WriterSentence
from evals.world import SharedKnowledge

LANGS = ("en",)


class Reader:
    """The words of the stretches that lie in a sound, when the script says; a blocking recogniser."""

    def __init__(self, trial: wire.Trial, now_ms: Any) -> None:
        self._trial, self._now_ms = trial, now_ms

    def recognize(
        self,
        samples: Pcm,
        *,
        languages: Sequence[str] = (),
        prior: Mapping[str, float] | None = None,
        hotwords: str = "",
    ) -> Transcript:
        now, long = self._now_ms(), len(samples) * 1000 / RATE
        mine = [w for w in self._trial.words if now - long <= (w.start_ms + w.end_ms) / 2 <= now]
        due = max((min(w.end_ms, now) + self._trial.stt_ms for w in mine if w.text), default=now)
        threading.Event().wait(max(0.0, due - now) / 1000)
        text = " ".join(w.text for w in mine if w.text)
        lang = "en" if text.isascii() else self._trial.lang  # the script's questions are English
        return Transcript(text, lang, 1.0, -0.2, 1.2, round(long))


class Brain:
    """A writer whose first sentence comes after a while; the guard judges it, and the room falls back on the
    evidence's own words where it must."""

    name = "scripted"

    def __init__(self, cost_ms: int) -> None:
        self._cost_ms = cost_ms
        self.calls = 0

    async def write(
        self, prompt: Sequence[dict[str, str]], *, lang: str = "en"
    ) -> AsyncIterator[WriterSentence]:
        self.calls += 1
        await asyncio.sleep(self._cost_ms / 1000)
        yield WriterSentence(ANSWER, ())


class Humming:
    """A hum, after a while."""

    name = "scripted"

    def __init__(self, cost_ms: int) -> None:
        self._cost_ms = cost_ms

    def languages(self) -> frozenset[str]:
        return frozenset(LANGS)

    async def speak(self, text: str, lang: str) -> Spoken:
        await asyncio.sleep(self._cost_ms / 1000)
        return Spoken(tone(text), estimated(text, MS_PER_CHARACTER * len(text)), exact=True)

    async def close(self) -> None:
        """Nothing to end."""


class OneVoice(Voices):
    """One hum for every language it knows."""

    def __init__(self, voice: Humming) -> None:
        super().__init__((), settings().voice)
        self._voice = voice

    def for_(self, lang: str) -> Any:
        return self._voice if lang.split("-")[0] in LANGS else None


class Session:
    """One trial in a room of its own."""

    def __init__(
        self, trial: wire.Trial, knowledge: SharedKnowledge, on: dt.date, real: talking.Models | None
    ) -> None:
        wire.options(trial)
        self.trial = trial
        self.clock = WallClock(on=on)
        self._ahead_s = asyncio.get_running_loop().time() - self.clock.now_ms() / 1000
        self.microphone = Microphone(read_sound(trial.sound))
        self.sounding = Sounding()
        self.brain = Brain(trial.llm_ms)
        self.room: Room = make_room(
            settings(), knowledge, self.clock, MemoryLog(self.clock), writer=self.brain,
            models=real or self._scripted(),
        )  # fmt: skip
        for stage in self.room.stages:
            if isinstance(stage, VoiceStage):  # the long speech answers nobody: no guard has its reply
                stage._objects = lambda reply_id: False
        self.room.start()
        self.first: dict[str, float] = {}

    def _scripted(self) -> talking.Models:
        from cohost.ears import vad

        session = vad.load()
        self.recognition = Recognition(lambda: Reader(self.trial, self._sound_ms))
        return talking.Models(
            self.recognition, lambda: vad.Vad(session).feed, OneVoice(Humming(self.trial.tts_ms))
        )

    def _sound_ms(self) -> float:
        """Now, on the sound's timeline; from the recogniser's thread too."""
        return (self.clock.now_ms() / 1000 + self._ahead_s - self.microphone.zero) * 1000

    def _hear(self, speech_id: str, pcm: bytes) -> None:
        self.first.setdefault(speech_id, asyncio.get_running_loop().time())

    async def run(self) -> wire.Heard:
        async with self.room.running(live=False) as tasks:
            assert self.room.sound is not None
            leave = self.room.sound.join(self._hear, "caller")
            listening = tasks.create_task(self._listen())
            await asyncio.sleep(0.4)
            if self.trial.kind == "over":
                self.room.log.append(
                    ev.SpeechQueued(speech_id="s", reply_id="r", text=LONG_SPEECH, lang="en", posted=True)
                )
                await self._speaking()
            self.microphone.begin()
            await self.microphone.until(self.microphone.sound_ms + self.trial.after_ms)
            heard = self._heard(asyncio.get_running_loop().time())
            listening.cancel()
            leave()
        return heard

    async def _speaking(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + 20
        while not self.first or loop.time() - self.first["s"] < SPEAKING_MS / 1000:
            if loop.time() > until:
                raise TimeoutError("its own voice did not begin")
            await asyncio.sleep(0.02)

    async def _listen(self) -> None:
        role: Any = "host" if self.trial.kind == "over" else "viewer"
        lanes = self.room.microphones
        assert lanes is not None
        mic = lanes.open(Speaker("caller", role=role, lang="en", market="US", page="page"), _ignore)
        async for frame in self.microphone.frames():
            lanes.feed(mic.lane, frame)

    def _heard(self, now: float) -> wire.Heard:
        """From the log: each speech from its first sample to its hold, cut or end."""
        began: float | None = None
        ducked = []
        for record in self.room.log.records():
            event, at = record.event, record.at_ms / 1000 + self._ahead_s
            if isinstance(event, ev.SpeechStarted):
                began = self.first.get(event.speech_id)
            elif isinstance(event, ev.SpeechDucked):
                ducked.append(self.microphone.ms(at))
            elif isinstance(event, ev.SpeechResumed):
                began = at if began is None else began
            elif isinstance(event, ev.SpeechHeld | ev.SpeechCut | ev.SpeechPlayed) and began is not None:
                self.sounding.add(began, at)
                began = None
        if began is not None:
            self.sounding.add(began, now)
        return wire.Heard(self.trial.id, self.sounding.spoke(self.microphone), tuple(ducked))


def _ignore(mic: Mic) -> None:
    """A lane of a trial is never moved."""


class Driver:
    """Knowledge and, where asked for, the real models: loaded once."""

    def __init__(self, knowledge: SharedKnowledge, on: dt.date) -> None:
        self._knowledge, self._on = knowledge, on
        self._real: talking.Models | None = None

    async def batch(self, trials: list[wire.Trial]) -> list[wire.Heard]:
        """All at once, each in a room of its own; none hears before all are set up."""
        if any(t.whisper for t in trials) and self._real is None:
            self._real = talking.load(settings())
            await self._real.warm()
        sessions = [Session(t, self._knowledge, self._on, self._real if t.whisper else None) for t in trials]
        found = await asyncio.gather(*(s.run() for s in sessions), return_exceptions=True)
        for session in sessions:
            if not session.trial.whisper:
                session.recognition.close()
        return [wire.told(t, f) for t, f in zip(trials, found, strict=True)]

    async def close(self) -> None:
        if self._real is not None:
            await self._real.close()
        self._knowledge.close_at_last()


async def main(folder: Path, on: dt.date) -> None:
    """Raises what opening the knowledge raises."""
    clock = WallClock(on=on)
    knowledge = SharedKnowledge(**vars(await open_knowledge(folder, clock)))
    await warm(knowledge, clock, drafts=True)
    await knowledge.complete()
    driver = Driver(knowledge, on)
    try:
        await wire.serve(f"cohost {version('cohost')}", driver.batch)
    finally:
        await driver.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[-2]), dt.date.fromisoformat(sys.argv[-1])))
