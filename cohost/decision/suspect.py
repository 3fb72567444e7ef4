"""What is wrong with a sentence beside what the guard says: it repeats the prompt, it is in another
language, it has no end. Pure."""

from __future__ import annotations

import functools
import re
import unicodedata

from cohost.errors import WriterFault
from cohost.languages import LANGUAGES, base, table

MAX_REPLY = 400
"""Characters of a reply. A sentence that is longer has no end."""
LEAKED = 6
"""Words in a row that only the prompt says."""
_OTHERS = 3
"""Words of another language that make a sentence one of it, where its own are half as many or fewer."""
_LEAST_OWN = 0.5  # of the letters that stand in no evidence
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "ru": ("CYRILLIC",), "ar": ("ARABIC",), "hi": ("DEVANAGARI",), "th": ("THAI",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"), "ko": ("HANGUL",), "zh": ("CJK",),
}  # fmt: skip
_NAMES = re.compile(r"[A-Z][A-Za-z0-9./-]*|[\"“«„「][^\"”»“」]*[\"”»“」]")
_WORD = re.compile(r"[^\W\d_]+")

Runs = frozenset[tuple[str, ...]]


@functools.lru_cache(maxsize=64)
def runs(text: str) -> Runs:
    """Every six words in a row of a prompt's own text; a line's end parts them."""
    found: set[tuple[str, ...]] = set()
    for line in text.splitlines():
        words = _WORD.findall(line.casefold())
        found.update(tuple(words[n : n + LEAKED]) for n in range(len(words) - LEAKED + 1))
    return frozenset(found)


def leaks(text: str, prompt: Runs) -> bool:
    """True when a sentence says six words in a row as the prompt does."""
    words = _WORD.findall(text.casefold())
    return any(tuple(words[n : n + LEAKED]) in prompt for n in range(len(words) - LEAKED + 1))


def speaks(text: str, lang: str) -> bool:
    """True when the letters are those of the language's script; names, codes and quotes aside."""
    letters = [c for c in _NAMES.sub("", text) if c.isalpha()]
    if not letters:
        return bool(text.strip())
    scripts = _SCRIPTS.get(base(lang), ("LATIN",))
    own = sum(unicodedata.name(c, "").startswith(scripts) for c in letters)
    if base(lang) == "zh" and any(
        unicodedata.name(c, "").startswith(("HIRAGANA", "HANGUL")) for c in letters
    ):
        return False
    return own / len(letters) >= _LEAST_OWN


@functools.cache
def _usual(lang: str) -> frozenset[str]:
    words = str(table(lang, "lexicon").get("language", {}).get("words", ""))
    return frozenset(w.strip().casefold() for w in words.split(",")) - {""}


def another_language(text: str, lang: str) -> bool:
    """True when the script is another's, or the usual words of another language are three or more and
    twice as many as its own."""
    if not speaks(text, lang):
        return True
    words = _WORD.findall(text.casefold())
    own = sum(w in _usual(base(lang)) for w in words)
    most = max(sum(w in _usual(other) for w in words) for other in LANGUAGES if other != base(lang))
    return most >= _OTHERS and own * 2 <= most


def refused_for(text: str, lang: str, prompt: Runs) -> WriterFault:
    """What a sentence that may not go out says about the server that wrote it."""
    if leaks(text, prompt):
        return "leak"
    if len(text) > MAX_REPLY:
        return "endless"
    return "language" if another_language(text, lang) else "claim"
