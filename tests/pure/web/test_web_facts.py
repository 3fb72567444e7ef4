"""`fact.set`: what may be set on air, and how a slip is told."""

import datetime as dt
from typing import Any

import pytest

from cohost.errors import WireError
from cohost.web.facts import fact_changed
from cohost.web.inbound import FactSet
from tests.wire.web_room import CATALOGUE, ON


def set_fact(**fields: Any) -> Any:
    return fact_changed(FactSet(**fields), CATALOGUE, ON, by="operator")


def refused(**fields: Any) -> str:
    with pytest.raises(WireError) as caught:
        set_fact(**fields)
    assert caught.value.code == "bad_fact"
    return str(caught.value)


def test_a_price_takes_the_markets_currency() -> None:
    event = set_fact(product="wave", market="ES", attribute="price", value=69.0)
    assert (event.value, event.unit, event.by) == (69.0, "EUR", "operator")


def test_a_price_in_another_currency_or_in_none_is_refused() -> None:
    assert "EUR" in refused(product="wave", market="ES", attribute="price", value=69.0, unit="USD")
    assert "EUR, JPY" in refused(product="wave", attribute="price", value=69.0)


@pytest.mark.parametrize("value", ["cheap", True, [1.0], [5.0, 1.0], -3.0, 1e12])
def test_a_price_is_a_number_from_zero_up(value: Any) -> None:
    assert "expected" in refused(product="wave", market="ES", attribute="price", value=value)


def test_a_range_of_two_numbers_is_taken() -> None:
    assert set_fact(product="wave", market="ES", attribute="price", value=[59.0, 69.0]).value == (59.0, 69.0)


def test_stock_is_a_number_or_a_phrase() -> None:
    assert set_fact(product="wave", market="ES", attribute="stock", value=0.0).value == 0.0
    assert set_fact(product="wave", market="ES", attribute="stock", value=" sold out ").value == "sold out"


def test_null_takes_a_fact_off_the_air() -> None:
    event = set_fact(product="wave", market="ES", attribute="price", value=None)
    assert event.value is None
    assert event.unit is None


def test_yes_or_no_is_yes_or_no() -> None:
    assert set_fact(product="wave", market="ES", attribute="ships", value=False).value is False
    assert "true or false" in refused(product="wave", market="ES", attribute="ships", value="maybe")


def test_a_quantity_needs_a_unit_of_its_dimension() -> None:
    assert set_fact(product="wave", attribute="battery", value=20.0, unit="h").unit == "h"
    assert "h" in refused(product="wave", attribute="battery", value=20.0, unit="kg")
    assert "unit" in refused(product="wave", attribute="battery", value=20.0)


def test_unknown_names_are_told_with_near_ones() -> None:
    assert "price" in refused(product="wave", market="ES", attribute="prize", value=1.0)
    assert "wave" in refused(product="wav", market="ES", attribute="price", value=1.0)
    assert "ES" in refused(product="wave", market="XX", attribute="price", value=1.0)


def test_papers_are_not_set_on_air_and_yesterday_is_over() -> None:
    assert "paper" in refused(product="wave", attribute="certificates", value="CE")
    day = dt.date(2026, 11, 19)
    assert "2026-11-20" in refused(product="wave", market="ES", attribute="price", value=1.0, valid_until=day)
