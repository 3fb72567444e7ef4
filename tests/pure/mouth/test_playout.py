"""Where a speech stands, when it may start, what was heard of it, how it goes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.common.question import Asker, Draft
from cohost.common.show import ReplyEntry
from cohost.common.spoken import Spoken, estimated
from cohost.mouth.gap import CALLER_WAIT_MS, CHAT_WAIT_MS, HOST_PAUSE_MS, SILENCE_MS, Air, AirTime, may_start
from cohost.mouth.heard import Part, Script, lower_bound, played_by
from cohost.mouth.playout import LEAD_MS, Playout
from cohost.mouth.route import SAID_CHARACTERS, route, said
from cohost.settings import Voice


# ── playout ──
def test_held_time_does_not_count_and_nothing_is_sent_meanwhile() -> None:
    playout = Playout(1000)
    assert playout.may_send(1000) == LEAD_MS
    assert playout.position(1500) == 500
    playout.hold(1500)
    assert playout.may_send(9000) == 500
    assert playout.resume(2500) == 1000
    assert playout.position(2600) == 600


def test_sound_that_is_late_stops_the_timeline() -> None:
    playout = Playout(0)
    playout.stall(300, 1000)
    assert playout.position(1000) == 300


@given(st.lists(st.tuples(st.sampled_from(["hold", "resume", "go"]), st.integers(0, 400)), max_size=40))
def test_a_speech_never_goes_back_and_never_faster_than_time(steps: list[tuple[str, int]]) -> None:
    playout, now, before = Playout(0), 0, 0.0
    for what, later in steps:
        now += later
        place = playout.position(now)
        assert before <= place <= now
        before = place
        if what == "hold":
            playout.hold(now)
        elif what == "resume":
            playout.resume(now)
        assert playout.position(now) == pytest.approx(place)


# ── when ──
def test_a_caller_is_answered_at_the_hosts_first_pause_at_latest_after_eight_seconds() -> None:
    talking = Air(quiet=False, host_ms=1000)
    assert may_start("caller", talking, now_ms=1000, since_ms=900)[0] == "wait"
    assert may_start("caller", Air(True, 1000), now_ms=1000 + HOST_PAUSE_MS - 1, since_ms=900)[0] == "wait"
    assert may_start("caller", Air(True, 1000), now_ms=1000 + HOST_PAUSE_MS, since_ms=900)[0] == "start"
    assert may_start("caller", Air(True), now_ms=900, since_ms=900)[0] == "start"
    assert may_start("caller", talking, now_ms=900 + CALLER_WAIT_MS, since_ms=900)[0] == "skip"


def test_a_typed_question_is_spoken_in_long_silence_only_or_when_the_floor_is_given() -> None:
    lately = Air(True, 1000, 1000)
    assert may_start("chat", lately, now_ms=1000 + SILENCE_MS - 1, since_ms=0)[0] == "wait"
    assert may_start("chat", lately, now_ms=1000 + SILENCE_MS, since_ms=0)[0] == "start"
    assert may_start("chat", Air(True, 1000, 1000, given_ms=1100), now_ms=1100, since_ms=0)[0] == "start"
    assert may_start("chat", Air(True, given_ms=100), now_ms=1100, since_ms=900)[0] == "wait"
    assert may_start("chat", Air(False), now_ms=CHAT_WAIT_MS, since_ms=0)[0] == "skip"
    assert may_start("chat", Air(True), now_ms=5000, since_ms=0, within_share=False)[0] == "wait"


def test_the_share_of_air_time_is_of_the_last_five_minutes() -> None:
    air = AirTime()
    air.add(10_000, 40_000)
    assert not air.allows(20_000, 6_000, 0.15)
    assert air.allows(20_000, 5_000, 0.15)
    assert air.allows(400_000, 45_000, 0.15)


# ── heard ──
def spoken(text: str, ms_per_letter: int = 100) -> Spoken:
    duration = len(text) * ms_per_letter
    return Spoken(bytes(duration * 32), estimated(text, duration), exact=True)


def test_what_was_heard_ends_at_a_word_and_the_rest_begins_at_its_sentence() -> None:
    script = Script([Part("One two."), Part("Three four five."), Part("Six.")])
    script.made(0, spoken("One two."), 0)
    script.made(1, spoken("Three four five."), 900)
    heard, rest, exact = script.heard(900 + 900)
    assert heard == "One two. Three four"
    assert rest == "Three four five. Six."
    assert exact
    assert script.heard(0) == ("", "One two. Three four five. Six.", True)
    assert script.heard(900 + 1600)[1] == "Six."


def test_in_scripts_without_spaces_it_ends_at_a_character() -> None:
    text = "电池续航二十四小时"
    script = Script([Part(text)])
    script.made(0, spoken(text), 0)
    assert script.heard(401)[0] == "电池续航二"


def test_the_askers_page_corrects_the_server_within_reason() -> None:
    assert played_by(1000, None, 5000, moving=True) == 1000
    assert played_by(1000, (700.0, 4900), 5000, moving=True) == 800
    assert played_by(1000, (700.0, 4900), 5000, moving=False) == 700
    assert played_by(5000, (10.0, 4900), 5000, moving=False) == 5000
    assert played_by(1000, (1900.0, 5000), 5000, moving=False) == 1000


def test_after_a_crash_only_whole_sentences_count_as_heard() -> None:
    parts = [("One.", 0, 500), ("Two.", 640, 500)]
    assert lower_bound(parts, 1139) == ("One.", "Two.")
    assert lower_bound(parts, 1140) == ("One. Two.", "")


# ── by voice or by post ──
def reply(lane: str | None = None, action: str = "answer", lang: str = "en") -> ReplyEntry:
    draft = Draft(action=action, reason="fact", lang=lang, text="37 hours.")  # type: ignore[arg-type]
    return ReplyEntry("r1", "q1", draft, (Asker(message_seq=1, viewer="v", lane=lane),), 0, 1)


@pytest.mark.parametrize(
    ("entry", "autonomy", "by", "listeners", "fit", "voice", "way"),
    [
        (reply("viewer:v:1"), "full", "autonomy", 1, True, Voice(), "speak"),
        (reply("viewer:v:1"), "full", "autonomy", 1, False, Voice(), "speak"),
        (reply("viewer:v:1"), "full", "autonomy", 0, True, Voice(), "post"),
        (reply("viewer:v:1"), "post", "autonomy", 1, True, Voice(), "post"),
        (reply("viewer:v:1"), "suggest", "operator:Ana", 1, True, Voice(), "speak"),
        (reply("viewer:v:1"), "full", "autonomy", 1, True, Voice(speak=False), "post"),
        (reply("viewer:v:1"), "full", "autonomy", 1, True, Voice(langs=("es",)), "post"),
        (reply("viewer:v:1", "decline"), "full", "autonomy", 1, True, Voice(), "speak"),
        (reply(), "full", "autonomy", 1, True, Voice(), "post and speak"),
        (reply(), "full", "autonomy", 1, False, Voice(), "post"),
        (reply(None, "decline"), "full", "autonomy", 1, True, Voice(), "post"),
        (reply(), "full", "autonomy", 1, True, Voice(chat=False), "post"),
        (reply(), "suggest", "operator", 1, True, Voice(), "post"),
    ],
)  # fmt: skip
def test_callers_are_answered_aloud_where_somebody_listens_and_may(
    entry: ReplyEntry, autonomy: str, by: str, listeners: int, fit: bool, voice: Voice, way: str
) -> None:
    assert route(entry, autonomy=autonomy, by=by, listeners=listeners, voice=voice, fit=fit) == way


def test_two_short_sentences_are_spoken_and_the_rest_is_only_posted() -> None:
    assert said("One is short. So is two. Three is not said.", "en") == (
        ["One is short.", "So is two."], ["Three is not said."],
    )  # fmt: skip
    long = "A" + "a" * SAID_CHARACTERS + "."
    assert said(f"{long} Second.", "en") == ([long], ["Second."])
    assert said("", "en") == ([], [])
