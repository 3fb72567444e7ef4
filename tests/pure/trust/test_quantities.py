"""Numbers with units as documents and viewers write them."""

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from cohost.languages import LANGUAGES, table
from cohost.trust.quantities import Amount, amounts, convert, same_dimension, unit_id, with_qualifier

ONE = [
    ("1.234,5 g", "de", 1234.5, "g"), ("1 234,5 kg", "fr", 1234.5, "kg"), ("24小时", "zh", 24, "h"),
    ("٢٤ ساعة", "ar", 24, "h"), ("२४ घंटे", "hi", 24, "h"), ("๒๔ ชั่วโมง", "th", 24, "h"),
    ("２４時間", "ja", 24, "h"),
    ("€59.90", "en", 59.9, "EUR"), ("R$ 199,90", "pt", 199.9, "BRL"), ("1.990,00 €", "de", 1990, "EUR"),
    ("¥6,980", "ja", 6980, "JPY"), ("¥399", "zh", 399, "CNY"), ("฿1,290", "th", 1290, "THB"),
    ("20,000 mAh", "en", 20000, "mAh"), ("20000mah", "en", 20000, "mAh"), ("2万毫安", "zh", 20000, "mAh"),
    ("5'11\"", "en", 71, "inch"), ("149,99 zł", "pl", 149.99, "PLN"), ("1.299.000đ", "vi", 1299000, "VND"),
    ("Rp 250rb", "id", 250000, "IDR"), ("dos años", "es", 2, "year"), ("two-year", "en", 2, "year"),
    ("七天", "zh", 7, "day"), ("1 h 30 min", "en", 1.5, "h"), ("1h30", "fr", 1.5, "h"),
    ("½ hour", "en", 0.5, "h"),
    ("30 dias úteis", "pt", 30, "day"), ("-10 °C", "en", -10, "degC"), ("10 000 mm", "fr", 10000, "mm"),
    ("24 Std.", "de", 24, "h"), ("8 tiếng", "vi", 8, "h"), ("24 часа", "ru", 24, "h"),
    ("1 万円", "ja", 10000, "JPY"),
    ("1,5 kg", "en", 1.5, "kg"), ("1,234,567", "de", 1234567, None), ("12 cm/s", "en", 12, "cm/s"),
    ("24 saat", "tr", 24, "h"), ("24 godziny", "pl", 24, "h"), ("24 uur", "nl", 24, "h"),
    ("24 ore", "it", 24, "h"),
    ("24 jam", "id", 24, "h"), ("24시간", "ko", 24, "h"), ("50 %", "en", 50, "%"),
    ("38 dB(A)", "en", 38, "dB"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lang", "value", "unit"), ONE)
def test_one_amount_is_read(text: str, lang: str, value: float, unit: str | None) -> None:
    (found,) = amounts(text, lang)
    assert (found.low, found.high, found.unit) == (value, value, unit)


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("24–30 h", "en", [(24, 30, "h")]), ("24 à 30 heures", "fr", [(24, 30, "h")]),
        ("3-5 working days", "en", [(3, 5, "day")]), ("3〜5営業日", "ja", [(3, 5, "day")]),
        ("100-240 V~ 50/60 Hz", "en", [(100, 240, "V"), (50, 60, "Hz")]),
        ("-10 °C to 45 °C", "en", [(-10, 45, "degC")]), ("5 V ⎓ 2 A", "en", [(5, 5, "V"), (2, 2, "A")]),
        ("20 x 10 x 5 cm", "en", [(20, 20, "cm"), (10, 10, "cm"), (5, 5, "cm")]),
        ("5V/3A, 9V/2A", "en", [(5, 5, "V"), (3, 3, "A"), (9, 9, "V"), (2, 2, "A")]),
        ("1 m for 30 min", "en", [(1, 1, "m"), (30, 30, "min")]),
        ("24 h 50 % volume", "en", [(24, 24, "h"), (50, 50, "%")]),
        ("Rated 1800-2000W 220-240V", "en", [(1800, 2000, "W"), (220, 240, "V")]),
    ],
)  # fmt: skip
def test_ranges_pairs_and_dimensions_are_read(
    text: str, lang: str, expected: list[tuple[float, float, str]]
) -> None:
    assert [(a.low, a.high, a.unit) for a in amounts(text, lang)] == expected


@pytest.mark.parametrize(
    ("text", "lang", "qualifier"),
    [
        ("up to 24 h", "en", "up_to"), ("hasta 24 horas", "es", "up_to"),
        ("bis zu 24 Stunden", "de", "up_to"),
        ("jusqu'à 24 h", "fr", "up_to"), ("最长24小时", "zh", "up_to"), ("最大24時間", "ja", "up_to"),
        ("حتى 24 ساعة", "ar", "up_to"), ("até 24 horas", "pt", "up_to"), ("do 24 godzin", "pl", "up_to"),
        ("до 24 часов", "ru", "up_to"), ("en fazla 24 saat", "tr", "up_to"),
        ("tối đa 24 giờ", "vi", "up_to"),
        ("hingga 24 jam", "id", "up_to"), ("최대 24시간", "ko", "up_to"),
        ("สูงสุด 24 ชั่วโมง", "th", "up_to"),
        ("fino a 24 ore", "it", "up_to"), ("tot 24 uur", "nl", "up_to"), ("अधिकतम 24 घंटे", "hi", "up_to"),
        ("≥ 24 h", "en", "at_least"), ("24時間以上", "ja", "at_least"), ("不少于24小时", "zh", "at_least"),
        ("约24小时", "zh", "about"), ("ca. 24 h", "de", "about"), ("~24 h", "en", "about"),
        ("24 h", "en", ""),
        ("batteria da 24 Wh", "it", ""), ("100-240 V~ 50 Hz", "en", ""),
    ],
)  # fmt: skip
def test_up_to_about_and_at_least_stay(text: str, lang: str, qualifier: str) -> None:
    assert amounts(text, lang)[-1].qualifier == qualifier


