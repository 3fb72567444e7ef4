"""An utterance cut into pieces, and the floor words of eighteen languages found among them. Pure.

A piece is a word; in Han, kana, Hangul and Thai it is a character. Entries are lists of pieces and
stand in the `[floor]` tables (`languages/*/lexicon.toml`): a last word ending in `*` stands for any
ending, ` ..` for any rest, `!` marks an entry that is also an ordinary word: it says what it says only
alone or before a pause, and only where its own language is spoken (English ones everywhere). Case,
accents and punctuation do not matter, but Vietnamese tones do where the utterance has any.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cohost.common.lexicon import entries, fold, is_dense, read
from cohost.languages import LANGUAGES, base

SHORTEST_STEM = 3
REST_PIECES = 12
REST_CHARS = 40

_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_PIECE = re.compile(rf"[{_DENSE}]|(?:[^\W_{_DENSE}]|[{_MARKS}])+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DRAWN = frozenset("ๆー・")
_PAUSE = re.compile("[,.!?;:…—–。，！？、；：،؟।¿¡]|-{2}|\\s-\\s")
_SPACELESS = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
ASKED_AT_THE_END = frozenset({"tr", "hi", "th", "vi", "ja", "ko", "zh"})


class Pieces:
    """A text with its pieces: folded, as typed, and where each stands in `raw`."""

    __slots__ = ("accented", "folded", "lower", "places", "raw")

    def __init__(self, text: str) -> None:
        self.raw = _UNSEEN.sub("", unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)))
        folded: list[str] = []
        lower: list[str] = []
        places: list[tuple[int, int]] = []
        for match in _PIECE.finditer(self.raw):
            if match.group() in _DRAWN or not (piece := fold(match.group())):
                continue
            if len(folded) >= 2 and is_dense(piece) and folded[-1] == folded[-2] == piece:
                places[-1] = (places[-1][0], match.end())
                continue
            folded.append(piece)
            lower.append(match.group().casefold())
            places.append(match.span())
        self.folded, self.lower, self.places = tuple(folded), tuple(lower), tuple(places)
        self.accented = not all(piece.isascii() for piece in lower)

    def __len__(self) -> int:
        return len(self.folded)

    @property
    def words(self) -> float:
        """How many words, two characters of a script without spaces counted as one."""
        return sum(0.5 if is_dense(piece) else 1.0 for piece in self.folded)

    def pause(self, at: int) -> bool:
        """Whether there is a pause (a mark; in Chinese, Japanese, Thai also a space) before a piece."""
        if not 0 < at < len(self):
            return True
        before, after = self.places[at - 1], self.places[at]
        gap = self.raw[before[1] : after[0]]
        if _PAUSE.search(gap):
            return True
        close = _SPACELESS.match(self.raw[before[0]]) and _SPACELESS.match(self.raw[after[0]])
        return bool(gap) and close is not None

    def rest(self, at: int) -> str:
        """The text from a piece on."""
        if at >= len(self):
            return ""
        start = self.places[at][0]
        while start and self.raw[start - 1] in "¿¡":
            start -= 1
        return self.raw[start:].strip()


class Found(NamedTuple):
    """An entry that ends before piece `end`; `alone`: it is an ordinary word too; `rest`: it is open."""

    end: int
    alone: bool
    rest: bool = False


class _Entry(NamedTuple):
    pieces: tuple[str, ...]
    stem: bool
    rest: bool
    alone: bool


class Book:
    """A list of entries, looked up by their first piece."""

    def __init__(self, listed: Iterable[str], *, accents: bool = False) -> None:
        self._by_first: dict[str, list[_Entry]] = {}
        self._stems: list[_Entry] = []
        for text in listed:
            self._add(text, accents)

    def _add(self, text: str, accents: bool) -> None:
        cut = Pieces(text)
        pieces = cut.lower if accents else cut.folded
        if not pieces:
            return
        stem = text.endswith("*") and len(pieces[-1]) >= SHORTEST_STEM
        entry = _Entry(pieces, stem, text.endswith(".."), text.endswith("!"))
        if entry.stem and len(pieces) == 1:
            self._stems.append(entry)
        else:
            self._by_first.setdefault(pieces[0], []).append(entry)

    def at(self, pieces: tuple[str, ...], start: int) -> Iterator[Found]:
        """Every entry that begins at this piece."""
        for entry in self._by_first.get(pieces[start], ()):
            if (end := _end(entry, pieces, start)) is not None:
                yield Found(end, entry.alone, entry.rest)
        for entry in self._stems:
            if pieces[start].startswith(entry.pieces[0]):
                yield Found(start + 1, entry.alone)


def _end(entry: _Entry, pieces: tuple[str, ...], start: int) -> int | None:
    size = len(entry.pieces)
    here = pieces[start : start + size]
    if entry.stem and len(here) == size and here[-1].startswith(entry.pieces[-1]):
        here = (*here[:-1], entry.pieces[-1])
    if here != entry.pieces:
        return None
    if not entry.rest:
        return start + size
    left = len(pieces) - start - size
    most = REST_CHARS if any(map(is_dense, entry.pieces)) else REST_PIECES
    return len(pieces) if left <= most else None


@functools.cache
def _book(lang: str, key: str, accents: bool) -> Book:
    return Book(entries(lang, "floor", key), accents=accents)


def known(*langs: str) -> tuple[str, ...]:
    """The languages of these tags that have tables, each once, in order."""
    return tuple(dict.fromkeys(tag for tag in map(base, langs) if tag in LANGUAGES))


def find(cut: Pieces, key: str, langs: tuple[str, ...], start: int, home: str) -> Iterator[Found]:
    """Entries of one `[floor]` list that begin at this piece. `home`: the utterance's own language."""
    for lang in langs:
        at_home = lang == home
        accents = lang == "vi" and (cut.accented or not at_home)
        book = _book(lang, key, accents)
        for found in book.at(cut.lower if accents else cut.folded, start):
            if at_home or lang == "en" or is_dense(cut.folded[start]):
                yield found
            elif not found.alone:
                yield Found(found.end, True, found.rest)


