"""Numbers with their units in running text of any language. Pure.

What looks like a number and is none (IP codes, standards, dates, versions, model strings) is left
out; `not_amounts` says what that is. Spans refer to the text as given.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

import msgspec

from cohost.languages import base, table
from cohost.trust.numerals import not_amounts, number_value
from cohost.trust.units import Spelling, convert, is_money, same_dimension, spellings, symbols, unit_id

__all__ = ["Amount", "amounts", "convert", "same_dimension", "unit_id", "with_qualifier"]

Qualifier = Literal["", "up_to", "about", "at_least"]


class Amount(msgspec.Struct, frozen=True):
    """A number or a closed range in a text. `unit` is an id of `units`, None for a bare number."""

    low: float
    high: float
    unit: str | None
    qualifier: Qualifier
    start: int
    end: int
    text: str  # the words from `start` to `end`, number and unit


class _Number(msgspec.Struct):
    value: float
    unit: str | None
    start: int
    end: int
    number_end: int  # where the digits end


_NUMBER = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?![\d.,]*\d[:/])(?:[.,٫]\d+)?(?!\d)"
    r"|\d{1,3}(?:[.,'’٬]\d{2,3})*[.,'’٬]\d{3}(?:[.,٫]\d+)?(?!\d)"
    r"|\d+(?:[.,٫]\d+)?|[½¼¾]"
)
_HEAD = re.compile(r"\d{1,3}[ \u00a0\u202f\u2009]")
_DENSE = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_GAP = r"[ \u00a0\u202f]?-?[ \u00a0\u202f]?"
_MYRIAD = {"万": 1e4, "萬": 1e4, "만": 1e4, "億": 1e8, "亿": 1e8, "억": 1e8}
_AFTER_UNIT = re.compile(r"\s?(?:⎓|~|=|DC|AC|d\.c\.|a\.c\.)(?!\w)")
_BETWEEN = r"[ \u00a0\u202f]*(?:[-–—~〜～−]|±|{words})[ \u00a0\u202f]*"
_TIMES = re.compile(r"\s*[x×X*✕]\s*")
_SLASH = re.compile(r"\s?/\s?")
_SIGNS = {"≥": "at_least", ">": "at_least", "≤": "up_to", "<": "up_to", "~": "about", "≈": "about"}
_MONEY_SIGNS = {"¥": "JPY", "￥": "JPY"}
_WORD_UNITS = frozenset({"h", "day", "week", "month", "year", "min", "s"})
_BARE_CJK = frozenset({"分", "日", "月", "秒", "周", "週", "주", "일", "년", "초", "달"})
_LETTER = re.compile("[A-WYZa-wyz]")
_FACTOR = re.compile(r"(?:\d|\d\s|\d\s?[a-z]{1,2}\s?)[xX]$")
_DIGIT_BEFORE = re.compile(r"\d\s*$")
_MINUS = re.compile(rf"(?:^|[\s(\[:：~{_DENSE}])[-−–]$")
_BELOW_ZERO = frozenset({"degC", "degF", "dB"})
_FEET = re.compile(r"(?<!\d)(\d{1,2})\s?['’′]\s?(\d{1,2})(?!\d)\s?(?:[\"”″]|''|in\b)?")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER_OF_TEN = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,3})?)\s?[×x]\s?10(?:\^(\d{1,2})|(?=[⁰¹²³⁴-⁹])([⁰¹²³⁴-⁹]{1,2}))"
)
_HOURS = re.compile(r"(?<![\w.,])(\d{1,2})[hH]([0-5]\d)(?:\s?(?:min|mn|m))?(?!\w)")


def amounts(text: str, lang: str = "en") -> list[Amount]:
    """Every number of a text with its unit, in order. Never raises."""
    return list(_amounts(text, lang))


@functools.lru_cache(maxsize=8192)
def _amounts(text: str, lang: str) -> tuple[Amount, ...]:
    """Conditions and sentences are read again and again: remembered."""
    ascii_text = _narrow(text)
    grammar = _grammar(base(lang))
    blocked = not_amounts(ascii_text)
    special = list(_special(ascii_text, blocked))
    blocked += [(a.start, a.end) for a in special]
    numbers = list(_numbers(ascii_text, grammar, blocked))
    found = special + list(_joined(ascii_text, numbers, grammar))
    found.sort(key=lambda a: a.start)
    ends = [0, *(a.end for a in found)]
    return tuple(_finished(text, ascii_text, a, grammar, end) for a, end in zip(found, ends, strict=False))


def _narrow(text: str) -> str:
    """Digits of any script and full-width signs as ASCII, one character for one."""
    return "".join(_narrow_char(c) for c in text)


@functools.cache
def _narrow_char(char: str) -> str:
    if char.isascii():
        return char
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    if "！" <= char <= "～" and char != "～":
        return chr(ord(char) - 0xFEE0)
    return char


class _Grammar:
    """One language's units, joining words and qualifiers, compiled once."""

    def __init__(self, lang: str) -> None:
        rows = table(lang, "quantities") or table("en", "quantities")
        self.lang = lang
        self.decimal: str = rows.get("decimal", ".")
        self.spellings = dict(spellings(lang))
        if lang == "zh":
            self.spellings |= {sign: Spelling(("CNY", 1.0)) for sign in _MONEY_SIGNS}
        else:
            self.spellings |= {sign: Spelling(("JPY", 1.0)) for sign in _MONEY_SIGNS}
        self.unit = re.compile(_GAP + _alternatives(self.spellings))
        money = {word: unit for word, unit in symbols().items() if is_money(unit[0])}
        money |= {sign: self.spellings[sign] for sign in _MONEY_SIGNS}
        self.money = {word: unit[0] for word, unit in money.items()}
        self.money_before = re.compile(f"({_either(self.money)})[ \u00a0\u202f]?$")
        joining = [w for w in rows.get("ranges", []) if w != "-"] + ["to"]
        self.between = re.compile(_BETWEEN.replace("{words}", _either(joining)), re.IGNORECASE)
        self.numbers: dict[str, float] = dict(rows.get("numbers", {}))
        dense = any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for w in self.numbers for c in w)
        edge = "" if dense or lang == "th" else r"(?<!\w)"
        self.words = re.compile(f"{edge}({_either(self.numbers)})" + ("" if edge == "" else r"(?!\w)"), re.I)
        self.before, self.after = _qualifiers(lang)


