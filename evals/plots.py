"""Drawings of the report as inline SVG: bars, matrices, distributions, calibration. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from math import log10

from evals.outcome import Metric, Outcome
from evals.stats import interval, mean

ROW, CELL, PLOT_W, PLOT_H = 20, 30, 340, 150
MOST_CLASSES = 20
Pairs = Mapping[tuple[str, str], int]


def number(value: float | None) -> str:
    """At most three decimals; '' of nothing."""
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def svg(width: float, height: float, body: str, told: str) -> str:
    """One drawing that shrinks with the page; `told`: what it shows, in words."""
    size = f"width='{width:g}' height='{height:g}'"
    name = f"aria-label='{escape(told, quote=True)}'"
    return f"<svg viewBox='0 0 {width:g} {height:g}' {size} role='img' {name}>{body}</svg>"


def bars(metrics: Sequence[Metric]) -> str:
    """Horizontal bars of 0..1 values, n beside each."""
    rows = []
    for row, metric in enumerate(metrics):
        label = metric.metric.partition("[")[2][:-1]
        y, value = ROW * row, metric.value or 0.0
        kind = "short" if metric.holds is False else "value"
        rows.append(
            f"<text x='0' y='{y + 13}'>{escape(label.removeprefix('question.'))}</text>"
            f"<rect class='track' x='130' y='{y + 3}' width='180' height='12' rx='3'/>"
            f"<rect class='{kind}' x='130' y='{y + 3}' width='{180 * value:.1f}' height='12' rx='3'/>"
            f"<text x='316' y='{y + 13}'>{number(value)}</text>"
            f"<text class='dim' x='362' y='{y + 13}'>n {metric.n}</text>"
        )
    told = "; ".join(f"{m.metric.partition('[')[2][:-1]} {number(m.value)}, n {m.n}" for m in metrics)
    return svg(410, ROW * len(metrics), "".join(rows), told)


def pairs_of(outcomes: Sequence[Outcome], key: str) -> Counter[tuple[str, str]]:
    """(expected, got) of a key, counted. Several that are right read as the one that came, if it did."""
    found: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        owed, got = outcome.expected.get(key), outcome.got.get(key)
        if owed is None or got is None:
            continue
        several = [str(one) for one in owed] if isinstance(owed, list | tuple) else [str(owed)]
        found[str(got) if str(got) in several else several[0], str(got)] += 1
    return found


def matrix(pairs: Pairs) -> str:
    """What was owed, down, against what came, across; off the diagonal in the colour of faults."""
    weight: Counter[str] = Counter()
    for (owed, got), count in pairs.items():
        weight[owed] += count
        weight[got] += count
    names = sorted(name for name, _ in weight.most_common(MOST_CLASSES))
    left, top = 110, 84
    parts = [f"<text class='dim' x='0' y='{top - 8}'>owed ↓ · came →</text>"]
    for n, name in enumerate(names):
        y, x = top + CELL * n, left + CELL * n
        parts.append(f"<text x='0' y='{y + 19}'>{escape(name[:16])}</text>")
        parts.append(
            f"<text transform='translate({x + 19},{top - 6}) rotate(-60)'>{escape(name[:14])}</text>"
        )
    whole = {a: sum(c for (o, _), c in pairs.items() if o == a) or 1 for a in names}
    for row, owed in enumerate(names):
        for column, got in enumerate(names):
            count = pairs.get((owed, got), 0)
            x, y = left + CELL * column, top + CELL * row
            share = count / whole[owed]
            kind = "value" if owed == got else "short"
            parts.append(f"<rect class='track' x='{x}' y='{y}' width='{CELL - 2}' height='{CELL - 2}'/>")
            if count:
                strength = 0.18 + 0.72 * share
                parts.append(
                    f"<rect class='{kind}' opacity='{strength:.2f}' x='{x}' y='{y}' "
                    f"width='{CELL - 2}' height='{CELL - 2}'><title>{escape(owed)} → {escape(got)}: "
                    f"{count}</title></rect>"
                    f"<text text-anchor='middle' x='{x + 14}' y='{y + 19}'>{count}</text>"
                )
    right = sum(count for (owed, got), count in pairs.items() if owed == got)
    told = f"{right} of {sum(pairs.values())} as owed, {len(names)} kinds; each field names its own"
    return svg(left + CELL * len(names) + 40, top + CELL * len(names), "".join(parts), told)


def distribution(values: Sequence[float], unit: str = "ms") -> str:
    """A histogram over a logarithmic axis with the median and the 95th percentile marked."""
    some = sorted(max(v, 0.1) for v in values)
    low, high = log10(some[0]), max(log10(some[-1]), log10(some[0]) + 0.3)
    bins = [0] * 24
    for value in some:
        bins[min(23, int((log10(value) - low) / (high - low) * 24))] += 1
    tall, width = max(bins), PLOT_W / 24
    parts = []
    for n, count in enumerate(bins):
        height = (PLOT_H - 30) * count / tall
        parts.append(
            f"<rect class='value' x='{n * width:.1f}' y='{PLOT_H - 20 - height:.1f}' "
            f"width='{width - 1:.1f}' height='{height:.1f}'/>"
        )
    parts.append(f"<line class='axis' x1='0' x2='{PLOT_W}' y1='{PLOT_H - 20}' y2='{PLOT_H - 20}'/>")
    marks = [("p50", some[len(some) // 2]), ("p95", some[min(len(some) - 1, int(len(some) * 0.95))])]
    for n, (name, value) in enumerate(marks):
        x = (log10(value) - low) / (high - low) * PLOT_W
        anchor = "end" if x > PLOT_W / 2 else "start"
        parts.append(
            f"<line class='mark' x1='{x:.1f}' x2='{x:.1f}' y1='0' y2='{PLOT_H - 20}'/>"
            f"<text text-anchor='{anchor}' x='{x + (-4 if anchor == 'end' else 4):.1f}' y='{12 + 14 * n}'>"
            f"{name} {value:.3g} {unit}</text>"
        )
    for value, anchor, x in ((some[0], "start", 0.0), (some[-1], "end", float(PLOT_W))):
        parts.append(
            f"<text class='dim' text-anchor='{anchor}' x='{x}' y='{PLOT_H - 5}'>{value:.3g} {unit}</text>"
        )
    told = ", ".join(f"{name} {value:.3g} {unit}" for name, value in marks)
    return svg(
        PLOT_W,
        PLOT_H,
        "".join(parts),
        f"{len(some)} values from {some[0]:.3g} to {some[-1]:.3g} {unit}: {told}",
    )


def calibration(points: Sequence[tuple[float, float]], name: str) -> str:
    """(score, 1 right or 0 wrong) by tenths of the score: the share that is right with its interval, and
    how many there are. A score that told right from wrong would rise from left to right."""
    shelves: dict[int, list[float]] = {}
    for score, right in points:
        shelves.setdefault(min(9, max(0, int(score * 10))), []).append(right)
    floor, width = PLOT_H - 34, PLOT_W / 10
    parts = [
        f"<line class='axis' x1='0' x2='{PLOT_W}' y1='{floor}' y2='{floor}'/>",
        f"<line class='dash' x1='0' x2='{PLOT_W}' y1='{floor}' y2='10'/>",
    ]
    for shelf, rights in sorted(shelves.items()):
        x = width * shelf + width / 2
        share = mean(rights) or 0.0
        low, high = interval(rights, f"{name}{shelf}")
        y0, y1 = (floor - (floor - 10) * (v or 0.0) for v in (low, high))
        parts.append(
            f"<line class='mark' x1='{x:.1f}' x2='{x:.1f}' y1='{y0:.1f}' y2='{y1:.1f}'/>"
            f"<circle class='value' cx='{x:.1f}' cy='{floor - (floor - 10) * share:.1f}' r='4'>"
            f"<title>{share:.3f}, n {len(rights)}</title></circle>"
            f"<text class='dim' text-anchor='middle' x='{x:.1f}' y='{floor + 14}'>.{shelf}</text>"
            f"<text class='dim' text-anchor='middle' x='{x:.1f}' y='{floor + 28}'>{len(rights)}</text>"
        )
    told = "; ".join(f".{s}: {mean(r) or 0.0:.3f} of {len(r)} right" for s, r in sorted(shelves.items()))
    return svg(PLOT_W, PLOT_H, "".join(parts), told)
