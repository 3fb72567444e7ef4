"""What a drafted sentence may say in a language: harmless words, and those its evidence lends. Pure.

Harmless words (`[harmless]`, `[function]` of guard.toml) carry no claim about a product by themselves:
"weighs", "according to", "sample", "customer". Evidence lends its words in every language that the
tables of specification words (values.toml), of features (features.toml) and of the guard's own concepts
(`[concept]`) can turn them into, all forms of a word alike.
"""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator

import msgspec

from cohost.common import lexicon
from cohost.languages import base, table
from cohost.trust.attributes import display_name, names
from cohost.trust.evidence import Evidence
from cohost.trust.guard_evidence import plain_texts
from cohost.trust.guard_words import DENSE, entries, fold, tokens, unspaced

_SLOT = re.compile(r"\{\w+\}")
_VALUES = ("phrases", "adjectives", "nouns", "conditions")
_SHORTEST = 2
FRAMES = ("value", "line", "source", "paper", "verb", "plural")
"""The composer's frames whose words a draft may use too."""


PHRASED = frozenset({"vi"})
"""Languages that write the syllables of one word apart: an entry counts whole, never its parts alone."""


class Vocabulary(msgspec.Struct, frozen=True):
    """Words as they are, and beginnings of words ("measur*")."""

    words: frozenset[str]
    stems: frozenset[str] = frozenset()

    def knows(self, word: str) -> bool:
        """True when the word stands here or begins as one of the stems."""
        if word in self.words:
            return True
        return bool(self.stems) and any(word[:n] in self.stems for n in range(_SHORTEST, len(word) + 1))


def _vocabulary(forms: Iterable[str], lang: str) -> Vocabulary:
    """Entries of several words lend each of them; unspaced ones stay whole."""
    words: set[str] = set()
    stems: set[str] = set()
    for form in forms:
        low = fold(form.replace("*", ""), lang).low
        parts = [low[a:b] for _, a, b in tokens(low)]
        if form.endswith("*") and parts:
            stems.add(parts.pop())
        words.update([" ".join(parts)] if base(lang) in PHRASED else parts)
    return Vocabulary(frozenset(words), frozenset(stems))


@functools.cache
def harmless(lang: str) -> Vocabulary:
    """Words of the language that claim nothing."""
    return _vocabulary(harmless_entries(lang), lang)


_ALIKE = 0.84
"""Share of its letters that an inflected harmless word has in common with the one listed."""


