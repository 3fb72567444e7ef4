from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.knowledge.extract import binding, labels, places, standards, stream, values
from cohost.knowledge.extract.vocabulary import section, yes_or_no
from cohost.languages import LANGUAGES, table
from tests.pure.knowledge.extract.made_documents import KETTLE, SHOP


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_same_words_of_papers(lang: str) -> None:
    english, own = table("en", "documents"), table(lang, "documents")
    assert own.keys() == english.keys()
    for part, rows in english.items():
        assert own[part].keys() == rows.keys(), part
        assert all(entries and all(entries) for entries in own[part].values()), part


@pytest.mark.parametrize(
    ("label", "key"),
    [("Certificate No. 证书编号", "number"), ("ใบอนุญาตเลขที่ Licence No.", "number"), ("Validade", "expires"),
     ("有効期限", "expires"), ("Gültig bis", "expires"), ("صالح حتى", "expires"),
     ("Fecha de emisión", "issued"),
     ("Laboratory Labor", "lab"), ("2. Manufacturer / Hersteller", "manufacturer"), ("型番", "model"),
     ("Срок действия", "expires"), ("Model numbers", "model")],
)  # fmt: skip
def test_a_papers_label_reads_in_any_language_and_in_two(label: str, key: str) -> None:
    hit = section("field").label(label)
    assert hit is not None
    assert hit.key == key


@pytest.mark.parametrize(
    ("cell", "said"),
    [("否 no", False), ("No, solo por cable.", False), ("不支持。", False), ("ja", True), ("なし", False),
     ("✓ x", None),
     ("620 g", None), ("não incluído", False), ("हाँ", True), ("은", None)],
)  # fmt: skip
def test_yes_and_no_read_in_any_language(cell: str, said: bool | None) -> None:
    assert yes_or_no(cell) is said


@pytest.mark.parametrize(
    ("attribute", "cell", "value", "unit", "condition"),
    [("battery", "24 h at 50 % volume", 24.0, "h", "at 50 % volume"),
     ("battery", "约24小时(音量50%)", 24.0, "h", "音量50%"),
     ("weight", "398 g without cord", 398.0, "g", "without cord"),
     ("voltage", "220–240 V ~ 50/60 Hz", (220.0, 240.0), "V", "50/60 Hz"),
     ("size", "148 × 70 × 27 mm", "148 × 70 × 27", "mm", ""),
     ("water", "IPX7 (1 m, 30 min)", "IPX7", None, "1 m, 30 min"),
     ("shipping", "17 working days", 17.0, "day", "working days"),
     ("color", "schwarz / weiß", ("schwarz", "weiß"), None, ""),
     ("in_the_box", "1 Motor, 1 Netzteil 24 V / 1,5 A", ("1 Motor", "1 Netzteil 24 V / 1,5 A"), None, "")],
)  # fmt: skip
def test_a_value_keeps_its_unit_and_condition(
    attribute: str, cell: str, value: object, unit: str | None, condition: str
) -> None:
    reading = values.read(attribute, cell, lang="de" if "Netzteil" in cell else "en")[0]
    assert (reading.value, reading.unit, reading.condition) == (value, unit, condition)


def test_a_figure_of_another_dimension_goes_to_its_own_attribute() -> None:
    found = {r.attribute: (r.value, r.unit) for r in values.read("battery", "5200 mAh 3.7 V (19.24 Wh)")}
    assert found == {"battery_capacity": (5200.0, "mAh"), "energy": (19.24, "Wh")}


@pytest.mark.parametrize("cell", ["未测 not measured", "—", "n/a", "TBD", "none: not for 100–127 V"])
def test_a_cell_that_states_nothing_gives_nothing(cell: str) -> None:
    assert values.read("voltage", cell) == []


def test_a_denial_is_kept_as_one() -> None:
    assert values.read("dishwasher", "nicht geeignet")[0].polarity is False
    assert values.read("water", "无防水等级,请勿接触水")[0].polarity is False
    assert values.read("material", "non-slip rubber")[0].polarity is True


