"""Which attribute a line asks for: words and meaning weighed together. Pure."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from cohost.common.lexicon import fold, read, stop_words
from cohost.languages import base
from cohost.trust.attributes import ontology, phrases
from cohost.trust.features import features as features_table
from cohost.trust.quantities import unit_id

ENOUGH = 0.5  # of the fused score: below, no attribute covers the question
SECOND = 0.8  # a further attribute must be named by a telling word of its own
BEHIND = 0.25  # … and not fall behind the first by more
_MOST = 4
_DOUBTFUL = 0.6  # factor of a weak word match that no meaning supports
_CLEAR = 0.2  # score of meaning from which it may stand alone

PAPER_AND_MONEY = frozenset({
    "certificates", "tests", "safety", "water", "price", "shipping", "ships", "shipping_cost", "customs",
    "returns", "age", "pregnancy", "allergens", "air_travel",
})  # fmt: skip
"""Attributes that stay the subject although a scheme is named beside them."""

Scores = Sequence[tuple[str, float]]


def settle_attributes(
    lexical: Scores, semantic: Scores, schemes: Sequence[str] = (), features: Sequence[str] = ()
) -> tuple[tuple[str, ...], float]:
    """(attributes best first, confidence): words and meaning together.

    Both agreeing lift each other; meaning alone must be clear; where meaning was asked and knows
    nothing of it, a doubtful word does not count. A scheme named without any attribute asks for the
    paper.
    """
    words, meaning = dict(lexical), {a: _weighed(score) for a, score in semantic}
    rows = features_table()
    for feature in features:
        row = rows.get(feature)
        if row is not None and row.hint:
            words[row.of[0]] = max(words.get(row.of[0], 0.0), row.hint)
    if semantic:
        words = {a: s if s >= SECOND or a in meaning else s * _DOUBTFUL for a, s in words.items()}
    known = ontology()
    fused = {
        a: 1 - (1 - words.get(a, 0.0)) * (1 - meaning.get(a, 0.0))
        for a in words.keys() | meaning.keys()
        if a in known
    }
    ranked = sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ranked or ranked[0][1] < ENOUGH:
        people = [rows[f].of[0] for f in features if f in rows and rows[f].always]
        if people and not schemes:  # "can my two-year-old play with it"
            return (people[0],), ENOUGH
        return (("certificates",), 0.8) if schemes else ((), ranked[0][1] if ranked else 0.0)
    first, best = ranked[0]
    if set(schemes) - {"IP"} and first not in PAPER_AND_MONEY:
        first, best = "certificates", max(best, 0.85)
    further = [a for a, s in ranked if a != first and words.get(a, 0.0) >= SECOND and s >= best - BEHIND]
    return (first, *further[: _MOST - 1]), best


def of_time(scores: Scores, *, asks: bool) -> Scores:
    """Without the attributes that no span of time answers, where a line asks how long something takes: "how
    long to boil one litre?" does not ask for the capacity."""
    known = ontology()
    if not asks:
        return scores
    return [(a, s) for a, s in scores if known[a].form != "quantity" or known[a].dimension == "time"]


_HOW_MUCH = {
    "en": ("how much",), "es": ("cuánto", "cuánta"), "pt": ("quanto de", "quanta"), "fr": ("combien de",),
    "de": ("wie viel", "wieviel"), "it": ("quanto", "quanta"), "nl": ("hoeveel",),
}  # fmt: skip


def not_the_price(scores: list[tuple[str, float]], text: str, lang: str) -> list[tuple[str, float]]:
    if not scores or scores[0][0] != "price" or not amount_of(text, lang):
        return scores
    return [*scores[1:], ("price", scores[0][1] * _DOUBTFUL * _DOUBTFUL)]


def amount_of(text: str, lang: str) -> bool:
    """ "How much caffeine does it have" asks for a thing's amount: a word that no question about prices
    holds stands right behind the question word, and no word of money follows."""
    line = [w.text for w in read(text).line.words]
    for tag in dict.fromkeys((base(lang), "en")):
        for opening in _HOW_MUCH.get(tag, ()):
            head = fold(opening).split()
            if line[: len(head)] == head and len(line) > len(head) + 1:
                thing, *rest = line[len(head) :]
                known = _price_words(tag)
                money = unit_id(thing) or ""
                if thing.isalpha() and len(thing) > 3 and thing not in known and not money.isupper():
                    return not any(w in known and w not in stop_words(tag) for w in rest)
    return False


@functools.cache
def _price_words(lang: str) -> frozenset[str]:
    """Words of the asking phrases about money, and function words."""
    told = [phrase for a, phrase in phrases(lang) if a in _MONEY]
    named = frozenset(fold(w).strip("?!.,") for p in told for w in p.split())
    return (
        named | stop_words(lang) | {"money", "cash", "bucks", "dinero", "plata", "dinheiro", "geld", "argent"}
    )


_MONEY = frozenset({"price", "shipping_cost", "customs", "payment", "stock", "how_to_buy"})


def _weighed(score: float) -> float:
    """A score of meaning (0 = as near as any other question) beside scores of words."""
    return min(0.85, 0.4 + 0.5 * score) if score >= _CLEAR else score
