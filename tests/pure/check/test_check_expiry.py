"""What ends within ninety days, and what has ended: soonest first, for the markets it is missed in."""

import datetime as dt

import pytest

from cohost.check.expiry import Expiry, expiries
from cohost.trust.evidence import Evidence
from tests.pure.check.made import CATALOGUE, ON, paper, policy, term


def found(*items: Evidence, market: str | None = None) -> list[Expiry]:
    return list(expiries(CATALOGUE, items, ON, market))


def day(days: int) -> dt.date:
    return ON + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "listed", "over"),
    [(-30, True, True), (-1, True, True), (0, True, False), (90, True, False), (91, False, False)],
)
def test_ninety_days_and_not_one_more(days: int, listed: bool, over: bool) -> None:
    rows = found(paper("CE", "B1", valid_until=day(days)))
    assert [(r.days, r.over) for r in rows] == ([(days, over)] if listed else [])


def test_soonest_first_papers_before_the_rest() -> None:
    rows = found(
        term("stock", 5.0, "DE", valid_until=day(10)), paper("CE", "B1", number="7", valid_until=day(10)),
        paper("FCC", "B1-PRO", valid_until=day(-3)),
    )  # fmt: skip
    assert [(r.days, r.what) for r in rows] == [(-3, "FCC"), (10, "CE 7"), (10, "Availability")]


def test_a_paper_is_missed_where_it_counts_for_the_model_sold() -> None:
    assert found(paper("CE", "B1", valid_until=day(5)))[0].markets == ("DE", "GB")
    assert (
        found(paper("CE", "B1-PRO", valid_until=day(5)))[0].markets == ()
    )  # sold in the US, where CE is nothing
    assert found(paper("OEKO-TEX", "C1", product="coat", valid_until=day(5)))[0].markets == ("DE", "GB", "US")


def test_terms_of_one_kind_and_day_are_one_row() -> None:
    rows = found(
        term("price", 20.0, "DE", "EUR", valid_until=day(41)),
        term("price", 20.0, "GB", "GBP", valid_until=day(41)),
        term("price", 9.0, "DE", "EUR", product="dew", valid_until=day(41)),
    )
    assert [(r.what, r.products, r.markets) for r in rows] == [("Price", ("box", "dew"), ("DE", "GB"))]
    assert len(rows[0].evidence) == 3


def test_what_goes_on_without_a_gap_is_no_expiry() -> None:
    ends = term("price", 20.0, "DE", "EUR", valid_until=day(5))
    assert found(ends, term("price", 21.0, "DE", "EUR", valid_from=day(6))) == []
    late = term("price", 21.0, "DE", "EUR", valid_from=day(9))
    assert [r.days for r in found(ends, late)] == [5]
    elsewhere = term("price", 21.0, "GB", "GBP", valid_from=day(6))
    assert [r.days for r in found(ends, elsewhere)] == [5]
    draft = term("price", 21.0, "DE", "EUR", valid_from=day(6), release="draft")
    assert [r.days for r in found(ends, draft)] == [5]
    old = paper("CE", "B1", valid_until=day(5))
    assert found(old, paper("CE", "B1", "B2", valid_until=day(900))) == []
    assert [r.days for r in found(old, paper("CE", "B2", valid_until=day(900)))] == [5]


def test_nothing_is_renewed_that_is_not_offered_or_internal() -> None:
    assert found(term("ships", False, "DE", valid_until=day(5))) == []
    assert found(term("price", 1.0, "US", "USD", product="box", valid_until=day(5)))[0].markets == ("US",)
    assert found(term("cost", 1.0, "DE", valid_until=day(5), release="internal")) == []


def test_one_market_keeps_what_is_about_all() -> None:
    items = (paper("CE", "B1", valid_until=day(5)), paper("FCC", "B1-PRO", valid_until=day(6)))
    assert [r.what for r in found(*items, market="US")] == ["FCC"]
    shop = policy("returns", 14.0, "day")
    assert found(shop) == []
