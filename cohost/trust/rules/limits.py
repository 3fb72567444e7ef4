"""Denials that strengthen nothing: they say how far a paper or figure goes. Pure.

"covers the NV3, not confirmed for the NV3-B" · "only the cell, not the whole power bank" · "a
registration is not an approval" · "no longer valid" · "does not count in the US" · "declared, not measured".
"""

from __future__ import annotations

from cohost.trust import schemes as law
from cohost.trust.evidence import Certificate, Fact, MarketFact, in_force, normal_model
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_words import classes, clause_denied, has, negated, spans


def denied_models(s: Sentence) -> frozenset[str]:
    """Sibling models of the product that the sentence names in a denial."""
    product = s.context.catalogue.product(s.context.product)
    known = {normal_model(m) for m in product.models} if product else set()
    known |= {normal_model(v.model) for v in s.context.catalogue.variants if v.product == s.context.product}
    return frozenset(
        name
        for name, a, b in s.model_spans
        if normal_model(name) in known
        and (negated(s.low, a, b, s.lang) or clause_denied(s.low, a, b, s.lang))
    )


def only_limits(s: Sentence) -> bool:
    """True when what the sentence denies is how far its citations go."""
    return _registration(s) or _part(s) or _sibling(s) or _expired(s) or _elsewhere(s) or _basis(s)


def _registration(s: Sentence) -> bool:
    registered = any(
        isinstance(i, Certificate) and i.certificate_kind in ("registration", "listing") for i in s.cited
    )
    return registered and any(
        negated(s.low, a, b, s.lang) or clause_denied(s.low, a, b, s.lang)
        for verb in ("approved", "cleared")
        for a, b in spans(s.low, s.lang, "verb", verb)
    )


def _part(s: Sentence) -> bool:
    """The paper's part or its model is named, and the denial speaks of the rest."""
    papers = [i for i in s.cited if isinstance(i, Certificate) and i.component]
    return any(
        (p.component or "").lower() in s.low
        or any(m.lower() in s.low for m in p.models)
        or any(has(s.low, s.lang, "part", key) for key in classes(s.lang, "part"))
        for p in papers
    )


def _sibling(s: Sentence) -> bool:
    own = {normal_model(m) for i in s.cited for m in i.models}
    return bool(own) and any(normal_model(m) not in own for m in denied_models(s))


def _expired(s: Sentence) -> bool:
    old = any(not in_force(i, s.context.on) for i in s.cited)
    return old and has(s.low, s.lang, "say", "expired")


def _elsewhere(s: Sentence) -> bool:
    """A paper that does not count in the viewer's market, said so."""
    papers = [i for i in s.cited if isinstance(i, Certificate) and i.scheme in law.schemes()]
    return any(not law.counts_in(p.scheme, s.context.market) for p in papers) and bool(s.schemes)


def _basis(s: Sentence) -> bool:
    """ "declared, not measured": what the citation is not."""
    facts = [i for i in s.cited if isinstance(i, Fact | MarketFact)]
    declared = bool(facts) and all(getattr(i, "basis", "declared") == "declared" for i in facts)
    return declared and any(
        clause_denied(s.low, a, b, s.lang) for a, b in spans(s.low, s.lang, "say", "measured")
    )
