"""Sizes, systems, measures and amounts in a viewer's line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.common.question import NamedSize, Quantity
from cohost.understanding.merge import same
from cohost.understanding.sizes import about_sizes, sizing
from tests.pure.understanding.shop import CATALOGUE, understand


@pytest.mark.parametrize(
    ("text", "lang", "named"),
    [
        ("la talla M cuánto mide de pecho?", "es", ("M", "")),
        ("do you have it in 3xl", "en", ("3XL", "")),
        ("im a uk 8 whats that in EU", "en", ("8", "UK")),
        ("i'm 8.5 US", "en", ("8.5", "US")),
        ("io porto il 43, ce l'avete?", "it", ("43", "")),
        ("รองเท้าไซส์ 42 ยาวกี่เซนติเมตร", "th", ("42", "")),
        ("uyku tulumu L beden kac kilo", "tr", ("L", "")),
        ("a w L?", "pl", ("L", "")),
        ("我穿43码有吗", "zh", ("43", "")),
        ("英码 8 是多少", "zh", ("8", "UK")),
        ("サイズMの着丈は？", "ja", ("M", "")),
        ("у меня 43 размер", "ru", ("43", "")),
        ("tem tamanho GG?", "pt", ("GG", "")),
        ("what's the chest of size medium", "en", ("M", "")),
        ("eu43 please", "en", ("43", "EU")),
        ("talla 42 europea", "es", ("42", "EU")),
    ],
)
def test_a_size_is_read_with_its_system(text: str, lang: str, named: tuple[str, str]) -> None:
    said = sizing(text, lang)
    assert said is not None
    assert said.named == (NamedSize(*named),)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("does it hold 5 L of water", "en"),
        ("how much is shipping to uk", "en"),
        ("is it 100-240 V", "en"),
        ("IT'S SO COOL", "en"),
        ("l'avete in rosso?", "it"),
        ("do you have 2 left", "en"),
        ("wie viel l passen rein", "de"),
        ("the battery has 5000 mah", "en"),
    ],
)
def test_units_places_and_counts_are_no_sizes(text: str, lang: str) -> None:
    said = sizing(text, lang)
    assert said is None or not [n for n in said.named if n.value not in ("2",)]


@pytest.mark.parametrize(
    ("text", "lang", "measure", "value", "unit"),
    [
        ("57cm kopfumfang welche größe beim helm??", "de", "head", 57.0, "cm"),
        ("hoofd is 58,5 cm, welke maat helm dan?", "nl", "head", 58.5, "cm"),
        ("头围64厘米能戴吗", "zh", "head", 64.0, "cm"),
        ("il mio piede misura 26,2 cm che numero prendo", "it", "foot", 26.2, "cm"),
        ("tengo 98 de pecho q talla pillo", "es", "chest", 98.0, ""),
        ("g 60 cm de tour de tête je prends quoi comme taille", "fr", "head", 60.0, "cm"),
        ("가슴둘레 104인데 사이즈 뭐가 맞아요", "ko", "chest", 104.0, ""),
        ("مقاسي؟ محيط صدري 95 سم", "ar", "chest", 95.0, "cm"),
        ("छाती 99 cm है कौन सा साइज लूं", "hi", "chest", 99.0, "cm"),
    ],
)
def test_a_measure_is_read_with_its_amount(
    text: str, lang: str, measure: str, value: float, unit: str
) -> None:
    said = sizing(text, lang)
    assert said is not None
    assert said.measures[0] == measure
    assert said.amounts == (Quantity(value, unit),)


@pytest.mark.parametrize(
    ("text", "lang", "amounts"),
    [
        ("je fais 1m75 et 70 kg quelle taille", "fr", ((1.75, "m"), (70.0, "kg"))),
        ("soy 1,75 qué talla", "es", ((1.75, "m"),)),
        ("i'm 5'7\" and 140 lbs what size", "en", ((67.0, "inch"), (140.0, "lb"))),
        ("身高175体重70公斤穿什么码", "zh", ((175.0, ""), (70.0, "kg"))),
        ("1.75 € which size", "en", ()),
    ],
)
def test_how_tall_and_how_heavy_somebody_is(
    text: str, lang: str, amounts: tuple[tuple[float, str], ...]
) -> None:
    said = sizing(text, lang)
    assert said is not None
    assert tuple((q.value, q.unit) for q in said.amounts if q.unit != "EUR") == amounts


def test_the_system_asked_for_is_the_one_without_a_size() -> None:
    said = sizing("im a uk 8 whats that in EU", "en")
    assert said is not None
    assert said.asked == ("EU",)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("io porto il 43, ce l'avete?", "it"),
        ("il mio piede misura 26,2 cm che numero prendo", "it"),
        ("im a uk 8 whats that in EU", "en"),
        ("1.75 m which size", "en"),
        ("I'm between two sizes", "en"),
    ],
)
def test_such_a_line_is_a_question_about_sizes(text: str, lang: str) -> None:
    found = understand(text, lang).question
    assert found.attributes[0] == "size_chart"
    assert found.intent == "question.size_chart"


def test_two_sizes_are_two_questions() -> None:
    one, two, again = (
        understand(t).question for t in ("how heavy is size M", "how heavy is size L", "weight of size M?")
    )
    assert not same(one, two, CATALOGUE)
    assert same(one, again, CATALOGUE) == same(again, one, CATALOGUE)


def test_what_says_nothing_of_sizes_keeps_its_scores() -> None:
    scores = [("battery", 0.7)]
    assert about_sizes(scores, sizing("how long does it last", "en")) == scores
    assert about_sizes(scores, None) == scores


@given(st.text(max_size=80), st.sampled_from(["en", "de", "zh", "ar", "hi", "th", "und", "tr"]))
def test_no_line_makes_it_fail(text: str, lang: str) -> None:
    sizing(text, lang)


@pytest.mark.parametrize("text", ["does it work in the UK 230V?", "UK 230 volts ok?", "EU 50 Hz"])
def test_a_country_before_a_voltage_names_no_size(text: str) -> None:
    found = sizing(text, "en")
    assert found is None or not found.named
