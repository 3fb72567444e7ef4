"""Show lines: what is told, what never is, and tables that claim nothing, in eighteen languages."""

from __future__ import annotations

import string

import msgspec
import pytest

from cohost.decision.script import SECTIONS, Script, compose_script, is_sold
from cohost.decision.script_frames import before_value
from cohost.decision.script_pick import BENEFITS, SALE
from cohost.languages import LANGUAGES, table
from cohost.trust.evidence import Certificate
from cohost.trust.guard import GuardContext, check
from cohost.trust.guard_vocab import claimed
from tests.pure.decision.brand import CATALOGUE, ITEMS, ON, day, fact, market_fact, src

REFERENCE = table("en", "script")
NAMES_WATER = {
    "water_column"
}  # the measure itself is called by a word for water resistance in some languages


def script(product: str = "lamp", market: str = "DE", lang: str = "en", items=ITEMS) -> Script:
    return compose_script(items, CATALOGUE, ON, product=product, market=market, lang=lang)


def told(made: Script, section: str) -> str:
    return "\n".join(line.text for line in made.lines if line.section == section)


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_frame_with_its_places_and_no_figure(lang: str) -> None:
    rows = table(lang, "script")
    assert {s: set(r) for s, r in rows.items()} == {s: set(r) for s, r in REFERENCE.items()}
    for section, frames in rows.items():
        for name, text in frames.items():
            assert slots(text) == slots(REFERENCE[section][name]), (section, name)
            assert not any(c.isdigit() for c in text), (section, name)


def test_every_attribute_that_makes_a_line_has_its_frame() -> None:
    assert set(REFERENCE["benefit"]) == set(BENEFITS)
    assert set(REFERENCE["sale"]) == set(SALE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_scene_and_no_frame_claims_anything_by_itself(lang: str) -> None:
    """Read by the guard without any evidence. The viewer's own questions (`ask`) are not cohost's words."""
    context = GuardContext(
        lang=lang, market="DE", product="lamp", model="L-1", on=ON, catalogue=CATALOGUE, items=(),
        origin="composer", question=None,
    )  # fmt: skip
    for section, frames in table(lang, "script").items():
        for name, text in frames.items():
            if section == "ask":
                continue
            scene = before_value(lang, f"{section}.{name}", country="", product="Tern", text="")
            parts = (
                [scene] if name in NAMES_WATER else [scene, text.format_map(dict.fromkeys(slots(text), ""))]
            )
            for part in parts:
                assert check(part, (), context).action == "allow", (name, part)
            if section == "benefit":
                assert not claimed(scene, lang), (name, scene)


def test_the_guard_would_see_a_scene_that_claims() -> None:
    context = GuardContext(
        lang="en", market="DE", product="lamp", model="L-1", on=ON, catalogue=CATALOGUE, items=(),
        origin="composer", question=None,
    )  # fmt: skip
    assert check("Take it into the shower, it is waterproof.", (), context).action != "allow"


def test_a_line_is_scene_value_meaning_and_who_says_so_with_its_evidence() -> None:
    line = next(x for x in script().lines if x.section == "benefits" and x.attribute == "battery")
    assert line.text.startswith(line.scene)
    assert "22.4 hours (at 50 % light)" in line.text
    assert "declared by the maker: 24 hours" in line.text
    assert "measured, test report TL-2026-04" in line.text
    assert [c.id for c in line.citations] == ["E3", "E1"]
    assert line.claims[0].evidence == ("E3", "E1")
    assert line.claims[0].text in line.text
    assert line.scene not in line.claims[0].text


def test_sections_stand_in_their_order_and_measured_lines_come_first() -> None:
    made = script()
    order = [SECTIONS.index(line.section) for line in made.lines]
    assert order == sorted(order)
    assert [x.attribute for x in made.lines if x.section == "benefits"][:2] == ["battery", "water"]


def test_only_the_model_the_papers_and_the_price_of_the_market_are_told() -> None:
    germany, america = script(), script(market="US")
    assert (germany.variant, america.variant) == ("L-1", "L-2")
    assert "780" not in told(germany, "benefits")
    assert "620" not in told(america, "benefits")
    assert "T-DOC-02" in told(germany, "proof")
    assert "2AXYZ" not in told(germany, "proof")
    assert "2AXYZ-L2" in told(america, "proof")
    assert "T-DOC-02" not in told(america, "proof")
    assert "€79.90" in told(germany, "sale")
    assert "89.90" not in told(germany, "sale")


def test_a_price_that_has_run_out_is_not_told_and_the_host_hears_of_it() -> None:
    made = script(market="JP")
    assert "12,800" not in "\n".join(x.text for x in made.lines)
    assert made.notes


def test_an_expired_paper_or_one_for_a_part_is_no_proof() -> None:
    thailand = script("bank", "TH")
    assert "9998-7/2879" not in told(thailand, "proof")
    assert "MH000" not in told(script("bank", "US"), "proof")
    assert not any(x.section == "sale" for x in thailand.lines)  # mandatory there, and run out


def test_with_the_paper_renewed_the_same_show_has_proof_and_price() -> None:
    renewed = [
        msgspec.structs.replace(i, valid_until=day(12, 31, 2029))
        if isinstance(i, Certificate) and i.scheme == "TISI"
        else i
        for i in ITEMS
    ]
    made = script("bank", "TH", items=renewed)
    assert "9998-7/2879" in told(made, "proof")
    assert "1,290" in told(made, "sale")


def test_where_it_is_not_sold_only_that_is_said() -> None:
    assert not is_sold(CATALOGUE, "dryer", "US")
    made = script("dryer", "US")
    assert {x.section for x in made.lines} == {"sale"}
    assert "no delivery" in made.lines[0].text
    assert made.variant is None


def test_a_warning_is_an_answer_and_never_a_benefit() -> None:
    made = script("dryer", "DE")
    assert "bathtub" in told(made, "objections")
    assert "bathtub" not in told(made, "benefits")


def test_what_the_document_denies_is_no_benefit() -> None:
    items = [fact(1, "cream", "water", False), fact(2, "cream", "capacity", 30.0, "mL")]
    assert [x.attribute for x in script("cream", "DE", items=items).lines if x.section == "benefits"] == [
        "capacity"
    ]


def test_no_evidence_makes_no_line_with_a_claim() -> None:
    made = script(items=[])
    assert not any(x.claims or x.section in ("benefits", "proof", "sale") for x in made.lines)


def test_another_markets_policy_and_a_held_back_item_are_not_told() -> None:
    items = [
        market_fact(1, "lamp", "FR", "shipping_cost", 6.5, "EUR"),
        fact(2, "lamp", "weight", 999.0, "g", release="draft", models=("L-1",)),
        fact(3, "lamp", "noise", 31.0, "dB", models=("L-1",), valid_until=day(11, 19)),
        fact(4, "lamp", "range", 8.0, "m", models=("L-1",), markets=("US",)),
    ]
    text = "\n".join(x.text for x in script(items=items).lines)
    assert not any(figure in text for figure in ("6.5", "999", "31", "8 m"))


def test_foreign_words_are_told_last() -> None:
    blend = src("a.md", "brushed gunmetal blend", lang="en")
    items = [
        fact(1, "lamp", "material", "brushed gunmetal blend", models=("L-1",), source=blend),
        fact(2, "lamp", "size", 12.0, "cm", models=("L-1",)),
    ]
    order = [x.attribute for x in script(lang="de", items=items).lines if x.section == "benefits"]
    assert order == ["size", "material"]
