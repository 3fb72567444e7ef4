"""A value in the viewer's language: number and unit, yes and no, translated words, or a quote. Pure."""

from __future__ import annotations

import re

from cohost.decision.format import Tongue, isolate, listed, money, quantity, span, us_beside, us_size
from cohost.decision.frames import frame, is_workdays
from cohost.languages import base
from cohost.trust.attributes import match_label, ontology
from cohost.trust.bilingual import half, language_of
from cohost.trust.evidence import Fact, MarketFact, Policy
from cohost.trust.values import translate

MAX_TEXT = 120
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"^[A-Z0-9][A-Za-z0-9+\-./]*$")
_SENTENCE = re.compile(r"(?<=[.!?。!?।])\s+|(?<=[。!?])")

_CASES = frozenset({"ru", "pl"})
"""Languages in which "up to" would inflect a written-out unit: the symbol is used there."""

Told = Fact | MarketFact | Policy


def value_words(item: Told, at: Tongue, *, condition: bool = True) -> str:
    """The value with qualifier, tax and condition: "up to 24 h (at 50 % volume)"."""
    value = item.value
    spec = ontology().get(item.attribute)
    if value is None:
        return quote(getattr(item, "text", ""), at)
    if isinstance(item, MarketFact) and item.attribute == "stock":
        return _stock(value, at)
    if isinstance(value, bool):
        told = value and getattr(item, "polarity", True)
        text = frame(at.lang, "value.yes" if told else "value.no")
    elif isinstance(value, str):
        text = _text(item, value, at)
    elif isinstance(value, tuple) and any(isinstance(v, str) for v in value):
        text = (
            listed([spoken_text(str(v), item.source.lang, at, mark=False) for v in value], at)
            if value
            else ""
        )
        if not _all_known(value, item.source.lang, at):
            text = quote(", ".join(half(str(v), at.tables) for v in value), at)
    else:
        ends = value if isinstance(value, tuple) else (value, value)
        text = _figure(float(ends[0]), float(ends[-1]), item, at)
        beside = us_beside(float(ends[0]), float(ends[-1]), item.unit, spec, at)
        text = f"{text} ({beside})" if beside else text
    text = _qualified(text, item, at)
    if isinstance(item, MarketFact) and item.tax_included is not None and item.attribute == "price":
        text = f"{text} {frame(at.lang, 'value.tax_in' if item.tax_included else 'value.tax_out')}"
    words = condition_words(item, at) if condition else ""
    return frame(at.lang, "value.condition", value=text, condition=words) if words else text


def _figure(low: float, high: float, item: Told, at: Tongue) -> str:
    spec = ontology().get(item.attribute)
    if spec is not None and spec.form == "money" and item.unit:
        start = money(low, item.unit, at)
        return start if low == high else f"{start}–{money(high, item.unit, at)}"
    if low == high:
        return quantity(
            low, _unit(item), at, short=bool(getattr(item, "qualifier", "")) and at.tables in _CASES
        )
    return span(low, high, _unit(item), at)


def _unit(item: Told) -> str | None:
    """The unit as it is spoken: a person's age, days on which people work."""
    if item.attribute == "age" and item.unit == "year":
        return "age"
    return "workday" if item.unit == "day" and is_workdays(item.condition) else item.unit


def _qualified(text: str, item: Told, at: Tongue) -> str:
    qualifier = getattr(item, "qualifier", "")
    return frame(at.lang, f"value.{qualifier}", value=text) if qualifier else text


def _text(item: Told, value: str, at: Tongue) -> str:
    plain = f"{value} {item.unit}" if item.unit and any(c.isdigit() for c in value) else value
    text = spoken_text(plain.rstrip(" .。"), item.source.lang, at)
    if not getattr(item, "polarity", True):
        no = frame(at.lang, "value.no")
        named = match_label(value)
        text = no if named is not None and named[0] == item.attribute else f"{text}: {no}"
    beside = us_size(plain, at)
    return f"{text} ({beside})" if beside else text


def _stock(value: object, at: Tongue) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        told = bool(value) if isinstance(value, bool) else True
        return frame(at.lang, "value.in_stock" if told else "value.out_of_stock", n="")
    if value <= 0:
        return frame(at.lang, "value.out_of_stock")
    return frame(at.lang, "value.in_stock", n=quantity(float(value), None, at))


def condition_words(item: Told, at: Tongue) -> str:
    """The condition in the viewer's language, else in the document's own words, quoted."""
    if not item.condition or (item.unit == "day" and is_workdays(item.condition)):
        return ""
    return spoken_text(item.condition.rstrip(" .。"), item.source.lang, at)


def spoken_text(text: str, source: str, at: Tongue, *, limit: int = MAX_TEXT, mark: bool = True) -> str:
    """Words of a document for the viewer: as they are where they need no translation, translated
    word by word where every word is known, else quoted in their own language."""
    text = half(" ".join(text.split()), at.tables)
    if not text:
        return ""
    source = language_of(text, base(source))
    if (source == at.tables and len(text) <= limit) or _neutral(text):
        return isolate(text, at)
    translated = translate(text, source, at.tables)
    if translated:
        return isolate(translated, at) if translated == text else translated
    return quote(text, at, limit=limit) if mark else isolate(text, at)


def _all_known(values: tuple[object, ...], source: str, at: Tongue) -> bool:
    halves = [half(str(v), at.tables) for v in values]
    return all(
        (own := language_of(h, base(source))) == at.tables or _neutral(h) or translate(h, own, at.tables)
        for h in halves
    )


def _neutral(text: str) -> bool:
    """Codes, model strings, units: the same in every language."""
    words = [w.strip(",;()") for w in text.replace("×", " ").split()]
    return all(
        not _WORD.search(w) or (_CODE.match(w) is not None and not w[1:].islower()) or w in _UNITS
        for w in words
    )


_UNITS = frozenset({"mm", "cm", "kg", "mAh", "Wh", "Hz", "kHz", "ml", "mL", "dB", "pH"})


def quote(text: str, at: Tongue, *, limit: int = MAX_TEXT) -> str:
    """Foreign words in the target language's quotation marks, cut at a sentence or a word."""
    words = cut(text, limit)
    if words[-1:].isdigit():  # a straight mark behind a digit reads as inches
        return f"«{isolate(words, at)}»"
    return frame(at.lang, "value.quote", text=isolate(words, at))


def cut(text: str, limit: int) -> str:
    """At most `limit` characters: whole sentences where one fits, else whole words and an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    ends = [m.start() for m in _SENTENCE.finditer(text) if limit // 4 <= m.start() <= limit]
    if ends:
        return text[: ends[-1]].rstrip()
    head = text[: limit - 1]
    space = head.rfind(" ")
    head = head[:space] if space > limit // 2 else head
    return re.sub(r"[\s,;:、，]+$", "", head) + "…"
