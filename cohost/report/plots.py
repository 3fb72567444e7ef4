"""Drawings of the report as inline SVG, with their numbers in words for whoever does not see them. Pure."""

from __future__ import annotations

from html import escape
from typing import Any

STATES = ("answered", "declined", "escalated", "expired", "failed", "open", "drafted", "ignored")
"""In the order in which they are drawn, from below."""
WIDTH, HEIGHT, FOOT = 720, 150, 18
MOST = 14
ROW, LABEL = 22, 170


def columns(timeline: dict[str, Any]) -> str:
    """Questions by when they were asked, a column a stretch of time, coloured by what became of them."""
    found = timeline["columns"]
    most = max((_sum(c) for c in found), default=0)
    if not most:
        return "<p class='none'>Nothing.</p>"
    step = WIDTH / max(1, len(found))
    body = []
    for n, column in enumerate(found):
        base = float(HEIGHT)
        for state in STATES:
            height = HEIGHT * column.get(state, 0) / most
            if height:
                base -= height
                body.append(_bar(state, n * step, base, max(1.0, step - 2), height))
        if n % max(1, len(found) // 8) == 0:
            body.append(f"<text x='{n * step:.1f}' y='{HEIGHT + 13}'>{_minutes(column['at_ms'])}</text>")
    total = {s: sum(c.get(s, 0) for c in found) for s in STATES}
    told = ", ".join(f"{count} {state}" for state, count in total.items() if count)
    title = f"Questions in stretches of {_width(timeline['width_s'])}, at most {most} in one: {told}"
    return key(total) + _svg(WIDTH, HEIGHT + FOOT, title, "".join(body))


def shares(groups: dict[str, dict[str, int]]) -> str:
    """A bar a group, as long as it has questions, coloured by what became of them."""
    shown = dict(list(groups.items())[:MOST])
    most = max((sum(g.values()) for g in shown.values()), default=0)
    if not most:
        return "<p class='none'>Nothing.</p>"
    body = []
    room = 400 - LABEL - 40
    for n, (name, states) in enumerate(shown.items()):
        x, y = float(LABEL), n * ROW
        body.append(f"<text x='0' y='{y + 14}'>{escape(name.removeprefix('question.')[:24])}</text>")
        for state in STATES:
            width = room * states.get(state, 0) / most
            if width:
                body.append(_bar(state, x, y + 3, width, ROW - 8))
                x += width
        body.append(f"<text x='{x + 5:.1f}' y='{y + 14}'>{sum(states.values())}</text>")
    told = "; ".join(f"{name}: {_told(states)}" for name, states in shown.items())
    more = f"<p class='none'>{len(groups) - MOST} more in the files.</p>" if len(groups) > MOST else ""
    return _svg(400, len(shown) * ROW, told, "".join(body)) + more


def key(total: dict[str, int]) -> str:
    """What the colours mean, of the states that occur."""
    mark = "<svg viewBox='0 0 10 10' aria-hidden='true'>"
    items = (
        f"<span>{mark}{_bar(s, 0, 0, 10, 10)}</svg>{s} {total[s]}</span>" for s in STATES if total.get(s)
    )
    return f"<div class='key'>{''.join(items)}</div>"


def _told(states: dict[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in states.items())


def _bar(state: str, x: float, y: float, width: float, height: float) -> str:
    return (
        f"<rect class='{state}' x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}' rx='1.5'/>"
    )


def _svg(width: float, height: float, title: str, body: str) -> str:
    return (
        f"<svg viewBox='0 0 {width:g} {height:g}' role='img' aria-label='{escape(title, quote=True)}'>"
        f"<title>{escape(title)}</title>{body}</svg>"
    )


def _sum(column: dict[str, int]) -> int:
    return sum(column.get(state, 0) for state in STATES)


def _minutes(at_ms: int) -> str:
    seconds = at_ms // 1000
    return (
        f"{seconds // 3600}:{seconds // 60 % 60:02}"
        if seconds >= 3600
        else f"{seconds // 60}:{seconds % 60:02}"
    )


def _width(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"
