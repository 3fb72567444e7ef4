"""Papers that say everything twice ("空旷环境 open area"): one language's half of such a text. Pure."""

from __future__ import annotations

import re
from typing import Literal

Side = Literal["own", "latin", "neutral"]

_OWN = re.compile(
    "[\u0400-\u052f\u0590-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ][a-zà-ɏ]{2,}|[a-zà-ɏ]{2,}")
_UNITS = frozenset({
    "mm", "cm", "km", "kg", "mg", "mah", "wh", "hz", "khz", "mhz", "ghz", "ml", "db", "min", "mw", "kw", "ph",
    "vac", "vdc", "lux", "rpm", "bar", "kpa", "lm",
})  # fmt: skip
_PARTS = re.compile(r"([,;/、，；／·]\s*)")
LATIN_SCRIPT = frozenset({"en", "es", "pt", "fr", "de", "it", "nl", "pl", "tr", "vi", "id"})


def half(text: str, lang: str) -> str:
    """The half of a bilingual text that serves `lang`: Latin letters for a language written in them (and
    for every other one that is not on the paper), else the paper's own script. A text in one script, or
    one without words, comes back as it is."""
    if not (_OWN.search(text) and any(_side(w) == "latin" for w in text.split())):
        return text
    want: Side = "own" if lang not in LATIN_SCRIPT and _serves(text, lang) else "latin"
    pieces = _PARTS.split(text)
    kept = [_half_of(p, want) if n % 2 == 0 else p for n, p in enumerate(pieces)]
    joined = "".join(kept).strip(" ,;/、，；／·")
    return " ".join(joined.split()) or text


def language_of(text: str, source: str) -> str:
    """The language of a half: the paper's, unless its letters say otherwise ("en" for Latin letters on a
    Chinese paper, "zh" for Han on an English one)."""
    own = _OWN.search(text) is not None
    if own and source in LATIN_SCRIPT:
        return next((lang for lang in _RANGES if _serves(text, lang)), source)
    return "en" if not own and source not in LATIN_SCRIPT else source


_RANGES = {
    "ja": "\u3040-\u30ff", "zh": "\u3400-\u9fff", "ko": "\uac00-\ud7af", "th": "\u0e00-\u0e7f",
    "ru": "\u0400-\u052f", "ar": "\u0600-\u06ff", "hi": "\u0900-\u097f",
}  # fmt: skip


def _serves(text: str, lang: str) -> bool:
    """True when the text's other script is the one this language is written in."""
    return lang in _RANGES and re.search(f"[{_RANGES[lang]}]", text) is not None


def _half_of(part: str, want: Side) -> str:
    """Numbers, units and codes go with the words beside them; a half without any gets the other's."""
    words = part.split()
    sides = [_side(w) for w in words]
    if not {"own", "latin"} <= set(sides):
        return part
    owner = _owners(sides)
    mine = [w for w, o in zip(words, owner, strict=True) if o == want]
    if not any(s == "neutral" for s, o in zip(sides, owner, strict=True) if o == want) and "neutral" in sides:
        if want == "own":
            return part  # torn apart, a number would stand beside words that the paper has elsewhere
        mine = [w for w, s in zip(words, sides, strict=True) if s in (want, "neutral")]
    return " ".join(mine)


def _owners(sides: list[Side]) -> list[Side]:
    """Each neutral word belongs to the words that follow it, at the end to those before."""
    owner: list[Side] = list(sides)
    following: Side = "neutral"
    for n in range(len(sides) - 1, -1, -1):
        if sides[n] != "neutral":
            following = sides[n]
        owner[n] = following
    for n, side in enumerate(owner):
        if side == "neutral" and n:
            owner[n] = owner[n - 1]
    return owner


def _side(word: str) -> Side:
    if _OWN.search(word):
        return "own"
    plain = word.strip("()[]\"'.:,;").lower()
    return "latin" if _LATIN_WORD.search(word) and plain not in _UNITS else "neutral"
