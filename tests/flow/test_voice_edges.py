"""The voice half where things go wrong at once: late words, failing engines, retractions."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.question import Asker
from cohost.common.spoken import Spoken
from cohost.log import MemoryLog
from cohost.mouth.floor import GOES_ON_MS, TEXT_WAIT_MS
from cohost.mouth.gap import SILENCE_MS
from cohost.mouth.keeper import KEEP_VOICES, FloorKeeper
from cohost.mouth.playback import Playback
from cohost.mouth.voice import Voices, VoiceStage
from cohost.scripted import ScriptedVoice
from tests.flow.spoken_room import ASKER, FIRST, HOST, ON, OTHER, SECOND, SpokenRoom, kinds, only, posted
from tests.flow.test_decision import Room as Decisions
from tests.flow.test_ears import ANNA, BEN, Hall, finals, said
from tests.pure.decision.brand import ask


# ── the floor ──
def test_words_that_never_come_do_not_silence_the_room_for_ever() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer(1)
        await room.wait(800)
        room.onset(OTHER)
        room.strong(OTHER)
        await room.wait(200)
        room.ended(OTHER)  # its recognition fails: no transcript
        room.log.append(ev.OperatorStopped())
        await room.wait(3_000)
        room.answer(2)
        await room.wait(10_000)

    records = SpokenRoom().play(script)
    assert [r.kind for r in records].count("speech.started") == 2


def test_a_nod_does_not_let_cohost_go_on_over_a_voice_that_is_on_again() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(800)
        room.onset(HOST)
        room.strong(HOST)
        await room.wait(200)
        room.ended(HOST)
        await room.wait(100)
        room.onset(HOST)
        room.strong(HOST)
        await room.wait(100)
        room.words(HOST, "backchannel", "mhm")
        await room.wait(1_000)
        room.ended(HOST)
        room.words(HOST, "speech", "so this lamp")
        await room.wait(8_000)

    records = SpokenRoom().play(script)
    assert "speech.resumed" not in kinds(records)
    assert only(records, ev.SpeechCut)


def test_two_short_sounds_are_not_one_voice_that_goes_on() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer(more="Noch ein langer Satz ohne jede Zahl darin, damit es dauert.")
        await room.wait(300)
        for _ in range(4):
            room.onset(OTHER)
            room.strong(OTHER)
            await room.wait(300)
            room.ended(OTHER)
            await room.wait(500)
        room.words(OTHER, "backchannel", "mhm")
        await room.wait(8_000)

    records = SpokenRoom().play(script)
    assert "speech.cut" not in kinds(records)


def test_words_said_before_cohost_began_are_waited_for() -> None:
    async def script(room: SpokenRoom) -> None:
        room.onset(OTHER)
        room.strong(OTHER)
        room.answer()
        await room.wait(1_000)
        room.ended(OTHER)
        await room.wait(300)
        room.words(OTHER, "speech", "and how long does it last?")
        await room.wait(8_000)

    records = SpokenRoom().play(script)
    assert "speech.cut" not in kinds(records)
    assert 1_300 <= only(records, ev.SpeechStarted).at_ms < 1_300 + TEXT_WAIT_MS


def test_a_cut_without_words_names_the_voice_that_went_on() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer(more="Noch ein langer Satz ohne jede Zahl darin, damit es dauert.")
        await room.wait(300)
        room.onset(HOST)
        room.strong(HOST)
        await room.wait(8_000)

    cut = only(SpokenRoom().play(script), ev.SpeechCut).event
    assert isinstance(cut, ev.SpeechCut)
    assert (cut.reason, cut.lane) == ("host goes on", HOST)
    assert cut.since_onset_ms == pytest.approx(GOES_ON_MS, abs=120)


@pytest.mark.parametrize("ms", range(0, 80, 4))
def test_a_voice_at_the_very_end_changes_nothing(ms: int) -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer()
        while not room.heard or room.heard[-1][0] != room.clock.now_ms():
            await room.wait(1)
        started = room.heard[0][0]
        end = started + 60 * len(FIRST) + 140 + 60 * len(SECOND)
        await room.wait(end - room.clock.now_ms() - 20 + ms)
        room.onset(OTHER)
        room.strong(OTHER)
        await room.wait(100)
        room.ended(OTHER)
        room.words(OTHER, "backchannel", "ok")
        await room.wait(5_000)

    records = SpokenRoom().play(script)
    assert only(records, ev.SpeechPlayed)


def test_what_is_on_the_log_is_known_before_cohost_begins() -> None:
    clock = VirtualClock(on=ON)
    log = MemoryLog(clock)
    keeper = FloorKeeper(log, clock, Playback(clock))
    log.append(ev.UtteranceOnset(lane=HOST, viewer="h", role="host", sound_ms=0))
    log.append(ev.OperatorStopped())
    assert not keeper.air().quiet  # although its task has not run yet
    assert keeper.stopped_seq == 2


def test_the_voices_of_a_long_show_are_forgotten() -> None:
    clock = VirtualClock(on=ON)
    log = MemoryLog(clock)
    keeper = FloorKeeper(log, clock, Playback(clock))
    for n in range(KEEP_VOICES + 500):
        log.append(ev.UtteranceOnset(lane=f"viewer:v:{n}", viewer="v", sound_ms=0))
        log.append(ev.UtteranceEnded(lane=f"viewer:v:{n}", utterance_id="u", start_ms=0, end_ms=0))
    assert keeper.air().quiet
    assert len(keeper._voices) == KEEP_VOICES


# ── taken back, held, changed ──
def _retract(room: SpokenRoom, number: int = 1) -> None:
    room.log.append(ev.ReplyRetracted(reply_id=f"r{number}", reason="wrong"))


@pytest.mark.parametrize("lane", [ASKER, None])
def test_a_reply_taken_back_while_it_is_spoken_falls_silent(lane: str | None) -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer(lane=lane)
        await room.wait((0 if lane else SILENCE_MS) + 700)
        _retract(room)
        await room.wait(10_000)

    room = SpokenRoom()
    records = room.play(script)
    cut, retracted = only(records, ev.SpeechCut), only(records, ev.ReplyRetracted)
    assert cut.at_ms == retracted.at_ms
    assert cut.event.reason == "retracted"  # type: ignore[union-attr]
    assert len(posted(records)) == (0 if lane else 1)
    assert not [at for at, _, _ in room.heard if at > cut.at_ms]


@pytest.mark.parametrize("lane", [ASKER, None])
def test_a_reply_taken_back_while_it_waits_is_never_spoken(lane: str | None) -> None:
    async def script(room: SpokenRoom) -> None:
        room.onset(HOST)
        room.strong(HOST)
        room.answer(lane=lane)
        await room.wait(500)
        _retract(room)
        room.ended(HOST)
        room.words(HOST, "speech")
        await room.wait(10_000)

    records = SpokenRoom().play(script)
    assert "speech.started" not in kinds(records)
    assert only(records, ev.SpeechSkipped).event.reason == "retracted"  # type: ignore[union-attr]
    assert len(posted(records)) == (0 if lane else 1)


def test_what_is_no_longer_true_in_the_middle_of_a_speech_is_not_said_on() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(500)
        room.shelf.items.clear()
        await room.wait(10_000)

    records = SpokenRoom().play(script)
    cut = only(records, ev.SpeechCut).event
    assert isinstance(cut, ev.SpeechCut)
    assert (cut.reason, cut.rest) == ("withheld", SECOND)
    assert only(records, ev.ReplyWithheld)


# ── engines that fail ──
class Broken(ScriptedVoice):
    """Fails on `at` with an error no voice should raise."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at

    async def speak(self, text: str, lang: str) -> Spoken:
        if text == self.at:
            raise OSError(12, "cannot fork")
        return await super().speak(text, lang)


