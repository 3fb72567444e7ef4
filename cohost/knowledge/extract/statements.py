"""Facts from running text: "Label: value" lines, labelled sections, sentences with an amount. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

import msgspec

from cohost.knowledge.extract import binding, labels, values
from cohost.knowledge.extract.facts import NEVER, facts_of, make
from cohost.knowledge.extract.passages import telling
from cohost.knowledge.extract.rules import topic_of
from cohost.knowledge.extract.scope import Scope, language
from cohost.knowledge.extract.stream import Part, sentences
from cohost.knowledge.extract.vocabulary import section
from cohost.trust.attributes import match_phrases, ontology
from cohost.trust.evidence import Evidence
from cohost.trust.quantities import Amount, amounts, same_dimension

_LINE = re.compile(
    r"^\s*(?:[-•*·]\s*)?(?P<label>[^:：\n]{1,48}?)\s*(?:[:：]|\s[–—-]\s|\t|\.{3,})\s*(?P<value>\S.*)$",
    re.DOTALL,
)
_BETWEEN = re.compile(r"\s+[/|·•]\s+|\s{3,}|\u3000{2,}")
_IP = re.compile(r"\bIP[X\d][X\d]K?\b")
_TOLD = 300
_KEYWORD = 0.6
_SECTION_SURE = 0.72
_PARTLY_SURE = 0.6
_BY_SENTENCE = frozenset({
    "battery", "charging_time", "battery_capacity", "energy", "voltage", "noise", "range", "temperature",
    "water_column", "power",
})  # fmt: skip
"""Attributes a sentence may state; others (weight, size) are too often said of something else."""
_OWN = {"mAh": "battery_capacity", "Ah": "battery_capacity", "Wh": "energy", "dB": "noise"}
"""Units that name their attribute alone."""
_SECTIONS = frozenset({
    "in_the_box", "care", "washing", "ingredients", "allergens", "material", "color", "how_to_use",
    "installation", "compatibility", "air_travel", "origin", "skin_type", "age", "pregnancy",
})  # fmt: skip
"""Attributes whose section of a manual or specification is the answer itself."""
_LISTS = frozenset({"in_the_box", "ingredients", "allergens", "color"})
_SECTION_OF_CLAIMS = 120


def from_part(part: Part, scope: Scope) -> Iterator[Evidence]:
    """Facts of a paragraph or list item."""
    bound = scope
    for heading in part.headings[1:]:
        bound = bound.narrow(heading)
    pieces = _labelled_pieces(part.text)
    if pieces:
        for piece in pieces:
            yield from _line(msgspec.structs.replace(part, text=piece), bound) or ()
        return
    line = _line(part, bound)
    if line is not None:
        yield from line
        return
    promise = list(_warranty(part, bound))
    yield from promise
    section_facts = list(_section(part, bound)) if not promise else []
    yield from section_facts
    told = {getattr(f, "attribute", "") for f in section_facts}
    if told & _LISTS:
        return
    for text, subject in subjects(part.text, bound):
        for item in _sentence(text, part, subject):
            if getattr(item, "attribute", "") not in told:
                yield item


# ---------------------------------------------------------------- "Label: value"


def _labelled_pieces(text: str) -> list[str]:
    """ "Maker: Exempel Ltd. / Country of origin: China" → both; [] where it is one line or prose."""
    pieces = [p.strip() for p in _BETWEEN.split(text)]
    told = [p for p in pieces if (m := _LINE.match(p)) and labels.attribute_of(m["label"])]
    return pieces if len(pieces) > 1 and len(told) == len(pieces) else []


def _line(part: Part, scope: Scope) -> list[Evidence] | None:
    """A line "Weight: 620 g"; None when the paragraph is no such line."""
    match = _LINE.match(part.text)
    if match is None or len(sentences(part.text)) > 3 or _warning_text(part.text):
        return None
    if len(binding.models_in(part.text, scope.catalogue)) > 1:
        return None
    label = match["label"]
    lang = language(part.text, scope.lang)
    read = labels.read(label, lang)
    if read.attribute is None or read.attribute in NEVER or read.score < _sure_enough(read, match["value"]):
        return None
    source = scope.source(part.page, part.text, part.heading)
    value = sentences(match["value"])[0].rstrip("。")
    value = value[:-1] if value.endswith(".") and not value.endswith("..") else value
    return list(
        facts_of(
            read.attribute, value, scope.narrow(label), source, unit=read.unit,
            condition=read.condition, label=label,
        )
    )  # fmt: skip


def _sure_enough(read: labels.Label, value: str) -> float:
    """The score a label needs: less where it tells of what ("Weight of one shoe") and the value is a figure
    of the attribute's dimension."""
    known = ontology()[read.attribute or ""]
    figured = known.form == "quantity" and any(values.fits(a, known.units[0], None) for a in amounts(value))
    return _PARTLY_SURE if figured and read.condition else _SECTION_SURE


