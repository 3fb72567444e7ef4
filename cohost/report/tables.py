"""Questions as rows: one each, for a spreadsheet; and as work for whoever keeps the documents. Pure."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from cohost.common.show import QuestionEntry, ReplyEntry
from cohost.report.fold import Whole

OPEN = ("declined", "escalated", "open", "drafted", "expired", "failed", "held")
"""States of a question that nobody answered; held: gathered for later, and later never came."""
REACHED = 8
"""Askers named of one question."""
EXAMPLES = 3
COLUMNS = (
    "id", "asked_at", "language", "market", "product", "intent", "question", "askers", "languages", "state",
    "reply_language", "answer", "evidence", "waited_ms", "platforms", "written_by", "reason",
)  # fmt: skip
_FORMULA = "=+-@\t\r"
"""A cell that begins so is a formula to a spreadsheet."""


def clock(at_ms: int) -> str:
    """Show time as h:mm:ss."""
    seconds = at_ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def rows(whole: Whole, waited: dict[str, int]) -> list[dict[str, Any]]:
    """A row a question, by COLUMNS. `waited`: milliseconds to the first answer, by question."""
    return [_row(entry, whole, waited) for entry in whole.questions.values()]


def _row(entry: QuestionEntry, whole: Whole, waited: dict[str, int]) -> dict[str, Any]:
    question = entry.question
    told = _told(entry, whole)
    draft = told.draft if told is not None else None
    return {
        "id": question.id, "asked_at": clock(entry.at_ms), "language": question.lang,
        "market": question.market or "", "product": question.product or "", "intent": question.intent,
        "question": question.text, "askers": len(entry.askers),
        "languages": " ".join(sorted({a.lang for a in entry.askers})), "state": entry.state,
        "reply_language": draft.lang if draft else "",
        "answer": (told.text or told.draft.text) if told is not None else "",
        "evidence": "; ".join(dict.fromkeys(_place(c) for c in draft.citations)) if draft else "",
        "waited_ms": waited.get(question.id, ""),
        "platforms": " ".join(sorted({a.platform for a in entry.askers})),
        "written_by": draft.by if draft else "",
        "reason": whole.reasons.get(question.id) or (draft.reason if draft else ""),
    }  # fmt: skip


def who(entry: QuestionEntry) -> list[str]:
    """Who asked, as the room knew them, and where: whoever still owes the answer finds them there."""
    named = dict.fromkeys(
        f"{a.name or 'a guest'} ({a.platform})" if a.platform != "room" else a.name or "a guest"
        for a in entry.askers
    )
    return list(named)[:REACHED]


def _told(entry: QuestionEntry, whole: Whole) -> ReplyEntry | None:
    """The reply that went out, else the last draft."""
    replies = [whole.replies[r] for r in entry.replies if r in whole.replies]
    posted = [r for r in replies if r.state == "posted"]
    found = posted or replies
    return found[-1] if found else None


def _place(citation: Any) -> str:
    return f"{citation.document}, p. {citation.page}" if citation.page else str(citation.document)


def as_csv(found: Sequence[dict[str, Any]]) -> str:
    """For spreadsheets: a mark that tells UTF-8, no cell that would be run as a formula."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows({key: _safe(value) for key, value in row.items()} for row in found)
    return "\ufeff" + out.getvalue()


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] and value[0] in _FORMULA else value


def work(entries: Iterable[QuestionEntry]) -> list[dict[str, Any]]:
    """What no document answered, by product and what was asked of it, most askers first."""
    groups: dict[tuple[str, str], list[QuestionEntry]] = {}
    for entry in entries:
        if entry.state in OPEN and entry.question.intent.startswith("question."):
            key = (entry.question.product or "", entry.question.intent.removeprefix("question."))
            groups.setdefault(key, []).append(entry)
    told = [
        {
            "product": product or None, "attribute": attribute,
            "askers": sum(len(e.askers) for e in some), "questions": len(some),
            "languages": _count(a.lang for e in some for a in e.askers),
            "markets": _count(e.question.market for e in some if e.question.market),
            "states": _count(e.state for e in some),
            "examples": [{"text": e.question.text, "lang": e.question.lang} for e in some[:EXAMPLES]],
        }
        for (product, attribute), some in groups.items()
    ]  # fmt: skip
    return sorted(told, key=lambda one: (-one["askers"], one["product"] or "", one["attribute"]))


def _count(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())
