"""The viewers' words in eighteen languages (`languages/*/lexicon.toml`, `features.toml`), matched in one
pass. Pure.

Entries stand in the tables separated by commas. In a pattern `*` after a word stands for any ending,
`~` for an ending of at most three letters, ` .. ` for up to four words between (twelve characters in
scripts without spaces). Matching ignores case, width, accents of Latin and Cyrillic, Arabic vowel
signs and the article, and letters repeated for emphasis. Patterns in Han, kana, Hangul and Thai are
looked for anywhere, spaces aside; all others at word boundaries. An entry after `=` must stand there
with its accents; Vietnamese ones must wherever the line has tones at all ("cho" is not "chó").
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from cohost.languages import LANGUAGES, base, table

GAP_WORDS = 4
GAP_CHARS = 12
_SHORT_ENDING = 3
_FORMS_KEPT = 20_000

_DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff])+")
_PIECE = re.compile(rf"(?:{_DENSE.pattern}[\u0300-\u036f]*)+|(?:(?!{_DENSE.pattern}).)+", re.DOTALL)
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_PLAIN = str.maketrans({
    "đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ə": "e", "ß": "ss",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None,
    "’": "'", "‘": "'", "`": "'", "´": "'", "़": None,
})  # fmt: skip
_FOLDED_MARKS = frozenset(chr(c) for c in (*range(0x300, 0x370), *range(0x64B, 0x660), 0x670))
_ARTICLES = ("وبال", "وال", "بال", "فال", "كال", "لل", "ال")


def undrawn(text: str) -> str:
    """The text without letters drawn out for emphasis ("costaaaa"); nothing else is touched."""
    return _REPEATED.sub(r"\1", text)


@functools.lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The form in which words compare: compatibility form, no case, no accents, no drawn-out letters."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN)
    if not text.isascii():
        marks = _FOLDED_MARKS
        text = "".join(c for c in unicodedata.normalize("NFD", text) if c not in marks)
        text = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return undrawn(text)


def is_dense(text: str) -> bool:
    """True when the text holds letters of a script that needs no spaces between words."""
    return _DENSE.search(text) is not None


class Word(NamedTuple):
    """One word of a folded line with its place in it; `forms` holds it with and without article."""

    forms: tuple[str, ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.forms[0]


def _forms(word: str) -> tuple[str, ...]:
    if "\u0600" <= word[0] <= "\u06ff":
        for article in _ARTICLES:
            if word.startswith(article) and len(word) - len(article) >= 2:
                return (word, word[len(article) :])
        if word[0] in "وبلف" and len(word) > 3:
            return (word, word[1:])
    return (word,)


def words_of(folded: str) -> tuple[Word, ...]:
    """The words of a folded text, in order; a Latin name inside Chinese ("支持LDAC吗") is one of its own."""
    found = []
    for match in _WORD.finditer(folded):
        start = match.start()
        for piece in _PIECE.finditer(match.group()) if is_dense(match.group()) else (match,):
            at = start + piece.start() if piece is not match else start
            found.append(Word(_forms(piece.group()), at, at + len(piece.group())))
    return tuple(found)


class Line:
    """A text prepared for matching: folded, cut into words, and without spaces."""

    __slots__ = ("dense", "folded", "lower", "places", "raw", "words")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.folded = fold(raw)
        self.lower = unicodedata.normalize("NFC", raw).casefold()
        self.words = words_of(self.folded)
        kept = [(i, c) for i, c in enumerate(self.folded) if not c.isspace()]
        self.dense = "".join(c for _, c in kept)
        self.places = [i for i, _ in kept]


class Match(NamedTuple):
    """A pattern found; `start` and `end` are offsets in the folded text."""

    label: str
    entry: str
    start: int
    end: int


class _Spaced(NamedTuple):
    label: str
    entry: str
    rest: tuple[str, ...]
    first: str


class _Dense(NamedTuple):
    label: str
    entry: str
    pattern: re.Pattern[str] | None
    literal: str


def _fits(pattern: str, word: Word) -> bool:
    if pattern.endswith("*"):
        return any(form.startswith(pattern[:-1]) for form in word.forms)
    if pattern.endswith("~"):
        stem = pattern[:-1]
        return any(f.startswith(stem) and len(f) - len(stem) <= _SHORT_ENDING for f in word.forms)
    return pattern in word.forms


class Phrases:
    """Many labelled patterns, found in one pass over a line."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._exact: dict[str, list[_Spaced]] = {}
        self._stems: dict[str, list[_Spaced]] = {}
        self._dense: dict[str, list[_Dense]] = {}
        self._starts: dict[str, tuple[_Spaced, ...]] = {}  # what a form seen before begins
        for label, entry in entries:
            self._add(label, entry)
        self._stem_sizes = sorted({len(stem) for stem in self._stems})

    def _add(self, label: str, entry: str) -> None:
        folded = fold(entry)
        if is_dense(folded):
            literal = "".join(folded.split()).rstrip("*~")
            pattern = None
            if ".." in literal:
                parts = [re.escape(part) for part in literal.split("..")]
                pattern = re.compile(f".{{0,{GAP_CHARS}}}?".join(parts))
            self._dense.setdefault(literal[0], []).append(_Dense(label, entry, pattern, literal))
            return
        tokens = _pattern_words(folded)
        if not tokens:
            return
        first = tokens[0]
        item = _Spaced(label, entry, tuple(tokens[1:]), first)
        if first[-1] in "*~":
            self._stems.setdefault(first[:-1], []).append(item)
        else:
            self._exact.setdefault(first, []).append(item)

    def find(self, line: Line) -> list[Match]:
        """Every match, in the order of the text; overlapping ones included."""
        found = [*self._find_spaced(line.words), *self._find_dense(line)]
        found = [m for m in found if _as_typed(m, line)]
        found.sort(key=lambda m: (m.start, -m.end))
        return found

    def _find_spaced(self, words: tuple[Word, ...]) -> Iterator[Match]:
        for i, word in enumerate(words):
            for item in self._starting(word):
                end = _follow(item.rest, words, i + 1) if item.rest else i + 1
                if end is not None:
                    yield Match(item.label, item.entry, word.start, words[end - 1].end)

    def _starting(self, word: Word) -> Iterator[_Spaced]:
        for form in word.forms:
            found = self._starts.get(form)
            if found is None:
                if len(self._starts) >= _FORMS_KEPT:
                    self._starts.clear()
                found = self._starts[form] = tuple(self._begun_by(form))
            yield from found

    def _begun_by(self, form: str) -> Iterator[_Spaced]:
        yield from self._exact.get(form, ())
        for size in self._stem_sizes:
            if size > len(form):
                break
            for item in self._stems.get(form[:size], ()):
                if item.first[-1] == "*" or len(form) - size <= _SHORT_ENDING:
                    yield item

    def _find_dense(self, line: Line) -> Iterator[Match]:
        dense, places = line.dense, line.places
        if dense.isascii():  # every such pattern holds a letter of a dense script
            return
        for i, char in enumerate(dense):
            for item in self._dense.get(char, ()):
                if item.pattern is None:
                    end = i + len(item.literal) if dense.startswith(item.literal, i) else 0
                else:
                    match = item.pattern.match(dense, i)
                    end = match.end() if match else 0
                if end:
                    yield Match(item.label, item.entry, places[i], places[end - 1] + 1)


