"""The table as marks beside the better peer, and as a picture. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.marks import Mark
from bench.peers.figures import Shown, figure

OURS, DEFAULT = "cohost", "default"
HOLD_OF_PEER, ANSWER_OF_PEER = 0.7, 0.75
SAME = "same recordings and scripted delays in one run, in real time"
NODS_ABOUT = "by source recording: coughs, laughter, breaths, nods, music; at the peers' defaults"


def _of(table: Sequence[Shown], what: str, who: str) -> Shown | None:
    return next((s for s in table if s.what == what and s.who == who and s.tuning == DEFAULT), None)


def _peers(table: Sequence[Shown], what: str) -> list[Shown]:
    return [s for s in table if s.what == what and s.who != OURS and s.tuning == DEFAULT]


def better(table: Sequence[Shown], what: str, figure: str) -> Shown | None:
    """The peer with the lower figure at its default."""
    some = [s for s in _peers(table, what) if s.figures.get(figure) is not None]
    return min(some, key=lambda s: s.figures[figure] or 0.0, default=None)


def beside(
    table: Sequence[Shown], what: str, figure: str, mark: str, *,
    unit: str = "ms", of_peer: float | None = None, about: str = SAME, peer: Shown | None = None,
) -> Mark:  # fmt: skip
    """cohost's figure beside a peer's (else the better one's); `of_peer`: the target as a share of it."""
    ours = _of(table, what, OURS)
    peer = peer or better(table, what, figure)
    value = ours.figures.get(figure) if ours is not None else None
    theirs = peer.figures.get(figure) if peer is not None else None
    target = round(theirs * of_peer, 3) if theirs is not None and of_peer is not None else None
    return Mark(
        bench="voice", mark=mark, value=value, unit=unit, n=ours.n if ours is not None else 0, target=target,
        peer=peer.who if peer is not None and theirs is not None else "", peer_value=theirs, about=about,
    )  # fmt: skip


def marks(table: Sequence[Shown]) -> list[Mark]:
    """A line a mark; those whose part was not run without a value."""
    made = [
        beside(table, "over", "lowered p50", "peers: lowered p50", about=f"first dip or stop, {SAME}"),
        beside(table, "over", "stop p50", "peers: stop p50", of_peer=HOLD_OF_PEER),
        beside(table, "over", "stop p90", "peers: stop p90"),
        beside(table, "over", "stop p95", "peers: stop p95"),
        beside(table, "over", "missed", "peers: missed", unit="recordings"),
        beside(table, "noise", "false stops", "peers: false stops", unit="share", about=NODS_ABOUT),
        beside(table, "noise", "dead air p50", "peers: dead air p50", about="of each false stop"),
        beside(table, "noise", "not resumed", "peers: not resumed", unit="sounds"),
    ]
    for what in dict.fromkeys(s.what for s in table if s.what.startswith("ask")):
        rest = what.removeprefix("ask").strip()
        peer = better(table, what, "first audio p50")
        name = f"peers: first audio {rest}"
        made += [
            beside(table, what, "first audio p50", name, of_peer=ANSWER_OF_PEER, peer=peer),
            beside(
                table, what, "takeover", f"peers: takeover {rest}", unit="share", of_peer=1.0, peer=peer,
                about="answers begun in a speaker's pause",
            ),
        ]  # fmt: skip
    return made


def unmeasured(why: str) -> list[Mark]:
    """Without recordings or peers."""
    names = {"peers: stop p50": "ms", "peers: false stops": "share", "peers: first audio": "ms"}
    return [
        Mark(bench="voice", mark=name, value=None, unit=unit, n=0, about=why) for name, unit in names.items()
    ]


# ── the picture ──
WIDE, HIGH, LEFT, TOP, PLOT_W, PLOT_H, APART = 980, 420, 70, 50, 380, 280, 110
COLOURS = {OURS: "#0a7d57", "livekit-agents": "#3b62c9", "pipecat-ai": "#b5522b"}


def svg(table: Sequence[Shown]) -> str:
    """Stop latency against false stops, first audio against takeover; a peer's tunings are a line."""
    stops = _joined(table, "over", "stop p50", "noise", "false stops")
    answers = _joined(table, *_answers(table), same=True)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" '
        'font-size="13" role="img" aria-label="cohost beside two peers">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        _plot(stops, LEFT, "Giving way", "false stops (share)", "onset to silence, median (ms)"),
        _plot(
            answers, LEFT + PLOT_W + APART, "Answering", "answers begun in a pause (share)",
            "end of speech to first audio, median (ms)",
        ),
        "</svg>",
    ]  # fmt: skip
    return "\n".join(parts)


