"""What a show was, read from its log: questions, outcomes, waiting times, work for the product team. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from cohost import events as ev
from cohost.common.show import Show

STYLE = """
:root { color-scheme: light dark; --bar: #2f6fed; --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: start; padding: .35rem .6rem;
overflow-wrap: anywhere; border-bottom: 1px solid var(--line); }
.bar { background: var(--bar); height: .7rem; border-radius: 3px; }
tbody th { font-weight: inherit; }
.big { display: flex; gap: 2rem; flex-wrap: wrap; } .big b { display: block; font-size: 1.6rem; }
"""


def summarise(records: Sequence[ev.Record]) -> dict[str, Any]:
    """Counts, waiting times in ms and lists, as one JSON-ready object."""
    show = Show()
    for record in records:
        show.apply(record)
    messages = [line for line in (ev.line_of(r.event) for r in records) if line is not None]
    waits = waiting_times(records)
    faults = [r.event for r in records if isinstance(r.event, ev.FaultRaised)]
    entries = list(show.questions.values())
    evidence = Counter(c.document for r in show.replies.values() for c in r.draft.citations)
    return {
        "room": show.room, "on": show.on.isoformat() if show.on else None,
        "duration_ms": records[-1].at_ms if records else 0, "messages": len(messages),
        "viewers": len({line.viewer for line in messages}),
        "questions": len(entries), "askers": sum(len(e.askers) for e in entries),
        "outcomes": dict(Counter(e.state for e in entries).most_common()),
        "languages": dict(Counter(a.lang for e in entries for a in e.askers).most_common()),
        "intents": dict(Counter(e.question.intent for e in entries).most_common()),
        "products": dict(Counter(e.question.product or "-" for e in entries).most_common()),
        "platforms": platforms(records),
        "posted": sum(isinstance(r.event, ev.ReplyPosted) for r in records),
        "withheld": sum(isinstance(r.event, ev.ReplyWithheld) for r in records),
        "retracted": sum(isinstance(r.event, ev.ReplyRetracted) for r in records),
        "guard_blocks": dict(
            Counter(
                r.event.rule or "" for r in records
                if isinstance(r.event, ev.DraftSentence) and r.event.verdict != "allow"
            ).most_common()
        ),
        "voice": voice(records, show), "writer": writer(records),
        "waiting_ms": {"p50": quantile(waits, 0.5), "p95": quantile(waits, 0.95), "n": len(waits)},
        "unanswered": [
            {"question": e.question.text, "lang": e.question.lang, "product": e.question.product,
             "market": e.question.market, "state": e.state, "askers": len(e.askers)}
            for e in entries if e.state in ("declined", "escalated", "open", "expired", "failed")
        ],
        "evidence": dict(evidence.most_common()),
        "faults": [{"where": f.where, "message": f.message} for f in faults],
    }  # fmt: skip


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


def voice(records: Sequence[ev.Record], show: Show) -> dict[str, Any]:
    """What was heard and said aloud. `first_audio_ms`: from the end of a caller's voice to cohost's."""
    ends = {r.seq: r.event.end_ms for r in records if isinstance(r.event, ev.TranscriptFinal)}
    events = [r.event for r in records]
    first = [
        record.at_ms - ends[asker.message_seq]
        for record in records
        if isinstance(record.event, ev.SpeechStarted) and record.event.reply_id in show.replies
        for asker in show.replies[record.event.reply_id].askers[:1]
        if asker.message_seq in ends
    ]
    return {
        "heard": dict(Counter(e.meaning for e in events if isinstance(e, ev.TranscriptFinal)).most_common()),
        "spoken": sum(isinstance(e, ev.SpeechStarted) for e in events),
        "held": sum(isinstance(e, ev.SpeechHeld) for e in events),
        "cut": dict(Counter(e.reason for e in events if isinstance(e, ev.SpeechCut)).most_common()),
        "posted_instead": dict(
            Counter(e.reason for e in events if isinstance(e, ev.SpeechSkipped)).most_common()
        ),
        "first_audio_ms": {"p50": quantile(first, 0.5), "p95": quantile(first, 0.95), "n": len(first)},
    }


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


def quantile(values: Sequence[float], q: float) -> float | None:
    """The value at rank q of the sorted values; None when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else None


