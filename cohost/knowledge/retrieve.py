"""Evidence for a question: typed items by attribute first, then the nearest passages. Pure.

What is typed is looked up, not searched: a fact either speaks of the attribute asked or it does
not. Similarity only ranks text that no attribute covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cohost.common.question import Quantity, Question
from cohost.trust.attributes import ontology
from cohost.trust.evidence import (
    Certificate,
    Evidence,
    Fact,
    MarketFact,
    Passage,
    Policy,
    Review,
    TestReport,
    airable,
)
from cohost.trust.said import says_figure

DIFFERENCE = "difference"
"""Whatever tells one model from another answers it."""
PAPER_ATTRIBUTES = frozenset({"certificates", "tests", "safety"})
SALE_ATTRIBUTES = frozenset({"price", "stock", "shipping", "ships", "shipping_cost", "how_to_buy"})


def in_scope(item: Evidence, question: Question) -> bool:
    """The brand's own items and those of the products in question; everything when none is."""
    return not question.products or item.product is None or item.product in question.products


def typed(items: Iterable[Evidence], question: Question) -> list[tuple[float, Evidence]]:
    """(score, item) for items that speak of what is asked, best first.

    1.0 the attribute itself · 0.95 a paper of the scheme that is named · 0.9 papers when papers or a scheme
    are asked · 0.6 a near attribute ·
    0.5 papers and rules that decide whether something may be sold or said at all. Where no attribute is
    known, facts with the very figure that the viewer names ("the leaflet says 580 g").
    """
    wanted = question.attributes
    near = [n for a in wanted for n in getattr(ontology().get(a), "near", ())]
    papers = bool(question.schemes) or bool(PAPER_ATTRIBUTES & set(wanted))
    found: list[tuple[float, Evidence]] = []
    said = () if wanted else question.quantities
    for item in items:
        if not in_scope(item, question):
            continue
        score = (
            _score(item, wanted, near, papers, question.schemes)
            or _says_figure(item, said)
            or _sized(item, question)
        )
        if score:
            found.append((score, item))
    found.sort(key=lambda pair: (-pair[0], pair[1].source_class, pair[1].id))
    return found


def _score(
    item: Evidence, wanted: Sequence[str], near: Sequence[str], papers: bool, schemes: Sequence[str]
) -> float:
    if isinstance(item, Fact | MarketFact | Policy):
        if item.attribute in wanted:
            return 1.0 - 0.05 * wanted.index(item.attribute)
        if item.attribute in near:
            return 0.6
        if DIFFERENCE in wanted and isinstance(item, Fact) and item.models:
            return 0.6
        return 0.5 if item.attribute == "ships" and set(wanted) & SALE_ATTRIBUTES else 0.0
    if isinstance(item, Certificate):
        return 0.95 if item.scheme in schemes else 0.9 if papers else 0.5
    if isinstance(item, TestReport):
        return 0.9 if papers else 0.4
    if isinstance(item, Passage):
        if item.warning and set(item.attributes) & set(wanted):
            return 0.8
        return 0.7 if set(item.attributes[:1]) & set(wanted) else 0.0
    return 0.9 if isinstance(item, Review) and "reviews" in wanted else 0.0


def _says_figure(item: Evidence, said: Sequence[Quantity]) -> float:
    if not said or not isinstance(item, Fact):
        return 0.0
    return 0.7 if any(says_figure(item, q.value, q.unit) for q in said) else 0.0


def _sized(item: Evidence, question: Question) -> float:
    """Rows of a size chart are at hand whenever a size is named: "how heavy is it in L?"."""
    named = question.sizing is not None and bool(question.sizing.named)
    return 0.9 if named and isinstance(item, Fact) and item.size is not None else 0.0


def fuse(
    dense: Mapping[int, float], lexical: Mapping[int, float], weight: float = 0.35
) -> list[tuple[int, float]]:
    """Rows with their fused score, best first: the vectors' cosine, lifted by word overlap."""
    rows = set(dense) | set(lexical)
    scored = {r: dense.get(r, 0.0) + weight * lexical.get(r, 0.0) for r in rows}
    return sorted(scored.items(), key=lambda pair: (-pair[1], pair[0]))


def rank(
    typed_items: Sequence[tuple[float, Evidence]], passages: Sequence[tuple[float, Evidence]], limit: int
) -> tuple[tuple[Evidence, ...], tuple[float, ...]]:
    """Typed items and passages together, each once, at most `limit`; papers that gate a sale stay, and the
    rows of a size chart."""
    chosen: dict[str, tuple[float, Evidence]] = {}
    for score, item in [*typed_items, *passages]:
        if airable(item) and (item.id not in chosen or chosen[item.id][0] < score):
            chosen[item.id] = (score, item)
    ordered = sorted(chosen.values(), key=lambda p: (-p[0], p[1].id))
    gate = [p for p in ordered[limit:] if isinstance(p[1], Certificate) or getattr(p[1], "size", None)]
    kept = [*ordered[:limit], *gate]
    return tuple(item for _, item in kept), tuple(round(score, 4) for score, _ in kept)
