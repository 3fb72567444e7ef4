"""How a voice is measured: what counts as misread, and what is only written another way."""

import pytest

from cohost.commands.readback import compare
from cohost.commands.voice_lines import lines
from cohost.languages import LANGUAGES
from cohost.mouth.fitness import LEAST_SENTENCES


@pytest.mark.parametrize(
    ("lang", "said", "heard"),
    [
        ("en", "Weight: 620 g.", "weight, 620 grams"),
        ("en", "Price (Germany): €79.90.", "Price Germany 79.90 euros!"),
        ("en", "Voltage: 220–240 V.", "Voltage, 220 to 240 volts"),
        ("es", "Tiempo de carga: 3,5 horas.", "tiempo de carga 3.5 horas"),
        ("es", "Devolución: 14 días.", "devolucion catorce dias"),
        ("ru", "Вес: 620 г.", "вес 620 грамм"),
        ("ar", "الإرجاع: 14 يومًا", "الارجاع 14 يوما"),
        ("zh", "重量：620 g。", "重量620克"),
    ],
)
def test_another_spelling_is_no_error(lang, said, heard):
    read = compare(said, heard, lang)
    assert (read.cer, read.wer) == (0.0, 0.0), read
    assert read.figures[0] == read.figures[1] > 0


def test_a_misread_word_and_a_misread_number_count():
    read = compare("Range: 15 meters, 20 W", "Change 50 meters 20 watts", "en")
    assert read.figures == (2, 1)
    assert read.wer == pytest.approx(1 / 3)
    assert 0 < read.cer < 0.3


def test_nothing_heard_is_all_wrong():
    assert compare("Weight: 620 g.", "", "en") == compare("Weight: 620 g.", "…", "en").__class__(
        "Weight: 620 g.", "", 1.0, 1.0, (1, 0)
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_is_enough_to_say_in_every_language(lang):
    said = lines(lang)
    assert len(said) >= LEAST_SENTENCES
    assert sum(any(c.isdigit() for c in line) for line in said) == len(said)
    assert not any("{" in line for line in said)
