"""What was held back, taken back, corrected and signed in a show. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from cohost import events as ev
from cohost.common.people import told
from cohost.report.fold import Whole

MOST = 200
"""Entries of a list; what is more is counted."""
ALARMS = ("hazard", "injection", "sensitive", "abuse")

_SIGNED: dict[type[ev.Event], str] = {
    ev.ReplyApproved: "approved", ev.ReplyRejected: "rejected", ev.ReplyRetracted: "took back",
    ev.OperatorAnswered: "answered", ev.QuestionClosed: "answered aloud", ev.EvidenceReleased: "evidence",
    ev.FactChanged: "set", ev.AutonomySet: "autonomy", ev.ProductPinned: "pinned", ev.RundownSet: "run-down",
    ev.OperatorStopped: "stopped", ev.HostCorrected: "corrected the host", ev.FloorGiven: "gave the floor",
}  # fmt: skip
"""Acts of people and how the report calls them."""
_ITSELF = frozenset({"autonomy", "expiry", "kb.toml", "document", "folder"})
"""Not people: cohost by itself, time, the folder."""


def trust(records: Sequence[ev.Record], whole: Whole) -> dict[str, Any]:
    """Guard, withheld, retracted, host's claims, translations, alarms, acts of people."""
    stopped = [
        {
            "at_ms": r.at_ms,
            "rule": e.rule or "",
            "verdict": e.verdict,
            "words": e.words,
            "text": e.text,
            "by": e.by,
        }
        for r in records
        if isinstance(e := r.event, ev.DraftSentence) and e.verdict != "allow"
    ]
    withheld = [
        {"at_ms": r.at_ms, "rule": e.rule, "words": e.words, "reply_id": e.reply_id}
        for r in records
        if isinstance(e := r.event, ev.ReplyWithheld)
    ]
    return {
        "guard": _first(stopped), "withheld": _first(withheld), "retracted": _retracted(records, whole),
        "host": _host(records), "translations": _translations(records),
        "alarms": {
            kind: count
            for kind, count in Counter(
                r.event.intent for r in records if isinstance(r.event, ev.MessageTriaged)
            ).most_common()
            if kind in ALARMS
        },
        "overrode": _first([
            {"at_ms": r.at_ms, "rule": rule, "by": getattr(r.event, "by", ""), "what": r.kind}
            for r in records
            if (rule := getattr(r.event, "overrode", None))
        ]),
    }  # fmt: skip


def _first(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": len(entries), "entries": entries[:MOST]}


def _retracted(records: Sequence[ev.Record], whole: Whole) -> list[dict[str, Any]]:
    told = [r.event for r in records if isinstance(r.event, ev.ReplyPosted) and r.event.corrects]
    found = []
    for record in records:
        event = record.event
        if not isinstance(event, ev.ReplyRetracted):
            continue
        wrong = whole.replies.get(event.reply_id)
        right = [e for e in told if e.corrects == event.reply_id]
        found.append({
            "at_ms": record.at_ms, "by": event.by, "reason": event.reason,
            "text": wrong.text if wrong else "", "correction": right[0].text if right else "",
            "reached": sum(len(e.in_reply_to) for e in right),
        })  # fmt: skip
    return found


def _host(records: Sequence[ev.Record]) -> dict[str, Any]:
    checked = [(r.at_ms, r.event) for r in records if isinstance(r.event, ev.HostChecked)]
    wrong = [{"at_ms": at, "rule": e.rule, "words": e.words, "right": e.right} for at, e in checked if e.rule]
    corrected = sum(isinstance(r.event, ev.HostCorrected) for r in records)
    return {"checked": len(checked), "corrected": corrected, **_first(wrong)}


def _translations(records: Sequence[ev.Record]) -> dict[str, Any]:
    made = [r.event for r in records if isinstance(r.event, ev.TranslationMade)]
    return {
        "lines": len(made), "states": dict(Counter(e.state for e in made).most_common()),
        "why_not": dict(Counter(e.reason for e in made if e.state == "original").most_common()),
        "pairs": dict(Counter(f"{e.lang} → {e.target}" for e in made).most_common(20)),
        "by": dict(Counter(e.by for e in made if e.by).most_common()),
    }  # fmt: skip


def signed(records: Sequence[ev.Record]) -> list[dict[str, Any]]:
    """What people did, when, under which name: what cohost did by itself is not signed. `signed`: with
    a token of their own."""
    found = []
    for record in records:
        event = record.event
        what = _SIGNED.get(type(event))
        by = str(getattr(event, "by", ""))
        if what is None or not by or by in _ITSELF:
            continue
        if isinstance(event, ev.QuestionClosed) and event.hidden:
            what = "hid"
        found.append({
            "at_ms": record.at_ms, "by": by, "who": _who(event), "what": what, "about": _about(event),
            "signed": getattr(event, "signed", None) is not None,
        })  # fmt: skip
    return found


def _who(event: Any) -> str:
    """ "Mei, product"."""
    return told(str(getattr(event, "by", "")), getattr(event, "signed", None))


def _about(event: ev.Event) -> str:
    if isinstance(event, ev.EvidenceReleased):
        return f"{event.evidence_id} {event.state}"
    if isinstance(event, ev.FactChanged):
        parts = (event.product, event.attribute, event.market, event.value, event.unit)
        return " ".join(str(p) for p in parts if p is not None)
    for name in ("reply_id", "question_id", "product", "level", "message_seq"):
        if (value := getattr(event, name, None)) is not None:
            return str(value)
    return ""
