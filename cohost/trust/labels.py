"""Which attribute a row label of a specification names: exact first, then by parts and words. Pure."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from cohost.trust import words

_BRACKETS = re.compile(r"\s*[(\[{（【「][^)\]}）】」]*[)\]}）】」]?\s*")
_INSIDE = re.compile(r"[(\[{（【「]([^)\]}）】」]+)")
_PARTS = re.compile(r"\s*[/|｜;；\n]\s*|\s+-\s+|:\s+(?=\S)|,\s+")
_ENDS = " .:：*#•·-–—†‡"
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}(?:\.\d{1,2})*[.)、]|[ivx]{1,4}[.)])\s*")
_HAN_THEN_OTHER = re.compile(
    r"(?<=[\u3040-\u30ff\u3400-\u9fff])\s+(?=[a-z])|(?<=[a-z.])\s+(?=[\u3400-\u9fff])"
)
_LEAST = 0.6
_SURE = 0.8
_CONDITION = re.compile(
    r"\s+(?:at|@|bei|à|a|al|con|com|avec|mit|with|при|przy|bij|for|für|pour)\s+(?=\S*\d|full|half|max)|\s*[@＠]\s*"
)
_LONGEST = 90


class LabelIndex:
    """Every language's row labels, compiled once."""

    def __init__(self, rows: Iterable[tuple[str, str, str]], *, nothing: str = "none") -> None:
        """`nothing` is the attribute of labels that look like one and name none ("Cord")."""
        self._nothing = nothing
        self._exact: dict[str, dict[str, str]] = defaultdict(dict)  # plain label → lang → attribute
        self._bags: dict[frozenset[str], dict[str, str]] = defaultdict(dict)
        self._by_word: dict[str, set[frozenset[str]]] = defaultdict(set)
        self._dense: dict[str, dict[str, str]] = defaultdict(dict)
        self._written: dict[str, dict[str, str]] = defaultdict(dict)  # the same, accents kept
        for lang, attribute, label in rows:
            self._written[words.toned(label)].setdefault(lang, attribute)
            self._add(lang, attribute, _trim(words.plain(label)))

    def _add(self, lang: str, attribute: str, plain: str) -> None:
        if not plain:
            return
        self._exact[plain].setdefault(lang, attribute)
        if words.dense(plain):
            self._dense[plain.replace(" ", "")].setdefault(lang, attribute)
            return
        bag = _bag(plain)
        if all(len(word) == 1 for word in bag):
            return
        self._bags[bag].setdefault(lang, attribute)
        for word in bag:
            self._by_word[word].add(bag)

    @functools.lru_cache(maxsize=4096)  # noqa: B019 — one index lives as long as the process
    def match(self, label: str, lang: str | None) -> tuple[str, float] | None:
        """(attribute, score) of the best reading of the label; None below the floor."""
        if len(label) > _LONGEST:
            return None
        best = self._best(label, lang)
        return best if best and best[1] >= _LEAST and best[0] != self._nothing else None

    def _best(self, label: str, lang: str | None) -> tuple[str, float] | None:
        written = self._written.get(words.toned(label.strip(_ENDS)))
        if written:
            return _voted(written, lang)
        plain = words.plain(label)
        best: tuple[str, float] | None = None
        for reading, factor in _readings(plain):
            found = self._read(reading, lang)
            if found and (best is None or found[1] * factor > best[1]):
                best = found[0], round(found[1] * factor, 3)
        if best is None or best[1] < _SURE:
            return self._two_languages(_trim(plain)) or best
        return best

    def _two_languages(self, plain: str) -> tuple[str, float] | None:
        """ "Country of origin Herkunftsland": two names of one thing, nothing between them."""
        pieces = plain.split()
        for cut in range(1, min(len(pieces), 8)):
            left = self._read(" ".join(pieces[:cut]), None)
            right = self._read(" ".join(pieces[cut:]), None)
            if left and right and left[0] == right[0] and max(left[1], right[1]) >= _SURE:
                return left[0], round(0.95 * max(left[1], right[1]), 3)
        return None

    def _read(self, plain: str, lang: str | None) -> tuple[str, float] | None:
        if plain in self._exact:
            return _voted(self._exact[plain], lang)
        if words.dense(plain):
            return self._read_dense(plain.replace(" ", ""), lang)
        bag = _bag(plain)
        if bag in self._bags:
            attribute, score = _voted(self._bags[bag], lang)
            return attribute, score * 0.97
        return self._read_words(bag, lang)

    def _read_dense(self, squeezed: str, lang: str | None) -> tuple[str, float] | None:
        """The longest known label inside an unspaced one, by the share it covers."""
        if squeezed in self._dense:
            return _voted(self._dense[squeezed], lang)
        size = len(squeezed)
        for length in range(size - 1, 1, -1):
            for start in range(size - length, -1, -1):  # the head noun stands last
                part = squeezed[start : start + length]
                if part in self._dense:
                    attribute, score = _voted(self._dense[part], lang)
                    head = 0.52 if start == size - length else 0.45
                    return attribute, score * (head + (0.95 - head) * length / size)
        return None

    def _read_words(self, bag: frozenset[str], lang: str | None) -> tuple[str, float] | None:
        """The known label that shares most words with this one, a typo allowed in long words."""
        candidates: set[frozenset[str]] = set()
        for word in bag:
            candidates |= self._by_word.get(word, set())
        best: tuple[float, frozenset[str]] | None = None
        for known in candidates:
            shared = len(known & bag)
            covered = shared / len(known)
            if covered < 1 and not _typo_only(known - bag, bag - known):
                continue
            score = (0.5 + 0.45 * len(known) / max(len(known), len(bag))) * (1 if covered == 1 else 0.92)
            if best is None or score > best[0]:
                best = score, known
        if best is None:
            return self._one_typo(bag, lang)
        attribute, score = _voted(self._bags[best[1]], lang)
        return attribute, score * best[0]

    def _one_typo(self, bag: frozenset[str], lang: str | None) -> tuple[str, float] | None:
        if len(bag) != 1:
            return None
        (word,) = bag
        if len(word) < 6:
            return None
        for known in self._by_word:
            if (
                known[0] == word[0]
                and words.within_one_edit(word, known)
                and frozenset({known}) in self._bags
            ):
                attribute, score = _voted(self._bags[frozenset({known})], lang)
                return attribute, score * 0.85
        return None


