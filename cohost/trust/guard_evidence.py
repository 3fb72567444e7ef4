"""What evidence says, in the forms the guard compares: figures, words, texts, dates, models. Pure."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable
from typing import Literal

import msgspec
from babel import Locale, UnknownLocaleError

from cohost.languages import base, table
from cohost.trust.evidence import (
    Certificate,
    Evidence,
    Fact,
    MarketFact,
    Passage,
    Policy,
    Review,
    SizeRow,
    Standard,
    TestReport,
)
from cohost.trust.guard_dates import dates_in
from cohost.trust.guard_words import fold
from cohost.trust.quantities import Amount, amounts, convert
from cohost.trust.values import translate

Role = Literal["value", "condition", "text"]
COUNT = frozenset({None, "piece", "time", "pair", "set"})
"""Units that say no more than the bare number."""


class Figure(msgspec.Struct, frozen=True):
    """One number an item holds, and as what: its value, part of a condition, or somewhere in its words."""

    low: float
    high: float
    unit: str | None
    qualifier: str
    role: Role
    item: Evidence
    condition: str = ""


def figures_of(item: Evidence) -> tuple[Figure, ...]:
    """Every number of the item, its value first."""
    return _figures(item)


@functools.lru_cache(maxsize=4096)
def _figures(item: Evidence) -> tuple[Figure, ...]:
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    found = list(_value_figures(item, lang))
    for role, text in _texts(item):
        found += [Figure(a.low, a.high, a.unit, a.qualifier, role, item) for a in read_amounts(text, lang)]
    return tuple(found)


def _value_figures(item: Evidence, lang: str) -> Iterable[Figure]:
    if isinstance(item, Fact) and item.size is not None:
        yield from _size_figures(item, item.size)
    elif isinstance(item, Fact | MarketFact | Policy):
        value, qualifier = item.value, getattr(item, "qualifier", "")
        condition = item.condition
        if isinstance(value, bool) or value is None:
            return
        numbers = value if isinstance(value, tuple) else (value,)
        if all(isinstance(n, float | int) for n in numbers) and len(numbers) in (1, 2):
            low, high = float(numbers[0]), float(numbers[-1])
            yield Figure(low, high, item.unit, qualifier, "value", item, condition)
            return
        text = " · ".join(map(str, numbers)) + (f" {item.unit}" if item.unit else "")
        for a in amounts(text, lang):
            yield Figure(a.low, a.high, a.unit, a.qualifier or qualifier, "value", item, condition)
    elif isinstance(item, TestReport):
        if item.sample_quantity is not None:
            yield Figure(item.sample_quantity, item.sample_quantity, "piece", "", "text", item)
        for result in item.results:
            for a in amounts(f"{result.value} {result.unit or ''}", lang):
                yield Figure(
                    a.low, a.high, a.unit, a.qualifier, "value", item, _circumstances(result.quantity, lang)
                )
    elif isinstance(item, Review) and item.rating is not None:
        yield Figure(item.rating, item.rating, None, "", "value", item)


def _size_figures(item: Evidence, row: SizeRow) -> Iterable[Figure]:
    """Measures of a size with their units, and labels that are numbers."""
    for m in row.measures:
        low, high = (m.high if m.low is None else m.low), (m.low if m.high is None else m.high)
        if low is not None and high is not None:
            qualifier = "up_to" if m.low is None else "at_least" if m.high is None else ""
            yield Figure(low, high, m.unit, qualifier, "value", item)
    for label in row.labels:
        for a in amounts(label.value, "en"):
            yield Figure(a.low, a.high, None, "", "value", item)


def _circumstances(quantity: str, lang: str) -> str:
    """What a results line was measured under, where it says so: "Playing time at 50 % volume"."""
    return quantity if any(a.unit for a in amounts(quantity, lang)) else ""


def _texts(item: Evidence) -> Iterable[tuple[Role, str]]:
    if isinstance(item, Fact | MarketFact | Policy) and item.condition:
        yield "condition", item.condition
    for text in plain_texts(item):
        yield "text", text


@functools.lru_cache(maxsize=4096)
def plain_texts(item: Evidence) -> tuple[str, ...]:
    """The item's own words: quote, text, statement, names, standards, numbers of papers."""
    parts: list[str | None] = [item.source.quote]
    if isinstance(item, Fact | MarketFact | Policy):
        value = item.value
        if isinstance(value, str):
            parts.append(value)
        elif isinstance(value, tuple):
            parts += [str(v) for v in value if isinstance(v, str)]
        parts.append(item.condition)
    if isinstance(item, Policy | Passage | Review):
        parts.append(item.text)
    if isinstance(item, Passage):
        parts.append(item.heading)
    if isinstance(item, Review):
        parts += [item.author, item.incentive]
    if isinstance(item, Certificate):
        parts += [
            item.number,
            item.holder,
            item.manufacturer,
            item.component,
            *map(standard_text, item.standards),
        ]
        parts += [item.body.name, item.body.number] if item.body else []
    if isinstance(item, TestReport):
        parts += [item.number, item.client, item.conditions, item.statement, item.sample_condition]
        parts += [item.lab.name, item.lab.number] if item.lab else []
        parts += [standard_text(item.method)] if item.method else []
        parts += [f"{r.quantity} {r.value} {r.unit or ''} {r.verdict or ''}" for r in item.results]
    return tuple(dict.fromkeys(p for p in parts if p))


