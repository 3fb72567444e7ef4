"""Questions that no document answers: asked of the real planner."""

from cohost.check.gaps import Gap, asked_of, gaps
from cohost.check.readiness import readiness
from cohost.trust.attributes import ontology
from cohost.trust.evidence import Evidence
from cohost.trust.schemes import goods_table
from tests.pure.check.made import CATALOGUE, ON, fact, offered, paper, term, text

ALL = ("DE", "GB", "US")


def found(*items: Evidence) -> dict[tuple[str, str], Gap]:
    rows = readiness(CATALOGUE, items, ON)
    return {(g.product, g.attribute): g for g in gaps(CATALOGUE, items, rows, ON)}


def test_what_is_told_in_one_market_is_missed_in_the_others() -> None:
    missing = found(*offered("box", *ALL), term("warranty", 24.0, "DE", "month", document="warranty.md"))
    gap = missing["box", "warranty"]
    assert (gap.markets, gap.everywhere) == (("GB", "US"), False)
    assert gap.example == "how long is the warranty"
    assert ("box", "price") not in missing


def test_a_fact_closes_the_gap_everywhere_and_for_its_model_only() -> None:
    assert found()["box", "weight"].everywhere
    assert ("box", "weight") not in found(fact("weight", 620.0, "g"))
    pro = found(fact("weight", 620.0, "g", models=("B1-PRO",)))
    assert pro["box", "weight"].markets == ("DE", "GB")


def test_a_passage_about_it_closes_the_gap_only_under_its_own_heading() -> None:
    assert ("box", "how_to_use") in found(text("Press the key for two seconds.", "how_to_use"))


def test_only_what_makes_sense_for_the_goods_is_asked() -> None:
    box, dew, coat = (set(asked_of(CATALOGUE, (), p)) for p in ("box", "dew", "coat"))
    assert {"connectivity", "range", "power", "water", "difference"} <= box
    assert {"ingredients", "skin_type", "allergens"} <= dew
    assert {"size_chart", "washing", "water_column"} <= coat
    assert not dew & {"color", "material", "battery", "connectivity", "water", "difference"}
    assert not coat & {"water", "battery", "ingredients", "plug"}
    assert not box & {"ingredients", "size_chart", "spf"}


def test_a_denied_battery_makes_no_battery_goods() -> None:
    assert "charging_time" in asked_of(CATALOGUE, [fact("battery_capacity", 3000.0, "mAh")], "box")
    assert "charging_time" not in asked_of(CATALOGUE, [fact("battery_capacity", False)], "box")


def test_what_the_documents_speak_of_is_asked_as_well() -> None:
    assert "load" not in asked_of(CATALOGUE, (), "box")
    assert "load" in asked_of(CATALOGUE, [fact("load", 12.0, "kg")], "box")


def test_a_shut_gate_is_no_gap_of_the_documents() -> None:
    items = [*offered("box", "US"), paper("CE", "B1"), paper("FCC", "B1-PRO", status="on_file_not_held")]
    gap = found(*items)["box", "price"]
    assert gap.markets == ("DE", "GB")  # no price there; in the US the gate is shut


def test_where_it_is_not_offered_nobody_is_told_anything() -> None:
    missing = found(*(term("ships", False, m, product="dew") for m in ALL))
    assert not any(product == "dew" for product, _ in missing)


def test_most_asked_first_in_the_order_of_the_products() -> None:
    rows = readiness(CATALOGUE, (), ON)
    listed = gaps(CATALOGUE, (), rows, ON)
    assert list(dict.fromkeys(g.product for g in listed)) == ["box", "dew", "coat"]
    for product in ("box", "dew", "coat"):
        ranks = [g.rank for g in listed if g.product == product]
        assert ranks == sorted(ranks)
    assert listed[0].attribute == "price"


def test_the_table_speaks_of_known_attributes_and_kinds() -> None:
    from cohost.check.gaps import _table

    order, kinds = _table()
    assert set(order) <= set(ontology())
    assert len(order) == len(set(order))
    assert set(kinds) <= set(goods_table()) | {"every", "several_models"}
    named = {a for row in kinds.values() for a in (*row.ask, *row.never)}
    assert named <= set(order)
