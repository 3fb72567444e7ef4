"""A child who types says so: "I'm 12 years old". A size, a child's age or a time says no such thing."""

from __future__ import annotations

import pytest

from cohost.common.lexicon import read
from cohost.understanding.age import minor


@pytest.mark.parametrize(
    ("lang", "text", "age"),
    [
        ("en", "i'm 14 years old can i order", 14),
        ("es", "tengo 10 años", 10),
        ("fr", "j'ai 13 ans", 13),
        ("de", "bin 15 jahre alt", 15),
        ("tr", "13 yaşındayım", 13),
        ("ru", "мне 11 лет", 11),
        ("ja", "12歳です", 12),
        ("ko", "11살이에요", 11),
        ("zh", "我10岁", 10),
        ("id", "umurku 9", 9),
        ("hi", "main 12 saal ka hoon", 12),
    ],
)
def test_the_age_of_a_child_who_types(lang: str, text: str, age: int) -> None:
    assert minor(read(text), (lang, "en")) == age


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "my daughter is 8 years old"),
        ("en", "i'm 12 minutes late"),
        ("en", "i am 34 years old"),
        ("en", "i'm 5'7 which size"),
        ("fr", "j'ai 13 euros"),
        ("de", "ich bin 1,80 groß"),
        ("ja", "12歳の子ども向けですか"),
        ("zh", "12岁以下能用吗"),
    ],
)
def test_other_numbers_tell_no_childs_age(lang: str, text: str) -> None:
    assert minor(read(text), (lang, "en")) is None
