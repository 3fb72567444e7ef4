"""The report as one self-contained page: figures, bars by group, changes, every failed case. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import msgspec

from evals.outcome import Change, Metric, Outcome, SuiteResult, failures
from evals.plots import bars, calibration, distribution, matrix, number, pairs_of

STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --line: #d9dee6; --bar: #2f6fed;
  --good: #1a7f4b; --warn: #9a6200; --bad: #c02f2f; --dim: #5c6672; --soft: #f4f6f9; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --paper: #14181e; --line: #2b323c;
  --bar: #6c9cff; --good: #55c98a; --warn: #e3b341; --bad: #ff7a7a; --dim: #98a2b0; --soft: #1b2129; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 68rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.45rem; margin: 0 0 .2rem; } h2 { font-size: 1.15rem; margin: 2.4rem 0 .2rem; }
h3 { font-size: .95rem; margin: 1.2rem 0 .3rem; } p { margin: .3rem 0 .8rem; } .dim { color: var(--dim); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
td, th { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--dim); } td.n, th.n { text-align: right; white-space: nowrap; }
td, summary, p, h1, h2, h3 { overflow-wrap: anywhere; } td a { overflow-wrap: normal; }
.charts > div, details { min-width: 0; }
.sum { display: flex; flex-wrap: wrap; gap: .6rem; padding: 0; margin: .8rem 0 1.2rem; list-style: none; }
.sum li { background: var(--soft); border-radius: 10px; padding: .55rem .9rem; }
.sum b { display: block; font-size: 1.35rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.warn { color: var(--warn); } a { color: var(--bar); }
@media (max-width: 46rem) { body { margin: 1rem auto; padding: 0 .8rem; } td, th { padding: .3rem .35rem; }
  table.fields td:first-child { width: 5.5rem; } .wide { display: none; } }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
.charts { display: flex; flex-wrap: wrap; gap: 1.2rem 2.4rem; } .charts > div { flex: 1 1 20rem; }
details { border: 1px solid var(--line); border-radius: 8px; padding: .5rem .8rem; margin: .5rem 0; }
summary { cursor: pointer; } code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { background: var(--soft); padding: .6rem; border-radius: 6px; overflow-x: auto; white-space: pre-wrap; }
table.fields td:first-child { width: 9rem; }
blockquote { margin: .4rem 0; padding: .1rem .8rem; border-left: 3px solid var(--bar); }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .track { fill: var(--soft); }
svg .value { fill: var(--bar); } svg .short { fill: var(--bad); } svg .dim { fill: var(--dim); }
svg { max-width: 100%; height: auto; } svg .axis { stroke: var(--line); } svg .mark { stroke: var(--ink); }
svg .dash { stroke: var(--line); stroke-dasharray: 4 4; }
"""

LINE = 40
"""Characters from which the entries of a list stand on lines of their own."""
CHARTED, BARS, LEAST = 4, 14, 10
"""Scorers drawn by group, and bars of each (the others stand in the table and in results.json); the least
points worth a drawing."""


def page(suites: Sequence[SuiteResult], title: str, command: str) -> str:
    """One HTML document; every text from cases, documents and replies is escaped."""
    parts = [
        f"<p class='dim'><code>{escape(command)}</code></p>", _overview(suites),
        *(_suite(suite) for suite in suites if not suite.skipped),
    ]  # fmt: skip
    return document(title, "".join(parts))


def document(title: str, body: str, style: str = "") -> str:
    """A page with the reports' look; `body` is HTML."""
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>Evals: {escape(title)}</title><style>{STYLE}{style}</style>"
        f"<main><h1>{escape(title)}</h1>{body}</main></html>\n"
    )


def _overview(suites: Sequence[SuiteResult]) -> str:
    """What came of the run in one line, a row a suite, and what was not measured."""
    measured, left = [s for s in suites if not s.skipped], [s for s in suites if s.skipped]
    short = [s for s in measured if any(m.holds is False for m in s.metrics)]
    failing = [s for s in measured if s.failing]
    told = (
        ("outcomes", f"{sum(len(s.outcomes) for s in measured):,}", ""),
        ("suites hold", str(len(measured) - len(short)), "good"),
        ("below a threshold, as before", str(len(short) - len(failing)), "warn"),
        ("fail the run", str(len(failing)), "bad" if failing else ""),
        ("not measured", str(len(left)), ""),
    )
    items = "".join(f"<li><b class='{kind}'>{value}</b>{name}</li>" for name, value, kind in told)
    head = "<tr><th>suite</th><th class='n'>cases</th><th class='n'>with a fault</th><th></th></tr>"
    rows = "".join(
        f"<tr><td><a href='#{escape(s.suite)}'>{escape(s.suite)}</a>"
        f"<div class='dim wide'>{escape(s.about)}</div></td>"
        f"<td class='n'>{len(s.outcomes)}</td><td class='n'>{len(failures(s))}</td><td>{_state(s)}</td></tr>"
        for s in measured
    )
    reasons = "".join(
        f"<tr><td>{escape(s.suite)}</td><td class='dim'>{escape(s.skipped)}</td></tr>" for s in left
    )
    more = (
        f"<details><summary>Not measured here: {len(left)}</summary><table>{reasons}</table></details>"
        if left else ""
    )  # fmt: skip
    return f"<ul class='sum'>{items}</ul>" + (f"<table>{head}{rows}</table>" if rows else "") + more


