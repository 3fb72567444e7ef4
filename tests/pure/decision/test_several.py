"""Several products, several attributes, things asked for by name, figures that the viewer names."""

from __future__ import annotations

import msgspec
import pytest

from cohost.common.question import Quantity, Question
from cohost.decision.answer import answer
from cohost.decision.plan import plan
from cohost.trust.evidence import Fact, Passage, Policy
from cohost.trust.features import feature_name
from tests.pure.decision.brand import CATALOGUE, ITEMS, LANGUAGES, ON, ask, src


def both(attribute: str, *products: str, market: str = "DE", **more: object) -> Question:
    question = ask(attribute, products[0], market)
    return msgspec.structs.replace(question, products=products, product_named=True, **more)


def told(question: Question, items: tuple[object, ...] = ITEMS, lang: str = "en"):  # type: ignore[no-untyped-def]
    return answer(question, items, lang=lang, catalogue=CATALOGUE, on=ON)  # type: ignore[arg-type]


def test_each_product_named_is_answered_by_its_name_with_its_own_evidence() -> None:
    items = (
        *ITEMS,
        Fact(id="E90", source=src("bank/spec.md", "Weight 352 g"), source_class="B", product="bank",
             models=("B-9",), attribute="weight", value=352.0, unit="g", basis="declared"),
    )  # fmt: skip
    draft = told(both("weight", "lamp", "bank"), items)
    assert draft.action == "answer"
    assert "Tern lamp" in draft.text
    assert "Tern bank" in draft.text
    assert "352" in draft.text
    assert {c.id for c in draft.citations} >= {"E90"}
    assert all(c.valid for c in draft.citations)


def test_a_product_without_evidence_is_said_to_have_none_beside_the_other() -> None:
    draft = told(both("weight", "lamp", "cream"))
    assert draft.action == "answer"
    assert "Tern cream" in draft.text


@pytest.mark.parametrize("attribute", ["compatibility", "charging", "in_the_box"])
def test_one_thing_asked_about_with_another_is_a_single_question(attribute: str) -> None:
    made = plan(both(attribute, "lamp", "bank"), ITEMS, CATALOGUE, ON)
    assert made.reason != "several"


def test_two_attributes_of_one_line_are_both_told() -> None:
    question = msgspec.structs.replace(ask("battery", market="DE"), also=("weight",))
    kinds = [p.attribute for p in plan(question, ITEMS, CATALOGUE, ON).points]
    assert kinds[0] == "battery"
    assert "weight" in kinds


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_feature_that_no_document_names_is_declined_by_its_own_name_in_every_language(lang: str) -> None:
    draft = told(ask("connectivity", features=("gps",)), lang=lang)
    assert (draft.action, draft.reason) == ("decline", "no_evidence")
    assert feature_name("gps", lang).casefold() in draft.text.casefold()


def test_the_sentence_that_names_the_feature_is_the_one_quoted() -> None:
    text = (
        "Keep the lamp dry and away from heat at all times. It floats. Do not use it in the sea or in a pool."
    )
    item = Passage(id="E91", source=src("lamp/manual.md", text), source_class="B", product="lamp", text=text,
                   heading="Water", attributes=("water",))  # fmt: skip
    draft = told(ask("water", features=("sea",)), (*ITEMS, item))
    assert "Do not use it in the sea" in draft.text


def test_a_heading_is_no_answer() -> None:
    item = Passage(id="E92", source=src("lamp/spec.md", "Sound and radio"), source_class="B", product="lamp",
                   text="Sound and radio")  # fmt: skip
    question = msgspec.structs.replace(
        ask("battery"), intent="question.other", attributes=(), features=("radio_fm",)
    )
    assert told(question, (*ITEMS, item)).action == "decline"


def test_a_figure_from_a_leaflet_is_answered_with_what_holds() -> None:
    brochure = Fact(id="E93", source=src("lamp/leaflet.md", "Only 580 g", kind="brochure"), source_class="D",
                    product="lamp", attribute="weight", value=580.0, unit="g", basis="declared")  # fmt: skip
    question = msgspec.structs.replace(
        ask("weight", market="DE"), intent="question.other", attributes=(), quantities=(Quantity(0.58, "kg"),)
    )
    draft = told(question, (*ITEMS, brochure))
    assert draft.action == "answer"
    assert "580" not in draft.text


def test_a_decline_always_has_words_even_for_products_with_figures_in_their_names() -> None:
    products = tuple(
        msgspec.structs.replace(p, name=f"{p.name} {n}50") for n, p in enumerate(CATALOGUE.products, 2)
    )
    catalogue = msgspec.structs.replace(CATALOGUE, products=products)
    question = msgspec.structs.replace(ask("price"), products=())
    draft = answer(question, (), lang="en", catalogue=catalogue, on=ON)
    assert (draft.action, draft.reason) == ("decline", "which_product")
    assert "250" in draft.text


def test_the_settings_of_a_temperature_stand_before_a_measured_one_of_another_part() -> None:
    """The report's class is higher, but its row is under a label of its own."""
    common = {"product": "lamp", "models": ("L-1",), "attribute": "temperature"}
    settings = Fact(id="E90", source=src("lamp/spec.md", "Settings 40 / 70 / 100 °C"), source_class="B",
                    value="40 / 70 / 100 °C", basis="declared", **common)  # fmt: skip
    wall = Fact(id="E91", source=src("lamp/report.md", "Outer wall 41 °C"), source_class="A", value=41.0,
                unit="degC", condition="Outer wall", basis="measured", report="E7", **common)  # fmt: skip
    for items in ((settings, wall), (wall, settings)):
        draft = told(ask("temperature", market="DE"), items)
        assert draft.text.index("40 / 70 / 100 °C") < draft.text.index("Outer wall")


def test_a_row_of_few_words_is_no_heading() -> None:
    row = Passage(id="E90", source=src("lamp/spec.md", "Child lock yes"), source_class="B", product="lamp",
                  text="Child lock yes", label="Child lock")  # fmt: skip
    question = msgspec.structs.replace(ask("safety", market="DE"), attributes=(), features=("child_lock",))
    assert "Child lock yes" in told(question, (row,)).text
    assert told(question, (msgspec.structs.replace(row, label=""),)).action == "decline"


def test_a_rule_in_prose_answers_who_asks_for_a_way_to_pay_by_name() -> None:
    rule = Policy(id="E90", source=src("shop/terms.md", "Card or PayPal."), source_class="C",
                  attribute="payment", text="Card or PayPal.")  # fmt: skip
    question = msgspec.structs.replace(ask("payment", market="DE"), features=("paypal",))
    draft = told(question, (rule,))
    assert draft.action == "answer"
    assert "Card or PayPal." in draft.text
    klarna = msgspec.structs.replace(question, features=("klarna",))
    assert told(klarna, (rule,)).action == "decline"
