"""What is tried aloud, how sound is trimmed and levelled, when words begin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.common.spoken import RATE
from cohost.mouth.sayable import LONGEST, sayable
from cohost.mouth.timing import timed
from cohost.mouth.trim import FRAME, HEARD_DB, finish


@given(st.text())
def test_what_is_said_keeps_every_character_in_its_place(text):
    said = sayable(text)
    assert said == "" or len(said) == min(len(text), LONGEST)
    assert all(b in (" ", a) for a, b in zip(text, said, strict=False))


@pytest.mark.parametrize(
    "text", ["", "  ", "…!?", "😂😂😂", "👩\u200d👧", "https://a.example/b?c=1", "\x00\x07", "—"]
)
def test_what_has_no_words_is_not_said(text):
    assert sayable(text) == ""


def test_links_emoji_and_controls_become_spaces_and_words_stay():
    text = "see https://a.example/x. 😀 naïve\x07 नमस्ते 12 小时https://b.example/q很好"
    assert sayable(text).split() == ["see", ".", "naïve", "नमस्ते", "12", "小时", "很好"]


def test_a_joiner_stays_between_letters_only():
    assert sayable("क्\u200dष") == "क्\u200dष"
    assert sayable("a\u200d b") == "a  b"


def tone(ms: int, level: float, rate: int = RATE) -> np.ndarray:
    return (level * np.sin(np.arange(rate * ms // 1000) * 2 * np.pi * 220 / rate)).astype(np.float32)


@given(st.integers(0, 900), st.integers(60, 900), st.integers(0, 900), st.floats(0.01, 1.0))
def test_no_silence_before_or_after_and_one_loudness(before, sounding, after, level):
    quiet = [np.zeros(RATE * ms // 1000, np.float32) for ms in (before, after)]
    pcm, cut_ms = finish(np.concatenate([quiet[0], tone(sounding, level), quiet[1]]), RATE)
    samples = np.frombuffer(pcm, "<i2") / 32768
    lead, tail = silence(samples)
    assert lead <= 30
    assert tail <= 80
    assert abs(before - cut_ms - lead) <= 10
    assert np.abs(samples).max() < 10 ** (-1 / 20)
    voiced = samples[lead * 16 : len(samples) - tail * 16]
    assert -21 < 20 * np.log10(np.sqrt((voiced**2).mean())) < -19


def silence(samples: np.ndarray) -> tuple[int, int]:
    """Ms before and after what is heard."""
    levels = np.sqrt((samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME) ** 2).mean(axis=1))
    heard = np.flatnonzero(levels > levels.max() * 10 ** (HEARD_DB / 20))
    return int(heard[0]) * 5, len(samples) * 1000 // RATE - (int(heard[-1]) + 1) * 5


def test_silence_is_no_sound_and_another_rate_is_resampled():
    assert finish(np.zeros(4000, np.float32), RATE) == (b"", 0)
    assert finish(np.zeros(0, np.float32), 24_000) == (b"", 0)
    pcm, _ = finish(tone(500, 0.3, 24_000), 24_000)
    assert abs(len(pcm) // 2 - RATE // 2) < 200


@given(
    st.text(alphabet="ab —é小时", min_size=1),
    st.lists(st.tuples(st.integers(-2, 40), st.integers(-50, 3000))),
)
def test_word_times_never_fall_and_stay_inside_the_sound(text, events):
    words, _ = timed(text, 2000, events)
    times = [w.at_ms for w in words]
    assert times == sorted(times)
    assert all(0 <= t <= 2000 for t in times)


def test_the_engines_times_are_taken_and_gaps_are_shared_out():
    words, exact = timed("Life: 22.4 h — ok", 2000, [(0, 10), (6, 400), (7, 600), (11, 1200), (15, 1600)])
    assert exact
    assert [w.at_ms for w in words] == [10, 400, 1200, 1400, 1600]


def test_one_time_for_a_whole_line_is_not_exact():
    words, exact = timed("このスピーカー", 1400, [(0, 0), (0, 300)])
    assert not exact
    assert [w.at_ms for w in words][:2] == [0, 200]
