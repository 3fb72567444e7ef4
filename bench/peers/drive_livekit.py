"""livekit-agents with scripted ears, brain and voice, in its own environment.

Its voice detector, turn detector, endpointing and interruption are its own, at its defaults but for a trial's
options; its echo warm-up is off (for three seconds it would not be interrupted at all)."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from importlib.metadata import version
from typing import Any

from livekit import rtc
from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, Agent, AgentSession, llm, stt, tts
from livekit.agents.voice import io

from bench.peers import wire
from bench.peers.microphone import (
    ANSWER,
    FRAME_BYTES,
    FRAME_MS,
    LONG_SPEECH,
    RATE,
    Microphone,
    Sounding,
    read_sound,
    spoken,
    tone,
)  # fmt: skip

OPTIONS = ("min_duration", "min_delay", "max_delay", "by_voice")


class Ear(io.AudioInput):
    """The microphone as its audio input."""

    def __init__(self, microphone: Microphone) -> None:
        super().__init__(label="microphone")
        self._frames = microphone.frames()

    async def __anext__(self) -> rtc.AudioFrame:
        data = await self._frames.__anext__()
        return rtc.AudioFrame(data, RATE, 1, len(data) // 2)


class Mouth(io.AudioOutput):
    """Plays in real time into a record; what is cleared never sounds."""

    def __init__(self, sounding: Sounding) -> None:
        super().__init__(label="mouth", capabilities=io.AudioOutputCapabilities(pause=True), sample_rate=RATE)
        self._sounding = sounding
        self._waiting: deque[bytes] = deque()
        self._rest = b""
        self._played = 0.0
        self._open = self._flushed = self._started = self._paused = False

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += FRAME_MS / 1000
            await asyncio.sleep(due - loop.time())
            if self._paused or not self._open:
                continue
            if self._waiting:
                self._waiting.popleft()
                if not self._started:
                    self._started = True
                    self.on_playback_started(created_at=time.time())
                self._sounding.add(due, due + FRAME_MS / 1000)
                self._played += FRAME_MS / 1000
            elif self._flushed:
                self._finish(interrupted=False)

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        self._open, self._flushed = True, False
        self._rest += bytes(frame.data)
        while len(self._rest) >= FRAME_BYTES:
            self._waiting.append(self._rest[:FRAME_BYTES])
            self._rest = self._rest[FRAME_BYTES:]

    def flush(self) -> None:
        super().flush()
        self._flushed = True

    def clear_buffer(self) -> None:
        if self._open:
            self._finish(interrupted=True)

    def pause(self) -> None:
        super().pause()
        self._paused = True

    def resume(self) -> None:
        super().resume()
        self._paused = False

    def _finish(self, *, interrupted: bool) -> None:
        played, self._played, self._rest = self._played, 0.0, b""
        self._waiting.clear()
        self._open = self._flushed = self._started = False
        self.on_playback_finished(playback_position=played, interrupted=interrupted)


class Recogniser(stt.STT):
    """The words of each stretch when the script says."""

    def __init__(self, trial: wire.Trial, microphone: Microphone) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=True, interim_results=True))
        self.trial, self.microphone = trial, microphone

    async def _recognize_impl(self, buffer: Any, *, language: Any, conn_options: Any) -> stt.SpeechEvent:
        raise NotImplementedError("it is asked as a stream")

    def stream(self, *, language: Any = None, conn_options: Any = DEFAULT_API_CONNECT_OPTIONS) -> Any:
        return Reading(self, conn_options)


class Reading(stt.RecognizeStream):
    def __init__(self, recogniser: Recogniser, conn_options: Any) -> None:
        super().__init__(stt=recogniser, conn_options=conn_options, sample_rate=RATE)
        self._recogniser = recogniser

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._drain())
            async for words, final in spoken(self._recogniser.trial, self._recogniser.microphone):
                kinds = stt.SpeechEventType
                self._say(kinds.FINAL_TRANSCRIPT if final else kinds.INTERIM_TRANSCRIPT, words)

    async def _drain(self) -> None:
        async for _ in self._input_ch:
            pass

    def _say(self, kind: stt.SpeechEventType, text: str) -> None:
        data = stt.SpeechData(language=self._recogniser.trial.lang, text=text, confidence=0.9)
        self._event_ch.send_nowait(stt.SpeechEvent(type=kind, alternatives=[data]))


class Brain(llm.LLM):
    """One answer, after a while."""

    def __init__(self, cost_ms: int) -> None:
        super().__init__()
        self.cost_ms = cost_ms

    def chat(self, *, chat_ctx: Any, tools: Any = None, conn_options: Any = None, **_: Any) -> Any:
        return Thought(
            self, chat_ctx=chat_ctx, tools=tools or [],
            conn_options=conn_options or DEFAULT_API_CONNECT_OPTIONS,
        )  # fmt: skip


class Thought(llm.LLMStream):
    async def _run(self) -> None:
        await asyncio.sleep(self._llm.cost_ms / 1000)
        delta = llm.ChoiceDelta(role="assistant", content=ANSWER)
        self._event_ch.send_nowait(llm.ChatChunk(id="answer", delta=delta))


class Voice(tts.TTS):
    """A hum, after a while; or espeak."""

    def __init__(self, trial: wire.Trial) -> None:
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=RATE, num_channels=1)
        self.trial = trial

    def synthesize(self, text: str, *, conn_options: Any = DEFAULT_API_CONNECT_OPTIONS) -> Any:
        return Humming(tts=self, input_text=text, conn_options=conn_options)


class Humming(tts.ChunkedStream):
    async def _run(self, output_emitter: Any) -> None:
        trial = self._tts.trial
        if trial.whisper:
            from bench.peers.real import espeak

            sound = await asyncio.to_thread(espeak, self._input_text)
        else:
            await asyncio.sleep(trial.tts_ms / 1000)
            sound = tone(self._input_text)
        output_emitter.initialize(
            request_id="hum", sample_rate=RATE, num_channels=1, mime_type="audio/pcm", frame_size_ms=20
        )
        output_emitter.push(sound)
        output_emitter.flush()


class Whisper(stt.STT):
    """The real model; the framework cuts its stretches."""

    def __init__(self, trial: wire.Trial) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=False, interim_results=False))
        self.trial = trial

    async def _recognize_impl(self, buffer: Any, *, language: Any, conn_options: Any) -> stt.SpeechEvent:
        from bench.peers.real import read

        frame = rtc.combine_audio_frames(buffer)
        sound = bytes(frame.data)
        text = await asyncio.to_thread(read, self.trial.whisper, sound, frame.sample_rate, self.trial.lang)
        data = stt.SpeechData(language=self.trial.lang, text=text, confidence=0.9)
        return stt.SpeechEvent(type=stt.SpeechEventType.FINAL_TRANSCRIPT, alternatives=[data])


class Session:
    """One trial."""

    def __init__(self, trial: wire.Trial) -> None:
        chosen = wire.options(trial, *OPTIONS)
        by_voice = chosen.pop("by_voice", None)
        if by_voice is not None:
            chosen["min_delay"] = by_voice
        endpointing = {k: v for k, v in chosen.items() if k != "min_duration"}
        interruption = {k: v for k, v in chosen.items() if k == "min_duration"}
        self.trial = trial
        self.microphone = Microphone(read_sound(trial.sound))
        self.sounding = Sounding()
        self.mouth = Mouth(self.sounding)
        handling: Any = {"endpointing": endpointing, "interruption": interruption}
        if by_voice is not None:
            handling["turn_detection"] = "vad"
        self.session: Any = AgentSession(
            stt=Whisper(trial) if trial.whisper else Recogniser(trial, self.microphone),
            llm=Brain(trial.llm_ms), tts=Voice(trial),
            turn_handling=handling, aec_warmup_duration=None, user_away_timeout=None,
        )  # fmt: skip

    async def start(self) -> None:
        self.session.input.audio = Ear(self.microphone)
        self.session.output.audio = self.mouth
        await self.session.start(Agent(instructions="Answer."), record=False)

    async def run(self) -> wire.Heard:
        if self.trial.kind == "over":
            self.session.say(LONG_SPEECH, allow_interruptions=True)
            await self.sounding.speaking()
        else:
            await asyncio.sleep(0.4)
        self.microphone.begin()
        await self.microphone.until(self.microphone.sound_ms + self.trial.after_ms)
        return wire.Heard(self.trial.id, self.sounding.spoke(self.microphone))

    async def close(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.session.aclose(), 5)


async def batch(trials: list[wire.Trial]) -> list[wire.Heard]:
    """All at once, each in a session of its own; none hears before all are set up."""
    for trial in trials:
        if trial.whisper:
            from bench.peers.real import warm

            await asyncio.to_thread(warm, trial.whisper)
    sessions = [Session(t) for t in trials]
    async with asyncio.TaskGroup() as tasks:
        playing = [tasks.create_task(s.mouth.run()) for s in sessions]
        for session in sessions:
            await session.start()
        await asyncio.sleep(0.3)
        found = await asyncio.gather(*(s.run() for s in sessions), return_exceptions=True)
        await asyncio.gather(*(s.close() for s in sessions), return_exceptions=True)
        for task in playing:
            task.cancel()
    return [wire.told(t, f) for t, f in zip(trials, found, strict=True)]


if __name__ == "__main__":
    asyncio.run(wire.serve(f"livekit-agents {version('livekit-agents')}", batch))
