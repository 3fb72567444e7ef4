"""Stop words, nods, noise, cohost's own echo and speech, in eighteen languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohost.common.heard import meaning, question_behind
from cohost.common.lexicon import entries
from cohost.languages import LANGUAGES

LINES = [
    line.split("|")
    for line in (Path(__file__).parent / "heard_lines.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
HOTWORDS = ("Lumo", "Lumo Speaker Mini", "Nova RX2", "Aqua Bottle", "小米音箱")


@pytest.mark.parametrize(("lang", "expected", "text"), LINES)
def test_what_is_heard(lang: str, expected: str, text: str) -> None:
    assert meaning(text, lang) == expected
    assert meaning(text, lang, langs=("en", "es", "de", "ja")) == expected
    assert meaning(text, lang, langs=LANGUAGES) == expected


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_its_words(lang: str) -> None:
    lines = [expected for tag, expected, _ in LINES if tag == lang]
    assert all(lines.count(kind) >= 6 for kind in ("stop", "backchannel", "speech"))
    assert len(entries(lang, "floor", "stop")) >= 12
    assert len(entries(lang, "floor", "backchannel")) >= 15
    assert len(entries(lang, "floor", "stock")) >= 5
    assert entries(lang, "floor", "stop_more")
    assert entries(lang, "floor", "hanging")
    assert entries(lang, "floor", "final")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_alone_means_what_its_list_says(lang: str) -> None:
    for key, expected in (("stop", "stop"), ("backchannel", "backchannel")):
        for entry in entries(lang, "floor", key):
            assert meaning(entry.rstrip("!*"), lang) == expected, entry
    for entry in entries(lang, "floor", "stock"):
        assert meaning(entry.rstrip(" ."), lang) == "noise", entry


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_stop_word_stops_however_it_was_recognised(lang: str) -> None:
    for entry in entries(lang, "floor", "stop"):
        word = entry.rstrip("!*")
        assert meaning(f"{word.upper()}!", lang, avg_logprob=-2.0, voiced_ms=200) == "stop", entry
        assert meaning(f"{word}, {word}.", lang, langs=LANGUAGES, compression=3.0) == "stop", entry


@pytest.mark.parametrize(
    ("text", "lang", "langs", "expected"),
    [
        ("Stop!", "tr", (), "stop"),
        ("ok", "th", (), "backchannel"),
        ("Espera un momento", "pt", ("es",), "stop"),
        ("等一下", "ja", ("zh",), "stop"),
        ("Warte mal", "nl", ("de", "en"), "stop"),
        ("Para", "tr", ("es", "pt"), "speech"),  # money
        ("Para", "es", ("tr",), "stop"),
        ("vale", "en", ("es",), "backchannel"),
        ("Sus productos llegan rápido", "es", ("tr",), "speech"),
        ("ruko", "en", ("hi",), "stop"),
        ("haan", "en", ("hi",), "backchannel"),
        ("Dùng", "vi", (), "speech"),  # to use
        ("Dừng", "vi", (), "stop"),
        ("Đúng", "vi", (), "backchannel"),
        ("wait", "xx", (), "stop"),
        ("wait", "", (), "stop"),
    ],
)
def test_short_words_in_other_languages(text: str, lang: str, langs: tuple[str, ...], expected: str) -> None:
    assert meaning(text, lang, langs=langs) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "...", "?!", "♪", "♪ la la la ♪", "[Music]", "(laughter)", "*coughs*", "【音楽】",
        "- [Applause]", "😂😂", "Thank you for watching!", "Subtitles by the Amara.org community",
        "Okay, thanks for watching.", "ご視聴ありがとうございました。", "字幕由Amara.org社区提供",
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "Untertitel der Amara.org-Community",
        "Untertitelung des ZDF, 2020", "Sous-titrage ST' 501",
        "Sous-titres réalisés par la communauté d'Amara.org", "Subtítulos por la comunidad de Amara.org",
        "Продолжение следует...", "Редактор субтитров А.Синецкая Корректор А.Егорова",
        "Субтитры сделал DimaTorzok", "MBC 뉴스 이덕영입니다.", "시청해주셔서 감사합니다.",
        "Legendas pela comunidade Amara.org", "اشتركوا في القناة",
        "Sottotitoli creati dalla comunità Amara.org", "Altyazı M.K.", "ترجمة نانسي قنقر",
        "Terima kasih telah menonton!",
        "Hãy subscribe cho kênh Ghiền Mì Gõ Để không bỏ lỡ những video hấp dẫn", "ขอบคุณที่รับชมครับ",
        "Napisy stworzone przez społeczność Amara.org", "Ondertiteld door de Amara.org gemeenschap",
        "वीडियो देखने के लिए धन्यवाद", "you", "MUSIC",
    ],
)  # fmt: skip
def test_noise_in_any_language(text: str) -> None:
    for lang in ("en", "de", "ja"):
        assert meaning(text, lang) == "noise"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("字幕はありますか", "ja"),
        ("Untertitel einstellbar?", "de"),
        ("call me at [phone]", "en"),
        ("[email]", "en"),
        ("Thank you for watching over my parcel, does it ship today", "en"),
        ("is there music in it", "en"),
    ],
)
def test_what_only_looks_like_noise(text: str, lang: str) -> None:
    assert meaning(text, lang) == "speech"


def test_improbable_text_is_noise() -> None:
    text = "does it come in black"
    assert meaning(text, "en", avg_logprob=-0.9, voiced_ms=1200) == "speech"
    assert meaning(text, "en", avg_logprob=-0.9, voiced_ms=200) == "noise"
    assert meaning(text, "en", avg_logprob=-1.3) == "noise"
    assert meaning(text, "en", compression=2.5) == "noise"
    assert meaning("it's black", "en", avg_logprob=-0.9, voiced_ms=200) == "speech"


@pytest.mark.parametrize(
    ("text", "logprob", "expected"),
    [
        ("Lumo, Nova RX2, Aqua Bottle", -0.46, "noise"),
        ("Lumo Lumo Lumo", -0.2, "noise"),
        ("Lumo, Aqua Bottle", 0.0, "noise"),
        ("Nova RX2", -0.3, "speech"),
        ("Nova RX2.", -0.7, "noise"),
        ("Lumo Aqua Bottle", -0.3, "speech"),
        ("aqua", -0.3, "speech"),
        ("aqua", -0.8, "noise"),
        ("小米音箱", -0.3, "speech"),
        ("小米音箱小米音箱小米音箱", -0.3, "noise"),
        ("is the Nova RX2 waterproof", -0.7, "speech"),
    ],
)
def test_a_list_of_hotwords_is_noise(text: str, logprob: float, expected: str) -> None:
    assert meaning(text, "en", avg_logprob=logprob, hotwords=HOTWORDS) == expected


SAID = {
    "en": "Yes, the Lumo speaker is waterproof to IPX7. It plays for twenty-two hours at half volume.",
    "es": "Sí, el altavoz Lumo resiste el agua. La batería dura veintidós horas a medio volumen.",
    "pt": "Sim, a caixa Lumo resiste à água. A bateria dura vinte e duas horas a meio volume.",
    "fr": "Oui, l'enceinte Lumo résiste à l'eau. La batterie tient vingt-deux heures à mi-volume.",
    "de": "Ja, der Lautsprecher ist wasserdicht nach IPX7. Der Akku hält zweiundzwanzig Stunden.",
    "it": "Sì, la cassa Lumo resiste all'acqua. La batteria dura ventidue ore a metà volume.",
    "nl": "Ja, de Lumo-luidspreker is waterdicht. De batterij gaat tweeëntwintig uur mee.",
    "pl": "Tak, głośnik Lumo jest wodoodporny. Bateria wystarcza na dwadzieścia dwie godziny.",
    "ru": "Да, колонка Lumo водонепроницаемая. Батареи хватает на двадцать два часа.",
    "tr": "Evet, Lumo hoparlör su geçirmez. Pil yarım ses seviyesinde yirmi iki saat dayanıyor.",
    "ar": "نعم، مكبر الصوت لومو مقاوم للماء. البطارية تدوم اثنتين وعشرين ساعة.",
    "hi": "हाँ, लूमो स्पीकर पानी से सुरक्षित है। बैटरी बाईस घंटे चलती है।",
    "th": "ได้ค่ะ ลำโพงลูโม่กันน้ำได้ แบตเตอรี่ใช้ได้ยี่สิบสองชั่วโมง",
    "vi": "Vâng, loa Lumo chống nước. Pin dùng được hai mươi hai giờ ở nửa âm lượng.",
    "id": "Ya, speaker Lumo tahan air. Baterainya tahan dua puluh dua jam di volume setengah.",
    "ja": "はい、ルモスピーカーは防水です。電池は半分の音量で二十二時間もちます。",
    "ko": "네, 루모 스피커는 방수입니다. 배터리는 절반 음량에서 스물두 시간 갑니다.",
    "zh": "是的，这款音箱防水。电池在一半音量下可以用二十二个小时。",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_its_own_words_come_back(lang: str) -> None:
    said = SAID[lang]
    half = said[len(said) // 3 : len(said) // 3 * 2]
    wrong = half[: len(half) // 2] + half[len(half) // 2 + 1 :]
    assert meaning(said, lang, said=(said,)) == "own_voice"
    assert meaning(half, lang, said=("", "Hello.", said)) == "own_voice"
    assert meaning(wrong, lang, said=(said,)) == "own_voice"
    assert meaning(half, lang) != "own_voice"
    other = next(text for tag, kind, text in LINES if tag == lang and kind == "speech")
    assert meaning(other, lang, said=(said,)) == "speech"
    for _, kind, text in (line for line in LINES if line[0] == lang and line[1] != "speech"):
        assert meaning(text, lang, said=(said,)) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes, the Luma speaker is waterproof to IP X7", "own_voice"),
        ("plays for 22 ours at half volume", "own_voice"),
        ("waterproof", "speech"),
        ("Lumo", "speech"),
        ("Is the Lumo speaker waterproof?", "speech"),
        ("is the lumo speaker waterproof", "speech"),
        ("ok", "backchannel"),
        ("Yes.", "backchannel"),
        ("and the charger", "speech"),
    ],
)
def test_an_echo_is_told_from_a_person(text: str, expected: str) -> None:
    assert meaning(text, "en", said=(SAID["en"],)) == expected


@pytest.mark.parametrize(
    ("text", "lang", "rest"),
    [
        ("Wait, does it work in Japan?", "en", "does it work in Japan?"),
        ("wait wait how much is it", "en", "how much is it"),
        ("OK, stop, please, what is the price?", "en", "what is the price?"),
        ("Wait, no battery?", "en", "no battery?"),
        ("Espera, ¿funciona en Japón?", "es", "¿funciona en Japón?"),
        ("Espera, does it work in Japan?", "en", "does it work in Japan?"),
        ("Moment mal, geht das auch in Japan?", "de", "geht das auch in Japan?"),
        ("ちょっと待って日本で使えますか", "ja", "日本で使えますか"),
        ("잠깐만요, 일본에서 돼요?", "ko", "일본에서 돼요?"),
        ("等一下，能寄到日本吗", "zh", "能寄到日本吗"),
        ("รอก่อน ใช้ที่ญี่ปุ่นได้ไหม", "th", "ใช้ที่ญี่ปุ่นได้ไหม"),
        ("انتظر، هل يعمل في اليابان؟", "ar", "هل يعمل في اليابان؟"),
        ("Wait.", "en", ""),
        ("Stop, stop, please.", "en", ""),
        ("Wait, that is wrong.", "en", ""),
        ("Does it stop automatically?", "en", ""),
        ("", "en", ""),
    ],
)
def test_the_question_behind_a_stop_word(text: str, lang: str, rest: str) -> None:
    assert question_behind(text, lang) == rest


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=120), st.sampled_from([*LANGUAGES, "pt-BR", "und", ""]), st.text(max_size=80))
def test_any_text_has_a_meaning(text: str, lang: str, said: str) -> None:
    kinds = ("speech", "stop", "backchannel", "noise", "own_voice")
    found = meaning(text, lang, langs=("es", "zh"), hotwords=(text[:9], "Lumo"), said=(said,), voiced_ms=200)
    assert found in kinds
    assert isinstance(question_behind(text, lang), str)


@settings(deadline=None, max_examples=100)
@given(st.text("abcdefghijklm ", max_size=80), st.text("nopqrstuvwxyz ", max_size=200))
def test_what_shares_nothing_is_never_its_own_voice(text: str, said: str) -> None:
    assert meaning(text, "en", said=(said,)) != "own_voice"
