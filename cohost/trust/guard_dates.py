"""Dates in running text, as any language writes them. Pure.

A date of a sentence is compared with the dates of evidence as a day, not as letters: "15/1/2026",
"2026 年 1 月 15 日" and "15 January 2026" are one.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from cohost.languages import LANGUAGES, base
from cohost.trust.guard_words import fold

Dated = tuple[dt.date, int, int]
"""A day and where it stands."""

_YEAR = r"(?P<y>(?:19|20|25)\d\d)"
_ISO = re.compile(rf"(?<!\d){_YEAR}[-./](?P<m>\d{{1,2}})[-./](?P<d>\d{{1,2}})(?!\d)")
_CJK = re.compile(
    rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<m>\d{{1,2}})\s?[月월]\s?(?P<d>\d{{1,2}})\s?(?:[日号號]|일)"
)
_SHORT = re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})[-./](?P<m>\d{{1,2}})[-./]{_YEAR}(?!\d)")
_VIETNAMESE = re.compile(rf"(?<!\d)(?P<d>\d{{1,2}}) tháng (?P<m>\d{{1,2}})(?: năm|,)? {_YEAR}(?!\d)")
_BUDDHIST = 543
_ROOT = 5
"""Letters of a month's name that tell it, whatever its ending ("января", "stycznia")."""


def dates_in(text: str, lang: str) -> tuple[Dated, ...]:
    """Every full date of a text, with its span; what is no day of the calendar is left out."""
    return _dates(fold(text, lang).low, base(lang))


@functools.lru_cache(maxsize=4096)
def _dates(low: str, lang: str) -> tuple[Dated, ...]:
    if not re.search(r"(?:19|20|25)\d\d", low):
        return ()
    return tuple(dict.fromkeys(_found(low, lang)))


def _found(low: str, lang: str) -> Iterator[Dated]:
    for form in (_ISO, _CJK, _SHORT, _VIETNAMESE):
        for match in form.finditer(low):
            first, second = int(match["m"]), int(match["d"])
            for month, day in {(first, second), (second, first) if form is _SHORT else (first, second)}:
                yield from _day(int(match["y"]), month, day, match)
    for tag in dict.fromkeys((lang, "en")):
        for form in _named(tag):
            for match in form.finditer(low):
                number = _month(match["n"], tag)
                if number:
                    yield from _day(int(match["y"]), number, int(match["d"]), match)


def _day(year: int, month: int, day: int, match: re.Match[str]) -> Iterator[Dated]:
    try:
        yield dt.date(year - _BUDDHIST if year > 2400 else year, month, day), match.start(), match.end()
    except ValueError:
        return


@functools.cache
def _named(lang: str) -> tuple[re.Pattern[str], ...]:
    """ "15. Januar 2026", "15 de enero de 2026", "January 15, 2026", "2026 Ocak 15"."""
    names = "|".join(sorted((re.escape(n) for n in _months(lang)), key=len, reverse=True))
    if not names:
        return ()
    month = rf"(?P<n>(?:{names})[^\W\d_]{{0,4}})\.?"
    link = r"(?:\s(?:de|del|di|of|ngày|năm|tháng))?\s?"
    return (
        re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?{link}{month},?{link}{_YEAR}(?!\d)"),
        re.compile(rf"(?<!\w){month}\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}(?!\d)"),
    )


@functools.cache
def _months(lang: str) -> dict[str, int]:
    """Names and their beginnings, folded; () where CLDR has no such language."""
    try:
        table = Locale.parse(lang if lang in LANGUAGES else "en").months
    except (UnknownLocaleError, ValueError):
        return {}
    found: dict[str, int] = {}
    for place in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in table[place][width].items():
                low = fold(str(name), lang).low.strip(".")
                if not low or low[0].isdigit():
                    continue
                found[low] = number
                if len(low) > _ROOT:
                    found.setdefault(low[:_ROOT], number)
    return found


def _month(name: str, lang: str) -> int | None:
    known = _months(lang)
    for size in range(len(name), 1, -1):
        if name[:size] in known:
            return known[name[:size]]
    return None


@functools.lru_cache(maxsize=2048)
def date_forms(day: dt.date, lang: str) -> tuple[str, ...]:
    """How a date may be written in that language (and in ISO form), folded."""
    forms = {day.isoformat(), day.strftime("%Y/%m/%d"), day.strftime("%d/%m/%Y"), day.strftime("%d.%m.%Y"),
             day.strftime("%m/%d/%Y"), day.strftime("%Y-%m"),
             f"{day.year}年{day.month}月{day.day}日"}  # fmt: skip
    for tag in dict.fromkeys((base(lang), "en", "en_GB")):
        try:
            locale = Locale.parse(tag)
        except (UnknownLocaleError, ValueError):
            continue
        for style in (
            "short",
            "medium",
            "long",
            "full",
            "MMMM y",
            "d MMMM y",
            "d MMM y",
            "MMMM d, y",
            "y MMMM d",
        ):
            forms.add(format_date(day, style, locale=locale))
    return tuple(sorted({fold(f, lang).low for f in forms}, key=len, reverse=True))
