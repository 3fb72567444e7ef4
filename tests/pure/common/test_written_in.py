"""In which language a person of the staff wrote."""

from __future__ import annotations

import pytest

from cohost.common.written_in import written_in


@pytest.mark.parametrize(
    ("text", "candidates", "lang"),
    [
        ("可以用24小时", ("th", "zh"), "zh"),
        ("ใช้ได้ 24 ชั่วโมง", ("th", "zh"), "th"),
        ("これは防水です", ("zh", "ja"), "ja"),
        ("这款防水", ("ja", "zh"), "zh"),
        ("Yes, it lasts for 24 hours with the light on", ("es", "en"), "en"),
        ("Sí, dura 24 horas con la luz encendida", ("en", "es"), "es"),
        ("Ja, der Akku hält 24 Stunden und ist dabei", ("nl", "de"), "de"),
        ("24 h", ("es", "en"), "es"),
        ("ok", ("es", "en"), "es"),
    ],
)
def test_letters_tell_then_small_words_else_the_first(
    text: str, candidates: tuple[str, ...], lang: str
) -> None:
    assert written_in(text, candidates) == lang
