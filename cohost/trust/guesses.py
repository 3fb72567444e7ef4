"""What a viewer guesses, read against a fact, in any of the languages. Pure.

Numbers go through the readers of amounts and units; words through the names that values have in every
language (`languages/*/values.toml`). What neither knows is left to whoever has an embedder (`Guess.verdict`
"unread"), or is no guess.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from typing import Literal

import msgspec

from cohost.common.lexicon import Line, Match, Phrases, fold, read, stop_words
from cohost.languages import LANGUAGES, base, table
from cohost.trust.attributes import display_name, ontology
from cohost.trust.bilingual import half, language_of
from cohost.trust.evidence import Fact
from cohost.trust.quantities import Amount, amounts, convert, same_dimension
from cohost.trust.values import translate, translate_condition

Verdict = Literal["right", "wrong", "unread", ""]
"""Of a line: right, wrong, words that no table knows, or nothing that could be a value."""

TOLERANCE = 0.005
"""Relative: what conversions and rounding of units leave."""
LEAST_DIGITS = 2
"""A figure of so many significant digits is right where the fact rounds to it: "24 h" for 24.3 h."""
LONGEST_ANSWER = 60
LONGEST_GUESS = 80
MOST_WORDS = 3
"""Words of an answer that no table knows and that a viewer may still be asked for."""
_NO_GAME = frozenset({"in_the_box", "how_to_use", "care", "washing", "safety", "pregnancy", "effect", "age"})
"""Instructions, and what nobody should guess at."""
_NO_FORM = ("bool", "paper", "policy", "money")
_KINDS = ("nouns", "adjectives", "phrases")
_NO_VALUE = frozenset({"yes", "no", "passed", "failed", "included", "not_included", "not_applicable"})
_ANSWER = "answer"


class Guess(msgspec.Struct, frozen=True):
    """`start`, `end`: where the value stands in the folded line."""

    verdict: Verdict
    start: int = 0
    end: int = 0


def guessable(fact: Fact) -> bool:
    """True for a figure or a few words that a viewer could find: no yes or no, no chart, no sentence, nothing
    that the pages show anyway or that is told per market."""
    spec = ontology().get(fact.attribute)
    if (
        spec is None
        or spec.id in _NO_GAME
        or spec.market
        or spec.form in ("bool", "paper", "policy", "money")
    ):
        return False
    if fact.size is not None or fact.between_sizes or not fact.polarity or fact.product is None:
        return False
    value = fact.value
    if isinstance(value, bool):
        return False
    if figures(fact):
        return True
    words = [str(v) for v in value] if isinstance(value, tuple) else [str(value)]
    return bool(words) and all(_findable(w, fact.source.lang) for w in words)


def _findable(words: str, lang: str) -> bool:
    if not words.strip() or len(words) > LONGEST_ANSWER:
        return False
    return bool(_ids(words, lang)) or len(words.split()) <= MOST_WORDS


def figures(fact: Fact) -> tuple[float, float] | None:
    """The fact's number or range; None for words."""
    value = fact.value
    if isinstance(value, bool | str):
        return None
    ends = value if isinstance(value, tuple) else (value, value)
    numbers = [float(end) for end in ends if not isinstance(end, str | bool)]
    return (numbers[0], numbers[-1]) if numbers and len(numbers) == len(ends) else None


def judge(text: str, lang: str, fact: Fact) -> Guess:
    """What a line guesses. `lang` may be "und"."""
    line = " ".join(text.split())[:LONGEST_GUESS]
    if not line:
        return Guess("")
    answer = figures(fact)
    return _number(line, lang, answer, fact.unit) if answer else _words(line, lang, fact)


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────
def _number(text: str, lang: str, answer: tuple[float, float], unit: str | None) -> Guess:
    """The first figure counts; one of another dimension is no guess."""
    tag = base(lang) if base(lang) in LANGUAGES else "en"
    for amount in amounts(text, tag):
        if not _written(amount, text, tag):
            continue
        told = _in_unit(answer, unit, amount.unit)
        if told is None:
            continue
        hit = _within((amount.low, amount.high), told, _digits(amount))
        return Guess("right" if hit else "wrong", amount.start, amount.end)
    return Guess("")


