"""Tables of several models, groups of rows, merged cells, languages; clauses by figure and market."""

from __future__ import annotations

import pytest

from cohost.common.catalogue import Catalogue, Market, Product, Variant
from cohost.knowledge.documents import Block, Document, Page, Table
from cohost.knowledge.extract import binding, clauses, extract, values
from cohost.trust.evidence import Evidence, Fact, MarketFact, Passage
from tests.pure.knowledge.extract.made_documents import SHOP

TWO = Catalogue(
    products=(
        Product("brook", "Brook kettle", ("BK-1", "BK-1J")),
        Product("fern", "Fern lamp", ("FN-2",)),
        Product("fern-max", "Fern Max lamp", ("FN-3",)),
    ),
    variants=(
        Variant(model="BK-1J", product="brook", markets=("JP",)),
        Variant(model="BK-1", product="brook", markets=("DE", "GB")),
    ),
    markets=tuple(
        Market(code=c, lang=g, currency=u)
        for c, g, u in (("DE", "de", "EUR"), ("FR", "fr", "EUR"), ("GB", "en", "GBP"), ("JP", "ja", "JPY"))
    ),
)


Spans = dict[int, tuple[tuple[int, int], ...]]


def items(*rows: tuple[str, ...], spans: Spans | None = None) -> tuple[Evidence, ...]:
    """What a sheet of these rows gives; `spans`: row → (cell, columns it covers)."""
    blocks = tuple(
        Block("table_row", " ".join(c for c in row if c), cells=row, table=0, spans=(spans or {}).get(n, ()))
        for n, row in enumerate(rows)
    )
    page = Page(None, "\n".join(b.text for b in blocks), blocks, (Table(rows),))
    return extract(Document("spec.xlsx", "00", "xlsx", (page,), "spec"), catalogue=TWO).items


def facts(*rows: tuple[str, ...], spans: Spans | None = None) -> list[Fact | MarketFact]:
    return [i for i in items(*rows, spans=spans) if isinstance(i, Fact | MarketFact)]


def told(found: list[Fact | MarketFact], model: str) -> dict[str, object]:
    return {f.attribute: f.value for f in found if f.models == (model,)}


GROUPED = (
    ("Spec sheet rev. 3", "valid from May", "", ""),
    ("类别", "参数 Item", "BK-1 (欧洲 EU/UK)", "FN-2"),
    ("外观 Appearance", "净重 Net weight (kg)", "1.2", "0.8"),
    ("", "尺寸 Dimensions (mm)", "200 × 150 × 250", "90 × 90 × 400"),
    ("电气 Electrical", "额定功率 Rated power", "2200 W", "9 W"),
    ("", "产地 Country of origin", "中国 China", ""),
    ("", "Spout", "gooseneck", "—"),
)


def test_a_cell_is_its_columns_models_whatever_stands_above_and_before() -> None:
    found = facts(*GROUPED, spans={5: ((2, 2),)})
    assert told(found, "BK-1") == {
        "weight": 1.2,
        "size": "200 × 150 × 250",
        "power": 2200.0,
        "origin": "中国 China",
    }
    assert told(found, "FN-2") == {
        "weight": 0.8,
        "size": "90 × 90 × 400",
        "power": 9.0,
        "origin": "中国 China",
    }
    assert {f.product for f in found if f.models == ("FN-2",)} == {"fern"}


def test_an_unread_row_is_words_of_each_columns_model() -> None:
    spout = [i for i in items(*GROUPED) if isinstance(i, Passage) and "Spout" in i.text]
    assert [(p.product, p.text) for p in spout] == [("brook", "Spout: gooseneck")]


def test_a_second_head_of_models_begins_another_table() -> None:
    found = facts(
        ("Item", "BK-1", "BK-1J"), ("Power", "2200 W", "1000 W"),
        ("Item", "FN-2", "FN-3"), ("Power", "9 W", "14 W"),
    )  # fmt: skip
    assert {(f.product, f.models[0], f.value) for f in found} == {
        ("brook", "BK-1", 2200.0), ("brook", "BK-1J", 1000.0), ("fern", "FN-2", 9.0),
        ("fern-max", "FN-3", 14.0),
    }  # fmt: skip


