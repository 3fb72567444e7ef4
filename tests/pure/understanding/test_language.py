"""Language of short lines: the table of typed lines, what is undecidable, and what decides a tie."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohost.understanding.language import detect

LINES = [
    tuple(line.split("|", 2))
    for line in (Path(__file__).parent / "lines.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_short_lines_are_recognised_in_all_languages() -> None:
    short = [(lang, text) for lang, _, text in LINES if len(text) <= 30]
    right = [text for lang, text in short if detect(text).lang == lang]
    assert len(short) > 250
    assert len(right) / len(short) >= 0.98


@pytest.mark.parametrize("lang", sorted({lang for lang, _, _ in LINES}))
def test_no_language_is_left_behind(lang: str) -> None:
    own = [text for tag, _, text in LINES if tag == lang]
    wrong = [text for text in own if detect(text).lang != lang]
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "123",
        "???",
        "ok",
        "lol",
        "hahaha",
        "❤️❤️",
        "https://example.com/a?b=c",
        "RX2",
        "5 x 3",
        "[phone]",
    ],
)
def test_what_holds_no_language_is_undecided(text: str) -> None:
    assert detect(text).lang == "und"
    assert detect(text, history="es").confidence == 0.0


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("cuánto cuesta?", "es"),
        ("いくらですか", "ja"),
        ("有CE认证吗", "zh"),
        ("มีFDAไหม", "th"),
        ("Bluetooth 5.3 지원하나요", "ko"),
        ("送料無料?", "ja"),
        ("防水吗", "zh"),
        ("tem waterproof?", "pt"),
        ("BIS certified hai ya nhi sir", "hi-Latn"),
        ("kam se3ro?", "ar-Latn"),
        ("скільки коштує? її можна повернути?", "uk"),
        ("این محصول گارانتی دارد؟ چند روزه می‌رسد", "fa"),
        ("πόσο κοστίζει", "el"),
    ],
)
def test_script_letters_and_words_decide(text: str, lang: str) -> None:
    assert detect(text).lang == lang


def test_a_long_line_in_a_language_without_tables_is_named_when_two_models_agree() -> None:
    text = "Hur lång tid håller batteriet egentligen om man spelar hela dagen på högsta volym?"
    assert detect(text).lang == "sv"


def test_a_doubtful_line_takes_the_language_of_the_viewers_last_line() -> None:
    alone = detect("bateria")
    assert alone.lang in ("es", "pt")
    assert detect("bateria", history="pt").lang == "pt"
    assert detect("bateria", history="es").lang == "es"
    assert detect("防水", hint="ja").lang == "ja"


def test_a_clear_line_does_not_follow_history_or_hint() -> None:
    assert detect("wie lange hält der Akku denn so", history="en", hint="fr").lang == "de"


def test_names_of_products_say_nothing() -> None:
    assert detect("Reef Tide", ignore=frozenset({"reef", "tide"})).lang == "und"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.sampled_from([None, "es", "hi-Latn", "xx"]))
def test_never_raises_and_is_the_same_twice(text: str, hint: str | None) -> None:
    first = detect(text, hint=hint)
    assert first == detect(text, hint=hint)
    assert 0.0 <= first.confidence <= 1.0


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("CE Zertifikat?", "de"),
        ("¿es IPX8?", "es"),
        ("certificat CE ?", "fr"),
        ("tem CE?", "pt"),
    ],
)
def test_acronyms_are_words_of_no_language_and_spanish_marks_are_spanish(text: str, lang: str) -> None:
    assert detect(text).lang == lang


@pytest.mark.parametrize(
    ("text", "hint", "lang"),
    [
        ("shipping time?", "ar", "en"),
        ("price in Dubai?", "ar", "en"),
        ("weight?", "de", "en"),
        ("poids?", "en", "fr"),
        ("batteria?", "de", "it"),
        ("peso?", "es", "es"),
        ("peso?", "it", "it"),
        ("A figuier é vegana?", "fr", "pt"),
    ],
)
def test_a_hint_decides_between_near_languages_only(text: str, hint: str, lang: str) -> None:
    assert detect(text, hint=hint).lang == lang
