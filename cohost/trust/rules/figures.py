"""R2 (whose figure it is) and R7 (figures and their conditions)."""

from __future__ import annotations

from collections.abc import Sequence

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
    normal_model,
)
from cohost.trust.guard_evidence import (
    COUNT,
    Figure,
    figures_of,
    folded_texts,
    same_figure,
)
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_words import affirmed, spans
from cohost.trust.quantities import Amount
from cohost.trust.rules.basis import comparable, told_as_declared, unsaid_basis
from cohost.trust.rules.conditions import condition_kept
from cohost.trust.rules.fault import Fault
from cohost.trust.settle import same_condition, settle
from cohost.trust.units import is_money

_RANK = {"A": 0, "B": 1, "C": 2, "D": 3}


def check_figures(s: Sentence) -> Fault | None:
    """R7, R2, R9: each number equals one that evidence holds, for this model and market, with its
    condition; "up to" stays; no vague amount."""
    pool = s.cited if s.context.origin == "llm" else s.pool
    known = [f for item in pool for f in figures_of(item)]
    for amount in s.amounts:
        if amount.unit is not None and is_money(amount.unit):
            continue
        fault = _one(s, amount, known)
        if fault:
            return fault
    return _vague(s)


def _one(s: Sentence, amount: Amount, known: Sequence[Figure]) -> Fault | None:
    if s.context.origin == "composer" and _viewers_own(s, amount):
        return None
    if any(_told_in_words(amount, i) for i in s.cited):
        return None
    matches = [f for f in known if same_figure(amount, f, favourable=_favourable(f.item))]
    if not matches:
        return Fault("R7", amount.text, f"says “{amount.text}”; {_nearest(amount, known)}")
    values = [f for f in matches if f.role == "value"]
    cited = [f for f in values if f.item in s.cited]
    told = [f for f in matches if f.item in s.cited and not isinstance(f.item, Fact | MarketFact)]
    if not cited and told:  # the cited policy, paper or review says it in its own words
        return _only_in_words(s, amount, told)
    if not values:
        return _only_in_words(s, amount, matches) or _half_told(s, amount, matches)
    values = cited or values
    best = min(_RANK[f.item.source_class] for f in values)
    values = [f for f in values if _RANK[f.item.source_class] == best]
    if any(f.role == "condition" for f in matches) and not any(f.item in s.cited for f in values):
        return None
    faults = [fault for f in values if (fault := _value_fault(s, amount, f)) is not None]
    return faults[0] if len(faults) == len(values) else None


def _viewers_own(s: Sentence, amount: Amount) -> bool:
    """The amount or size that the viewer named, said where it lies in a chart: "58.5 cm: between M and L"."""
    question = s.context.question
    if question is None:
        return False
    if any(q.value == amount.low == amount.high and q.unit == amount.unit for q in question.quantities):
        return any(isinstance(i, Fact) for i in s.cited) and len(s.amounts) > 1
    said = question.sizing
    if said is None or not any(isinstance(i, Fact) and i.size for i in s.cited):
        return False
    labels = {n.value for n in said.named} if amount.unit is None else set()
    own = any(q.value == amount.low == amount.high and q.unit in ("", amount.unit) for q in said.amounts)
    return own or any(f"{amount.low:g}" in label.split("/") for label in labels)


def _told_in_words(amount: Amount, item: Evidence) -> bool:
    """A number of a cited warning ("children under 3 years") or a report's count of samples: neither is a
    figure of the product, and some languages write the age without a unit."""
    if isinstance(item, TestReport):
        return item.sample_quantity == amount.low == amount.high and amount.unit in COUNT
    if not (isinstance(item, Passage) and item.source_class in "AB"):
        return False
    return amount.unit in (None, "year") and any(
        f.unit in (None, "year") and f.low <= amount.low <= f.high for f in figures_of(item)
    )


