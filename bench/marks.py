"""A measured mark: one line of `cohost bench`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """`value` None: not measured (its data was not given). `better` says which side of `target` holds.

    `peer` names the usual way measured in the same run, `ratio` is how many times better ours is.
    `about` tells a person what was measured, or why it was not; no part of the line.
    """

    bench: str
    mark: str
    value: float | None
    unit: str
    n: int
    target: float | None = None
    better: Literal["lower", "higher"] = "lower"
    peer: str = ""
    peer_value: float | None = None
    about: str = ""

    @property
    def holds(self) -> bool | None:
        if self.value is None or self.target is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target

    @property
    def ratio(self) -> float | None:
        """Above one: ours is better."""
        if not self.value or not self.peer_value:
            return None
        better = self.peer_value / self.value if self.better == "lower" else self.value / self.peer_value
        return round(better, 2)

    def line(self) -> dict[str, Any]:
        """The contract's object; the peer's fields only where there is one."""
        data: dict[str, Any] = {
            "bench": self.bench, "mark": self.mark, "value": rounded(self.value), "unit": self.unit,
            "n": self.n, "target": self.target, "holds": self.holds,
        }  # fmt: skip
        if self.peer:
            data |= {"peer": self.peer, "peer_value": rounded(self.peer_value), "ratio": self.ratio}
        return data


def rounded(value: float | None) -> float | None:
    """Three figures that matter, whole numbers above a thousand."""
    if value is None:
        return None
    return float(round(value)) if abs(value) >= 1000 else float(f"{value:.3g}")


def quantile(values: Sequence[float], q: float) -> float | None:
    """The value at rank q, nearest rank; None of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else None
