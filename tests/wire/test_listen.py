"""Sound files as callers, through a whole room with real models: what is told of them, whatever they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from cohost import settings as settings_
from cohost import talking
from cohost.app import Room, make_room, open_knowledge, warm
from cohost.clock import SkippingClock
from cohost.commands.listen import over_from
from cohost.ears.audio import Pcm, read_file
from cohost.errors import UsageError
from cohost.listening import Caller, Listening, Over
from cohost.log import MemoryLog
from tests.wire.microphone import SPEECH

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]

QUICK = settings_.replace(
    settings_.Settings(), chat__posts_per_second=100.0, chat__posts_burst=1000, voice__chat=False
)


class Studio:
    """The probe brand's knowledge and the models, once; a fresh room for each play."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.models = talking.load(QUICK)
        self.sound = bytearray()

    def play(self, *sounds: Pcm, over: Over | None = None, market: str = "US") -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        self.sound.clear()

        async def main() -> None:
            clock = SkippingClock()
            knowledge = await open_knowledge(self.folder, clock, store=False)
            room: Room = make_room(QUICK, knowledge, clock, MemoryLog(clock), models=self.models)
            await asyncio.gather(warm(knowledge, clock), self.models.warm())
            room.start()
            listening = Listening(room, told.append, sound=lambda speech_id, pcm: self.sound.extend(pcm))

            async def all_of_them() -> None:
                for number, samples in enumerate(sounds):
                    await listening.play(f"file-{number}", samples, Caller(market=market), over=over)

            async with room.running(live=False) as tasks:
                await clock.drive(tasks.create_task(all_of_them()))
            if self.models.voices is not None:
                await self.models.voices.close()  # its worker belongs to this loop

        asyncio.run(main())
        return told


@pytest.fixture(scope="module")
def studio(probe_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        opened = Studio(probe_folder)
        yield opened
        asyncio.run(opened.models.close())


def clip(name: str) -> Pcm:
    return read_file(SPEECH / name)


def of(told: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [line for line in told if line["type"] == kind]


def test_a_spoken_question_is_told_from_its_words_to_the_last_sample(studio: Studio) -> None:
    told = studio.play(clip("en-weight.ogg"))
    kinds = [line["type"] for line in told]
    order = ["transcript.final", "reply", "speech.first_audio", "speech.played", "reply.posted"]
    assert [k for k in kinds if k in order] == order
    (final,), (reply,), (first,) = (of(told, k) for k in order[:3])
    assert final["lang"] == "en"
    assert "heavy" in final["text"]
    assert abs(final["end_ms"] - 1670) < 150
    assert (reply["action"], reply["market"], reply["citations"][0]["document"]) == (
        "answer",
        "US",
        "spec.md",
    )
    assert first["since_end_of_speech_ms"] > 0
    assert of(told, "speech.played")[0]["duration_ms"] == pytest.approx(len(studio.sound) / 32, abs=120)
    assert all(line["file"] == "file-0" and line["at_ms"] >= 0 for line in told)
    assert [line["at_ms"] for line in told] == sorted(line["at_ms"] for line in told)


def test_a_voice_over_it_ducks_holds_and_cuts_it_and_the_words_that_were_heard_are_told(
    studio: Studio,
) -> None:
    told = studio.play(clip("en-weight.ogg"), over=Over(clip("host-stop.ogg"), 700, "host"))
    assert of(told, "speech.ducked")
    assert of(told, "speech.held")
    (cut,) = of(told, "speech.cut")
    (reply,), (posted,) = of(told, "reply"), of(told, "reply.posted")
    assert reply["text"].startswith(cut["heard"])
    assert cut["heard"]
    assert cut["timing"] == "exact"
    assert 0 < cut["heard_ms"] < 4_000
    assert "412" in posted["text"]


def test_a_cough_and_a_murmur_cut_nothing(studio: Studio) -> None:
    for sound in ("noise-cough.ogg", "host-yeah.ogg"):
        told = studio.play(clip("en-weight.ogg"), over=Over(clip(sound), 700))
        assert not of(told, "speech.cut"), sound
        assert of(told, "speech.played"), sound


def test_files_in_turn_are_callers_in_turn_on_timelines_of_their_own(studio: Studio) -> None:
    told = studio.play(clip("en-weight.ogg"), clip("en-weight.ogg"))
    finals = of(told, "transcript.final")
    assert [f["file"] for f in finals] == ["file-0", "file-1"]
    assert abs(finals[0]["end_ms"] - finals[1]["end_ms"]) < 100
    assert len(of(told, "speech.played")) == 2, "who asks aloud again is answered aloud again"


@pytest.mark.parametrize("how", ["8 kHz", "48 kHz stereo", "clipped", "quiet", "off centre"])
def test_sound_of_any_make_is_understood(studio: Studio, how: str, tmp_path: Path) -> None:
    samples = clip("en-weight.ogg")
    rate = 16_000
    if how == "8 kHz":
        samples, rate = soxr.resample(samples, 16_000, 8_000), 8_000
    elif how == "48 kHz stereo":
        wide = soxr.resample(samples, 16_000, 48_000)
        samples, rate = np.stack([wide, wide * 0.5], axis=1), 48_000
    elif how == "clipped":
        samples = np.clip(samples * 8, -1, 1)
    elif how == "quiet":
        samples = samples * 0.03
    else:
        samples = np.clip(samples * 0.7 + 0.2, -1, 1)
    path = tmp_path / "question.wav"
    soundfile.write(path, samples, rate)
    (reply,) = of(studio.play(read_file(path)), "reply")
    assert reply["action"] == "answer"
    assert "412" in reply["text"]


def test_silence_and_noise_ask_nothing(studio: Studio) -> None:
    noise = (np.random.default_rng(1).normal(0, 0.05, 48_000)).astype(np.float32)
    told = studio.play(np.zeros(32_000, np.float32), noise)
    assert not of(told, "reply")
    assert not of(told, "speech.first_audio")


def test_over_names_a_file_and_a_time() -> None:
    assert over_from(f"{SPEECH / 'host-stop.ogg'}@250").after_ms == 250
    assert over_from(str(SPEECH / "host-stop.ogg"), "host").role == "host"


def test_a_room_without_ears_says_what_to_do() -> None:
    class Deaf:
        microphones = None

    with pytest.raises(UsageError, match="cohost doctor"):
        Listening(Deaf(), print)  # type: ignore[arg-type]