@functools.cache
def _by_head(lang: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in harmless(lang).words:
        if len(word) > _HEAD:
            found.setdefault(word[:_HEAD], []).append(word)
    return {head: tuple(listed) for head, listed in found.items()}


_HEAD = 4


@functools.lru_cache(maxsize=16384)
def inflected(word: str, lang: str) -> bool:
    """True for another form of a harmless word: all but its last letters are the same."""
    for other in _by_head(lang).get(word[:_HEAD], ()):
        shared = sum(1 for _ in itertools.takewhile(lambda p: p[0] == p[1], zip(word, other, strict=False)))
        if shared >= _ALIKE * max(len(word), len(other)):
            return True
    return False


def harmless_entries(lang: str) -> Iterator[str]:
    """Entries that claim nothing, as the tables hold them."""
    row = table(lang, "guard")
    for section in ("harmless", "function"):
        for listed in row.get(section, {}).values():
            yield from (e for e in entries(listed) if not e.startswith("-"))
    frames = table(lang, "frames")
    for section in FRAMES:
        for text in strings(frames.get(section, {})):
            yield from (w for w, _, _ in tokens(fold(text, lang).low))


@functools.cache
def of_attribute(attribute: str, lang: str) -> Vocabulary:
    """Its name, its row labels and its neutral words (`[about]`), without words that name a feature."""
    return _vocabulary(about(attribute, lang), lang)


def about(attribute: str, lang: str) -> Iterator[str]:
    """Entries an attribute lends."""
    row = names(lang).get(attribute)
    yield display_name(attribute, lang)
    yield from display_name(attribute, lang).split() if lang in PHRASED else ()
    yield from entries(table(lang, "guard").get("about", {}).get(attribute, ""))
    yield from (label for label in (row.labels if row else ()) if not features_in(label))


_NAMED = (
    "use",
    "wear",
    "people",
    "link",
    "device",
    "port",
    "charge",
    "part",
    "clothing",
    "skin",
    "food",
    "harm",
)
_NO_CLAIM = frozenset({"manual", "language_of_device", "speaker", "case", "filter", "phone", "timer"})


def claimed(text: str, lang: str) -> frozenset[str]:
    """Features of a product that a sentence names in its language; papers, shop and company aside."""
    found = lexicon.read(text).section(lexicon.FEATURES, (lang,))
    return frozenset(name for name, _ in found) & named_features()


@functools.cache
def named_features() -> frozenset[str]:
    """Features that only evidence may name."""
    file = importlib.resources.files(__package__) / "features.toml"
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    return frozenset(name for s in _NAMED for name in sections.get(s, {})) - _NO_CLAIM


@functools.lru_cache(maxsize=8192)
def features_in(text: str) -> frozenset[str]:
    """Ids of features the text names, in any language."""
    found = lexicon.read(text).by_name
    prefix = f"{lexicon.FEATURES}."
    return frozenset(name[len(prefix) :] for name in found if name.startswith(prefix))


def strings(value: object) -> Iterator[str]:
    """Every text of a nested table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)


# ---------------------------------------------------------------- what evidence lends


@functools.cache
def _forms(lang: str) -> dict[str, tuple[str, ...]]:
    """Concept → every form of it in the language, folded, slots out."""
    found: dict[str, tuple[str, ...]] = {}
    rows = table(lang, "values")
    for kind in _VALUES:
        for name, forms in rows.get(kind, {}).items():
            found[name] = found.get(name, ()) + tuple(
                fold(_SLOT.sub(" ", f), lang).low.strip() for f in forms
            )
    for name, listed in table(lang, "guard").get("concept", {}).items():
        found[name] = (*found.get(name, ()), *(fold(e, lang).low for e in entries(listed)))
    return found


@functools.cache
def _finder(lang: str) -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """Every form of a language as one pattern, and the concepts of each form."""
    by_form: dict[str, list[str]] = {}
    for concept, forms in _forms(lang).items():
        for form in forms:
            if len(form.strip("*")) >= (1 if unspaced(form) else 3):
                by_form.setdefault(form.strip("*"), []).append(concept)
    loose = {f.strip("*") for fs in _forms(lang).values() for f in fs if f.endswith("*")}
    parts = []
    for form in sorted(by_form, key=len, reverse=True):
        body = r"\W+".join(re.escape(p) for p in form.split())
        glued = base(lang) in DENSE and not form.isascii()
        parts.append(body if glued else rf"(?<!\w){body}" + ("" if form in loose else r"(?!\w)"))
    return re.compile("|".join(parts) or r"(?!)"), {k: tuple(v) for k, v in by_form.items()}


@functools.lru_cache(maxsize=8192)
def concepts_in(text: str, lang: str) -> frozenset[str]:
    """Concepts a text names in that language ("fresh_water"); the longest form at a place counts."""
    low = re.sub(r"[\d%.,:]+", " ", fold(text, lang).low)
    form, known = _finder(base(lang))
    found: set[str] = set()
    for match in form.finditer(low):
        found.update(known.get(" ".join(match.group().split()), ()))
    return frozenset(found)


def _languages(item: Evidence) -> tuple[str, ...]:
    own = base(item.source.lang) if item.source.lang != "und" else "en"
    return tuple(dict.fromkeys((own, "en")))


@functools.lru_cache(maxsize=4096)
def concepts_of(item: Evidence) -> frozenset[str]:
    """Concepts an item names in its own language or in English."""
    found: set[str] = set()
    for text in plain_texts(item):
        for lang in _languages(item):
            found |= concepts_in(text, lang)
    return frozenset(found)


@functools.lru_cache(maxsize=4096)
def features_of(item: Evidence) -> frozenset[str]:
    """Features an item names."""
    return frozenset().union(*(features_in(text) for text in plain_texts(item)))


def forms_of(concept: str, lang: str) -> tuple[str, ...]:
    """All forms of a concept in a language; () where it has none."""
    return _forms(base(lang)).get(concept, ())


@functools.lru_cache(maxsize=4096)
def lent_by(item: Evidence, lang: str) -> Vocabulary:
    """Words of the language that an item of any language lends."""
    return _vocabulary(lent(item, lang), lang)


def lent(item: Evidence, lang: str) -> Iterator[str]:
    """Entries that an item lends."""
    for concept in concepts_of(item):
        yield from forms_of(concept, lang)
    for feature in features_of(item):
        for entry in lexicon.entries(lang, lexicon.FEATURES, feature):
            yield entry.strip("=").replace("~", "*").replace("..", " ")
