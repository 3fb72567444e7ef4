"""What a rule of the shop is about, and the item it becomes. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from cohost.knowledge.extract import places
from cohost.knowledge.extract.scope import Scope
from cohost.knowledge.extract.stream import Part
from cohost.knowledge.extract.vocabulary import section
from cohost.trust.evidence import Evidence, MarketFact, Policy, Source, Value

Qualifier = Literal["", "up_to", "about", "at_least"]
TOPICS = ("returns", "warranty", "customs", "shipping_cost", "shipping", "payment", "how_to_buy")
TIME = {"shipping": ("day", "week", "h", "month"), "returns": ("day", "week", "month"),
         "warranty": ("month", "year", "day", "week")}  # fmt: skip


_MAY_BE_NOTHING = frozenset({"shipping_cost", "customs", "stock", "shipping"})


@dataclass(frozen=True)
class Rules:
    """What holds for the whole document: topic, markets, the dates between which it is valid."""

    topic: str | None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


def topic_of(text: str) -> str | None:
    """What a heading or sentence is about. "Within 14 days of delivery you may return it" is about
    returns: the order of TOPICS, not of the words, decides."""
    return next(iter(topics_of(text)), None)


def topics_of(text: str) -> list[str]:
    """Every topic a text names, in the order of TOPICS."""
    return [t for t in TOPICS if section("topic").says(text, t)]


def said(
    topic: str,
    value: Value,
    unit: str | None,
    condition: str,
    qualifier: Qualifier,
    source: Source,
    scope: Scope,
    rules: Rules,
) -> Iterator[Evidence]:
    """One MarketFact a market, or one Policy where no market is named; nothing for a figure no shop has."""
    numbers = [n for n in (value if isinstance(value, tuple) else (value,)) if isinstance(n, float)]
    if numbers and (min(numbers) < 0 or (max(numbers) == 0 and topic not in _MAY_BE_NOTHING)):
        scope.problem("absurd_value", f"{topic}: got “{source.quote[:80]}”", source.page)
        return
    for code in scope.markets:
        common = scope.bound(markets=(code,)).common(source) | valid_days(rules)
        yield MarketFact(
            **common, attribute=topic, value=value, unit=unit, condition=condition,
            qualifier=qualifier, as_of=rules.valid_from,
        )  # fmt: skip
    if not scope.markets:
        yield Policy(
            **(scope.common(source) | valid_days(rules)), attribute=topic, text=source.quote, value=value,
            unit=unit, condition=condition,
        )  # fmt: skip


def valid_days(rules: Rules) -> dict[str, Any]:
    return {"valid_from": rules.valid_from, "valid_until": rules.valid_until}


def headed_markets(part: Part, scope: Scope) -> tuple[str, ...]:
    for heading in reversed(part.headings[1:]):
        found = places.find(heading, scope.catalogue, codes=False)
        if found:
            return found
    return scope.markets
