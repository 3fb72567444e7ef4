"""The evidence of one folder as it stands now: looked up by type, searched by meaning.

Two vector legs: USE where it knows both the question's and the text's language, E5 elsewhere; a
lexical leg only within one language. What an operator changes on air lies over what was built.
"""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
import functools
import itertools
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from cohost.clock import Clock
from cohost.common.catalogue import Catalogue
from cohost.common.lexicon import FEATURES, entries
from cohost.common.question import Question
from cohost.errors import ModelMissing
from cohost.events import EvidenceReleased, FactChanged
from cohost.knowledge.build import Built, Progress
from cohost.knowledge.embed import CachedEmbedder
from cohost.knowledge.index import ChromaStore, DenseIndex
from cohost.knowledge.lexical import Bm25
from cohost.knowledge.retrieve import fuse, in_scope, rank, typed
from cohost.languages import LANGUAGES, base
from cohost.ports import Embedder, Found
from cohost.trust.attributes import display_name
from cohost.trust.evidence import LIVE_DOCUMENT, Evidence, Fact, MarketFact, Passage, Policy, Source

NAMED = 12
"""Items looked up for a thing asked for by name."""
KEPT = 2048
"""Look-ups by name that are kept: a feature and the products in question."""
LOOKED_AT = 200
"""Texts of all products among which those in scope are sought."""
LEG = {"use-3": "use", "e5-small-q4": "e5"}


@dataclass(frozen=True)
class Models:
    """The embedders: `wide` knows every language, `sharp` its own few, better."""

    sharp: Embedder | None
    wide: Embedder | None


@dataclass
class _Leg:
    rows: list[int]  # positions in Library._texts
    index: DenseIndex


