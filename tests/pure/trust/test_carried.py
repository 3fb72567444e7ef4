"""What a translation must carry over: figures, units, codes, names, dates, denials."""

from __future__ import annotations

import pytest

from cohost.trust.carried import is_claim, likeness, losses, qualified_alike, stands, turned
from cohost.trust.han import spelled_out, value

FIGURES = {
    "en": "It weighs 412 g and plays for 24 hours, 59.90 EUR.",
    "es": "Pesa 412 gramos y suena 24 horas, 59,90 euros.",
    "pt": "Pesa 412 gramas e toca por 24 horas, 59,90 euros.",
    "fr": "Elle pèse 412 grammes et joue 24 heures, 59,90 €.",
    "de": "Er wiegt 412 Gramm und spielt 24 Stunden, 59,90 €.",
    "it": "Pesa 412 grammi e suona per 24 ore, 59,90 euro.",
    "pl": "Waży 412 gramów i gra 24 godziny, 59,90 euro.",
    "nl": "Hij weegt 412 gram en speelt 24 uur, 59,90 euro.",
    "tr": "412 gram ağırlığında ve 24 saat çalıyor, 59,90 avro.",
    "ru": "Весит 412 граммов и играет 24 часа, 59,90 евро.",
    "ar": "الوزن ٤١٢ غرام ويعمل ٢٤ ساعة، ٥٩٫٩٠ يورو.",
    "hi": "वज़न ४१२ ग्राम है और २४ घंटे चलता है, 59.90 यूरो।",
    "th": "หนัก ๔๑๒ กรัม เล่นได้ ๒๔ ชั่วโมง ราคา 59.90 ยูโร",
    "vi": "Nặng 412 gram, phát 24 giờ, 59,90 euro.",
    "id": "Beratnya 412 gram dan menyala 24 jam, 59,90 euro.",
    "ja": "重さは412グラム、24時間再生、59.90ユーロです。",
    "ko": "무게는 412그램이고 24시간 재생되며 59.90유로입니다.",
    "zh": "重412克，可以播放24小时，59.90欧元。",
}  # fmt: skip


@pytest.mark.parametrize("source", FIGURES)
def test_figures_are_one_in_all_languages_and_digits(source: str) -> None:
    for target, text in FIGURES.items():
        assert losses(FIGURES[source], source, text, target) == (), (source, target)


@pytest.mark.parametrize("lang", FIGURES)
def test_a_figure_that_is_dropped_changed_or_loses_its_unit_is_named(lang: str) -> None:
    text = FIGURES[lang]
    digits = next(d for d in ("412", "٤١٢", "४१२", "๔๑๒") if d in text)
    assert [x.kind for x in losses(FIGURES["zh"], "zh", text.replace(digits, ""), lang)][:1] == ["number"]
    changed = losses(FIGURES["zh"], "zh", text.replace(digits, "214"), lang)
    assert {x.added for x in changed} == {False, True}
    assert losses(text, lang, "It weighs 412 and plays for 24 hours, 59.90 EUR.", "en")[0].kind == "unit"
    assert losses(text, lang, "It weighs 412 kg and plays for 24 hours, 59.90 EUR.", "en")[0].kind == "unit"
    assert losses(text, lang, "It weighs 412 g and plays for 24 hours, 59.90 USD.", "en")[0].kind == "unit"


@pytest.mark.parametrize(
    ("source", "lang", "target", "other"),
    [
        ("三百克，九块九", "zh", "300 g, 9.90 CNY", "en"),
        ("买2送1", "zh", "Buy two, get one free", "en"),
        ("两年保修", "zh", "2 años de garantía", "es"),
        ("今晚20:30开始", "zh", "It starts at 8:30 pm tonight", "en"),
        ("Es gilt bis zum 20. November 2026.", "de", "有效期至2026年11月20日。", "zh"),
        ("符合EN 55032和IPX7，型号RX-2", "zh", "Meets EN 55032 and IPX7, model RX-2", "en"),
        ("蓝牙5.3，链接https://shop.example/a1", "zh", "Bluetooth 5.3: https://shop.example/a1", "en"),
        ("1,200 W", "en", "1.200 W", "es"),
        ("12 V / 2.5 A", "en", "12 V / 2,5 A", "de"),
        ("it holds 1.5 l", "en", "مقاسه 1.5 لتر", "ar"),
        ("3号链接", "zh", "link 3", "en"),
        ("99.9% 无菌", "zh", "99,9 % steril", "de"),
        ("3-5 days", "en", "3 a 5 días", "es"),
        ("一定要试试", "zh", "You must try it", "en"),
    ],
)  # fmt: skip
def test_what_is_said_another_way_is_not_lost(source: str, lang: str, target: str, other: str) -> None:
    assert losses(source, lang, target, other) == ()


@pytest.mark.parametrize(
    ("source", "lang", "target", "other", "kind"),
    [
        ("型号RX-2", "zh", "Model RX-3", "en", "name"),
        ("IPX7", "zh", "IPX8", "en", "name"),
        ("EN 55032 only", "en", "sólo EN 55035", "es", "name"),
        ("三百克", "zh", "30 g", "en", "number"),
        ("1,200 W", "en", "1,200 W", "es", "number"),
        ("see shop.example", "en", "https://other.example/x", "es", "name"),
        ("2026年有效", "zh", "valid in 2027", "en", "number"),
        ("weighs nothing", "en", "pesa 3 kg", "es", "number"),
    ],
)  # fmt: skip
def test_what_is_changed_or_made_up_is_named(
    source: str, lang: str, target: str, other: str, kind: str
) -> None:
    assert kind in {x.kind for x in losses(source, lang, target, other)}


def test_names_stay_whatever_their_case_and_hyphens() -> None:
    assert losses("Reef RX-2很轻", "zh", "The reef RX 2 is light", "en", ["Reef", "RX-2"]) == ()
    assert [x.words for x in losses("Reef很轻", "zh", "The ridge is light", "en", ["Reef"])] == ["Reef"]
    assert not stands("RX-2", "RX-20")
    assert stands("海牛", "这款海牛音箱")


def test_han_numerals_count_only_before_a_unit() -> None:
    assert spelled_out("三百五十克，十分好，万一，两公斤", "zh") == "350克，十分好，万一，2公斤"
    assert spelled_out("三人", "ko") == "三人"
    assert [value(x) for x in ("两千零五", "十五", "一万二千", "一点五", "二〇")] == [
        2005,
        15,
        12000,
        1.5,
        20,
    ]


def test_what_makes_a_claim_and_what_turns_it_round() -> None:
    assert is_claim("It is waterproof.", "en")
    assert is_claim("重412克", "zh")
    assert not is_claim("Hello everybody!", "en")
    assert turned("这款不防水", "zh", "This one is waterproof", "en")
    assert not turned("这款不防水", "zh", "This one is not waterproof", "en")
    assert not qualified_alike("最长24小时", "zh", "24 hours", "en")
    assert qualified_alike("最长24小时", "zh", "up to 24 hours", "en")


def test_likeness_tells_what_came_back_from_what_did_not() -> None:
    assert likeness("The speaker weighs 412 grams", "The loudspeaker weighs 412 g") > 0.6
    assert likeness("The speaker weighs 412 grams", "Delivery takes three days") < 0.3
    assert likeness("", "") == 1.0
