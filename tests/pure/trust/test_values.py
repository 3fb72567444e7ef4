"""Words of specifications: translated whole or not at all."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cohost.languages import LANGUAGES, table
from cohost.trust.figures import format_amount
from cohost.trust.quantities import amounts
from cohost.trust.values import translate, translate_condition

KINDS = ("phrases", "adjectives", "nouns", "conditions", "joins")


@pytest.mark.parametrize(
    ("text", "source", "target", "expected"),
    [
        ("黑色", "zh", "es", "negro"), ("at 50 % volume", "en", "de", "bei 50 % Lautstärke"),
        ("24 h at 50 % volume", "en", "zh", "24小时（50%音量下）"),
        ("24小时（50%音量）", "zh", "en", "24 hours (at 50% volume)"),
        ("nylon, waterproof zip", "en", "fr", "nylon, fermeture éclair étanche"),
        ("3-5 working days", "en", "es", "3–5 días hábiles"), ("3-5 working days", "en", "ja", "3–5営業日"),
        ("5-7 Werktage ab Versand", "de", "en", "5–7 working days (from dispatch)"),
        ("100 % recycled polyester", "en", "de", "100 % recyceltes Polyester"),
        ("80 % nylon, 20 % elastane", "en", "pt", "80% náilon, 20% elastano"),
        ("black charging cable", "en", "es", "cable de carga (negro)"),
        ("1 × USB-C cable", "en", "de", "1 × Kabel (USB-C)"),
        ("with USB-C PD 20 W", "en", "fr", "en USB-C PD 20 W"),
        ("machine wash 30 °C", "en", "de", "Maschinenwäsche 30 °C"),
        ("up to 24 h", "en", "ru", "макс. 24 часа"), ("hasta 24 horas", "es", "de", "bis zu 24 Stunden"),
        ("10,000 mAh", "en", "de", "10.000 mAh"), ("1.5 h", "en", "es", "1,5 horas"),
        ("black or white", "en", "de", "schwarz oder weiß"),
        ("still fresh water, 1 m, 30 min", "en", "fr", "eau douce stagnante, 1 m, 30 minutes"),
        ("not dishwasher safe", "en", "de", "nicht spülmaschinenfest"), ("IPX7", "en", "ar", "IPX7"),
        ("Shell: nylon", "en", "zh", "面料层：尼龙"), ("yes", "en", "th", "ใช่"), ("是", "zh", "vi", "có"),
    ],
)  # fmt: skip
def test_a_known_phrase_is_translated(text: str, source: str, target: str, expected: str) -> None:
    assert translate(text, source, target) == expected


@pytest.mark.parametrize(
    "text",
    [
        "it charges wirelessly",
        "white, with lid",
        "nylon, unobtainium",
        "not black",
        "black if dry",
        "",
        "的",
        "24 h maybe",
    ],
)
@pytest.mark.parametrize("target", ["de", "ja", "ar"])
def test_one_unknown_word_leaves_the_whole_phrase_alone(text: str, target: str) -> None:
    assert translate(text, "en", target) is None


def test_working_days_never_become_days() -> None:
    for lang in LANGUAGES:
        done = translate("3-5 working days", "en", lang)
        assert done is not None
        if lang != "en":
            assert done != format_amount(amounts("3-5 days", "en")[0], lang)


def test_the_same_language_keeps_its_words() -> None:
    assert translate("whatever it says", "en", "en-GB") == "whatever it says"
    assert translate("black", "en", "sv") is None
    assert translate_condition("from dispatch", "en", "de") == "ab Versand"


def test_every_language_has_the_same_words() -> None:
    english = {kind: set(table("en", "values")[kind]) for kind in KINDS}
    assert sum(len(rows) for rows in english.values()) >= 250
    for lang in LANGUAGES:
        rows = table(lang, "values")
        assert {kind: set(rows[kind]) for kind in KINDS} == english
        for kind in KINDS:
            for name, forms in rows[kind].items():
                assert all(forms), (lang, name)
                wanted = table("en", "values")[kind][name][0].count("{q}")
                assert all(form.count("{q}") == wanted for form in forms), (lang, name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_read_in_every_language(lang: str) -> None:
    for kind in ("phrases", "adjectives", "nouns", "conditions"):
        for name, forms in table(lang, "values")[kind].items():
            text = forms[0].replace("{q}", "20 W")
            assert translate(text, lang, "en" if lang != "en" else "de") is not None, (name, text)


@given(st.text(max_size=80), st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES))
@example("9999999999999998951424", "en", "es")  # more digits than Babel rounds by itself
def test_any_text_is_translated_or_left_alone(text: str, source: str, target: str) -> None:
    done = translate(text, source, target)
    assert done is None or isinstance(done, str)
