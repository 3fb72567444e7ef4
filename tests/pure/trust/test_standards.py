"""Standards: as papers name them, as viewers do, and when two names mean the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.trust import schemes as law
from cohost.trust import standards


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("el casco cumple la EN1078?", ["EN 1078"]),
        ("hat der Helm DIN EN 166?", ["DIN EN 166"]),
        ("heeft hij het en 1078 keurmerk", ["EN 1078"]),
        ("en 13537?", ["EN 13537"]),
        ("EN ISO 23537-1", ["EN ISO 23537-1"]),
        ("is it iec 62368 tested", ["IEC 62368"]),
        ("astm f963?", ["ASTM F963"]),
        ("JIS T 8134に適合?", ["JIS T8134"]),
        ("符合GB 4943.1吗", ["GB 4943.1"]),
        ("NTA 8776 speed pedelec?", ["NTA 8776"]),
        ("MIL-STD-810H tested?", ["MIL-STD-810H"]),
        ("ECE R22 helmet?", ["ECE R22"]),
        ("¿llega en 14 días?", []),
        ("je chausse du 42, en 2026 ?", []),
        ("entrega en 30 minutos", []),
        ("cuesta 200 en 1500", []),
        ("photos at ISO 3200", []),
        ("64 gb 128 gb", []),
        ("is 100 ok", []),
    ],
)
def test_standards_are_found_as_viewers_write_them(text, wanted):
    assert [a.id for a in standards.asked(text)] == wanted


@pytest.mark.parametrize(
    ("wanted", "told", "same"),
    [
        ("EN 71", "EN 71-3", True),
        ("EN 71-1", "EN 71-3", False),
        ("EN 71", "EN 711", False),
        ("IEC 62368", "EN IEC 62368-1", True),
        ("EN 62368-1", "J62368-1", True),
        ("EN 1078", "BS EN 1078", True),
        ("EN 811", "ISO 811", False),
        ("ISO 12312-1", "EN ISO 12312-1", True),
        ("ASTM F963", "ASTM F963-17", True),
        ("JIS T8134", "JIS T 8134", True),
        ("EN 301489-1", "EN 301 489-1", True),
        ("MIL-STD-810", "MIL-STD-810H", True),
        ("EN 13537", "EN ISO 23537-1", False),
    ],
)
def test_a_paper_answers_for_its_own_number_and_for_publishers_that_take_it_over(wanted, told, same):
    assert standards.matches(wanted, told) is same


def test_the_edition_stays_on_the_standard_and_a_laboratorys_own_standard_is_none():
    found = standards.of_products("ISO/IEC 17025:2017; EN 71-3:2019+A1:2021; JIS T 8134:2018")
    assert [(s.id, s.edition) for s in found] == [("EN 71-3", "2019+A1:2021"), ("JIS T 8134", "2018")]


@pytest.mark.parametrize(
    ("text", "schemes"),
    [
        ("CE y EN 1078?", ("CE", "EN 1078")),
        ("ISO 9001?", ("ISO9001",)),
        ("IEC 60529?", ("IP",)),
        ("EN 71 und CE?", ("EN71", "CE")),
        ("Règlement (UE) 2016/425", ("CE",)),
        ("dyrektywa 2014/35/UE", ("CE",)),
        ("Attestation d'examen UE de type", ("CE",)),
        ("EU-Baumusterprüfbescheinigung", ("CE",)),
        ("EU型式検査証明書", ("CE",)),
    ],
)
def test_a_question_names_schemes_and_standards_together(text, schemes):
    assert law.find_schemes(text) == schemes


def test_a_scheme_that_is_a_standard_keeps_the_part_asked_for():
    assert law.standard_asked("EN71", "EN 71-3 ok?") == "EN 71-3"
    assert law.standard_asked("EN 1078", "EN 1078?") == "EN 1078"
    assert law.standard_asked("CE", "CE?") is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_fault(text):
    for asked in standards.asked(text):
        assert asked.start < asked.end
        assert standards.matches(asked.id, asked.id)
    standards.find(text)
