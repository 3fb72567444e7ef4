"""The floor's table as a page, drawn by asking the machine itself. Pure.

python -m cohost.mouth.drawn > cohost/mouth/FLOOR.md
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cohost.mouth.floor import (
    GOES_ON_MS,
    TEXT_WAIT_MS,
    Event,
    Floor,
    Heard,
    IllegalFloor,
    Lane,
    Played,
    Quiet,
    Rank,
    Start,
    State,
    Stop,
    Strong,
    Tick,
    Voice,
)

STATES: tuple[State, ...] = ("idle", "speaking", "ducked", "held")
LATE = max(GOES_ON_MS, TEXT_WAIT_MS) + 1


@dataclass(frozen=True)
class Row:
    """What happens, in words, with the event the machine is asked about. `ended`: the voice it speaks of
    has fallen silent; `protected`: cohost says a warning or a corrected price; `rank`: whose voice is on."""

    says: str
    event: Event
    rank: Rank = "caller"
    ended: bool = False
    protected: bool = False


ROWS: tuple[Row, ...] = (
    Row("cohost begins", Start("s", asker="a")),
    Row("a caller's first sound", Voice("a", "caller", LATE)),
    Row("the host's first sound", Voice("a", "host", LATE), "host"),
    Row("a caller's voice beyond doubt", Strong("a", "caller", LATE)),
    Row("… over a protected sentence", Strong("a", "caller", LATE), protected=True),
    Row("the host's voice beyond doubt", Strong("a", "host", LATE), "host"),
    Row("… over a protected sentence", Strong("a", "host", LATE), "host", protected=True),
    Row("the sound ends", Quiet("a", LATE)),
    Row("words: the asker says stop", Heard("a", "caller", "stop", LATE), ended=True),
    Row("… over a protected sentence", Heard("a", "caller", "stop", LATE), ended=True, protected=True),
    Row("words: another caller says stop", Heard("b", "caller", "stop", LATE), ended=True),
    Row("words: a caller's speech", Heard("a", "caller", "speech", LATE), ended=True),
    Row("… over a protected sentence", Heard("a", "caller", "speech", LATE), ended=True, protected=True),
    Row("words: the host's speech", Heard("a", "host", "speech", LATE), "host", ended=True),
    Row("words: mm-hm", Heard("a", "caller", "backchannel", LATE), ended=True),
    Row("no words: a cough, laughter, music", Heard("a", "caller", "noise", LATE), ended=True),
    Row("words: cohost's own voice come back", Heard("a", "caller", "own_voice", LATE), ended=True),
    Row(f"a strong voice goes on for {GOES_ON_MS / 1000:g} s", Tick(LATE)),
    Row("… over a protected sentence", Tick(LATE), protected=True),
    Row(f"words do not come for {TEXT_WAIT_MS / 1000:g} s", Tick(LATE), ended=True),
    Row("the stop key", Stop("host")),
    Row("the last sample was heard", Played()),
)


def floor_in(state: State, row: Row) -> Floor:
    """A floor in that state as the row needs it: ducked and held by the voice "a"."""
    floor = Floor(state) if state == "idle" else Floor(state, "s", "a", row.protected)
    sounding = state in ("ducked", "held")
    if not sounding:
        return floor
    strong = state == "held" or isinstance(row.event, Tick)
    lane = Lane(row.rank, 0, strong=strong, quiet_ms=0 if row.ended else None)
    return replace(floor, lanes={"a": lane})


def outcome(state: State, row: Row) -> str:
    """ "hold → held", "–" where nothing changes, "illegal" where it cannot happen."""
    if row.protected and state == "idle":
        return "–"
    try:
        after, actions = floor_in(state, row).step(row.event)
    except IllegalFloor:
        return "illegal"
    did = ", ".join(f"**{a.does}**" + (f" ({a.reason})" if a.reason else "") for a in actions)
    if after.state == state:
        return did or "–"
    return f"{did} → {after.state}"


def table() -> list[tuple[str, ...]]:
    """A row an event: its words, then what it does in each state."""
    return [(row.says, *(outcome(state, row) for state in STATES)) for row in ROWS]


def arrows() -> list[tuple[str, str, str]]:
    """(from, to, the events that lead there) of every change of state."""
    found: dict[tuple[str, str], list[str]] = {}
    whole = ""
    for row in ROWS:
        whole = row.says if not row.says.startswith("…") else f"{whole.split(',')[0]}, protected"
        for state in STATES:
            target = outcome(state, row).rpartition("→ ")[2]
            if target in STATES and target != state:
                found.setdefault((state, target), []).append(whole)
    return [(a, b, "; ".join(dict.fromkeys(says))) for (a, b), says in sorted(found.items())]


def page() -> str:
    """The Markdown page: a diagram and the table."""
    lines = [
        "# The floor", "",
        "Drawn from `floor.py` by `python -m cohost.mouth.drawn`; a test holds that both agree.", "",
        "```mermaid", "stateDiagram-v2", "    [*] --> idle",
        *(f"    {a} --> {b}: {_short(says)}" for a, b, says in arrows()), "```", "",
        "Bold is what the mouth does, with its reason in the log; the arrow leads to the next state; – "
        "changes nothing; what is illegal raises and changes nothing. While a speech is ducked or held, the "
        "voice spoken of is the one that did it.", "",
        _line(("event", *STATES)), _line(["---"] * 5), *(_line(row) for row in table()), "",
    ]  # fmt: skip
    return "\n".join(lines)


def _short(says: str) -> str:
    parts = says.replace(":", "").split("; ")
    return "; ".join(parts[:3]) + (" …" if len(parts) > 3 else "")


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(page())
