"""Planting one fault in a true sentence. Pure: the label comes from the maker, never from the guard."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from cohost.languages import base, table
from cohost.trust.quantities import Amount, amounts
from evals.wording import figure, stands

SWAPPED = {
    "h": "day", "min": "h", "day": "week", "month": "year", "g": "kg", "W": "kW", "V": "kV", "m": "km",
    "mm": "cm", "mAh": "Ah", "Wh": "kWh", "dB": "W", "kg": "g", "mL": "L",
}  # fmt: skip
"""A unit for another that changes what is said."""

TURNED = 2
"""Amounts of a sentence that are turned: its value, and the first of its condition."""

_SIBLINGS = re.compile(r"\b([A-Z]{2,4}\d{1,4})(-[A-Z]{1,4})?\b")
_CODE = re.compile(r"\bIPX(\d)\b")
_SOURCED = ("—", "–", "(", "（")
"""How a composed sentence goes on with who says it."""
_PAIRS = {"(": ")", "（": "）", "„": "“", "«": "»", "“": "”", "「": "」", "⁦": "⁩"}


class Planted(msgspec.Struct, frozen=True):
    """A sentence with one fault. `marks`: amounts or words that only the fault holds."""

    fault: str
    text: str
    marks: tuple[str, ...] = ()


def planted_in(
    sentence: str,
    lang: str,
    words: Mapping[str, Mapping[str, str]],
    *,
    conditions: Sequence[str] = (),
    figure_of_a_paper: bool = False,
    paper: bool = False,
) -> Iterator[Planted]:
    """Every fault the sentence allows, one each. `words`: what a liar adds, by fault and language.

    `conditions`: what must stand beside the figure. `figure_of_a_paper`: the figure is a fact's or a
    report's, so that who says it must be told. `paper`: the sentence speaks of a certificate.
    """
    even = "".join(" " if unicodedata.category(c) == "Zs" else c for c in sentence)
    found = [a for a in amounts(even, lang) if a.unit is not None and a.low == a.high][:TURNED]
    for place, amount in enumerate(found):
        suffix = "" if place == 0 else "-2"
        yield from _number(even, amount, suffix)
        yield from _unit(even, amount, lang, suffix)
    if found:
        yield from _cut(even, found[0], lang, conditions, figure_of_a_paper)
    yield from _model(even)
    yield from _code(even)
    for fault in ("feature", "superlative", "promise", *(("approved",) if paper else ())):
        added = words.get(fault, {}).get(base(lang))
        if added:
            yield Planted(fault, added, (added,))


def _number(sentence: str, amount: Amount, suffix: str) -> Iterator[Planted]:
    digits = re.search(r"\d[\d., ]*\d|\d", sentence[amount.start : amount.end])
    if digits is None:
        return
    raised = round(amount.low * 1.5, 1)
    written = f"{raised:g}"
    if "," in digits[0] and not re.search(r",\d{3}", digits[0]):
        written = written.replace(".", ",")
    start = amount.start + digits.start()
    text = sentence[:start] + written + sentence[start + len(digits[0]) :]
    yield Planted(f"number{suffix}", text, _mark(raised, amount.unit))


def _unit(sentence: str, amount: Amount, lang: str, suffix: str) -> Iterator[Planted]:
    other = SWAPPED.get(amount.unit or "")
    digits = re.match(r"[\d., ]*\d", sentence[amount.start : amount.end])
    if other is None or digits is None:
        return
    spelt = table(lang, "quantities").get("units", {}).get(other) or [other]
    text = f"{sentence[: amount.start]}{digits[0]} {spelt[0]}{sentence[amount.end :]}"
    yield Planted(f"unit{suffix}", text, _mark(amount.low, other))


def _mark(value: float, unit: str | None) -> tuple[str, ...]:
    mark = f"{value:g} {unit}"
    return (mark,) if figure(mark) is not None else ()


def _cut(
    sentence: str, amount: Amount, lang: str, conditions: Sequence[str], figure_of_a_paper: bool
) -> Iterator[Planted]:
    """The figure alone: its condition is gone, or who measured or declared it."""
    head, rest = sentence[: amount.end].rstrip(" ."), sentence[amount.end :]
    if len(rest.strip(" .。!)")) < 4 or _open(head):
        return
    text = head + ("。" if base(lang) in ("zh", "ja") else ".")
    if any(stands(c, rest, lang) and not stands(c, head, lang) for c in conditions):
        yield Planted("condition", text)
    elif figure_of_a_paper and not conditions and rest.lstrip().startswith(_SOURCED):
        yield Planted("basis", text)


def _open(text: str) -> bool:
    """True when a bracket or quotation mark is left open."""
    return any(text.count(left) > text.count(right) for left, right in _PAIRS.items())


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