def names_of(item: Evidence) -> tuple[str, ...]:
    """Strings that name the item or its source, and may stand in a citation: report and certificate
    numbers, document, locator, models."""
    own = [getattr(item, "number", None), item.source.locator, item.source.document, *item.models,
           getattr(item, "sample_model", None), *getattr(item, "families", ())]  # fmt: skip
    own += [body.number for b in ("body", "lab") if (body := getattr(item, b, None)) is not None]
    stem = item.source.document.rsplit("/", 1)[-1]
    return tuple(dict.fromkeys([n for n in own if n] + [stem, stem.rsplit(".", 1)[0]]))


@functools.lru_cache(maxsize=8192)
def number_names(item: Evidence, lang: str) -> tuple[str, ...]:
    """Folded names that hold digits: a sentence may cite them, and none of their digits is a figure. A
    heading that states one ("Up to 30 h of music") is no name."""
    own = [n for n in names_of(item) if len(n) >= 4 and n not in item.models and any(c.isdigit() for c in n)]
    own = [n for n in own if not any(a.unit for a in amounts(n))]
    ids = (
        (item.id.lower(),) if any(c.isdigit() for c in item.id) else ()
    )  # "E12"; one named "ce" hides nothing
    return (*ids, *(fold(n, lang).low for n in own))


def standard_text(standard: Standard) -> str:
    """("EN 62368-1", "2020") → "EN 62368-1:2020"."""
    return f"{standard.id}:{standard.edition}" if standard.edition else standard.id


@functools.lru_cache(maxsize=4096)
def folded_texts(item: Evidence) -> tuple[tuple[str, str], ...]:
    """(folded text, its language) of everything the item says, names included."""
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    return tuple((fold(t, lang).low, lang) for t in (*plain_texts(item), *names_of(item)))


# ---------------------------------------------------------------- comparing


def read_amounts(text: str, lang: str) -> list[Amount]:
    """Amounts of a text; "%50", "yüzde 50" and 百分之50 are fifty per cent."""
    return [
        msgspec.structs.replace(a, unit="%")
        if a.unit is None and _PERCENT_BEFORE.search(text, 0, a.start)
        else a
        for a in amounts(_bare_units(text) if base(lang) == "tr" else text, lang)
    ]


@functools.cache
def _turkish_units() -> re.Pattern[str]:
    units = [w for forms in table("tr", "quantities").get("units", {}).values() for w in forms if w.isalpha()]
    names = "|".join(map(re.escape, sorted(units, key=len, reverse=True)))
    return re.compile(
        rf"(?<=\d)(\s?(?:{names}))((?:y?[ae]|[dt][ae]n?|[dt][ıiuü]r|l[ıiuü]k|n?[ıiuü]n|[ıiuü])+)(?!\w)"
    )


