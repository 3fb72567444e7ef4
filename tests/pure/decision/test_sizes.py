"""Sizes answered from charts in eighteen languages; every sentence has passed the guard."""

from __future__ import annotations

import msgspec
import pytest

from cohost.common.question import Draft, NamedSize, Quantity, Question, Sizing
from cohost.decision.answer import answer, answer_verbose
from cohost.decision.plan import plan
from cohost.trust.evidence import Evidence, Fact, SizeLabel, SizeMeasure, SizeRow
from cohost.trust.settle import settle
from tests.pure.decision.brand import CATALOGUE, LANGUAGES, ON, ask, fact, src


def head_row(number: int, place: int, label: str, low: float, high: float) -> Fact:
    return fact(
        number, "lamp", "size_chart", label, condition=label,
        source=src("lamp/sizes.xlsx", f"{label} {low:g} {high:g}", kind="spec"),
        size=SizeRow("1", place, (SizeLabel(label),), (SizeMeasure("head", "Head (cm)", low, high, "cm"),)),
    )  # fmt: skip


def foot_row(number: int, place: int, eu: str, uk: str, us: str, cm: float) -> Fact:
    labels = (SizeLabel(eu, "EU", "EU"), SizeLabel(uk, "UK", "UK"), SizeLabel(us, "US", "US men"))
    return fact(
        number, "bank", "size_chart", eu, condition=f"EU {eu} / UK {uk} / US {us}",
        source=src("bank/sizes.csv", f"{eu} {uk} {us} {cm}", kind="spec"),
        size=SizeRow("1", place, labels, (SizeMeasure("foot", "Foot length (cm)", cm, cm, "cm"),)),
    )  # fmt: skip


def weight_row(number: int, place: int, label: str, grams: float) -> Fact:
    measure = SizeMeasure("weight", "Weight", grams, grams, "g", "garment")
    return fact(
        number, "lamp", "weight", grams, "g", condition=f"Size {label}", quote="Size S: 310 g Size M: 340 g",
        size=SizeRow("2", place, (SizeLabel(label),), (measure,)),
    )  # fmt: skip


MAKER = "declared by the maker, size chart"
RULE = fact(
    9, "lamp", "size_chart", "Between two sizes take the larger one.", between_sizes="larger",
    source=src("lamp/spec.pdf", "Between two sizes take the larger one.", kind="spec"),
)  # fmt: skip
WEIGHTS = tuple(weight_row(20 + n, n, label, grams) for n, label, grams in ((0, "S", 310.0), (1, "M", 340.0)))
HELMET: tuple[Evidence, ...] = (
    head_row(1, 0, "S", 51.0, 54.0),
    head_row(2, 1, "M", 55.0, 58.0),
    head_row(3, 2, "L", 59.0, 62.0),
    RULE,
)
SHOE: tuple[Evidence, ...] = (
    foot_row(11, 0, "41", "7.5", "8", 26.0),
    foot_row(12, 1, "42", "8", "8.5", 26.7),
    foot_row(13, 2, "43", "9", "9.5", 27.4),
)


def sized(
    said: Sizing, *, lang: str = "en", product: str = "lamp", attribute: str = "size_chart"
) -> Question:
    return msgspec.structs.replace(ask(attribute, lang=lang, product=product), sizing=said)


def told(said: Sizing, items: tuple[Evidence, ...] = HELMET, **more: str) -> Draft:
    question = sized(said, **more)
    return answer(question, items, lang=question.lang, catalogue=CATALOGUE, on=ON)


