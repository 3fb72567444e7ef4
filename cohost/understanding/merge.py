"""One question out of many: the same thing asked again, by others, in other languages. Pure.

A wrong merge (X2 and X2 Pro, EU and US voltage, iPhone and Android) is worse than a missed one, so two
questions are one only when everything the answer depends on is equal; whatever the words alone
distinguish must be the same words.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections import OrderedDict, deque
from collections.abc import Mapping, Reversible

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.common.lexicon import entries, fold, is_dense, read, stop_words, words_of
from cohost.common.question import Question
from cohost.common.show import QuestionEntry, ReplyEntry
from cohost.languages import base
from cohost.trust.attributes import ontology
from cohost.trust.evidence import normal_model

WINDOW_MS = 90_000
SURE = 0.7
"""Confidence of the attributes from which different words may be one question."""

KEYS, SAME_KEY = 2000, 400
"""How many intents and products are kept apart, and questions of each."""

_SIMILAR = 0.85  # of two spellings of a word
_PERSONAL = frozenset({"hazard", "complaint", "order", "personal_data"})
_CLOSED = frozenset({"expired", "failed", "ignored"})

_TELLING = frozenset({
    "battery", "charging_time", "battery_capacity", "energy", "water", "water_column", "breathability",
    "weight", "capacity", "power", "sound_power", "voltage", "plug", "range", "noise", "speed", "load",
    "spf", "shelf_life", "origin", "warranty", "price", "stock", "shipping", "shipping_cost", "ships",
    "returns", "certificates", "air_travel", "dishwasher", "how_to_buy",
})  # fmt: skip
"""Attributes with one answer (given product, market, schemes, features and quantities). Of the others
("does it work with …") the rest of the words matters."""

_EMPTY: Mapping[tuple[str | None, str], int] = {}


class Merge(msgspec.Struct, frozen=True):
    """Which question it is. `answered`: it had been answered in this language, a pointer goes out."""

    question_id: str
    new_language: bool
    answered: bool


class Standing:
    """The questions of a show by what must be equal for two to be one: a storm is not looked through for
    each of its lines. Bounded: the oldest go."""

    def __init__(self) -> None:
        self._by_key: OrderedDict[tuple[str, bool, tuple[str, ...]], deque[QuestionEntry]] = OrderedDict()

    def add(self, entry: QuestionEntry) -> None:
        """In order of time."""
        key = self._key(entry.question)
        self._by_key.setdefault(key, deque(maxlen=SAME_KEY)).append(entry)
        self._by_key.move_to_end(key)
        while len(self._by_key) > KEYS:
            self._by_key.popitem(last=False)

    def like(self, question: Question) -> Reversible[QuestionEntry]:
        """Those that `same` may hold for, the oldest first."""
        return self._by_key.get(self._key(question), ())

    @staticmethod
    def _key(question: Question) -> tuple[str, bool, tuple[str, ...]]:
        human = question.human_check
        return (question.intent, human, () if human else question.products)


def find(
    question: Question,
    entries: Reversible[QuestionEntry],
    *,
    at_ms: int,
    catalogue: Catalogue,
    replies: Mapping[str, ReplyEntry],
    changed: Mapping[tuple[str | None, str], int] = _EMPTY,
    viewer: str | None = None,
    apart: str = "",
    window_ms: int = WINDOW_MS,
) -> Merge | None:
    """The standing question that this one repeats, the newest first.

    `entries` in order of time; `changed` holds when a fact of (product, attribute) last changed: a
    question asked before that is not the same any more. Questions from the platform `apart` stand alone.
    """
    for entry in reversed(entries):
        if at_ms - entry.at_ms > window_ms:
            break
        if entry.question.intent != question.intent or entry.askers[0].platform == apart:
            continue
        if entry.state in _CLOSED or _is_stale(entry, replies, changed):
            continue
        if _only_own(question, entry, viewer) or not same(question, entry.question, catalogue):
            continue
        langs = {_tag(lang) for lang in entry.langs}
        return Merge(
            entry.question.id,
            new_language=_tag(question.lang) not in langs,
            answered=_answered_in(question.lang, entry, replies),
        )
    return None


def _tag(lang: str) -> str:
    """Romanised text is answered in Latin letters, so it counts as a language of its own."""
    return lang if lang.endswith("-Latn") else base(lang)


def _only_own(question: Question, entry: QuestionEntry, viewer: str | None) -> bool:
    """What concerns one person only never joins another person's."""
    if question.intent not in _PERSONAL:
        return False
    return viewer is None or any(asker.viewer != viewer for asker in entry.askers)


def _is_stale(
    entry: QuestionEntry, replies: Mapping[str, ReplyEntry], changed: Mapping[tuple[str | None, str], int]
) -> bool:
    if any(r in replies and replies[r].state == "retracted" for r in entry.replies):
        return True
    asked = entry.question
    return bool(changed) and any(
        changed.get((product, attribute), -1) > entry.at_ms
        for product in (*asked.products, None)
        for attribute in asked.attributes
    )


