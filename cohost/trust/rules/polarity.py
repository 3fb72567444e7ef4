"""R0's polarity: a denial stands in the citations, and theirs stands in the sentence."""

from __future__ import annotations

import functools

from cohost.languages import base
from cohost.trust.evidence import Evidence, Fact, MarketFact, Passage, Policy
from cohost.trust.guard_evidence import figures_of, plain_texts, same_figure
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_vocab import concepts_in, forms_of
from cohost.trust.guard_words import (
    classes,
    clause_denied,
    denials,
    fold,
    negated,
    spans,
    tokens,
    unspaced,
)
from cohost.trust.rules.closed import SHORTEST_ROOT, akin, closed
from cohost.trust.rules.fault import Fault
from cohost.trust.rules.limits import only_limits
from cohost.trust.rules.water import claims_of, codes_of


def _denied_item(item: Evidence) -> bool:
    return (isinstance(item, Fact) and (not item.polarity or item.value is False)) or (
        isinstance(item, MarketFact) and item.value in (False, 0)
    )


def _has_denial(item: Evidence) -> bool:
    if _denied_item(item):
        return True
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    return any(denials(text, tag) for text in plain_texts(item) for tag in {lang, "en"})


def check_polarity(s: Sentence) -> Fault | None:
    """A denial stands in the citations, and theirs stands in the sentence."""
    bare = _without_quotes(s)
    limits = only_limits(s)
    denies = denials(bare, s.lang) > 0
    with_denial = [i for i in s.cited if _has_denial(i)]
    if denies and not with_denial and not limits:
        return Fault("R0", s.shown[:60], "denies something; no citation does")
    if not denies and any(_denied_item(i) for i in s.cited):
        denied = next(i for i in s.cited if _denied_item(i))
        return Fault("R0", s.shown[:60], f"affirms what {denied.id} denies")
    if not denies and len(with_denial) == len(s.cited) and not _same_language(s) and not s.quotes:
        texts = [i for i in with_denial if isinstance(i, Passage | Policy)]
        if texts:
            return Fault("R0", s.shown[:60], f"leaves out the denial of {texts[0].id}")
    if denies and not limits and _other_denied(s):
        return Fault("R0", s.shown[:60], f"denies something else than {s.cited[0].id}")
    return _subject_affirmed(s) or _turned(s, limits=limits)


def _other_denied(s: Sentence) -> bool:
    """Every citation is a denying fact whose subject has words in this language, and none of them stands
    in the sentence ("no Bluetooth" beside "3.5 mm jack: no")."""
    facts = [i for i in s.cited if isinstance(i, Fact) and _denied_item(i)]
    if len(facts) < len(s.cited) or any(i.attribute == "water" for i in facts):
        return False
    said = [word for word, _, _ in tokens(s.low)]
    for item in facts:
        forms = _subject_forms(s, item)
        parts = {part for form in forms for part in form.strip("*").split() if len(part) >= SHORTEST_ROOT}
        if not forms or _subject(s, item) or any(akin(word, part) for word in said for part in parts):
            return False
    return True


def _subject_forms(s: Sentence, item: Fact) -> frozenset[str]:
    """Words of this language for what a fact is about: its condition, else its attribute."""
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    about = item.condition or item.attribute.replace("_", " ")
    concepts = concepts_in(about, lang) | concepts_in(about, "en")
    return frozenset(f for c in concepts for f in forms_of(c, s.lang) if len(f) > 1)


def _subject_affirmed(s: Sentence) -> Fault | None:
    """What a cited fact denies is not affirmed beside another denial ("no cable needed: it charges
    wirelessly"), whatever the languages of the two."""
    for item in s.cited:
        if not isinstance(item, Fact) or not _denied_item(item):
            continue
        places = _subject(s, item)
        if places and not any(_denied_at(s, a, b) for a, b in places):
            words = s.shown[places[0][0] : places[0][1]]
            return Fault("R0", words, f"affirms “{words}”; {item.id} denies it")
    return None


