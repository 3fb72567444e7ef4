from __future__ import annotations

import datetime as dt

from cohost.trust.evidence import Fact, Review
from tests.pure.knowledge.extract.made_documents import (
    SHOP,
    extracted,
    facts,
    market_facts,
    of,
    passages,
    policies,
)


def test_a_table_by_market_becomes_market_facts() -> None:
    got = extracted(
        "| market | delivery |\n| Germany | 17 working days |\n| Brasil | no shipping |", SHOP, "shipping.csv"
    )
    found = market_facts(got.items)
    assert got.kind == "policy"
    assert (found["DE", "shipping"].value, found["DE", "shipping"].unit) == (17.0, "day")
    assert found["DE", "shipping"].condition == "working days"
    assert found["BR", "ships"].value is False


def test_shortest_and_longest_time_in_two_columns_are_one_range_for_each_product() -> None:
    got = extracted(
        "| market | products | handling_working_days | transit_min_working_days | transit_max_working_days "
        "| cost | currency | valid_until |\n| DE | lamp bear | 1 | 3 | 5 | 4.90 | EUR | 2026-12-31 |",
        SHOP, "shipping_times.csv",
    )  # fmt: skip
    told = {(m.product, m.attribute): (m.value, m.unit) for m in got.items if hasattr(m, "as_of")}
    assert told["lamp", "shipping"] == ((3.0, 5.0), "day")
    assert told["bear", "shipping_cost"] == (4.9, "EUR")
    assert {m.valid_until for m in got.items} == {dt.date(2026, 12, 31)}
    assert not any(v == (1.0, "day") for v in told.values())


def test_sentences_by_country_carry_unit_and_circumstance_on() -> None:
    got = extracted(
        """# Versand und Rückgabe
        ## Lieferzeit
        Deutschland: 2–3 Werktage nach Versand. Frankreich: 4–6. In die Schweiz liefern wir nicht.
        ## Widerrufsrecht
        Sie können innerhalb von 14 Tagen nach Lieferung widerrufen.""",
        SHOP,
    )
    found = market_facts(got.items)
    assert found["DE", "shipping"].value == (2.0, 3.0)
    assert (found["FR", "shipping"].value, found["FR", "shipping"].unit) == ((4.0, 6.0), "day")
    assert found["FR", "shipping"].condition == found["DE", "shipping"].condition
    assert found["CH", "ships"].value is False
    returns = [p for p in policies(got.items) if p.attribute == "returns" and p.value]
    assert [(p.value, p.unit, p.markets) for p in returns] == [(14.0, "day", ())]


def test_eu_in_a_heading_means_the_catalogues_members() -> None:
    got = extracted("# Returns: European Union\nYou may return it within 14 days.", SHOP)
    assert set(market_facts(got.items)) == {("DE", "returns"), ("FR", "returns")}


def test_a_paragraph_in_another_language_speaks_to_its_market() -> None:
    got = extracted(
        """# Legal guarantee in the European Union
        The seller is liable for any lack of conformity that exists when the goods are delivered.
        The legal guarantee is 24 months from delivery.
        Français : la garantie légale de conformité est de 36 mois à compter de la délivrance du bien.""",
        SHOP,
    )
    told = [(m.markets, m.value) for m in got.items if hasattr(m, "as_of")]
    assert (("FR",), 36.0) in told
    assert (("DE",), 36.0) not in told


def test_where_a_product_does_not_ship() -> None:
    got = extracted(
        "# Shipping\n## Where we do not ship\nMoon lamp: not to Brazil. Bear: not to Germany and France.",
        SHOP,
    )
    told = {(m.product, m.markets[0]) for m in got.items if hasattr(m, "as_of") and m.value is False}
    assert told == {("lamp", "BR"), ("bear", "DE"), ("bear", "FR")}


def test_a_policy_for_one_country_speaks_for_no_other() -> None:
    got = extracted("# 退货政策\n适用范围:仅限中国大陆店铺的订单。\n自签收之日起 7 天内可无理由退货。", SHOP)
    assert set(market_facts(got.items)) == {("CN", "returns")}


def test_reviews_keep_author_language_consent_and_incentive() -> None:
    got = extracted(
        """| nombre | fecha | estrellas | comentario | compra verificada | consentimiento | incentivo |
        | Ana | 12/05/2026 | 5 | Precioso y muy suave. | sí | sí | descuento 10 % |
        | Luis | 13.05.2026 | ★★★★ | Algo pequeño. | no | no | ninguno |""",
        SHOP, "opiniones.csv",
    )  # fmt: skip
    first, second = of(got.items, Review)
    assert (first.author, first.rating, first.consent, first.verified) == ("Ana", 5.0, True, True)
    assert (first.incentive, second.incentive) == ("descuento 10 %", None)
    assert (second.rating, second.consent) == (4.0, False)
    assert first.written == dt.date(2026, 5, 12)
    assert first.source.quote == "Precioso y muy suave."


def test_an_answer_stands_under_its_question_and_its_figure_is_a_fact() -> None:
    got = extracted(
        """# Häufige Fragen
        Wie schwer ist der Bear?
        Der Bear wiegt 280 g.
        Kann man ihn waschen? Ja, bei 30 °C.
        Gibt es ihn in Blau? Nein.""",
        SHOP,
    )
    assert [p.heading for p in passages(got.items)] == [
        "Wie schwer ist der Bear?", "Kann man ihn waschen?", "Gibt es ihn in Blau?",
    ]  # fmt: skip
    assert facts(got.items)["weight"].value == 280.0
    assert {f.source_class for f in of(got.items, Fact)} == {"D"}


def test_warnings_are_marked_in_any_language() -> None:
    texts = ["WARNING: Do not open it.", "警告:请勿拆解。", "Achtung: Verbrühungsgefahr!",
             "تحذير: لا تفتح الجهاز.",             "警告 分解しないでください。"]  # fmt: skip
    got = extracted(
        "# User manual\n## Use\n" + "\n".join(texts) + "\nFill it with cold water only, please.", SHOP
    )
    marked = {p.text: p.warning for p in passages(got.items)}
    assert all(marked[t] for t in texts)
    assert marked["Fill it with cold water only, please."] is False


def test_passages_are_short_and_cut_at_sentences() -> None:
    sentence = "The lamp shines with a warm light that many people like in the evening."
    got = extracted("# About us\n" + " ".join([sentence] * 12), SHOP)
    assert len(passages(got.items)) >= 2
    assert all(len(p.text.split()) <= 62 and p.text.endswith(".") for p in passages(got.items))
    assert all(len(i.source.quote) <= 300 for i in got.items)


def test_ways_to_pay_stay_under_their_heading_and_one_ways_country_limits_that_way_alone() -> None:
    got = extracted(
        "# Terms\n## Delivery\nGermany: 3 days.\n## Payment\n"
        "Card or PayPal; cash on delivery only in Germany.",
        SHOP,
    )
    (payment,) = [p for p in policies(got.items) if p.attribute == "payment"]
    assert payment.text == "Card or PayPal; cash on delivery only in Germany."
    assert payment.markets == ()


def test_a_time_for_some_countries_and_one_for_the_others_in_one_sentence_are_two() -> None:
    got = extracted("# Terms\n## Warranty\n24 months in Germany, 12 months in other countries.", SHOP)
    found = market_facts(got.items)
    assert (found["DE", "warranty"].value, found["DE", "warranty"].unit) == (24.0, "month")
    others = {market: fact.value for (market, attribute), fact in found.items() if attribute == "warranty"}
    assert set(others.values()) == {24.0, 12.0}
    assert [m for m, v in others.items() if v == 24.0] == ["DE"]