def _value_fault(s: Sentence, amount: Amount, figure: Figure) -> Fault | None:
    return (
        _wrong_model(s, amount.text, figure.item)
        or _wrong_market(s, amount, figure.item)
        or _dropped_qualifier(s, amount, figure)
        or _dropped_condition(s, amount, figure)
        or _flattering(s, amount, figure)
        or unsaid_basis(s, amount, figure)
    )


def _favourable(item: Evidence) -> str:
    row = ontology().get(getattr(item, "attribute", ""))
    return row.favourable if row else "none"


def _nearest(amount: Amount, known: Sequence[Figure]) -> str:
    """What evidence says instead, for the operator."""
    same = [f for f in known if f.role == "value" and comparable(amount.unit, f.unit)]
    if not same:
        return "no evidence holds that figure"
    near = min(same, key=lambda f: (abs(f.low - amount.low), f.item.id))
    shown = f"{near.low:g}" if near.low == near.high else f"{near.low:g}–{near.high:g}"
    condition = f" {near.condition}" if near.condition else ""
    return f"evidence says {shown} {near.unit or ''}{condition} ({near.item.id})".replace("  ", " ")


def _only_in_words(s: Sentence, amount: Amount, matches: Sequence[Figure]) -> Fault | None:
    """A number that stands only in running text: good, unless the text is a brochure's and better
    evidence says otherwise."""
    if any(f.item.source_class != "D" or f.role == "condition" for f in matches):
        owners = [f.item for f in matches if f.item.source_class != "D" or f.role == "condition"]
        faults = [_wrong_model(s, amount.text, i) for i in owners]
        return faults[0] if all(faults) else None
    for figure in matches:
        brochure = figure.item.source.kind == "brochure"
        for attribute in getattr(figure.item, "attributes", ()) or (_alike(s, amount) if brochure else ()):
            fault = _against_settled(s, amount, figure, attribute)
            if fault:
                return fault
    return None


def _half_told(s: Sentence, amount: Amount, matches: Sequence[Figure]) -> Fault | None:
    """A condition of several figures ("1 m, 30 min") is told whole or not at all."""
    facts = [f.item for f in matches if f.role == "condition" and isinstance(f.item, Fact)]
    halves = [i for i in facts if i in s.cited and not condition_kept(s, i.condition, i)]
    if not facts or len(halves) < len(facts):
        return None
    said = f"says “{amount.text}” of the condition “{facts[0].condition}” ({facts[0].id})"
    return Fault("R7", amount.text, said)


def _alike(s: Sentence, amount: Amount) -> tuple[str, ...]:
    """Attributes told in the amount's dimension where a figure can flatter: what a brochure's bare number
    may be about."""
    if amount.unit is None:
        return ()
    facts = [i for i in s.pool if isinstance(i, Fact) and i.source_class != "D" and i.unit]
    found = {f.attribute for f in facts if comparable(amount.unit, f.unit) and _favourable(f) != "none"}
    return tuple(sorted(found))


# ---------------------------------------------------------------- whose figure


def applies_to(s: Sentence, item: Evidence) -> bool:
    """True when the item speaks of the models the sentence names, else of the viewer's model."""
    own = {normal_model(m) for m in item.models}
    if not own:
        return True
    named = {normal_model(m) for m in s.models}
    if named:
        return bool(named & own)
    return s.context.model is None or normal_model(s.context.model) in own


def _wrong_model(s: Sentence, words: str, item: Evidence) -> Fault | None:
    if isinstance(item, Review) or (isinstance(item, Certificate) and item.families):
        return None
    if applies_to(s, item):
        return None
    whose = ", ".join(s.models) or s.context.model or "the viewer's model"
    return Fault("R2", words, f"says “{words}” of {whose}; {item.id} speaks of {', '.join(item.models)}")


def _wrong_market(s: Sentence, amount: Amount, item: Evidence) -> Fault | None:
    """R9: a market's figure is told to that market, or names it."""
    if not isinstance(item, MarketFact | Policy) or not item.markets:
        return None
    if s.context.market in item.markets or s.markets & set(item.markets):
        return None
    place = "/".join(item.markets)
    return Fault(
        "R9", amount.text, f"says “{amount.text}” without naming the market; {item.id} holds for {place}"
    )


