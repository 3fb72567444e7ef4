"""Everything found in a knowledge base on one day, typed. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from cohost.check.contradictions import Contradiction, contradictions
from cohost.check.expiry import Expiry, expiries
from cohost.check.gaps import Gap, gaps
from cohost.check.minima import Below, below
from cohost.check.readiness import Readiness, readiness
from cohost.check.standards import Superseded, superseded
from cohost.knowledge.build import Built
from cohost.trust.evidence import Evidence


class Draft(msgspec.Struct, frozen=True):
    """A document whose items wait for approval."""

    document: str
    items: int


class Findings(msgspec.Struct, frozen=True):
    """`market`: the one looked at, None for all of them."""

    on: dt.date
    market: str | None
    readiness: tuple[Readiness, ...]
    expiries: tuple[Expiry, ...]
    gaps: tuple[Gap, ...]
    contradictions: tuple[Contradiction, ...]
    superseded: tuple[Superseded, ...]
    below: tuple[Below, ...]
    drafts: tuple[Draft, ...]


def find(built: Built, on: dt.date, market: str | None = None) -> Findings:
    """One pass over the evidence as it stands in `built.items`."""
    catalogue = built.kb.catalogue
    items = in_market(built.items, market)
    rows = readiness(catalogue, items, on, market)
    return Findings(
        on=on, market=market, readiness=rows, expiries=expiries(catalogue, items, on, market),
        gaps=gaps(catalogue, items, rows, on), contradictions=contradictions(catalogue, items, on, market),
        superseded=superseded(items, on), below=below(items, market), drafts=_drafts(built.items),
    )  # fmt: skip


def in_market(items: Sequence[Evidence], market: str | None) -> list[Evidence]:
    """What speaks for that market; everything for None."""
    return [i for i in items if market is None or not i.markets or market in i.markets]


def _drafts(items: Sequence[Evidence]) -> tuple[Draft, ...]:
    counts: dict[str, int] = {}
    for item in items:
        if item.release == "draft":
            counts[item.source.document] = counts.get(item.source.document, 0) + 1
    return tuple(Draft(document, count) for document, count in counts.items())
