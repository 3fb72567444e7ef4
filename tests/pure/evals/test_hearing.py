"""What is heard, and what a sound over cohost's voice brings about, against values worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cohost import events as ev
from cohost.common.spoken import Spoken, Word
from cohost.errors import OperatorError
from evals.booth import Trial
from evals.case import read_cases
from evals.external.speech import fleurs, whole
from evals.hearing import FloorSoundCase, Heard, HearingCase, hearing_scores, speech_rate
from evals.recordings import Recording
from evals.runners.floor_sound import floor_scores
from evals.sounds import KEPT, Sound, clip_of, made, noise
from evals.suite import load_suites


def heard(*parts: tuple[str, str], audio_ms: float = 2000) -> Heard:
    return Heard(parts, audio_ms, 500)


def test_words_are_one_less_the_errors_and_characters_where_no_space_parts_them():
    found = hearing_scores("how long does it last", "en", heard(("How long did it", "en")))
    assert found == {"words": pytest.approx(0.6), "language": 1.0}  # one replaced, one left out, of five
    assert hearing_scores("电池能用多久", "zh", heard(("电池用多少", "zh")))["words"] == pytest.approx(4 / 6)
    assert hearing_scores("yes", "en", heard(("a b c d", "de"))) == {"words": 0.0, "language": 0.0}
    named = hearing_scores("yes", "en", heard(("yes", "en")), way="noise")
    assert set(named) == {"words.noise", "language.noise"}


def test_where_nothing_is_said_nothing_may_be_heard():
    assert hearing_scores("", "und", heard()) == {"silent": 1.0}
    assert hearing_scores("", "und", heard(("Thank you.", "en"))) == {"silent": 0.0}
    assert hearing_scores("", "und", heard(("...", "en"))) == {"silent": 1.0}


def test_the_language_is_that_of_most_characters_and_work_counts_by_a_second_of_sound():
    mixed = heard(("ja", "de"), ("how long does it last", "en"))
    assert (mixed.lang, heard().lang) == ("en", "und")
    assert speech_rate(mixed) == {"per_second": 250.0}
    assert speech_rate(heard(audio_ms=0)) == {}


SPEECH = Spoken(b"", tuple(Word(n * 5, n * 5 + 4, n * 400) for n in range(6)), exact=True)


def record(seq: int, at: int, event: ev.Event) -> ev.Record:
    return ev.Record(seq, at, None, None, event)  # type: ignore[arg-type]


def cut(seq: int, at: int, said: str) -> ev.Record:
    event = ev.SpeechCut(speech_id="s", reply_id="r", heard=said, heard_ms=900, reason="host", timing="exact")
    return record(seq, at, event)


def test_the_heard_words_are_those_that_had_begun_when_it_fell_silent():
    hold = record(1, 1900, ev.SpeechHeld(speech_id="s", lane="h", since_onset_ms=100, at_speech_ms=900))
    trial = Trial(1000, (hold, cut(2, 4000, "one two three")))  # 900 ms in: three words of 400 ms had begun
    assert floor_scores("cut", trial, SPEECH) == {"missed_stop": 1.0, "heard_text": 1.0}
    more = Trial(1000, (hold, cut(2, 4000, "one two three four five")))
    assert floor_scores("cut", more, SPEECH)["heard_text"] == 0.0
    assert floor_scores("cut", Trial(1000, (hold,)), SPEECH) == {"missed_stop": 0.0}


def test_what_must_not_stop_cohost_may_make_a_gap_and_that_is_told():
    hold = record(1, 1900, ev.SpeechHeld(speech_id="s", lane="h", since_onset_ms=100, at_speech_ms=900))
    assert floor_scores("none", Trial(0, ()), SPEECH) == {"false_stop": 1.0, "no_gap": 1.0}
    assert floor_scores("none", Trial(0, (hold,)), SPEECH) == {"false_stop": 1.0, "no_gap": 0.0}
    assert floor_scores("none", Trial(0, (cut(1, 9, ""),)), SPEECH) == {"false_stop": 0.0, "no_gap": 0.0}


@pytest.mark.parametrize("kind", ["hiss", "hum", "wind", "applause", "music", "beeps", "clicks", "crowd"])
def test_a_noise_is_the_same_every_time_and_as_loud_as_it_says(kind):
    once, again = noise(kind, 1.0), noise(kind, 1.0)
    assert np.array_equal(once, again)
    assert len(once) == 16_000
    assert float(np.sqrt((once.astype(np.float64) ** 2).mean())) == pytest.approx(0.1, rel=0.01)


def test_a_sound_below_another_has_the_level_it_is_given():
    whole = made(Sound(noise="hum", seconds=1.0, behind="hiss", behind_db=-20))
    below = whole - noise("hum", 1.0)
    assert float(np.sqrt((below.astype(np.float64) ** 2).mean())) == pytest.approx(0.01, rel=0.05)
    assert float(np.abs(made(Sound(noise="silence", seconds=0.5))).max()) == 0.0
    with pytest.raises(OperatorError, match="got clip 'nobody'"):
        clip_of("nobody")


def test_every_sound_that_a_case_names_is_there():
    suites = load_suites()
    heard_ones = read_cases(suites["hearing"].files(), HearingCase)
    floor_ones = read_cases(suites["floor_sound"].files(), FloorSoundCase)
    for case in (*heard_ones, *floor_ones):
        if case.sound.clip:
            clip_of(case.sound.clip)
        if case.sound.file:
            assert (KEPT / case.sound.file).is_file(), case.id


def test_a_fleurs_shaped_folder_is_read_and_a_broken_row_named(tmp_path: Path):
    table = tmp_path / "fleurs" / "cmn_hans_cn" / "test.tsv"
    table.parent.mkdir(parents=True)
    table.write_text("7\t123.wav\t电池“能用”多久\t电池能用多久\t6\t16000\tFEMALE\n", encoding="utf-8")
    (one,) = fleurs(tmp_path)
    assert (one.lang, one.said, one.file) == ("zh", "电池“能用”多久", "fleurs/cmn_hans_cn/audio/test/123.wav")
    table.write_text("7\t123.wav\n", encoding="utf-8")
    with pytest.raises(OperatorError, match=r"cmn_hans_cn/test.tsv:1: got 2 columns"):
        list(fleurs(tmp_path))


def test_only_whole_transcripts_from_where_they_came_count():
    good = Recording("a.flac", "speech", "de", "Guten Tag", "repo", "", 3.0)
    assert whole(good)
    assert not whole(Recording("a.flac", "speech", "de", "Guten Tag", "helper: heard", "", 3.0))
    assert not whole(Recording("a.flac", "speech", "sv", "God dag", "repo", "", 3.0))
    assert not whole(Recording("a.flac", "cough", "de", "Guten Tag", "repo", "", 3.0))
