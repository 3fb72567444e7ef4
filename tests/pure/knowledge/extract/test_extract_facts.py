from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohost.knowledge.extract.classify import kind_of
from cohost.knowledge.extract.stream import parts
from cohost.trust.evidence import Fact, MarketFact, Policy
from tests.pure.knowledge.extract.made_documents import KETTLE, SHOP, document, extracted, facts, of, passages


def test_a_german_data_sheet_becomes_facts() -> None:
    got = extracted(
        """# Wasserkocher KT-900 Produktdatenblatt
        | Füllmenge | 1,7 Liter |
        | Leistung | 1850–2200 W |
        | Gewicht (netto) | 1,25 kg |
        | Spülmaschinengeeignet | nein |
        | Garantie | 3 Jahre |
        | Kabelfach | ja |"""
    )
    found = facts(got.items)
    assert got.kind == "spec"
    assert got.lang == "de"
    assert (found["capacity"].value, found["capacity"].unit) == (1.7, "L")
    assert found["power"].value == (1850.0, 2200.0)
    assert (found["weight"].value, found["weight"].condition) == (1.25, "netto")
    assert (found["dishwasher"].value, found["dishwasher"].polarity) == (False, False)
    assert found["weight"].models == ("KT-900",)
    assert found["weight"].source.quote == "Gewicht (netto) 1,25 kg"
    assert (of(got.items, Policy)[0].attribute, of(got.items, Policy)[0].value) == ("warranty", 3.0)
    assert "Kabelfach ja" in [p.text for p in passages(got.items)]


def test_one_column_a_model_binds_each_value_to_its_model() -> None:
    got = extracted(
        """# Specification 规格书
        | 项目 Item | KT-900 | KT-900S |
        | 重量 Weight | 900 g | 未测 not measured |
        | 电压 Voltage | 220–240 V | 100–127 V |"""
    )
    told = [(f.attribute, f.models, f.value) for f in got.items if hasattr(f, "attribute")]
    assert told == [
        ("weight", ("KT-900",), 900.0),
        ("voltage", ("KT-900",), (220.0, 240.0)),
        ("voltage", ("KT-900S",), (100.0, 127.0)),
    ]


def test_attributes_across_the_head_make_one_row_a_model() -> None:
    got = extracted(
        """# Fichas técnicas
        | Modelo | Peso (g) | Material |
        | KT-900 | 910 | acero |
        | KT-900S | 870 | vidrio |"""
    )
    told = {(f.attribute, f.models): (f.value, f.unit) for f in got.items if hasattr(f, "unit")}
    assert told[("weight", ("KT-900",))] == (910.0, "g")
    assert told[("weight", ("KT-900S",))] == (870.0, "g")
    assert told[("material", ("KT-900S",))] == ("vidrio", None)


def test_unit_and_condition_may_stand_in_columns_of_their_own() -> None:
    got = extracted(
        """# Data sheet
        | Parameter | Value | Unit | Condition |
        | Weight | 620 | g | without box |
        | Battery life | 24 | h | at 50 % volume |"""
    )
    found = facts(got.items)
    assert (found["weight"].value, found["weight"].unit, found["weight"].condition) == (
        620.0,
        "g",
        "without box",
    )
    assert found["battery"].condition == "at 50 % volume"


def test_two_pairs_to_a_row_are_read_as_two() -> None:
    got = extracted("# 规格书\n| 重量 | 352 g | 颜色 | 黑色、白色 |\n| 产地 | 中国 | 工作温度 | 0 – 40 °C |")
    found = facts(got.items)
    assert found["weight"].value == 352.0
    assert found["color"].value == ("黑色", "白色")
    assert found["temperature"].value == (0.0, 40.0)


def test_rows_of_one_attribute_are_told_apart_by_their_labels() -> None:
    got = extracted("# Data sheet\n| Item | Value |\n| Rated power | 36 W |\n| Standby power | 0.5 W |")
    assert {(f.value, f.condition) for f in got.items if hasattr(f, "basis")} == {
        (36.0, "Rated power"), (0.5, "Standby power"),
    }  # fmt: skip


def test_a_value_split_by_market_becomes_market_facts() -> None:
    got = extracted(
        "# Data sheet\n| Item | Value |\n| Plug | US: type A; DE, ES: type E/F |\n| Weight | 1 kg |"
    )
    assert {(m.markets, m.value) for m in of(got.items, MarketFact)} == {
        (("US",), "type A"), (("DE",), "type E/F"), (("ES",), "type E/F"),
    }  # fmt: skip


def test_japanese_lines_with_a_full_width_colon_become_facts() -> None:
    got = extracted("# ケトル KT-900 商品説明書\n重量：約850 g\n原産国：日本\n保証期間：12ヶ月")
    found = facts(got.items)
    assert got.lang == "ja"
    assert (found["weight"].value, found["weight"].qualifier) == (850.0, "about")
    assert found["origin"].value == "日本"