# ---------------------------------------------------------------- conditions


def _dropped_qualifier(s: Sentence, amount: Amount, figure: Figure) -> Fault | None:
    if figure.qualifier == amount.qualifier or not isinstance(figure.item, Fact | MarketFact):
        return None
    better = amount.qualifier == "at_least" and _favourable(figure.item) == "higher"
    if figure.qualifier in ("up_to", "about") and not amount.qualifier:
        if _beside(s, amount, figure.qualifier):
            return None
        said = {"up_to": "up to", "about": "about"}[figure.qualifier]
        return Fault("R7", amount.text, f"says “{amount.text}”; evidence says “{said}” ({figure.item.id})")
    if better:
        return Fault("R7", amount.text, f"says at least {amount.text}; evidence does not ({figure.item.id})")
    return None


_BESIDE = 14
"""Letters between a figure and its "up to"."""


def _beside(s: Sentence, amount: Amount, qualifier: str) -> bool:
    """True when a word of the qualifier stands by the figure ("ไกลถึง 10 เมตร")."""
    return any(
        max(amount.start - b, a - amount.end) <= _BESIDE for a, b in spans(s.low, s.lang, "say", qualifier)
    )


def _dropped_condition(s: Sentence, amount: Amount, figure: Figure) -> Fault | None:
    """R7: the number keeps its condition: its numbers, or where it has none, its words."""
    if not figure.condition or isinstance(figure.item, MarketFact | Policy):
        return None
    if condition_kept(s, figure.condition, figure.item):
        return None
    return Fault(
        "R7",
        amount.text,
        f"says “{amount.text}” without its condition “{figure.condition}” ({figure.item.id})",
    )


# ---------------------------------------------------------------- of several, the less favourable


def _flattering(s: Sentence, amount: Amount, figure: Figure) -> Fault | None:
    attribute = getattr(figure.item, "attribute", None)
    return _against_settled(s, amount, figure, attribute) if attribute else None


def _against_settled(s: Sentence, amount: Amount, figure: Figure, attribute: str) -> Fault | None:
    """R7: where evidence disagrees, the settled figure is in the sentence too."""
    model = s.models[0] if len(s.models) == 1 else s.context.model
    models = {normal_model(m) for m in figure.item.models}
    market = figure.item.markets[0] if len(figure.item.markets) == 1 else s.context.market
    rivals = [i for i in s.pool if not models or not i.models or models & {normal_model(m) for m in i.models}]
    settled = settle(rivals, attribute=attribute, model=model, market=market, on=s.context.on)
    chosen = settled.chosen
    if (
        chosen is None
        or chosen.id == figure.item.id
        or _RANK[chosen.source_class] > _RANK[figure.item.source_class]
    ):
        return None
    mine = figure.item
    if isinstance(mine, Fact | MarketFact | Policy) and not same_condition(chosen, mine):
        return None
    values = [f for f in figures_of(chosen) if f.role == "value" and comparable(f.unit, figure.unit)]
    if values and told_as_declared(s, mine, figure, values[0]):
        return None
    if not values or any(same_figure(a, f) for a in s.amounts for f in values):
        return None
    told = values[0]
    return Fault(
        "R7", amount.text,
        f"says “{amount.text}” ({mine.id}, class {mine.source_class}); {chosen.id} of class "
        f"{chosen.source_class} says {told.low:g} {told.unit or ''} {told.condition}".rstrip(),
    )  # fmt: skip


def _vague(s: Sentence) -> Fault | None:
    for start, end in affirmed(s.low, s.lang, "say", "vague"):
        words = s.low[start:end]
        if not any(words in text for i in s.cited if i.source_class != "D" for text, _ in folded_texts(i)):
            return Fault(
                "R7", s.shown[start:end], f"says “{s.shown[start:end]}”; that is no figure of the evidence"
            )
    return None
