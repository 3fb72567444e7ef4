"""Units, money and spans as words; where each word of the sentence is found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.languages import LANGUAGES
from cohost.mouth.figures import say


@pytest.mark.parametrize(
    ("lang", "written", "said"),
    [
        ("en", "Weight: 620 g", "Weight: 620 grams"),
        ("en", "1 kg, 12.5 V, 20 W", "1 kilogram, 12.5 volts, 20 watts"),
        ("en", "Price: €79.90", "Price: 79.90 euros"),
        ("en", "220–240 V", "220 to 240 volts"),
        ("en", "20000 mAh, 35 dB(A)", "20000 milliampere hours, 35 decibels"),
        ("es", "12–18 días, 79,90 €, 1 m", "12 a 18 días, 79,90 euros, 1 metro"),
        ("de", "5–40 °C", "5 bis 40 Grad Celsius"),
        ("fr", "1 h, 3 h", "1 heure, 3 heures"),
        ("pt", "R$ 549,00", "549,00 Reais brasileiros"),
        ("ru", "вес 1 г, 2 г, 5 г", "вес 1 грамм, 2 грамма, 5 грамм"),
        ("zh", "220–240 V，620 g", "220至240伏特，620克"),
        ("ja", "5–40°C", "5～40 度"),
        ("hi", "620 ग्रा॰", "620 ग्राम"),
    ],
)
def test_units_money_and_spans_are_words_of_the_language(lang, written, said):
    assert say(written, lang).text.replace("\u00a0", " ") == said


@pytest.mark.parametrize("text", [
    "IPX7, RX2, TD-20", "12.5 l/min", "RET 18.6 m²·Pa/W", "EXL-2026-0417", "2026-11-20", "50 %", "3 hours",
    "the 5 Germans", "USB 3.0",
])  # fmt: skip
def test_what_is_no_figure_with_a_unit_stays_as_it_is(text):
    assert say(text, "en").text == text


@given(st.text(alphabet="0123456789.,–- gmVW€$°C%hkабв小", max_size=40), st.sampled_from(LANGUAGES))
def test_every_character_that_is_said_has_its_place_in_the_sentence(text, lang):
    said = say(text, lang)
    assert len(said.text) == len(said.places)
    assert list(said.places) == sorted(said.places)
    assert all(0 <= place < len(text) for place in said.places)


def test_a_word_behind_a_figure_is_found_in_the_sentence():
    text = "Weight: 620 g, measured"
    said = say(text, "es")
    assert text[said.place(said.text.index("measured")) :] == "measured"
    assert said.place(said.text.index("gramos")) in range(text.index("620"), text.index(","))
