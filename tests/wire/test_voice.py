"""pyttsx3 over espeak-ng in its worker: the real engine, what it is given, and what kills it."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
import pytest

from cohost.errors import ProviderError, ProviderTimeout
from cohost.languages import LANGUAGES
from cohost.mouth.pipe import Pipe
from cohost.mouth.speech import PyttsxVoice
from cohost.mouth.trim import FRAME, HEARD_DB

pytestmark = pytest.mark.wire

SENTENCE = "Battery life: 22.4 hours (at 50 % volume) — measured."


def speaking(talk: Callable[[PyttsxVoice], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        voice = PyttsxVoice()
        try:
            await talk(voice)
        finally:
            await voice.close()

    asyncio.run(run())


def test_every_language_of_cohost_is_spoken_and_no_other():
    async def talk(voice: PyttsxVoice) -> None:
        assert voice.languages() == set(LANGUAGES)
        for lang in LANGUAGES:
            assert (await voice.speak("IPX7 22 cm", lang)).duration_ms > 300, lang
        with pytest.raises(ProviderError, match="got fi, expected ar, de"):
            await voice.speak("hei", "fi")

    speaking(talk)


def test_sound_begins_and_ends_at_once_and_is_as_loud_in_every_language():
    async def talk(voice: PyttsxVoice) -> None:
        for lang in LANGUAGES:
            said = await voice.speak("22.4 h, IPX7, 620 g", lang)
            samples = np.frombuffer(said.pcm, "<i2") / 32768
            frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
            levels = np.sqrt((frames**2).mean(axis=1))
            heard = np.flatnonzero(levels > levels.max() * 10 ** (HEARD_DB / 20))
            assert heard[0] * 5 <= 30, lang
            assert said.duration_ms - (heard[-1] + 1) * 5 <= 80, lang
            assert -23 < 20 * np.log10(np.sqrt((samples**2).mean())) < -18, lang
            assert np.abs(samples).max() < 10 ** (-1 / 20), lang

    speaking(talk)


def test_words_come_with_the_engines_times():
    async def talk(voice: PyttsxVoice) -> None:
        said = await voice.speak(f"  {SENTENCE}", "en-US")
        assert said.exact
        assert [f"  {SENTENCE}"[w.start : w.end] for w in said.words] == SENTENCE.split()
        assert said.words[0].at_ms < 40
        times = [w.at_ms for w in said.words]
        assert times == sorted(times)
        assert times[-1] < said.duration_ms

    speaking(talk)


TEXTS = {
    "Great 😀🎉 battery 👩\u200d👧!": True,
    "😂😂😂": False,
    "…?! — ()": False,
    "See https://shop.example/reef?x=1&y=2 now": True,
    "https://shop.example": False,
    "tabs\tand\x00 bells\x07 and \ud800 halves \ufeff": True,
    "word " * 400: True,
    "x" * 2_000: True,
    "1" * 2_000: True,
    "a" * 50_000: True,
    "12 小时 de batería для колонки वाटरप्रूफ़ مقاوم": True,
    "<b>bold</b> [[sh]] &amp; {x} | $(y)": True,
    "": False,
}
"""Text → whether it makes a sound."""


def test_whatever_the_sentence_holds_there_is_sound_or_silence():
    async def talk(voice: PyttsxVoice) -> None:
        async with asyncio.timeout(60):
            for text, sounds in TEXTS.items():
                said = await voice.speak(text, "en")
                assert (said.duration_ms > 200) == sounds, text[:40]
                assert (await voice.speak("And on.", "en")).duration_ms > 200, text[:40]

    speaking(talk)


def test_a_sentence_has_the_same_sound_whatever_was_said_before():
    """pyttsx3 may cancel a sentence when it finds the engine at work: 3 in 100 were lost."""

    async def talk(voice: PyttsxVoice) -> None:
        lengths = set()
        for _ in range(60):
            await voice.speak("12 battery " * 12, "en")
            lengths.add((await voice.speak("Hello there.", "en")).duration_ms)
        assert max(lengths) - min(lengths) <= 15, lengths

    speaking(talk)


def test_a_worker_killed_between_sentences_is_replaced():
    async def talk(voice: PyttsxVoice) -> None:
        before = await voice.speak(SENTENCE, "en")
        killed = voice.pid
        assert killed
        os.kill(killed, signal.SIGKILL)
        after = await voice.speak(SENTENCE, "en")
        assert abs(after.duration_ms - before.duration_ms) < 30
        assert voice.pid != killed

    speaking(talk)


def test_a_worker_killed_during_a_sentence_is_replaced_and_the_sentence_spoken():
    async def talk(voice: PyttsxVoice) -> None:
        await voice.warm()
        killed = voice.pid
        assert killed
        os.kill(killed, signal.SIGSTOP)  # it will have the order and not answer it
        async with asyncio.TaskGroup() as group:
            task = group.create_task(voice.speak(SENTENCE, "en"))
            await asyncio.sleep(0.2)
            os.kill(killed, signal.SIGKILL)
        assert task.result().duration_ms > 3000
        assert voice.pid != killed

    speaking(talk)


def test_a_cancelled_sentence_never_answers_for_the_next():
    async def talk(voice: PyttsxVoice) -> None:
        short = (await voice.speak("Yes.", "en")).duration_ms
        worker = voice.pid
        for after_s in (0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(after_s):
                    await voice.speak("a very long sentence " * 600, "en")
            assert abs((await voice.speak("Yes.", "en")).duration_ms - short) < 15
        assert voice.pid == worker

    speaking(talk)


def test_a_start_that_was_cancelled_goes_on():
    async def talk(voice: PyttsxVoice) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):  # no process starts as fast as that
                await voice.speak("Yes.", "en")
        worker = voice.pid
        assert (await voice.speak("Yes.", "en")).duration_ms > 100
        assert voice.pid == worker

    speaking(talk)


def test_sentences_asked_for_together_come_each_with_its_own_sound():
    async def talk(voice: PyttsxVoice) -> None:
        texts = ["One.", "This one is a good deal longer than the first."] * 3
        said = await asyncio.gather(*(voice.speak(text, "en") for text in texts))
        assert all(said[n].duration_ms > 2 * said[0].duration_ms for n in (1, 3, 5))

    speaking(talk)


SERVED = """
import os, time
from cohost.mouth.serve_pipe import serve
class Engine:
    def speak(self, order):
        {}
    def stop(self, number): ...
