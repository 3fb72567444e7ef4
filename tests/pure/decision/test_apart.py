"""How models of one product differ, and who sells."""

from __future__ import annotations

import msgspec

from cohost.decision.answer import answer
from cohost.trust.evidence import Fact, Passage
from tests.pure.decision.brand import CATALOGUE, ON, ask, src


def hours(number: int, model: str, value: float) -> Fact:
    return Fact(
        id=f"E{number}", source=src("lamp/spec.md", f"Battery life {value} h"), source_class="B",
        product="lamp", models=(model,), attribute="battery", value=value, unit="h", basis="declared",
    )  # fmt: skip


def told(question: object, items: tuple[object, ...]):  # type: ignore[no-untyped-def]
    return answer(question, items, lang="en", catalogue=CATALOGUE, on=ON)  # type: ignore[arg-type]


def test_models_are_told_apart_by_what_evidence_says_of_each() -> None:
    draft = told(ask("difference"), (hours(90, "L-1", 14.0), hours(91, "L-2", 12.0)))
    assert draft.action == "answer"
    assert "14" in draft.text
    assert "12" in draft.text
    assert {c.id for c in draft.citations} == {"E90", "E91"}


def test_models_that_say_the_same_or_of_which_one_says_nothing_are_not_told_apart() -> None:
    assert told(ask("difference"), (hours(90, "L-1", 14.0), hours(91, "L-2", 14.0))).action == "decline"
    assert told(ask("difference"), (hours(90, "L-1", 14.0),)).action == "decline"


def line(number: int, head: str, text: str) -> Passage:
    return Passage(
        id=f"E{number}", source=msgspec.structs.replace(src("kb.toml", text), kind="company"),
        source_class="C", text=f"{head}: {text}", heading=head, attributes=("seller",),
    )  # fmt: skip


SELLER = (
    line(90, "Customer service contact", "care@tern.example"), line(91, "Address", "1 Example Road"),
    line(92, "Legal name", "Tern Beispiel GmbH"),
)  # fmt: skip


def test_who_sells_is_told_by_name_first_and_a_line_asked_for_by_its_word() -> None:
    draft = told(msgspec.structs.replace(ask("seller"), text="who makes this?"), SELLER)
    assert draft.text.index("Tern Beispiel GmbH") < draft.text.index("1 Example Road")
    asked = told(msgspec.structs.replace(ask("seller"), text="what is your contact?"), SELLER)
    assert "care@tern.example" in asked.text