@pytest.mark.parametrize(
    "text",
    [
        "IPX7", "IP67 rated", "IPX7 is no amount", "EN 62368-1:2020", "EN 62368-1:2020 is no amount",
        "EN IEC 62368-1:2020+A11:2020", "ISO/IEC 17025:2017", "GB 4943.1-2022", "UN 38.3", "2014/53/EU",
        "2024-03-01", "01.03.2024", "12 March 2024", "2024年3月1日", "Bluetooth 5.3", "USB 3.0", "AX2-B",
        "RX2",
        "SZ-2024-118", "12:30", "page 2", "Art. 9", "§ 7", "4K", "15Pro", "iPhone 15", "in 2024", "十分满意",
        "+49 30 1234567",
    ],
)  # fmt: skip
def test_codes_dates_standards_and_models_are_no_amounts(text: str) -> None:
    assert amounts(text, "zh" if "十" in text else "en") == []


@pytest.mark.parametrize(
    ("word", "lang", "unit"),
    [
        ("小时", None, "h"), ("hrs", None, "h"), ("horas", "es", "h"), ("Stunden", "de", "h"),
        ("ساعة", None, "h"),
        ("mAh", None, "mAh"), ("°C", None, "degC"), ("USD", None, "USD"), ("xyz", None, None),
        ("г", "ru", "g"),
        ("Werktage", "de", "day"), ("%", None, "%"),
    ],
)  # fmt: skip
def test_unit_words_have_one_id(word: str, lang: str | None, unit: str | None) -> None:
    assert unit_id(word, lang) == unit


def test_conversion_stays_within_a_dimension() -> None:
    assert convert(24, "month", "year") == pytest.approx(2)
    assert convert(100, "degC", "degF") == pytest.approx(212)
    assert convert(1, "lb", "g") == pytest.approx(453.592, rel=1e-4)
    assert convert(10, "floz", "mL") == pytest.approx(295.7, rel=1e-3)
    assert convert(1, "EUR", "USD") is None
    assert convert(1, "h", "g") is None
    assert convert(1, "nonsense", "g") is None
    assert same_dimension("min", "h")
    assert not same_dimension("Wh", "h")
    assert not same_dimension("%", "h")
    assert same_dimension("EUR", "EUR")


def test_every_unit_of_the_tables_has_an_id_pint_or_money_knows() -> None:
    for lang in LANGUAGES:
        for unit in table(lang, "quantities")["units"]:
            known = {"workday": "day", "percent": "%"}.get(unit, unit)
            assert same_dimension(known, known)
            assert convert(2, known, known) == 2


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_any_text_gives_amounts_whose_spans_lie_inside_it(text: str, lang: str) -> None:
    last = 0
    for amount in amounts(text, lang):
        assert last <= amount.start < amount.end <= len(text)
        assert amount.text == text[amount.start : amount.end]
        assert amount.low <= amount.high
        start, end = with_qualifier(text, amount, lang)
        assert 0 <= start <= amount.start
        assert amount.end <= end <= len(text)
        last = amount.end


@given(
    st.decimals(min_value=0, max_value=10_000_000, places=2, allow_nan=False),
    st.sampled_from([t for t in LANGUAGES if t not in ("ar", "hi")]),
    st.sampled_from(["h", "kg", "mAh", "W", "cm"]),
)
def test_a_number_as_the_language_writes_it_is_read_back(value: object, lang: str, unit: str) -> None:
    written = format_decimal(value, format="#,##0.00", locale=lang)  # type: ignore[arg-type]
    found = amounts(f"{written} {unit}", lang)
    assert [(a.low, a.unit) for a in found] == [(float(value), unit)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("23 ± 2 °C", 21, 25, "degC"),
        ("2.1 × 10^7 ions", 2.1e7, 2.1e7, None),
        ("1.02 g/cm³", 1.02, 1.02, "g/cm**3"),
        ("12.5 l/min", 12.5, 12.5, "L/min"),
    ],
)
def test_tolerances_powers_and_compound_units_are_one_amount(
    text: str, low: float, high: float, unit: str | None
) -> None:
    (found,) = amounts(text, "en")
    assert (found.low, found.high, found.unit) == (low, high, unit)


def test_a_clause_number_is_no_amount() -> None:
    assert amounts("38.3.4.1") == []


def test_an_amount_is_a_value() -> None:
    assert amounts("24 h") == [Amount(24.0, 24.0, "h", "", 0, 4, "24 h")]


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("The RX2 640 g model", "en", 640), ("Le RX2 1 640 g", "fr", 1640), ("A15 200 mAh", "en", 200),
        ("يزن RX2 640 غرامًا", "ar", 640), ("12 640 g", "fr", 12640), ("EUR12 500", "fr", 12500),
    ],
)  # fmt: skip
def test_the_digits_of_a_models_name_are_no_thousands(text, lang, value):
    assert [a.low for a in amounts(text, lang)] == [value]
