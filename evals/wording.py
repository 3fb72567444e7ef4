"""Finding expected words and amounts in a reply of any language. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from cohost.languages import base
from cohost.trust.quantities import Amount, amounts, convert

CLOSE = 0.005
"""Relative difference that still counts as the same figure: conversions round."""

NEGATIONS: dict[str, tuple[str, ...]] = {
    "en": ("no", "not", "n't", "never", "none", "nothing", "without", "neither", "nor"),
    "es": ("no", "ni", "sin", "nunca", "ningún", "ninguna", "ninguno", "tampoco"),
    "pt": ("não", "nem", "sem", "nunca", "nenhum", "nenhuma", "tampouco"),
    "fr": ("ne", "n'", "n’", "pas", "non", "ni", "sans", "jamais", "aucun", "aucune"),
    "de": ("nicht", "kein", "keine", "keinen", "keiner", "keines", "ohne", "nie", "weder", "noch", "nein"),
    "it": ("non", "no", "né", "senza", "mai", "nessun", "nessuna", "nessuno"),
    "nl": ("niet", "geen", "nee", "zonder", "nooit", "noch"),
    "pl": ("nie", "bez", "nigdy", "ani", "brak", "żaden"),
    "ru": ("не", "нет", "ни", "без", "никогда"),
    "tr": ("değil", "yok", "hayır", "yoktur", "değildir"),
    "ar": ("لا", "ليس", "ليست", "لم", "لن", "غير", "بدون", "دون", "كلا"),
    "hi": ("नहीं", "न", "ना", "बिना", "मत"),
    "th": ("ไม่", "มิ", "ปราศจาก"),
    "vi": ("không", "chưa", "chẳng"),
    "id": ("tidak", "bukan", "tanpa", "belum"),
    "ja": ("ない", "ません", "なし", "無し", "非", "不", "未", "いいえ"),
    "ko": ("없", "않", "아니", "못", "미", "안 "),
    "zh": ("不", "没", "沒", "无", "無", "未", "非", "并非", "別", "别"),
}
"""Words that turn a sentence round, for reading replies; the guard has its own, finer ones."""

_JOINED = {"ar": "[وف]?"}
"""What is written together with the word after it: "and not" is one word in Arabic."""
_SPACED = frozenset({"th", "ja", "ko", "zh"})
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|\"[^\"]*\"")
_SENTENCE = re.compile(r"(?<=[.!?؟।])\s+|(?<=[。！？])|\n+|[;；]\s*")


def fold(text: str) -> str:
    """NFKC, no marks of direction, one space, one dash, no case."""
    narrow = unicodedata.normalize("NFKC", text)
    narrow = "".join(c for c in narrow if unicodedata.category(c) != "Cf")
    narrow = re.sub(r"[‐‑‒–—―−]", "-", narrow)
    return " ".join(narrow.split()).casefold()


@cache
def figure(entry: str) -> Amount | None:
    """An expected entry as an amount ("22.4 h", "12-18 day", "9800"), None where it is words."""
    found = amounts(entry, "en")
    if len(found) != 1 or found[0].text.strip() != entry.strip():
        return None
    return found[0]


def stands(entry: str, text: str, lang: str) -> bool:
    """True when a reply holds the entry: an amount in any writing, else the words themselves."""
    wanted = figure(entry)
    if wanted is not None and _has_amount(wanted, text, lang):
        return True
    if wanted is None or wanted.unit is None:  # a bare number may be a version or part of a name
        return stands_as_words(entry, text) if wanted else fold(entry) in fold(text)
    return False


def stands_apart(entry: str, text: str, lang: str) -> bool:
    """Like `stands`, but words must stand by themselves ("sea" is not in "seams")."""
    wanted = figure(entry)
    if wanted is not None and (wanted.unit is not None or _has_amount(wanted, text, lang)):
        return _has_amount(wanted, text, lang)
    return stands_as_words(entry, text)


def stands_as_words(entry: str, text: str) -> bool:
    """True when the words are there and no longer word holds them."""
    return _bounded(fold(entry)).search(fold(text)) is not None


@cache
def _bounded(words: str) -> re.Pattern[str]:
    if words[:1].isdigit() and words[-1:].isdigit():
        return re.compile(rf"(?<![\w.,]){re.escape(words)}(?![\w]|[.,]\d)")
    left = r"(?<![^\W_])" if words[:1].isascii() and words[:1].isalnum() else ""
    right = r"(?![^\W_])" if words[-1:].isascii() and words[-1:].isalnum() else ""
    return re.compile(left + re.escape(words) + right)


def _has_amount(wanted: Amount, text: str, lang: str) -> bool:
    languages = dict.fromkeys((base(lang) if lang != "und" else "en", "en"))
    even = _even(text)
    return any(_same(wanted, got) for tag in languages for got in amounts(even, tag))


def _even(text: str) -> str:
    """Every kind of space as a plain one, no marks of direction: locales write figures with both."""
    kinds = ((c, unicodedata.category(c)) for c in text)
    return "".join(" " if kind == "Zs" else c for c, kind in kinds if kind != "Cf")


def _same(wanted: Amount, got: Amount) -> bool:
    low, high = got.low, got.high
    if wanted.unit is not None:
        if got.unit is None:
            return False
        if got.unit != wanted.unit:
            both = convert(low, got.unit, wanted.unit), convert(high, got.unit, wanted.unit)
            if both[0] is None or both[1] is None:
                return False
            low, high = both[0], both[1]
    return _close(wanted.low, low) and _close(wanted.high, high)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= CLOSE * max(abs(a), abs(b))


def denied(entry: str, text: str, lang: str) -> bool:
    """True when every sentence that holds the words also holds a negation."""
    holding = [s for s in sentences(text) if stands_apart(entry, s, lang)]
    return bool(holding) and all(negated(s, lang) for s in holding)


def unquoted(text: str) -> str:
    """A reply without what it quotes: a document's words keep their language."""
    return _QUOTED.sub(" ", text)


def sentences(text: str) -> list[str]:
    """A reply's sentences; decimals stay whole."""
    return [s.strip() for s in _SENTENCE.split(text) if s and s.strip()]


def negated(sentence: str, lang: str) -> bool:
    """True when the sentence holds a word of negation of its language or of English."""
    line = fold(sentence)
    for tag in dict.fromkeys((base(lang), "en")):
        for word in NEGATIONS.get(tag, ()):
            plain = fold(word)
            if tag in _SPACED or not plain[-1].isalnum() or plain == "n't":
                if plain in line:
                    return True
            elif re.search(rf"(?<!\w){_JOINED.get(tag, '')}{re.escape(plain)}(?!\w)", line):
                return True
    return False
