"""The closed words of a language, and when two words are one in two forms (R0)."""

from __future__ import annotations

import functools

from cohost.languages import table
from cohost.trust.guard_vocab import FRAMES, strings
from cohost.trust.guard_words import entries, fold, function_words, tokens, unspaced

SHORTEST_ROOT = 4


def akin(a: str, b: str) -> bool:
    """True for the same word in two forms: a long common beginning ("charging", "charges")."""
    if a == b:
        return True
    shared = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        shared += 1
    return shared >= SHORTEST_ROOT and shared >= 0.65 * max(len(a), len(b))


@functools.cache
def closed(lang: str) -> frozenset[str]:
    """Function words of the guard's table and the words of the composer's frames."""
    frames = table(lang, "frames")
    found = set(function_words(lang))
    for section in FRAMES:
        for text in strings(frames.get(section, {})):
            found |= {w for w, _, _ in tokens(fold(text, lang).low) if not unspaced(w)}
    return frozenset(found)


@functools.cache
def framing(lang: str) -> frozenset[str]:
    """Words that name the source ("report", "page"): any form of them is closed too."""
    row = table(lang, "guard").get("function", {})
    found = {fold(e, lang).low for e in entries(row.get("framing", ""))}
    return frozenset(w for w in found if len(w) > SHORTEST_ROOT)
