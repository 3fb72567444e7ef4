"""Dates as papers write them, in 18 languages. Pure.

Order of day and month follows the separator (03.04.2026 is day first) and the language; where an
English paper writes 03/04/2026 nobody can tell, and both readings are returned.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
import unicodedata

import msgspec
from babel import Locale

from cohost.languages import LANGUAGES, base
from cohost.trust import words


class Dated(msgspec.Struct, frozen=True):
    """A date found: `earliest` and `latest` differ where the order of day and month is open."""

    earliest: dt.date
    latest: dt.date
    start: int
    end: int
    text: str

    @property
    def ambiguous(self) -> bool:
        return self.earliest != self.latest


_Y = r"(?P<y>(?:19|20|25)\d{2})"
_ISO = re.compile(rf"(?<!\d){_Y}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)")
_CJK = re.compile(rf"{_Y}\s*[年년]\s*(?P<m>\d{{1,2}})\s*[月월]\s*(?:(?P<d>\d{{1,2}})\s*[日일])?")
_ERA = re.compile(
    r"(?P<era>令和|平成|R|H)\s*(?P<n>\d{1,2}|元)\s*[年.]\s*(?P<m>\d{1,2})\s*[月.]\s*(?P<d>\d{1,2})\s*日?"
)
_NUMERIC = re.compile(rf"(?<!\d)(?P<a>\d{{1,2}})(?P<sep>[/.\-])(?P<b>\d{{1,2}})(?P=sep){_Y}(?!\d)")
_MONTH_YEAR = re.compile(rf"(?<![\d/.\-])(?P<m>0?[1-9]|1[0-2])[/.]{_Y}(?!\d)")
_BUDDHIST = 543
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}


def find(text: str, lang: str = "en", *, month_end: bool = False) -> list[Dated]:
    """Every date in reading order. A month alone counts as its last day when `month_end`, else its
    first. Offsets are into the NFKC form of `text`."""
    plain = "".join(_digit(c) for c in unicodedata.normalize("NFKC", text))
    found: list[Dated] = []
    for reader in (_iso, _cjk, _era, _named, _numeric):
        found += [d for d in reader(plain, lang, month_end) if not _overlaps(d, found)]
    found += [d for d in _month_year(plain, lang, month_end) if not _overlaps(d, found)]
    return sorted(found, key=lambda d: d.start)


def _digit(char: str) -> str:
    """Arabic, Devanagari and Thai digits as the parser reads them; one in, one out."""
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def first(text: str, lang: str = "en", *, month_end: bool = False) -> Dated | None:
    """The first date of a text, or None."""
    return next(iter(find(text, lang, month_end=month_end)), None)


def later(date: dt.date, months: int) -> dt.date:
    """The same day so many months later, the month's last where it has no such day."""
    years, month = divmod(date.month - 1 + months, 12)
    year = date.year + years
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


def _overlaps(date: Dated, others: list[Dated]) -> bool:
    return any(date.start < o.end and o.start < date.end for o in others)


def _made(match: re.Match[str], year: int, month: int, day: int | None, month_end: bool) -> Dated | None:
    date = _date(year, month, day, month_end)
    return Dated(date, date, match.start(), match.end(), match.group()) if date else None


def _date(year: int, month: int, day: int | None, month_end: bool) -> dt.date | None:
    if year >= 2400:
        year -= _BUDDHIST
    try:
        if day is None:
            day = calendar.monthrange(year, month)[1] if month_end else 1
        return dt.date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        return None


def _iso(text: str, lang: str, month_end: bool) -> list[Dated]:
    made = (_made(m, int(m["y"]), int(m["m"]), int(m["d"]), month_end) for m in _ISO.finditer(text))
    return [d for d in made if d]


def _cjk(text: str, lang: str, month_end: bool) -> list[Dated]:
    found = []
    for m in _CJK.finditer(text):
        made = _made(m, int(m["y"]), int(m["m"]), int(m["d"]) if m["d"] else None, month_end)
        if made:
            found.append(made)
    return found


def _era(text: str, lang: str, month_end: bool) -> list[Dated]:
    found = []
    for m in _ERA.finditer(text):
        if m["era"] in "RH" and base(lang) != "ja":
            continue
        year = _ERAS[m["era"]] + (1 if m["n"] == "元" else int(m["n"]))
        made = _made(m, year, int(m["m"]), int(m["d"]), month_end)
        if made:
            found.append(made)
    return found


def _numeric(text: str, lang: str, month_end: bool) -> list[Dated]:
    found = []
    for m in _NUMERIC.finditer(text):
        day_first = _date(int(m["y"]), int(m["b"]), int(m["a"]), False)
        month_first = _date(int(m["y"]), int(m["a"]), int(m["b"]), False)
        if m["sep"] == "." or base(lang) not in ("en", "und"):
            both = [day_first or month_first]
        else:
            both = [day_first, month_first]
        dates = [d for d in both if d]
        if dates:
            found.append(Dated(min(dates), max(dates), m.start(), m.end(), m.group()))
    return found


def _month_year(text: str, lang: str, month_end: bool) -> list[Dated]:
    made = (_made(m, int(m["y"]), int(m["m"]), None, month_end) for m in _MONTH_YEAR.finditer(text))
    return [d for d in made if d]


@functools.cache
def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for tag in LANGUAGES:
        months = Locale.parse(tag).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months.get(context, {}).get(width, {}).items():
                    for plain in {words.plain(str(name)), str(name).casefold()}:
                        bare = plain.rstrip(".")
                        if len(bare) >= (3 if bare.isascii() else 2) and not bare[0].isdigit():
                            names.setdefault(bare, number)
    names.update({"sept": 9, "set": 9, "мая": 5, "may": 5, "mai": 5})
    return names


@functools.cache
def _named_pattern() -> re.Pattern[str]:
    names = "|".join(re.escape(n) for n in sorted(_months(), key=len, reverse=True))
    month = rf"(?P<{{}}>{names})"
    year = r"(?P<{}>(?:19|20|25)\d{{2}})"
    day = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th|er|º|°|\.)?"
    of = r"[\s,\-/]*(?:of|de|del|d'|di|nam|ค\.ศ\.|พ\.ศ\.)?[\s,\-/]*"
    day_first = day.format("d1") + of + r"(?:thang )?" + month.format("m1") + r"\.?" + of + year.format("y1")
    month_first = month.format("m2") + r"\.?\s*" + day.format("d2") + r"\s*,?\s*" + year.format("y2")
    alone = month.format("m3") + r"\.?" + of + year.format("y3")
    return re.compile(rf"(?<!\w)(?:{day_first}|{month_first}|{alone})(?!\d)")


def _named(text: str, lang: str, month_end: bool) -> list[Dated]:
    lowered = text.casefold()
    if len(lowered) != len(text):
        lowered = text.lower() if len(text.lower()) == len(text) else text
    stripped = "".join(_bare(c) for c in lowered)
    found = []
    for m in _named_pattern().finditer(stripped):
        number = next(n for n in "123" if m[f"m{n}"])
        day = int(m[f"d{number}"]) if number != "3" else None
        month = _months()[m[f"m{number}"]]
        date = _date(int(m[f"y{number}"]), month, day, month_end)
        if date:
            found.append(Dated(date, date, m.start(), m.end(), text[m.start() : m.end()]))
    return found


def _bare(char: str) -> str:
    """The character without its accent: one in, one out, so that offsets stay."""
    plain = words.plain(char)
    return plain if len(plain) == 1 else char
