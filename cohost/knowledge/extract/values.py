"""A specification's value cell → readings: number with unit and condition, list, words, yes or no. Pure."""

from __future__ import annotations

import functools
import re
from typing import Literal

import msgspec

from cohost.knowledge.extract import clauses
from cohost.knowledge.extract.halves import beside, halves, members, plain, twofold
from cohost.knowledge.extract.lists import items, shortened
from cohost.knowledge.extract.vocabulary import says, section, yes_or_no
from cohost.languages import LANGUAGES, table
from cohost.trust import words
from cohost.trust.attributes import Attribute, ontology
from cohost.trust.evidence import Value
from cohost.trust.quantities import Amount, amounts, same_dimension, unit_id

__all__ = ["Reading", "beside", "items", "plausible", "read", "shortened"]

_DIMENSIONS = re.compile(
    r"(?:[LWHDØ⌀長宽高寬深]\s*)?\d+(?:[.,]\d+)?\s*(?:mm|cm|m|inch|in|\"|″)?(?:\s*\([^)]{1,12}\))?"
    r"(?:\s*[x×X*✕]\s*(?:[LWHDØ⌀]\s*)?\d+(?:[.,]\d+)?\s*(?:mm|cm|m|inch|in|\"|″)?(?:\s*\([^)]{1,12}\))?){1,2}(?!\w)"
)
_LAST_UNIT = re.compile(r"\s*(mm|cm|m|inch|in|\"|″)$")
_IP = re.compile(r"\bIP[X\d][X\d]K?\b", re.IGNORECASE)
_EDGES = " ,;:：，；、()（）[]【】·•~～=|/。–—"
_LACKING = frozenset(words.plain(w) for w in (
    "non", "非", "n", "without", "ohne", "sin", "sans", "sem", "senza", "zonder", "bez", "без", "بدون",
    "बिना", "olmadan", "tanpa", "غير", "mai", "never", "n/a", "na", "ne",
))  # fmt: skip
"""Words that lack something rather than deny the row: "non-slip", "without strap"."""
_PROMOTED: dict[tuple[str, str], str] = {
    ("battery", "mAh"): "battery_capacity", ("battery", "Wh"): "energy",
    ("capacity", "mAh"): "battery_capacity", ("capacity", "Wh"): "energy",
    ("battery_capacity", "Wh"): "energy", ("energy", "mAh"): "battery_capacity",
    ("air_travel", "Wh"): "energy", ("charging", "h"): "charging_time", ("charging", "W"): "power",
    ("power", "V"): "voltage",
    ("voltage", "W"): "power", ("size", "g"): "weight", ("weight", "cm"): "size",
    ("sound_power", "dB"): "noise", ("material", "g"): "weight", ("shelf_life", "degC"): "temperature",
    ("capacity", "kg"): "load", ("capacity", "g"): "weight",
    ("battery_capacity", "L"): "capacity", ("battery_capacity", "mL"): "capacity",
}  # fmt: skip
"""What a number of another dimension than its label's is about: (label's attribute, unit) → attribute."""


_SAID_TWICE = frozenset({"quantity", "duration", "money", "list"})
_NEVER_YEARS = frozenset({"battery", "charging_time", "shipping", "returns"})
_BETWEEN: dict[tuple[str, str], tuple[float | None, float | None]] = {
    ("noise", "dB"): (0.0, 150.0), ("voltage", "V"): (None, 1000.0), ("charging_time", "day"): (None, 7.0),
    ("range", "mm"): (100.0, None), ("battery", "min"): (1.0, None),
    ("temperature", "degC"): (-273.0, 2000.0),
}  # fmt: skip
"""(attribute, unit) → figures a product may have."""
_ONLY_FIGURE = re.compile(
    r"[≤≥<>~≈±]?\s*\d[\d.,\s–-]*\s*(?:mm|cm|m|km|m²|m2|g|kg|h|min|s|小时|时间|分钟|毫米|厘米|時間|시간)\.?"
)
_FREE = re.compile(
    r"\bfree|kostenlos|kostenfrei|\bfrei\b|gratis|gratuit|grátis|bezpłatn|darmow|бесплат|ücretsiz|bedava|مجان"
    r"|मुफ़्त|मुफ्त|फ्री|ฟรี|miễn phí|無料|무료|免费|免運|免运|包邮",
    re.IGNORECASE,
)
_STEPS = 3
_STEPPED = re.compile(
    r"(?:\d+(?:[.,]\d+)?\s*[^\W\d]{0,3}\s*°?[CF]?\s*[/、|]\s*){2,}\d+(?:[.,]\d+)?\s*\D{1,8}"
)
"""The steps that can be set: "40 / 70 / 80 °C"."""
_COUNTED = frozenset({"compatibility", "size_chart", "age", "spf", "fragrance", "models"})


