"""pipecat-ai with scripted ears, brain and voice, in its own environment.

Its voice detector (Silero), Smart Turn and interruption are its own, at its defaults but for a trial's
options.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator
from importlib.metadata import version
from typing import Any

from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    OutputAudioRawFrame,
    StartFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
)  # fmt: skip
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)  # fmt: skip
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.llm_service import LLMService
from pipecat.services.settings import LLMSettings, STTSettings, TTSSettings
from pipecat.services.stt_service import SegmentedSTTService, STTService
from pipecat.services.tts_service import TTSService
from pipecat.transports.base_input import BaseInputTransport
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import TransportParams
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner

from bench.peers import wire
from bench.peers.microphone import (
    ANSWER,
    FRAME_BYTES,
    LONG_SPEECH,
    RATE,
    Microphone,
    Sounding,
    read_sound,
    spoken,
    tone,
)  # fmt: skip

OPTIONS = ("start_secs", "stop_secs", "by_voice")
CHUNK = 10 * FRAME_BYTES


class Ear(BaseInputTransport):
    """The microphone as its input."""

    def __init__(self, params: TransportParams, microphone: Microphone, tasks: asyncio.TaskGroup) -> None:
        super().__init__(params)
        self._microphone, self._tasks = microphone, tasks
        self.ready = asyncio.Event()
        self.listening: asyncio.Task[None] | None = None

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)
        self.listening = self._tasks.create_task(self._listen())
        self.ready.set()

    async def _listen(self) -> None:
        async for data in self._microphone.frames():
            await self.push_audio_frame(InputAudioRawFrame(audio=data, sample_rate=RATE, num_channels=1))


class Mouth(BaseOutputTransport):
    """Plays in real time into a record, as a sound card takes its frames."""

    def __init__(self, params: TransportParams, sounding: Sounding) -> None:
        super().__init__(params)
        self._sounding = sounding
        self._due = 0.0

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        loop = asyncio.get_running_loop()
        seconds = len(frame.audio) / 2 / frame.sample_rate
        start = max(self._due, loop.time())
        self._due = start + seconds
        if any(frame.audio):
            self._sounding.add(start, self._due)
        await asyncio.sleep(self._due - loop.time())
        return True


class Recogniser(STTService):
    """The words of each stretch when the script says."""

    def __init__(self, trial: wire.Trial) -> None:
        super().__init__(
            sample_rate=RATE, ttfs_p99_latency=trial.stt_ms / 1000,
            settings=STTSettings(model=None, language=None),
        )  # fmt: skip

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        yield None

    async def say(self, trial: wire.Trial, microphone: Microphone) -> None:
        async for words, final in spoken(trial, microphone):
            if final:
                frame: Frame = TranscriptionFrame(words, "caller", "", finalized=True)
            else:
                frame = InterimTranscriptionFrame(words, "caller", "")
            await self.push_frame(frame)


class Whisper(SegmentedSTTService):
    """The real model; the framework cuts its stretches."""

    def __init__(self, trial: wire.Trial) -> None:
        super().__init__(
            sample_rate=RATE, ttfs_p99_latency=2.0, settings=STTSettings(model=None, language=None)
        )
        self._trial = trial

    @property
    def wants_wav_segments(self) -> bool:
        return False

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        from bench.peers.real import read

        text = await asyncio.to_thread(read, self._trial.whisper, audio, RATE, self._trial.lang)
        if text:
            yield TranscriptionFrame(text, "caller", "", finalized=True)


class Brain(LLMService):
    """One answer, after a while."""

    def __init__(self, cost_ms: int) -> None:
        nothing: dict[str, Any] = dict.fromkeys((
            "system_instruction", "temperature", "max_tokens", "top_p", "top_k", "frequency_penalty",
            "presence_penalty", "seed", "user_turn_completion_config",
        ))  # fmt: skip
        super().__init__(
            settings=LLMSettings(
                model="scripted", filter_incomplete_user_turns=False, use_provider_thinking_default=False,
                **nothing,
            )
        )  # fmt: skip
        self._cost_ms = cost_ms

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        await self.push_frame(LLMFullResponseStartFrame())
        await asyncio.sleep(self._cost_ms / 1000)
        await self._push_llm_text(ANSWER)
        await self.push_frame(LLMFullResponseEndFrame())


class Voice(TTSService):
    """A hum, after a while; or espeak."""

    def __init__(self, trial: wire.Trial) -> None:
        super().__init__(
            push_start_frame=True, push_stop_frames=True, sample_rate=RATE,
            settings=TTSSettings(model=None, voice=None, language=None),
        )  # fmt: skip
        self._trial = trial

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        if self._trial.whisper:
            from bench.peers.real import espeak

            sound = await asyncio.to_thread(espeak, text)
        else:
            await asyncio.sleep(self._trial.tts_ms / 1000)
            sound = tone(text)
        for at in range(0, len(sound), CHUNK):
            yield TTSAudioRawFrame(sound[at : at + CHUNK], RATE, 1, context_id=context_id)


class Session:
    """One trial."""

    def __init__(self, trial: wire.Trial, tasks: asyncio.TaskGroup) -> None:
        chosen = wire.options(trial, *OPTIONS)
        by_voice = chosen.pop("by_voice", None)
        strategies = None
        if by_voice is not None:
            strategies = UserTurnStrategies(
                stop=[SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=by_voice)]
            )
        detector = SileroVADAnalyzer(params=VADParams(**chosen))
        self.trial, self.tasks = trial, tasks
        self.microphone = Microphone(read_sound(trial.sound))
        self.sounding = Sounding()
        params = TransportParams(
            audio_in_enabled=True, audio_out_enabled=True, audio_in_sample_rate=RATE,
            audio_out_sample_rate=RATE, audio_out_auto_silence=False,
        )  # fmt: skip
        self.ear = Ear(params, self.microphone, tasks)
        self.recogniser: Any = Whisper(trial) if trial.whisper else Recogniser(trial)
        pair = LLMContextAggregatorPair(
            LLMContext(),
            user_params=LLMUserAggregatorParams(vad_analyzer=detector, user_turn_strategies=strategies),
        )
        pipeline = Pipeline([
            self.ear, self.recogniser, pair.user(), Brain(trial.llm_ms), Voice(trial),
            Mouth(params, self.sounding), pair.assistant(),
        ])  # fmt: skip
        self.worker = PipelineWorker(
            pipeline, enable_rtvi=False, cancel_on_idle_timeout=False,
            params=PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE),
        )  # fmt: skip
        self.runner = WorkerRunner(handle_sigint=False)
        self.saying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.runner.add_workers(self.worker)
        self.running = self.tasks.create_task(self.runner.run())
        await asyncio.wait_for(self.ear.ready.wait(), 20)
        if not self.trial.whisper:
            self.saying = self.tasks.create_task(self.recogniser.say(self.trial, self.microphone))

    async def run(self) -> wire.Heard:
        if self.trial.kind == "over":
            await self.worker.queue_frame(TTSSpeakFrame(LONG_SPEECH))
            await self.sounding.speaking()
        else:
            await asyncio.sleep(0.4)
        self.microphone.begin()
        await self.microphone.until(self.microphone.sound_ms + self.trial.after_ms)
        return wire.Heard(self.trial.id, self.sounding.spoke(self.microphone))

    async def close(self) -> None:
        for task in (self.saying, self.ear.listening):
            if task is not None:
                task.cancel()
        await self.runner.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.running, 10)


async def batch(trials: list[wire.Trial]) -> list[wire.Heard]:
    """All at once, each in a pipeline of its own; none hears before all are set up."""
    for trial in trials:
        if trial.whisper:
            from bench.peers.real import warm

            await asyncio.to_thread(warm, trial.whisper)
    async with asyncio.TaskGroup() as tasks:
        sessions = [Session(t, tasks) for t in trials]
        for session in sessions:
            await session.start()
        await asyncio.sleep(0.3)
        found = await asyncio.gather(*(s.run() for s in sessions), return_exceptions=True)
        await asyncio.gather(*(s.close() for s in sessions), return_exceptions=True)
    return [wire.told(t, f) for t, f in zip(trials, found, strict=True)]


if __name__ == "__main__":
    logger.remove()
    logger.add(sys.stderr, level="WARNING")
    asyncio.run(wire.serve(f"pipecat-ai {version('pipecat-ai')}", batch))
