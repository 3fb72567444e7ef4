"""Planting one fault in a true sentence. Pure: the label comes from the maker, never from the guard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from cohost.languages import base, table
from cohost.trust.quantities import Amount, amounts
from evals.wording import figure

SWAPPED = {
    "h": "day", "min": "h", "day": "week", "month": "year", "g": "kg", "W": "kW", "V": "kV", "m": "km",
    "mm": "cm", "mAh": "Ah", "Wh": "kWh", "dB": "W", "kg": "g", "mL": "L",
}  # fmt: skip
"""A unit for another that changes what is said."""

_SIBLINGS = re.compile(r"\b([A-Z]{2,4}\d{1,4})(-[A-Z]{1,4})?\b")
_CODE = re.compile(r"\bIPX(\d)\b")


class Planted(msgspec.Struct, frozen=True):
    """A sentence with one fault. `marks`: amounts or words that only the fault holds."""

    fault: str
    text: str
    marks: tuple[str, ...] = ()


def planted_in(
    sentence: str, lang: str, words: Mapping[str, Mapping[str, str]], *, paper: bool = False
) -> Iterator[Planted]:
    """Every fault the sentence allows, one each. `words`: what a liar adds, by fault and language."""
    found = [a for a in amounts(sentence, lang) if a.unit is not None and a.low == a.high]
    if found:
        yield from _number(sentence, found[0])
        yield from _unit(sentence, found[0], lang)
        yield from _condition(sentence, found[0], lang)
    yield from _model(sentence)
    yield from _code(sentence)
    for fault in ("feature", "superlative", "promise", *(("approved",) if paper else ())):
        added = words.get(fault, {}).get(base(lang))
        if added:
            yield Planted(fault, added, (added,))


def _number(sentence: str, amount: Amount) -> Iterator[Planted]:
    digits = re.search(r"\d[\d.,\s]*\d|\d", sentence[amount.start : amount.end])
    if digits is None:
        return
    raised = round(amount.low * 1.5, 1)
    written = f"{raised:g}"
    if "," in digits[0] and not re.search(r",\d{3}", digits[0]):
        written = written.replace(".", ",")
    start = amount.start + digits.start()
    text = sentence[:start] + written + sentence[start + len(digits[0]) :]
    mark = f"{raised:g} {amount.unit}"
    yield Planted("number", text, (mark,) if figure(mark) else ())


def _unit(sentence: str, amount: Amount, lang: str) -> Iterator[Planted]:
    other = SWAPPED.get(amount.unit or "")
    digits = re.match(r"[\d.,\s]*\d", sentence[amount.start : amount.end])
    if other is None or digits is None:
        return
    spelt = table(lang, "quantities").get("units", {}).get(other) or [other]
    text = f"{sentence[: amount.start]}{digits[0]} {spelt[0]}{sentence[amount.end :]}"
    mark = f"{amount.low:g} {other}"
    yield Planted("unit", text, (mark,) if figure(mark) else ())


def _condition(sentence: str, amount: Amount, lang: str) -> Iterator[Planted]:
    """The figure alone: what stood behind it, its condition and its source, is cut."""
    rest = sentence[amount.end :].strip(" .。!)")
    if len(rest) >= 4:
        end = "。" if base(lang) in ("zh", "ja") else "."
        yield Planted("condition", sentence[: amount.end].rstrip(" .") + end)


def _model(sentence: str) -> Iterator[Planted]:
    found = _SIBLINGS.search(sentence)
    if found is not None and not found[1].startswith("IP"):
        other = found[1] if found[2] else f"{found[1]}-PRO"
        yield Planted("model", sentence[: found.start()] + other + sentence[found.end() :])


def _code(sentence: str) -> Iterator[Planted]:
    found = _CODE.search(sentence)
    if found is not None:
        higher = f"IPX{min(9, int(found[1]) + 1)}"
        yield Planted("code", _CODE.sub(higher, sentence, count=1))
