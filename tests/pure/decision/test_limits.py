"""The side of a stated figure on which the viewer's amount lies, in eighteen languages."""

from __future__ import annotations

import msgspec
import pytest

from cohost.common.question import Quantity, Question
from cohost.decision.answer import answer_verbose
from cohost.trust.evidence import Fact
from cohost.trust.fits import axes
from tests.pure.decision.brand import CATALOGUE, LANGUAGES, ON, ask, fact

LOAD = fact(1, "lamp", "load", 100.0, "kg", qualifier="up_to", quote="Load up to 100 kg")
RANGE = fact(2, "lamp", "temperature", (-10.0, 40.0), "degC", quote="Operating temperature -10 to 40 °C")
TALL = fact(3, "lamp", "size", "325 × 325 × 96 mm", quote="Dimensions (L × W × H) 325 × 325 × 96 mm")
BARE = fact(4, "lamp", "size", "325 × 325 × 96 mm", quote="Dimensions 325 × 325 × 96 mm")


def asked(attribute: str, value: float, unit: str, *, lang: str = "en", text: str = "") -> Question:
    question = ask(attribute, lang=lang, text=text or "does that work?")
    return msgspec.structs.replace(question, quantities=(Quantity(value, unit),))


def told(question: Question, item: Fact) -> str:
    found = answer_verbose(question, [item], lang=question.lang, catalogue=CATALOGUE, on=ON)
    assert [c.verdict.message for c in found.judged if c.verdict.action != "allow"] == []
    return found.draft.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("item", "value", "unit"),
    [(LOAD, 80.0, "kg"), (LOAD, 120.0, "kg"), (RANGE, 30.0, "degC"), (RANGE, 55.0, "degC"),
     (RANGE, -20.0, "degC")],
)  # fmt: skip
def test_the_side_is_said_behind_the_figure(lang: str, item: Fact, value: float, unit: str) -> None:
    text = told(asked(item.attribute, value, unit, lang=lang), item)
    assert f"{abs(value):g}" in text
    assert f"{100 if item is LOAD else 40}" in text


@pytest.mark.parametrize(
    ("item", "value", "unit", "words"),
    [(LOAD, 80.0, "kg", "80 kg is within this"), (LOAD, 300.0, "lb", "is above this"),
     (RANGE, -20.0, "degC", "is below this")],
)  # fmt: skip
def test_a_limit_has_one_side_and_a_range_two(item: Fact, value: float, unit: str, words: str) -> None:
    assert words in told(asked(item.attribute, value, unit), item)


def test_under_a_sofa_counts_the_height_where_the_document_says_which_it_is() -> None:
    text = "does it fit under a sofa 10 cm high?"
    assert "10 cm is above this" in told(asked("size", 10.0, "cm", text=text), TALL)
    assert "this" not in told(asked("size", 10.0, "cm", text=text), BARE)
    assert "this" not in told(asked("size", 10.0, "cm", text="does it fit in 10 cm?"), TALL)


def test_another_dimension_says_nothing() -> None:
    assert "this" not in told(asked("load", 80.0, "cm"), LOAD)


def test_a_legend_names_the_axes_in_any_language() -> None:
    assert axes("30×20×9 cm", "尺寸 长×宽×高 30×20×9 cm", "zh")["height"] == (9.0, "cm")
    assert axes("30 × 20 × 9 cm", "Maße (B x T x H) 30 × 20 × 9 cm", "de")["depth"] == (20.0, "cm")
    assert axes("Height 96 mm", "", "en") == {"height": (96.0, "mm")}
    assert axes("30 × 20 × 9 cm", "Dimensions 30 × 20 × 9 cm", "en") == {}
