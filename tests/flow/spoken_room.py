"""A mouth on virtual time: delivery, voice and floor along a log; the test is the voices around it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.question import Asker, Citation, Claim, Draft, Question
from cohost.log import MemoryLog
from cohost.mouth.delivery import DeliveryStage, RoomSink
from cohost.mouth.playback import Playback
from cohost.mouth.voice import Voices, VoiceStage
from cohost.ports import Post
from cohost.scripted import ScriptedVoice, ScriptedVoices
from cohost.settings import Voice
from cohost.stage import run
from tests.flow.test_delivery import PRICE, Shelf

ON = dt.date(2026, 11, 20)
ASKER = "viewer:v1:1"
HOST = "host:h:2"
OTHER = "viewer:v2:3"
FIRST, SECOND = "Preis (Deutschland): 41,50 €.", "Danke für die Frage."


class SlowSink(RoomSink):
    """A platform that takes its time."""

    def __init__(self, room: SpokenRoom) -> None:
        super().__init__(100, 100)
        self._room = room

    async def post(self, post: Post) -> str:
        if self._room.sink_ms:
            await self._room.clock.sleep(self._room.sink_ms)
        return await super().post(post)


class SpokenRoom:
    """`play` runs the stages while a script of voices runs; `heard` is the PCM that went out, with times."""

    def __init__(
        self, *, voice: Voice | None = None, fails: tuple[str, ...] = (), listen: bool = True
    ) -> None:
        self.clock = VirtualClock(on=ON)
        self.log = MemoryLog(self.clock)
        self.engine = ScriptedVoice(fails=fails)
        self.settings = voice or Voice()
        self.listen = listen
        self.asks = 1  # the record that asks
        self.mute = False  # a process without a voice
        self.sink_ms = 0  # what a post takes
        self.shelf = Shelf([PRICE])
        self.heard: list[tuple[int, str, int]] = []  # (show time, speech id, bytes)
        self.playback = Playback(self.clock)
        self.log.append(ev.ShowStarted(room="main", on=ON, version="test"))
        self.log.append(ev.AutonomySet(level="full", by="settings"))

    def restarted(self) -> SpokenRoom:
        """Another process on the same log."""
        again = SpokenRoom(voice=self.settings)
        again.clock, again.log = self.clock, self.log
        again.playback = Playback(self.clock)
        again.log.append(ev.ShowStarted(room="main", on=ON, version="test", resumed=True))
        return again

    def stage(self, voices: Voices, objects: Callable[[str], bool]) -> VoiceStage:
        return VoiceStage(
            self.log, self.clock, voices, self.playback, share=self.settings.share, objects=objects
        )

    def play(self, script: Callable[[SpokenRoom], Awaitable[None]]) -> list[ev.Record]:
        async def main() -> None:
            voices = ScriptedVoices(self.engine)
            delivery = DeliveryStage(
                self.log, self.shelf, self.clock, {"room": SlowSink(self)},
                voice=None if self.mute else self.settings, listeners=lambda: self.playback.listeners,
                fit=lambda lang: voices.for_(lang) is not None,
            )  # fmt: skip
            stage = self.stage(voices, delivery.objects)
            if self.listen:
                self.playback.join(lambda i, pcm: self.heard.append((self.clock.now_ms(), i, len(pcm))), "v1")
            async with asyncio.TaskGroup() as tasks:
                jobs = [tasks.create_task(stage.run())]
                jobs += [tasks.create_task(run(one, self.log)) for one in (delivery, stage)]
                await self.clock.drive(tasks.create_task(script(self)))  # type: ignore[arg-type]
                for job in jobs:
                    job.cancel()

        asyncio.run(main())
        return list(self.log.records())

    # ── what happens ──
    async def wait(self, ms: float) -> None:
        await self.clock.sleep(ms)

    def answer(
        self,
        number: int = 1,
        *,
        lane: str | None = ASKER,
        protected: bool = False,
        lang: str = "de",
        more: str = "",
    ) -> None:
        """An approved answer of two sentences to a question asked aloud (lane) or typed (None)."""
        question = Question(
            id=f"q{number}", text="was kostet die?", lang="de", intent="question.price",
            attributes=("price",), products=("lamp",), market="DE",
        )  # fmt: skip
        asker = Asker(message_seq=self.asks, viewer="v1", lang=lang, market="DE", lane=lane)
        text = f"{FIRST} {SECOND} {more}".strip()
        draft = Draft(
            action="answer", reason="fact", lang=lang, text=text, claims=(Claim(FIRST, ("E1",)),),
            citations=(Citation(id="E1", kind="market_fact", document="kb.toml", quote="41.5", valid=True),),
            protected=protected,
        )  # fmt: skip
        self.log.append(ev.QuestionAsked(question=question, asker=asker))
        self.log.append(ev.EvidenceFound(question_id=question.id, items=(PRICE,)))
        self.log.append(
            ev.DecisionMade(reply_id=f"r{number}", question_id=question.id, draft=draft, askers=(asker,))
        )
        self.log.append(ev.ReplyApproved(reply_id=f"r{number}", text=text))

    def onset(self, lane: str) -> None:
        role = lane.split(":")[0]
        self.log.append(
            ev.UtteranceOnset(lane=lane, viewer=lane.split(":")[1], role=role, sound_ms=self.clock.now_ms())  # type: ignore[arg-type]
        )

    def strong(self, lane: str) -> None:
        self.log.append(ev.UtteranceConfirmed(lane=lane, sound_ms=self.clock.now_ms(), strong=True))

    def ended(self, lane: str, *, dropped: bool = False) -> None:
        now = self.clock.now_ms()
        self.log.append(
            ev.UtteranceEnded(lane=lane, utterance_id="u", start_ms=now, end_ms=now, dropped=dropped)
        )

    def words(self, lane: str, meaning: str, text: str = "x") -> None:
        now = self.clock.now_ms()
        self.log.append(
            ev.TranscriptFinal(
                lane=lane, viewer="v", utterance_id="u", text=text, lang="de", lang_confidence=1.0,
                start_ms=now, end_ms=now, meaning=meaning,  # type: ignore[arg-type]
            )
        )  # fmt: skip


def kinds(records: list[ev.Record]) -> list[str]:
    return [r.kind for r in records if r.kind.startswith("speech.") or r.kind == "reply.posted"]


def only(records: list[ev.Record], shape: type[ev.Event]) -> ev.Record:
    (found,) = [r for r in records if isinstance(r.event, shape)]
    return found


def posted(records: list[ev.Record]) -> list[str]:
    return [r.event.text for r in records if isinstance(r.event, ev.ReplyPosted)]
