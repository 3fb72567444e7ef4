"""Words compared: edits counted by hand."""

from __future__ import annotations

import pytest

from evals.words import Score, edits, plain, rate, score, units


@pytest.mark.parametrize(
    ("wanted", "got", "count"),
    [
        ("", "", 0), ("abc", "", 3), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2),
        ("abcd", "abcd", 0), ("abcd", "acbd", 2), ("sunday", "saturday", 3),
    ],
)  # fmt: skip
def test_edits_are_the_least(wanted: str, got: str, count: int) -> None:
    assert edits(wanted, got) == edits(got, wanted) == count


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Hello, World!", "hello world"),
        ("It’s  22.4 h — at 50 %", "its 22 4 h at 50"),
        ("ﬁne Ｉ", "fine i"),
        ("¿Cuántas horas?", "cuántas horas"),
        ("[laughter] montreal <VOCNOISE> (um) forced", "montreal forced"),
        ("लूना को, पहलवानों ने।", "लूना को पहलवानों ने"),
        ("Straße", "strasse"),
        ("…", ""),
    ],
)
def test_case_punctuation_and_forms_do_not_count_numbers_and_accents_do(text: str, same: str) -> None:
    assert plain(text) == same


def test_words_or_characters() -> None:
    assert units("The battery lasts", "en") == ["the", "battery", "lasts"]
    assert units("电池 能用。", "zh-CN") == ["电", "池", "能", "用"]
    assert units("로 예약", "ko") == ["로", "예", "약"]


def test_a_recording_by_hand() -> None:
    # one replaced, one missing, one too many, of six
    heard = "the cat sad on mat today"
    assert score("The cat sat on the mat.", heard, "en") == Score(3, 6)
    assert score("东京是晴天", "东京晴天气", "zh") == Score(2, 5)


def test_the_rate_is_over_all_units_not_over_recordings() -> None:
    assert rate([Score(1, 2), Score(0, 8)]) == pytest.approx(0.1)
    assert rate([]) is None
    assert rate([Score(0, 0)]) is None