@pytest.mark.parametrize("broken", [FIRST, SECOND])
def test_whatever_a_voice_raises_no_word_is_lost(broken: str) -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(8_000)
        room.answer(2, more="")
        await room.wait(8_000)

    room = SpokenRoom()
    room.engine = Broken(broken)
    records = room.play(script)
    assert len(posted(records)) == 2
    ends = [r.event for r in records if isinstance(r.event, ev.SpeechSkipped | ev.SpeechCut)]
    assert all("cannot fork" in e.reason for e in ends)


class Failing:
    """A recogniser that fails with what CTranslate2 raises, then works."""

    def __init__(self, times: int) -> None:
        self.left = times

    def recognize(self, samples: object, **_: object) -> object:
        self.left -= 1
        if self.left >= 0:
            raise RuntimeError("CUDA failed, or the model is cut short")
        return said("how long does it last?")


@pytest.mark.parametrize(("times", "understood"), [(1, 1), (9, 0)])
def test_a_recogniser_that_breaks_ends_one_utterance_and_no_service(times: int, understood: int) -> None:
    async def script(hall: Hall) -> None:
        await hall.speak(hall.open(ANNA).lane, 960)

    hall = Hall()
    hall.recognition._load = lambda: Failing(times)  # type: ignore[assignment,return-value]
    records = hall.play(script)
    assert len(finals(records)) == understood
    faults = [r for r in records if isinstance(r.event, ev.FaultRaised)]
    assert len(faults) == 1 - understood
    assert all(f.cause_seq is not None and "recognizer" in f.event.message for f in faults)  # type: ignore[union-attr]