def _bare_units(text: str) -> str:
    """ "10 metreye", "36 aydır": the unit without its endings, as many letters as before."""
    return _turkish_units().sub(lambda m: m[1] + " " * len(m[2]), text)


_PERCENT_BEFORE = re.compile(r"(?:[%٪]|\byüzde\s?|百分之\s?)$", re.IGNORECASE)


def same_figure(amount: Amount, figure: Figure, *, favourable: str = "none") -> bool:
    """True when the sentence's amount is this figure: equal in the same unit; after a conversion equal to
    the last digit shown, rounded against the seller where a direction flatters."""
    if (amount.unit or None) in COUNT:
        return figure.unit in COUNT and _near((amount.low, amount.high), (figure.low, figure.high), 1e-9)
    if figure.unit is None or figure.unit in COUNT:
        return False
    if amount.unit == figure.unit:
        return _near((amount.low, amount.high), (figure.low, figure.high), 1e-6)
    ends = (
        convert(figure.low, figure.unit, str(amount.unit)),
        convert(figure.high, figure.unit, str(amount.unit)),
    )
    if ends[0] is None or ends[1] is None:
        return False
    step = _step(amount.text)
    pairs = [(amount.low, ends[0]), (amount.high, ends[1])]
    if amount.low == amount.high and ends[0] != ends[1]:
        pairs = [(amount.low, min(ends, key=lambda e: abs((e or 0.0) - amount.low)) or 0.0)]
    return all(_rounded(said, true, step, favourable) for said, true in pairs)


def _near(said: tuple[float, float], true: tuple[float, float], tolerance: float) -> bool:
    if said[0] == said[1]:  # one number said: an end of a range is enough
        return any(abs(said[0] - t) <= tolerance * max(1.0, abs(t)) for t in true)
    return all(abs(s - t) <= tolerance * max(1.0, abs(t)) for s, t in zip(said, true, strict=True))


_COARSEST = 0.1
"""Of a converted figure, how much the last digit shown may be worth."""


def _rounded(said: float, true: float, step: float, favourable: str) -> bool:
    slack = 1e-6 * max(1.0, abs(true))
    step = min(step, _COARSEST * abs(true))  # "1 km" is no rounding of 1 m
    if favourable == "higher":
        return true - step - slack <= said <= true + slack
    if favourable == "lower":
        return true - slack <= said <= true + step + slack
    return abs(said - true) <= step + slack


def _step(text: str) -> float:
    """Worth of the last digit shown: "20.5 oz" → 0.1."""
    digits = re.search(r"\d+(?:[.,٫](\d{1,2})(?!\d))?", text)
    return 10.0 ** -len(digits.group(1)) if digits and digits.group(1) else 1.0


# ---------------------------------------------------------------- dates


@functools.lru_cache(maxsize=4096)
def dates_of(item: Evidence) -> tuple[dt.date, ...]:
    """Every date the item holds, in its fields and in its words."""
    names = ("valid_from", "valid_until", "issued", "tested", "as_of", "written")
    own = [d for d in (getattr(item, n, None) for n in names) if isinstance(d, dt.date)]
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    return tuple(
        dict.fromkeys((*own, *(day for text in plain_texts(item) for day, _, _ in dates_in(text, lang))))
    )


@functools.lru_cache(maxsize=512)
def country_names(code: str, lang: str) -> tuple[str, ...]:
    """Names of a market as a sentence may write it, folded: CLDR's in that language and in English."""
    found = []
    for tag in dict.fromkeys((base(lang), "en")):
        try:
            name = Locale.parse(tag).territories.get(code)
        except (UnknownLocaleError, ValueError):
            name = None
        if name:
            low = fold(name, lang).low
            found += [low, *(part for part in re.split(r"\s*[()]\s*", low) if len(part) > 3)]
    return tuple(dict.fromkeys(found))


@functools.lru_cache(maxsize=8192)
def translated(text: str, source: str, target: str) -> str | None:
    """A phrase of a specification in another language, word by word; None unless every word is known."""
    return translate(text, source, target) if source != target else None
