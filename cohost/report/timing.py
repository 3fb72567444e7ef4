"""When things were asked and how long each step took, along what caused it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cohost import events as ev
from cohost.common.show import QuestionEntry

BUCKETS = 40
"""At most so many columns of a time line."""
WIDTHS_S = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
STEPS = {
    "language and kind": ev.MessageTriaged, "question": ev.QuestionAsked, "evidence": ev.EvidenceFound,
    "decision": ev.DecisionMade, "approval": ev.ReplyApproved, "post": ev.ReplyPosted,
    "voice": ev.SpeechStarted,
}  # fmt: skip
"""Steps of a turn by the event that ends each; a step takes from its cause to it."""


def quantile(values: Sequence[float], q: float) -> float | None:
    """The value at rank q of the sorted values; None when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else None


def spread(values: Sequence[float]) -> dict[str, Any]:
    return {"p50": quantile(values, 0.5), "p95": quantile(values, 0.95), "n": len(values)}


def steps(records: Sequence[ev.Record]) -> dict[str, dict[str, Any]]:
    """Milliseconds of each step: from the record that caused it."""
    at = {r.seq: r.at_ms for r in records}
    kinds = {kind: name for name, kind in STEPS.items()}
    took: dict[str, list[float]] = {name: [] for name in STEPS}
    for record in records:
        name = kinds.get(type(record.event))
        if name is not None and record.cause_seq in at:
            took[name].append(record.at_ms - at[record.cause_seq])
    return {name: spread(values) for name, values in took.items() if values}


def waited(records: Sequence[ev.Record], entries: dict[str, QuestionEntry]) -> dict[str, int]:
    """Milliseconds from a question to its first answer, by question."""
    found: dict[str, int] = {}
    for record in records:
        event = record.event
        if isinstance(event, ev.ReplyPosted) and event.question_id in entries and not event.corrects:
            found.setdefault(event.question_id, record.at_ms - entries[event.question_id].at_ms)
    return found


def timeline(entries: Sequence[QuestionEntry], end_ms: int) -> dict[str, Any]:
    """Questions by when they were asked and their state: `{width_s, columns: [{at_ms, state: n}]}`."""
    width = next((w for w in WIDTHS_S if end_ms <= BUCKETS * w * 1000), end_ms // (BUCKETS * 1000) + 1)
    columns: list[dict[str, int]] = [{} for _ in range(end_ms // (width * 1000) + 1)]
    for entry in entries:
        column = columns[min(entry.at_ms // (width * 1000), len(columns) - 1)]
        column[entry.state] = column.get(entry.state, 0) + 1
    return {
        "width_s": width,
        "columns": [{"at_ms": n * width * 1000, **column} for n, column in enumerate(columns)],
    }