def page(summary: dict[str, Any]) -> str:
    """The post-show report as one self-contained HTML page."""
    wait = summary["waiting_ms"]
    tiles = [
        ("messages", summary["messages"]), ("viewers", summary["viewers"]),
        ("questions", summary["questions"]), ("posted", summary["posted"]),
        ("wait p50 / p95", f"{wait['p50']} / {wait['p95']} ms"),
    ]  # fmt: skip
    aloud = summary["voice"]
    if aloud["spoken"]:
        first = aloud["first_audio_ms"]
        tiles += [("spoken", aloud["spoken"]), ("cut", sum(aloud["cut"].values()))]
        tiles += [("voice to voice p50", f"{first['p50']} ms")] if first["n"] else []
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>",
        f"<title>Show report: {escape(summary['room'])}</title><style>{STYLE}</style>",
        f"<main><h1>{escape(summary['room'])}, {escape(str(summary['on']))}</h1><div class='big'>",
        *(f"<div><b>{escape(str(value))}</b>{name}</div>" for name, value in tiles),
        "</div>",
        *(
            f"<h2>{title}</h2>{_bars(summary[key])}"
            for title, key in (
                ("Outcomes", "outcomes"), ("Languages", "languages"), ("What was asked", "intents"),
                ("Products", "products"), ("Evidence used", "evidence"), ("Guard", "guard_blocks"),
            )
            if summary[key]
        ),
        "<h2>Platforms</h2>", _platforms(summary["platforms"]),
        *(("<h2>Language model</h2>", _writers(summary["writer"])) if summary["writer"]["endpoints"] else ()),
        *(
            f"<h2>{title}</h2>{_bars(aloud[key])}"
            for title, key in (
                ("What was heard", "heard"), ("Why cohost was cut", "cut"),
                ("Posted instead of spoken", "posted_instead"),
            )
            if aloud[key]
        ),
        "<h2>For the product team: what no document answered</h2>", _unanswered(summary["unanswered"]),
    ]  # fmt: skip
    return "".join(parts) + "</main></html>"


def _bars(counts: dict[str, int]) -> str:
    most = max(counts.values(), default=1)
    rows = (
        f"<tr><th scope='row'>{escape(name)}</th><td>{count}</td><td width='60%'>"
        f"<div class='bar' style='width:{100 * count / most:.0f}%'></div></td></tr>"
        for name, count in counts.items()
    )
    return f"<table>{''.join(rows)}</table>"


def _platforms(counts: dict[str, dict[str, int]]) -> str:
    head = "".join(f"<th scope='col'>{name}</th>" for name in ("platform", *OUTCOMES))
    rows = (
        f"<tr><th scope='row'>{escape(name)}</th>"
        + "".join(f"<td>{told.get(key, 0)}</td>" for key in OUTCOMES)
        + "</tr>"
        for name, told in counts.items()
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


_COUNTS = ("model", "calls", "written", "refused", "failed", "tokens", "cost", "first sentence", "faults")


def _writers(told: dict[str, Any]) -> str:
    head = "".join(f"<th scope='col'>{name}</th>" for name in ("endpoint", *_COUNTS))
    rows = []
    for name, one in told["endpoints"].items():
        cells = [escape(str(cell)) for cell in writer_cells(one)]
        rows.append(f"<tr><th scope='row'>{escape(name)}</th><td>{'</td><td>'.join(cells)}</td></tr>")
    spent = told["spent"]
    end = f"<p>The ceiling was reached after {spent['at_ms'] // 1000} s; then answers were composed.</p>"
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return table + (end if spent else "")


def writer_cells(one: dict[str, Any]) -> list[str]:
    """An endpoint's row: model, counts, tokens, cost, median to its first verified sentence, faults."""
    about = "≈ " if one["estimated"] else ""
    first = one["first_ms"]["p50"]
    return [
        one["model"], *(str(one[k]) for k in ("calls", "written", "refused", "failed")),
        f"{about}{one['prompt_tokens'] + one['completion_tokens']}",
        f"{about}{one['cost']:.4f} {one['currency']}", "–" if first is None else f"{first} ms",
        ", ".join(f"{kind} {count}" for kind, count in one["faults"].items()) or "–",
    ]  # fmt: skip


def _unanswered(entries: list[dict[str, Any]]) -> str:
    if not entries:
        return "<p>Nothing.</p>"
    rows = (
        f"<tr><th scope='row' lang='{escape(e['lang'])}' dir='auto'>{escape(e['question'])}</th>"
        f"<td>{escape(e['lang'])}</td>"
        f"<td>{escape(str(e['product'] or ''))}</td><td>{escape(str(e['market'] or ''))}</td>"
        f"<td>{escape(e['state'])}</td><td>×{e['askers']}</td></tr>"
        for e in entries
    )
    names = ("question", "language", "product", "market", "state", "askers")
    head = "".join(f"<th scope='col'>{name}</th>" for name in names)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
