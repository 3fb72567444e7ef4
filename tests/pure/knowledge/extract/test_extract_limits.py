"""Rules of the shop: where they hold, exceptions that are no general "no", refunds that are no returns."""

from __future__ import annotations

import pytest

from cohost.common.catalogue import Catalogue, Market, Product
from cohost.knowledge.extract import limits
from cohost.trust.evidence import MarketFact, Passage, Policy
from tests.pure.knowledge.extract.made_documents import extracted, market_facts, policies

WIDE = Catalogue(
    products=(Product("mixer", "Wirbel mixer", ("WB-12",)), Product("lamp", "Moon lamp", ("ML-1",))),
    markets=tuple(
        Market(c, lang, cur)
        for c, lang, cur in (
            ("DE", "de", "EUR"), ("PL", "pl", "PLN"), ("ES", "es", "EUR"), ("GB", "en", "GBP"),
            ("TR", "tr", "TRY"), ("US", "en", "USD"),
        )
    ),
)  # fmt: skip


def told(text: str, topic: str) -> dict[tuple[str, ...], object]:
    """markets → value of the items that hold a value."""
    items = extracted(text, catalogue=WIDE, path="shop.md").items
    found = [i for i in items if isinstance(i, Policy | MarketFact) and i.attribute == topic]
    return {i.markets: i.value for i in found if i.value is not None}


def test_a_sentences_own_market_wins_and_the_rule_holds_elsewhere() -> None:
    text = (
        "# Returns policy\nYou can return any item within 30 days of delivery. "
        "In Turkey the period is 14 days.\n"
        "We refund within 10 days after the parcel reaches us.\n"
        "Exchanges for another size are free in Germany and Poland only.\n"
        "Exempel Sp. z o.o., ul. Pusta 17, 00-000 Nigdzie, Polska"
    )
    assert told(text, "returns") == {(): 30.0, ("TR",): 14.0}


def test_a_rule_in_spanish_is_not_for_spain_alone() -> None:
    text = "# Política de devoluciones\nPuedes devolver todo en un plazo de 30 días desde la entrega."
    assert told(text, "returns") == {(): 30.0}


@pytest.mark.parametrize(
    "sentence",
    [
        "Earbuds whose hygiene seal has been broken cannot be returned.",
        "Entsiegelte Ohrhörer sind aus Hygienegründen vom Umtausch ausgeschlossen.",
        "已拆封的耳机不可退货。",
        "開封後のイヤホンは衛生上返品不可です。",
    ],
)
def test_an_exception_is_no_general_no(sentence: str) -> None:
    assert not limits.refuses_all(sentence, timed=False)
    found = policies(extracted(f"# Returns\n{sentence}", catalogue=WIDE, path="shop.md").items)
    assert [p.value for p in found] == [None] * max(1, len(found))


def test_a_shop_without_returns_says_no_and_one_with_a_period_does_not() -> None:
    assert limits.refuses_all("No returns, all sales are final.", timed=False)
    assert not limits.refuses_all("No returns on Sundays.", timed=True)


@pytest.mark.parametrize(
    "text",
    [
        "The refund is made within 14 days after we receive the goods.",
        "退款:收到退货并检查无误后 3 个工作日内原路退款。",
        "15 天换货:签收后 15 天内出现性能故障,可免费更换同型号商品。",
        "Die Erstattung erfolgt binnen 10 Tagen.",
        "返金は10日以内に行います。",
    ],
)
def test_the_time_of_a_refund_or_an_exchange_is_no_time_for_returns(text: str) -> None:
    assert told(f"# Returns\n{text}", "returns") == {}


def test_a_warranty_for_goods_bought_in_some_countries_is_those_countries() -> None:
    text = (
        "# Herstellergarantie für den Wirbel mixer\n"
        "Auf den Motor des WB-12 gibt der Hersteller eine Garantie von 5 Jahren ab Kaufdatum.\n"
        "Die Garantie gilt nur für Geräte, die in Deutschland oder Polen gekauft wurden. "
        "In allen anderen Ländern gibt es keine Herstellergarantie.\n"
    )
    items = extracted(text, catalogue=WIDE, path="shop.md").items
    assert {k: f.value for k, f in market_facts(items).items()} == {
        ("DE", "warranty"): 5.0, ("PL", "warranty"): 5.0,
    }  # fmt: skip
    limit = [p for p in items if isinstance(p, Policy) and "allen anderen" in p.text]
    assert [p.markets for p in limit] == [()]


def test_a_manuals_warranty_is_a_rule() -> None:
    text = "# Wirbel mixer 사용설명서\n모델명: WB-12\n## 7. 보증\n구입일로부터 12개월. 침수는 제외됩니다."
    found = [p for p in policies(extracted(text, catalogue=WIDE, path="manual.md").items) if p.value]
    assert [(p.attribute, p.value, p.unit, p.product) for p in found] == [
        ("warranty", 12.0, "month", "mixer")
    ]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Exempel Sp. z o.o., ul. Pusta 17, 00-000 Nigdzie, Polska", True),
        ("Beispiel GmbH, Musterstraße 9, 60311 Frankfurt, Deutschland", True),
        ("In Poland parcels arrive within 3 days.", False),
        ("Orders to Germany over 10000 points are free.", False),
    ],
)
def test_an_address_limits_nothing(text: str, is_one: bool) -> None:
    assert limits.address(text) is is_one


def test_a_rule_for_one_country_in_full_stays_there() -> None:
    items = extracted(
        "# 退换货说明(土耳其)\n适用范围:土耳其地区购买的全部产品。\n签收后 7 天内可退货。",
        catalogue=WIDE,
        path="x.md",
    ).items
    assert {m for i in items for m in i.markets} == {"TR"}
    assert all(i.markets for i in items)


@pytest.mark.parametrize(("path", "foot"), [("faq_tr.md", "Exempel"), ("faq.md", "Exempel Türkiye destek")])
def test_an_answer_about_returns_holds_where_its_document_is_written_for(path: str, foot: str) -> None:
    text = (
        "# Sık sorulan sorular\n## İade var mı?\nTeslimattan sonra 8 gün içinde iade edebilirsiniz.\n"
        f"## Garanti var mı?\nVar.\n## Fatura var mı?\nVar.\n{foot}"
    )
    got = extracted(text, catalogue=WIDE, path=path)
    assert {(m, f.value) for (m, a), f in market_facts(got.items).items() if a == "returns"} == {("TR", 8.0)}


def test_a_short_warning_line_heads_what_follows() -> None:
    text = "# Wirbel mixer\nUWAGA – gorące płyny\nNie miksować płynów powyżej 60 °C."
    found = [i for i in extracted(text, catalogue=WIDE, path="x.md").items if isinstance(i, Passage)]
    assert [(p.text, p.heading, p.warning) for p in found] == [
        ("Nie miksować płynów powyżej 60 °C.", "UWAGA – gorące płyny", True)
    ]


def test_a_rule_for_some_products_is_theirs_alone() -> None:
    text = "# Warranty\n| Products | Wirbel mixer WB-12 bought from us |\n| Warranty period | 12 months |"
    found = [p for p in policies(extracted(text, catalogue=WIDE, path="x.md").items) if p.value]
    assert [(p.product, p.models, p.value) for p in found] == [("mixer", ("WB-12",), 12.0)]
