"""Points from facts: one attribute, the variant sold there, measured beside declared. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cohost.common.lexicon import fold, is_dense, stop_words, words_of
from cohost.decision.context import Ask
from cohost.decision.points import HostNote, Plan, Point
from cohost.languages import base
from cohost.trust.attributes import match_phrases, ontology
from cohost.trust.evidence import Evidence, Fact, MarketFact, Policy
from cohost.trust.quantities import amounts
from cohost.trust.settle import Settled, figures, same_condition, settle

MAX_MODELS = 3
FIGURED = frozenset({"duration", "money"})
_TOLD = 0.5  # of a match of asking phrases and telling words
_SHORTEST = 3  # letters of a word that may name a condition ("GPS", "ANC")
_TELLING = 5  # letters by which a word of the question is known again in a condition
SAME = "same condition"
UMBRELLAS = frozenset({"temperature"})
"""Attributes that cover several quantities of a product, each under a label of its own."""
MAX_MORE = 2
"""Further facts of the same attribute under other conditions told beside the first."""


def plan_fact(ask: Ask, attribute: str) -> Plan | None:
    """The attribute's fact for the variant in question; None when no evidence holds one.

    With several variants possible each is told by its model, unless all say the same."""
    settled = _by_model(ask, attribute)
    if not settled:
        return None
    points: list[Point] = []
    note = None
    alike = len({_figure(s.chosen) for s in settled.values()}) == 1 and len(settled) == len(
        ask.models or (1,)
    )
    chosen = dict(list(settled.items())[:1]) if alike else settled
    for model, found in chosen.items():
        points += _points(found, attribute, model, ask, scoped=not alike or len(ask.models) != len(settled))
        note = note or conflict_note(found, attribute, ask.market)
    reason = "measured" if any(_measured(p.items) for p in points) else "fact"
    model = ask.model or (next(iter(chosen)) if len(chosen) == 1 and not alike else None)
    return Plan("answer", reason, tuple(points), note is not None, note, model=model, market=ask.market)


def settle_for(ask: Ask, attribute: str, model: str | None) -> Settled:
    """`settle`, with the condition the viewer asked about ("at 80 % volume") preferred."""
    items = _asked_condition(ask, attribute)
    found = settle(items, attribute=attribute, model=model, market=ask.market, on=ask.on)
    if found.chosen is None and len(items) != len(ask.items):
        found = settle(ask.items, attribute=attribute, model=model, market=ask.market, on=ask.on)
    return told_best(found, ask.lang)


def told_best(found: Settled, lang: str) -> Settled:
    """Of items that are equally good evidence, the one that tells most: a policy's figure before its
    prose, words before a bare yes or no, prose in the viewer's language before a translation."""
    chosen = found.chosen
    if chosen is None:
        return found
    if chosen.attribute in UMBRELLAS:
        return _plain_first(found, chosen)
    equal = [
        i for i in (*found.agreeing, *found.conflicts, *found.others) if i.source_class == chosen.source_class
    ]
    better: Evidence | None = None
    if isinstance(chosen, Policy) and chosen.value is None:
        better = next((i for i in equal if i.value is not None), None)
        prose = [i for i in equal if isinstance(i, Policy) and i.value is None]
        mine = (base(lang), "en")
        if better is None and base(chosen.source.lang) != mine[0]:
            better = next((i for tag in mine for i in prose if base(i.source.lang) == tag), None)
    elif _is_no(chosen) and _descriptive(chosen.attribute):
        better = next(
            (i for i in equal if not _is_no(i) and not isinstance(i.value, bool | type(None))), None
        )
    return found if better is None else msgspec.structs.replace(found, chosen=better)


def _plain_first(found: Settled, chosen: Fact | MarketFact | Policy) -> Settled:
    """What is told of the product itself before what is told under a label of its own."""
    plain = next((i for i in found.others if not i.condition and i.source_class in "AB"), None)
    if plain is None or not chosen.condition:
        return found
    rest = tuple(i for i in found.others if i is not plain)
    return msgspec.structs.replace(found, chosen=plain, others=(chosen, *rest))


def _is_no(item: Fact | MarketFact | Policy) -> bool:
    return item.value is False or (isinstance(item, Fact) and not item.polarity)


def _descriptive(attribute: str) -> bool:
    """Attributes that describe and flatter nobody: "Lining: none" does not deny the material."""
    spec = ontology().get(attribute)
    return (
        spec is not None and spec.form in ("text", "list") and spec.favourable == "none" and "D" in spec.proof
    )


def _asked_condition(ask: Ask, attribute: str) -> Sequence[Evidence]:
    told = ask.of((Fact, MarketFact, Policy), attribute)
    wanted = {(q.value, q.unit) for q in ask.question.quantities}
    mine = [i for i in told if _condition_numbers(i) & wanted] if wanted else []
    return mine or _condition_named(ask, told) or ask.items


