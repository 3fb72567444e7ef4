"""Layouts as small shops have them: sheets by model, lists by country, plain text with shouted heads."""

from __future__ import annotations

from tests.pure.knowledge.extract.made_documents import (
    KETTLE,
    SHOP,
    extracted,
    facts,
    market_facts,
    passages,
    policies,
)


def test_a_country_of_origin_column_is_no_country_of_sale() -> None:
    got = extracted(
        "# Catálogo\n| Modelo | Piezas | Peso (g) | Material | País de origen |\n"
        "| KT-900 | 12 | 640 | acero | España |\n| KT-900S | 14 | 710 | acero | Portugal |"
    )
    told = facts(got.items)
    assert {i.markets for i in got.items} == {()}
    assert (told["origin"].value, told["weight"].value) == ("España", 640.0)


def test_a_cell_that_no_attribute_covers_is_told_of_its_model_only() -> None:
    got = extracted(
        "# Spec\n| Item | KT-900 | KT-900S |\n| Weight | 1 kg | 2 kg |\n| Keep-warm memory | no | 40 steps |"
    )
    found = {p.models: p.text for p in passages(got.items)}
    assert found[("KT-900",)] == "Keep-warm memory: no"
    assert found[("KT-900S",)] == "Keep-warm memory: 40 steps"


def test_rows_of_one_attribute_are_told_apart_by_their_label_not_by_another_models_figure() -> None:
    got = extracted(
        "# Specification\n| Item | KT-900 | KT-900S |\n"
        "| Colour temperature | 3000 K | 2700 K |\n| Luminous flux | 520 lm | 680 lm |"
    )
    told = [f for f in got.items if getattr(f, "value", None) == "680 lm" or "680" in str(f)]
    assert told
    assert not any("520" in getattr(f, "condition", "") for f in told)


def test_shouted_lines_and_rule_names_head_the_text_below() -> None:
    got = extracted(
        "ENVÍOS\nAlemania: de 5 a 7 días laborables, 9,50 €.\nDEVOLUCIONES\n"
        "Alemania: 14 días naturales desde la recepción.",
        SHOP, "Envios y devoluciones.txt",
    )  # fmt: skip
    found = market_facts(got.items)
    assert found["DE", "shipping"].value == (5.0, 7.0)
    assert "9" not in found["DE", "shipping"].condition
    assert (found["DE", "shipping_cost"].value, found["DE", "shipping_cost"].unit) == (9.5, "EUR")
    assert found["DE", "returns"].value == 14.0


def test_a_heading_of_two_topics_decides_nothing() -> None:
    got = extracted(
        "# Delivery and returns – United Kingdom\n"
        "Delivery takes 5 to 8 working days and costs £9.90. Returns are accepted within 14 days.",
        SHOP, "uk.md",
    )  # fmt: skip
    found = market_facts(got.items)
    assert found["GB", "shipping"].value == (5.0, 8.0)
    assert found["GB", "shipping"].condition == "working days"
    assert found["GB", "shipping_cost"].value == 9.9
    assert found["GB", "returns"].value == 14.0


def test_a_price_with_a_threshold_is_the_fee_with_what_waives_it() -> None:
    got = extracted("# Livraison – France\nLivraison offerte dès 60 € d'achat, sinon 5,50 €.", SHOP, "fr.md")
    told = market_facts(got.items)["FR", "shipping_cost"]
    assert (told.value, told.unit) == (5.5, "EUR")
    assert "60 €" in told.condition


def test_a_bare_dollar_is_never_taken_for_another_countrys() -> None:
    got = extracted("# Envío\n- Alemania: 3 días, 18 $.", SHOP, "envios.md")
    assert not any(m.unit == "USD" for m in market_facts(got.items).values())


def test_a_place_nobody_knows_in_a_list_by_country_is_no_rule_for_everybody() -> None:
    got = extracted("# Shipping\n- Germany: 3 days\n- Atlantis: 9 days\n- Other countries: 20 days", SHOP)
    everywhere = [p.value for p in policies(got.items) if p.value is not None]
    assert everywhere == [20.0]


def test_a_refusal_beside_a_period_is_not_the_whole_rule() -> None:
    got = extracted(
        "# Returns policy\nUnopened items can be returned within 7 days. No returns once opened.", SHOP
    )
    assert not any(p.value is False for p in policies(got.items))


def test_an_answer_by_country_becomes_figures_per_market() -> None:
    got = extracted(
        "# Häufige Fragen\n## Wie lange habe ich Garantie?\n"
        "In Deutschland und Spanien geben wir 3 Jahre Garantie. "
        "In den Niederlanden gilt die gesetzliche Gewährleistung von 2 Jahren.",
        KETTLE, "faq.html",
    )  # fmt: skip
    found = market_facts(got.items)
    assert found["DE", "warranty"].value == found["ES", "warranty"].value == 3.0
    assert found["NL", "warranty"].value == 2.0


def test_the_first_letter_of_a_question_stays() -> None:
    got = extracted(
        "# FAQ\nPode lavar na máquina?\nNão. Lave à mão.\nQual a cor?\nAzul, com detalhes.\nÉ leve?\nSim.",
        KETTLE,
    )
    assert any(p.heading == "Pode lavar na máquina?" for p in passages(got.items))


def test_advice_to_ask_a_doctor_warns() -> None:
    got = extracted(
        "# よくある質問\n## 妊娠中でも飲めますか?\n医師にご相談ください。飲む量にご注意ください。", KETTLE
    )
    assert any(p.warning for p in passages(got.items))
