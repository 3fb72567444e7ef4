"""Reports: columns in any order and language, samples, several reports in a file, scans in pieces."""

from __future__ import annotations

import datetime as dt

import pytest

from cohost.common.catalogue import Catalogue, Product
from cohost.knowledge.extract.labelled import _several_dates
from cohost.trust.evidence import Fact, TestReport
from tests.pure.knowledge.extract.made_documents import KETTLE, extracted, of, report

HEAD = """# {title}
| Report No. | ZT-26-0417 |
| Laboratory | Muster Testing Lab |
| Sample | kettle, model KT-900, {sample} |
"""
OUTDOOR = Catalogue(
    products=(
        Product("bag", "Nebel sleeping bag", ("NB-5R", "NB-5L"), ("sleeping bag",)),
        Product("buds", "Dot earbuds", ("DT-1P",), ("earbuds",)),
    )
)


def facts(text: str, catalogue: Catalogue = KETTLE, **more: object) -> list[Fact]:
    return of(extracted(text, catalogue, **more).items, Fact)


TABLES = {
    "en": "| Quantity | Limit | Result | Verdict |\n| Noise level | ≤ 60 dB(A) | 58.6 dB(A) | Pass |",
    "de": "| Prüfung | Grenzwert | Messwert | Urteil |\n| Geräuschpegel | 60 dB | 58,6 dB(A) | bestanden |",
    "fr": "| Essai | Résultat | Limite | Verdict |\n| Niveau sonore | 58,6 dB(A) | 60 dB(A) | conforme |",
    "es": "| Límite | Resultado | Ensayo | Veredicto |\n| 60 dB(A) | 58,6 dB(A) | Nivel de ruido | cumple |",
    "zh": "| 序号 | 检测项目 | 单位 | 限值 | 结果 | 判定 |\n| 1 | 噪声 | dB(A) | 60 | 58.6 | 符合 |",
    "ja": "| 試験項目 | 規格値 | 測定値 | 判定 |\n| 騒音 | 60 dB(A) | 58.6 dB(A) | 合格 |",
    "verdict first": "| Verdict | Limit | Result | Test |\n| Pass | 60 dB(A) | 58.6 dB(A) | Noise level |",
    "head names it": "| Mode | Sound pressure level at 1 m |\n| Standard mode | 58.6 dB(A) |",
}


@pytest.mark.parametrize("table", TABLES)
def test_the_result_is_the_value_whatever_the_order_and_language(table: str) -> None:
    found = [
        f
        for f in facts(HEAD.format(title="Test report", sample="1 pc") + TABLES[table])
        if f.basis == "measured"
    ]
    assert [(f.attribute, f.value, f.unit, f.models) for f in found] == [("noise", 58.6, "dB", ("KT-900",))]
    assert found[0].report


def test_a_quantity_of_an_attribute_is_that_attribute_under_its_own_words() -> None:
    found = facts(
        """# Test report – thermal properties
        Klima Testlabor GmbH
        Report number: KL-26-0142
        | Test item | Sleeping bag, model NB-5R (size R), quantity: 1, new |
        | Method | EN ISO 23537-1:2022 |
        ## 1. Temperature ratings
        | Quantity | Measured | Declared by client | Verdict |
        | Comfort temperature Tcomf | −2 °C | −3 °C | conform |
        | Extreme temperature Text | −26 °C | −25 °C | conform |
        ## 2. Mass
        | Quantity | Measured | Declared by client | Limit |
        | Total mass of the test item | 988 g | 980 g | ± 5 % |""",
        OUTDOOR,
    )
    assert [(f.attribute, f.value, f.condition) for f in found] == [
        ("temperature", -2.0, "Comfort temperature Tcomf"),
        ("temperature", -26.0, "Extreme temperature Text"),
        ("weight", 988.0, "Total mass of the test item"),
    ]
    assert {f.models for f in found} == {("NB-5R",)}


@pytest.mark.parametrize(
    ("sample", "quantity"),
    [
        ("5 pcs, production samples", 5), ("14 pieces, 3 samples", 3), ("quantity: 2, new", 2),
        ("5 specimens", 5),
        ("3 Proben, neu", 3), ("4 échantillons", 4), ("6 muestras", 6), ("3台", 3), ("5 件", 5),
        ("2 sztuki", 2),
    ],
)  # fmt: skip
def test_how_many_samples_is_read_from_the_samples_line(sample: str, quantity: int) -> None:
    item = report(extracted(HEAD.format(title="Test report", sample=sample) + TABLES["en"]).items)
    assert (item.sample_quantity, item.sample_model) == (quantity, "KT-900")


