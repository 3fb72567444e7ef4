"""What is said next when not everything can be: one score for whatever waits. Pure.

It grows with the people who wait, with what is at stake for them, and with time; it falls for a viewer or a
language that was served just now. Ties go to who waited longer.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence

import msgspec

from cohost.languages import base

RECENT_MS = 600_000
"""How long having been served counts."""

BUYING = frozenset({
    "purchase", "question.price", "question.stock", "question.shipping", "question.shipping_cost",
    "question.ships", "question.how_to_buy", "question.payment", "question.delivery",
})  # fmt: skip
PEOPLE_FIRST = frozenset({"hazard"})

CORRECTION, HAZARD = 100.0, 50.0
WAITERS, STAKE, IN_VIEW, PATIENCE = 2.0, 2.0, 1.0, 4.0
POINTER, DECLINED = -2.0, -0.5
SERVED, SPOKEN_OFTEN = 1.0, 3.0
PATIENCE_MS = 60_000
"""Waiting so long counts `PATIENCE`, and no more than double of it."""


class Waiting(msgspec.Struct, frozen=True):
    """A reply (or question) that waits, with what its place depends on."""

    key: str
    since_ms: int
    intent: str = ""
    lang: str = "und"
    viewers: tuple[str, ...] = ()
    product: str | None = None
    action: str = "answer"
    pointer: bool = False
    correction: bool = False


class Served:
    """Who was served lately, and in which languages."""

    def __init__(self) -> None:
        self._recent: deque[tuple[int, str, tuple[str, ...]]] = deque()
        self._viewers: Counter[str] = Counter()
        self._langs: Counter[str] = Counter()

    def note(self, at_ms: int, lang: str, viewers: Iterable[str]) -> None:
        """A reply went out."""
        who = tuple(dict.fromkeys(viewers))
        self._recent.append((at_ms, base(lang), who))
        self._viewers.update(who)
        self._langs[base(lang)] += 1
        while self._recent[0][0] < at_ms - RECENT_MS:
            _, spoken, gone = self._recent.popleft()
            self._viewers.subtract(gone)
            self._langs[spoken] -= 1
        if len(self._viewers) > 10_000:
            self._viewers = +self._viewers

    def times(self, viewers: Sequence[str]) -> int:
        """How often the one of them who was served least was."""
        return min((self._viewers[v] for v in viewers), default=0)

    def share(self, lang: str) -> float:
        """Of the recent replies, those in this language beyond an even share, 0..1."""
        spoken = +self._langs
        total = spoken.total()
        if total < 4:
            return 0.0
        return max(0.0, spoken[base(lang)] / total - 1 / max(1, len(spoken)))


def score(waiting: Waiting, *, now_ms: int, in_view: str | None, served: Served) -> float:
    """The higher, the sooner."""
    patience = min(2.0, (now_ms - waiting.since_ms) / PATIENCE_MS)
    points = WAITERS * math.log2(1 + max(1, len(waiting.viewers))) + PATIENCE * patience
    points += CORRECTION * waiting.correction + HAZARD * (waiting.intent in PEOPLE_FIRST)
    points += STAKE * (waiting.intent in BUYING) + POINTER * waiting.pointer
    points += DECLINED * (waiting.action == "decline")
    points += IN_VIEW * (waiting.product is not None and waiting.product == in_view)
    return points - SERVED * served.times(waiting.viewers) - SPOKEN_OFTEN * served.share(waiting.lang)


def first(waiting: Iterable[Waiting], *, now_ms: int, in_view: str | None, served: Served) -> Waiting | None:
    """What goes next; None where nothing waits."""
    return max(
        waiting,
        key=lambda w: (score(w, now_ms=now_ms, in_view=in_view, served=served), -w.since_ms),
        default=None,
    )