class Reading(msgspec.Struct, frozen=True):
    """One thing a cell says of an attribute."""

    attribute: str
    value: Value
    unit: str | None = None
    condition: str = ""
    qualifier: Literal["", "up_to", "about", "at_least"] = ""
    polarity: bool = True


def read(attribute: str, text: str, *, lang: str = "en", unit: str | None = None) -> list[Reading]:
    """What the words of a value cell say; [] where they say nothing ("not measured", "—").

    `unit`: from the label or a unit column, for a number that carries none.
    """
    cell = " ".join(text.split())
    known = ontology()[attribute]
    two = halves(cell) if known.form in _SAID_TWICE else None
    if two is None or known.form == "list":
        return _read(attribute, cell, lang, unit)
    one, other = (read(attribute, half, lang=lang, unit=unit) for half in two)
    return _together(one, other)


def _together(one: list[Reading], other: list[Reading]) -> list[Reading]:
    """Two languages' readings of one cell: conditions in both; where they do not match, the fuller."""
    if [(r.attribute, r.value, r.unit) for r in one] == [(r.attribute, r.value, r.unit) for r in other]:
        return [
            msgspec.structs.replace(
                a, condition=twofold(a.condition, b.condition), qualifier=a.qualifier or b.qualifier
            )
            for a, b in zip(one, other, strict=True)
        ]
    return one if len(one) >= len(other) else other


def _read(attribute: str, marked: str, lang: str, unit: str | None) -> list[Reading]:
    known = ontology()[attribute]
    cell = plain(marked)
    if not cell or is_unknown(cell):
        return []
    code = _IP.match(cell)
    if code and attribute != "water":
        known = ontology()["water"]
        attribute = "water"
    if attribute == "voltage" and _of_a_port(cell, lang):
        return [Reading("charging", shortened(cell))]
    if known.form in ("quantity", "duration") or (known.form == "money" and any_amount(cell, lang)):
        found = _quantities(known, cell, lang, unit)
        return found if found else _denied(known, cell)
    if known.form == "bool":
        return _boolean(known, cell)
    if known.dimension and unit and re.fullmatch(r"\d+(?:[.,]\d+)?", cell):
        return [Reading(attribute, float(cell.replace(",", ".")), unit)]
    if known.dimension == "length" and _DIMENSIONS.search(cell):
        return _dimensions(known, cell, unit)
    extra = [r for r in _quantities(known, cell, lang, unit) if r.attribute != attribute]
    code = _IP.search(cell) if attribute == "water" else None
    if code:
        rest = tidy(cell[: code.start()] + " " + cell[code.end() :])
        return [Reading(attribute, code.group().upper(), None, rest)]
    if known.form == "list":
        listed = members(marked, items) or items(cell)
        return [Reading(attribute, listed, polarity=yes_or_no(cell) is not False), *extra]
    if known.dimension is None and _ONLY_FIGURE.fullmatch(cell) and attribute not in _COUNTED:
        return extra  # "Material thickness 2 mm" tells no material
    return [*_words(known, cell), *extra]


def is_unknown(cell: str) -> bool:
    """True for "not measured", "未测 not measured", "—": the cell holds no statement."""
    stripped = cell.strip(" -–—./*")
    return not stripped or (len(cell) <= 40 and says(cell, "unknown"))


