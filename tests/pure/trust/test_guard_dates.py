"""Dates as languages write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohost.languages import LANGUAGES
from cohost.trust.guard_dates import date_forms, dates_in

DAY = dt.date(2026, 1, 15)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("vi", "ngày 15/1/2026"), ("vi", "ngày 15 tháng 1 năm 2026"), ("zh", "2026 年 1 月 15 日"),
        ("ko", "2026년 1월 15일"), ("ru", "15 января 2026 года"), ("pl", "15 stycznia 2026 r."),
        ("pt", "15 de janeiro de 2026"), ("th", "15 มกราคม 2569"), ("hi", "15 जनवरी 2026"),
        ("ar", "15 يناير 2026"), ("en", "January 15, 2026"), ("tr", "15 Ocak 2026'da"),
        ("de", "am 15. Januar 2026"), ("ja", "2026年1月15日"), ("id", "2026-01-15"),
    ],
)  # fmt: skip
def test_a_day_is_the_same_day_in_every_writing(lang, text):
    assert DAY in {day for day, _, _ in dates_in(text, lang)}


def test_no_day_of_the_calendar_is_no_date():
    assert dates_in("31 February 2026, 2026-13-40", "en") == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_calendars_own_long_form_is_read_back(lang):
    assert any(DAY in {d for d, _, _ in dates_in(form, lang)} for form in date_forms(DAY, lang))


@given(text=st.text(max_size=60), lang=st.sampled_from(LANGUAGES))
def test_no_text_makes_it_raise(text, lang):
    for _, start, end in dates_in(text + " 2026", lang):
        assert start < end
