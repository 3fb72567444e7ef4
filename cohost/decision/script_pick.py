"""Which answers are worth a line of the show, and how their value is spoken. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from cohost.common.question import Citation
from cohost.decision import wording
from cohost.decision.answer import Answered
from cohost.decision.compose import Sentence
from cohost.decision.context import Ask
from cohost.decision.format import Tongue
from cohost.decision.frames import frame
from cohost.decision.values import value_words
from cohost.decision.wording import Wording
from cohost.trust.evidence import Evidence, Fact, MarketFact, Policy

BENEFITS = (
    "battery", "water", "water_column", "breathability", "noise", "weight", "charging_time", "load", "range",
    "speed", "material", "ingredients", "skin_type", "power", "compatibility", "capacity", "battery_capacity",
    "charging", "connectivity", "in_the_box", "temperature", "size", "care", "color", "shelf_life", "origin",
)  # fmt: skip
"""Attributes that make a line, those that viewers ask most first."""
SALE = ("price", "shipping", "shipping_cost", "returns", "warranty")
VALUED_KINDS = frozenset({"fact", "declared", "computed_energy"})
QUOTES = frozenset("“„«「『")
_VALUED = (Fact, MarketFact, Policy)


class Told(msgspec.Struct, frozen=True):
    """What the composer answers about an attribute."""

    attribute: str
    ask: Ask
    answered: Answered

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Those the guard has let through."""
        return tuple(c.sentence for c in self.answered.judged if c.verdict.action == "allow")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Of the items that a line in a frame cites."""
        mine = {i.id for i in self.items}
        return tuple(c for c in self.answered.draft.citations if c.id in mine)

    @property
    def items(self) -> tuple[Evidence, ...]:
        """The evidence of the value: the first point's, and the maker's own figure beside it."""
        points = self.answered.plan.points
        first = [points[0], *(p for p in points[1:2] if p.kind == "declared")] if points else []
        return tuple({i.id: i for p in first for i in p.items}.values())

    @property
    def cited(self) -> tuple[Evidence, ...]:
        """Everything the draft cites."""
        mine = {c.id for c in self.answered.draft.citations}
        points = self.answered.plan.points
        return tuple({i.id: i for p in points for i in p.items if i.id in mine}.values())

    @property
    def speaks(self) -> bool:
        """True where the answer is a value of this very attribute that holds here and says yes."""
        draft, points = self.answered.draft, self.answered.plan.points
        return (
            draft.action == "answer"
            and not draft.protected
            and bool(points)
            and points[0].kind == "fact"
            and all(isinstance(i, _VALUED) and i.attribute == self.attribute for i in points[0].items)
            and {i.id for i in self.items} <= {c.id for c in draft.citations if c.valid}
            and not any(_says_no(i) for i in self.items)
        )


def _says_no(item: Evidence) -> bool:
    value = getattr(item, "value", None)
    return isinstance(value, bool) or value is None or getattr(item, "polarity", True) is False


def stands_for(told: Told) -> bool:
    """False where another attribute's evidence, or a passage that only mentions it, stood in for the one
    asked about. What a document says of people's age and safety counts in its own words."""
    points = told.answered.plan.points
    kinds = {"warning", "review", "limit"} | ({"passage"} if told.attribute in ("age", "safety") else set())
    return bool(points) and all(
        p.kind in kinds or (p.kind in VALUED_KINDS and p.attribute in (told.attribute, "energy"))
        for p in points
    )


def benefits(answers: Iterable[Told], at: Tongue) -> list[Told]:
    """Answers that make a line, measured ones first, values quoted in a foreign language last; the same
    evidence speaks once."""
    found = sorted((a for a in answers if a.speaks), key=lambda told: _rank(told, at))
    told: list[Told] = []
    said: set[str] = set()
    for one in found:
        mine = {i.id for i in one.items}
        if not mine & said:
            told.append(one)
            said |= mine
    return told


def _rank(told: Told, at: Tongue) -> tuple[int, int]:
    first = told.items[0]
    measured = isinstance(first, Fact) and first.basis == "measured"
    values = [value_words(i, at, condition=False) for i in told.items[:1] if isinstance(i, _VALUED)]
    quoted = any(c in QUOTES for value in values for c in value)
    return (2 if quoted else 0 if measured else 1, BENEFITS.index(told.attribute))


def spoken_value(told: Told, at: Tongue) -> str:
    """ "22.4 hours (at 50 % volume)"; further rows of the same paper beside it."""
    points = told.answered.plan.points
    values = [value_words(i, at) for i in points[0].items if isinstance(i, _VALUED)]
    return frame(at.lang, "value.semicolon").join(values)


def with_declared(text: str, told: Told, words: Wording) -> str:
    """The line with the maker's own figure behind a measured one: "…; declared by the maker: 24 hours." """
    points = told.answered.plan.points
    if len(points) < 2 or points[1].kind != "declared":
        return text
    stop = words.say("value.stop")
    beside = f"{words.say('value.semicolon')}{wording.declared(points[1], words)}"
    return f"{text.removesuffix(stop)}{beside}{stop}"