def _denied_at(s: Sentence, start: int, end: int) -> bool:
    return negated(s.low, start, end, s.lang) or clause_denied(s.low, start, end, s.lang)


def _subject(s: Sentence, item: Fact) -> list[tuple[int, int]]:
    """Where the sentence names what the fact is about: the words of its condition, or its figure."""
    forms = _subject_forms(s, item)
    found = [(a, a + len(f)) for f in forms if (a := s.low.find(f.strip("*"))) >= 0]
    wanted = [f for f in figures_of(item) if f.role == "condition" and f.unit is not None]
    return found + [(x.start, x.end) for x in s.amounts if any(same_figure(x, f) for f in wanted)]


def _without_quotes(s: Sentence) -> str:
    text = s.shown
    for quote in s.quotes:
        text = text[: quote.start] + " " * (quote.end - quote.start) + text[quote.end :]
    return text


def _same_language(s: Sentence) -> bool:
    return any(base(i.source.lang) == base(s.lang) for i in s.cited)


def _turned(s: Sentence, *, limits: bool) -> Fault | None:
    """A word that the citations only deny is not affirmed; a denial denies something that they deny."""
    lang, known = base(s.lang), closed(base(s.lang))
    said = [voice for i in s.cited for voice in _voices(i, lang)]
    denied_here, denied_there = "", False
    for word, start, end in tokens(s.low):
        if unspaced(word) or word in known or len(word) < SHORTEST_ROOT or s.hidden(start, end):
            continue
        seen = {denied for other, denied in said if akin(word, other)}
        if negated(s.low, start, end, s.lang):
            denied_here = denied_here or (s.shown[start:end] if seen else "")
            denied_there = denied_there or True in seen
        elif seen == {True}:
            words = s.shown[start:end]
            return Fault("R0", words, f"affirms “{words}”; its citation denies it")
    if denied_here and not denied_there and not limits:
        return Fault("R0", denied_here, f"denies “{denied_here}”; its citation affirms it")
    return _water_denied(s)


def _water_denied(s: Sentence) -> Fault | None:
    """ "not waterproof" beside an IPX7 report that denies nothing of the kind."""
    papers = [i for i in s.cited if codes_of(i) or claims_of(i)]
    if not papers:
        return None
    for kind in classes(s.lang, "water"):
        for start, end in spans(s.low, s.lang, "water", kind):
            if negated(s.low, start, end, s.lang) and not any(_denies_water(i) for i in s.cited):
                words = s.shown[start:end]
                return Fault("R0", words, f"denies “{words}”; no citation does")
    return None


@functools.lru_cache(maxsize=4096)
def _denies_water(item: Evidence) -> bool:
    if _denied_item(item):
        return True
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    for text in plain_texts(item):
        for tag in {lang, "en"}:
            low = fold(text, tag).low
            if any(negated(low, *p, tag) for k in classes(tag, "water") for p in spans(low, tag, "water", k)):
                return True
    return False


@functools.lru_cache(maxsize=4096)
def _voices(item: Evidence, lang: str) -> frozenset[tuple[str, bool]]:
    """(word, denied) as the item says it in that language. A question counts as its answer begins:
    "Does it charge wirelessly? No, …" denies "wirelessly"."""
    own = base(item.source.lang) if item.source.lang != "und" else "en"
    if own != lang:
        return frozenset()
    found: set[tuple[str, bool]] = set()
    for text in plain_texts(item):
        low = fold(text, lang).low
        for word, start, end in tokens(low):
            asked = low.find("?", end)
            if asked >= 0 and not any(c in low[end:asked] for c in ".!;:"):
                answer = low[asked + 1 : asked + 40]
                found.add((word, denials(answer.split(",")[0].split(".")[0], lang) > 0))
            else:
                found.add((word, negated(low, start, end, lang)))
    return frozenset(found)
