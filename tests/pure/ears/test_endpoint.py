"""Endpointing: order of marks, patience within limits, nothing endless."""

from hypothesis import given
from hypothesis import strategies as st

from cohost.ears.endpoint import Endpoint, Limits, Marked


def run(frames: list[float], finished: bool | None = None) -> list[Marked]:
    endpoint = Endpoint()
    marks: list[Marked] = []
    for n, p in enumerate(frames):
        marks += endpoint.feed(p, (n + 1) * 32, finished=finished)
    return marks


def test_a_word_is_onset_confirmed_strong_ended_and_the_end_lies_where_the_voice_stopped() -> None:
    marks = run([0.0] * 5 + [0.95] * 10 + [0.0] * 20)
    assert [m.mark for m in marks] == ["onset", "confirmed", "strong", "pause", "ended"]
    assert marks[0].at_ms == 5 * 32
    assert marks[-1].at_ms == 15 * 32
    assert marks[-1].decided_ms == 30 * 32


def test_every_pause_is_marked_once_and_lies_where_the_voice_stopped() -> None:
    marks = run([0.95] * 8 + [0.0] * 6 + [0.95] * 8 + [0.0] * 30)
    assert [m.mark for m in marks].count("pause") == 2
    assert [m.at_ms for m in marks if m.mark == "pause"] == [8 * 32, 22 * 32]


def test_a_click_is_dropped_and_never_confirmed() -> None:
    assert [m.mark for m in run([0.9] + [0.0] * 20)] == ["onset", "dropped"]


def test_a_doubtful_voice_is_confirmed_but_not_strong() -> None:
    assert "strong" not in [m.mark for m in run([0.6] * 20 + [0.0] * 20)]


def test_a_finished_question_ends_sooner_and_an_unfinished_one_later() -> None:
    frames = [0.95] * 10 + [0.0] * 60
    ends = {finished: run(frames, finished)[-1].decided_ms for finished in (True, None, False)}
    assert ends[True] < ends[None] < ends[False]


def test_a_microphone_that_never_stops_is_cut_and_goes_on() -> None:
    marks = run([0.95] * 2000)
    assert [m.mark for m in marks].count("ended") == 2
    assert [m.mark for m in marks].count("onset") == 3


def test_a_slow_speaker_is_given_more_time() -> None:
    endpoint = Endpoint()
    at = 0
    for _ in range(12):
        for p in [0.95] * 8 + [0.0] * 13:  # pauses of 416 ms inside the utterance
            at += 32
            endpoint.feed(p, at)
    assert endpoint.hangover_ms > Limits().hangover_ms


@given(st.lists(st.floats(0, 1), max_size=400), st.sampled_from([True, False, None]))
def test_marks_always_come_in_order(frames: list[float], finished: bool | None) -> None:
    follows = {
        "": {"onset"}, "onset": {"confirmed", "dropped", "ended"}, "confirmed": {"strong", "ended", "pause"},
        "strong": {"ended", "pause"}, "pause": {"pause", "strong", "ended"},
        "ended": {"onset"}, "dropped": {"onset"},
    }  # fmt: skip
    last = ""
    endpoint = Endpoint()
    for n, p in enumerate(frames):
        for marked in endpoint.feed(p, (n + 1) * 32, finished=finished):
            assert marked.mark in follows[last]
            assert marked.at_ms <= marked.decided_ms
            last = marked.mark
    for marked in endpoint.close(len(frames) * 32):
        assert marked.mark in follows[last]
    limits = Limits()
    assert limits.least_hangover_ms <= endpoint.hangover_ms <= limits.most_hangover_ms
