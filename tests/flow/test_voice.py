"""Speaking on virtual time: when cohost starts, how it yields, what is posted of what was not heard."""

from __future__ import annotations

import pytest

from cohost import events as ev
from cohost.mouth.gap import CALLER_WAIT_MS, HOST_PAUSE_MS, SILENCE_MS
from cohost.mouth.playout import LEAD_MS
from cohost.report import page, summarise
from cohost.settings import Voice
from tests.flow.spoken_room import ASKER, FIRST, HOST, OTHER, SECOND, SpokenRoom, kinds, only

SPOKEN_MS = 60 * len(FIRST) + 140 + 60 * len(SECOND)


async def _asked(room: SpokenRoom) -> None:
    room.answer()
    await room.wait(10_000)


def test_a_caller_hears_the_answer_at_once_and_then_finds_it_posted() -> None:
    room = SpokenRoom()
    records = room.play(_asked)
    assert kinds(records) == [
        "speech.queued", "speech.started", "speech.sentence", "speech.sentence", "speech.played",
        "reply.posted",
    ]  # fmt: skip
    started, played, posted = (
        only(records, shape) for shape in (ev.SpeechStarted, ev.SpeechPlayed, ev.ReplyPosted)
    )
    assert started.at_ms < 100
    assert isinstance(played.event, ev.SpeechPlayed)
    assert played.event.duration_ms == pytest.approx(SPOKEN_MS, abs=80)
    assert isinstance(posted.event, ev.ReplyPosted)
    assert posted.event.text == f"{FIRST} {SECOND}"


def test_sound_is_paced_and_never_further_ahead_than_the_lead() -> None:
    room = SpokenRoom()
    room.play(_asked)
    first = room.heard[0][0]
    sent = 0
    for at, _, size in room.heard:
        sent += size // 32
        assert sent <= at - first + LEAD_MS + 40
        assert 20 <= size // 32 <= 100
    assert sent == pytest.approx(SPOKEN_MS, abs=80)


def test_a_cough_ducks_and_the_answer_goes_on() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(800)
        room.onset(OTHER)
        await room.wait(200)
        room.ended(OTHER, dropped=True)
        await room.wait(10_000)

    records = SpokenRoom().play(script)
    assert kinds(records)[3:] == [
        "speech.ducked", "speech.resumed", "speech.sentence", "speech.played", "reply.posted",
    ]  # fmt: skip


def test_a_voice_holds_and_a_backchannel_lets_it_go_on_where_it_stopped() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(800)
        room.onset(OTHER)
        await room.wait(160)
        room.strong(OTHER)
        await room.wait(300)
        room.ended(OTHER)
        await room.wait(300)
        room.words(OTHER, "backchannel", "mhm")
        await room.wait(10_000)

    records = SpokenRoom().play(script)
    held, resumed = only(records, ev.SpeechHeld).event, only(records, ev.SpeechResumed).event
    assert isinstance(held, ev.SpeechHeld)
    assert isinstance(resumed, ev.SpeechResumed)
    assert held.since_onset_ms == 160
    assert resumed.at_speech_ms == held.at_speech_ms
    assert 600 <= resumed.silent_ms <= 700
    played = only(records, ev.SpeechPlayed).event
    assert isinstance(played, ev.SpeechPlayed)
    assert played.duration_ms == pytest.approx(SPOKEN_MS, abs=80)


