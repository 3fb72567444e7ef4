"""Ranks of candidate texts for a question by each way cohost can search: words, each embedder, both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cohost.knowledge.embed import CachedEmbedder
from cohost.knowledge.lexical import Bm25
from cohost.knowledge.retrieve import fuse


class Shelf:
    """Candidate texts, embedded once."""

    def __init__(self, texts: Sequence[str], models: dict[str, CachedEmbedder]) -> None:
        self.texts = list(texts)
        self._models = models
        self._words = Bm25(self.texts)
        self._vectors: dict[str, Any] = {}

    async def ranked(self, question: str, *, words: bool) -> dict[str, list[int]]:
        """Way → rows, best first. `words`: the question is in the texts' language, so words may count."""
        found: dict[str, list[int]] = {}
        lexical = self._words.search(question) if words else {}
        if words:
            found["bm25"] = [row for row, _ in sorted(lexical.items(), key=lambda p: (-p[1], p[0]))]
        for name, model in self._models.items():
            if name not in self._vectors:
                self._vectors[name] = await model.embed(self.texts, query=False)
            asked = (await model.embed([question], query=True))[0]
            cosines = np.asarray(self._vectors[name]) @ asked
            found[name] = [int(n) for n in np.argsort(-cosines, kind="stable")]
            if words:
                dense = {n: float(cosines[n]) for n in found[name][:50]}
                found[f"{name}+bm25"] = [row for row, _ in fuse(dense, lexical)]
        return found


def rank_scores(ranked: dict[str, list[int]], right: set[int]) -> dict[str, float]:
    """Recall at 1 and 5 and reciprocal rank for each way."""
    scores: dict[str, float] = {}
    for way, rows in ranked.items():
        first = next((n for n, row in enumerate(rows, start=1) if row in right), 0)
        scores[f"recall@1.{way}"] = float(first == 1)
        scores[f"recall@5.{way}"] = float(0 < first <= 5)
        scores[f"mrr.{way}"] = 1 / first if first else 0.0
    return scores