serve(Engine)
"""
WORKERS = {
    "no_library": "from cohost.mouth.serve_pipe import serve\n"
    "def load():\n    raise OSError('libespeak-ng.so.1: cannot open shared object file')\n"
    "raise SystemExit(serve(load))\n",
    "dead": "raise SystemExit(3)\n",
    "mortal": SERVED.format("os._exit(1)"),
    "slow": SERVED.format("time.sleep(60)"),
    "never_ready": "import time\ntime.sleep(60)\n",
}


@pytest.mark.parametrize(
    ("worker", "error", "told"),
    [
        (
            "no_library",
            ProviderError,
            r"^probe: the speech engine did not start \(OSError: libespeak.*\): do this$",
        ),
        ("dead", ProviderError, "^probe: the worker ended at its start: do this$"),
        ("mortal", ProviderError, "^probe: the speech worker died twice at one sentence"),
        ("slow", ProviderTimeout, "^probe: no sound within 1 s$"),
        ("never_ready", ProviderTimeout, "^probe: no worker ready within 2 s$"),
    ],
)
def test_a_worker_that_cannot_work_is_told_in_one_line(tmp_path, monkeypatch, worker, error, told):
    (tmp_path / f"worker_{worker}.py").write_text(WORKERS[worker], encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def run() -> None:
        start_s = 2 if worker == "never_ready" else 20
        pipe = Pipe("probe", f"worker_{worker}", start_s=start_s, remedy="do this")
        for _ in range(2):
            with pytest.raises(error, match=told):
                await pipe.ask({"text": "hello"}, deadline_s=1)
            assert pipe.pid is None
        await pipe.close()

    asyncio.run(run())


def test_the_worker_ends_with_its_parent():
    async def run() -> int:
        voice = PyttsxVoice()
        await voice.speak("Yes.", "en")
        process = voice._pipe._process
        assert process is not None
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(10):
            code = await process.wait()
        await voice.close()
        return code

    assert asyncio.run(run()) == 0
