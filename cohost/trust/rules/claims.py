"""R10 (superlatives), R11 (health), R12 (scarcity), R13 (reviews), R14 (rivals), R15 (green)."""

from __future__ import annotations

from cohost.trust import schemes as law
from cohost.trust.evidence import Certificate, MarketFact, Review, in_force
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_words import affirmed, classes, has, spans
from cohost.trust.rules.fault import Fault
from cohost.trust.rules.told import says_too

GREEN = frozenset(
    {"GRS", "GOTS", "FSC", "ECOLABEL", "OEKO-TEX", "COSMOS", "EU-ORGANIC", "ENERGY-STAR", "ENERGY-LABEL"}
)


def check_claims(s: Sentence) -> Fault | None:
    """R10–R15 in their first form: the words of a class need evidence of the class that may prove them."""
    return _superlative(s) or _health(s) or _scarcity(s) or _reviews(s) or _rivals(s) or _green(s)


def _superlative(s: Sentence) -> Fault | None:
    free = spans(s.low, s.lang, "say", "superlative_ok")
    for start, end in affirmed(s.low, s.lang, "say", "superlative"):
        if any(a <= start and end <= b for a, b in free):
            continue
        if any(says_too(i, "say", "superlative") for i in s.cited if i.source_class == "A"):
            continue
        words = s.shown[start:end]
        return Fault("R10", words, f"says “{words}”; no class A paper ranks it")
    return None


def _health(s: Sentence) -> Fault | None:
    for key in classes(s.lang, "health"):
        for start, end in affirmed(s.low, s.lang, "health", key):
            if any(says_too(i, "health", key) for i in s.cited if i.source_class == "A"):
                continue
            words = s.shown[start:end]
            return Fault("R11", words, f"says “{words}”; no class A paper says so")
    return None


def _scarcity(s: Sentence) -> Fault | None:
    for start, end in affirmed(s.low, s.lang, "say", "pressure"):
        return Fault("R12", s.shown[start:end], f"presses with “{s.shown[start:end]}”")
    for start, end in affirmed(s.low, s.lang, "say", "scarcity"):
        counted = any(
            isinstance(i, MarketFact) and i.attribute == "stock" and in_force(i, s.context.on)
            and any(a.low == i.value for a in s.amounts)
            for i in s.pool
        )  # fmt: skip
        if not counted:
            return Fault("R12", s.shown[start:end], f"says “{s.shown[start:end]}”; no live counter says so")
    return None


def _reviews(s: Sentence) -> Fault | None:
    for item in s.cited:
        if not isinstance(item, Review):
            continue
        if not item.consent:
            return Fault("R13", item.author, f"quotes {item.id}, a review without consent")
        if item.incentive and not has(s.low, s.lang, "say", "incentive"):
            return Fault("R13", item.author, f"quotes {item.id} without saying “{item.incentive}”")
    return None


def _rivals(s: Sentence) -> Fault | None:
    for start, end in affirmed(s.low, s.lang, "say", "rival"):
        if len(s.models) < 2:
            return Fault(
                "R14", s.shown[start:end], f"compares with others: “{s.shown[start:end]}”; to the host"
            )
    return None


def _green(s: Sentence) -> Fault | None:
    for start, end in affirmed(s.low, s.lang, "say", "green"):
        papers = [
            i for i in s.cited if isinstance(i, Certificate) and i.scheme in GREEN and i.status == "held"
        ]
        if any(in_force(p, s.context.on) and law.verbs(p) for p in papers):
            continue
        return Fault("R15", s.shown[start:end], f"says “{s.shown[start:end]}”; no recognised scheme is cited")
    return None