def test_columns_headed_by_languages_say_one_thing() -> None:
    found = facts(
        ("参数 Item", "中文", "English"),
        ("续航 Battery life", "最低亮度 40 小时;最高亮度 6 小时",
         "40 h at lowest brightness; 6 h at highest brightness"),
        ("颜色 Colours", "白色、黑色", "white, black"),
    )  # fmt: skip
    assert [(f.attribute, f.value, f.condition) for f in found] == [
        ("battery", 40.0, "最低亮度 at lowest brightness"),
        ("battery", 6.0, "最高亮度 at highest brightness"),
        ("color", ("白色 white", "黑色 black"), ""),
    ]


def test_columns_of_two_languages_in_one_script_are_one_fact() -> None:
    found = facts(("Merkmal", "Deutsch", "Polski"), ("Gewicht", "1,2 kg ohne Kabel", "1,2 kg bez kabla"))
    assert [(f.value, f.condition) for f in found] == [(1.2, "ohne Kabel / bez kabla")]


@pytest.mark.parametrize(
    ("attribute", "cell", "expected"),
    [
        ("weight", "Size S: 310 g Size M: 340 g", [(310.0, "Size S"), (340.0, "Size M")]),
        ("weight", "310 g (S), 340 g (M)", [(310.0, "S"), (340.0, "M")]),
        ("battery", "ANC off 7 h / ANC on 5 h", [(7.0, "ANC off"), (5.0, "ANC on")]),
        ("battery", "40 h at 50 %; 6 h at 100 %", [(40.0, "at 50 %"), (6.0, "at 100 %")]),
        ("battery", "最低亮度 40 小时;最高亮度 6 小时", [(40.0, "最低亮度"), (6.0, "最高亮度")]),
        ("battery", "7 h (5 h with ANC)", [(7.0, ""), (5.0, "with ANC")]),
        ("capacity", "1.0 L (5.5 cups of 180 mL)", [(1.0, "5.5 cups of 180 mL")]),
    ],
)  # fmt: skip
def test_a_circumstance_goes_with_the_figure_of_its_clause(
    attribute: str, cell: str, expected: list[tuple[float, str]]
) -> None:
    assert [(r.value, r.condition) for r in values.read(attribute, cell)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 months; EU and UK 24 months", {("JP",): "12 months", ("DE", "FR", "GB"): "24 months"}),
        ("12 个月(欧盟/英国 24 个月)", {("JP",): "12 个月", ("DE", "FR", "GB"): "24 个月"}),
        ("24 Monate (Japan: 12 Monate)", {("DE", "FR", "GB"): "24 Monate", ("JP",): "12 Monate"}),
        ("F 型(英国 G 型) Type F (UK: type G)", {("DE", "FR", "JP"): "F 型 Type F", ("GB",): "G 型 type G"}),
        ("12 months", {}),
        ("5 V DC (USB-C)", {}),
    ],
)
def test_a_market_goes_with_its_clause_and_the_rest_holds_elsewhere(
    text: str, expected: dict[tuple[str, ...], str]
) -> None:
    assert {tuple(sorted(c)): t for c, t in clauses.by_market(text, TWO)} == expected


def test_a_rule_by_market_holds_only_where_the_model_is_sold() -> None:
    found = facts(
        ("Item", "BK-1", "BK-1J"), ("Warranty", "12 months; EU and UK 24 months", "12 months; EU 24 months")
    )
    by_model = {(f.models[0], f.markets[0]): f.value for f in found}
    assert by_model == {("BK-1", "DE"): 24.0, ("BK-1", "GB"): 24.0, ("BK-1J", "JP"): 12.0}


def test_the_beginning_of_a_longer_name_is_that_product_alone() -> None:
    assert [m.product for m in binding.mentions("Fern Max 降噪台灯", TWO)] == ["fern-max"]
    assert binding.mentions("Brook kettle", SHOP) == []


@pytest.mark.parametrize(
    ("label", "cell"),
    [
        ("Material thickness", "2 mm"),
        ("Battery life", "5 years"),
        ("Noise", "300 dB"),
        ("Adapter output", "24 V DC"),
    ],
)
def test_a_figure_that_cannot_be_of_the_attribute_is_not_taken(label: str, cell: str) -> None:
    assert not facts(("Item", "BK-1", "FN-2"), (label, cell, cell))


def test_a_yes_with_more_keeps_the_more() -> None:
    found = facts(("Item", "BK-1", "FN-2"), ("无线充电 Wireless charging", "不支持 No", "支持 Qi Yes, Qi"))
    assert [(f.models, f.value, f.condition, getattr(f, "polarity", None)) for f in found] == [
        (("BK-1",), "无线充电 Wireless charging", "", False),
        (("FN-2",), "无线充电 Wireless charging", "Qi", True),
    ]