def test_a_models_sentence_binds_until_the_next_model() -> None:
    got = extracted(
        "# User manual\n## Water\n"
        "KT-900: protected to IPX7. It is not made for salt water. KT-900S: IPX4 only."
    )
    assert {(f.models, f.value) for f in got.items if getattr(f, "attribute", "") == "water"} == {
        (("KT-900",), "IPX7"), (("KT-900S",), "IPX4"),
    }  # fmt: skip


def test_a_travel_rule_and_a_denied_figure_are_no_facts_of_the_product() -> None:
    got = extracted(
        "# User manual\n## On a plane\nIt has 74 Wh. Power banks of up to 100 Wh may be taken on board.\n"
        "## Voltage\nUse it only with 220–240 V. It is not made for 100–127 V."
    )
    found = [f for f in got.items if hasattr(f, "basis")]
    assert [f.value for f in found if f.attribute == "energy"] == [74.0]
    assert [f.value for f in found if f.attribute == "voltage"] == [(220.0, 240.0)]


def test_a_section_named_after_an_attribute_is_its_answer() -> None:
    got = extracted(
        "# Manual\n## In the box\n1 kettle, 1 base, 1 leaflet. No filter included.\n## Care\nWipe it dry."
    )
    found = facts(got.items)
    assert found["in_the_box"].value == ("1 kettle", "1 base", "1 leaflet")
    assert found["in_the_box"].condition == "No filter included."
    assert found["care"].value == "Wipe it dry."


def test_a_size_chart_keeps_size_and_measure() -> None:
    got = extracted(
        """# Size chart
        All values in cm.
        | Size | Chest | Sleeve |
        | S | 90 – 96 | 62.5 |
        | M | 96 – 102 | 64 |"""
    )
    told = {f.value: f.size for f in got.items if getattr(f, "size", None)}
    assert [(m.id, m.low, m.unit) for m in told["S"].measures] == [
        ("chest", 90.0, "cm"),
        ("sleeve", 62.5, "cm"),
    ]
    assert (told["M"].measures[0].low, told["M"].measures[0].high) == (96.0, 102.0)


def test_an_absurd_figure_is_a_problem_and_no_fact() -> None:
    got = extracted("# Data sheet\n| Item | Value |\n| Battery life | 0 h |\n| Material | steel |")
    assert "battery" not in facts(got.items)
    assert [p.code for p in got.problems] == ["absurd_value"]


def test_a_doubtful_figure_of_a_scan_asks_a_person() -> None:
    got = extracted(
        "# Rating label KT-900\n| Weight | 838 g |\n| Voltage | 230 V |", ocr=True,
        words={"Weight": 0.97, "838": 0.51, "g": 0.99, "Voltage": 0.98, "230": 0.99, "V": 0.99},
    )  # fmt: skip
    assert [p.code for p in got.problems] == ["low_confidence"]
    assert facts(got.items)["weight"].source.confidence == 0.51


@pytest.mark.parametrize(
    ("text", "kind"),
    [("# EU-Konformitätserklärung\nNr. 12", "certificate"), ("# 符合性声明", "certificate"),
     ("# 检测报告", "test_report"),
     ("# Prüfbericht 4711", "test_report"), ("# Política de devoluciones", "policy"),
     ("# الأسئلة الشائعة", "faq"),
     ("# 取扱説明書", "manual"), ("# Ficha técnica", "spec"), ("# 直播脚本", "script"),
     ("# 内部资料 成本表", "internal"),
     ("# Brochure 2026", "brochure"), ("# Инструкция по эксплуатации", "manual"), ("# Hello world", "other"),
     ("# Lamp\n| Weight | 20 g |\n| Colour | red |\n| Material | oak |", "spec")],
)  # fmt: skip
def test_the_kind_is_read_from_the_content(text: str, kind: str) -> None:
    made = document(text)
    assert kind_of(made, parts(made)) == kind


def test_a_document_binds_to_the_product_its_title_names() -> None:
    assert extracted("# Lámpara: ficha técnica\n| Peso | 1 kg |", SHOP).product == "lamp"
    assert extracted("# Terms\nBear and lamp.", SHOP).product is None
    assert extracted("# Anything", KETTLE).product == "kettle"


LINES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["# Certificate", "# FAQ", "# Shipping", "# Test report", "| a | b | c |", "| | |",
                     "9" * 400, "Valid until x", "| Weight | 5 kg |", "| Market | Days |", "KT-900: IPX7",
                     "Germany: 3", "Is it? No"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_no_content_breaks_the_extractor(lines: list[str]) -> None:
    for item in extracted("\n".join(lines), SHOP).items:
        assert len(item.source.quote) <= 300


def test_a_line_about_one_of_a_pair_is_a_fact_under_its_own_words() -> None:
    sheet = "# Shoe\n- Weight of one shoe (size 42): 430 g\n- Upper: suede\n- Sole: rubber"
    found = [i for i in extracted(sheet, SHOP).items if isinstance(i, Fact)]
    assert [(f.value, f.unit) for f in found if f.attribute == "weight"] == [(430.0, "g")]
    assert {f.value for f in found if f.attribute == "material"} >= {"suede", "rubber"}