@functools.cache
def _grammar(lang: str) -> _Grammar:
    return _Grammar(lang)


def _either(options: object) -> str:
    listed = sorted((str(o) for o in options), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(re.escape(o) for o in listed) or "(?!)"


def _alternatives(known: dict[str, Spelling]) -> str:
    """Spaced scripts need the unit to end there; dense scripts do not."""
    dense = [w for w in known if re.match(f"[{_DENSE}]", w)]
    spaced = [w for w in known if not re.match(f"[{_DENSE}]", w)]
    ends = f"(?![^\\W\\d_{_DENSE}]|\\d|/(?:cm|m|kg|g|l|L|min|s|h)[²³23]?(?!\\w))"
    return f"(?:({_either(spaced)}){ends}|({_either(dense)}))"


def _qualifiers(lang: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    before: list[str] = []
    after: list[str] = []
    for tag in dict.fromkeys((lang, "en")):
        for which, listed in table(tag, "quantities").get("qualifiers", {}).items():
            for word in listed:
                spelt = word.rstrip(">")
                form = f"(?P<{which}{len(before) + len(after)}>{re.escape(spelt)})"
                (after if word.endswith(">") else before).append(form)
    before.sort(key=len, reverse=True)
    after.sort(key=len, reverse=True)
    lead = f"(?:(?<![^\\W{_DENSE}])|(?<=[{_DENSE}])|(?=[{_DENSE}]))"
    return (
        re.compile(f"{lead}(?:{'|'.join(before) or '(?!)'})[   :]*$", re.IGNORECASE),
        re.compile(f"[ \u00a0\u202f]*(?:{'|'.join(after) or '(?!)'})", re.IGNORECASE),
    )


def _special(text: str, blocked: list[tuple[int, int]]) -> Iterator[Amount]:
    """5'11\" in inches, 1h30 in hours."""
    for match in _FEET.finditer(text):
        if not _inside(match.start(), blocked) and int(match[2]) < 12:
            inches = int(match[1]) * 12.0 + int(match[2])
            yield Amount(inches, inches, "inch", "", match.start(), match.end(), "")
    for match in _POWER_OF_TEN.finditer(text):
        value = float(match[1].replace(",", ".")) * 10.0 ** int((match[2] or match[3]).translate(_RAISED))
        yield Amount(value, value, None, "", match.start(), match.end(), "")
    for match in _HOURS.finditer(text):
        if not _inside(match.start(), blocked):
            hours = int(match[1]) + int(match[2]) / 60
            yield Amount(hours, hours, "h", "", match.start(), match.end(), "")


def _tolerance(text: str, one: _Number, two: _Number) -> bool:
    """23 ± 2 °C"""
    between = text[one.end : two.start] if two.start >= one.end else ""
    return between.strip() == "±" and one.unit in (None, two.unit)


def _inside(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _numbers(text: str, grammar: _Grammar, blocked: list[tuple[int, int]]) -> Iterator[_Number]:
    seen: list[tuple[int, int]] = []
    for match in _NUMBER.finditer(text):
        if _inside(match.start(), blocked):
            continue
        found = _number(text, match, grammar)
        if found is None and (behind := _behind_model(text, match)) is not None:
            found = _number(text, behind, grammar)
        if found is not None:
            seen.append((found.start, found.end))
            yield found
    for match in grammar.words.finditer(text):
        found = _worded(text, match, grammar)
        if found is not None and not _inside(found.start, seen + blocked):
            yield found


def _behind_model(text: str, match: re.Match[str]) -> re.Match[str] | None:
    """The figure behind a model's name: in "RX2 640 g" the 2 is no thousands."""
    head = _HEAD.match(text, match.start(), match.end())
    before = text[match.start() - 1 : match.start()]
    if head is None or not (before.isalpha() and before.isascii()):
        return None
    return _NUMBER.match(text, head.end())


def _worded(text: str, match: re.Match[str], grammar: _Grammar) -> _Number | None:
    """A number in words counts only before a unit of time: "two years", 两年."""
    value = grammar.numbers.get(match[1], grammar.numbers.get(match[1].lower()))
    unit = grammar.unit.match(text, match.end())
    if value is None or unit is None:
        return None
    spelt = unit[1] or unit[2]
    name, scale = _spelling(grammar, spelt)
    if name not in _WORD_UNITS or spelt in _BARE_CJK or (len(spelt) < 2 and spelt.isascii()):
        return None
    return _Number(value * scale, name, match.start(), unit.end(), match.end())


def _spelling(grammar: _Grammar, spelt: str) -> Spelling:
    return grammar.spellings.get(spelt) or grammar.spellings[spelt.lower()]


def _number(text: str, match: re.Match[str], grammar: _Grammar) -> _Number | None:
    value = number_value(match.group(), grammar.decimal)
    start, end = match.span()
    if end < len(text) and text[end] in _MYRIAD:
        value *= _MYRIAD[text[end]]
        end += 1
    number_end = end
    money = grammar.money_before.search(text, max(0, start - 6), start)
    before = text[start - 1] if start else " "
    if money is None and before.isalpha() and before.isascii() and not _FACTOR.search(text, 0, start):
        return None  # a model string: AX2
    unit: str | None = None
    if money is not None and _free_left(text, money.start(), money[1]):
        start, unit = money.start(), grammar.money[money[1]]
    spelt = grammar.unit.match(text, end)
    if spelt is not None and (unit is None or unit == _spelling(grammar, spelt[1] or spelt[2])[0]):
        unit, scale = _spelling(grammar, spelt[1] or spelt[2])
        value, end = value * scale, spelt.end()
        decoration = _AFTER_UNIT.match(text, end)
        end = decoration.end() if decoration and unit in ("V", "A", "W") else end
    elif spelt is None and unit is None and _LETTER.match(text, end):
        return None  # 4K, 15Pro
    if unit == "K" and value < 1000:
        return None
    if unit is None and value == int(value) and 1990 <= value <= 2049 and len(match.group()) == 4:
        return None  # a year
    minus = unit in _BELOW_ZERO or unit is None
    if (
        minus
        and _MINUS.search(text, max(0, start - 2), start)
        and not _DIGIT_BEFORE.search(text, 0, start - 1)
    ):
        return _Number(-value, unit, start - 1, end, number_end)
    return _Number(value, unit, start, end, number_end)


def _free_left(text: str, at: int, sign: str) -> bool:
    return not sign[0].isalpha() or at == 0 or not text[at - 1].isalpha()


def _joined(text: str, numbers: list[_Number], grammar: _Grammar) -> Iterator[Amount]:
    """Ranges, factors ("20 x 10 x 5 cm") and hours with minutes as one amount each."""
    numbers.sort(key=lambda n: n.start)
    _share_units(text, numbers)
    i = 0
    while i < len(numbers):
        one = numbers[i]
        two = numbers[i + 1] if i + 1 < len(numbers) else None
        if two is not None and _tolerance(text, one, two):
            spread = abs(two.value)
            yield Amount(one.value - spread, one.value + spread, two.unit, "", one.start, two.end, "")
            i += 2
        elif two is not None and _is_range(text, one, two, grammar):
            unit = two.unit or one.unit
            yield Amount(one.value, two.value, unit, "", one.start, two.end, "")
            i += 2
        elif (
            two is not None
            and (one.unit, two.unit) in (("h", "min"), ("min", "s"))
            and _touching(text, one, two)
        ):
            value = one.value + two.value / 60
            yield Amount(value, value, one.unit, "", one.start, two.end, "")
            i += 2
        else:
            if one.unit is None and one.value < 0:  # "- 24": a dash, no minus
                one.value, one.start = -one.value, one.start + 1
            yield Amount(one.value, one.value, one.unit, "", one.start, one.end, "")
            i += 1


def _touching(text: str, one: _Number, two: _Number) -> bool:
    between = text[one.end : two.start].strip(" ,")
    return two.start >= one.end and between in (
        "",
        "and",
        "y",
        "e",
        "et",
        "und",
        "en",
        "i",
        "и",
        "ve",
        "零",
        "dan",
        "và",
    )


def _is_range(text: str, one: _Number, two: _Number, grammar: _Grammar) -> bool:
    if one.value > two.value or two.start < one.end:
        return False
    if one.unit is not None and two.unit is not None and one.unit != two.unit:
        return False
    between = text[one.end : two.start]
    if grammar.between.fullmatch(between):
        return one.unit is not None or two.unit is not None or "-" in between or "–" in between
    slashed = _SLASH.fullmatch(between) is not None
    return slashed and two.unit == "Hz"


def _share_units(text: str, numbers: list[_Number]) -> None:
    """In "20 x 10 x 5 cm" and "220/240 V" the last unit holds for all."""
    for one, two in zip(reversed(numbers[:-1]), reversed(numbers[1:]), strict=True):
        between = text[one.end : two.start] if two.start >= one.end else " "
        slashed = _SLASH.fullmatch(between) is not None
        factors = _TIMES.fullmatch(between) is not None and two.unit not in ("W", "A", "Hz")
        if one.unit is None and two.unit and (slashed or factors):
            one.unit = two.unit


def with_qualifier(text: str, amount: Amount, lang: str) -> tuple[int, int]:
    """The span of an amount together with its "up to", "about", "at least" before or after it."""
    if not amount.qualifier:
        return amount.start, amount.end
    grammar, narrow = _grammar(base(lang)), _narrow(text)
    before = grammar.before.search(narrow, max(0, amount.start - 24), amount.start)
    if before is not None:
        return before.start(), amount.end
    lead = narrow[: amount.start].rstrip()
    if lead and lead[-1] in _SIGNS:
        return len(lead) - 1, amount.end
    after = grammar.after.match(narrow, amount.end)
    return amount.start, after.end() if after else amount.end


def _finished(text: str, narrow: str, found: Amount, grammar: _Grammar, since: int) -> Amount:
    """The amount with its words and the qualifier before or after it (not one before `since`)."""
    qualifier = ""
    before = grammar.before.search(narrow, max(since, found.start - 24), found.start)
    lead = narrow[since : found.start].rstrip()
    if before is not None:
        qualifier = str(before.lastgroup).rstrip("0123456789")
    elif lead and lead[-1] in _SIGNS:
        qualifier = _SIGNS[lead[-1]]
    else:
        after = grammar.after.match(narrow, found.end)
        if after is not None:
            qualifier = str(after.lastgroup).rstrip("0123456789")
    if qualifier == "at_least" and found.low != found.high:
        qualifier = ""  # "from 3 to 5"
    words = text[found.start : found.end]
    return msgspec.structs.replace(found, qualifier=qualifier, text=words)
