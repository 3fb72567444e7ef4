"""What a reply is made of before it has words: typed points of a plan. Pure.

A point names what is claimed and the evidence that carries it; `compose` gives it words in one
language, so the same plan answers in every language.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from cohost.common.question import Action
from cohost.trust.evidence import Evidence

PointKind = Literal[
    "fact",  # attribute = value, with condition and source
    "declared",  # the maker's own figure beside a measured one
    "market_list",  # one attribute over several markets: one item a market
    "ships_no",  # the shop does not ship there, from a market fact
    "denied",  # something asked for that the evidence does not confirm (`feature`)
    "beyond",  # the evidence confirms nothing beyond the sentence before
    "paper",  # a certificate in one of the states of `trust.settle.paper_state` (`state`)
    "report",  # a test report and its result
    "policy",  # the shop's own words
    "passage",  # a document's own words, quoted
    "warning",  # a reviewed safety sentence (`warning` id) with the original beside it
    "computed_energy",  # mAh × V, both from evidence
    "limit",  # the limit a document names for carriage by air (`text`)
    "fit",  # on which side of the figure before the viewer's amount lies (`number`, `text`, `state`)
    "size",  # a row of a size chart (`names`: measures asked; `text`: systems asked)
    "size_place",  # where an amount lies among the rows (`number`, `text` its unit, `state`)
    "size_rule",  # which of two sizes the document says to take (`state`)
    "size_unknown",  # a size that the chart does not list (`text`)
    "sizes",  # all sizes of a chart
    "review",  # a stored review, quoted
    "ai",  # cohost is no person
    "talk",  # a sentence without a claim: `text` is the frame's name in [talk]
]


class Point(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One sentence to be. `items` are in the order in which the sentence rests on them."""

    kind: PointKind
    items: tuple[Evidence, ...] = ()
    attribute: str | None = None
    market: str | None = None
    model: str | None = None
    product: str | None = None  # display name
    about: str | None = None  # product id, where the question names several
    scheme: str | None = None
    state: str | None = None
    feature: str | None = None
    warning: str | None = None
    text: str = ""
    names: tuple[str, ...] = ()  # products or markets to choose from
    number: float | None = None
    optional: bool = False  # may be left out where the post would grow too long

    @property
    def evidence(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.id for item in self.items))


NoteKind = Literal[
    "conflict", "missing_paper", "warning", "hazard", "no_evidence", "stale", "sale_gate", "complaint",
    "order", "purchase", "demo_request", "guard", "paper_state",
]  # fmt: skip


class HostNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a person should look; worded in the host's language by `compose`."""

    kind: NoteKind
    attribute: str | None = None
    market: str | None = None
    scheme: str | None = None
    items: tuple[Evidence, ...] = ()
    detail: str = ""


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What to do about a question, and why: `reason` is short and machine-readable."""

    action: Action
    reason: str
    points: tuple[Point, ...] = ()
    notify_host: bool = False
    host_note: HostNote | None = None
    model: str | None = None  # the variant the points speak of
    market: str | None = None
    on: dt.date | None = None
    protected: bool = False


def talk(*names: str, **fields: object) -> tuple[Point, ...]:
    """Sentences without a claim; `fields` go to each."""
    return tuple(msgspec.structs.replace(Point(kind="talk", text=name), **fields) for name in names)


def decline(reason: str, *names: str, note: HostNote | None = None, **fields: object) -> Plan:
    """A polite no: the evidence does not say."""
    return Plan("decline", reason, talk(*names, **fields), note is not None, note)