def _answers(table: Sequence[Shown]) -> tuple[str, str, str, str]:
    scripted = [s.what for s in table if s.what.startswith("ask ") and "real" not in s.what]
    what = "ask 0.3 s" if "ask 0.3 s" in scripted or not scripted else scripted[0]
    return what, "first audio p50", what, "takeover"


Point = tuple[str, str, float, float]


def _joined(table: Sequence[Shown], y_of: str, y: str, x_of: str, x: str, same: bool = False) -> list[Point]:
    """(who, tuning, x, y) of each tuning that has both."""
    found: list[Point] = []
    for s in table:
        if s.what != y_of:
            continue
        other = next(
            (o for o in table if o.what == x_of and o.who == s.who and o.tuning == s.tuning), None
        )  # fmt: skip
        across, up = other.figures.get(x) if other is not None else None, s.figures.get(y)
        if across is not None and up is not None:
            found.append((s.who, s.tuning, across, up))
    return found


def _plot(points: Sequence[Point], left: int, title: str, across: str, up: str) -> str:
    most = 400.0 * (int(max([p[3] for p in points], default=0.0) * 1.05 / 400) + 1)
    bottom = TOP + PLOT_H

    def at(x: float, y: float) -> tuple[float, float]:
        return round(left + x * PLOT_W, 1), round(bottom - y / most * PLOT_H, 1)

    made = [
        f'<text x="{left}" y="{TOP - 22}" font-weight="bold">{title}</text>',
        f'<text x="{left}" y="{TOP - 6}" fill="#444">{up}</text>',
        f'<text x="{left + PLOT_W}" y="{bottom + 38}" text-anchor="end" fill="#444">{across}</text>',
        f'<path d="M{left},{TOP}V{bottom}H{left + PLOT_W}" fill="none" stroke="#444"/>',
    ]
    for n in range(5):
        x, y = at(n / 4, 0)[0], at(0, most * n / 4)[1]
        made.append(f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{n / 4:g}</text>')
        made.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{most * n / 4:.0f}</text>')
    for who in dict.fromkeys(p[0] for p in points):
        mine = sorted((p for p in points if p[0] == who), key=lambda p: p[3])
        colour = COLOURS.get(who, "#555")
        line = " ".join(f"{x},{y}" for x, y in (at(p[2], p[3]) for p in mine))
        made.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-opacity=".5"/>')
        for _, tuning, x, y in mine:
            px, py = at(x, y)
            name = who if tuning == DEFAULT else tuning
            size = 6 if tuning == DEFAULT else 4
            made.append(f'<circle cx="{px}" cy="{py}" r="{size}" fill="{colour}"/>')
            made.append(f'<text x="{px + 9}" y="{py + 4}" fill="{colour}">{name}</text>')
    return "\n".join(made)


def html(table: Sequence[Shown], head: str) -> str:
    """One page: the picture and the table, nothing from elsewhere."""
    rows = "\n".join(
        f"<tr><td>{s.what}</td><td>{s.who}</td><td>{s.tuning}</td>"
        f"<td>{'; '.join(f'{name} {figure(value)}' for name, value in s.figures.items())}</td>"
        f"<td>{s.n}</td></tr>"
        for s in table
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>cohost beside two peers</title>\n'
        "<style>body{font:15px sans-serif;max-width:62em;margin:2em auto;padding:0 1em}"
        "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.3em .6em;"
        "text-align:left}</style>\n"
        f"<h1>cohost beside two peers</h1><p>{head}</p>\n{svg(table)}\n"
        "<table><thead><tr><th>tried</th><th>who</th><th>tuning</th><th>figures (ms, shares, counts)</th>"
        f"<th>n</th></tr></thead><tbody>\n{rows}\n</tbody></table></html>\n"
    )