def _condition_named(ask: Ask, told: Sequence[Evidence]) -> list[Evidence]:
    """Items whose condition the question names best ("comfort temperature", "in GPS mode"); [] where it names
    none, or all of them. Words of the attribute itself tell nothing, brochures are not asked."""
    lang = base(ask.question.lang)
    heads = {
        w.text[:_TELLING]
        for w in words_of(fold(ask.question.text[:300]))
        if len(w.text) >= _SHORTEST and not is_dense(w.text) and w.text not in stop_words(lang)
        and ask.attribute not in dict(match_phrases(w.text, lang))
    }  # fmt: skip
    ranked = []
    for item in told:
        words = {
            w.text[:_TELLING] for w in words_of(fold(getattr(item, "condition", ""))) if len(w.text) >= 2
        }
        hits = len(heads & words)
        if hits and item.source_class in "AB":
            ranked.append((hits, -len(words), item))
    best = max(((h, n) for h, n, _ in ranked), default=None)
    found = [item for h, n, item in ranked if (h, n) == best]
    return found if len(found) < len(told) else []


def _condition_numbers(item: Evidence) -> set[tuple[float, str | None]]:
    condition = getattr(item, "condition", "")
    return {(a.low, a.unit) for a in amounts(condition)} if condition else set()


def _by_model(ask: Ask, attribute: str) -> dict[str | None, Settled]:
    models: Sequence[str | None] = ask.models[:MAX_MODELS] or (None,)
    found = {m: settle_for(ask, attribute, m) for m in models}
    return {m: s for m, s in found.items() if s.chosen is not None and says_it(s.chosen)}


def says_it(item: Fact | MarketFact | Policy) -> bool:
    """False for a sentence about a period or a cost that has no figure and no word of it ("Claims: write
    to …"): it stands under the heading and answers nothing."""
    spec = ontology().get(item.attribute)
    if not isinstance(item, Policy) or item.value is not None or spec is None or spec.form not in FIGURED:
        return True
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    told = dict(match_phrases(item.text[:400], lang))
    return told.get(item.attribute, 0.0) >= _TOLD


def _figure(item: object) -> object:
    if isinstance(item, Fact | MarketFact | Policy):
        return figures(item) or item.value
    return item


def _points(found: Settled, attribute: str, model: str | None, ask: Ask, *, scoped: bool) -> list[Point]:
    chosen = found.chosen
    assert chosen is not None
    if isinstance(chosen, Policy) and chosen.value is None:
        return [Point(kind="policy", items=(chosen,), attribute=attribute)]
    market = ask.market if isinstance(chosen, MarketFact) or chosen.markets else None
    name = model if scoped else None
    more = _more(found, attribute, market) if ask.model or len(ask.models) <= 1 else []
    rows = [p.items[0] for p in more if p.items[0].source.document == chosen.source.document]
    points = [Point(kind="fact", items=(chosen, *rows), attribute=attribute, model=name, market=market)]
    beside = declared_beside(found)
    if beside is not None:
        points.append(
            Point(kind="declared", items=(beside,), attribute=attribute, optional=True,
                  text=SAME if _same_numbers(chosen, beside) else "")
        )  # fmt: skip
    return [*points, *(p for p in more if p.items[0] not in rows)]


def _same_numbers(a: Evidence, b: Evidence) -> bool:
    """The same figures stand in both conditions: said once, they serve both values."""
    return bool(_condition_numbers(a)) and _condition_numbers(a) == _condition_numbers(b)


def _more(found: Settled, attribute: str, market: str | None) -> list[Point]:
    """The same attribute under other stated conditions: fabric and seam, at 80 % volume."""
    chosen = found.chosen
    assert chosen is not None
    told: list[Evidence] = [chosen]
    for item in found.others:
        if len(told) > MAX_MORE:
            break
        if not isinstance(item, Fact) or not _equal_class(item, chosen) or not item.condition:
            continue
        if any(_same_quantity(item, t) for t in told if isinstance(t, Fact)):
            continue
        told.append(item)
    return [
        Point(kind="fact", items=(item,), attribute=attribute, market=market, optional=True)
        for item in told[1:]
    ]


def _same_quantity(a: Fact, b: Fact) -> bool:
    return a.condition == b.condition if a.attribute in UMBRELLAS else same_condition(a, b)


def _equal_class(item: Fact, chosen: Evidence) -> bool:
    """Good enough to stand beside what is told: a wall's measured temperature hides no settings."""
    if item.attribute in UMBRELLAS:
        return item.source_class in "AB" and chosen.source_class in "AB"
    return item.source_class == chosen.source_class


def _measured(items: Sequence[Evidence]) -> bool:
    return any(isinstance(i, Fact) and i.basis == "measured" for i in items)


def declared_beside(found: Settled) -> Fact | None:
    """The maker's own figure that contradicts a measured one: both are told."""
    chosen = found.chosen
    if not isinstance(chosen, Fact) or chosen.basis != "measured":
        return None
    return next(
        (
            i
            for i in found.conflicts
            if isinstance(i, Fact) and i.basis == "declared" and i.source_class == "B"
        ),
        None,
    )


def conflict_note(found: Settled, attribute: str, market: str | None) -> HostNote | None:
    """Documents disagree: the host sees which."""
    if found.chosen is None or not found.conflicts:
        return None
    items: tuple[Evidence, ...] = (found.chosen, *found.conflicts[:3])
    return HostNote("conflict", attribute=attribute, market=market, items=items)


def without(plan: Plan, evidence: frozenset[str]) -> Plan:
    """The plan less every point that rests on one of these items."""
    kept = tuple(p for p in plan.points if not evidence & set(p.evidence))
    return msgspec.structs.replace(plan, points=kept)
