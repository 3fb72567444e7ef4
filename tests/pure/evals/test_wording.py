"""Reading replies: amounts in any writing, words that stand apart, denials."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.wording import denied, fold, negated, sentences, stands, stands_apart, unquoted


@pytest.mark.parametrize(
    ("entry", "text", "lang"),
    [
        ("12-18 day", "12 a 18 dias úteis após o envio", "pt"),
        ("12-18 day", "发货后 12 至 18 个工作日", "zh"),
        ("79.90 EUR", "Preis: 79,90 €", "de"),
        ("12800 JPY", "価格:¥12,800", "ja"),
        ("36 month", "3 años", "es"),
        ("10000 mm", "10.000 mm Wassersäule", "de"),
        ("1 m", "100 cm tief", "de"),
        ("220-240 V", "220–240 V", "en"),
        ("IPX7", "防水:IPX7", "zh"),
        ("9800", "¥9,800", "ja"),
    ],
)
def test_what_is_expected_is_found(entry: str, text: str, lang: str) -> None:
    assert stands(entry, text, lang)


@pytest.mark.parametrize(
    ("entry", "text", "lang"),
    [
        ("22.4 h", "22 h", "en"),
        ("7 day", "17 days", "en"),
        ("30 h", "30 min", "en"),
        ("74 Wh", "74 W", "en"),
    ],
)
def test_another_figure_or_unit_is_not_it(entry: str, text: str, lang: str) -> None:
    assert not stands(entry, text, lang)


def test_words_stand_apart_in_latin_and_anywhere_in_han() -> None:
    assert not stands_apart("sea", "taped seams", "en")
    assert stands_apart("防水", "完全防水的音箱", "zh")
    assert not stands_apart("FCC ID", "FCC IDs", "en")


def test_folding_takes_marks_of_direction_dashes_and_spaces_away() -> None:
    assert fold("RX2\u2011PRO\u200f  640\u202fg") == "rx2-pro 640 g"


def test_decimals_do_not_end_a_sentence() -> None:
    assert sentences("It lasts 22.4 h. It is IPX7.") == ["It lasts 22.4 h.", "It is IPX7."]
    assert sentences("防水。不支持IPX8。") == ["防水。", "不支持IPX8。"]


@pytest.mark.parametrize(
    ("sentence", "lang", "denies"),
    [
        ("Elle n'est pas étanche", "fr", True),
        ("Er ist wasserdicht", "de", False),
        ("It doesn't charge", "en", True),
        ("Note well", "en", False),
        ("ليست مقاومة للماء", "ar", True),
        ("防水ではありません", "ja", True),
    ],
)
def test_a_denial_is_a_word_of_negation(sentence: str, lang: str, denies: bool) -> None:
    assert negated(sentence, lang) is denies


def test_a_word_counts_as_denied_only_where_each_sentence_with_it_denies() -> None:
    assert denied("IPX8", "It is not IPX8.", "en")
    assert not denied("IPX8", "It is not bad. It is IPX8.", "en")


@given(st.text(max_size=80), st.sampled_from(["en", "ar", "zh", "xx", "und"]))
def test_no_text_breaks_the_reading(text: str, lang: str) -> None:
    for entry in ("22.4 h", "IPX7", "a|b"):
        stands(entry, text, lang)
        stands_apart(entry, text, lang)
    negated(text, lang)


def test_spaces_that_do_not_break_and_marks_of_direction_are_read_through() -> None:
    assert stands("74 Wh", "Energy: 74\u00a0Wh", "en")
    assert stands("9100 mm", "Colonne d'eau : 9\u202f100\u00a0mm", "fr")
    assert stands("79.90 EUR", "السعر: \u200f79.90\u00a0€", "ar")


def test_a_bare_number_is_found_as_version_too_but_not_inside_another() -> None:
    assert stands("4.2", "Bluetooth 4.2 or later", "en")
    assert not stands("4.2", "Bluetooth 14.25", "en")
    assert not stands_apart("289", "R$ 2.289,00", "pt")


def test_what_a_reply_quotes_is_not_its_language() -> None:
    assert unquoted("Laut FAQ: „It works.“ Gut.").split() == ["Laut", "FAQ:", "Gut."]


def test_an_arabic_denial_may_be_joined_to_its_and() -> None:
    assert negated("20 كغم أعلى من ذلك، وليس ضمن هذا الحد.", "ar")
    assert not negated("وضمن هذا الحد.", "ar")
