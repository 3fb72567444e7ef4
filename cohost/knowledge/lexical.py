"""BM25 over passages, for questions in the passage's own language. Pure.

Words where a script has spaces, character bigrams for Han, kana and Thai. Across languages word
overlap misleads, so the caller asks only within one language.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence

K1, B = 1.2, 0.75
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_DENSE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")


def terms(text: str) -> list[str]:
    """Words folded in case and accents; bigrams where words are not separated."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = unicodedata.normalize("NFC", "".join(c for c in folded if not _latin_mark(c)))
    found: list[str] = []
    for word in _WORD.findall(folded):
        start = 0
        for run in _DENSE.finditer(word):
            if run.start() > start:
                found.append(word[start : run.start()])
            chars = run.group()
            found.extend(chars[i : i + 2] for i in range(max(1, len(chars) - 1)))
            start = run.end()
        if start < len(word):
            found.append(word[start:])
    return found


def _latin_mark(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


class Bm25:
    """Scores of every passage for a question: `search(text)` → {row: score}, best scored 1.0."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._lengths: list[int] = []
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, text in enumerate(texts):
            counted = Counter(terms(text))
            self._lengths.append(sum(counted.values()))
            for term, count in counted.items():
                self._postings[term].append((row, count))
        self._mean = (sum(self._lengths) / len(self._lengths)) if self._lengths else 1.0

    def search(self, text: str) -> dict[int, float]:
        scores: dict[int, float] = defaultdict(float)
        total = len(self._lengths)
        for term in set(terms(text)):
            posting = self._postings.get(term, [])
            idf = math.log(1 + (total - len(posting) + 0.5) / (len(posting) + 0.5))
            for row, count in posting:
                norm = 1 - B + B * self._lengths[row] / (self._mean or 1.0)
                scores[row] += idf * count * (K1 + 1) / (count + K1 * norm)
        best = max(scores.values(), default=0.0)
        return {row: score / best for row, score in scores.items()} if best else {}
