"""The voice half where things go wrong at once: late words, failing engines, retractions, slow disks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.question import Asker, Draft, Question
from cohost.common.spoken import Spoken
from cohost.log import MemoryLog, ShowLog, forget, read_log, verify
from cohost.mouth.floor import GOES_ON_MS, TEXT_WAIT_MS
from cohost.mouth.gap import SILENCE_MS
from cohost.mouth.keeper import KEEP_VOICES, FloorKeeper
from cohost.mouth.playback import Playback
from cohost.mouth.playout import Playout
from cohost.mouth.voice import Voices, VoiceStage
from cohost.scripted import ScriptedVoice
from cohost.settings import Settings
from cohost.talking import talk
from tests.flow.spoken_room import ASKER, FIRST, HOST, ON, OTHER, SECOND, SpokenRoom, kinds, only
from tests.flow.test_delivery import CATALOGUE
from tests.flow.test_ears import ANNA, BEN, Hall, finals, said

FIRST_MS = 60 * len(FIRST)


def posted(records: list[ev.Record]) -> list[str]:
    return [r.event.text for r in records if isinstance(r.event, ev.ReplyPosted)]


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


# ── the disk, the process ──
class SlowDisk(MemoryLog):
    """A commit takes its time."""

    clock: VirtualClock

    async def durable(self, seq: int) -> None:
        await self.clock.sleep(400)


def test_a_voice_while_the_start_is_written_down_is_yielded_to() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(100)
        room.onset(HOST)
        room.strong(HOST)
        await room.wait(1_500)
        room.words(HOST, "stop", "stop")
        await room.wait(5_000)

    room = SpokenRoom()
    log = SlowDisk(room.clock)
    log.clock = room.clock
    for record in room.log.records():
        log.append(record.event)
    room.log = log
    records = room.play(script)
    assert only(records, ev.SpeechHeld)
    assert room.heard == []
    assert posted(records) == [f"{FIRST} {SECOND}"]


def test_held_time_before_the_first_sample_does_not_count() -> None:
    playout = Playout(0)
    playout.hold(100)
    playout.restart(400)
    assert playout.held
    assert playout.position(900) == 0
    playout.resume(1_000)
    assert playout.position(1_050) == 50


class Lagging(ScriptedVoice):
    """The second sentence takes four seconds to make."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self.clock = clock

    async def speak(self, text: str, lang: str) -> Spoken:
        if text == SECOND:
            self.clock._inflight -= 1  # show time goes on meanwhile
            await self.clock.sleep(4_000)
            self.clock._inflight += 1
        return await super().speak(text, lang)