def _answered_in(lang: str, entry: QuestionEntry, replies: Mapping[str, ReplyEntry]) -> bool:
    return any(
        r in replies
        and replies[r].state == "posted"
        and _tag(replies[r].draft.lang) == _tag(lang)
        and replies[r].pointer_to is None
        for r in entry.replies
    )


def same(a: Question, b: Question, catalogue: Catalogue) -> bool:
    """True when one answer serves both. Symmetric."""
    if a.intent != b.intent or a.human_check != b.human_check:
        return False
    if a.human_check:
        return True
    if not _same_subject(a, b, catalogue):
        return False
    if _alike(a, b):
        return True
    if not a.attributes or not a.intent.startswith("question."):
        return False
    return a.confidence >= SURE and b.confidence >= SURE and _same_rest(a, b)


def _sizes(question: Question) -> object:
    """The sizes and amounts of a body that an answer depends on: M is no L."""
    said = question.sizing
    return (
        (frozenset(said.named), frozenset(said.amounts), said.asked)
        if said
        else (frozenset(), frozenset(), ())
    )


def _same_subject(a: Question, b: Question, catalogue: Catalogue) -> bool:
    if a.products != b.products or set(a.attributes) != set(b.attributes):
        return False
    if _sizes(a) != _sizes(b):
        return False
    if set(a.schemes) != set(b.schemes) or set(a.features) != set(b.features):
        return False
    if normal_model(a.model or "") != normal_model(b.model or ""):
        return False
    if _amounts(a) != _amounts(b):
        return False
    return a.market == b.market or not _market_matters(a, b, catalogue)


def _amounts(question: Question) -> set[tuple[float, str]]:
    return {(round(q.value, 6), q.unit) for q in question.quantities}


def _market_matters(a: Question, b: Question, catalogue: Catalogue) -> bool:
    """Another market is another question when the attribute depends on it, when the viewer named it, or
    when another variant is sold there."""
    known = ontology()
    if not a.attributes or any(known[x].market for x in (*a.attributes, *b.attributes) if x in known):
        return True
    if a.market_named or b.market_named or a.schemes or b.schemes:
        return True
    for product in a.products:
        here, there = (catalogue.variant_in(product, q.market) for q in (a, b))
        if (here and here.model) != (there and there.model):
            return True
    return False


def _same_rest(a: Question, b: Question) -> bool:
    """Attributes with a single answer merge whatever the words; of the others nothing specific may be
    left, or the very same words in one language."""
    if all(attribute in _TELLING for attribute in a.attributes):
        return _specifics(a) == _specifics(b)
    return False


def _specifics(question: Question) -> frozenset[str]:
    """What the line names besides model and schemes, which are compared for themselves."""
    known = " ".join((question.model or "", *question.schemes, *question.features))
    return specifics(question.text) - {w.text for w in words_of(fold(known))}


_OTHER_SCRIPT = re.compile(
    "[\u0400-\u04ff\u0600-\u06ff\u0900-\u097f\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


@functools.lru_cache(maxsize=4096)
def specifics(text: str) -> frozenset[str]:
    """Names and figures that are alike in every language: words with digits, and Latin words in a line
    of another script."""
    line = read(text).line
    found = {w.text for w in line.words if any(c.isdigit() for c in w.text) and not is_dense(w.text)}
    if _OTHER_SCRIPT.search(text):
        found |= {m.group() for m in re.finditer("[a-z]{3,}", line.folded)}
    return frozenset(found)


def _alike(a: Question, b: Question) -> bool:
    """The same words, or nearly: a typo, another greeting; never another figure."""
    if _tag(a.lang) != _tag(b.lang) and "und" not in (a.lang, b.lang):
        return False
    one, two = _normal(a.text), _normal(b.text)
    if one == two:
        return True
    if _numbers(one) != _numbers(two) or min(len(one), len(two)) < 12:
        return False
    mine, theirs = _content(one, a.lang), _content(two, a.lang)
    if mine == theirs:
        return bool(mine)
    if len(mine) != len(theirs):
        return False
    return all(_typo(x, y) for x, y in zip(mine, theirs, strict=True))


def _normal(text: str) -> str:
    return " ".join(w.text for w in words_of(fold(text)))


def _numbers(normal: str) -> list[str]:
    return [w for w in normal.split() if any(c.isdigit() for c in w)]


def _content(normal: str, lang: str) -> list[str]:
    stops = stop_words(base(lang)) - _opposites(base(lang))
    words = normal.split()
    return [w for w in words if w not in stops] if not is_dense(normal) else words


@functools.cache
def _opposites(lang: str) -> frozenset[str]:
    """Function words that turn a question round: "not", "without", "with"."""
    return frozenset(fold(word) for word in entries(lang, "language", "opposites"))


def _typo(x: str, y: str) -> bool:
    if x == y:
        return True
    if (
        is_dense(x)
        or is_dense(y)
        or min(len(x), len(y)) < 6
        or x[0] != y[0]
        or any(c.isdigit() for c in x + y)
    ):
        return False
    return difflib.SequenceMatcher(None, x, y).ratio() >= _SIMILAR