def _as_typed(match: Match, line: Line) -> bool:
    if match.entry[0] == "=":
        return match.entry[1:] in line.lower
    if not match.label.startswith("vi:") or match.entry.isascii():
        return True
    return match.entry.casefold() in line.lower or (line.lower.isascii() and len(match.entry) >= 4)


def _pattern_words(folded: str) -> list[str]:
    tokens: list[str] = []
    for part in folded.split():
        if part == "..":
            tokens.append(part)
            continue
        ending = part[-1] if part[-1] in "*~" else ""
        words = [word.text for word in words_of(part)]
        if words:
            words[-1] += ending
        tokens.extend(words)
    return tokens


def _follow(rest: tuple[str, ...], words: tuple[Word, ...], at: int) -> int | None:
    """The index after the last matched word, or None."""
    for i, pattern in enumerate(rest):
        if pattern == "..":
            for skip in range(GAP_WORDS + 1):
                end = _follow(rest[i + 1 :], words, at + skip)
                if end is not None:
                    return end
            return None
        if at >= len(words) or not _fits(pattern, words[at]):
            return None
        at += 1
    return at


def split(entries: str) -> list[str]:
    """The entries of one table value."""
    return [entry.strip() for entry in entries.replace("\n", " ").split(",") if entry.strip()]