class KnowledgeLibrary:
    """Implements ports.Library over a `Built` folder. Call `prepare` before `find`."""

    def __init__(self, built: Built, models: Models, clock: Clock) -> None:
        self.built = built
        self._models = models
        self._clock = clock
        self._items: dict[str, Evidence] = {i.id: i for i in built.items}
        self._texts = [i for i in built.items if isinstance(i, Passage | Fact | Policy)]
        self._words = [_search_text(i) for i in self._texts]
        self._langs = [base(i.source.lang) for i in self._texts]
        self._lexical = Bm25(self._words)
        self._speaking = functools.lru_cache(maxsize=KEPT)(self._rows_of)
        self._shelves: dict[str | None, dict[str, list[Evidence]]] | None = None
        self._spoken = tuple(sorted(set(self._langs) & set(LANGUAGES)))
        self._legs: dict[str, _Leg] = {}
        self._store: ChromaStore | None = None
        self._documents: dict[str, CachedEmbedder] = {}
        self._complete = False
        self._completing = asyncio.Lock()
        self.completes_alone = False  # a background task completes the vectors: never wait for it

    @property
    def catalogue(self) -> Catalogue:
        return self.built.kb.catalogue

    @property
    def version(self) -> str:
        return self.built.version

    @property
    def size(self) -> int:
        """Texts that are searched by meaning."""
        return len(self._texts)

    def get(self, evidence_id: str) -> Evidence | None:
        return self._items.get(evidence_id)

    def all(self) -> Sequence[Evidence]:
        return list(self._items.values())

    # ── vectors ──
    async def prepare(
        self,
        documents: dict[str, CachedEmbedder],
        *,
        store: ChromaStore | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Embed what answers most questions: USE where it knows the text, E5 for the other texts.

        `documents` are the cached embedders by leg name ("use", "e5").
        """
        self._store = store
        self._documents = documents
        covered: set[int] = set()
        if "use" in documents:
            rows = [n for n, lang in enumerate(self._langs) if documents["use"].knows(lang)]
            if await self._embed("use", rows, progress):
                covered = set(rows)
        if "e5" in documents:
            rest = [n for n in range(len(self._texts)) if n not in covered]
            await self._embed("e5", rest, progress)
            self._complete = not covered

    async def complete(self, progress: Progress | None = None) -> None:
        """Embed everything with E5 too, for questions in languages that USE does not know.

        Slow the first time (about 50 ms a passage), cached afterwards. Safe to cancel and to call again.
        """
        async with self._completing:
            if not self._complete and "e5" in self._documents:
                await self._embed("e5", list(range(len(self._texts))), progress)
            self._complete = True

    async def _embed(self, name: str, rows: list[int], progress: Progress | None) -> bool:
        if not rows:
            return False

        def report(done: int, total: int) -> None:
            if progress:
                progress(f"embedding ({name})", done, total)

        words = [self._words[r] for r in rows]
        try:
            batch = 1 if self.completes_alone else CachedEmbedder.BATCH
            vectors = await self._documents[name].embed(words, query=False, progress=report, batch=batch)
        except ModelMissing:
            return False
        groups = [self._texts[r].product or "" for r in rows]
        self._legs[name] = _Leg(rows, DenseIndex(name, np.asarray(vectors), groups, self._store))
        return True

    async def find(self, question: Question, limit: int = 24) -> Found:
        """Typed items of the attribute asked, then the nearest text. Cancelling loses nothing."""
        started = self._clock.perf()
        lookups = [*typed(self._candidates(question), question), *self._speaking_of(question)]
        passages = await self._nearest(question, limit)
        items, scores = rank(lookups, passages, limit)
        return Found(items, scores, round((self._clock.perf() - started) * 1000, 2))

    def _candidates(self, question: Question) -> list[Evidence]:
        """The items that a look-up by type could take: all that is typed of the products in question, and
        the passages about an attribute asked."""
        if self._shelves is None:
            self._shelves = _shelved(self._items.values())
        products = (*question.products, None) if question.products else tuple(self._shelves)
        found: list[Evidence] = []
        for product in dict.fromkeys(products):
            shelf = self._shelves.get(product, {})
            for name in ("", *question.attributes):
                found += shelf.get(name, ())
        return list({item.id: item for item in found}.values())

    def _speaking_of(self, question: Question) -> list[tuple[float, Evidence]]:
        """Items in whose words a thing asked for by name stands ("NFC", "founded"), in any language."""
        rows: dict[int, float] = {}
        for feature in question.features:
            for row, score in self._speaking(feature, question.products):
                rows[row] = max(rows.get(row, 0.0), score)
        best = sorted(rows.items(), key=lambda pair: (-pair[1], pair[0]))[:NAMED]
        return [(0.6 + 0.1 * score, item) for row, score in best if (item := self._still(row)) is not None]

    def _rows_of(self, feature: str, products: tuple[str, ...]) -> list[tuple[int, float]]:
        """The texts in scope that hold a feature's words best, by the languages of the house's papers."""
        rows: dict[int, float] = {}
        for lang in dict.fromkeys((*self._spoken, "en")):
            words = " ".join(w.strip("=*~") for w in entries(lang, FEATURES, feature))
            found = self._lexical.search(words) if words else {}
            for row, score in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:LOOKED_AT]:
                if not products or self._texts[row].product in (None, *products):
                    rows[row] = max(rows.get(row, 0.0), score)
        return sorted(rows.items(), key=lambda pair: (-pair[1], pair[0]))[:NAMED]

    async def _nearest(self, question: Question, limit: int) -> list[tuple[float, Evidence]]:
        lang = question.lang if question.lang != "und" else "en"
        allowed = [*question.products, ""] if question.products else []
        dense: dict[int, float] = {}
        sharp = self._models.sharp
        use_sharp = sharp is not None and "use" in self._legs and sharp.knows(lang)
        if use_sharp and sharp is not None:
            await self._search("use", sharp, question.text, allowed, limit, dense)
        if not use_sharp and not self._complete and not self.completes_alone:
            await self.complete()
        if self._models.wide is not None and "e5" in self._legs:
            covered = set(self._legs["use"].rows) if use_sharp else set()
            if len(covered) < len(self._texts):
                await self._search("e5", self._models.wide, question.text, allowed, limit, dense, covered)
        lexical = {
            row: score
            for row, score in self._lexical.search(question.text).items()
            if self._langs[row] == base(lang) and in_scope(self._texts[row], question)
        }
        ranked = fuse(dense, lexical)[:limit]
        return [(score, item) for row, score in ranked if (item := self._still(row)) is not None]

    def _still(self, row: int) -> Evidence | None:
        """The item of a row as it stands now; None where a fact set on air has replaced it."""
        return self._items.get(self._texts[row].id)

    async def _search(
        self,
        name: str,
        embedder: Embedder,
        text: str,
        allowed: Sequence[str],
        limit: int,
        into: dict[int, float],
        skip: set[int] | frozenset[int] = frozenset(),
    ) -> None:
        leg = self._legs[name]
        vector = (await embedder.embed([text], query=True))[0]
        near = leg.index.search(vector, allowed, limit + len(skip))
        others = ((leg.rows[n], cosine) for n, cosine in near if leg.rows[n] not in skip)
        for row, cosine in itertools.islice(others, limit):  # as many whether or not all texts are in the leg
            into[row] = max(into.get(row, 0.0), _scaled(name, cosine))

    @property
    def embedders(self) -> dict[str, CachedEmbedder]:
        """The embedders it searches with, by leg name ("use", "e5")."""
        return self._documents

    def copy(self, clock: Clock) -> KnowledgeLibrary:
        """A library of its own over the same texts and vectors, on another clock's day: what is changed on
        air there stays there. Only the first is to be closed."""
        other = copy.copy(self)
        other._clock = clock
        other._items = dict(self._items)
        other._shelves = None
        return other

    # ── what operators change on air ──
    def apply(self, event: FactChanged | EvidenceReleased) -> None:
        """A set fact replaces the standing one for that market; a hold takes an item off the air."""
        self._shelves = None
        if isinstance(event, EvidenceReleased):
            item = self._items.get(event.evidence_id)
            if item is not None:
                self._items[item.id] = msgspec.structs.replace(item, release=event.state)
            return
        if event.value is None:
            return
        for item in list(self._items.values()):
            if _replaced_by(item, event):
                del self._items[item.id]
        live = _live_fact(event, self._clock.today())
        self._items[live.id] = live

    def close(self) -> None:
        if self._store is not None:
            self._store.close()


def _shelved(items: Iterable[Evidence]) -> dict[str | None, dict[str, list[Evidence]]]:
    """Product → "" what is typed, attribute → the passages about it."""
    shelves: dict[str | None, dict[str, list[Evidence]]] = {}
    for item in items:
        shelf = shelves.setdefault(item.product, {})
        if not isinstance(item, Passage):
            shelf.setdefault("", []).append(item)
            continue
        for attribute in item.attributes if item.warning else item.attributes[:1]:
            shelf.setdefault(attribute, []).append(item)
    return shelves


def _scaled(leg: str, cosine: float) -> float:
    """E5's cosines lie between .75 and .95, USE's spread: one scale, 0..1."""
    return min(1.0, max(0.0, (cosine - 0.75) / 0.2)) if leg == "e5" else max(0.0, cosine)


def _search_text(item: Passage | Fact | Policy) -> str:
    if isinstance(item, Passage):
        return f"{item.heading}: {item.text}" if item.heading else item.text
    return f"{display_name(item.attribute, base(item.source.lang))}: {item.source.quote}"


def _replaced_by(item: Evidence, event: FactChanged) -> bool:
    if not isinstance(item, MarketFact | Fact) or item.attribute != event.attribute:
        return False
    if item.product != event.product:
        return False
    return event.market is None or item.markets == (event.market,)


def _live_fact(event: FactChanged, today: dt.date) -> MarketFact:
    shown = f"{event.value:g}" if isinstance(event.value, float | int) else str(event.value)
    words = [event.attribute, shown, event.unit or "", event.market or "", f"set by {event.by}"]
    key = f"{event.product}|{event.market}|{event.attribute}|{event.value}|{event.unit}"
    assert event.value is not None
    return MarketFact(
        id=f"E{1_000_000 + zlib.crc32(key.encode()) % 900_000}",
        source=Source(document=LIVE_DOCUMENT, quote=" ".join(w for w in words if w), lang="en", kind="other"),
        source_class="C",
        product=event.product,
        markets=(event.market,) if event.market else (),
        attribute=event.attribute,
        value=event.value,
        unit=event.unit,
        as_of=today,
        valid_until=event.valid_until,
    )