def any_amount(cell: str, lang: str) -> bool:
    return any(a.unit for a in amounts(cell, lang))


def _quantities(known: Attribute, cell: str, lang: str, unit: str | None) -> list[Reading]:
    found = amounts(cell, lang)
    wanted = known.units[0] if known.units else None
    own = [a for a in found if fits(a, wanted, unit) and not denied(cell, a)]
    if len(own) >= _STEPS and _STEPPED.fullmatch(cell):
        return [Reading(known.id, cell)]
    if known.form == "money":
        own = [a for a in found if a.unit and re.fullmatch("[A-Z]{3}", a.unit)]
    if known.id == "shipping_cost" and len(own) > 1 and _FREE.search(cell):
        return [_fee(cell, own)]
    own = [a for a in own if a not in clauses.counted(cell, own)]
    readings = []
    texts = clauses.windows(cell, own)
    for number, amount in enumerate(own):
        made = _reading(known.id, amount, *texts[number], unit)
        if plausible(made):
            readings.append(made)
    for amount in found:
        other = _PROMOTED.get((known.id, amount.unit or ""))
        if other and amount not in own and not any(r.attribute == other for r in readings):
            made = _reading(other, amount, "", cell[amount.end :], None)
            before = tidy(_without_qualifier(cell[: amount.start]))
            if before and not re.search(r"\d", before):  # "USB-C, 3.5 h"
                made = msgspec.structs.replace(
                    made, condition="; ".join(c for c in (made.condition, before) if c)
                )
            readings.append(made)
    return readings


def _fee(cell: str, own: list[Amount]) -> Reading:
    """ "6.90 EUR, free from 60 EUR": the fee, with what waives it; the words themselves where they name
    several fees."""
    clauses_ = list(re.finditer(r"(?:[^,;()（），；.]|[.,](?=\d))+", cell))
    free = [c for c in clauses_ if _FREE.search(c.group())]
    fees = [a for a in own if not any(c.start() <= a.start < c.end() for c in free)]
    if len(fees) != 1 or fees[0].low != fees[0].high or len(clauses_) == len(free):
        return Reading("shipping_cost", shortened(cell))
    waived = "; ".join(tidy(c.group()) for c in free)
    return Reading("shipping_cost", fees[0].low, fees[0].unit, waived, fees[0].qualifier)


def fits(amount: Amount, wanted: str | None, unit: str | None) -> bool:
    """True when the amount has the attribute's dimension, itself or through the unit of its column."""
    own = amount.unit or unit
    if wanted is None or own is None:
        return False
    return own == wanted or same_dimension(own, wanted)


def _of_a_port(cell: str, lang: str) -> bool:
    """ "Input: USB-C 5 V 3 A" is about charging; a mains voltage is not that low."""
    volts = [a.high for a in amounts(cell, lang) if a.unit == "V"]
    return bool(volts) and max(volts) <= 28 and "USB" in cell.upper()


def denied(cell: str, amount: Amount) -> bool:
    """The figure stands after a denial in its clause: "not for 100–127 V". "No more than" is a limit."""
    if amount.qualifier:
        return False
    clause = re.split(r"[.;:,，；：。、]", cell[: amount.start])[-1]
    return section("word").inside(clause, "denial") is not None


def _reading(attribute: str, a: Amount, before: str, after: str, unit: str | None) -> Reading:
    """`before` and `after`: the words of the figure's own clause on either side."""
    value: Value = a.low if a.low == a.high else (a.low, a.high)
    lead = tidy(_without_qualifier(before))
    if re.fullmatch(r"[a-z\u00e0-\u024f]+", lead):  # "only", "nur": no circumstance
        lead = ""
    working = working_days(a.text)
    condition = "; ".join(c for c in (working, tidy(after), lead) if c)
    return Reading(attribute, value, a.unit or unit, condition, a.qualifier)


