"""In which of a few languages a person wrote: by its letters, then by its small words. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from cohost.common.lexicon import fold, is_dense, stop_words, words_of
from cohost.languages import LANGUAGES, base

_SCRIPTS: dict[str, tuple[str, ...]] = {
    "ru": ("CYRILLIC",), "ar": ("ARABIC",), "hi": ("DEVANAGARI",), "th": ("THAI",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"), "ko": ("HANGUL",), "zh": ("CJK",),
}  # fmt: skip


def written_in(text: str, candidates: Sequence[str]) -> str:
    """The one of `candidates` that the text is in; the first where nothing tells them apart."""
    letters = [c for c in text if c.isalpha()]
    fits = {tag: share_of(letters, tag) for tag in candidates}
    best = max(fits.values(), default=0.0)
    close = [tag for tag in candidates if fits[tag] >= best - 0.1]
    if any(base(t) == "ja" for t in close) and any(base(t) == "zh" for t in close):
        kana = any(unicodedata.name(c, "").startswith(("HIRAGANA", "KATAKANA")) for c in letters)
        close = [t for t in close if base(t) != ("zh" if kana else "ja")]
    if len(close) < 2:
        return close[0] if close else candidates[0]
    said = [w.text for w in words_of(fold(text)) if not is_dense(w.text)]
    counts = {tag: sum(w in stop_words(base(tag)) for w in said) for tag in close}
    return max(close, key=lambda tag: counts[tag])


def own_language(text: str, stated: str) -> str:
    """The language of a text that its paper states, or another one where the text says so."""
    return written_in(
        text, tuple(dict.fromkeys((base(stated), *LANGUAGES))) if stated != "und" else LANGUAGES
    )


def share_of(letters: Sequence[str], tag: str) -> float:
    """The share of a text's letters that are the language's own."""
    scripts = _SCRIPTS.get(base(tag), ("LATIN",))
    return (
        sum(unicodedata.name(c, "").startswith(scripts) for c in letters) / len(letters) if letters else 0.0
    )
