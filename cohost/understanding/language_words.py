"""What the language of short lines is known by: words of every language's tables, letters, a model. Shell of
one model file; all else pure."""

from __future__ import annotations

import copy
import functools
import re
from typing import Any

from cohost.common.lexicon import entries, fold, split
from cohost.languages import table
from cohost.understanding.letters import ARABIZI, MARKS

LATIN = ("en", "es", "pt", "fr", "de", "it", "nl", "pl", "tr", "vi", "id")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@functools.cache
def vocabulary() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Word → the languages that use it: as written, and folded."""
    written: dict[str, set[str]] = {}
    folded: dict[str, set[str]] = {}
    lists = [(lang, "language", lang) for lang in LATIN] + [
        ("hi", "romanised", "hi-Latn"),
        ("ar", "romanised", "ar-Latn"),
    ]
    for lang, section, tag in lists:
        for entry in entries(lang, section, "words"):
            for word in _vocabulary_words(entry):
                written.setdefault(word, set()).add(tag)
                folded.setdefault(fold(word), set()).add(tag)
    return _frozen(written), _frozen(folded)


@functools.cache
def subjects() -> dict[str, frozenset[str]]:
    """Folded words for what shoppers ask about ("weight", "poids") → the languages whose tables have them."""
    found: dict[str, set[str]] = {}
    for lang in LATIN:
        asked = [(row.get("name", ""), *row.get("labels", ()), *row.get("keys", ()))
                 for row in table(lang, "attributes").values()]  # fmt: skip
        named = [split(words) for kind, name in (("feature", "features"), ("goods", "goods"))
                 for words in table(lang, name).get(kind, {}).values()]  # fmt: skip
        for entry in (entry for row in (*asked, *named) for entry in row):
            for word in WORD.findall(entry):
                if len(word) >= 4:
                    found.setdefault(fold(word), set()).add(lang)
    return _frozen(found)


def _vocabulary_words(entry: str) -> list[str]:
    words = entry.casefold().replace("’", "'").split()
    return [*words, *(w.translate(ARABIZI) for w in words if not w.isalpha() and w.isalnum())]


def _frozen(words: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(tags) for word, tags in words.items()}


@functools.cache
def letters() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for lang, letters in MARKS.items():
        for letter in letters:
            found.setdefault(letter, set()).add(lang)
    return _frozen(found)


@functools.cache
def identifier(langs: tuple[str, ...]) -> Any:
    """py3langid restricted to these languages; the tables are shared between restrictions."""
    if langs:
        restricted = copy.copy(identifier(()))
        restricted.set_languages(langs)
        return restricted
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def load() -> None:
    """Load the model now (about 0.8 s) instead of at the first line."""
    identifier(LATIN)


@functools.cache
def neutral() -> frozenset[str]:
    """Words of every chat in the world: brands, interjections, codes."""
    return frozenset(fold(word) for word in entries("en", "language", "neutral"))


@functools.cache
def loans() -> frozenset[str]:
    return frozenset(fold(word) for word in entries("en", "language", "loans"))
