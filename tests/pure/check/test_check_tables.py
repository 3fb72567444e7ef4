"""Superseded standards and legal minima: what the tables say, and that each row says where from."""

import datetime as dt

import pytest

from cohost.check import minima, standards
from cohost.check.minima import below
from cohost.check.standards import superseded
from cohost.trust.evidence import Evidence, Standard, TestReport
from tests.pure.check.made import ON, paper, policy, source, term


def named(*papers: tuple[str, str | None]) -> list[tuple[str, str, dt.date | None]]:
    item = paper("CE", "B1", standards=tuple(Standard(i, e) for i, e in papers))
    return [(s.standard, s.now, s.since) for s in superseded([item], ON)]


@pytest.mark.parametrize(
    ("id_", "edition", "now", "since"),
    [
        ("EN 60950-1", "2006+A2:2013", "EN 62368-1", dt.date(2020, 12, 20)),
        ("EN 60950-1", None, "EN 62368-1", dt.date(2020, 12, 20)),
        ("EN 62368-1", "2014+A11:2017", "EN IEC 62368-1:2024", None),
        ("BS EN 300 328", "V2.1.1", "EN 300 328 V2.2.2", dt.date(2021, 8, 6)),
        ("ETSI EN 301 489-1", "V2.1.1", "EN 301 489-1 V2.2.3", None),
        ("DIN EN 50581", "2012", "EN IEC 63000:2018", dt.date(2021, 11, 18)),
        ("EN 71-1", "2014", "EN 71-1:2014+A1:2018", dt.date(2019, 2, 28)),
        ("EN 343", "2003+A1:2007", "EN 343:2019", None),
        ("EN 62133", "2013", "EN 62133-2:2017 (lithium) or EN 62133-1:2017 (nickel)", dt.date(2020, 3, 14)),
    ],
)
def test_an_old_edition_is_found(id_: str, edition: str | None, now: str, since: dt.date | None) -> None:
    name = f"{id_}:{edition}" if edition else id_
    assert named((id_, edition)) == [(name, now, since)]


@pytest.mark.parametrize(
    ("id_", "edition"),
    [
        ("EN 71-1", "2014+A1:2018"), ("EN 71-1", "2014/A1:2018"), ("EN 300 328", "V2.2.2"),
        ("EN 301 489-1", "V2.2.3"), ("EN IEC 63000", "2018"), ("EN 343", "2019"), ("EN ISO 13688", "2013"),
        ("EN 1078", "2012+A1:2012"), ("EN 62133-2", "2017+A1:2021"), ("IEC 60529", "1989+AMD1:1999"),
        ("EN 62368-1", None), ("EN 55032", "2015+A11:2020"), ("EN 999", "1999"),
    ],
)  # fmt: skip
def test_a_current_one_is_not(id_: str, edition: str | None) -> None:
    assert named((id_, edition)) == []


def test_a_reports_method_counts_and_what_is_over_comes_first() -> None:
    method = TestReport(
        id="E1", source=source("r.pdf", page=2), source_class="A", product="box",
        method=Standard("EN 55022", "2010"),
    )  # fmt: skip
    certificate = paper("CE", "B1", document="a.pdf", standards=(Standard("EN 343", "2003"),))
    found = superseded([certificate, method], ON)
    assert [(s.document, s.standard, s.evidence) for s in found] == [
        ("r.pdf", "EN 55022:2010", ("E1",)), ("a.pdf", "EN 343:2003", (certificate.id,)),
    ]  # fmt: skip


def test_before_its_day_an_edition_is_only_old() -> None:
    item = paper("CE", "B1", standards=(Standard("EN 300 328", "V2.1.1"),))
    assert [s.since for s in superseded([item], dt.date(2021, 8, 5))] == [None]


def low(*items: Evidence) -> list[tuple[str, tuple[str, ...], float, float]]:
    return [(b.attribute, b.markets, b.got, b.least) for b in below(items)]


def test_seven_days_are_too_few_in_europe_and_enough_in_brazil() -> None:
    seven = [
        term("returns", 7.0, m, "day", product=None, document="old.txt") for m in ("DE", "FR", "GB", "BR")
    ]
    assert low(*seven) == [("returns", ("DE", "FR"), 7.0, 14.0), ("returns", ("GB",), 7.0, 14.0)]
    assert low(term("returns", 6.0, "BR", "day"), term("returns", 6.0, "KR", "day")) == [
        ("returns", ("BR",), 6.0, 7.0), ("returns", ("KR",), 6.0, 7.0),
    ]  # fmt: skip
    assert low(term("returns", 0.0, "JP", "day"), term("returns", 1.0, "US", "day")) == []


def test_two_years_are_enough_in_germany_and_too_few_in_spain() -> None:
    assert low(policy("warranty", 2.0, "year", "DE", "FR")) == []
    assert low(policy("warranty", 2.0, "year", "ES")) == [
        ("warranty", ("ES",), pytest.approx(24.0, abs=0.1), 36.0)
    ]
    assert low(term("warranty", 12.0, "DE", "month")) == [("warranty", ("DE",), 12.0, 24.0)]
    assert low(term("warranty", 12.0, "GB", "month"), term("warranty", 12.0, "US", "month")) == []


def test_drafts_are_judged_too_words_are_not() -> None:
    assert low(term("returns", 7.0, "DE", "day", release="draft")) == [("returns", ("DE",), 7.0, 14.0)]
    assert low(term("returns", False, "DE"), term("returns", "on request", "DE")) == []
    assert low(term("returns", 7.0, "DE", "day", release="internal")) == []


def test_every_row_says_where_it_was_read_and_when() -> None:
    for row in (*standards.table(), *minima.table()):
        assert row.source
        assert dt.date(2026, 1, 1) <= row.checked <= dt.date(2026, 12, 31)
    pairs = [(r.attribute, m) for r in minima.table() for m in minima.expand(r.markets)]
    assert len(pairs) == len(set(pairs))