def _state(suite: SuiteResult) -> str:
    broken = [m.metric for m in suite.metrics if m.holds is False]
    if not broken:
        return "<span class='good'>holds</span>"
    names = escape(", ".join(broken))
    if suite.failing:
        return f"<span class='bad'>fails: {escape(', '.join(suite.failing))}</span>"
    return f"<span class='warn'>below its threshold, as before: {names}</span>"


def _suite(suite: SuiteResult) -> str:
    head = (
        f"<h2 id='{escape(suite.suite)}'>{escape(suite.suite)}</h2><p class='dim'>{escape(suite.about)}</p>"
    )
    whole = [m for m in suite.metrics if "[" not in m.metric and m.n]
    failed = failures(suite)
    return "".join(
        (
            head,
            _metrics(whole),
            "<h3>What changed</h3>" if suite.changes else "",
            changes_table(suite.changes),
            _charts(suite),
            _drawings(suite),
            f"<h3>Cases with a fault: {len(failed)}</h3>",
            *(_case(suite.suite, outcome, missed) for outcome, missed in failed),
        )
    )


def _metrics(metrics: Sequence[Metric]) -> str:
    rows = "".join(
        f"<tr><td>{escape(m.metric)}</td><td class='n'>{number(m.value)}</td>"
        f"<td class='n dim wide'>{number(m.low)} – {number(m.high)}</td><td class='n'>{m.n}</td>"
        f"<td class='n'>{number(m.threshold)}</td><td>{_holds(m.holds)}</td></tr>"
        for m in metrics
    )
    head = (
        "<tr><th>metric</th><th class='n'>value</th><th class='n wide'>95 %</th><th class='n'>n</th>"
        "<th class='n'>asked</th><th></th></tr>"
    )
    return f"<table>{head}{rows}</table>"


def _holds(holds: bool | None) -> str:
    if holds is None:
        return ""
    return "<span class='good'>holds</span>" if holds else "<span class='bad'>does not hold</span>"


def changes_table(changes: Sequence[Change], title: str = "against the baseline") -> str:
    """A row a changed metric; '' where none changed."""
    if not changes:
        return ""
    rows = "".join(
        f"<tr><td>{escape(c.metric)}</td><td class='n'>{number(c.before)} → {number(c.now)}</td>"
        f"<td class='n dim wide'>{c.low:+.3f} – {c.high:+.3f}</td><td class='n wide'>{c.p:.3f}</td>"
        f"<td>{'<span class=bad>regression</span>' if c.regression else ''}</td>"
        f"<td>{_names('lost', c.lost)}{_names('gained', c.gained)}</td></tr>"
        for c in changes
    )
    head = (
        f"<tr><th>{title}</th><th class='n'>before → now</th><th class='n wide'>95 %</th>"
        "<th class='n wide'>p</th><th></th><th>cases</th></tr>"
    )
    return f"<table>{head}{rows}</table>"


def _names(what: str, cases: Sequence[str]) -> str:
    if not cases:
        return ""
    more = f" and {len(cases) - 12} more" if len(cases) > 12 else ""
    return f"<div><span class='dim'>{what}:</span> {escape(', '.join(cases[:12]))}{more}</div>"


def _charts(suite: SuiteResult) -> str:
    """Bars of the scorers that fall short somewhere, by every group the suite names, worst first."""
    rows = {
        name: [m for m in suite.metrics if m.metric.startswith(f"{name}[") and m.value is not None]
        for name in suite.counted
    }
    short = [name for name, some in rows.items() if any((m.value or 0.0) < 1 for m in some)]
    charts = []
    for name in sorted(short, key=lambda n: n not in _gated(suite))[:CHARTED]:
        for title, some in _split(suite, rows[name]):
            shown = sorted(some, key=lambda m: (m.value or 0.0, -m.n))[:BARS]
            rest = f"<p class='dim'>and {len(some) - BARS} more</p>" if len(some) > BARS else ""
            charts.append(f"<div><h3>{escape(name)} by {title}</h3>{bars(shown)}{rest}</div>")
    return f"<div class='charts'>{''.join(charts)}</div>" if charts else ""


