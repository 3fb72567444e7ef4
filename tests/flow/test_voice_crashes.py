"""The voice half over time: slow disks, a process that dies at any point, a long show, a forgotten viewer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.question import Asker, Draft, Question
from cohost.common.spoken import Spoken
from cohost.log import MemoryLog, ShowLog, forget, read_log, verify
from cohost.mouth.playback import Playback
from cohost.mouth.playout import Playout
from cohost.mouth.voice import Voices, VoiceStage
from cohost.report import waiting_times
from cohost.scripted import ScriptedVoice
from cohost.settings import Settings
from cohost.talking import talk
from cohost.web.room import RoomState
from tests.flow.spoken_room import ASKER, FIRST, HOST, ON, OTHER, SECOND, SpokenRoom, kinds, only, posted
from tests.flow.test_delivery import CATALOGUE


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


def test_an_answer_that_is_spoken_is_waited_for_until_its_first_sound() -> None:
    async def script(room: SpokenRoom) -> None:
        now = room.clock.now_ms()
        line = ev.TranscriptFinal(
            lane=ASKER, viewer="v1", utterance_id="u", text="was kostet die?", lang="de", lang_confidence=1,
            start_ms=now, end_ms=now,
        )  # fmt: skip
        assert room.log.append(line).seq == room.asks
        room.answer()
        await room.wait(10_000)

    room = SpokenRoom()
    room.asks = 3
    records = room.play(script)
    (waited,) = waiting_times(records)
    state = RoomState()
    for record in records:
        state.fold(record)
    started = only(records, ev.SpeechStarted).at_ms
    assert waited == started == state.latencies["r1"]