def test_a_labels_circumstance_is_a_condition_and_its_unit_a_unit() -> None:
    assert labels.read("Playing time at 50 % volume").condition == "at 50 % volume"
    assert labels.read("Weight (g)").unit == "g"
    assert labels.read("续航 Playing time").condition == ""


def test_the_longer_model_wins_and_what_is_not_covered_is_left_out() -> None:
    assert binding.models_in("KT-900S and kt–900", KETTLE) == ("KT-900S", "KT-900")
    assert binding.models_in("Model: KT-900 (not for KT-900S)", KETTLE) == ("KT-900",)
    assert binding.stated_models("EX-21700-50", KETTLE) == ("EX-21700-50",)
    assert binding.families("KT-900 series") == ("KT-900*",)


def test_countries_read_in_any_language_and_eu_means_the_catalogues_members() -> None:
    assert places.find("Brasilien und die Schweiz") == ("BR", "CH")
    assert places.find("ドイツ、フランス") == ("DE", "FR")
    assert places.find("European Union and United Kingdom", SHOP) == ("GB", "DE", "FR")
    assert places.find("wir geben 3 Jahre ab Kaufdatum") == ()


def test_standards_keep_their_editions() -> None:
    text = (
        "EN IEC 62368-1:2020+A11:2020, EN 300 328 V2.2.2; IEC 60529:1989+AMD1:1999; "
        "UL 1642, Edition 6; GB 4943.1-2022"
    )
    assert [(s.id, s.edition) for s in standards.find(text)] == [
        ("EN IEC 62368-1", "2020+A11:2020"), ("EN 300 328", "V2.2.2"), ("IEC 60529", "1989+AMD1:1999"),
        ("UL 1642", "Edition 6"), ("GB 4943.1", "2022"),
    ]  # fmt: skip


def test_sentences_do_not_end_at_abbreviations_and_ordinals() -> None:
    text = (
        "Report No. 7 was made by Muster Co. Ltd. in Berlin. Gültig bis 14. März 2031. 不支持。请勿接触水。"
    )
    assert stream.sentences(text) == [
        "Report No. 7 was made by Muster Co. Ltd. in Berlin.", "Gültig bis 14. März 2031.",
        "不支持。", "请勿接触水。",
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_sentences_lose_no_word(text: str) -> None:
    assert "".join("".join(stream.sentences(text)).split()) == "".join(text.split())


@given(st.sampled_from(["battery", "weight", "water", "color", "size", "dishwasher"]), st.text(max_size=80))
def test_no_cell_breaks_the_reader(attribute: str, cell: str) -> None:
    for reading in values.read(attribute, cell):
        assert reading.attribute


@pytest.mark.parametrize(
    ("cell", "value", "unit", "condition"),
    [
        ("6.90 EUR, free from 60 EUR", 6.9, "EUR", "free from 60 EUR"),
        ("4.90 € (from 50 € kostenlos)", 4.9, "EUR", "from 50 € kostenlos"),
        ("12元，满200元包邮", 12.0, "CNY", "满200元包邮"),
        ("1.50 EUR to 3 EUR, 5 EUR express, free over 40 EUR", None, None, ""),
        ("8.90 EUR", 8.9, "EUR", ""),
    ],
)
def test_a_fee_that_is_waived_from_an_amount_is_the_fee(
    cell: str, value: float | None, unit: str | None, condition: str
) -> None:
    (reading,) = values.read("shipping_cost", cell, lang="zh" if "满" in cell else "en")
    assert (reading.unit, reading.condition) == (unit, condition)
    assert reading.value == (cell if value is None else value)


@pytest.mark.parametrize("cell", ["40 / 70 / 80 / 90 / 100 °C", "130 °C / 160 °C / 190 °C"])
def test_steps_that_can_be_set_are_told_as_they_stand(cell: str) -> None:
    (reading,) = values.read("temperature", cell)
    assert (reading.value, reading.unit) == (cell, None)
