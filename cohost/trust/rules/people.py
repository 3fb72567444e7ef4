"""R16 (safety), R17 (human or AI), R19 (contacts), R20 (nothing without evidence), R22 (commitments)."""

from __future__ import annotations

import re

from cohost.trust.evidence import Passage, Policy
from cohost.trust.guard_evidence import plain_texts
from cohost.trust.guard_frames import says_frame
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_words import affirmed, classes, fold, has, spans
from cohost.trust.rules.fault import Fault
from cohost.trust.rules.told import of_review, says_too

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|00)?\d[\d\s().-]{6,17}\d(?![\w/-]|[.,]\d)")
_SITE = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|net|shop|store|me|cn|co|io|info|link|org)\b(?:/\S*)?", re.I
)
_HANDLE = re.compile(r"(?<!\w)@[A-Za-z]\w{2,}")
_SAFETY = frozenset({"safety", "pregnancy", "age", "allergens", "water"})


def check_people(s: Sentence) -> Fault | None:
    """In the order in which they matter most."""
    return _safety(s) or _human(s) or _contacts(s) or _commitments(s)


def _safety(s: Sentence) -> Fault | None:
    """R16: no "safe for babies" against or without a paper; no decline where a warning stands."""
    for risk in classes(s.lang, "risk"):
        named = spans(s.low, s.lang, "risk", risk)
        if not named:
            continue
        for start, end in affirmed(s.low, s.lang, "say", "assure"):
            if any(abs(start - b) < 60 or abs(a - end) < 60 for a, b in named) and not _proved(s, risk):
                words = s.shown[start:end]
                return Fault("R16", words, f"assures “{words}” about {risk}; no class A or B paper does")
    return _declined(s)


def _proved(s: Sentence, risk: str) -> bool:
    warned = any(isinstance(i, Passage) and i.warning and _speaks_of(i, risk) for i in s.pool)
    papers = [i for i in s.cited if i.source_class in "AB" and not (isinstance(i, Passage) and i.warning)]
    return not warned and any(says_too(i, "risk", risk) and says_too(i, "say", "assure") for i in papers)


def _speaks_of(item: Passage, risk: str) -> bool:
    lang = item.source.lang if item.source.lang != "und" else "en"
    return any(has(fold(t, tag).low, tag, "risk", risk) for t in plain_texts(item) for tag in {lang, "en"})


def _declined(s: Sentence) -> Fault | None:
    question = s.context.question
    if question is None or s.context.origin == "operator":
        return None
    if not has(s.low, s.lang, "say", "unknown") and not says_frame(
        s.low, s.lang, "talk", "no_evidence", "no_evidence_on"
    ):
        return None
    asked = [
        r
        for r in classes(question.lang, "risk")
        if has(fold(question.text, question.lang).low, question.lang, "risk", r)
    ]
    for item in s.pool:
        if isinstance(item, Passage) and item.warning and any(_speaks_of(item, r) for r in asked):
            return Fault("R16", "", f"declines although {item.id} holds a warning: {item.source.quote[:60]}")
    return None


def _human(s: Sentence) -> Fault | None:
    """R17: never a claim to be human, never a denial of being an AI."""
    for start, end in affirmed(s.low, s.lang, "say", "human"):
        return Fault("R17", s.shown[start:end], f"claims “{s.shown[start:end]}”; cohost is an AI assistant")
    for start, end in spans(s.low, s.lang, "say", "not_ai"):
        return Fault("R17", s.shown[start:end], "denies being an AI assistant")
    return None


def _contacts(s: Sentence) -> Fault | None:
    """R19: no phone, mail, site, handle or outside payment, unless an approved company fact holds it."""
    told = _own_contacts(s)
    for form in (_MAIL, _SITE, _PHONE, _HANDLE):
        for match in form.finditer(s.shown):
            words = match.group().strip()
            if form is _PHONE and (
                s.hidden(*match.span()) or any(s.masked[match.start() : match.end()]) or _is_amount(s, match)
            ):
                continue
            if form is _HANDLE and any(m.start() <= match.start() < m.end() for m in _MAIL.finditer(s.shown)):
                continue
            if _squeezed(words) not in told:
                return Fault("R19", words, f"gives the contact “{words}”; no approved company fact holds it")
    for start, end in affirmed(s.low, s.lang, "say", "contact"):
        if _squeezed(s.shown[start:end]) in told:
            continue
        return Fault("R19", s.shown[start:end], f"leads outside: “{s.shown[start:end]}”")
    return None


def _is_amount(s: Sentence, match: re.Match[str]) -> bool:
    digits = sum(c.isdigit() for c in match.group())
    return digits < 7 or any(a.unit and a.start < match.end() and match.start() < a.end for a in s.amounts)


def _own_contacts(s: Sentence) -> str:
    brand = s.context.catalogue.brand
    parts = [brand.support, brand.address, brand.responsible_person, brand.legal_name]
    for item in s.pool:
        if (
            item.source.kind == "company"
            or getattr(item, "attribute", "")
            in (
                "seller",
                "payment",
                "returns",
            )
            or "payment" in getattr(item, "attributes", ())
        ):
            parts += plain_texts(item)
    return _squeezed(" ".join(parts))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s().-]", "", text.casefold())


def _commitments(s: Sentence) -> Fault | None:
    """R22: no refund, reservation, discount or order in the brand's name."""
    for start, end in affirmed(s.low, s.lang, "say", "commit"):
        return Fault("R22", s.shown[start:end], f"commits the brand: “{s.shown[start:end]}”")
    policies = [i for i in s.cited if isinstance(i, Policy)]
    for start, end in affirmed(s.low, s.lang, "say", "promise"):
        if s.hidden(start, end) or any(says_too(i, "say", "promise") for i in policies):
            continue
        if of_review(s, start, end):
            continue
        return Fault("R22", s.shown[start:end], f"promises “{s.shown[start:end]}”; no policy does")
    return None


def check_uncited(s: Sentence) -> Fault | None:
    """R20: a figure told needs something it is told from."""
    if s.cited or s.context.origin == "operator":
        return None
    figures = [a for a in s.amounts if a.unit is not None]
    if figures and not s.pool:
        return Fault("R20", figures[0].text, f"says “{figures[0].text}” with no evidence at all")
    return None
