"""One value cell → the items it states: by market, as fact, market fact or policy. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from cohost.knowledge.extract import clauses, values
from cohost.knowledge.extract.halves import halves, twofold
from cohost.knowledge.extract.labels import attribute_of
from cohost.knowledge.extract.scope import LOW, Scope
from cohost.knowledge.extract.vocabulary import says, section, yes_or_no
from cohost.trust import words
from cohost.trust.attributes import ontology
from cohost.trust.evidence import Evidence, Fact, MarketFact, Policy, Source

Basis = Literal["declared", "measured", "set"]
_BRACKETED = re.compile(r"[(（\[][^)）\]]*[)）\]]")
_LOW_VOLTAGE = 60


def joined(*texts: str) -> str:
    return "; ".join(dict.fromkeys(t.strip() for t in texts if t.strip()))


def facts_of(
    attribute: str, text: str, scope: Scope, source: Source, *, unit: str | None = None,
    condition: str = "", label: str = "", basis: Basis = "declared", report: str | None = None,
) -> Iterator[Evidence]:  # fmt: skip
    """The items a value cell holds: split by market where it names them ("GB: type G; DE, FR: …")."""
    known = scope.sold_in() if ontology()[attribute].market else ()
    parts = clauses.by_market(text, scope.catalogue, known) if known or ontology()[attribute].market else []
    if parts:
        for codes, words in parts:
            bound = scope.bound(markets=codes)
            yield from _items(attribute, words, bound, source, unit, condition, label, basis, report)
    else:
        yield from _items(attribute, text, scope, source, unit, condition, label, basis, report)


def _items(
    attribute: str, text: str, scope: Scope, source: Source, unit: str | None, condition: str,
    label: str, basis: Basis, report: str | None,
) -> Iterator[Evidence]:  # fmt: skip
    for reading in values.read(attribute, text, lang=source.lang, unit=unit):
        if reading.attribute != attribute and attribute_of(label) != attribute:
            continue
        if reading.attribute == "voltage" and _of_an_output(reading, label):
            continue
        named = _named(reading, label)
        if known_as_words(attribute) and isinstance(reading.value, float) and reading.attribute == attribute:
            condition = joined(condition, _BRACKETED.sub("", label).strip())  # which of the sizes: "height"
        yield from make(named, scope, source, "" if named.value == condition else condition, basis, report)


def _of_an_output(reading: values.Reading, label: str) -> bool:
    """What an adapter gives out is no mains voltage."""
    high = reading.value[-1] if isinstance(reading.value, tuple) else reading.value
    return isinstance(high, float) and high <= _LOW_VOLTAGE and says(label, "output")


def known_as_words(attribute: str) -> bool:
    return ontology()[attribute].form == "text"


def _named(reading: values.Reading, label: str) -> values.Reading:
    """A bare yes or no gets its label as the thing said: "Wireless charging | no"."""
    if (
        isinstance(reading.value, str)
        and label
        and reading.unit is None
        and not re.search(r"[^\W\d_]", reading.value)
    ):
        return msgspec.structs.replace(reading, value=f"{label} {reading.value}")
    short = isinstance(reading.value, str) and len(reading.value) <= 16 and label not in ("", reading.value)
    if short and yes_or_no(str(reading.value)) is not None:
        more = _beyond(str(reading.value))
        return values.Reading(
            reading.attribute, label, None, joined(reading.condition, more), "", reading.polarity
        )
    return reading


def _beyond(text: str) -> str:
    """What an answer says beside its yes or no, in each of its languages: "支持 Qi Yes, Qi" → "Qi"."""
    rest = [_answer_cut(half) for half in halves(text) or (text,)]
    return rest[0] if len(rest) == 1 else twofold(*rest)


def _answer_cut(text: str) -> str:
    said = sorted({*section("word").entries("yes"), *section("word").entries("no")}, key=len, reverse=True)
    plain = words.plain(text)
    hit = next((w for w in said if plain.startswith(w) and not plain[len(w) : len(w) + 1].isalpha()), None)
    return text[len(hit) :].strip(" ,;:.，；：、。()（）-–—") if hit and len(plain) == len(text) else text


def make(
    reading: values.Reading, scope: Scope, source: Source, condition: str, basis: Basis, report: str | None
) -> Iterator[Evidence]:
    """Fact, MarketFact or Policy, by what the attribute is and whether markets are known."""
    known = ontology()[reading.attribute]
    _doubt(reading, scope, source)
    told = joined(reading.condition, condition)
    qualifier = reading.qualifier
    if absurd(reading):
        scope.problem("absurd_value", f"{reading.attribute}: got “{source.quote[:80]}”", source.page)
        return
    if known.market and scope.markets:
        for code in scope.markets:
            common = scope.bound(markets=(code,)).common(source)
            yield MarketFact(
                **common, attribute=reading.attribute, value=reading.value, unit=reading.unit,
                condition=told, qualifier=qualifier,
            )  # fmt: skip
    elif known.form in ("duration", "policy", "money"):
        if known.form != "money":
            yield Policy(
                **scope.common(source), attribute=reading.attribute, text=source.quote,
                value=reading.value, unit=reading.unit, condition=told,
            )  # fmt: skip
    else:
        yield Fact(
            **scope.common(source), attribute=reading.attribute, value=reading.value, unit=reading.unit,
            condition=told, qualifier=qualifier, basis=basis, report=report, polarity=reading.polarity,
        )  # fmt: skip


def _doubt(reading: values.Reading, scope: Scope, source: Source) -> None:
    """A figure that OCR was unsure of asks a person."""
    told = isinstance(reading.value, float | tuple) or any(c.isdigit() for c in str(reading.value))
    if source.ocr and told and source.confidence is not None and source.confidence < LOW:
        scope.problem(
            "low_confidence",
            f"{reading.attribute}: got “{source.quote[:80]}” from a scan with confidence "
            f"{source.confidence:.2f}, expected at least {LOW}: compare it with the picture",
            source.page,
        )


def absurd(reading: values.Reading) -> bool:
    """True for figures no product has: below zero (temperatures and levels aside), or zero."""
    numbers = reading.value if isinstance(reading.value, tuple) else (reading.value,)
    figures = [n for n in numbers if isinstance(n, float) and not isinstance(n, bool)]
    if not figures or reading.unit in ("degC", "degF", "dB"):
        return False
    return min(figures) < 0 or max(figures) == 0
