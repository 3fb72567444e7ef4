"""Words as matching sees them: one plain form of a text, its words and their light stems.

Viewers type without accents, full-width, in mixed scripts and with typos; specification sheets use
ligatures and brackets. Everything that compares words goes through here. Pure.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

_DROPPED = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670\u093c\u200b-\u200f\u2060\ufe0f\u00ad]")
_FOLDED = str.maketrans({
    "ı": "i", "đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",
    "ँ": "ं", "’": "'", "‘": "'", "´": "'", "`": "'", "–": "-", "—": "-", "‑": "-", "・": " ", "·": " ",
})  # fmt: skip
_FOLDED_KEEPING = {code: folded for code, folded in _FOLDED.items() if folded in "'- "}
_DENSE = "\u0e00-\u0e7f\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_DENSE_RUN = re.compile(f"[{_DENSE}]+")
_PIECE = re.compile(rf"[{_DENSE}]+|[^\W_{_DENSE}][\w\u0900-\u097f]*(?<![{_DENSE}])|\d+")
_ARABIC_HEAD = re.compile("^(?:وال|بال|كال|فال|لل|ال)(?=\\w{3})")
_ENDINGS: dict[str, tuple[str, ...]] = {
    "": ("s", "e"),
    "en": ("ing", "ies", "es", "ed", "s", "e", "y"),
    "es": ("aciones", "ciones", "cion", "ar", "er", "ir", "os", "as", "es", "an", "en", "s", "o", "a", "e"),
    "pt": ("acoes", "coes", "cao", "ar", "er", "ir", "os", "as", "es", "am", "em", "s", "o", "a", "e"),
    "fr": ("ements", "ement", "ees", "ent", "er", "ez", "es", "ee", "s", "e", "x"),
    "de": ("en", "er", "em", "es", "et", "e", "s", "n", "t"),
    "nl": ("en", "er", "je", "e", "s", "n", "t"),
    "it": ("zioni", "zione", "i", "o", "a", "e"),
    "pl": ("ego", "emu", "ych", "ach", "ami", "owi", "ow", "om", "ej", "ie", "em", "a", "y",
           "i", "e", "u", "o"),
    "ru": ("ами", "ями", "ого", "ему", "ых", "их", "ах", "ях", "ов", "ев", "ом", "ем", "ам", "ой", "ая",
           "ое", "ые", "ии", "ия", "а", "я", "ы", "и", "у", "ю", "е", "о", "ь"),
    "tr": ("lari", "leri", "nin", "nun", "lar", "ler", "si", "su", "in", "un", "da", "de", "i", "u", "a",
           "e"),
    "id": ("nya", "kah"),
    "ar": ("ها", "ات", "ين", "ون", "ه", "ي"),
    "hi": ("ियां", "ियों", "ों", "ें", "ी", "ा", "े"),
    "vi": (),
}  # fmt: skip
_SHORTEST_STEM = 4
_SHORT_STEMS = frozenset({"ar", "hi", "ru", "tr", "pl"})  # languages whose roots often have three letters


@functools.lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """NFKC, case folded, without Latin accents, Arabic vowel signs and hyphen or apostrophe variants."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    kept = unicodedata.normalize("NFC", _DROPPED.sub("", folded))
    return " ".join(kept.translate(_FOLDED).split())


@functools.lru_cache(maxsize=4096)
def toned(text: str) -> str:
    """Like `plain`, with the accents kept: in Vietnamese they tell words apart ("bơi", "bôi")."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED_KEEPING).split())


def has_accents(text: str) -> bool:
    """True when a Latin letter of the text carries an accent, or is đ."""
    return (
        "đ" in text
        or "Đ" in text
        or any("\u0300" <= c <= "\u036f" for c in unicodedata.normalize("NFD", text))
    )


def dense(text: str) -> bool:
    """True when the text holds a script written without spaces, or (Korean) with glued particles."""
    return _DENSE_RUN.search(text) is not None


def pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Words and unspaced runs of a plain text with their spans."""
    for match in _PIECE.finditer(text):
        yield match.group(), match.start(), match.end()


@functools.lru_cache(maxsize=16384)
def stem(word: str, lang: str) -> str:
    """A light stem: one inflectional ending off, never shorter than three or four letters."""
    if lang == "ar":
        word = _ARABIC_HEAD.sub("", word)
    shortest = 3 if lang in _SHORT_STEMS else _SHORTEST_STEM
    if len(word) <= shortest or word.isdigit():
        return word
    for ending in _ENDINGS.get(lang, _ENDINGS[""]):
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word[: -len(ending)]
    return word


def features(text: str, lang: str) -> list[str]:
    """What a plain text is compared by: stems, pairs of stems, and character pairs of dense runs."""
    found: list[str] = []
    before = ""
    for piece, _, _ in pieces(text):
        if _DENSE_RUN.match(piece):
            found.extend(piece[i : i + 2] for i in range(max(1, len(piece) - 1)))
            before = ""
            continue
        root = stem(piece, lang)
        found.append(root)
        if before:
            found.append(f"{before} {root}")
        before = root
    return found


def deletions(word: str) -> Iterator[str]:
    """The word with one letter left out, at each place: two words within one edit share one."""
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def within_one_edit(a: str, b: str) -> bool:
    """True when one letter changed, added, dropped or swapped with its neighbour turns a into b."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    x, y = a[i:], b[i:]
    return x[1:] == y[1:] or x[1:] == y or x == y[1:] or (x[:2] == y[1::-1] and x[2:] == y[2:])
