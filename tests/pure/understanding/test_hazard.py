"""Harm read from its parts: told, denied, asked about, meant by design."""

from __future__ import annotations

import pytest

from cohost.common.lexicon import read
from cohost.understanding.hazard import harm

TOLD = [
    ("en", "hi there, how are you? the charger smells like burnt plastic"),
    ("en", "why is my battery bulging?"),
    ("en", "my toddler choked on the cap what do i do"),
    ("es", "la batería de mi altavoz se ha hinchado"),
    ("pt", "a tomada está a deitar faíscas"),
    ("fr", "bonsoir, le câble a fondu cette nuit"),
    ("de", "meine lippen sind geschwollen nach dem balsam"),
    ("it", "mi è esplosa la batteria"),
    ("nl", "er komt rook uit het stopcontact"),
    ("pl", "mojej córce spuchły usta po tej szmince"),
    ("ru", "из розетки идет дым"),
    ("tr", "kızımın yüzü kızardı ve şişti"),
    ("ar", "بطارية السماعة انتفخت"),
    ("hi", "charger se dhua nikla"),
    ("th", "สายชาร์จไหม้แล้ว"),
    ("vi", "pin điện thoại bị phồng"),
    ("id", "kabelnya berasap"),
    ("ja", "ケーブルが溶けた"),
    ("ko", "충전기에서 타는 냄새"),
    ("zh", "插座冒火花了"),
]
ONLY_NAMED = [
    ("en", "no smoke from the charger, great"),
    ("en", "does the battery swell over time?"),
    ("en", "what if my dog swallows the button"),
    ("de", "die haut juckt nicht mehr"),
    ("fr", "la peau ne gratte plus"),
    ("es", "¿la plancha echa humo?"),
    ("it", "il cavo non brucia mai"),
    ("ko", "피부 안 가려워요"),
    ("zh", "电池会鼓包吗"),
]


@pytest.mark.parametrize(("lang", "text"), TOLD)
def test_harm_that_happened_is_told_whatever_stands_beside_it(lang: str, text: str) -> None:
    found = harm(read(text), (lang, "en"))
    assert found is not None
    assert found.told


@pytest.mark.parametrize(("lang", "text"), ONLY_NAMED)
def test_harm_denied_or_asked_about_is_not_told(lang: str, text: str) -> None:
    found = harm(read(text), (lang, "en"))
    assert found is None or not found.told


def test_parts_of_two_languages_make_no_harm() -> None:
    assert harm(read("die red hand"), ("de", "en")) is None


def test_parts_far_apart_or_in_two_clauses_make_no_harm() -> None:
    assert harm(read("my hand is in the air. the water is boiling"), ("en",)) is None
