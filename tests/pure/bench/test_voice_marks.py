"""Marks of the voice bench: what was measured becomes lines, what was not says why."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from bench.voice import marks as made
from bench.voice.answering import Answer
from bench.voice.crowd import Crowd, Spoken
from bench.voice.histogram import lag_of
from bench.voice.reading import Row, worth_reading
from bench.voice.stops import GAINS_DB, Stopped, loudness, share, variants, windows
from bench.voice.yielding import Way, give_way
from evals.recordings import Clip, Recording, clips, sound_of
from evals.words import Score

CONTRACT = {"bench", "mark", "value", "unit", "n", "target", "holds"}
PEERED = CONTRACT | {"peer", "peer_value", "ratio"}


def recording(kind: str = "speech", lang: str = "en", file: str = "a.flac") -> Recording:
    return Recording(file=file, kind=kind, lang=lang)


def by_name(marks: list[made.Mark]) -> dict[str, made.Mark]:
    return {m.mark: m for m in marks}


# ── giving way ──
def test_quantiles_are_of_labelled_recordings_and_misses_are_counted_over_all() -> None:
    found = [
        made.Yielded(recording(lang="en"), True, Way(50.0, 150.0)),
        made.Yielded(recording(lang="de"), True, Way(140.0, None)),
        made.Yielded(recording(lang="fr"), True, Way(None, None, early=True)),
        made.Yielded(recording(lang="es"), False, Way(2000.0, 2100.0)),
        made.Yielded(recording(lang="it"), False, Way(None, None)),
    ]
    marks = by_name(made.yielding(found))
    assert (marks["duck p90"].value, marks["duck p90"].n, marks["duck p90"].holds) == (140.0, 2, False)
    assert (marks["hold p50"].value, marks["hold p50"].n, marks["hold p50"].holds) == (150.0, 1, True)
    assert (marks["missed holds"].value, marks["missed holds"].n) == (2, 5)
    assert "2 languages" in marks["duck p90"].about


def stepped(*probabilities: float):
    """A detector that says what it was told to, then silence."""
    left = list(probabilities)
    return lambda samples: [left.pop(0) if left else 0.0 for _ in range(len(samples) // 512)]


def test_the_duck_comes_with_the_first_voiced_frame_and_the_hold_when_it_is_beyond_doubt() -> None:
    samples = np.zeros(512 * 40, np.float32)
    way = give_way(samples, 5 * 32.0, stepped(*[0.0] * 5, *[0.9] * 10))
    assert way.duck_ms == pytest.approx(32, abs=10)
    assert way.hold_ms == pytest.approx(128, abs=10)
    assert give_way(samples, 5 * 32.0 + 20, stepped(*[0.0] * 5, *[0.9] * 10)).duck_ms == pytest.approx(
        12, abs=10
    )


def test_a_voice_that_is_never_strong_is_ducked_and_not_held() -> None:
    way = give_way(np.zeros(512 * 40, np.float32), 0.0, stepped(*[0.6] * 20))
    assert way.duck_ms is not None
    assert way.hold_ms is None


def test_what_was_heard_before_the_onset_is_early() -> None:
    way = give_way(np.zeros(512 * 40, np.float32), 20 * 32.0, stepped(*[0.0] * 10, *[0.9] * 20))
    assert way.early


# ── answering ──
def clip(lang: str) -> Clip:
    return Clip(id=lang, role="viewer", lang=lang, file="", onset_ms=200, end_ms=2000)


def test_spoken_answers_and_posts_are_marks_of_their_own_by_language() -> None:
    found = [
        Answer(clip("en"), 400, 900, 9000), Answer(clip("en"), 500, 1500, 9000),
        Answer(clip("es"), 600, None, 1000), Answer(clip("fr"), None, None, None),
    ]  # fmt: skip
    marks = by_name(made.answering(found))
    assert (marks["v2v p50"].value, marks["v2v p50"].n, marks["v2v p50"].holds) == (1500, 2, False)
    assert marks["v2v p50 en"].n == 2
    assert (marks["end of speech to post p50"].value, marks["end of speech to post p50 es"].n) == (1000, 1)
    assert marks["unanswered"].value == 1
    assert marks["unanswered"].holds is False


def test_the_demo_clips_are_there_with_their_end() -> None:
    some = clips()
    assert len({c.lang for c in some}) >= 5
    assert all(0 < c.onset_ms < c.end_ms <= len(sound_of(c)) / 16 for c in some)
    assert {c.id for c in clips("host")} >= {"host-stop", "host-mm-hm"}


# ── false stops ──
QUIET = Stopped(False, False)


def test_sounds_weigh_by_their_source() -> None:
    found = {
        "a": [Stopped(True, True), QUIET],
        "b": [QUIET] * 8,
    }
    assert share(found, "held") == pytest.approx(0.25)
    assert share({}, "held") is None


def test_nods_are_apart_from_noises_and_dead_air_is_of_holds_that_resumed() -> None:
    found = [
        (made.Source(recording("laughter", file="l"), 9.0), [Stopped(True, False, (700,)), QUIET]),
        (
            made.Source(recording("filler", file="f"), 9.0),
            [Stopped(True, False, (900,)), Stopped(True, True)],
        ),
    ]
    marks = by_name(made.stops(found))
    assert marks["false holds"].value == 0.5
    assert marks["false holds, nods"].value == 1.0
    assert marks["false cuts"].value == 0.25
    assert (marks["dead air p95"].value, marks["dead air p95"].n) == (900, 2)


def test_every_window_comes_at_five_gains_and_with_a_cafe_at_two_levels() -> None:
    window = np.full(8000, 0.1, np.float32)
    cafe = np.random.default_rng(0).standard_normal(40_000).astype(np.float32) * np.float32(0.01)
    some = list(variants(window, cafe, 1))
    assert len(some) == len(GAINS_DB) + 2
    middle = slice(8000, 16_000)
    assert float(some[0][middle].mean()) == pytest.approx(0.1 * 10 ** (-12 / 20), rel=1e-3)
    assert float(np.abs(some[-1][:8000]).mean()) > 0
    assert loudness(some[-1][:8000]) == pytest.approx(0.1 * 10 ** (-5 / 20), rel=0.3)
    assert len(list(variants(window, None, 1))) == 5
    assert all((a == b).all() for a, b in zip(some, variants(window, cafe, 1), strict=True))


def test_long_recordings_are_cut_into_windows() -> None:
    assert len(windows(np.zeros(16_000, np.float32), 1)) == 1
    assert [len(w) for w in windows(np.zeros(16_000 * 30, np.float32), 1)] == [64_000] * 3


# ── lanes, words, memory, page ──
def test_lanes_count_what_was_lost() -> None:
    two = Crowd(decoding_late_ms=[1.0] * 98 + [50.0] * 2)
    eight = Crowd(spoken=[Spoken("a", 0, 1)] * 4, final_ms=[500.0, 900.0, 700.0], frames=100, holes=2, lost=1)
    marks = by_name(made.lanes(two, eight))
    assert (marks["loop lateness p99"].value, marks["loop lateness p99"].holds) == (50.0, False)
    assert (marks["lanes 8, dropped frames"].value, marks["lanes 8, dropped frames"].holds) == (2, False)
    assert marks["lanes 8, unread"].value == 1
    assert marks["lanes 8, final p95"].value == 900


def test_both_ways_of_reading_stand_beside_each_other() -> None:
    rows = [
        Row(recording(lang="en"), 2.0, Score(1, 10), Score(2, 10), 300.0, 1200.0, ("", "")),
        Row(recording("laughter_in_speech"), 2.0, Score(1, 3), Score(9, 3), 400.0, 1400.0, ("", "")),
        Row(recording(lang="zh"), 2.0, Score(3, 10), Score(2, 10), 500.0, 1600.0, ("", "")),
    ]
    marks = by_name(made.reading(rows))
    assert marks["WER"].line().keys() == PEERED
    assert (marks["WER"].value, marks["WER"].peer_value, marks["WER"].ratio) == (0.1, 0.2, 2.0)
    assert marks["WER, difference"].value == pytest.approx(-10)
    assert marks["CER zh ja th ko, difference"].value == pytest.approx(10)
    assert (marks["WER, disturbed"].n, marks["WER, disturbed"].ratio) == (1, 9.0)
    assert marks["reading a recording p50"].ratio == 3.5
    assert (marks["real-time factor"].value, marks["real-time factor"].ratio) == (0.2, 3.5)


def test_only_whole_transcripts_that_came_with_the_recording_are_compared() -> None:
    def of(**more: str) -> Recording:
        fields = {"file": "a", "kind": "speech", "lang": "en", "transcript": "yes", "transcript_by": "repo"}
        return Recording(**fields | more)

    assert worth_reading([msgspec.structs.replace(of(), seconds=25.0)]) == []

    kept = of()
    others = [
        of(transcript_by="helper: by ear"), of(transcript=""), of(kind="filler"), of(lang="sv"),
        of(note="transcript covers the first sentence only"),
    ]  # fmt: skip
    assert worth_reading([kept, *others]) == [kept]


METRICS = """# TYPE cohost_page_lag_seconds histogram
cohost_page_lag_seconds_bucket{at="held",le="0.02"} 6.0
cohost_page_lag_seconds_bucket{at="held",le="0.04"} 8.0
cohost_page_lag_seconds_bucket{at="held",le="+Inf"} 8.0
cohost_page_lag_seconds_bucket{at="cut",le="0.02"} 1.0
cohost_page_lag_seconds_bucket{at="cut",le="0.04"} 2.0
cohost_page_lag_seconds_bucket{at="cut",le="+Inf"} 2.0
cohost_page_lag_seconds_count{at="cut"} 2.0
"""


def test_page_lag_is_read_from_the_rooms_histogram() -> None:
    lag = lag_of(METRICS)
    assert lag.n == 10
    assert lag.quantile(0.5) == pytest.approx(20 * 5 / 7)
    assert lag.quantile(0.85) == pytest.approx(20 + 20 * 1.5 / 3)
    assert lag_of("").quantile(0.5) is None
    assert lag_of(METRICS.replace("0.04", "0.03")).quantile(1.0) == 30
    mark = made.page(lag, "")
    assert (mark.n, mark.holds) == (10, True)


def test_without_data_or_models_a_mark_has_no_value_and_says_why() -> None:
    marks = [*made.yielding(None), *made.stops(None), *made.reading(None), made.page(None, "no browser"),
             *made.without_models("no Whisper")]  # fmt: skip
    for mark in marks:
        assert mark.line().keys() == CONTRACT
        assert (mark.value, mark.holds, mark.n) == (None, None, 0)
        assert mark.about or "difference" in mark.mark or mark.mark == "real-time factor"


def test_memory_is_of_the_process_that_heard_and_spoke() -> None:
    mark = made.memory({"resident_mb": 775.0, "asked": 6, "spoken": 3})
    assert (mark.value, mark.holds, mark.n) == (775.0, True, 6)