def plausible(reading: Reading) -> bool:
    """False for a figure no product has of this attribute: a battery that runs for five years."""
    if reading.attribute in _NEVER_YEARS and reading.unit == "year":
        return False
    low, high = _BETWEEN.get((reading.attribute, reading.unit or ""), (None, None))
    numbers = reading.value if isinstance(reading.value, tuple) else (reading.value,)
    figures = [n for n in numbers if isinstance(n, float)]
    return not figures or ((low is None or min(figures) >= low) and (high is None or max(figures) <= high))


def working_days(text: str) -> str:
    """The words "working days" of an amount: they are a condition, the unit is a day."""
    return tidy(re.split(r"\d", text)[-1]) if says(text, "working") else ""


@functools.cache
def _qualifiers() -> re.Pattern[str]:
    entries = {
        words.plain(entry.rstrip(">")).strip()
        for lang in LANGUAGES
        for entries in table(lang, "quantities").get("qualifiers", {}).values()
        for entry in entries
    } | {"≤", "≥", "<", ">", "~", "≈", "±", "max.", "min.", "ca."}
    return re.compile(
        r"(?:(?<!\w)|(?<=[\u0e00-\u9fff]))(?:"
        + "|".join(re.escape(e) for e in sorted(entries, key=len, reverse=True) if e)
        + r")\s*$"
    )


def _without_qualifier(before: str) -> str:
    plain = words.plain(before)
    match = _qualifiers().search(plain)
    if match is None:
        return before
    return before[: match.start()] if len(plain) == len(before.rstrip()) else plain[: match.start()]


def tidy(text: str) -> str:
    """A condition without the punctuation around it and empty brackets."""
    folded = " ".join(text.split()).strip(_EDGES)
    if folded.count("(") > folded.count(")") or folded.count("（") > folded.count("）"):
        folded += ")" if "(" in folded else "）"
    if folded.count(")") > folded.count("("):
        folded = folded.replace(")", "", folded.count(")") - folded.count("("))
    return folded if re.search(r"\w", folded) else ""


def _denied(known: Attribute, cell: str) -> list[Reading]:
    """ "none", "无 none" for a quantity: the thing is not there."""
    if len(cell) <= 30 and not re.search(r"\d", cell) and yes_or_no(cell) is False:
        return [Reading(known.id, False, condition="", polarity=False)]
    return []


def _boolean(known: Attribute, cell: str) -> list[Reading]:
    said = yes_or_no(cell)
    if said is None:
        said = not starts_with_no(cell)
        if said and not says(cell, "yes"):
            return []
    bare = len(cell) <= 24 and (cell.isalpha() or (yes_or_no(cell) is not None and " " not in cell))
    return [Reading(known.id, said, condition="" if bare else shortened(cell), polarity=said)]


def starts_with_no(cell: str) -> bool:
    """True when the words begin with a denial: "无防水等级", "not suitable", "non adatto"."""
    plain = words.plain(cell).lstrip("-–— ")
    match = _denials().match(plain)
    return match is not None


@functools.cache
def _denials() -> re.Pattern[str]:
    entries = set(section("word").entries("no")) - _LACKING
    dense = "|".join(re.escape(e) for e in sorted(entries, key=len, reverse=True) if words.dense(e))
    spaced = "|".join(
        re.escape(e) for e in sorted(entries, key=len, reverse=True) if not words.dense(e) and len(e) > 1
    )
    return re.compile(rf"(?:(?:{spaced})(?!\w))|(?:{dense})")


def _dimensions(known: Attribute, cell: str, unit: str | None) -> list[Reading]:
    match = _DIMENSIONS.search(cell)
    assert match is not None
    found = match.group().strip()
    last = _LAST_UNIT.search(found)
    body = found[: last.start()].rstrip() if last else found
    rest = tidy(cell[: match.start()] + " " + cell[match.end() :])
    if re.search(r"[a-z\"″]", re.sub(r"[x×X*✕LWHD]", "", body)):
        return [Reading(known.id, found, None, rest)]
    return [Reading(known.id, body, unit_id(last.group(1)) if last else unit, rest)]


def _words(known: Attribute, cell: str) -> list[Reading]:
    said = yes_or_no(cell)
    if said is None and starts_with_no(cell):
        said = False
    return [Reading(known.id, shortened(cell), polarity=said is not False)]
