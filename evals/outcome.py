"""What a run yields: one outcome a case, one metric a line. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

Scores = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Suite → case → scorer → value: what a baseline holds."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One case after it ran. `scores` hold 0..1 by scorer, absent where a scorer does not apply.

    `case` is the case's id, with `+fault` behind it where one case is run in several forms.
    """

    case: str
    lang: str
    asked: str  # the question, line or sentence
    groups: dict[str, str] = {}  # further ways to group: intent, pair, fault, rule
    expected: dict[str, Any] = {}
    got: dict[str, Any] = {}
    scores: dict[str, float] = {}
    evidence: tuple[dict[str, Any], ...] = ()
    ms: float | None = None  # wall time, never compared
    times: dict[str, float] = {}  # further ones by name, in ms


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the result. `holds` is None where nothing is asked of it. A time in ms (its name ends in
    `_ms`) is a median between the 5th and the 95th percentile."""

    suite: str
    metric: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    threshold: float | None = None
    holds: bool | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A metric against the baseline, over the cases both have."""

    suite: str
    metric: str
    before: float
    now: float
    n: int
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    difference: float
    low: float
    high: float
    p: float
    regression: bool


class SuiteResult(msgspec.Struct, frozen=True, kw_only=True):
    """One suite: its outcomes and what they come to. `skipped` says why nothing was measured."""

    suite: str
    about: str = ""
    metrics: tuple[Metric, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    changes: tuple[Change, ...] = ()
    counted: tuple[str, ...] = ()  # scorers a case fails by
    failing: tuple[str, ...] = ()  # metrics that fail the run
    confusion: str = ""  # a key of `expected` and `got` that the report draws as a matrix
    skipped: str = ""
    seconds: float = 0.0


def failures(result: SuiteResult) -> list[tuple[Outcome, list[str]]]:
    """The cases that missed a counted scorer, with which."""
    found = []
    for outcome in result.outcomes:
        missed = [name for name in result.counted if outcome.scores.get(name, 1.0) < 1.0]
        if missed:
            found.append((outcome, missed))
    return found
