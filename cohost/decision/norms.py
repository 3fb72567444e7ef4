"""Standards that viewers name as if they were marks: answered from the paper, report or specification that
names them, edition kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cohost.decision.context import Ask
from cohost.decision.points import Point
from cohost.trust import standards
from cohost.trust.evidence import (
    Certificate,
    Evidence,
    Fact,
    Passage,
    Standard,
    TestReport,
    covers_market,
    covers_model,
)
from cohost.trust.settle import is_voluntary

_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|\n")


def norm_points(ask: Ask, wanted: str) -> list[Point]:
    """What the evidence says of the standard: a paper or report that holds for this model first, a document's
    own words, then papers that do not hold. [] where nothing names it."""
    named = [(item, s) for item in ask.items for s in _standards(item) if standards.matches(wanted, s.id)]
    good = [pair for pair in named if _state(ask, pair[0]) == "standard"]
    if good:
        item, standard = min(good, key=_rank)
        return [_point(ask, item, standard, "standard")]
    quoted = next(_said(ask, wanted), None)
    if quoted is not None:
        return [Point(kind="passage", items=(quoted,), attribute="certificates")]
    for item, standard in sorted(named, key=_rank):
        state = _state(ask, item)
        if state is not None:
            return [_point(ask, item, standard, state)]
    return []


def named_by(ask: Ask, paper: Certificate) -> list[Point]:
    """The first standard a paper names, as a point of its own that may be left out."""
    return [_point(ask, paper, s, "standard", optional=True) for s in paper.standards[:1] if s.edition]


def _standards(item: Evidence) -> list[Standard]:
    if isinstance(item, Certificate):
        return list(item.standards)
    if not isinstance(item, TestReport):
        return []
    told = " · ".join(f"{r.quantity} {r.value}" for r in item.results)
    return [
        *([item.method] if item.method else []),
        *standards.find(told),
        *standards.find(item.source.quote),
    ]


def _state(ask: Ask, item: Evidence) -> str | None:
    """ "standard" where the paper holds; how it does not hold; None where it tells nothing."""
    if not isinstance(item, Certificate | TestReport) or not covers_market(item, ask.market):
        return None
    if isinstance(item, Certificate) and (item.component or item.status != "held" or is_voluntary(item)):
        return None
    if item.source_class not in ("A", "B"):
        return None
    if not _covers(ask, item):
        return "other_model" if item.models else None
    if item.valid_until is not None and ask.on > item.valid_until:
        return "expired"
    return None if item.issued is not None and item.issued > ask.on else "standard"


def _covers(ask: Ask, item: Evidence) -> bool:
    if ask.model is not None:
        return covers_model(item, ask.model)
    return not ask.models or any(covers_model(item, m) for m in ask.models)


def _rank(pair: tuple[Evidence, Standard]) -> tuple[int, str, int, str]:
    """A third party before the maker, a paper before a report, the newest, an edition told."""
    item, standard = pair
    issued = getattr(item, "issued", None)
    return (
        standard.edition is None,
        item.source_class + ("" if isinstance(item, Certificate) else "r"),
        -(issued.toordinal() if issued else 0),
        item.id,
    )


def _point(ask: Ask, item: Evidence, standard: Standard, state: str, *, optional: bool = False) -> Point:
    told = f"{standard.id}:{standard.edition}" if standard.edition else standard.id
    return Point(
        kind="paper", items=(item,), scheme=told, state=state, market=ask.market, model=ask.model,
        product=ask.product_name(), optional=optional,
    )  # fmt: skip


def _said(ask: Ask, wanted: str) -> Iterator[Passage]:
    """Sentences of the maker's own documents that name the standard, most telling document first."""
    for item in sorted(ask.items, key=lambda i: (i.source_class, i.id)):
        if (
            item.source_class not in ("A", "B")
            or not isinstance(item, Passage | Fact)
            or not _covers(ask, item)
        ):
            continue
        text = item.text if isinstance(item, Passage) else item.source.quote
        for sentence in _SENTENCE.split(text):
            if any(standards.matches(wanted, s.id) for s in standards.find(sentence)):
                yield as_passage(item, sentence.strip())
                break


def as_passage(item: Evidence, text: str) -> Passage:
    """A sentence of an item, told as a quote; id and source stay the item's."""
    return Passage(
        id=item.id, source=item.source, source_class=item.source_class, product=item.product,
        models=item.models, markets=item.markets, text=text,
    )  # fmt: skip