def test_after_a_crash_a_wait_for_the_voice_does_not_count_as_heard() -> None:
    async def crash_in_the_second(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(4_000 + 20 + 500)
        room.log.append(ev.ProductPinned(product=None))  # the last thing the log holds

    room = SpokenRoom()
    room.engine = Lagging(room.clock)
    room.play(crash_in_the_second)
    room.log._records = [
        r for r in room.log._records if not isinstance(r.event, ev.SpeechCut | ev.ReplyPosted)
    ]
    records = room.restarted().play(_nothing)
    cut = only(records, ev.SpeechCut).event
    assert isinstance(cut, ev.SpeechCut)
    assert (cut.heard, cut.rest) == (FIRST, SECOND)
    assert posted(records) == [SECOND]


async def _nothing(room: SpokenRoom) -> None:
    await room.wait(5_000)


def test_every_point_of_a_crash_posts_once_and_says_nothing_twice() -> None:
    async def whole(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(800)
        room.onset(OTHER)
        room.strong(OTHER)
        await room.wait(300)
        room.ended(OTHER)
        room.words(OTHER, "speech", "but")
        await room.wait(5_000)

    room = SpokenRoom()
    every = list(room.play(whole))
    first = next(n for n, r in enumerate(every) if isinstance(r.event, ev.ReplyApproved))
    for at in range(first + 1, len(every) + 1):
        for again_at in (None, 1, 2, 3):
            again = SpokenRoom()
            again.clock, again.log = room.clock, MemoryLog(room.clock)
            again.log._records = every[:at]
            records = again.restarted().play(_nothing)
            if again_at is not None and at + 1 + again_at < len(records):
                again.log._records = list(records[: at + 1 + again_at])
                records = again.restarted().play(_nothing)
            texts = posted(list(records))
            assert len(texts) == 1, (at, again_at, kinds(list(records)))
            heard = next((r.event.heard for r in records if isinstance(r.event, ev.SpeechCut)), "")
            assert SECOND in texts[0]
            assert FIRST in texts[0] or heard.startswith(FIRST)
            assert [r.kind for r in records].count("speech.started") <= 1


def test_what_a_speaking_process_left_is_posted_by_one_that_does_not_speak() -> None:
    async def crash(room: SpokenRoom) -> None:
        room.onset(HOST)
        room.strong(HOST)
        room.answer()
        await room.wait(500)

    class Mute(SpokenRoom):
        def stage(self, voices: Voices, objects: Callable[[str], bool]) -> VoiceStage:
            mouth = talk(
                self.log, self.clock, CATALOGUE, Settings(), None, objects=objects, playback=self.playback
            )
            assert mouth.sound is None
            return mouth.voice

    room = SpokenRoom()
    room.play(crash)
    again = Mute()
    again.clock, again.log, again.mute = room.clock, room.log, True
    again.log.append(ev.ShowStarted(room="main", on=ON, version="test", resumed=True))
    assert posted(again.play(_nothing)) == [f"{FIRST} {SECOND}"]


def test_the_stop_key_while_a_platform_posts_keeps_the_answer_from_being_spoken() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer(lane=None)
        await room.wait(100)
        room.log.append(ev.OperatorStopped())
        await room.wait(10_000)

    room = SpokenRoom()
    room.sink_ms = 1_000
    records = room.play(script)
    assert len(posted(records)) == 1
    assert "speech.started" not in kinds(records)


# ── nothing grows ──
def test_a_speech_that_is_over_leaves_nothing_behind() -> None:
    stages: list[VoiceStage] = []

    class Watched(SpokenRoom):
        def stage(self, voices: Voices, objects: Callable[[str], bool]) -> VoiceStage:
            stages.append(super().stage(voices, objects))
            return stages[-1]

    async def script(room: SpokenRoom) -> None:
        for number in range(1, 4):
            room.answer(number)
            await room.wait(6_000)

    Watched().play(script)
    (stage,) = stages
    assert (stage._mine, stage._left, stage._waiting) == (set(), {}, [])


def test_the_askers_report_survives_a_crowd_of_listeners() -> None:
    playback = Playback(VirtualClock(on=ON))
    playback.played("s1", "asker", 900)
    for n in range(2_000):
        playback.played("s1", f"v{n}", 500)
    assert playback.reported("s1", "asker") == (900, 0)


def test_a_forgotten_caller_leaves_neither_words_nor_name(tmp_path: Path) -> None:
    path = tmp_path / "show.log"
    asker = Asker(message_seq=3, viewer="v1", name="Greta Probe", lang="de", lane=ASKER)
    other = Asker(message_seq=4, viewer="v2", name="Otto", lang="de")
    question = Question(id="q1", text="was kostet die?", lang="de", intent="question.price")
    words = {"lane": ASKER, "viewer": "v1", "utterance_id": "u1", "lang": "de", "start_ms": 0, "end_ms": 9}
    final = ev.TranscriptFinal(
        **words, text="wait, was kostet die?", asks="was kostet die?", name="Greta Probe", lang_confidence=1.0
    )  # type: ignore[arg-type]

    async def write() -> None:
        log = ShowLog(path, VirtualClock(on=ON))
        log.append(ev.MicQueued(viewer="v1", name="Greta Probe"))
        log.append(ev.MicOpened(lane=ASKER, viewer="v1", name="Greta Probe"))
        log.append(ev.TranscriptPartial(**words, text="was kostet"))  # type: ignore[arg-type]
        log.append(final)
        log.append(ev.QuestionAsked(question=question, asker=asker))
        for askers in ((asker, other), (other,)):
            draft = Draft(action="decline", reason="no_evidence", lang="de", text="Das weiß ich nicht.")
            log.append(ev.DecisionMade(reply_id="r1", question_id="q1", draft=draft, askers=askers))
        await log.close()

    asyncio.run(write())
    assert forget(path, "v1") == 6
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Greta" not in kept
    assert b"was kostet" not in kept
    assert verify(path).ok
    names = [a.name for r in read_log(path) if isinstance(r.event, ev.DecisionMade) for a in r.event.askers]
    assert names == ["", "", "Otto"]
