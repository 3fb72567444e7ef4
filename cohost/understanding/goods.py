"""What goods are called in eighteen languages (`languages/*/goods.toml`): "침낭" is a sleeping bag. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from cohost.common.lexicon import Line, Phrases, split
from cohost.languages import LANGUAGES, table

TABLE, SECTION = "goods", "goods"


@functools.cache
def _words() -> dict[str, tuple[str, ...]]:
    """Kind of goods → what it is called, in every language."""
    found: dict[str, list[str]] = {}
    for lang in LANGUAGES:
        for kind, entries in table(lang, TABLE).get(SECTION, {}).items():
            found.setdefault(kind, []).extend(split(entries))
    return {kind: tuple(dict.fromkeys(words)) for kind, words in found.items()}


@functools.cache
def _phrases() -> Phrases:
    return Phrases((kind, word) for kind, words in _words().items() for word in words)


def goods_words(kind: str) -> tuple[str, ...]:
    """Every word for a kind of goods, in the lexicon's form."""
    return _words().get(kind, ())


def kinds_of(names: Iterable[str]) -> tuple[str, ...]:
    """The kinds of goods that a product's names tell: of two words in one place the longer ("rain jacket",
    not "jacket")."""
    found: dict[str, None] = {}
    for name in names:
        taken: list[tuple[int, int]] = []
        for match in sorted(_phrases().find(Line(name)), key=lambda m: m.start - m.end):
            if not any(match.start < end and start < match.end for start, end in taken):
                taken.append((match.start, match.end))
                found[match.label] = None
            elif (match.start, match.end) in taken:
                found[match.label] = None
    return tuple(found)