def _drawings(suite: SuiteResult) -> str:
    """A matrix where the suite names a key, times of what ran now, and whether a score tells right from
    wrong."""
    parts = []
    pairs = pairs_of(suite.outcomes, suite.confusion) if suite.confusion else {}
    if any(owed != got for owed, got in pairs):
        parts.append(f"<div><h3>{escape(suite.confusion)}: owed and got</h3>{matrix(pairs)}</div>")
    times = [o.ms for o in suite.outcomes if o.ms is not None]
    if len(times) >= LEAST:
        parts.append(
            f"<div><h3>time a case, n {len(times)}</h3>{distribution(times)}"
            "<p class='dim'>reported, never gated; kept outcomes have no time</p></div>"
        )
    points = [
        (float(o.got["score"]), o.scores["action"]) for o in suite.outcomes
        if isinstance(o.got.get("score"), int | float) and "action" in o.scores
    ]  # fmt: skip
    if len(points) >= LEAST:
        parts.append(
            f"<div><h3>right action by the look-up's best score</h3>{calibration(points, suite.suite)}"
            "<p class='dim'>points: share right, bars: 95 %, below: score and cases</p></div>"
        )
    spent = [float(o.got["tokens"]) for o in suite.outcomes if o.got.get("tokens")]
    if len(spent) >= LEAST:
        parts.append(f"<div><h3>tokens an answer</h3>{distribution(spent, 'tokens')}</div>")
    return f"<div class='charts'>{''.join(parts)}</div>" if parts else ""


def _gated(suite: SuiteResult) -> set[str]:
    return {m.metric.partition("[")[0] for m in suite.metrics if m.threshold is not None}


def _split(suite: SuiteResult, metrics: Sequence[Metric]) -> list[tuple[str, list[Metric]]]:
    """Metrics of one scorer by the key that groups them."""
    langs = {o.lang.split("-")[0] for o in suite.outcomes}
    keys: dict[str, list[Metric]] = {}
    for metric in metrics:
        group = metric.metric.partition("[")[2][:-1]
        key = "language" if group in langs else next(
            (k for o in suite.outcomes for k, v in o.groups.items() if v == group), "group"
        )  # fmt: skip
        keys.setdefault(key, []).append(metric)
    return list(keys.items())


def _case(suite: str, outcome: Outcome, missed: Sequence[str]) -> str:
    """One failed case: what was asked, owed and got, on what evidence, and how to run it alone."""
    evidence = "".join(
        f"<blockquote>{escape(str(e.get('quote', '')))}"
        f"<div class='dim'>{escape(_where(e))}</div></blockquote>"
        for e in outcome.evidence
    )
    again = f"cohost eval {suite}/{outcome.case.partition('+')[0]}"
    return (
        f"<details><summary><code>{escape(outcome.case)}</code> {escape(outcome.asked)} "
        f"<span class='bad'>{escape(', '.join(missed))}</span></summary>"
        f"<h3>Expected</h3>{fields(outcome.expected)}<h3>Got</h3>{fields(outcome.got)}"
        f"{'<h3>Evidence</h3>' + evidence if evidence else ''}"
        f"<p>Again: <code>{escape(again)}</code></p></details>"
    )


def _where(evidence: dict[str, Any]) -> str:
    page_number = f", p. {evidence['page']}" if evidence.get("page") else ""
    valid = "" if evidence.get("valid", True) else " · not valid here"
    return f"{evidence.get('id', '')} {evidence.get('document', '')}{page_number}{valid}"


def fields(data: dict[str, Any]) -> str:
    """A row a key; texts run in their own direction."""
    rows = "".join(
        f"<tr><td class='dim'>{escape(key)}</td><td dir='auto'>{_field(value)}</td></tr>"
        for key, value in data.items()
        if value not in (None, "", [], {}, False)
    )
    return f"<table class='fields'>{rows}</table>"


def _field(value: Any) -> str:
    if isinstance(value, list) and any(isinstance(v, dict) for v in value):
        return "".join(f"<div>{escape(' · '.join(str(x) for x in v.values() if x))}</div>" for v in value)
    if isinstance(value, list) and any(len(str(v)) > LINE for v in value):
        return "".join(f"<div>{escape(str(v))}</div>" for v in value)
    if isinstance(value, list):
        return escape(", ".join(str(v) for v in value))
    return escape(value if isinstance(value, str) else msgspec.json.encode(value).decode())
