"""The words of `languages/*/documents.toml`, compiled: labels, column heads, telling words. Pure.

All languages are tried at once: papers mix them ("Certificate No. 证书编号").
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

import msgspec

from cohost.languages import LANGUAGES, table
from cohost.trust import words

_NUMBERING = re.compile(r"^\s*\(?\d{1,2}(?:\.\d{1,2})*[.)、:]?\s+(?=\D)|^\s*[ivx]{1,4}[.)]\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_DENSE = "\u0e00-\u0e7f\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_SCRIPTS = re.compile(rf"[{_DENSE}]+(?:[\s/·・.]*[{_DENSE}]+)*|[^{_DENSE}]+")
_PARTS = re.compile(r"\s*[/|\n\\;；]\s*|\s+[·–—-]\s+")
_TONES = re.compile("[\u0e48-\u0e4b]")
_ENDS = " .:：*#•·-–—,;，。、†"
EXACT = 0.95
PREFIX = 0.8


class Hit(msgspec.Struct, frozen=True):
    """What a label says: the table's key, how sure (0..1), and which entry matched."""

    key: str
    score: float
    entry: str


def plain_of(text: str) -> str:
    """Plain form, Thai tone marks dropped: PDF fonts and OCR often lose them."""
    return _TONES.sub("", words.plain(text))


def plain_label(label: str) -> str:
    """A label without numbering, brackets and trailing signs, in plain form."""
    text = _BRACKETS.sub(" ", _NUMBERING.sub("", label.replace("_", " ")))
    return plain_of(text).strip(_ENDS)


def readings(label: str) -> tuple[str, ...]:
    """The whole label, then its parts by language: "certificate no", "证书编号"."""
    whole = plain_label(label)
    found = [whole]
    for part in _PARTS.split(whole):
        found.append(part.strip(_ENDS))
        found += [run.strip(_ENDS) for run in _SCRIPTS.findall(part)]
    return tuple(dict.fromkeys(f for f in found if f))


class Section:
    """One section of the tables, all languages together."""

    def __init__(self, name: str) -> None:
        self._exact: dict[str, list[str]] = {}
        self._entries: list[tuple[str, str]] = []
        for lang in LANGUAGES:
            for key, entries in table(lang, "documents").get(name, {}).items():
                for entry in entries:
                    plain = plain_of(entry) if key == "instruction" else plain_of(entry).strip(_ENDS)
                    plain = plain or plain_of(
                        entry
                    )  # "assistant:" speaks to one, "Google Assistant" does not
                    keys = self._exact.setdefault(plain, [])
                    if key not in keys:
                        keys.append(key)
        for plain, keys in self._exact.items():
            self._entries += [(plain, key) for key in keys]
        self._entries.sort(key=lambda pair: -len(pair[0]))
        self._longest = len(self._entries[0][0]) if self._entries else 0

    def label(self, label: str, among: Iterable[str] | None = None) -> Hit | None:
        """The key a short label names; `among` limits the keys. None below "begins with it"."""
        allowed = set(among) if among is not None else None
        best: Hit | None = None
        for number, reading in enumerate(readings(label)):
            for key in self._exact.get(reading, ()):
                if allowed is None or key in allowed:
                    hit = Hit(key, 1.0 if number == 0 else EXACT, reading)
                    if best is None or hit.score > best.score:
                        best = hit
        return best or self._prefixed(plain_label(label), allowed)

    def _prefixed(self, plain: str, allowed: set[str] | None) -> Hit | None:
        if len(plain) > 70:
            return None
        for size in range(min(len(plain), self._longest), 2, -1):
            if plain[size : size + 1].isalnum():
                continue
            for key in self._exact.get(plain[:size], ()):
                if allowed is None or key in allowed:
                    return Hit(key, PREFIX, plain[:size])
        return None

    def keys_of(self, label: str) -> tuple[str, ...]:
        """Every key that a label names exactly, best reading first."""
        found = [key for reading in readings(label) for key in self._exact.get(reading, ())]
        return tuple(dict.fromkeys(found))

    def inside(self, text: str, *keys: str) -> Hit | None:
        """The longest entry of these keys that stands in the text as whole words."""
        plain = plain_of(text)
        for key, pattern in _patterns(self, keys):
            found = max(pattern.finditer(plain), key=lambda m: m.end() - m.start(), default=None)
            if found is not None:
                return Hit(key, 1.0, found.group())
        return None

    def says(self, text: str, *keys: str) -> bool:
        return self.inside(text, *keys) is not None

    def begins(self, text: str, *keys: str) -> Hit | None:
        """The entry a text begins with, at a word's end."""
        plain = plain_of(text).lstrip(_ENDS + "!¡\"'“⚠")
        for key, pattern in _patterns(self, keys):
            found = pattern.match(plain)
            if found is not None:
                return Hit(key, 1.0, found.group())
        return None

    def entries(self, key: str) -> tuple[str, ...]:
        return tuple(entry for entry, owner in self._entries if owner == key)


@functools.lru_cache(maxsize=256)
def _patterns(section: Section, keys: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((key, _any_of(section.entries(key))) for key in keys if section.entries(key))


def _any_of(entries: Iterable[str]) -> re.Pattern[str]:
    dense = [re.escape(e) for e in entries if words.dense(e)]
    spaced = [re.escape(e) for e in entries if not words.dense(e)]
    kinds = ([rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)"] if spaced else []) + dense
    return re.compile("|".join(kinds))


@functools.cache
def section(name: str) -> Section:
    """kind | field | column | review | word | topic | label."""
    return Section(name)


def says(text: str, *keys: str) -> bool:
    """True when the text holds one of the telling words."""
    return section("word").says(text, *keys)


def yes_or_no(text: str) -> bool | None:
    """True or False where a cell is, or begins with, a yes or a no in any language; else None."""
    for reading in readings(text)[:6]:
        for key in section("word").keys_of(reading):
            if key in ("yes", "no"):
                return key == "yes"
    first = re.split(r"[,;:，；：、.。(（]", text.strip(), maxsplit=1)[0]
    if first != text.strip() and len(first) <= 24:
        for key in section("word").keys_of(first):
            if key in ("yes", "no"):
                return key == "yes"
    return None
