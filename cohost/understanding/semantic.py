"""What a question means, when its words alone do not tell: nearness to asking phrases. Async shell.

Vectors of the asking phrases of the question's language and of English are made once a language,
through whatever cache the embedders bring.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from cohost.languages import base
from cohost.ports import Embedder, Vector
from cohost.trust.attributes import phrases

LONGEST = 300  # characters of a question that are looked at


class Meanings(Protocol):
    """What the stage asks: `PhraseIndex`, or the scores that a recorded show holds."""

    async def score(self, text: str, lang: str) -> list[tuple[str, float]]: ...
    async def warm(self, langs: Sequence[str]) -> None: ...


class _Space:
    """The asking phrases of one language (with English) in one embedder's space."""

    def __init__(self, attributes: list[str], vectors: Vector) -> None:
        self.attributes = attributes
        self.ids = sorted(set(attributes))
        self._vectors = vectors
        numbers = {a: i for i, a in enumerate(self.ids)}
        self._owner = np.array([numbers[a] for a in attributes])
        self.far, self.near = self._spread()

    def _spread(self) -> tuple[float, float]:
        """Typical cosines of a phrase to the nearest of another attribute, and of its own.

        They differ a lot between embedders, so a fixed threshold would fit one only.
        """
        likeness = self._vectors @ self._vectors.T
        np.fill_diagonal(likeness, -1.0)
        same = self._owner[:, None] == self._owner[None, :]
        other = np.where(same, -1.0, likeness).max(axis=1)
        own = np.where(same, likeness, -1.0).max(axis=1)
        far, near = float(np.median(other)), float(np.median(own))
        return far, max(near, far + 0.05)

    def score(self, vector: Vector) -> list[tuple[str, float]]:
        cosines = self._vectors @ vector
        best = np.full(len(self.ids), -1.0, np.float32)
        np.maximum.at(best, self._owner, cosines)
        scaled = np.clip((best - self.far) / (self.near - self.far) * 0.5, 0.0, 1.0)
        order = np.argsort(-scaled)[:6]
        return [(self.ids[i], round(float(scaled[i]), 3)) for i in order if scaled[i] > 0.0]


class PhraseIndex:
    """Scores a line against labelled phrases: the attributes of the ontology, or what `rows` gives for a
    language. `embedders` in order of preference: the first that knows the language serves it."""

    def __init__(
        self, embedders: Sequence[Embedder], rows: Callable[[str], list[tuple[str, str]]] = phrases
    ) -> None:
        self._embedders = tuple(embedders)
        self._rows = rows
        self._spaces: dict[tuple[str, str], _Space] = {}
        self._building = asyncio.Lock()
        self.patient = True  # False beside a live room: `warm` fills the languages in the background

    async def score(self, text: str, lang: str) -> list[tuple[str, float]]:
        """(attribute, score 0..1) best first, at most six: 0 is as near as a question about something
        else usually comes, .5 as near as two ways to ask the same. [] without an embedder.

        Raises ProviderError. Safe to cancel.
        """
        embedder = next((e for e in self._embedders if e.knows(lang)), None)
        if embedder is None:
            return []
        space = await self._space(embedder, lang)
        vector = (await embedder.embed([text[:LONGEST]], query=True))[0]
        return space.score(vector)

    def beside(self, rows: Callable[[str], list[tuple[str, str]]]) -> PhraseIndex:
        """The same embedders with other phrases."""
        return PhraseIndex(self._embedders, rows)

    async def warm(self, langs: Sequence[str]) -> None:
        """Make the vectors of these languages now instead of at the first question in each."""
        for lang in dict.fromkeys((*langs, "en")):
            embedder = next((e for e in self._embedders if e.knows(lang)), None)
            if embedder is not None:
                await self._space(embedder, lang, warming=True)

    async def _space(self, embedder: Embedder, lang: str, *, warming: bool = False) -> _Space:
        key = (embedder.name, base(lang))
        if key in self._spaces:
            return self._spaces[key]
        english = self._spaces.get((embedder.name, "en"))
        if not self.patient and english is not None and not warming:
            return english  # a live line never waits for a language nobody has spoken yet
        async with self._building:
            if key not in self._spaces:
                rows = [row for tag in dict.fromkeys((base(lang), "en")) for row in self._rows(tag)]
                vectors = await embedder.embed([phrase for _, phrase in rows], query=True)
                self._spaces[key] = _Space([attribute for attribute, _ in rows], vectors)
        return self._spaces[key]