# ---------------------------------------------------------------- a section is the answer


def _section(part: Part, scope: Scope) -> Iterator[Evidence]:
    if not part.headings or scope.source_class not in "BC" or len(part.text) > 600:
        return
    if not telling(part.text):
        return
    named = labels.read(part.headings[-1])
    attribute = named.attribute
    if attribute not in _SECTIONS or named.score < _SECTION_SURE or _warning_text(part.text):
        return
    source = scope.source(part.page, part.text, part.heading)
    first, *rest = sentences(part.text)
    if attribute in _LISTS:
        members = values.items(first.rstrip(".。"))
        if len(members) < 2 and attribute != "color":
            return
        reading = values.Reading(attribute, members, condition=" ".join(rest)[:_TOLD])
    elif len(part.text) <= _TOLD:
        reading = values.Reading(attribute, part.text)
    else:
        return
    yield from make(reading, scope, source, "", "declared", None)


def _warranty(part: Part, scope: Scope) -> Iterator[Evidence]:
    """The time a manual or a specification promises: under its own heading, or in a sentence about it."""
    if scope.source_class not in "BC" or len(part.text) > 600:
        return
    headed = bool(part.headings) and topic_of(part.headings[-1]) == "warranty"
    for sentence in sentences(part.text):
        told = any(a.unit in ("month", "year") for a in amounts(sentence, language(sentence, scope.lang)))
        if told and (headed or topic_of(sentence) == "warranty") and not _questioning(sentence):
            source = scope.source(part.page, sentence, part.heading)
            yield from facts_of("warranty", sentence.rstrip(".。"), scope, source)
            return


def _warning_text(text: str) -> bool:
    return section("word").begins(text, "warning") is not None


# ---------------------------------------------------------------- sentences


def subjects(text: str, scope: Scope) -> Iterator[tuple[str, Scope]]:
    """Sentences with the model each speaks of. "RX2: … . RX2-PRO: …" holds until the next subject;
    "RX2 19 Wh, RX2-PRO 22 Wh" is cut before each model."""
    current = scope
    for sentence in sentences(text):
        models = binding.models_in(sentence, scope.catalogue, scope.product)
        if len(models) > 1:
            yield from _cut(sentence, scope)
            continue
        if models or binding.mentions(sentence, scope.catalogue):
            current = scope.narrow(sentence)
        yield sentence, current


def _cut(sentence: str, scope: Scope) -> Iterator[tuple[str, Scope]]:
    found = [m for m in binding.mentions(sentence, scope.catalogue) if m.model]
    if any(sentence[m.start - 1 : m.start] in ("(", "（") for m in found):
        return  # "5 V (A1) or 9 V (A2)": the model follows its figure
    opening = sentence[: found[0].start]
    for number, mention in enumerate(found):
        end = found[number + 1].start if number + 1 < len(found) else len(sentence)
        words = opening + sentence[mention.start : end]
        if amounts(words) or _IP.search(words):
            yield words, scope.narrow(mention.model or "")


