"""Size charts of every layout become rows with labels and measures, bound to their product."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.common.catalogue import Brand, Catalogue, Product
from cohost.knowledge.extract.size_cells import ends_in, label_in, unit_in
from cohost.knowledge.extract.size_rows import Chart
from cohost.knowledge.extract.size_table import read
from cohost.trust.evidence import Fact
from tests.pure.knowledge.extract.made_documents import extracted

WARDROBE = Catalogue(
    brand=Brand(name="Feder"),
    products=(
        Product("helmet", "Feder helmet", ("FH-1",), ("casco", "Helm", "头盔")),
        Product("boot", "Feder boot", ("FB-2",), ("scarpe", "Stiefel", "靴子")),
    ),
)

Told = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, float | None, float | None, str | None], ...]]


def told(chart: Chart | None) -> list[Told]:
    assert chart is not None
    return [
        (
            tuple((x.system, x.value) for x in s.labels),
            tuple((m.id, m.low, m.high, m.unit) for m in s.measures),
        )
        for s in chart.sizes
    ]


HEAD_M = ("head", 55.0, 58.0, "cm")


@pytest.mark.parametrize(
    ("grid", "lang"),
    [
        ([("Taglia", "Circonferenza della testa (cm)", ""), ("Taglia", "da", "a"), ("S", "51", "54"),
          ("M", "55", "58")], "it"),
        ([("Size", "Head min (cm)", "Head max (cm)"), ("S", "51", "54"), ("M", "55", "58")], "en"),
        ([("Größe", "S", "M"), ("Kopfumfang", "51–54 cm", "55–58 cm")], "de"),
        ([("尺码", "头围（厘米）"), ("S", "51-54"), ("M", "55至58")], "zh"),
        ([("サイズ", "頭囲"), ("S", "51〜54cm"), ("M", "55〜58cm")], "ja"),
        ([("المقاس", "محيط الرأس (سم)"), ("S", "٥١–٥٤"), ("M", "٥٥–٥٨")], "ar"),
        ([("", "Head, cm"), ("S", "51 - 54"), ("M", "55 - 58")], "en"),
        ([("Размер", "Обхват головы, см"), ("S", "51–54"), ("M", "55–58")], "ru"),
        ([("ไซส์", "รอบศีรษะ (ซม.)"), ("S", "51-54"), ("M", "55-58")], "th"),
    ],
)  # fmt: skip
def test_one_chart_in_many_layouts(grid: list[tuple[str, ...]], lang: str) -> None:
    assert told(read(grid, lang, "cm"))[1] == ((("", "M"),), (HEAD_M,))


def test_columns_of_size_systems_are_labels_of_one_row() -> None:
    grid = [("Taglia", "", "", "Lunghezza del piede (cm)"), ("EU", "UK", "US uomo", ""),
            ("38", "5", "5.5", "24"), ("39", "6", "6.5", "24.6")]  # fmt: skip
    assert told(read(grid, "it"))[0] == (
        (("EU", "38"), ("UK", "5"), ("US", "5.5")),
        (("foot", 24.0, 24.0, "cm"),),
    )


def test_a_conversion_turned_on_its_side_is_read_too() -> None:
    grid = [("EU", "36", "37", "38"), ("UK", "3", "4", "5"), ("cm", "22.5", "23", "24")]
    assert told(read(grid, "en"))[1] == ((("EU", "37"), ("UK", "4")), (("foot", 23.0, 23.0, "cm"),))


def test_titles_inside_a_table_are_groups() -> None:
    grid = [("Size", "Height"), ("Men", "Men"), ("S", "5'5\"–5'7\""), ("M", "5'8\"–5'10\""),
            ("Women", "Women"), ("S", "5'1\"–5'3\""), ("M", "5'4\"–5'6\"")]  # fmt: skip
    chart = read(grid, "en")
    assert chart is not None
    assert [(s.group, s.measures[0].low) for s in chart.sizes] == [
        ("Men", 65.0),
        ("Men", 68.0),
        ("Women", 61.0),
        ("Women", 64.0),
    ]


def test_a_body_and_its_garment_are_told_apart() -> None:
    grid = [("Size", "Body", "Garment, laid flat", ""), ("Size", "Chest", "Chest", "Length"),
            ("S", "90–96", "102", "69"), ("M", "96–102", "108", "71")]  # fmt: skip
    chart = read(grid, "en", "cm")
    assert chart is not None
    assert [(m.id, m.of) for m in chart.sizes[0].measures] == [
        ("chest", "body"),
        ("chest", "garment"),
        ("length", "garment"),
    ]


@pytest.mark.parametrize(
    "grid",
    [
        [("Item", "Value"), ("Battery", "24 h"), ("Weight", "300 g")],
        [
            ("Market", "DE", "US", "UK"),
            ("Price", "3.90", "5.90", "4.90"),
            ("Express", "9.90", "4.90", "7.90"),
        ],
        [("Method", "US", "UK"), ("days", "4", "3"), ("included", "yes", "no"), ("carrier", "P", "Q")],
        [("Rev.", "Date"), ("1", "2025-03-10"), ("2", "2026-02-16")],
        [("Model", "Weight (g)", "Power"), ("A-1", "300", "20 W"), ("A-2", "320", "22 W")],
        [("S",), ("M",)],
        [],
    ],
)
def test_other_tables_are_no_charts(grid: list[tuple[str, ...]]) -> None:
    assert read(grid, "en", "cm") is None


@pytest.mark.parametrize(
    ("cell", "ends"),
    [
        ("55–58", (55.0, 58.0, "cm")),
        ("≤ 54", (None, 54.0, "cm")),
        ("185'e kadar", (None, 185.0, "cm")),
        ("62+", (62.0, None, "cm")),
        ("164/170", (164.0, 170.0, "cm")),
        ("550 mm", (550.0, 550.0, "mm")),
        ("—", None),
        ("see the note on page 4 of the manual", None),
    ],
)
def test_a_cell_has_two_ends(cell: str, ends: object) -> None:
    assert ends_in(cell, "cm", "tr") == ends


def test_a_head_names_its_unit() -> None:
    heads = (
        "Chest (cm)",
        "Chest (in)",
        "Chest in cm",
        "脚长mm",
        "胸围（厘米）",
        "Perímetro de la mano",
        "Chest in inches",
        "Longueur du pied",
    )
    assert [unit_in(h) for h in heads] == ["cm", "inch", "cm", "mm", "cm", None, "inch", None]


def test_a_label_is_a_letter_or_a_figure_under_its_head() -> None:
    assert label_in("xl", headed=False) == ("", "XL")
    assert label_in("42", headed=False) is None
    assert label_in("42", headed=True) == ("", "42")
    assert label_in("EU 42", headed=False) == ("EU", "42")
    assert label_in("parcel", headed=True) is None


@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=6))
def test_no_table_makes_it_fail(grid: list[list[str]]) -> None:
    read(grid, "en", "cm")


def rows(text: str) -> list[Fact]:
    found = extracted(text, WARDROBE).items
    return [i for i in found if isinstance(i, Fact) and (i.size or i.between_sizes)]


TWO = """# Feder boot – sizes
| Size EU | UK | Foot length (cm) |
| 38 | 5 | 24 |
| 39 | 6 | 24.6 |
Between two sizes take the larger one.

