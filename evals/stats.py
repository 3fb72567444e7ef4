"""How sure a number is: seeded bootstrap intervals, paired comparison. Pure; same input, same output."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from math import comb

import numpy as np

RESAMPLES = 2000
LEVEL = 0.95


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean; None of nothing."""
    return sum(values) / len(values) if values else None


def quantile(values: Sequence[float], q: float) -> float | None:
    """The value at rank q of the sorted ones; None of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else None


def interval(values: Sequence[float], name: str = "") -> tuple[float | None, float | None]:
    """95 % percentile bootstrap of the mean, seeded by `name`: (low, high), (None, None) of nothing."""
    if not values:
        return None, None
    sample = np.asarray(values, dtype=np.float64)
    if np.all(sample == sample[0]):
        return float(sample[0]), float(sample[0])
    means = _resampled(sample, name)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _resampled(sample: np.ndarray[tuple[int, ...], np.dtype[np.float64]], name: str) -> list[float]:
    draw = np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))
    picks = draw.integers(0, len(sample), size=(RESAMPLES, len(sample)))
    means: list[float] = sample[picks].mean(axis=1).tolist()
    return means


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float | None:
    """The mean F1 of the classes that are expected anywhere, each counting the same; (expected, got)."""
    classes = sorted({expected for expected, _ in pairs})
    if not classes:
        return None
    found = []
    for one in classes:
        right = sum(expected == got == one for expected, got in pairs)
        claimed = sum(got == one for _, got in pairs)
        owed = sum(expected == one for expected, _ in pairs)
        found.append(2 * right / (claimed + owed))
    return sum(found) / len(found)


def macro_interval(pairs: Sequence[tuple[str, str]], name: str = "") -> tuple[float | None, float | None]:
    """95 % percentile bootstrap of `macro_f1` over the cases."""
    if not pairs:
        return None, None
    draw = np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))
    picks = draw.integers(0, len(pairs), size=(RESAMPLES // 10, len(pairs)))
    values = [macro_f1([pairs[n] for n in row]) or 0.0 for row in picks]
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def mcnemar(lost: int, gained: int) -> float:
    """Exact two-sided p that as many changed one way by chance (`lost`: right before, wrong now)."""
    n = lost + gained
    if n == 0:
        return 1.0
    tail: int = sum(comb(n, k) for k in range(min(lost, gained) + 1))
    return float(min(1.0, 2 * tail / 2**n))


class Paired:
    """The same cases before and now: mean difference with its interval, and McNemar's p."""

    def __init__(self, before: Mapping[str, float], now: Mapping[str, float], name: str = "") -> None:
        both = sorted(set(before) & set(now))
        differences = [now[k] - before[k] for k in both]
        self.n = len(both)
        self.lost = sum(d < 0 for d in differences)
        self.gained = sum(d > 0 for d in differences)
        self.difference = mean(differences) or 0.0
        low, high = interval(differences, name)
        self.low, self.high = low or 0.0, high or 0.0
        self.p = mcnemar(self.lost, self.gained)

    def worse(self, tolerance: float) -> bool:
        """A drop beyond the tolerance whose whole interval lies below zero."""
        return self.difference < -tolerance and self.high < 0
