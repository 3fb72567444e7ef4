"""R7: whether a sentence keeps the condition of a figure."""

from __future__ import annotations

from cohost.languages import base
from cohost.trust.bilingual import half, language_of
from cohost.trust.evidence import Evidence
from cohost.trust.guard_evidence import Figure, read_amounts, same_figure, translated
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_vocab import concepts_in
from cohost.trust.guard_words import fold, tokens, unspaced
from cohost.trust.quantities import amounts


def condition_kept(s: Sentence, condition: str, item: Evidence) -> bool:
    """True when the condition stands in the sentence: all its numbers, else most of its words, in the
    paper's language or translated."""
    lang = base(item.source.lang) if item.source.lang != "und" else "en"
    numbers = amounts(condition, lang)
    if numbers:
        wanted = [Figure(n.low, n.high, n.unit, "", "condition", item) for n in numbers]
        said = read_amounts(s.figured, s.lang)
        return all(any(same_figure(a, w) for a in said) for w in wanted)
    halves = {half(condition, base(s.lang)), half(condition, lang), half(condition, "en")}
    forms = [fold(form, lang).low for form in (condition, *halves)]
    target = base(s.lang)
    for form in (condition, *halves):
        other = translated(form, language_of(form, lang), target)
        forms += [fold(other, s.lang).low] if other else []
    if any(words_shared(form, s.low) >= 0.6 for form in forms):
        return True
    told = concepts_in(condition, lang) | concepts_in(condition, "en")
    return bool(told) and bool(told & concepts_in(s.shown, s.lang))


def words_shared(wanted: str, low: str) -> float:
    """Share of the content words of one folded text that stand in another (letter pairs where unspaced)."""
    parts: list[str] = []
    for word, _, _ in tokens(wanted):
        if unspaced(word):
            parts += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
        elif len(word) > 2 or word.isdigit():
            parts.append(word[: max(4, len(word) - 2)])
    return sum(p in low for p in parts) / len(parts) if parts else 1.0
