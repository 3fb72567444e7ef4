"""Which words a drafted sentence may use besides its evidence's figures and names (R0)."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from cohost.languages import base
from cohost.trust.evidence import Certificate, Evidence, TestReport
from cohost.trust.guard_evidence import country_names, plain_texts, translated
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_vocab import Vocabulary, harmless, inflected, lent_by, of_attribute
from cohost.trust.guard_words import fold, suffixes, tokens, unspaced
from cohost.trust.rules.closed import SHORTEST_ROOT, akin, framing

_ARABIC_HEADS = ("ال", "وال", "بال", "لل", "و", "ب", "ل", "ف", "ك", "فال", "كال", "س", "وس", "ول", "وب")
_FRENCH_HEADS = (
    "l",
    "d",
    "un",
    "dell",
    "all",
    "nell",
    "dall",
    "sull",
    "quell",
    "c",
    "s",
    "n",
    "j",
    "qu",
    "m",
    "t",
)


def is_known(word: str, known: tuple[Vocabulary, ...], roots: frozenset[str], lang: str) -> bool:
    """True for a word of these vocabularies, with the endings and clitics of its language."""
    if len(word) == 1 and word.isascii():
        return True
    if _as_it_is(word, known, roots, lang):
        return True
    if "'" in word:
        first, _, rest = word.partition("'")
        if first in _FRENCH_HEADS or lang in ("en", "tr"):
            return is_known(rest if lang != "tr" and lang != "en" else first, known, roots, lang)
        return all(len(part) < 2 or is_known(part, known, roots, lang) for part in word.split("'"))
    if lang == "ar":
        heads = (h for h in _ARABIC_HEADS if word.startswith(h) and len(word) - len(h) > 1)
        return any(
            _as_it_is(form, known, roots, lang)
            for h in heads
            for form in (word[len(h) :], f"ال{word[len(h) :]}")
        )
    return any(
        word.endswith(tail)
        and len(word) - len(tail) > 1
        and _as_it_is(word[: -len(tail)], known, roots, lang)
        for tail in suffixes(lang)
    )


def _as_it_is(word: str, known: tuple[Vocabulary, ...], roots: frozenset[str], lang: str) -> bool:
    if word in roots or any(v.knows(word) for v in known):
        return True
    if len(word) < SHORTEST_ROOT:
        return False
    if any(akin(word, r) for r in roots if r[:2] == word[:2]) or inflected(word, lang):
        return True
    return len(word) > SHORTEST_ROOT and any(akin(word, w) for w in framing(lang) if w[:3] == word[:3])


def attributes(s: Sentence) -> tuple[str, ...]:
    """Attributes the citations speak of."""
    found: list[str] = []
    for item in s.cited:
        found += [getattr(item, "attribute", "")]
        found += getattr(item, "attributes", ())[:3]
        if isinstance(item, Certificate):
            found.append("certificates")
        if isinstance(item, TestReport):
            found.append("tests")
    return tuple(dict.fromkeys(a for a in found if a))


def vocabularies(s: Sentence) -> tuple[Vocabulary, ...]:
    """Harmless words, and what the cited attributes and items lend."""
    lang = base(s.lang)
    return (
        harmless(lang),
        *(of_attribute(a, lang) for a in attributes(s)),
        *(lent_by(i, lang) for i in s.cited),
    )


def names_called(s: Sentence) -> Iterator[str]:
    """What the product, the brand and the places are called."""
    context = s.context
    product = context.catalogue.product(context.product)
    if product:
        yield from (product.name, *product.aliases)
    yield context.catalogue.brand.name
    if context.market:
        yield from country_names(context.market, s.lang)
    for item in s.cited:
        for market in item.markets:
            yield from country_names(market, s.lang)


@functools.lru_cache(maxsize=4096)
def own_words(item: Evidence, lang: str) -> frozenset[str]:
    """Words of an item as it stands, or translated whole."""
    texts = (*plain_texts(item), *translations(item, base(lang)))
    return frozenset(w for t in texts for w, _, _ in tokens(fold(t, lang).low) if not unspaced(w))


@functools.lru_cache(maxsize=4096)
def translations(item: Evidence, lang: str) -> tuple[str, ...]:
    """The item's texts in that language, as far as the table of specification words knows them whole."""
    source = base(item.source.lang) if item.source.lang != "und" else "en"
    wholes = (translated(t, source, lang) for t in plain_texts(item)[:12] if len(t) < 120)
    return tuple(dict.fromkeys(w for w in wholes if w))


_ENDING = 3
"""Letters a name of the product may take on ("фена", "serumda")."""


def name_inflected(s: Sentence, word: str) -> bool:
    """True for a name of the product with an ending of its language."""
    names = (fold(n, s.lang).low for n in names_called(s))
    return any(
        len(part) > 2 and word.startswith(part) and len(word) - len(part) <= _ENDING
        for name in names
        for part in name.split()
    )


def roots_of(s: Sentence) -> frozenset[str]:
    """Words that stand in the citations or name the product, brand and places."""
    found = {w for text in names_called(s) for w, _, _ in tokens(fold(text, s.lang).low) if not unspaced(w)}
    return frozenset(found).union(*(own_words(i, s.lang) for i in s.cited))
