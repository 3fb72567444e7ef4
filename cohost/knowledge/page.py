"""`kb check --out`: what was found, as one self-contained page for the product team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape
from pathlib import Path

from cohost.errors import UsageError
from cohost.knowledge.build import Built
from cohost.knowledge.documents import Problem
from cohost.trust.evidence import Evidence, in_force, kind_of

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --bad: #c0392b; --warn: #b9770e; --ok: #1e8449; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .4rem .6rem;
border-bottom: 1px solid var(--line); vertical-align: top; } th { font-weight: 600; }
q { quotes: none; font-style: italic; } .error { color: var(--bad); } .warning { color: var(--warn); }
.ok { color: var(--ok); } code { font-size: .9em; } .muted { opacity: .65; }
"""


def write_page(path: str, built: Built, problems: Sequence[Problem], on: dt.date) -> None:
    """Raises UsageError where the page cannot be written."""
    try:
        Path(path).write_text(render(built, problems, on), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"got --out {path}, which cannot be written ({error.strerror}); expected a file that can"
        ) from error


def render(built: Built, problems: Sequence[Problem], on: dt.date) -> str:
    """The page's HTML; every text from documents is escaped."""
    brand = built.kb.catalogue.brand.name or "Knowledge base"
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>",
        f"<title>{escape(brand)}: evidence</title><style>{_STYLE}</style>",
        f"<h1>{escape(brand)}: what cohost may say on {on}</h1>",
        f"<p>{len(built.documents)} documents, {len(built.items)} items, {len(problems)} remarks.</p>",
        "<h2>To put right</h2>", _problems(problems),
    ]  # fmt: skip
    documents: dict[str, list[Evidence]] = {}
    for item in built.items:
        documents.setdefault(item.source.document, []).append(item)
    for document, items in sorted(documents.items()):
        parts.append(f"<h2>{escape(document)}</h2>{_items(items, on)}")
    return "".join(parts) + "</html>"


def _problems(problems: Sequence[Problem]) -> str:
    order = {"error": 0, "warning": 1, "info": 2}
    rows = [
        f"<tr><td class='{p.severity}'>{p.severity}</td><td><code>{escape(p.code)}</code></td>"
        f"<td>{escape(p.document)}{f' p. {p.page}' if p.page else ''}</td><td>{escape(p.message)}</td></tr>"
        for p in sorted(problems, key=lambda p: (order[p.severity], p.document, p.code))
    ]
    return f"<table>{''.join(rows)}</table>" if rows else "<p class='ok'>Nothing.</p>"


def _items(items: Sequence[Evidence], on: dt.date) -> str:
    head = "<tr><th>Item</th><th>Kind</th><th>Says</th><th>For</th><th>On air</th></tr>"
    return f"<table>{head}{''.join(_item(i, on) for i in items)}</table>"


def _item(item: Evidence, on: dt.date) -> str:
    page = f" <span class='muted'>p. {item.source.page}</span>" if item.source.page else ""
    about = getattr(item, "attribute", None) or getattr(item, "scheme", None) or ""
    scope = ", ".join([*([item.product] if item.product else []), *item.models, *item.markets]) or "the shop"
    state = item.release if item.release != "approved" else "yes" if in_force(item, on) else "expired"
    css = "ok" if state == "yes" else "warning"
    kind = f"{kind_of(item)}<br><span class='muted'>{escape(about)}</span>"
    quote = f"<q>{escape(item.source.quote)}</q>{page}"
    cells = (f"<code>{item.id}</code>", kind, quote, escape(scope), f"<span class='{css}'>{state}</span>")
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
