"""The differences of a replay as one page: a timeline of what viewers would notice. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from html import escape
from typing import Any

from cohost.replay import Difference

STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --line: #d9dee6; --dim: #66707d;
  --then: #c02f2f; --now: #1a7f4b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --paper: #14181e; --line: #2b323c;
  --dim: #98a2b0; --then: #ff7a7a; --now: #55c98a; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.4rem; margin: 0; } .dim { color: var(--dim); }
ol { list-style: none; padding: 0 0 0 1rem; border-left: 2px solid var(--line); }
li { margin: 1.2rem 0; position: relative; }
li::before { content: ""; position: absolute; left: -1.4rem; top: .5rem;
  width: .6rem; height: .6rem; border-radius: 50%; background: var(--dim); }
dl { display: grid; grid-template-columns: 5rem 1fr; gap: .1rem .8rem; margin: .3rem 0 .8rem; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
dd.then { color: var(--then); } dd.now { color: var(--now); }
"""


def timeline(changed: Sequence[Difference], messages: int, gone: Sequence[str], name: str) -> str:
    """One HTML document; every text is escaped. `gone`: evidence no longer known by its id."""
    rows = "".join(_message(list(group)) for _, group in itertools.groupby(changed, key=lambda one: one.seq))
    lost = (
        f"<p>{len(gone)} pieces of evidence are no longer there under their ids and were looked up again.</p>"
        if gone else ""
    )  # fmt: skip
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>Replay of {escape(name)}</title><style>{STYLE}</style><main>"
        f"<h1>Replay of {escape(name)}</h1>"
        f"<p class='dim'>{messages} messages, {len(changed)} differences</p>{lost}"
        + (f"<ol>{rows}</ol>" if rows else "<p>Every decision is the same.</p>")
        + "</main></html>\n"
    )


def _message(group: Sequence[Difference]) -> str:
    first = group[0]
    rows = "".join(
        f"<dt>{escape(one.what.split(' ', 2)[-1])}</dt><dd></dd>"
        f"<dt>then</dt><dd class='then' dir='auto'>{_told(one.recorded)}</dd>"
        f"<dt>now</dt><dd class='now' dir='auto'>{_told(one.now)}</dd>"
        for one in group
    )
    return (
        f"<li><span class='dim'>{first.at_ms / 1000:.1f} s</span> <bdi>{escape(first.message)}</bdi>"
        f"<dl>{rows}</dl></li>"
    )


def _told(value: Any) -> str:
    if value is None:
        return "<span class='dim'>nothing</span>"
    return escape(", ".join(map(str, value)) if isinstance(value, list) else str(value))