def _sentence(text: str, part: Part, scope: Scope) -> Iterator[Evidence]:
    lang = language(text, scope.lang)
    quote = _standing(text, part)
    source = scope.source(part.page, quote, part.heading)
    if _questioning(text):
        return
    code = _IP.search(text)
    if code and not values.starts_with_no(text) and not hedged(text, code.start()):
        yield from make(
            values.Reading("water", code.group().upper(), None, _after(text, code.end())),
            scope,
            source,
            "",
            "declared",
            None,
        )
    yield from _origin(text, scope, source)
    spoken = {a: s for a, s in match_phrases(text, lang) if s >= _KEYWORD}
    heading = labels.attribute_of(part.heading) if part.heading else None
    done: set[str] = set()
    for amount in amounts(text, lang):
        attribute = _attribute(amount, spoken, heading)
        if attribute not in _BY_SENTENCE or attribute in done or hedged(text, amount.start):
            continue
        if attribute == "noise" and section("word").says(text, "noise_cancelling"):
            continue  # what is taken away from the noise around
        made = reading(attribute, amount, text)
        if not values.plausible(made):
            continue
        if amount.unit in _OWN and amount.qualifier in ("up_to", "at_least"):
            continue  # "power banks of up to 100 Wh": a rule of travel, no figure of this product
        done.add(attribute)
        yield from make(made, scope, source, "", "declared", None)


def _standing(text: str, part: Part) -> str:
    """The words as they stand in the part: a cut sentence is quoted whole."""
    if text in part.text:
        return text
    whole = [s for s in sentences(part.text) if s.startswith(text[:12])]
    return whole[0] if whole else part.text


def _questioning(text: str) -> bool:
    return text.rstrip(' *"”').endswith(("?", "？", "؟"))


def hedged(text: str, at: int) -> bool:
    """The figure stands after a denial in the same clause: "not for 100–127 V", "must not exceed IPX7"."""
    clause = re.split(r"[.;:,，；：。、]|\s(?:but|aber|pero|mais|mas)\s", text[:at])[-1]
    return section("word").inside(clause, "denial") is not None


def _attribute(amount: Amount, spoken: dict[str, float], heading: str | None) -> str | None:
    if amount.unit is None:
        return None
    if amount.unit in _OWN:
        return _OWN[amount.unit]
    fitting = [a for a in spoken if fits(amount.unit, a)]
    if fitting:
        return fitting[0]
    if heading and fits(amount.unit, heading):
        return heading
    if amount.unit in ("degC", "degF") and amount.low != amount.high:
        return "temperature"
    if amount.unit == "V" and amount.high >= 100:
        return "voltage"
    return None


@functools.lru_cache(maxsize=4096)
def fits(unit: str, attribute: str) -> bool:
    known = ontology().get(attribute)
    if known is None or known.form != "quantity" or not known.units:
        return False
    return unit == known.units[0] or same_dimension(unit, known.units[0])


def reading(attribute: str, amount: Amount, text: str) -> values.Reading:
    value = amount.low if amount.low == amount.high else (amount.low, amount.high)
    condition = _after(text, amount.end)
    if attribute == "temperature":
        condition = values.tidy(f"{text[: amount.start]} … {text[amount.end :]}").strip(" …")
    return values.Reading(attribute, value, amount.unit, condition, amount.qualifier)


def _after(text: str, end: int) -> str:
    """The circumstance after a figure, to the end of its clause."""
    rest = re.split(r"[.;:。；：！!]\s|[.。]$", text[end:], maxsplit=1)[0]
    told = values.tidy(rest)[:_SECTION_OF_CLAIMS]
    return "" if re.fullmatch(r"[^\W\d_]+", told) and told.islower() else told


def _origin(text: str, scope: Scope, source: object) -> Iterator[Evidence]:
    hit = section("word").begins(text, "made_in")
    if hit is None or len(text) > 80:
        return
    value = values.tidy(re.split(r"[.。;,，(（]", text[len(hit.entry) :], maxsplit=1)[0])
    if value:
        yield from make(values.Reading("origin", value), scope, source, "", "declared", None)  # type: ignore[arg-type]
