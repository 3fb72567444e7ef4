"""The pages' words: complete in every language, with the same blanks to fill."""

import re

import pytest

from cohost.languages import LANGUAGES, table
from cohost.web.words import disclosure, known, languages, page_words

ENGLISH = table("en", "ui")
BLANK = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_word_with_the_same_blanks(lang: str) -> None:
    own = table(lang, "ui")
    for part in ("viewer", "console"):
        assert list(own[part]) == list(ENGLISH[part])
        for key, words in own[part].items():
            assert words.strip(), key
            assert sorted(BLANK.findall(words)) == sorted(BLANK.findall(ENGLISH[part][key])), key


def test_languages_are_offered_under_their_own_names() -> None:
    names = {one.tag: one for one in languages()}
    assert len({one.name for one in names.values()}) == len(LANGUAGES)
    assert names["es"].name == "Español"
    assert names["ar"].dir == "rtl"
    assert [tag for tag, one in names.items() if one.dir == "rtl"] == ["ar"]


def test_a_tag_is_taken_as_browsers_say_it() -> None:
    assert known("pt-BR") == "pt"
    assert known("ZH-hans-CN") == "zh"
    assert known("xx") == known("") == known(None) == "en"


def test_the_disclosure_says_ai_in_the_viewers_language_and_names_the_brand() -> None:
    assert "KI-Assistent von Probe" in disclosure("de", "Probe")
    assert "IA" in disclosure("es-MX", "Probe")
    assert "{" not in disclosure("fr", "")
    assert disclosure("en", "", "AI assistant of the fair") == "AI assistant of the fair"


def test_page_words_are_complete_for_an_unfinished_language() -> None:
    assert page_words("en")["viewer"]["send"] == "Send"