def covers(
    cut: Pieces, keys: Iterable[str], langs: tuple[str, ...], home: str, *, closed: bool = False
) -> bool:
    """Whether entries of these lists make up all of the utterance, with one of the first list
    among them. `closed`: entries that stand for any rest do not count."""
    size, keys = len(cut), tuple(keys)
    reached = [(False, False)] * (size + 1)  # without, with one of the first list
    reached[0] = (True, False)
    for start in range(size):
        without, with_it = reached[start]
        if not (without or with_it):
            continue
        for key in keys:
            for end, _, rest in find(cut, key, langs, start, home):
                if rest and closed:
                    continue
                old = reached[end]
                new = (False, True) if key == keys[0] else (without, with_it)
                reached[end] = (old[0] or new[0], old[1] or new[1])
    return size > 0 and reached[size][1]


def suffix(cut: Pieces, key: str, lang: str) -> int:
    """How many pieces the longest entry takes that stands at the very end; 0 without one."""
    size = len(cut)
    for start in range(max(0, size - REST_PIECES), size):
        if any(found.end == size for found in find(cut, key, (lang,), start, lang)):
            return size - start
    return 0


def asks(text: str, lang: str, *, by_its_end: bool = True) -> bool:
    """Whether it has the form of a question: a mark, a question word, an opening verb, an ending."""
    if any(mark in text for mark in "?？؟"):
        return True
    reading = read(text)
    if not reading.line.words and not reading.line.dense:
        return False
    langs = known(lang)
    if reading.has("question.words", langs):
        return True
    folded = reading.line.folded
    first = len(folded) - len(folded.lstrip(" ¿¡\"'-"))
    if any(hit.start <= first for hit in reading.of("question.starts", langs)):
        return True
    if not by_its_end:
        return False
    last = len(folded.rstrip(" .!。！।…"))
    at_the_end = tuple(tag for tag in langs if tag in ASKED_AT_THE_END)
    return any(hit.end >= last for hit in reading.of("question.ends", at_the_end))
