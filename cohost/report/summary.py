"""What a show was, read from its log: counts, outcomes, waits, trust, work for the product team. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from cohost import events as ev
from cohost.common.show import QuestionEntry
from cohost.report.fold import Whole, fold
from cohost.report.tables import OPEN, rows, who, work
from cohost.report.timing import quantile, spread, steps, timeline, waited
from cohost.report.trust import signed, trust


def summarise(records: Sequence[ev.Record]) -> dict[str, Any]:
    """Counts, waiting times in ms and lists, as one JSON-ready object."""
    whole = fold(records)
    entries = list(whole.questions.values())
    lines = [line for line in (ev.line_of(r.event) for r in records) if line is not None]
    waits = waiting_times(records)
    end_ms = records[-1].at_ms if records else 0
    faults = [r.event for r in records if isinstance(r.event, ev.FaultRaised)]
    posted = [r.event for r in records if isinstance(r.event, ev.ReplyPosted)]
    told = trust(records, whole)
    return {
        "room": whole.show.room, "on": whole.show.on.isoformat() if whole.show.on else None,
        "duration_ms": end_ms, "messages": len(lines), "viewers": len({line.viewer for line in lines}),
        "questions": len(entries), "askers": sum(len(e.askers) for e in entries),
        "outcomes": dict(Counter(e.state for e in entries).most_common()),
        "languages": dict(Counter(a.lang for e in entries for a in e.askers).most_common()),
        "intents": dict(Counter(e.question.intent for e in entries).most_common()),
        "products": dict(Counter(e.question.product or "-" for e in entries).most_common()),
        "by": {
            "language": _outcomes((e.question.lang, e) for e in entries),
            "intent": _outcomes((e.question.intent, e) for e in entries),
            "product": _outcomes((e.question.product or "-", e) for e in entries),
            "market": _outcomes((e.question.market or "-", e) for e in entries),
        },
        "timeline": timeline(entries, end_ms),
        "platforms": platforms(records),
        "posted": len(posted), "withheld": told["withheld"]["count"], "retracted": len(told["retracted"]),
        "guard_blocks": dict(
            Counter(
                r.event.rule or "" for r in records
                if isinstance(r.event, ev.DraftSentence) and r.event.verdict != "allow"
            ).most_common()
        ),
        "voice": voice(records, whole), "writer": writer(records),
        "waiting_ms": spread(waits), "steps_ms": steps(records),
        "unanswered": [
            {"question": e.question.text, "lang": e.question.lang, "product": e.question.product,
             "market": e.question.market, "state": e.state, "askers": len(e.askers), "who": who(e)}
            for e in entries if e.state in OPEN
        ],
        "work": work(entries), "trust": told, "signed": signed(records),
        "evidence": dict(
            Counter(c.document for r in whole.replies.values() for c in r.draft.citations).most_common()
        ),
        "cited": cited(posted),
        "questions_list": rows(whole, waited(records, whole.questions)),
        "faults": [{"where": f.where, "message": f.message} for f in faults],
    }  # fmt: skip


def _outcomes(pairs: Iterable[tuple[str, QuestionEntry]]) -> dict[str, dict[str, int]]:
    """Questions by state for each key, most asked first."""
    counts: dict[str, Counter[str]] = {}
    for key, entry in pairs:
        counts.setdefault(key, Counter())[entry.state] += 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    return {key: dict(count.most_common()) for key, count in ordered}


def cited(posted: Sequence[ev.ReplyPosted]) -> list[dict[str, Any]]:
    """Every piece of evidence that viewers were shown, most often first."""
    count: Counter[str] = Counter()
    known: dict[str, Any] = {}
    for event in posted:
        for citation in event.citations:
            count[citation.id] += 1
            known.setdefault(citation.id, citation)
    return [
        {"id": i, "count": n, "kind": known[i].kind, "document": known[i].document, "page": known[i].page,
         "quote": known[i].quote}
        for i, n in count.most_common()
    ]  # fmt: skip


def platforms(records: Sequence[ev.Record]) -> dict[str, dict[str, int]]:
    """By platform: lines read, posts sent, failed and of unknown outcome, connections lost and refused."""
    counts: dict[str, Counter[str]] = {}
    for event in (r.event for r in records):
        key = None
        if isinstance(event, ev.ChatMessage) and event.role == "viewer":
            key = "lines"
        elif isinstance(event, ev.PlatformState):
            key = event.state if event.state in ("lost", "refused") else None
        else:
            key = _OUTCOMES.get(type(event))
        if key is not None:
            counts.setdefault(event.platform, Counter())[key] += 1  # type: ignore[union-attr]
    return {name: dict(counts[name]) for name in sorted(counts)}


_OUTCOMES: dict[type[ev.Event], str] = {
    ev.ReplyPosted: "posted", ev.ReplyFailed: "failed", ev.ReplyUnknown: "unknown",
}  # fmt: skip
OUTCOMES = ("lines", "posted", "failed", "unknown", "lost", "refused")


def voice(records: Sequence[ev.Record], whole: Whole) -> dict[str, Any]:
    """What was heard and said aloud. `first_audio_ms`: from the end of a caller's voice to cohost's."""
    ends = {r.seq: r.event.end_ms for r in records if isinstance(r.event, ev.TranscriptFinal)}
    events = [r.event for r in records]
    first = [
        record.at_ms - ends[asker.message_seq]
        for record in records
        if isinstance(record.event, ev.SpeechStarted) and record.event.reply_id in whole.replies
        for asker in whole.replies[record.event.reply_id].askers[:1]
        if asker.message_seq in ends
    ]
    return {
        "heard": dict(Counter(e.meaning for e in events if isinstance(e, ev.TranscriptFinal)).most_common()),
        "spoken": sum(isinstance(e, ev.SpeechStarted) for e in events),
        "held": sum(isinstance(e, ev.SpeechHeld) for e in events),
        "ducked": sum(isinstance(e, ev.SpeechDucked) for e in events),
        "resumed": sum(isinstance(e, ev.SpeechResumed) for e in events),
        "cut": dict(Counter(e.reason for e in events if isinstance(e, ev.SpeechCut)).most_common()),
        "heard_share": _heard_share(events),
        "posted_instead": dict(
            Counter(e.reason for e in events if isinstance(e, ev.SpeechSkipped)).most_common()
        ),
        "first_audio_ms": {"p50": quantile(first, 0.5), "p95": quantile(first, 0.95), "n": len(first)},
    }


def _heard_share(events: Sequence[ev.Event]) -> float | None:
    """Of the words of the speeches that were cut, those that had begun."""
    texts = {e.speech_id: e.text for e in events if isinstance(e, ev.SpeechStarted)}
    cuts = [(len(e.heard), len(texts.get(e.speech_id, ""))) for e in events if isinstance(e, ev.SpeechCut)]
    whole = sum(of for _, of in cuts)
    return round(sum(min(heard, of) for heard, of in cuts) / whole, 3) if whole else None


def writer(records: Sequence[ev.Record]) -> dict[str, Any]:
    """The LLM: by endpoint calls, faults, tokens and cost; `spent` where the show's ceiling was reached.
    `first_ms`: to the first verified sentence; `estimated`: calls whose tokens the server did not count."""
    calls: dict[str, list[ev.WriterCalled]] = {}
    for record in records:
        if isinstance(record.event, ev.WriterCalled):
            calls.setdefault(record.event.endpoint, []).append(record.event)
    spent = [r for r in records if isinstance(r.event, ev.WriterSpent)]
    return {
        "endpoints": {name: _endpoint(some) for name, some in calls.items()},
        "spent": {"at_ms": spent[0].at_ms} | _plain(spent[0].event) if spent else None,
    }


def _plain(event: ev.Event) -> dict[str, Any]:
    return {f: getattr(event, f) for f in event.__struct_fields__ if f != "v"}


def _endpoint(calls: Sequence[ev.WriterCalled]) -> dict[str, Any]:
    first = [c.first_ms for c in calls if c.first_ms is not None]
    return {
        "model": calls[-1].model, "calls": len(calls),
        **{kind: sum(c.outcome == kind for c in calls) for kind in ("written", "refused", "failed")},
        "faults": dict(Counter(c.fault for c in calls if c.fault).most_common()),
        "prompt_tokens": sum(c.prompt_tokens for c in calls),
        "cached_tokens": sum(c.cached_tokens for c in calls),
        "completion_tokens": sum(c.completion_tokens for c in calls),
        "estimated": sum(c.estimated for c in calls),
        "cost": round(sum(c.cost for c in calls), 6), "currency": calls[-1].currency,
        "first_ms": {"p50": quantile(first, 0.5), "p95": quantile(first, 0.95), "n": len(first)},
    }  # fmt: skip


def waiting_times(records: Sequence[ev.Record]) -> list[int]:
    """Milliseconds from a message to its answer (the first sound, or the post), in order of posting."""
    asked = {r.seq: r.at_ms for r in records if ev.line_of(r.event) is not None}
    spoken = {r.event.reply_id: r.at_ms for r in records if isinstance(r.event, ev.SpeechStarted)}
    return [
        min(record.at_ms, spoken.get(record.event.reply_id, record.at_ms)) - asked[seq]
        for record in records
        if isinstance(record.event, ev.ReplyPosted) and not record.event.corrects
        for seq in record.event.in_reply_to
        if seq in asked
    ]