def test_nothing_is_sent_while_it_is_held() -> None:
    times = {}

    async def script(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(500)
        room.onset(HOST)
        room.strong(HOST)
        await room.wait(1)
        times["held"] = room.clock.now_ms()
        await room.wait(1_500)
        times["end"] = room.clock.now_ms()
        room.ended(HOST)
        room.words(HOST, "noise", "")
        await room.wait(8_000)

    room = SpokenRoom()
    room.play(script)
    assert not [at for at, _, _ in room.heard if times["held"] < at <= times["end"]]


def test_the_host_cuts_it_with_a_word_and_the_unheard_rest_is_posted_once() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(60 * len(FIRST) + 140 + 600)
        room.onset(HOST)
        await room.wait(160)
        room.strong(HOST)
        await room.wait(500)
        room.ended(HOST)
        room.words(HOST, "speech", "let me show you")
        await room.wait(10_000)

    room = SpokenRoom()
    records = room.play(script)
    cut, posted = only(records, ev.SpeechCut).event, only(records, ev.ReplyPosted).event
    assert isinstance(cut, ev.SpeechCut)
    assert isinstance(posted, ev.ReplyPosted)
    assert cut.reason == "host"
    assert cut.heard.startswith(FIRST)
    assert 0 < len(cut.heard) - len(FIRST) < len(SECOND)
    assert cut.timing == "exact"
    assert posted.text == cut.rest == SECOND
    assert not [at for at, _, _ in room.heard if at > only(records, ev.SpeechCut).at_ms]


def test_the_report_tells_what_was_said_and_why_it_was_cut() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(500)
        room.onset(HOST)
        room.strong(HOST)
        await room.wait(100)
        room.words(HOST, "stop", "stop")
        await room.wait(5_000)

    summary = summarise(SpokenRoom().play(script))
    assert summary["voice"] == {
        "heard": {"stop": 1}, "spoken": 1, "ducked": 1, "held": 1, "resumed": 0, "cut": {"stop word": 1},
        "heard_share": 0.4, "posted_instead": {},
        "first_audio_ms": {"p50": None, "p95": None, "n": 0},
    }  # fmt: skip
    assert "stop word" in page(summary)


def test_what_is_too_long_to_say_is_posted_with_the_unheard_rest() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer(more="Und noch ein Satz.")
        await room.wait(60 * len(FIRST) + 140 + 600)
        room.log.append(ev.OperatorStopped(by="host"))
        await room.wait(5_000)

    records = SpokenRoom().play(script)
    posted = only(records, ev.ReplyPosted).event
    assert isinstance(posted, ev.ReplyPosted)
    assert posted.text == f"{SECOND} Und noch ein Satz."


def test_the_stop_key_cuts_at_once_and_nothing_is_spoken_after_it() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer(1)
        room.answer(2)
        await room.wait(500)
        room.log.append(ev.OperatorStopped(by="operator"))
        await room.wait(10_000)

    records = SpokenRoom().play(script)
    stop, cut = only(records, ev.OperatorStopped), only(records, ev.SpeechCut)
    assert cut.at_ms == stop.at_ms
    assert [r.kind for r in records].count("speech.started") == 1
    skipped = only(records, ev.SpeechSkipped).event
    assert isinstance(skipped, ev.SpeechSkipped)
    assert skipped.reason == "stopped"
    posted = only(records, ev.ReplyPosted).event
    assert isinstance(posted, ev.ReplyPosted)
    assert posted.reply_id == "r1"
    rejected = only(records, ev.ReplyRejected).event
    assert isinstance(rejected, ev.ReplyRejected)
    assert rejected.reply_id == "r2"


def test_a_protected_warning_goes_on_over_a_caller_and_yields_to_the_host() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer(protected=True)
        await room.wait(500)
        room.onset(OTHER)
        room.strong(OTHER)
        await room.wait(200)
        room.ended(OTHER)
        room.words(OTHER, "speech", "but I wanted")
        await room.wait(500)
        room.onset(HOST)
        room.strong(HOST)
        room.words(HOST, "stop", "stop")
        await room.wait(8_000)

    records = SpokenRoom().play(script)
    cut = only(records, ev.SpeechCut).event
    assert isinstance(cut, ev.SpeechCut)
    assert cut.reason == "stop word"
    assert cut.lane == HOST


def test_while_the_host_talks_on_a_caller_is_answered_by_post_in_the_end() -> None:
    async def script(room: SpokenRoom) -> None:
        room.onset(HOST)
        room.strong(HOST)
        room.answer()
        for _ in range(12):
            await room.wait(1_000)

    records = SpokenRoom().play(script)
    skipped, posted = only(records, ev.SpeechSkipped), only(records, ev.ReplyPosted)
    assert skipped.at_ms == pytest.approx(CALLER_WAIT_MS, abs=150)
    assert isinstance(posted.event, ev.ReplyPosted)
    assert posted.event.text == f"{FIRST} {SECOND}"


def test_the_hosts_pause_is_waited_for() -> None:
    async def script(room: SpokenRoom) -> None:
        room.onset(HOST)
        room.strong(HOST)
        room.answer()
        await room.wait(2_000)
        room.ended(HOST)
        room.words(HOST, "speech")
        await room.wait(8_000)

    records = SpokenRoom().play(script)
    assert only(records, ev.SpeechStarted).at_ms == pytest.approx(2_000 + HOST_PAUSE_MS, abs=50)


def test_a_typed_question_is_posted_at_once_and_spoken_in_silence() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer(lane=None)
        await room.wait(10_000)

    records = SpokenRoom().play(script)
    assert kinds(records)[:3] == ["reply.posted", "speech.queued", "speech.started"]
    assert only(records, ev.SpeechStarted).at_ms == pytest.approx(SILENCE_MS, abs=100)
    assert kinds(records).count("reply.posted") == 1


def test_a_cut_answer_to_a_typed_question_is_not_posted_again() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer(lane=None)
        await room.wait(SILENCE_MS + 600)
        room.log.append(ev.OperatorStopped(by="host"))
        await room.wait(8_000)

    assert kinds(SpokenRoom().play(script)).count("reply.posted") == 1


@pytest.mark.parametrize("room", [SpokenRoom(listen=False), SpokenRoom(voice=Voice(speak=False))])
def test_where_nobody_listens_or_nothing_may_be_said_it_is_posted(room: SpokenRoom) -> None:
    assert kinds(room.play(_asked)) == ["reply.posted"]


def test_a_language_without_a_fit_voice_is_posted_and_says_why() -> None:
    room = SpokenRoom()
    room.engine = type(room.engine)(langs=("en",))
    records = room.play(_asked)
    skipped = only(records, ev.SpeechSkipped).event
    assert isinstance(skipped, ev.SpeechSkipped)
    assert skipped.reason == "no voice is fit for de"
    assert kinds(records)[-1] == "reply.posted"


@pytest.mark.parametrize("broken", [FIRST, SECOND])
def test_a_voice_that_fails_loses_no_word(broken: str) -> None:
    records = SpokenRoom(fails=(broken,)).play(_asked)
    posted = only(records, ev.ReplyPosted).event
    assert isinstance(posted, ev.ReplyPosted)
    assert posted.text == (f"{FIRST} {SECOND}" if broken == FIRST else SECOND)


def test_a_price_that_changed_while_it_waited_is_not_spoken() -> None:
    async def script(room: SpokenRoom) -> None:
        room.onset(HOST)
        room.strong(HOST)
        room.answer()
        await room.wait(500)
        room.shelf.items.clear()
        room.ended(HOST)
        room.words(HOST, "speech")
        await room.wait(8_000)

    records = SpokenRoom().play(script)
    assert kinds(records) == ["speech.queued", "speech.skipped"]
    assert only(records, ev.ReplyWithheld)


# ── killed while it speaks ──
def test_after_a_crash_nothing_is_said_twice_and_the_rest_is_posted_once() -> None:
    async def crash(room: SpokenRoom) -> None:
        room.answer(1)
        await room.wait(60 * len(FIRST) + 140 + 300)

    class Killed(SpokenRoom):
        """Its last events never reach the log."""

    room = Killed()
    room.play(crash)
    records = room.log._records  # a kill: what the cancelled stages still wrote is gone
    kept = [r for r in records if not isinstance(r.event, ev.SpeechCut | ev.ReplyPosted)]
    room.log._records = kept

    async def nothing(again: SpokenRoom) -> None:
        await again.wait(5_000)

    again = room.restarted()
    after = again.play(nothing)
    assert [r.kind for r in after].count("speech.started") == 1
    cut, posted = only(after, ev.SpeechCut).event, only(after, ev.ReplyPosted).event
    assert isinstance(cut, ev.SpeechCut)
    assert isinstance(posted, ev.ReplyPosted)
    assert cut.reason == "the process ended"
    assert posted.text == cut.rest
    assert SECOND in posted.text
    assert not again.heard
    third = room.restarted().play(nothing)
    assert [r.kind for r in third].count("reply.posted") == 1


def test_a_speech_that_waited_when_the_process_ended_is_posted() -> None:
    async def crash(room: SpokenRoom) -> None:
        room.onset(HOST)
        room.strong(HOST)
        room.answer()
        await room.wait(500)

    async def nothing(again: SpokenRoom) -> None:
        await again.wait(5_000)

    room = SpokenRoom()
    room.play(crash)
    records = room.restarted().play(nothing)
    assert kinds(records) == ["speech.queued", "speech.skipped", "reply.posted"]


def test_a_lane_that_nobody_knows_changes_nothing() -> None:
    async def script(room: SpokenRoom) -> None:
        room.answer()
        await room.wait(300)
        room.ended(ASKER)
        room.words(OTHER, "speech")
        await room.wait(10_000)

    assert kinds(SpokenRoom().play(script)).count("reply.posted") == 1
