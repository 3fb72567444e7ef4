"""Tokens and money of a show's LLM calls: prices, estimates, totals by endpoint, the ceiling. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from cohost.events import Record
from cohost.events.writer import WriterCalled, WriterSpent

MILLION = 1_000_000
_INDIC_ON = 0x0900
"""Scripts from here on (Devanagari, Thai, kana, Han, Hangul) take about a token a character."""


class Tokens(msgspec.Struct, frozen=True):
    """Of one call. `cached`: those of `prompt` that the server had kept; `estimated`: counted here."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    estimated: bool = False


class Prices(msgspec.Struct, frozen=True):
    """Of a million tokens, in the settings' currency. `cached` 0: kept ones cost as much as others."""

    prompt: float = 0.0
    completion: float = 0.0
    cached: float = 0.0


class Ceiling(msgspec.Struct, frozen=True):
    """What a show may take; 0 = no limit."""

    cost: float = 0.0
    tokens: int = 0


def cost_of(tokens: Tokens, prices: Prices) -> float:
    """In the prices' currency."""
    kept = min(tokens.cached, tokens.prompt)
    fresh = tokens.prompt - kept
    told = fresh * prices.prompt + kept * (prices.cached or prices.prompt)
    return (told + tokens.completion * prices.completion) / MILLION


def tokens_in(text: str) -> int:
    """About how many: four ASCII letters to a token, two of other alphabets, one sign of dense scripts."""
    quarters = sum(1 if c < "\x80" else 2 if ord(c) < _INDIC_ON else 4 for c in text)
    return -(-quarters // 4)


def estimate(asked: Iterable[str], said: Iterable[str]) -> Tokens:
    """From the texts that went in and came out, where the server does not count."""
    return Tokens(sum(map(tokens_in, asked)), sum(map(tokens_in, said)), 0, True)


@dataclass
class Total:
    """Calls added up."""

    calls: int = 0
    tokens: int = 0
    cost: float = 0.0
    estimated: int = 0  # calls whose tokens are an estimate

    def add(self, event: WriterCalled) -> None:
        self.calls += 1
        self.tokens += event.prompt_tokens + event.completion_tokens
        self.cost += event.cost
        self.estimated += event.estimated


@dataclass
class Ledger:
    """A fold of `writer.called`, in order; a record that was counted already is not counted again."""

    ceiling: Ceiling = field(default_factory=Ceiling)
    whole: Total = field(default_factory=Total)
    by_endpoint: dict[str, Total] = field(default_factory=dict)
    told: bool = False  # that the ceiling is reached
    _last: int = 0

    def count(self, record: Record) -> None:
        event = record.event
        if record.seq <= self._last or not isinstance(event, WriterCalled | WriterSpent):
            return
        self._last = record.seq
        if isinstance(event, WriterSpent):
            self.told = True
            return
        self.add(event)

    def add(self, event: WriterCalled) -> None:
        """A call that no log numbers; each is told once."""
        self.whole.add(event)
        self.by_endpoint.setdefault(event.endpoint, Total()).add(event)

    @property
    def reached(self) -> bool:
        """True once the show has taken what it may."""
        top = self.ceiling
        return bool(
            (top.cost and self.whole.cost >= top.cost) or (top.tokens and self.whole.tokens >= top.tokens)
        )
