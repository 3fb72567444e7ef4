"""Questions about something named ("NFC", "dishwasher", "retinol"): only what speaks of it answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cohost.common import lexicon
from cohost.decision.context import Ask
from cohost.decision.passages import as_passage, passage_point, quotable
from cohost.decision.points import Plan, Point
from cohost.languages import LANGUAGES, base
from cohost.trust.evidence import (
    Evidence,
    Fact,
    MarketFact,
    Passage,
    Policy,
    covers_market,
    covers_model,
    in_force,
)
from cohost.trust.features import features
from cohost.trust.quantities import amounts, same_dimension
from cohost.trust.settle import proof_classes

Told = Fact | MarketFact | Policy
TOLD = 1200
"""Characters of an item that are looked at."""
MAX_TEXT = 120
"""Characters of a value that are told."""
CARE = frozenset({"care", "washing"})
HEADING_WORDS, HEADING_LETTERS = 6, 40


def subject_features(ask: Ask, attribute: str | None) -> tuple[str, ...]:
    """Features of the question that an answer about the attribute has to speak of. Who it is for decides
    which warning is due, and narrows no fact of safety; "a phone" beside "two at once" is not the subject."""
    rows = features()
    found = [
        f
        for f in ask.question.features
        if attribute is None
        or (f in rows and not rows[f].always and (attribute in rows[f].of or rows[f].silent))
    ]
    narrow = [f for f in found if f not in rows or not rows[f].wide]
    return tuple(narrow or found)


def mentions(item: Evidence, feature: str) -> bool:
    """True when the item's own words name the feature or a wider one, in its language or in English."""
    texts = (item.source.quote, getattr(item, "text", ""), getattr(item, "heading", ""),
             str(getattr(item, "value", "")), getattr(item, "condition", ""))  # fmt: skip
    langs = {base(item.source.lang), "en"}
    reading = lexicon.read(" · ".join(t for t in texts if t)[:TOLD])
    row = features().get(feature)
    for name in (feature, *(row.under if row else ())):
        if reading.has(f"feature.{name}", langs if item.source.lang != "und" else LANGUAGES):
            return True
    return feature.casefold() in reading.line.folded.split()


def plan_subject(ask: Ask, attribute: str | None, wanted: Iterable[str]) -> Plan | None:
    """The fact that speaks of a feature asked for, else the documents' own words about it; None when they
    do not mention it."""
    asked = tuple(wanted)
    if not asked:
        return None
    rows = features()
    others = [a for f in asked if f in rows for a in rows[f].of if a != attribute]
    return (
        (_plan_fact(ask, (attribute,), asked) if attribute else None)
        or plan_feature(ask, attribute, asked)
        or _plan_fact(ask, tuple(dict.fromkeys(others)), asked)
    )


def _plan_fact(ask: Ask, owners: Sequence[str], asked: tuple[str, ...]) -> Plan | None:
    """A fact as it is told, or its line in the document's own words where only those name the feature."""
    fact = _fact(ask, owners, asked)
    if fact is None:
        return None
    if isinstance(fact, Policy) and fact.value is None:
        point = Point(kind="policy", items=(fact,), attribute=fact.attribute)
    elif any(_told_mentions(fact, f) for f in asked) or fact.source.document.endswith(".toml"):
        market = ask.market if isinstance(fact, MarketFact) or fact.markets else None
        point = Point(kind="fact", items=(fact,), attribute=fact.attribute, market=market)
    else:
        line = as_passage(fact)
        point = Point(kind="passage", items=(line,), attribute=fact.attribute, feature=asked[0])
    return Plan("answer", "feature", (point,), model=ask.model, market=ask.market)


def _told_mentions(fact: Told, feature: str) -> bool:
    """True when the composed sentence will name the feature: in value, condition, or as the row's label."""
    if isinstance(fact.value, bool | float | int) or not isinstance(fact, Fact):
        return True
    value = " ".join(map(str, fact.value)) if isinstance(fact.value, tuple) else str(fact.value)
    told = Passage(id=fact.id, source=msgspec.structs.replace(fact.source, quote=""), source_class="B",
                   text=f"{value[:MAX_TEXT]} · {fact.condition}")  # fmt: skip
    return mentions(told, feature)


def plan_feature(
    ask: Ask, attribute: str | None, wanted: Iterable[str], *, about: str | None = None
) -> Plan | None:
    """The documents' own words about a feature asked for; None when they do not mention it. `about`: only
    text about that attribute ("rinse after pool water" is care, and no word on swimming)."""
    asked = tuple(wanted)
    found = [
        p
        for p in quotable(ask, attribute)
        if not _bare_heading(p)
        and (about is None or not p.attributes or (about in p.attributes and p.attributes[0] not in CARE))
        and any(mentions(p, f) for f in asked)
    ]
    if not found:
        return None
    best = min(
        found,
        key=lambda p: (
            -sum(mentions(p, f) for f in asked),
            not _answers_amount(p, ask),
            not any(c.isdigit() for c in p.text),
        ),
    )
    point = msgspec.structs.replace(passage_point(best, attribute), feature=asked[0])
    return Plan("answer", "passage", (point,), model=ask.model, market=ask.market)


def _bare_heading(passage: Passage) -> bool:
    """A few words that name a thing and say nothing of it ("Sound and radio")."""
    text = passage.text
    if passage.label:
        return False
    said = any(c.isdigit() or c in ":：.。!！;；।" for c in text)
    return not said and len(text.split()) <= HEADING_WORDS and len(text) <= HEADING_LETTERS


def _answers_amount(passage: Passage, ask: Ask) -> bool:
    """True when the passage holds an amount of the dimension that the question holds ("pile of 2 cm")."""
    wanted = [q.unit for q in ask.question.quantities]
    if not wanted:
        return False
    lang = base(passage.source.lang) if passage.source.lang != "und" else "en"
    told = [a.unit for a in amounts(passage.text, lang) if a.unit is not None]
    return any(same_dimension(w, t) for w in wanted for t in told)


def _fact(ask: Ask, owners: Sequence[str], asked: tuple[str, ...]) -> Told | None:
    """The best fact about the first of the attributes that has one speaking of a feature."""
    for owner in owners:
        told = [
            i
            for i in ask.of((Fact, MarketFact, Policy), owner)
            if isinstance(i, Fact | MarketFact | Policy)
            and (i.value is not None or isinstance(i, Policy))
            and i.source_class in proof_classes(owner)
            and in_force(i, ask.on)
            and (covers_model(i, ask.model) if ask.model else True)
            and covers_market(i, ask.market)
            and any(mentions(i, f) for f in asked)
        ]
        if told:
            return min(told, key=lambda i: (-sum(mentions(i, f) for f in asked), i.source_class, i.id))
    return None
