"""May it be sold there, and what is missing: the sale gate's verdict in plain words."""

import datetime as dt

from cohost.check.readiness import Readiness, readiness
from cohost.trust.evidence import Evidence
from tests.pure.check.made import CATALOGUE, ON, offered, paper, term


def rows(*items: Evidence) -> dict[tuple[str, str], Readiness]:
    return {(r.product, r.market): r for r in readiness(CATALOGUE, items, ON)}


def papers(row: Readiness) -> list[tuple[str, str]]:
    return [(p.scheme, p.words) for p in row.papers]


def test_held_papers_a_price_and_delivery_make_a_market_ready() -> None:
    found = rows(*offered("box", "GB"), paper("CE", "B1"))["box", "GB"]
    assert (found.verdict, found.models, found.missing) == ("open", ("B1",), ())
    assert papers(found) == [("UKCA", "held"), ("CE", "held")]  # CE answers for UKCA in GB
    assert found.price is not None
    assert (found.price.value, found.ships) == (20.0, True)


def test_a_paper_said_not_to_be_held_shuts_the_market() -> None:
    found = rows(*offered("box", "US"), paper("CE", "B1"), paper("FCC", "B1-PRO", status="on_file_not_held"))[
        "box", "US"
    ]
    assert found.verdict == "shut"
    assert "FCC" in found.reason
    assert papers(found) == [("FCC", "on file as not held")]


def test_an_expired_paper_names_its_day_and_a_paper_of_another_model_says_so() -> None:
    ended = dt.date(2026, 10, 18)
    found = rows(*offered("box", "US"), paper("FCC", "B1-PRO", valid_until=ended))["box", "US"]
    assert papers(found) == [("FCC", "expired on 2026-10-18")]
    other = rows(*offered("box", "US"), paper("FCC", "B1"))["box", "US"]
    assert papers(other) == [("FCC", "covers another model")]
    part = rows(*offered("box", "US"), paper("FCC", "B1-PRO", component="adapter"))["box", "US"]
    assert papers(part) == [("FCC", "covers the adapter only")]
    assert {found.verdict, other.verdict, part.verdict} == {"shut"}


def test_a_scheme_that_is_not_for_such_goods_is_not_missed() -> None:
    """Nobody asks a serum or a jacket for FCC or CE."""
    found = rows(*offered("dew", "US", "DE"), *offered("coat", "US"))
    assert [found["dew", m].papers for m in ("US", "DE")] == [(), ()]
    assert {found["dew", "US"].verdict, found["dew", "DE"].verdict, found["coat", "US"].verdict} == {"open"}


def test_where_nobody_filed_any_paper_a_person_should_look() -> None:
    found = rows(*offered("box", "DE"))["box", "DE"]
    assert (found.verdict, papers(found)) == ("look", [("CE", "no paper on file")])


def test_no_model_for_the_market_or_no_delivery_is_not_offered() -> None:
    found = rows(term("ships", False, "DE", product="dew"))
    assert (found["dew", "DE"].verdict, found["dew", "DE"].reason) == ("away", "the shop does not ship there")
    assert found["dew", "GB"].verdict == "look"
    only_us = rows()
    assert only_us["box", "US"].models == ("B1-PRO",)


def test_a_price_that_ended_is_told_with_its_day() -> None:
    ended = term("price", 20.0, "DE", "EUR", valid_until=dt.date(2026, 11, 15))
    found = rows(ended, term("ships", True, "DE"), paper("CE", "B1"))["box", "DE"]
    assert (found.verdict, found.price) == ("look", None)
    assert found.missing == ("price: the last one ended on 2026-11-15",)
    none = rows(paper("CE", "B1"))["box", "DE"]
    assert none.missing == (
        "price: none in kb.toml", "delivery: nothing says whether the shop ships there",
    )  # fmt: skip


def test_a_delivery_time_is_a_delivery() -> None:
    found = rows(term("shipping", 5.0, "DE", "day", document="times.csv"), paper("CE", "B1"))["box", "DE"]
    assert found.ships is True


def test_one_market_alone() -> None:
    assert {r.market for r in readiness(CATALOGUE, (), ON, "US")} == {"US"}
