"""A quantile of the room's own histogram of page lag, from the text of `/metrics`. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

_BUCKET = re.compile(r'^cohost_page_lag_seconds_bucket\{.*?le="([^"]+)".*?\}\s+(\S+)', re.MULTILINE)


@dataclass(frozen=True)
class Lag:
    """Cumulative counts by upper bound in ms, over held and cut speeches."""

    buckets: tuple[tuple[float, float], ...]

    @property
    def n(self) -> int:
        return int(self.buckets[-1][1]) if self.buckets else 0

    def quantile(self, q: float) -> float | None:
        """Straight between the bounds of its bucket, as Prometheus does; None of nothing."""
        if not self.n:
            return None
        rank, low, below = q * self.n, 0.0, 0.0
        for bound, count in self.buckets:
            if count >= rank and count > below:
                return (
                    low if bound == float("inf") else low + (bound - low) * (rank - below) / (count - below)
                )
            low, below = bound, count
        return low


def lag_of(text: str) -> Lag:
    """The histogram in an exposition; empty where it has none."""
    counts: dict[float, float] = defaultdict(float)
    for bound, count in _BUCKET.findall(text):
        counts[float(bound) * 1000] += float(count)
    return Lag(tuple(sorted(counts.items())))