def test_each_report_of_a_file_is_its_own_with_its_letterhead_and_number() -> None:
    page = """Nan Testing Laboratory Co., Ltd. (NTL)
        Accreditation: CNAS L99017 (ISO/IEC 17025:2017)
        # TEST REPORT
        Report No. {number}
        | Test item | {subject} |
        | Sample | earbuds, model DT-1P, {sample} |
        | Date of receipt / test / issue | 2026-03-02 / 2026-03-04 – 2026-03-06 / 2026-03-09 |
        ## Results
        {table}
        Tested by: A. Nonym
        """
    text = page.format(
        number="N-BT-417", subject="Battery life, playback", sample="5 pcs",
        table="| Quantity | Result | Remarks |\n| Single charge, ANC off | 7.2 h | mean of 5 pcs |\n"
        "| Single charge, ANC on | 5.6 h | mean of 5 pcs |",
    ) + page.format(
        number="N-WP-418", subject="Degree of protection against water, IPX4",
        sample="earbuds only (case not tested)",
        table="| Requirement | Result | Verdict |\n| Splashing water, 10 min | No harmful ingress | Pass |",
    )  # fmt: skip
    got = extracted(text, OUTDOOR)
    reports = of(got.items, TestReport)
    assert [r.number for r in reports] == ["N-BT-417", "N-WP-418"]
    first = reports[0]
    assert first.lab is not None
    assert first.lab.name.startswith("Nan Testing Laboratory")
    assert (first.accredited, first.source_class, first.sample_quantity) == (True, "A", 5)
    assert (first.tested, first.issued) == (dt.date(2026, 3, 4), dt.date(2026, 3, 9))
    found = of(got.items, Fact)
    assert [(f.attribute, f.value, f.report == first.id) for f in found if f.attribute == "battery"] == [
        ("battery", 7.2, True), ("battery", 5.6, True),
    ]  # fmt: skip
    assert "ANC on" in found[1].condition
    water = next(f for f in found if f.attribute == "water")
    assert (water.value, water.report) == ("IPX4", reports[1].id)
    assert "earbuds only (case not tested)" in water.condition


def test_a_scan_that_falls_in_pieces_keeps_its_columns() -> None:
    found = facts(
        """ERFUNDEN TOY TESTLAB
        Accredited laboratory, ISO/IEC 17025, No. FT 1180
        TEST REPORT No.ET-0912-26
        | Applicant | Kessel Beispiel GmbH |
        | Sample | kettle, model KT-900, 3 samples |
        | Standard | Clause/ element | Result | Limit | Conclusion |
        | EN 71-1:2014+A1:2018 | Mechanical properties | Pass |
        and physical
        | EN 71-3:2019+A1:2021 | Lead, category I | 0.8 mg/kg | 23 mg/kg | Pass |""",
        ocr=True, words={"0.8": 0.97},
    )  # fmt: skip
    lead = next(f for f in found if "Lead" in f.condition)
    assert (lead.attribute, str(lead.value).split(" EN")[0]) == ("tests", "0.8 mg/kg")
    assert "23" not in str(lead.value).split("EN")[0]
    assert any("Mechanical" in f.condition and "Pass" in str(f.value) for f in found)


def test_the_makers_letterhead_makes_no_third_party() -> None:
    text = "Kessel Beispiel GmbH\n# Test report\n| Report No. | W-1 |\n| Model | KT-900 |\n" + TABLES["en"]
    assert report(extracted(text).items).source_class == "B"


@pytest.mark.parametrize(
    ("label", "value", "keys"),
    [
        ("Received / tested", "2025-09-02 / 2025-09-08 to 2025-09-10", ["received", "tested"]),
        ("Probeneingang / Prüfdatum / Ausstellungsdatum", "02.03.2026 / 04.03.2026 / 09.03.2026",
         ["received", "tested", "issued"]),
        ("受領日 / 試験日 / 発行日", "2026年3月2日 / 2026年3月4日 / 2026年3月9日",
         ["received", "tested", "issued"]),
        ("Manufacturer / country", "Example Ltd / China", []),
    ],
)  # fmt: skip
def test_dates_that_share_a_row_are_told_apart(label: str, value: str, keys: list[str]) -> None:
    assert [key for key, _ in _several_dates(label, value)] == keys