def _voted(by_lang: dict[str, str], lang: str | None) -> tuple[str, float]:
    """The attribute of the asked language, of English, else of most languages; less sure if they differ."""
    for tag in (lang, "en"):
        if tag in by_lang:
            return by_lang[tag], 1.0
    seen = list(by_lang.values())
    winner = max(dict.fromkeys(seen), key=seen.count)
    return winner, 1.0 if seen.count(winner) == len(seen) else 0.85


def _readings(plain: str) -> Iterator[tuple[str, float]]:
    """The label itself, without brackets, each part of a bilingual one, what the brackets hold."""
    whole = _trim(plain)
    yield whole, 1.0
    outside = _trim(_BRACKETS.sub(" ", whole))
    if outside and outside != whole:
        yield outside, 0.98
    before = _CONDITION.split(outside)[0]
    if before != outside:
        yield _trim(before), 0.95
    parts = [part for piece in _PARTS.split(outside) for part in _HAN_THEN_OTHER.split(piece)]
    if len(parts) > 1:
        for part in parts:
            if len(part) > 1:
                yield _trim(part), 0.95
    for inside in _INSIDE.findall(whole):
        yield _trim(inside), 0.8


def _trim(plain: str) -> str:
    return _NUMBERED.sub("", plain.strip(_ENDS)).strip(_ENDS)


def _bag(plain: str) -> frozenset[str]:
    found = frozenset(words.stem(piece, "") for piece, _, _ in words.pieces(plain))
    return (found - _LITTLE) or found


def _typo_only(missing: frozenset[str], over: frozenset[str]) -> bool:
    return len(missing) == 1 and all(
        len(word) >= 5 and any(words.within_one_edit(word, other) for other in over) for word in missing
    )


_LITTLE = frozenset(
    words.stem(match.group(), "")
    for match in re.finditer(
        r"\w+",
        "the a an of for in on with and or to de la le les el los du des da do der die das von und et y e "
        "i w di del della per con van het een en d l approx typ typical max nom nominal ca mm cm g kg m",
    )
)
