"""Parts with papers of their own, named in any language and with its endings."""

from __future__ import annotations

import pytest

from cohost.trust.components import is_part, parts_named
from cohost.trust.evidence import family_covers


@pytest.mark.parametrize(
    "text",
    [
        "is the charger UL listed", "¿el cargador tiene CE?", "o carregador tem inmetro?",
        "le chargeur est certifié ?", "hat das Steckernetzteil CE", "l'adattatore è certificato?",
        "het voedingsadapter CE?", "ma zasilacza certyfikat?", "есть сертификат на адаптер?",
        "şarj cihazının belgesi var mı", "الشاحن معتمد؟", "चार्जर का BIS है?", "ที่ชาร์จมี มอก ไหม",
        "bộ sạc có chứng nhận không", "chargernya SNI?", "ACアダプターってPSE通ってる?", "어댑터 KC 인증?",
        "充电器有3C吗",
    ],
)  # fmt: skip
def test_an_adapter_is_heard_in_every_language(text):
    assert parts_named(text) == {"adapter"}


@pytest.mark.parametrize("text", ["is it excellent", "does the robot have CE", "เครื่องนี้มี มอก ไหม"])
def test_other_words_name_no_part(text):
    assert parts_named(text) == frozenset()


def test_a_papers_own_words_name_its_part():
    assert is_part("直流電源装置 (AC adapter)", frozenset({"adapter"}))
    assert not is_part("cell", frozenset({"adapter"}))


@pytest.mark.parametrize(
    ("family", "model", "covered"),
    [
        ("AX2*", "AX2", True), ("AX2*", "AX2-B", True), ("AX2*", "AX20", False), ("AX2*", "AX3", False),
        ("RX2-??", "RX2-BK", True), ("RX2-??", "RX2", True), ("RX2-??", "RX2-PRO", False),
        ("RX2*", "rx2–pro", True),
    ],
)  # fmt: skip
def test_a_declared_family_covers_its_suffixes_and_no_other_number(family, model, covered):
    assert family_covers(family, model) is covered