def of_head(value: float, unit: str = "cm") -> Sizing:
    return Sizing(measures=("head",), amounts=(Quantity(value, unit),), says=("choose", "size"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("value", "cites"), [(57.0, {"E2"}), (58.5, {"E2", "E3", "E9"}), (64.0, {"E3"}), (50.0, {"E1"})]
)
def test_an_amount_finds_its_row_in_every_language(lang: str, value: float, cites: set[str]) -> None:
    question = sized(of_head(value), lang=lang)
    found = answer_verbose(question, HELMET, lang=lang, catalogue=CATALOGUE, on=ON)
    assert [c.verdict.message for c in found.judged if c.verdict.action != "allow"] == []
    assert found.draft.action == "answer"
    assert {i for c in found.draft.claims for i in c.evidence} == cites
    assert {c.kind for c in found.draft.citations} == {"fact"}


def test_the_row_is_told_with_its_measure_and_source() -> None:
    assert (
        told(of_head(57.0)).text == "Size M: head circumference 55–58 cm — declared by the maker, size chart."
    )


def test_between_two_sizes_both_are_told_and_the_documents_rule() -> None:
    draft = told(of_head(58.5))
    assert draft.text == (
        f"Head circumference 58.5 cm: between M (55–58 cm) and L (59–62 cm) — {MAKER}. "
        "The document says: between two sizes take the larger one (L)."
    )


def test_without_a_rule_nobody_chooses() -> None:
    draft = told(of_head(58.5), HELMET[:3])
    assert "larger" not in draft.text
    assert "M (55–58 cm)" in draft.text


def test_beyond_the_chart_the_last_size_is_told() -> None:
    assert "above the largest size, L (59–62 cm)" in told(of_head(64.0)).text
    assert "below the smallest size, S (51–54 cm)" in told(of_head(50.0)).text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_size_is_turned_into_the_system_asked_in_every_language(lang: str) -> None:
    said = Sizing(named=(NamedSize("8", "UK"),), asked=("EU",))
    draft = told(said, SHOE, lang=lang, product="bank")
    assert "UK 8" in draft.text
    assert "EU 42" in draft.text
    assert [c.id for c in draft.citations] == ["E12"]


def test_a_system_the_chart_has_not_is_never_reckoned() -> None:
    draft = told(Sizing(named=(NamedSize("8", "UK"),), asked=("JP",)), SHOE, product="bank")
    assert "JP" not in draft.text
    assert "nothing beyond" in draft.text


def test_the_measure_asked_of_a_size_is_told_alone() -> None:
    draft = told(Sizing(named=(NamedSize("42"),), measures=("length",), says=("size",)), SHOE, product="bank")
    assert draft.text == "Size EU 42: foot length 26.7 cm — declared by the maker, size chart."


def test_a_measure_the_chart_has_not_is_no_answer() -> None:
    draft = told(Sizing(named=(NamedSize("42"),), measures=("hip",), says=("size",)), SHOE, product="bank")
    assert draft.action == "decline"


def test_a_size_that_is_not_listed_is_said_with_those_that_are() -> None:
    draft = told(Sizing(named=(NamedSize("47"),), says=("wear",)), SHOE, product="bank")
    assert draft.text == f"Size 47 is not in the size chart; it lists EU 41, EU 42, EU 43 — {MAKER}."


def test_the_sizes_there_are() -> None:
    assert told(Sizing(says=("size",))).text == "Sizes: S, M, L — declared by the maker, size chart."


def test_a_weight_told_by_size_is_the_one_of_the_size_named() -> None:
    draft = told(Sizing(named=(NamedSize("M"),)), (*HELMET, *WEIGHTS), attribute="weight")
    assert draft.text.startswith("Size M: weight 340 g")


def test_rows_of_a_chart_are_never_told_alone() -> None:
    assert settle(HELMET, attribute="size_chart", model=None, market=None, on=ON).chosen is None
    assert [p.kind for p in plan(sized(Sizing()), HELMET, CATALOGUE, ON).points] == ["sizes"]


def test_figures_of_two_sizes_are_no_contradiction() -> None:
    found = settle(WEIGHTS, attribute="weight", model=None, market=None, on=ON)
    assert found.conflicts == ()


def test_another_attribute_is_left_to_its_own_evidence() -> None:
    question = sized(Sizing(named=(NamedSize("M"),)), attribute="battery")
    made = plan(question, (*HELMET, fact(7, "lamp", "battery", 24.0, "h")), CATALOGUE, ON)
    assert made.points[0].attribute == "battery"