def _written(amount: Amount, text: str, lang: str) -> bool:
    """In digits; or in words with no other word before it, of which it may be a part ("twenty four")."""
    if any(c.isdigit() for c in amount.text):
        return True
    before = read(text[: amount.start]).line.words
    return all(word.text in stop_words(lang) for word in before)


def _in_unit(
    answer: tuple[float, float], unit: str | None, guessed: str | None
) -> tuple[float, float] | None:
    """The answer in the unit that was guessed in; a bare number is in the fact's. None: no such unit."""
    if guessed is None or guessed == unit:
        return answer
    if unit is None or not same_dimension(guessed, unit):
        return None
    low, high = convert(answer[0], unit, guessed), convert(answer[1], unit, guessed)
    return None if low is None or high is None else (low, high)


def _within(told: tuple[float, float], answer: tuple[float, float], digits: int) -> bool:
    """A range is right where both ends are; one figure is right inside a range."""
    if told[0] != told[1]:
        return all(_same(a, b, digits) for a, b in zip(told, answer, strict=True))
    return (
        _same(told[0], answer[0], digits)
        or _same(told[0], answer[1], digits)
        or (answer[0] <= told[0] <= answer[1])
    )


def _same(told: float, answer: float, digits: int) -> bool:
    if math.isclose(told, answer, rel_tol=TOLERANCE, abs_tol=1e-9):
        return True
    if digits < LEAST_DIGITS or not answer:
        return False
    places = digits - 1 - math.floor(math.log10(abs(answer)))
    return math.isclose(round(answer, places), told, rel_tol=1e-9, abs_tol=1e-9)


def _digits(amount: Amount) -> int:
    """Significant digits as written: "24" 2, "0,58" 2, "600" 1."""
    words = amount.text if any(c.isdigit() for c in amount.text) else f"{amount.low:g}"
    number = "".join(c for c in words.split("-")[0] if c.isdigit())
    whole = number.lstrip("0")
    return len(whole) if any(mark in words for mark in ".,٫") else len(whole.rstrip("0"))


# ── words ───────────────────────────────────────────────────────────────────────────────────────
@functools.cache
def _known() -> Phrases:
    """Every name of every value, in every language: "de|nouns:wood"."""

    def every() -> Iterable[tuple[str, str]]:
        for lang in LANGUAGES:
            rows = table(lang, "values")
            for kind in _KINDS:
                for name, forms in rows.get(kind, {}).items():
                    if name not in _NO_VALUE:
                        yield from ((f"{lang}|{kind}:{name}", form) for form in forms if "{q}" not in form)

    return Phrases(every())


def _ids(text: str, lang: str) -> dict[str, Match]:
    """Values named in a text, in the order of the text, the longest names first: id → where. In the line's
    language and English; in any other where these name none ("or" is gold in one only)."""
    hits = _known().find(Line(text))
    own = [h for h in hits if h.label.partition("|")[0] in (base(lang), "en")]
    taken: list[Match] = []
    for hit in sorted(own or hits, key=lambda m: m.start - m.end):
        if all(hit.end <= t.start or t.end <= hit.start or _span(hit) == _span(t) for t in taken):
            taken.append(hit)
    return {hit.label.partition("|")[2]: hit for hit in sorted(taken, key=lambda m: m.start)}


def _span(hit: Match) -> tuple[int, int]:
    return hit.start, hit.end


class _Wanted(msgspec.Struct, frozen=True):
    """One word or phrase of an answer: what it is made of, and what of it has to be named."""

    every: frozenset[str]
    needed: frozenset[str]
    literals: frozenset[str]  # folded, as the document has it, in each of its languages


@functools.lru_cache(maxsize=64)
def _wanted(fact: Fact) -> tuple[_Wanted, ...]:
    value = fact.value
    found = []
    for words in [str(v) for v in value] if isinstance(value, tuple) else [str(value)]:
        every = frozenset(_ids(words, fact.source.lang))
        nouns = frozenset(i for i in every if i.startswith("nouns:"))
        halves = {words, *(half(words, lang) for lang in LANGUAGES)}
        found.append(_Wanted(every, nouns or every, frozenset(" ".join(fold(h).split()) for h in halves)))
    return tuple(found)


