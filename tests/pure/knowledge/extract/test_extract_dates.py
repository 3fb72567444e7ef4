from __future__ import annotations

import datetime as dt

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from cohost.knowledge.extract import dates
from cohost.languages import LANGUAGES

DAY = dt.date(2025, 3, 31)


@pytest.mark.parametrize(
    "text",
    ["2025-03-31", "31.03.2025", "March 31, 2025", "31st March 2025", "31-Mar-2025", "31. März 2025",
     "2025/03/31", "31 de marzo de 2025", "2025年3月31日", "2025년 3월 31일", "令和7年3月31日",
     "31 มีนาคม 2568",      "31 марта 2025 г.",
     "ngày 31 tháng 3 năm 2025", "٣١ مارس ٢٠٢٥", "31/03/2025"],
)  # fmt: skip
def test_a_date_reads_in_every_form(text: str) -> None:
    found = dates.first(text, "ja" if "令" in text else "en")
    assert found is not None
    assert found.earliest == found.latest == DAY


def test_an_english_day_and_month_by_slashes_stays_open() -> None:
    found = dates.first("03/04/2026")
    assert found is not None
    assert found.ambiguous
    assert (found.earliest, found.latest) == (dt.date(2026, 3, 4), dt.date(2026, 4, 3))
    spanish = dates.first("03/04/2026", "es")
    assert spanish is not None
    assert spanish.earliest == spanish.latest == dt.date(2026, 4, 3)


def test_a_month_alone_ends_with_its_last_day_when_it_is_an_expiry() -> None:
    found = dates.first("02/2028", month_end=True)
    assert found is not None
    assert found.latest == dt.date(2028, 2, 29)


@pytest.mark.parametrize(
    "text", ["EN 300 328 V2.2.2", "0.0041 W", "1:2020+A11:2020", "47 CFR 2.1077", "12/18 kg"]
)
def test_figures_that_are_no_dates_are_left_alone(text: str) -> None:
    assert dates.find(text) == []


@given(st.dates(dt.date(1990, 1, 1), dt.date(2098, 12, 31)), st.sampled_from(LANGUAGES))
def test_long_dates_of_all_languages_read_back(day: dt.date, lang: str) -> None:
    text = format_date(day, "long", locale=lang)
    found = dates.first(text, lang)
    assert found is not None, text
    assert found.earliest == found.latest == day


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    for found in dates.find(text):
        assert found.earliest <= found.latest
