"""A lane: marks in show time, the sound of an utterance whole, holes in the stream, nothing unbounded."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cohost.ears.audio import Pcm
from cohost.ears.lane import FRAME, LEAD_IN_FRAMES, Cue, Lane


def loudness(samples: Pcm) -> list[float]:
    """A detector for tests: a frame of sound is a voice."""
    return [float(np.abs(samples[i : i + FRAME]).max() > 0.1) for i in range(0, len(samples), FRAME)]


def sound(frames: int, level: float = 0.5) -> Pcm:
    return np.full(frames * FRAME, level, np.float32)


def play(lane: Lane, *parts: Pcm, step: int = FRAME, start_ms: int = 1000) -> list[Cue]:
    """Feed in steps at the pace of the sound."""
    cues: list[Cue] = []
    stream = np.concatenate(parts)
    for i in range(0, len(stream), step):
        chunk = stream[i : i + step]
        cues += lane.feed(chunk, start_ms + (i + len(chunk)) * 1000 // 16_000)
    return cues


def test_an_utterance_carries_its_sound_with_a_lead_in_and_its_times() -> None:
    cues = play(Lane(loudness), sound(20, 0), sound(30), sound(40, 0))
    assert [c.mark for c in cues] == ["onset", "confirmed", "strong", "pause", "ended"]
    assert cues[0].at_ms == 1000 + 20 * 32
    ended = cues[-1]
    assert ended.at_ms == 1000 + 50 * 32
    assert ended.start_ms == cues[0].at_ms
    assert ended.sound is not None
    voiced = int((np.abs(ended.sound) > 0.1).sum())
    assert voiced == 30 * FRAME
    assert len(ended.sound) - voiced >= LEAD_IN_FRAMES - 1


def test_chunks_of_any_size_give_the_same_marks() -> None:
    whole = [(c.mark, c.at_ms) for c in play(Lane(loudness), sound(12, 0), sound(20), sound(40, 0))]
    for step in (100, 320, 512, 1600, 5000):
        got = [
            (c.mark, c.at_ms) for c in play(Lane(loudness), sound(12, 0), sound(20), sound(40, 0), step=step)
        ]
        assert [m for m, _ in got] == [m for m, _ in whole]
        assert all(abs(a - b) <= step // 16 + 32 for (_, a), (_, b) in zip(got, whole, strict=True))


def test_after_a_hole_in_the_stream_times_are_right_again() -> None:
    lane = Lane(loudness)
    lane.feed(sound(4, 0), 1000)
    cues = lane.feed(sound(4), 61_000)
    assert 60_000 < cues[0].at_ms <= 61_000


def test_a_burst_never_lies_in_the_future() -> None:
    lane = Lane(loudness)
    for _ in range(5):
        for cue in lane.feed(sound(8), 2000):
            assert cue.at_ms <= 2000


def test_a_speaker_who_leaves_ends_the_utterance_with_what_was_said() -> None:
    lane = Lane(loudness)
    play(lane, sound(4, 0), sound(10))
    (cue,) = lane.close(5000)
    assert cue.mark == "ended"
    assert cue.sound is not None
    assert len(cue.sound) >= 10 * FRAME
    assert not lane.busy
    assert lane.close(6000) == []


def test_an_endless_voice_is_cut_and_its_sound_stays_bounded() -> None:
    cues = play(Lane(loudness), sound(2500), step=FRAME * 4)
    ended = [c for c in cues if c.mark == "ended"]
    assert len(ended) == 2
    assert all(c.sound is not None and len(c.sound) <= 29 * 16_000 for c in ended)
    assert ended[0].number == 1
    assert ended[1].number == 2


@given(st.lists(st.tuples(st.integers(1, 3000), st.floats(-1, 1), st.integers(0, 500)), max_size=40))
def test_no_stream_breaks_a_lane(parts: list[tuple[int, float, int]]) -> None:
    lane, now = Lane(loudness), 0
    for size, level, later in parts:
        now += later
        for cue in lane.feed(np.full(size, level, np.float32), now):
            assert cue.at_ms <= now
            assert (cue.sound is not None) == (cue.mark in ("pause", "ended"))