def _words(text: str, lang: str, fact: Fact) -> Guess:
    """Of a list any one is right. Naming much more than the answer is no guess of it."""
    folded = " ".join(fold(text).split())
    ids = _ids(text, lang)
    known = frozenset(ids)
    for wanted in _wanted(fact):
        hits = [(at, at + len(own)) for own in wanted.literals if (at := _literal(folded, own)) >= 0]
        if hits and len(known - wanted.every) <= 1:
            return Guess("right", *max(hits, key=lambda hit: hit[1] - hit[0]))
        enough = wanted.needed and wanted.needed <= known and len(known - wanted.every) <= 1
        if enough and _first(ids) in wanted.every:
            return Guess("right", *_reach(ids))
    part = any(known <= wanted.every for wanted in _wanted(fact))  # of the answer, and nothing else
    if ids and not part:
        return Guess("wrong", *_reach(ids))
    return Guess("unread", 0, len(folded))


def _literal(folded: str, literal: str) -> int:
    """Where the document's own words stand, not inside a longer word; -1 nowhere."""
    if not literal:
        return -1
    at = folded.find(literal)
    if at < 0:
        return -1
    before, after = folded[at - 1 : at], folded[at + len(literal) : at + len(literal) + 1]
    inside = (before.isalnum() and before.isascii()) or (after.isalnum() and after.isascii())
    return -1 if inside else at


def _first(ids: dict[str, Match]) -> str:
    return next(iter(ids))


def _reach(ids: dict[str, Match]) -> tuple[int, int]:
    return min(m.start for m in ids.values()), max(m.end for m in ids.values())


def rows(fact: Fact, lang: str) -> list[tuple[str, str]]:
    """(id, name) of every value in one language, and the fact's own words under `answer`: what an embedder
    compares a guess with that no table knows."""
    own = table(lang, "values")
    found = [
        (f"{kind}:{name}", forms[0])
        for kind in ("nouns", "adjectives")
        for name, forms in own.get(kind, {}).items()
        if "{q}" not in forms[0]
    ]
    value = fact.value
    for words in [str(v) for v in value] if isinstance(value, tuple) else [str(value)]:
        found.append((_ANSWER, translate(words, fact.source.lang, lang) or words))
    return found


NEAR = 0.5
"""Score of meaning (0..1) from which a guess is a value at all: as near as two ways to say the same."""
MARGIN = 0.08
"""By so much the answer must be nearer than any other value."""


def judge_meaning(scores: Iterable[tuple[str, float]], fact: Fact) -> Verdict:
    """Of words that no table knows, from the scores of `rows`, best first. Parts of the answer speak neither
    for it nor against it."""
    own = {_ANSWER} | {i for wanted in _wanted(fact) for i in wanted.needed if len(wanted.needed) == 1}
    parts = {i for wanted in _wanted(fact) for i in wanted.every}
    listed = list(scores)
    if not listed or listed[0][1] < NEAR:
        return ""
    mine = max((score for name, score in listed if name in own), default=0.0)
    others = max((score for name, score in listed if name not in own | parts), default=0.0)
    if mine >= max(NEAR, others + MARGIN):
        return "right"
    return "wrong" if others >= mine + MARGIN else ""


def asked_of(fact: Fact, lang: str) -> str:
    """What is guessed, in a language: the attribute, and under which condition where that can be said in it
    and gives nothing away."""
    name = display_name(fact.attribute, lang)
    words = half(fact.condition, lang)
    told = translate_condition(words, language_of(words, fact.source.lang), lang) if words else None
    if not told or _tells(told, lang, fact):
        return name
    return f"{name}（{told}）" if base(lang) in ("zh", "ja") else f"{name} ({told})"


def _tells(condition: str, lang: str, fact: Fact) -> bool:
    """True where a condition holds the answer."""
    answer = figures(fact)
    if answer is None:
        return judge(condition, lang, fact).verdict == "right"
    return any(_within((a.low, a.high), answer, _digits(a)) for a in amounts(condition, base(lang)))
