"""Parts that have papers of their own: the adapter, the cell. Words for them in every language. Pure."""

from __future__ import annotations

import functools
import re

from cohost.languages import LANGUAGES, table
from cohost.trust import words

PARTS = ("adapter", "cell")
_SHORTEST = 4
_COMPOUNDED = 7
"""Letters from which a word is looked for inside a compound: "Steckernetzteil", "voedingsadapter"."""


def parts_named(text: str) -> frozenset[str]:
    """Parts that a question names, in any language and with its endings: "l'adattatore", "zasilacza"."""
    plain = words.plain(text)
    return frozenset(part for part, pattern in _patterns() if pattern.search(plain))


def is_part(component: str, parts: frozenset[str]) -> bool:
    """True when a paper's component is one of these parts."""
    return component in parts or bool(parts & parts_named(component))


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for part in PARTS:
        entries = {words.plain(e) for tag in LANGUAGES for e in table(tag, "documents")["word"][part]}
        forms = [_form(e) for e in sorted(entries, key=len, reverse=True)]
        found.append((part, re.compile("|".join(forms))))
    return tuple(found)


def _form(entry: str) -> str:
    """The word with a short ending in place of its last vowel; scripts without spaces stand anywhere."""
    if words.dense(entry):
        return re.escape(entry)
    stem = entry[:-1] if len(entry) > _SHORTEST + 1 and entry[-1] in "aeiouуыаяиоеь" else entry
    ending = r"\w{0,4}" if len(stem) > _SHORTEST else r"s?"
    start = r"\w{0,12}" if len(stem) >= _COMPOUNDED else r"(?:ال|ل|l'|d'|un')?"
    return rf"(?<!\w){start}{re.escape(stem)}{ending}(?!\w)"