# Feder helmet – sizes
| Size | Head (cm) |
| S | 51–54 |
| M | 55–58 |
In between sizes choose the smaller size."""


def test_each_chart_and_its_rule_belong_to_the_product_named_above() -> None:
    found = rows(TWO)
    assert [(f.product, f.condition) for f in found if f.size] == [
        ("boot", "EU 38 / UK 5"),
        ("boot", "EU 39 / UK 6"),
        ("helmet", "S"),
        ("helmet", "M"),
    ]
    assert [(f.product, f.between_sizes) for f in found if f.between_sizes] == [
        ("boot", "larger"),
        ("helmet", "smaller"),
    ]


def test_a_chart_leaves_no_other_facts_behind() -> None:
    found = extracted(TWO, WARDROBE).items
    assert [f for f in found if isinstance(f, Fact) and f.attribute == "size_chart" and not f.size] == [
        f for f in found if isinstance(f, Fact) and f.between_sizes
    ]


def test_weights_told_size_by_size_are_facts_of_their_sizes() -> None:
    found = rows(
        "# Feder helmet – Datenblatt\n"
        "| Gewicht | Größe S: 310 g Größe M: 340 g Größe L: 370 g |\n| Farbe | Weiß |"
    )
    assert [(f.attribute, f.value, f.unit, f.size.labels[0].value) for f in found if f.size] == [
        ("weight", 310.0, "g", "S"),
        ("weight", 340.0, "g", "M"),
        ("weight", 370.0, "g", "L"),
    ]


def test_sizes_in_a_line_of_text_are_rows_too() -> None:
    found = rows("# Feder helmet – FAQ\nHead circumference: S 51–54 cm, M 55–58 cm, L 59–62 cm.")
    assert [(f.value, m.id, m.low, m.high) for f in found if f.size for m in f.size.measures] == [
        ("S", "head", 51.0, 54.0),
        ("M", "head", 55.0, 58.0),
        ("L", "head", 59.0, 62.0),
    ]
    assert rows("# Feder helmet\nWe sold 40 pairs in 2 weeks. Battery M 12 h, battery L 20 h.") == []


def test_a_list_of_goods_with_a_column_of_sizes_stays_a_list() -> None:
    found = extracted(
        "# Sortiment\n| Modell | Größe | Gewicht (kg) | Farbe |\n"
        "| FH-1 | M | 0,34 | weiß |\n| FB-2 | 42 | 0,485 | grau |",
        WARDROBE,
    ).items
    sized = {f.product: f.size for f in found if isinstance(f, Fact) and f.size}
    assert {p: s.labels[0].value for p, s in sized.items()} == {"helmet": "M", "boot": "42"}
    assert any(isinstance(f, Fact) and f.attribute == "color" for f in found)
