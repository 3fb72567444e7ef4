"""Points from text that no fact covers: passages and reviews, quoted only where an anchor holds. Pure.

A passage is quoted when it speaks of the attribute asked, or when the viewer's own words stand in
it. A similarity score alone never quotes anything.
"""

from __future__ import annotations

import re

from babel import Locale

from cohost.common import lexicon
from cohost.decision.context import Ask
from cohost.decision.points import HostNote, Plan, Point, decline
from cohost.languages import LANGUAGES, base
from cohost.trust.attributes import match_label, match_phrases
from cohost.trust.evidence import (
    Evidence,
    MarketFact,
    Passage,
    Policy,
    Review,
    covers_market,
    covers_model,
    in_force,
)
from cohost.trust.settle import proof_classes

MAX_REVIEWS = 2
SURE_LABEL = 0.7
SURE_QUESTION = 0.84
SILENT_KINDS = frozenset({"brochure", "script", "internal", "glossary", "review"})
"""Documents whose prose is never quoted as an answer: advertising, scripts, papers not for viewers."""

PAPERS = frozenset({"certificates", "tests"})

_ORDER_TO_MACHINE = re.compile(
    r"\b(assistant|system|chatbot|ai|llm|model|prompt)\s*[:：]|ignore (your|all|the|previous)", re.I
)
_LONG_WORD = 5
_MIN_BIGRAMS = 2


def plan_text(ask: Ask, attribute: str | None) -> Plan | None:
    """The best anchored passage in its own words; None when no anchor holds."""
    anchored: list[tuple[int, Passage]] = []
    words = content_words(ask)
    for passage in quotable(ask, attribute):
        rank = 2 * _speaks_of(passage, ask, attribute) + _overlaps(passage, words, ask.question.lang)
        if rank:
            anchored.append((rank + _labels(passage, words), passage))
    if not anchored:
        return None
    best = max(anchored, key=lambda pair: (pair[0], -ord(pair[1].source_class)))[1]
    return Plan("answer", "passage", (passage_point(best, attribute),), model=ask.model, market=ask.market)


def passage_point(passage: Passage, attribute: str | None) -> Point:
    return Point(kind="passage", items=(passage,), attribute=attribute)


def as_passage(item: Evidence, text: str = "") -> Passage:
    """An item's own words, its quote where none are given, to be told as a quote; id and source stay."""
    return Passage(
        id=item.id, source=item.source, source_class=item.source_class, product=item.product,
        models=item.models, markets=item.markets, text=text or item.source.quote,
    )  # fmt: skip


def quotable(ask: Ask, attribute: str | None) -> list[Passage]:
    classes = proof_classes(attribute) if attribute else "ABCD"
    elsewhere = _of_other_markets(ask)
    return [
        p
        for p in ask.of(Passage)
        if p.source_class in classes
        and p.source.kind not in SILENT_KINDS
        and in_force(p, ask.on)
        and (covers_model(p, ask.model) if ask.model else True)
        and covers_market(p, ask.market)
        and (p.markets or p.source.document not in elsewhere)
        and not _ORDER_TO_MACHINE.search(p.text)
        and (p.source.kind != "certificate" or attribute in PAPERS)
    ]


def _of_other_markets(ask: Ask) -> frozenset[str]:
    """Policies of which every rule holds for some markets, and none for the viewer's."""
    if ask.market is None:
        return frozenset()
    bound: dict[str, set[bool]] = {}
    for item in ask.of((MarketFact, Policy)):
        bound.setdefault(item.source.document, set()).add(not item.markets or ask.market in item.markets)
    return frozenset(document for document, here in bound.items() if here == {False})


def _speaks_of(passage: Passage, ask: Ask, attribute: str | None) -> bool:
    if attribute is not None:
        return attribute in passage.attributes[:1] and _headed(passage, attribute)
    return any(a in passage.attributes[:1] and _headed(passage, a) for a in ask.question.attributes)


