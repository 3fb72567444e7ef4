"""R7: who says a figure: it was measured, or the maker declares it."""

from __future__ import annotations

from cohost.trust.attributes import ontology
from cohost.trust.evidence import Evidence, Fact, TestReport
from cohost.trust.guard_evidence import COUNT, Figure
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_words import has
from cohost.trust.quantities import Amount, same_dimension
from cohost.trust.rules.fault import Fault


def comparable(a: str | None, b: str | None) -> bool:
    """True for units of one dimension; bare numbers compare with counts."""
    if a in COUNT or b in COUNT:
        return a in COUNT and b in COUNT
    return same_dimension(str(a), str(b))


def unsaid_basis(s: Sentence, amount: Amount, figure: Figure) -> Fault | None:
    """A drafted figure says that it was measured, or that the maker declares it."""
    item = figure.item
    if s.context.origin != "llm" or not isinstance(item, Fact) or figure.role != "value":
        return None
    if item.basis == "measured" and not (says_measured(s) or _names_source(s)):
        return Fault("R7", amount.text, f"says “{amount.text}” and not who measured it ({item.id})")
    if item.basis == "declared" and not says_declared(s):
        return Fault("R7", amount.text, f"says “{amount.text}” and not that it is declared ({item.id})")
    return None


def says_measured(s: Sentence) -> bool:
    """True when the sentence speaks of a measurement or a test."""
    return any(has(s.low, s.lang, *key) for key in (("say", "measured"), ("verb", "tested")))


def says_declared(s: Sentence) -> bool:
    """True when the sentence says that the maker states something."""
    return any(has(s.low, s.lang, *key) for key in (("say", "declared"), ("verb", "declared")))


def _names_source(s: Sentence) -> bool:
    """The report's number or its laboratory stands in the sentence."""
    reports = [i for i in s.pool if isinstance(i, TestReport)]
    names = [n for i in reports for n in (i.number, i.lab.name if i.lab else None) if n]
    return any(n.lower() in s.low for n in names)


def told_as_declared(s: Sentence, item: Evidence, figure: Figure, settled: Figure) -> bool:
    """The maker's own figure, told as such, where it flatters the product no more than the settled one."""
    if not isinstance(item, Fact) or item.basis != "declared" or not says_declared(s):
        return False
    row = ontology().get(item.attribute)
    ahead = {"higher": figure.high > settled.high, "lower": figure.low < settled.low}
    return figure.unit == settled.unit and not ahead.get(row.favourable if row else "none", False)
