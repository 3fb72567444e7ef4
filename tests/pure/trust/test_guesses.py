"""Guesses against a fact: figures in any unit, names in any language; what is no guess at all."""

from __future__ import annotations

from typing import Any

import pytest

from cohost.languages import LANGUAGES, table
from cohost.trust.evidence import Fact, SizeRow
from cohost.trust.guesses import asked_of, guessable, judge, judge_meaning, rows
from tests.pure.decision.brand import fact

BATTERY = fact(1, "lamp", "battery", 24.3, "h", condition="at 50 % volume")
WEIGHT = fact(2, "lamp", "weight", 580.0, "g")
RANGE = fact(3, "lamp", "temperature", (0.0, 45.0), "degC")
SHELL = fact(4, "lamp", "material", "recycled aluminium")
COLOURS = fact(5, "lamp", "color", ("Black", "Sand"))
WATER = fact(6, "lamp", "water", "IPX7")


@pytest.mark.parametrize(
    ("text", "lang", "item", "verdict"),
    [
        ("24", "en", BATTERY, "right"), ("24,3 Stunden", "de", BATTERY, "right"),
        ("25", "en", BATTERY, "wrong"),
        ("1458 min", "en", BATTERY, "right"), ("٢٤ ساعة", "ar", BATTERY, "right"),
        ("二十四小时", "zh", BATTERY, "right"), ("24時間くらい", "ja", BATTERY, "right"),
        ("24 ชั่วโมง", "th", BATTERY, "right"), ("२४ घंटे", "hi", BATTERY, "right"),
        ("24시간", "ko", BATTERY, "right"), ("24 часа", "ru", BATTERY, "right"), ("24 V", "en", BATTERY, ""),
        ("hello", "en", BATTERY, ""), ("twenty four hours", "en", BATTERY, ""), ("", "en", BATTERY, ""),
        ("0,58 kg", "de", WEIGHT, "right"), ("600 g", "en", WEIGHT, "wrong"),
        ("1.3 lb", "en", WEIGHT, "right"),
        ("590 g", "en", WEIGHT, "wrong"), ("0-45 °C", "en", RANGE, "right"), ("50 °C", "en", RANGE, "wrong"),
        ("20 or 24", "en", BATTERY, "wrong"),
        ("IPX7", "und", WATER, "right"), ("ipx7!", "fr", WATER, "right"), ("IPX8", "en", WATER, "unread"),
        ("aluminium", "en", SHELL, "right"), ("plastic", "en", SHELL, "wrong"), ("or", "fr", SHELL, "wrong"),
        ("aluminium or plastic", "en", SHELL, "right"),
        ("plastic, steel, wood, aluminium", "en", SHELL, "wrong"),
        ("walnut", "en", SHELL, "unread"), ("blackberry", "en", COLOURS, "unread"),
        ("sand", "en", COLOURS, "right"), ("white", "en", COLOURS, "wrong"),
    ],
)  # fmt: skip
def test_what_a_line_guesses(text: str, lang: str, item: Fact, verdict: str) -> None:
    assert judge(text, lang, item).verdict == verdict


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_value_is_known_by_every_name_it_has_in_a_language(lang: str) -> None:
    values = table(lang, "values")
    for form in values["nouns"]["aluminium"]:
        assert judge(form, lang, SHELL).verdict == "right", form
    for form in values["adjectives"]["black"]:
        assert judge(form, lang, COLOURS).verdict == "right", form
    for form in values["nouns"]["plastic"]:
        assert judge(form, lang, SHELL).verdict == "wrong", form


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_asked_names_the_attribute_in_every_language_and_never_the_answer(lang: str) -> None:
    for item in (BATTERY, WEIGHT, RANGE, SHELL, COLOURS, WATER):
        asked = asked_of(item, lang)
        assert asked
        assert judge(asked, lang, item).verdict != "right"


def test_a_condition_that_holds_the_answer_is_left_out() -> None:
    item = fact(7, "lamp", "battery", 50.0, "h", condition="at 50 % volume")
    assert asked_of(item, "en") == asked_of(fact(8, "lamp", "battery", 50.0, "h"), "en")


@pytest.mark.parametrize(
    "given",
    [
        {"attribute": "price", "value": 59.9, "unit": "EUR"}, {"attribute": "dishwasher", "value": True},
        {"attribute": "care", "value": "Wipe with a damp cloth."},
        {"attribute": "effect", "value": "brighter"}, {"attribute": "material", "value": "x" * 80},
        {"attribute": "material", "value": "leather", "polarity": False},
        {"attribute": "size_chart", "value": 1.0, "size": SizeRow(chart="c", place=0, labels=())},
        {"attribute": "material", "value": "a long sentence that nobody would ever type as a guess"},
    ],
)  # fmt: skip
def test_what_is_shown_anyway_or_could_not_be_found_is_no_game(given: dict[str, Any]) -> None:
    assert not guessable(fact(9, "lamp", **given))


def test_a_fact_of_no_product_is_no_game() -> None:
    assert not guessable(fact(9, None, "weight", 5.0, "g"))  # type: ignore[arg-type]


def test_words_that_no_table_knows_are_judged_by_the_nearest_value() -> None:
    assert judge_meaning([("answer", 0.8), ("nouns:wood", 0.3)], SHELL) == "right"
    assert judge_meaning([("nouns:aluminium", 0.9), ("adjectives:recycled", 0.9)], SHELL) == "right"
    assert judge_meaning([("nouns:wood", 0.8), ("answer", 0.3)], SHELL) == "wrong"
    assert judge_meaning([("nouns:wood", 0.8), ("answer", 0.78)], SHELL) == ""
    assert judge_meaning([("answer", 0.3)], SHELL) == ""
    assert judge_meaning([], SHELL) == ""


def test_an_embedder_is_given_the_answer_beside_every_other_value() -> None:
    found = rows(SHELL, "de")
    assert ("answer", "Aluminium (recycelt)") in found or any(name == "answer" for name, _ in found)
    assert len(found) > 100