FEATURES = "feature"
"""The section of `features.toml`; all others stand in `lexicon.toml`."""


def entries(lang: str, section: str, key: str) -> list[str]:
    """One list of one language's lexicon; [] where it has none."""
    value = _file(lang, section).get(section, {}).get(key, "")
    return split(value) if isinstance(value, str) else []


def _file(lang: str, section: str) -> dict[str, Any]:
    return table(lang, "features" if section == FEATURES else "lexicon")


UNMATCHED = frozenset({"language", "romanised", "mask", "floor"})
"""Sections that are word lists for other uses than matching lines."""


@functools.cache
def _all() -> Phrases:
    def every() -> Iterator[tuple[str, str]]:
        for lang in LANGUAGES:
            for section, keys in (*table(lang, "lexicon").items(), *table(lang, "features").items()):
                if section in UNMATCHED or not isinstance(keys, dict):
                    continue
                for key in keys:
                    for entry in entries(lang, section, key):
                        yield f"{lang}:{section}.{key}", entry

    return Phrases(every())


class Reading(NamedTuple):
    """A line with everything the lexicons know in it."""

    line: Line
    hits: tuple[Match, ...]
    by_name: dict[str, list[Match]]  # "line.greeting" → matches in any language

    def of(self, name: str, langs: Iterable[str]) -> list[Match]:
        """Matches of one list ("line.greeting") in these languages."""
        found = self.by_name.get(name)
        if not found:
            return []
        wanted = {base(lang) for lang in langs}
        return [hit for hit in found if hit.label.partition(":")[0] in wanted]

    def section(self, section: str, langs: Iterable[str]) -> list[tuple[str, Match]]:
        """Matches of every list of a section, each with its key, in the order of the text."""
        prefix = f"{section}."
        names = [name for name in self.by_name if name.startswith(prefix)]
        found = [(name[len(prefix) :], hit) for name in names for hit in self.of(name, langs)]
        return sorted(found, key=lambda pair: (pair[1].start, -pair[1].end))

    def has(self, name: str, langs: Iterable[str]) -> bool:
        return bool(self.of(name, langs))


@functools.lru_cache(maxsize=2048)
def read(text: str) -> Reading:
    """Match one line against all eighteen lexicons."""
    line = Line(text)
    hits = tuple(_all().find(line))
    by_name: dict[str, list[Match]] = {}
    for hit in hits:
        by_name.setdefault(hit.label.partition(":")[2], []).append(hit)
    return Reading(line, hits, by_name)


@functools.cache
def stop_words(lang: str) -> frozenset[str]:
    """Function words of a language, folded: what carries no subject of a question."""
    words = (fold(w) for w in entries(lang, "language", "words"))
    return frozenset(word for entry in words for word in entry.split())


def speaks(text: str, lang: str) -> bool:
    """Whether a line holds more than function words. True in scripts without spaces, where they are not
    told apart."""
    folded = fold(text)
    return is_dense(folded) or any(word.text not in stop_words(lang) for word in words_of(folded))