def test_a_reading_that_was_given_up_is_read_again() -> None:
    async def script(hall: Hall) -> None:
        lane = hall.open(BEN).lane
        await hall.speak(lane, 960, 128)
        utterance = hall.ears._open[lane]
        assert utterance.reading is not None
        utterance.reading.cancel()
        await hall.speak(lane, 0)

    assert len(finals(Hall().play(script))) == 1


def test_a_judge_that_fails_costs_one_speech_and_no_reply() -> None:
    def broken(reply_id: str) -> bool:
        if reply_id == "r1":
            raise LookupError("no such scheme")
        return False

    async def script(room: SpokenRoom) -> None:
        room.answer(1)
        room.answer(2)
        await room.wait(12_000)

    class Judged(SpokenRoom):
        def stage(self, voices: Voices, objects: Callable[[str], bool]) -> VoiceStage:
            return super().stage(voices, broken)

    records = Judged().play(script)
    assert [r.event.reply_id for r in records if isinstance(r.event, ev.SpeechStarted)] == ["r2"]
    assert len(posted(records)) == 2


def test_who_asks_again_over_the_answer_is_answered_before_the_rest_is_posted() -> None:
    room = Decisions()
    question = ask("price")
    room.asked(question, Asker(message_seq=1, viewer="v1", lang=question.lang, lane=ASKER))
    room.found(question)
    room.play()
    (first,) = room.decisions
    again = Asker(message_seq=9, viewer="v2", lang=question.lang, lane=OTHER)
    room.merged(question, again)  # while it waits or is spoken: that one is heard
    room.log.append(
        ev.SpeechCut(
            speech_id="s1", reply_id=first.reply_id, reason="caller", heard="", heard_ms=0, timing="exact"
        )
    )
    room.merged(question, msgspec.structs.replace(again, lane=None))  # typed: the post is read
    room.merged(question, again)
    room.play()
    assert [d.askers for d in room.decisions[1:]] == [(again,)]
    assert room.decisions[1].draft.text == first.draft.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("my card is 4111 1111 1111", "my card is …"), ("call me at +49 151 23.", "call me at …"),
        ("call me at 0151 23 45 67 please", "call me at [phone] please"), ("is it 12", "is it 12"),
        ("does the A4000 last 1500 hours", "does the A4000 last 1500 hours"),
    ],
)  # fmt: skip
def test_half_a_number_is_not_shown_while_it_is_said(text: str, told: str) -> None:
    async def script(hall: Hall) -> None:
        await hall.speak(hall.open(ANNA).lane, 640, 400)
        await hall.speak(hall.open(ANNA).lane, 640)

    records = Hall(said(text)).play(script)
    assert next(r.event.text for r in records if isinstance(r.event, ev.TranscriptPartial)) == told
