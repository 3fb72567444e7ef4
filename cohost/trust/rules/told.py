"""What a shop likes to say of itself: R13 (customers' praise), R14 (rivals by name), R21 (the company)."""

from __future__ import annotations

from cohost.languages import base
from cohost.trust.evidence import Evidence, Passage, Review
from cohost.trust.guard_evidence import folded_texts, plain_texts
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_words import affirmed, fold, spans
from cohost.trust.rules.fault import Fault


def says_too(item: Evidence, section: str, key: str) -> bool:
    """True when the item itself affirms a word of the class, in its own language or in English."""
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    return any(
        affirmed(fold(text, tag).low, tag, section, key) for text in plain_texts(item) for tag in {lang, "en"}
    )


def of_review(s: Sentence, start: int, end: int) -> bool:
    """True when the words are what a cited reviewer got or wrote ("received for it: 10 % discount")."""
    reviews = [i for i in s.cited if isinstance(i, Review)]
    if any(s.low[start:end] in text for i in reviews for text, _ in folded_texts(i)):
        return True
    told = spans(s.low, s.lang, "say", "incentive") if any(i.incentive for i in reviews) else []
    return any(a < end and start < b for a, b in told)


def check_told(s: Sentence) -> Fault | None:
    """Praise needs stored reviews, a company claim a company's paper, a rival's name evidence."""
    return _testimonial(s) or _company(s) or _brand(s)


def _testimonial(s: Sentence) -> Fault | None:
    reviews = [i for i in s.cited if isinstance(i, Review) and i.consent]
    for start, end in affirmed(s.low, s.lang, "say", "testimonial"):
        if s.hidden(start, end) or any(says_too(i, "say", "testimonial") for i in reviews):
            continue
        words = s.shown[start:end]
        return Fault("R13", words, f"tells what customers say: “{words}”; no stored review does")
    return None


def _company(s: Sentence) -> Fault | None:
    papers = [i for i in s.cited if i.source.kind == "company" or isinstance(i, Passage)]
    for start, end in affirmed(s.low, s.lang, "say", "company"):
        if s.hidden(start, end) or any(
            says_too(i, "say", "company") for i in papers if i.source_class in "AB"
        ):
            continue
        words = s.shown[start:end]
        if any(words.lower() in text for i in papers for text, _ in folded_texts(i)):
            continue
        return Fault("R21", words, f"says of the company “{words}”; no company fact does")
    return None


def _brand(s: Sentence) -> Fault | None:
    own = s.context.catalogue
    called = " ".join((own.brand.name, *(n for p in own.products for n in (p.name, *p.aliases)))).lower()
    for start, end in affirmed(s.low, s.lang, "say", "brand"):
        name = s.low[start:end]
        if name in called or any(name in text for i in s.pool for text, _ in folded_texts(i)):
            continue
        return Fault("R14", s.shown[start:end], f"names the brand “{s.shown[start:end]}”; to the host")
    return None
