"""Which attribute a typed question asks for: telling words first, likeness of phrases second. Pure.

A telling word ("waterproof") found in the question is strong; where two overlap the longer wins, so
"charging time" is not "charging". Likeness is the cosine of rare stems and pairs of stems with the
nearest asking phrase, which also finds "how long does it last".
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from cohost.trust import words

_KEY = 0.8
_AS_WRITTEN = 0.03  # more when the very form stands there, not only its stem
_TYPO = 0.72  # a telling word with one letter wrong, or the head of a longer word
_LIKENESS = 0.75  # the share a perfect likeness adds to what a key leaves open
_LEAST = 0.36
_TYPO_FROM = 5
_LITTLE = 2
_ARABIC_LEADS = frozenset("ولبف")  # "and", "for", "with", "so", written as one word with the next
_HEAD_FROM = 4  # letters of a telling word that may begin a longer one ("akku" in "akkulaufzeit")
_GLUED = frozenset({"de", "nl", "tr", "ru", "pl", "ar", "id", "hi"})


class PhraseIndex:
    """One language's asking phrases and telling words, compiled once."""

    def __init__(
        self,
        lang: str,
        asks: Sequence[tuple[str, str]],
        keys: Iterable[tuple[str, str]],
        *,
        nothing: str,
        toned: bool = False,
        strict: bool = False,
    ) -> None:
        """`toned` keeps accents; `strict` (for texts of another language) wants telling words of
        three letters and more, without typos and longer forms."""
        self._lang = lang
        self._plain = words.toned if toned else words.plain
        self._strict = strict
        self._nothing = nothing
        self._dense_keys: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._spaced_keys: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
        for attribute, key in keys:
            self._add_key(attribute, self._plain(key))
        self._deleted: dict[str, set[str]] = defaultdict(set)
        self._heads: dict[str, set[str]] = defaultdict(set)
        for root in self._vocabulary():
            if len(root) >= _TYPO_FROM:
                for shorter in (root, *words.deletions(root)):
                    self._deleted[shorter].add(root)
        self._index_asks(asks)

    def _add_key(self, attribute: str, key: str) -> None:
        if words.dense(key):
            squeezed = key.replace(" ", "")
            self._dense_keys[squeezed[0]].append((squeezed, attribute))
            return
        roots = tuple(self._root(piece) for piece, _, _ in words.pieces(key))
        if roots and not (self._strict and len(key) <= _LITTLE):
            self._spaced_keys[roots[0]].append((roots, attribute, key))

    def _root(self, piece: str) -> str:
        return piece if self._strict else words.stem(piece, self._lang)

    def _vocabulary(self) -> set[str]:
        return {root for rows in self._spaced_keys.values() for roots, _, _ in rows for root in roots}

    def _index_asks(self, asks: Sequence[tuple[str, str]]) -> None:
        self._asks = [attribute for attribute, _ in asks]
        self._plain_asks = {_bare(self._plain(ask)): attribute for attribute, ask in asks}
        listed = [set(words.features(self._plain(ask), self._lang)) for _, ask in asks]
        speakers: dict[str, set[str]] = defaultdict(set)
        for (attribute, _), found in zip(asks, listed, strict=True):
            for feature in found:
                speakers[feature].add(attribute)
        total = max(2, len(set(self._asks)))
        self._weight = {f: math.log(1 + total / len(who)) for f, who in speakers.items()}
        self._strange = math.log(1 + total)
        self._posting: dict[str, list[int]] = defaultdict(list)
        self._norm: list[float] = []
        for number, found in enumerate(listed):
            for feature in found:
                self._posting[feature].append(number)
            self._norm.append(math.sqrt(sum(self._weight[f] ** 2 for f in found)) or 1.0)

    def match(self, text: str) -> list[tuple[str, float]]:
        """(attribute, score) best first; nothing below the floor."""
        plain = self._plain(text)
        exact = self._plain_asks.get(_bare(plain)) if not self._strict or " " in plain else None
        keyed = self._keyed(plain)
        alike = self._alike(plain)
        scores: dict[str, float] = {}
        for attribute in keyed.keys() | alike.keys():
            key = keyed.get(attribute, 0.0)
            like = alike.get(attribute, 0.0)
            scores[attribute] = 1 - (1 - key) * (1 - _LIKENESS * like) if key else like * 0.95
        if exact is not None:
            scores[exact] = 1.0
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        return [(attribute, score) for attribute, score in ranked if score >= _LEAST]

    def _alike(self, plain: str) -> dict[str, float]:
        asked = set(words.features(plain, self._lang))
        own = math.sqrt(sum(self._weight.get(f, self._strange) ** 2 for f in asked)) or 1.0
        sums: dict[int, float] = defaultdict(float)
        for feature in asked:
            weight = self._weight.get(feature, 0.0) ** 2
            for number in self._posting.get(feature, ()):
                sums[number] += weight
        best: dict[str, float] = {}
        for number, shared in sums.items():
            likeness = shared / (own * self._norm[number])
            attribute = self._asks[number]
            if likeness > best.get(attribute, 0.0):
                best[attribute] = likeness
        return best

    def _keyed(self, plain: str) -> dict[str, float]:
        hits = sorted(self._hits(plain), key=lambda hit: (hit[0] - hit[1], -hit[3]))
        taken: list[tuple[int, int, str]] = []
        best: dict[str, float] = {}
        for start, end, attribute, score in hits:
            if any(start < e and s < end and attribute != a for s, e, a in taken):
                continue
            taken.append((start, end, attribute))
            if attribute != self._nothing:
                best[attribute] = max(best.get(attribute, 0.0), score)
        return best

    def _hits(self, plain: str) -> Iterator[tuple[int, int, str, float]]:
        yield from self._spaced_hits(plain, list(words.pieces(plain)))
        if words.dense(plain):
            yield from self._dense_hits(plain.replace(" ", ""))

    def _dense_hits(self, squeezed: str) -> Iterator[tuple[int, int, str, float]]:
        for start, letter in enumerate(squeezed):
            for key, attribute in self._dense_keys.get(letter, ()):
                if squeezed.startswith(key, start):
                    yield start, start + len(key), attribute, _KEY

    def _spaced_hits(
        self, plain: str, pieces: list[tuple[str, int, int]]
    ) -> Iterator[tuple[int, int, str, float]]:
        known = [self._known(piece) for piece, _, _ in pieces]
        for i, roots in enumerate(known):
            for root, sure in roots.items():
                for key, attribute, written in self._spaced_keys.get(root, ()):
                    score = self._follows(key, known, i, sure)
                    if score:
                        start, end = pieces[i][1], pieces[i + len(key) - 1][2]
                        bonus = _AS_WRITTEN if plain[start:end] == written else 0.0
                        yield start, end, attribute, score + bonus

    def _follows(self, key: tuple[str, ...], known: list[dict[str, float]], at: int, sure: float) -> float:
        score = sure
        for offset, root in enumerate(key[1:], 1):
            if at + offset >= len(known):
                return 0.0
            score = min(score, known[at + offset].get(root, 0.0))
        return score

    def _known(self, piece: str) -> dict[str, float]:
        """Roots of telling words this piece may be: itself, one letter off, or the head of it."""
        root = self._root(piece)
        found = {root: _KEY}
        if self._lang == "ar" and piece[0] in _ARABIC_LEADS and len(piece) > _TYPO_FROM - 2:
            found.setdefault(self._root(piece[1:]), _KEY)
        if len(root) < _TYPO_FROM or self._strict:
            return found
        if root not in self._deleted or root not in self._deleted[root]:
            for shorter in (root, *words.deletions(root)):
                for other in self._deleted.get(shorter, ()):
                    if other[0] == root[0] and words.within_one_edit(root, other):
                        found.setdefault(other, _TYPO)
        shortest = _HEAD_FROM if self._lang in _GLUED else _HEAD_FROM + 1
        for length in range(shortest, len(root)):
            head = root[:length]
            if head in self._spaced_keys:
                found.setdefault(head, _TYPO)
        return found


def _bare(plain: str) -> str:
    return plain.strip(" ?!.,;:¿¡？！。，、؟…~")
