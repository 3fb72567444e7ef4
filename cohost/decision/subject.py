"""Questions about something named ("NFC", "dishwasher", "retinol"): only what speaks of it answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from cohost.common import lexicon
from cohost.decision.context import Ask
from cohost.decision.passages import passage_point, quotable
from cohost.decision.points import Plan, Point
from cohost.languages import LANGUAGES, base
from cohost.trust.evidence import Evidence, Fact, MarketFact, Policy, covers_market, covers_model, in_force
from cohost.trust.features import features
from cohost.trust.settle import proof_classes

TOLD = 1200
"""Characters of an item that are looked at."""


def subject_features(ask: Ask, attribute: str | None) -> tuple[str, ...]:
    """Features of the question that an answer about the attribute has to speak of."""
    rows = features()
    return tuple(
        f for f in ask.question.features if attribute is None or (f in rows and attribute in rows[f].of)
    )


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
    fact = _fact(ask, attribute, asked)
    if fact is not None:
        market = ask.market if isinstance(fact, MarketFact) or fact.markets else None
        point = Point(kind="fact", items=(fact,), attribute=fact.attribute, market=market)
        return Plan("answer", "feature", (point,), model=ask.model, market=ask.market)
    return plan_feature(ask, attribute, asked)


def plan_feature(ask: Ask, attribute: str | None, wanted: Iterable[str]) -> Plan | None:
    """The documents' own words about a feature asked for; None when they do not mention it."""
    asked = tuple(wanted)
    found = [p for p in quotable(ask, attribute) if any(mentions(p, f) for f in asked)]
    if not found:
        return None
    return Plan(
        "answer", "passage", (passage_point(found[0], attribute),), model=ask.model, market=ask.market
    )


def _fact(ask: Ask, attribute: str | None, asked: tuple[str, ...]) -> Fact | MarketFact | Policy | None:
    """The best fact about the attribute asked, then about the others the feature belongs to."""
    rows = features()
    owners = [attribute] if attribute else []
    owners += [a for f in asked if f in rows for a in rows[f].of if a not in owners]
    for owner in owners:
        told = [
            i
            for i in ask.of((Fact, MarketFact, Policy), owner)
            if isinstance(i, Fact | MarketFact | Policy)
            and i.value is not None
            and i.source_class in proof_classes(owner)
            and in_force(i, ask.on)
            and (covers_model(i, ask.model) if ask.model else True)
            and covers_market(i, ask.market)
            and any(mentions(i, f) for f in asked)
        ]
        if told:
            return min(told, key=lambda i: (i.source_class, i.id))
    return None
