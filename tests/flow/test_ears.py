"""Hearing on virtual time: lanes to utterances to transcripts, what is bounded, what is never lost."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import numpy as np
import pytest

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.catalogue import Brand, Catalogue, Market, Product
from cohost.ears.audio import Pcm, to_s16
from cohost.ears.lane import FRAME
from cohost.ears.microphones import ELSEWHERE, Lanes
from cohost.ears.recognition import Recognition
from cohost.ears.recognizer import Transcript
from cohost.ears.stage import EarsStage, hotwords
from cohost.log import MemoryLog
from cohost.ports import Mic, Speaker
from cohost.scripted import ScriptedRecognizer
from cohost.stage import run

CATALOGUE = Catalogue(
    brand=Brand(name="Probe", host_lang="en"),
    products=(Product(id="lamp", name="Probe lamp", models=("PL-7",)),),
    markets=(Market(code="DE", lang="de"), Market(code="ES", lang="es")),
)
ANNA, BEN = Speaker("anna", name="Anna", lang="es", market="ES"), Speaker("ben", lang="de", market="DE")
HOST = Speaker("h", role="host")


def said(text: str, lang: str = "en", logprob: float = -0.2) -> Transcript:
    return Transcript(text, lang, 0.97, logprob, 1.0, 1000)


def loudness(samples: Pcm) -> list[float]:
    return [float(np.abs(samples[i : i + FRAME]).max() > 0.1) for i in range(0, len(samples), FRAME)]


class Hall:
    """Ears with lanes on a log; `mics` keeps what each speaker was told."""

    def __init__(self, *lines: Transcript, most: int = 8, callers: str = "open") -> None:
        self.clock = VirtualClock(on=dt.date(2026, 11, 20))
        self.log = MemoryLog(self.clock)
        self.recognizer = ScriptedRecognizer(*(lines or (said("how long does the battery last?"),)))
        self.recognition = Recognition(lambda: self.recognizer)
        self.ears = EarsStage(self.log, self.clock, CATALOGUE, self.recognition)
        self.lanes = Lanes(
            self.log, self.clock, self.ears, lambda: loudness, most=most, callers=callers  # type: ignore[arg-type]
        )  # fmt: skip
        self.mics: list[tuple[str, Mic]] = []

    def open(self, speaker: Speaker) -> Mic:
        return self.lanes.open(speaker, lambda mic: self.mics.append((speaker.viewer, mic)))

    async def speak(self, lane: str, voice_ms: int, silence_ms: int = 1500) -> None:
        """A voice, then silence, like a microphone: 32 ms at a time."""
        for level, length in ((0.5, voice_ms), (0.0, silence_ms)):
            for _ in range(length // 32):
                await self.clock.sleep(32)
                self.lanes.feed(lane, to_s16(np.full(FRAME, level, np.float32)))

    def play(self, script: Callable[[Hall], Awaitable[None]]) -> list[ev.Record]:
        async def main() -> None:
            async with asyncio.TaskGroup() as tasks:
                jobs = [tasks.create_task(self.ears.run()), tasks.create_task(run(self.ears, self.log))]
                await self.clock.drive(tasks.create_task(script(self)))  # type: ignore[arg-type]
                for job in jobs:
                    job.cancel()
            self.recognition.close()

        asyncio.run(main())
        return list(self.log.records())


def finals(records: list[ev.Record]) -> list[ev.TranscriptFinal]:
    return [r.event for r in records if isinstance(r.event, ev.TranscriptFinal)]


def test_what_a_caller_says_becomes_a_transcript_with_its_times_and_its_speaker() -> None:
    async def script(hall: Hall) -> None:
        await hall.speak(hall.open(ANNA).lane, 960)

    records = Hall().play(script)
    kinds = [r.kind for r in records]
    assert kinds[:4] == ["mic.opened", "utterance.onset", "utterance.confirmed", "utterance.confirmed"]
    (final,) = finals(records)
    assert (final.viewer, final.name, final.market, final.meaning) == ("anna", "Anna", "ES", "speech")
    assert final.end_ms - final.start_ms == 960
    assert final.text == "how long does the battery last?"
    ended = next(r for r in records if isinstance(r.event, ev.UtteranceEnded))
    assert next(r for r in records if r.event is final).cause_seq == ended.seq


def test_the_words_are_read_at_the_first_pause_so_that_the_end_waits_for_nothing() -> None:
    async def script(hall: Hall) -> None:
        await hall.speak(hall.open(ANNA).lane, 960)

    hall = Hall()
    records = hall.play(script)
    assert len(hall.recognizer.heard) == 1
    ended = next(r for r in records if isinstance(r.event, ev.UtteranceEnded))
    final = next(r for r in records if isinstance(r.event, ev.TranscriptFinal))
    assert final.at_ms - ended.at_ms <= 32


def ends_after(line: Transcript) -> int:
    """Milliseconds of silence behind a voice of 700 ms until its utterance ends."""

    async def script(hall: Hall) -> None:
        lane = hall.open(HOST).lane
        await hall.speak(lane, 700)

    records = Hall(line).play(script)
    ended = next(r for r in records if isinstance(r.event, ev.UtteranceEnded))
    assert isinstance(ended.event, ev.UtteranceEnded)
    return ended.at_ms - ended.event.end_ms


def test_a_nod_ends_sooner_than_a_sentence_that_hangs() -> None:
    assert ends_after(said("mm-hm")) < ends_after(said("and how long does the"))
    assert ends_after(said("you know")) <= ends_after(said("how long does the battery last?"))


def test_a_pause_in_the_middle_shows_what_was_understood_and_the_whole_is_read_again() -> None:
    async def script(hall: Hall) -> None:
        lane = hall.open(ANNA).lane
        await hall.speak(lane, 640, 400)
        await hall.speak(lane, 640)

    hall = Hall(said("how long"), said("how long does it last"))
    records = hall.play(script)
    partials = [r.event.text for r in records if isinstance(r.event, ev.TranscriptPartial)]
    assert partials[0] == "how long"
    (final,) = finals(records)
    assert final.text == "how long does it last"
    assert final.end_ms - final.start_ms == pytest.approx(640 + 400 + 640, abs=40)


def test_personal_data_never_reaches_the_log() -> None:
    async def script(hall: Hall) -> None:
        await hall.speak(hall.open(ANNA).lane, 960)

    records = Hall(said("call me at +49 151 23456789 please")).play(script)
    (final,) = finals(records)
    assert "23456789" not in final.text
    assert final.masked == ("phone",)


def test_the_question_behind_a_word_that_stops_is_asked() -> None:
    async def script(hall: Hall) -> None:
        await hall.speak(hall.open(ANNA).lane, 960)

    hall = Hall(said("Wait, does it work in Japan?"))
    (final,) = finals(hall.play(script))
    line = ev.line_of(final)
    assert final.meaning == "stop"
    assert line is not None
    assert line.text == "does it work in Japan?"
    assert ev.line_of(finals(Hall(said("Okay, wait.")).play(script))[0]) is None


def test_a_click_asks_nothing_and_reads_nothing() -> None:
    async def script(hall: Hall) -> None:
        await hall.speak(hall.open(ANNA).lane, 32)

    hall = Hall()
    records = hall.play(script)
    assert not finals(records)
    assert not hall.recognizer.heard
    assert next(r.event for r in records if isinstance(r.event, ev.UtteranceEnded)).dropped


def test_a_speaker_who_leaves_in_the_middle_of_a_word_is_still_understood() -> None:
    async def script(hall: Hall) -> None:
        lane = hall.open(ANNA).lane
        await hall.speak(lane, 960, 0)
        hall.lanes.close(ANNA, "left")
        hall.lanes.feed(lane, bytes(1024))
        await hall.clock.sleep(1000)

    records = Hall().play(script)
    assert len(finals(records)) == 1
    assert [r.kind for r in records].count("mic.closed") == 1


def test_a_line_that_goes_dead_ends_the_utterance() -> None:
    async def script(hall: Hall) -> None:
        await hall.speak(hall.open(ANNA).lane, 960, 0)
        await hall.clock.sleep(3000)

    assert len(finals(Hall().play(script))) == 1


def test_two_people_at_once_are_two_lanes() -> None:
    async def script(hall: Hall) -> None:
        a, b = hall.open(ANNA).lane, hall.open(BEN).lane
        async with asyncio.TaskGroup() as both:
            both.create_task(hall.speak(a, 960))
            both.create_task(hall.speak(b, 640))

    records = Hall(said("one"), said("two")).play(script)
    assert {f.viewer for f in finals(records)} == {"anna", "ben"}
    assert {f.end_ms - f.start_ms for f in finals(records)} == {960, 640}


def test_a_microphone_that_never_stops_is_cut_into_utterances() -> None:
    async def script(hall: Hall) -> None:
        await hall.speak(hall.open(ANNA).lane, 60_000)

    hall = Hall()
    assert len(finals(hall.play(script))) == 3
    assert max(hall.recognizer.heard) < 30_000


def test_an_utterance_whose_sound_died_with_the_process_is_a_fault_and_closes() -> None:
    async def script(hall: Hall) -> None:
        await hall.clock.sleep(100)

    hall = Hall()
    hall.log.append(ev.UtteranceEnded(lane="viewer:anna:1", utterance_id="u9", start_ms=0, end_ms=900))
    records = hall.play(script)
    fault = next(r for r in records if isinstance(r.event, ev.FaultRaised))
    assert fault.cause_seq == 1
    assert "said again" in fault.event.message  # type: ignore[union-attr]


# ── who is heard ──
def test_more_speakers_than_lanes_wait_and_come_in_order() -> None:
    async def script(hall: Hall) -> None:
        assert hall.open(ANNA).state == "open"
        assert hall.open(BEN) == Mic("queued", position=1)
        assert hall.open(HOST).state == "open"
        carl = Speaker("carl")
        assert hall.open(carl).position == 2
        hall.lanes.close(ANNA)
        assert [(who, mic.state, mic.position) for who, mic in hall.mics] == [
            ("ben", "open", None), ("carl", "queued", 1),
        ]  # fmt: skip

    Hall(most=1).play(script)


def test_of_a_viewers_pages_the_newest_that_speaks_is_heard() -> None:
    async def script(hall: Hall) -> None:
        first, second = Speaker("anna", page="1"), Speaker("anna", page="2")
        one = hall.open(first)
        two = hall.open(second)
        assert two.state == "open"
        assert two.lane != one.lane
        assert hall.mics == [("anna", Mic("denied", message=ELSEWHERE))]
        hall.lanes.close(first)  # the old page goes away later
        assert hall.open(second) == two

    Hall().play(script)


def test_where_callers_are_taken_nobody_is_heard_before_and_the_taken_one_is_on_the_air() -> None:
    async def script(hall: Hall) -> None:
        assert hall.open(ANNA) == Mic("queued", position=1)
        assert not hall.lanes.give("nobody", "host")
        air: list[bytes] = []
        leave = hall.lanes.on_air(air.append)
        assert hall.lanes.give("anna", "host")
        ((_, mic),) = hall.mics
        hall.lanes.feed(mic.lane, b"\1\0" * 512)
        leave()
        hall.lanes.feed(mic.lane, b"\1\0" * 512)
        assert air == [b"\1\0" * 512]

    records = Hall(callers="taken").play(script)
    assert [r.kind for r in records] == ["mic.queued", "mic.opened", "floor.given"]


def test_who_lowers_the_hand_leaves_the_queue() -> None:
    async def script(hall: Hall) -> None:
        hall.lanes.raise_hand(ANNA, lambda mic: None)
        hall.lanes.raise_hand(ANNA, lambda mic: None)
        hall.lanes.close(ANNA)
        hall.lanes.close(ANNA)

    assert [r.kind for r in Hall().play(script)] == ["mic.queued", "mic.closed"]


@pytest.mark.parametrize("garbage", [b"", b"\0", b"\xff" * 3, bytes(32_768), b"\xff\x7f" * 8000])
def test_no_sound_breaks_a_lane(garbage: bytes) -> None:
    async def script(hall: Hall) -> None:
        hall.lanes.feed(hall.open(ANNA).lane, garbage)
        hall.lanes.feed("viewer:nobody:9", garbage)

    Hall().play(script)


def test_names_the_recogniser_would_misspell_are_given_to_it() -> None:
    assert hotwords(CATALOGUE) == "Probe, Probe lamp, PL-7"
