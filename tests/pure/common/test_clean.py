"""Cleaning: the same words without the tricks of Unicode."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.common.clean import clean


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("he\u200bl\u2060lo", "hello"),
        ("\u202eevil\u202c text", "evil text"),
        ("a\x00b\x07c\nd\u2028e", "a b c d e"),
        ("z\u0301\u0302\u0303\u0304\u0305\u0306a", unicodedata.normalize("NFC", "z\u0301\u0302\u0303a")),
        ("𝓯𝓻𝓮𝓮 ＦＲＥＥ Ⓕree", "free FREE Free"),
        ("tag\U000e0041\U000e0042s", "tags"),
        ("\ufeffbom\ufffd", "bom"),
    ],
)
def test_tricks_are_taken_out(raw: str, kept: str) -> None:
    assert clean(raw).text == kept


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧 family",
        "नमस्\u200dते क्या",
        "می\u200cخواهم",
        "น้ำที่นี่กี่บาท",
        "chống nước được không ạ",
        "مُقَاوِم لِلمَاء",
        "10 m², 25 °C, ½, ™ and ？！",
        "送料は？「税込」です。",
        "🇩🇪 ❤️ 5️⃣",
        '<b>html</b> & "quotes" stay text',
    ],
)
def test_what_a_language_or_an_emoji_needs_stays(text: str) -> None:
    assert clean(text).text == unicodedata.normalize("NFC", text)


def test_a_long_line_is_cut_and_says_so() -> None:
    for long in ("word " * 2000, "字" * 10_000, "a" + "\u0301" * 10_000 + "b" * 3000, " " * 9000 + "x" * 3):
        found = clean(long, 2000)
        assert len(found.text) <= 2000
        assert found.cut
    assert not clean("short").cut
    assert clean("one two three four", 12).text == "one two"


@given(st.text(max_size=300))
def test_any_text_is_cleaned_once_and_for_all(text: str) -> None:
    found = clean(text, 100)
    assert len(found.text) <= 100
    assert clean(found.text, 100).text == found.text
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") for c in found.text)
    assert not set(found.text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\ufeff")
