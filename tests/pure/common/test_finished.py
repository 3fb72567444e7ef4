"""Finished, hanging, or not to be told: from the words alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohost.common.finished import finished
from cohost.languages import LANGUAGES

FINISHED = {
    "en": ("Does it work in Japan?", "How much?", "I want two of them, please", "It is too small."),
    "es": ("¿Funciona en Japón?", "Quiero dos, por favor", "cuánto pesa el altavoz, por favor"),
    "pt": ("Funciona no Japão?", "Quanto custa o frete?", "Quero dois, por favor"),
    "fr": ("Ça marche au Japon ?", "Combien ça coûte ?", "J'en voudrais deux, s'il vous plaît"),
    "de": ("Geht das auch in Japan?", "was kostet das", "Ich nehme zwei Stück, bitte"),
    "it": ("Funziona in Giappone?", "Quanto costa?", "Ne vorrei due, per favore"),
    "nl": ("Werkt het in Japan?", "Hoeveel kost het?", "Ik wil er twee, alsjeblieft"),
    "pl": ("Czy to działa w Japonii?", "Ile kosztuje?", "Chcę dwie sztuki, proszę"),
    "ru": ("Она работает в Японии?", "Сколько стоит?", "Мне две штуки, пожалуйста"),
    "tr": ("Japonya'da çalışıyor mu?", "bu su geçirmez mi", "fiyatı ne kadar"),
    "ar": ("هل يعمل في اليابان؟", "كم سعره؟", "أريد اثنين لو سمحت"),
    "hi": ("क्या ये जापान में चलेगा?", "इसकी कीमत क्या है", "ye waterproof hai kya"),
    "th": ("ใช้ที่ญี่ปุ่นได้ไหม", "ราคาเท่าไหร่คะ", "ขอสองชิ้นครับ"),
    "vi": ("Cái này dùng ở Nhật được không?", "giá bao nhiêu vậy shop", "cái này có chống nước không"),
    "id": ("Bisa dipakai di Jepang nggak?", "harganya berapa kak", "ini tahan air nggak"),
    "ja": ("日本で使えますか", "これは防水です", "値段を教えてください"),
    "ko": ("일본에서 돼요", "이거 방수 되나요", "두 개 주세요"),
    "zh": ("能寄到日本吗", "这个是防水的吧", "多少钱呢？"),
}
HANGING = {
    "en": ("I have it and", "does it come with a", "um", "I wanted to ask,", "The battery of the."),
    "es": ("lo quiero pero", "funciona con la", "quería saber si", "porque", "quiero uno..."),
    "pt": ("eu quero mas", "funciona com o", "queria saber se", "porque", "eu queria…"),
    "fr": ("je le veux mais", "c'est la couleur de la", "je voudrais savoir si", "parce que", "et"),
    "de": ("ich will es aber", "weil", "gibt es das für", "ich wollte fragen ob", "und"),
    "it": ("lo voglio ma", "funziona con il", "volevo sapere se", "perché il", "e"),
    "nl": ("ik wil het maar", "werkt het met een", "omdat", "ik wil weten of", "en"),
    "pl": ("chcę to ale", "czy działa z", "ponieważ", "chciałem zapytać czy", "i"),
    "ru": ("я хочу но", "она работает с", "потому что", "я хотел спросить", "и"),
    "tr": ("bunu istiyorum ama", "çünkü", "siyah ve", "bunun için", "merak ettim"),
    "ar": ("أريده لكن", "لأن", "هل يعمل مع", "كنت أريد", "أو"),
    "hi": ("मुझे चाहिए लेकिन", "क्योंकि", "और", "mujhe chahiye lekin", "ये जापान में"),
    "th": ("อยากได้แต่", "เพราะว่า", "สีดำและ", "อยากถามว่า", "ถ้า"),
    "vi": ("em muốn mua nhưng", "bởi vì", "màu đen và", "cho em hỏi", "nếu"),
    "id": ("aku mau tapi", "karena", "warna hitam dan", "mau tanya", "kalau untuk"),
    "ja": ("それで", "これは", "欲しいんですけど", "日本で使う場合は", "えっと"),
    "ko": ("사고 싶은데", "그리고", "왜냐하면", "이거를 일본에서", "그래서"),
    "zh": ("我想要但是", "因为", "就是", "我想问一下", "这款音箱，"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_that_are_finished(lang: str) -> None:
    for text in FINISHED[lang]:
        assert finished(text, lang) is True, text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_that_go_on(lang: str) -> None:
    for text in HANGING[lang]:
        assert finished(text, lang) is False, text


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("", "en"),
        ("?", "en"),
        ("Price?", "en"),
        ("the black one", "en"),
        ("What is it for?", "en"),
        ("does it work", "xx"),
        ("el altavoz negro", "es"),
        ("c'est fabriqué où", "fr"),
    ],
)
def test_what_cannot_be_told(text: str, lang: str) -> None:
    assert finished(text, lang) is None


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=120), st.sampled_from([*LANGUAGES, "pt-BR", "und", ""]))
def test_any_text_can_be_judged(text: str, lang: str) -> None:
    assert finished(text, lang) in (True, False, None)
    if text.strip():
        assert finished(f"{text},", lang) is False
