"""The sale gate: no price, link or call to buy where the shop may not or does not sell."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from cohost.common.catalogue import Catalogue, Market, Product, Variant
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, Source
from cohost.trust.guard import GuardContext, check, missing_schemes, sale_gate
from cohost.trust.rules.gate import goods_of

ON = dt.date(2026, 11, 20)
SOURCE = Source(document="a.pdf", quote="x")
CATALOGUE = Catalogue(
    products=(
        Product("bank", "Tide power bank", ("TD-20",), ("充电宝",)),
        Product("serum", "Dew serum", ("DW-30",)),
        Product("dryer", "Breeze", ("BZ-220",)),
    ),
    variants=(Variant("BZ-220", "dryer", ("GB",)),),
    markets=(
        Market("TH", "th", "THB", ("TISI", "NBTC")),
        Market("GB", "en", "GBP", ("UKCA", "CE")),
        Market("US", "en", "USD", ("FCC",)),
    ),
)


def paper(scheme: str, product: str = "bank", **more: object) -> Certificate:
    return Certificate(
        id=f"E-{scheme}", source=SOURCE, source_class="A", product=product, scheme=scheme, **more
    )


def ships(value: bool, market: str) -> MarketFact:
    return MarketFact(
        id=f"E-{market}",
        source=SOURCE,
        source_class="C",
        product="bank",
        markets=(market,),
        attribute="ships",
        value=value,
    )


def gate(product: str, market: str | None, *items: Evidence) -> str | None:
    return sale_gate(CATALOGUE, items, product, market, ON)


CE = paper("CE", certificate_kind="self_declaration")


def test_a_missing_or_expired_mandatory_paper_shuts_the_gate():
    assert "TISI (none)" in (gate("bank", "TH", CE) or "")
    assert "expired" in (gate("bank", "TH", paper("TISI", valid_until=dt.date(2026, 10, 18))) or "")
    assert gate("bank", "TH", paper("TISI", valid_until=dt.date(2028, 1, 1))) is None


def test_where_nobody_filed_any_paper_the_price_may_be_told_and_a_person_must_look():
    assert gate("bank", "TH") is None
    assert gate("bank", "TH", paper("OEKO-TEX", valid_until=dt.date(2025, 3, 31))) is None
    assert missing_schemes(CATALOGUE, (), "bank", "TH", ON) == (("TISI", "none"),)


def test_a_scheme_for_other_goods_is_not_asked_of_a_product():
    assert "NBTC" not in (gate("bank", "TH", CE) or "")  # no radio in a power bank
    assert gate("serum", "TH") is None
    assert gate("serum", "US") is None


def test_either_mark_opens_great_britain():
    for scheme in ("CE", "UKCA"):
        held = paper(scheme, certificate_kind="self_declaration")
        assert gate("bank", "GB", held) is None


def test_a_market_the_shop_does_not_ship_to_has_no_price():
    assert "does not ship" in (gate("bank", "TH", paper("TISI"), ships(False, "TH")) or "")
    assert gate("bank", "TH", paper("TISI"), ships(True, "TH")) is None


def test_a_product_without_a_model_for_the_market_is_not_sold_there():
    assert "no model" in (gate("dryer", "US") or "")


def test_a_market_the_shop_does_not_know_is_not_sold_to():
    assert "no market" in (gate("bank", "MX") or "")
    assert gate("bank", None) is None


def test_the_adapters_paper_is_not_the_products():
    held = paper("TISI", component="adapter")
    assert "component" in (gate("bank", "TH", held) or "")


def test_goods_are_read_from_names_and_papers():
    volts = Fact(
        id="E1",
        source=SOURCE,
        source_class="B",
        product="dryer",
        attribute="voltage",
        value=(220.0, 240.0),
        unit="V",
    )
    dryer, bank = CATALOGUE.product("dryer"), CATALOGUE.product("bank")
    assert dryer is not None
    assert bank is not None
    assert "mains" in goods_of(dryer, (volts,))
    assert {"power_bank", "lithium", "electrical"} <= goods_of(bank, ())
    assert goods_of(msgspec.structs.replace(dryer, name="Thing"), ()) == frozenset()


@pytest.mark.parametrize("text", ["Price: THB 1,290", "Buy now: https://shop.example/td20", "Add to cart!"])
def test_no_sentence_sells_through_a_shut_gate(text):
    price = MarketFact(
        id="E9",
        source=SOURCE,
        source_class="C",
        product="bank",
        markets=("TH",),
        attribute="price",
        value=1290.0,
        unit="THB",
    )
    context = GuardContext(
        lang="en", market="TH", product="bank", model="TD-20", on=ON, catalogue=CATALOGUE, items=(price, CE)
    )
    verdict = check(text, (price,), context)
    assert verdict.action == "block"
    assert verdict.rule in ("R3", "R19")


def test_a_paper_the_register_calls_not_held_shuts_the_gate_whatever_the_goods():
    not_held = paper("NBTC", status="on_file_not_held")
    assert "NBTC (on file not held)" in (gate("bank", "TH", paper("TISI"), not_held) or "")
