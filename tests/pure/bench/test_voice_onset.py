"""Where a voice begins by its level alone: signals whose onset is known."""

from __future__ import annotations

import numpy as np
import pytest

from bench.voice.onset import label, levels_db
from bench.voice.yielding import LEAD_MS, TAIL_MS, from_microphone

RATE = 16_000


def tone(ms: int, level: float) -> np.ndarray:
    return (level * np.sqrt(2) * np.sin(2 * np.pi * 200 * np.arange(ms * 16) / RATE)).astype(np.float32)


def noise(ms: int, level: float) -> np.ndarray:
    return (level * np.random.default_rng(1).standard_normal(ms * 16)).astype(np.float32)


def spoken(before_ms: int, voice_ms: int, after_ms: int, quiet: float = 0.0005) -> np.ndarray:
    parts = [noise(before_ms, quiet), tone(voice_ms, 0.1), noise(after_ms, quiet)]
    return np.concatenate(parts)


def test_levels_are_of_ten_milliseconds_in_decibels_of_full_scale() -> None:
    levels = levels_db(tone(100, 0.1))
    assert len(levels) == 10
    assert levels == pytest.approx(np.full(10, -20.0), abs=0.1)
    assert levels_db(np.zeros(1600, np.float32)).max() == -100.0


@pytest.mark.parametrize("before_ms", [0, 10, 200, 730])
def test_the_onset_is_the_first_frame_of_the_voice(before_ms: int) -> None:
    assert label(spoken(before_ms, 800, 400)).onset_ms == before_ms


def test_a_click_before_the_voice_is_not_sustained() -> None:
    samples = spoken(500, 800, 400)
    samples[100 * 16 : 130 * 16] = tone(30, 0.1)
    assert label(samples).onset_ms == 500


def test_a_gap_of_twenty_milliseconds_does_not_delay_the_onset() -> None:
    samples = spoken(300, 800, 400)
    samples[330 * 16 : 350 * 16] = 0
    assert label(samples).onset_ms == 300


def test_what_lies_more_than_25_decibels_below_the_voice_is_no_voice() -> None:
    samples = np.concatenate([noise(300, 0.0002), tone(200, 0.1 * 10 ** (-26 / 20)), spoken(0, 800, 400)])
    assert label(samples).onset_ms == 500
    samples = np.concatenate([noise(300, 0.0002), tone(200, 0.1 * 10 ** (-24 / 20)), spoken(0, 800, 400)])
    assert label(samples).onset_ms == 300


@pytest.mark.parametrize(
    ("samples", "why"),
    [
        (spoken(500, 800, 400, quiet=0.006), "noise too near the voice"),
        (np.zeros(16_000, np.float32), "noise too near the voice"),
        (tone(90, 0.1), "too short"),
    ],
)
def test_what_cannot_be_labelled_says_why(samples: np.ndarray, why: str) -> None:
    found = label(samples)
    assert (found.onset_ms, found.why) == (None, why)


def test_the_lead_of_a_microphone_is_the_same_every_time_and_lies_anywhere_in_a_frame() -> None:
    samples = tone(500, 0.1)
    one, lead = from_microphone(samples, 3)
    again, same = from_microphone(samples, 3)
    assert lead == same
    assert (one == again).all()
    assert len(one) == round((lead + 500 + TAIL_MS) * 16)
    leads = {from_microphone(samples, seed)[1] % 32 for seed in range(40)}
    assert len(leads) > 25
    assert all(LEAD_MS <= from_microphone(samples, seed)[1] < LEAD_MS + 32 for seed in range(40))