def _headed(passage: Passage, attribute: str) -> bool:
    """True when the heading names the attribute, or is the question a viewer asks about it. Text under no
    such heading may mention a word of the attribute by chance."""
    if not passage.heading:
        return False
    heading = passage.heading.lstrip("0123456789.)§ ")  # "4 Water" is named Water
    label = match_label(heading, base(passage.source.lang))
    if label is not None and label[0] == attribute and label[1] >= SURE_LABEL:
        return True
    asked = dict(match_phrases(heading, base(passage.source.lang)))
    return asked.get(attribute, 0.0) >= SURE_QUESTION


def content_words(ask: Ask) -> frozenset[str]:
    """The viewer's words that carry the subject: no function words, no product names; two-letter
    pieces for scripts without spaces."""
    lang = base(ask.question.lang)
    line = lexicon.Line(ask.question.text[:400])
    names = {w for n in (*_names(ask), *_countries(ask)) for w in lexicon.fold(n).split()}
    stop = lexicon.stop_words(lang) | lexicon.stop_words("en") | names
    words = {w.text for w in line.words if len(w.text) >= 3 and not lexicon.is_dense(w.text)}
    dense = line.dense if lexicon.is_dense(line.dense) else ""
    for word in sorted(stop, key=len, reverse=True):
        if lexicon.is_dense(word):
            dense = dense.replace(word, " ")
    pieces = {dense[i : i + 2] for i in range(len(dense) - 1)}
    return frozenset(words - stop) | {p for p in pieces if " " not in p and lexicon.is_dense(p)}


def _names(ask: Ask) -> tuple[str, ...]:
    product = ask.catalogue.product(ask.product)
    return (product.name, *product.aliases, *product.models) if product else ()


def _countries(ask: Ask) -> tuple[str, ...]:
    """Names of the countries the shop and the viewer know: where, not what, is asked with them."""
    codes = {m.code for m in ask.catalogue.markets} | {ask.question.market or ""}
    lang = base(ask.question.lang)
    names = Locale.parse(lang if lang in LANGUAGES else "en").territories
    return tuple(str(names[c]) for c in sorted(codes) if c in names)


def _overlaps(passage: Passage, words: frozenset[str], lang: str) -> bool:
    if not words or (base(passage.source.lang) != base(lang) and passage.source.lang != "und"):
        return False
    line = lexicon.Line(f"{passage.heading} {passage.text}"[:1500])
    there = {w.text for w in line.words}
    hits = [w for w in words if not lexicon.is_dense(w) and any(_same_word(w, t) for t in there)]
    pieces = [w for w in words if lexicon.is_dense(w) and w in line.dense]
    long = any(len(w) >= _LONG_WORD for w in hits)
    return long or len(hits) >= 2 or len(pieces) >= _MIN_BIGRAMS


def _labels(passage: Passage, words: frozenset[str]) -> int:
    """1 where the passage is a labelled figure and its label is the viewer's word: "Caffeine: 30 mg"."""
    head, sign, value = passage.text[:80].replace("：", ":").partition(":")
    head = head if sign and value else passage.text[:40]
    if not any(c.isdigit() for c in passage.text[:80]):
        return 0
    line = lexicon.Line(head)
    there = {w.text for w in line.words[:4]}
    dense = [w for w in words if lexicon.is_dense(w) and w in line.dense]
    return int(len(dense) >= _MIN_BIGRAMS or any(_same_word(w, t) for w in words for t in there))


def _same_word(a: str, b: str) -> bool:
    """Equal, or long words that differ in their ending only ("float", "floats")."""
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    stem = max(4, len(long) - 3)
    return len(long) - len(short) <= 3 and len(short) >= stem and short[:stem] == long[:stem]


def plan_reviews(ask: Ask) -> Plan:
    """Stored reviews with consent, verified ones first; the incentive is told by the composer."""
    found = [r for r in ask.of(Review) if r.consent and r.text]
    found.sort(key=lambda r: (r.source.lang.split("-")[0] != base(ask.lang), not r.verified, r.id))
    if not found:
        return decline(
            "no_reviews", "no_evidence", "passed_on", note=HostNote("no_evidence", attribute="reviews")
        )
    points = [Point(kind="review", items=(r,), optional=n > 0) for n, r in enumerate(found[:MAX_REVIEWS])]
    return Plan("answer", "review", tuple(points))
