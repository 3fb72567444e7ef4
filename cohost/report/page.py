"""The report as one page that needs nothing else: opened from a disk, on a phone, printed. Pure."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from cohost.common.people import told as told_of
from cohost.report.plots import columns, shares
from cohost.report.tables import clock
from cohost.report.trust import MOST

OUTCOMES = ("lines", "posted", "failed", "unknown", "lost", "refused")
STYLE = (importlib.resources.files(__package__) / "style.css").read_text("utf-8")
Cells = Sequence[object]
SHOWN = 20
"""Stopped sentences on the page."""


def page(summary: dict[str, Any], downloads: Sequence[tuple[str, str]] = (), style: str = "") -> str:
    """`downloads`: (label, address) of the same as files, where a room serves them; `style`: the address of
    STYLE, which else stands in the page."""
    told, aloud = summary["trust"], summary["voice"]
    parts = [
        _section("Questions over time", columns(summary["timeline"])),
        _section("By language, kind and product", _two(_groups(summary["by"]))),
        _section("For the product team: what no document answered", _work(summary["work"])),
        _section("Questions without an answer, one by one", _unanswered(summary["unanswered"])),
        _section("Trust", _two(_trust(told, summary["guard_blocks"]))),
        _section("Signed by people", _signed(summary["signed"])),
        _section("Evidence that viewers were shown", _cited(summary["cited"])),
        _section("How long each step took", _steps(summary["steps_ms"])),
        _section("Voice", _voice(aloud)) if aloud["spoken"] or aloud["heard"] else "",
        _section("Platforms", _table(("platform", *OUTCOMES), _platforms(summary["platforms"]))),
        _section("Language model", _writers(summary["writer"])) if summary["writer"]["endpoints"] else "",
        _section("Faults", _faults(summary["faults"])),
    ]  # fmt: skip
    looks = f"<link rel='stylesheet' href='{escape(style)}'>" if style else f"<style>{STYLE}</style>"
    links = "".join(f"<a href='{escape(where)}'>{escape(label)}</a>" for label, where in downloads)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'><link rel='icon' href='data:,'>"
        f"<title>Show report: {escape(summary['room'])}</title>{looks}</head><body><main>"
        f"<h1>{escape(summary['room'] or 'Show')}</h1><p class='sub'>{escape(_when(summary))}</p>"
        + (f"<nav class='get' aria-label='Downloads'>{links}</nav>" if links else "")
        + f"<div class='tiles'>{_tiles(summary)}</div>{''.join(parts)}</main></body></html>"
    )


def _when(summary: dict[str, Any]) -> str:
    return f"{summary['on'] or 'no date'} · {clock(summary['duration_ms'])}"


def _tiles(summary: dict[str, Any]) -> str:
    wait, aloud = summary["waiting_ms"], summary["voice"]
    answered = summary["outcomes"].get("answered", 0)
    tiles: list[tuple[str, object]] = [
        ("messages", summary["messages"]), ("viewers", summary["viewers"]),
        ("questions", summary["questions"]), ("of them answered", answered), ("posts", summary["posted"]),
        ("median wait", _ms(wait["p50"])), ("95 of 100 within", _ms(wait["p95"])),
    ]  # fmt: skip
    if aloud["spoken"]:
        tiles += [("spoken", aloud["spoken"]), ("cut", sum(aloud["cut"].values()))]
        tiles += (
            [("voice to voice", _ms(aloud["first_audio_ms"]["p50"]))] if aloud["first_audio_ms"]["n"] else []
        )
    return "".join(f"<div><b>{escape(str(value))}</b>{name}</div>" for name, value in tiles)


def _ms(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f} ms" if value < 10_000 else f"{value / 1000:.0f} s"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _two(parts: Iterable[tuple[str, str]]) -> str:
    return f"<div class='two'>{''.join(f'<div><h3>{escape(t)}</h3>{b}</div>' for t, b in parts)}</div>"


def _table(head: Sequence[str], rows: Iterable[Cells]) -> str:
    """The first cell of each row is its head; a cell that is a tuple is (text, language)."""
    told = list(rows)
    if not told:
        return "<p class='none'>Nothing.</p>"
    top = "".join(f"<th scope='col'>{escape(name)}</th>" for name in head)
    body = "".join(f"<tr>{''.join(_cell(c, n == 0) for n, c in enumerate(row))}</tr>" for row in told)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div class='wide' tabindex='0' role='group' aria-label='{escape(head[0])}'>{table}</div>"


def _cell(cell: object, first: bool) -> str:
    lang = ""
    if isinstance(cell, tuple):
        cell, lang = cell
    tag = "th scope='row'" if first else "td class='n'" if isinstance(cell, int | float) else "td"
    more = f" lang='{escape(str(lang))}' dir='auto'" if lang else ""
    return f"<{tag}{more}>{escape(str(cell))}</{tag.split()[0]}>"


def _groups(by: dict[str, dict[str, dict[str, int]]]) -> Iterable[tuple[str, str]]:
    for key in ("language", "intent", "product", "market"):
        yield key.capitalize(), shares(by[key])


def _counts(counts: dict[str, Any], empty: str = "") -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or empty


def _work(groups: list[dict[str, Any]]) -> str:
    return _table(
        ("product", "asked for", "askers", "languages", "markets", "as asked"),
        (
            (g["product"] or "–", g["attribute"], g["askers"], _counts(g["languages"]),
             _counts(g["markets"], "–"), " · ".join(e["text"] for e in g["examples"]))
            for g in groups
        ),
    )  # fmt: skip


def _unanswered(entries: list[dict[str, Any]]) -> str:
    shown = _table(
        ("question", "language", "product", "market", "state", "askers", "who"),
        (
            ((e["question"], e["lang"]), e["lang"], e["product"] or "", e["market"] or "", e["state"],
             e["askers"], ", ".join(e["who"]))
            for e in entries[:MOST]
        ),
    )  # fmt: skip
    return shown + _more(len(entries))


def _more(count: int) -> str:
    return f"<p class='none'>{count - MOST} more in the files.</p>" if count > MOST else ""


def _trust(told: dict[str, Any], rules: dict[str, int]) -> Iterable[tuple[str, str]]:
    yield (
        "Sentences that the guard stopped",
        _counts_table("rule", rules)
        + _table(
            ("at", "rule", "words", "whose"),
            (
                (clock(e["at_ms"]), e["rule"], e["words"] or e["text"], e["by"])
                for e in told["guard"]["entries"][:20]
            ),
        ),
    )
    yield (
        "Held back at delivery",
        _table(
            ("at", "rule", "words"),
            ((clock(e["at_ms"]), e["rule"], e["words"]) for e in told["withheld"]["entries"]),
        ),
    )
    yield (
        "Taken back",
        _table(
            ("at", "by", "why", "what was said", "what was said instead", "people reached"),
            (
                (clock(e["at_ms"]), told_of(e["by"]), e["reason"], e["text"], e["correction"], e["reached"])
                for e in told["retracted"]
            ),
        ),
    )
    yield (
        "The guard overridden by people",
        _table(
            ("at", "rule", "who", "what"),
            (
                (clock(e["at_ms"]), e["rule"], told_of(e["by"]), e["what"])
                for e in told["overrode"]["entries"]
            ),
        ),
    )
    host = told["host"]
    yield (
        f"The host's own words: {host['checked']} checked, {host['count']} objected to, "
        f"{host['corrected']} corrected",
        _table(
            ("at", "rule", "words", "what the papers say"),
            ((clock(e["at_ms"]), e["rule"], e["words"], e["right"]) for e in host["entries"]),
        ),
    )
    made = told["translations"]
    yield (
        f"Translations: {made['lines']} lines",
        _counts_table("state", made["states"])
        + (_counts_table("stayed in the original because", made["why_not"]) if made["why_not"] else ""),
    )
    yield "Alarms", _counts_table("kind of line", told["alarms"])


def _counts_table(name: str, counts: dict[str, int]) -> str:
    return _table((name, "count"), ((key or "–", count) for key, count in counts.items()))


def _signed(acts: list[dict[str, Any]]) -> str:
    found = (
        (clock(a["at_ms"]), a["who"], a["what"], a["about"], "own" if a["signed"] else "shared")
        for a in acts[:MOST]
    )
    return _table(("at", "who", "what", "of", "token"), found) + _more(len(acts))


def _cited(items: list[dict[str, Any]]) -> str:
    def place(one: dict[str, Any]) -> str:
        return f"{one['document']}, p. {one['page']}" if one["page"] else one["document"]

    found = ((place(i), i["kind"], i["count"], f"“{i['quote'][:160]}”") for i in items[:MOST])
    return _table(("document", "kind", "times", "its words"), found) + _more(len(items))


def _steps(told: dict[str, dict[str, Any]]) -> str:
    rows = ((name, _ms(one["p50"]), _ms(one["p95"]), one["n"]) for name, one in told.items())
    return _table(("step", "median", "95 of 100 within", "n"), rows)


def _voice(told: dict[str, Any]) -> str:
    share = told["heard_share"]
    rows: list[Cells] = [
        ("heard", _counts(told["heard"], "–")), ("softer for somebody", told["ducked"]),
        ("held", told["held"]), ("went on", told["resumed"]), ("cut", _counts(told["cut"], "0")),
        ("heard of what was cut", "–" if share is None else f"{share:.0%}"),
        ("posted instead of spoken", _counts(told["posted_instead"], "0")),
    ]  # fmt: skip
    return _table(("what", "how often"), rows)


def _platforms(counts: dict[str, dict[str, int]]) -> Iterable[Cells]:
    for name, told in counts.items():
        yield (name, *(told.get(key, 0) for key in OUTCOMES))


_COUNTS = ("model", "calls", "written", "refused", "failed", "tokens", "cost", "first sentence", "faults")


def _writers(told: dict[str, Any]) -> str:
    table = _table(("endpoint", *_COUNTS), ((n, *writer_cells(one)) for n, one in told["endpoints"].items()))
    spent = told["spent"]
    end = (
        f"<p>The ceiling was reached after {clock(spent['at_ms'])}; then answers were composed.</p>"
        if spent
        else ""
    )
    return table + end


def writer_cells(one: dict[str, Any]) -> list[str]:
    """An endpoint's row: model, counts, tokens, cost, median to its first verified sentence, faults."""
    about = "≈ " if one["estimated"] else ""
    first = one["first_ms"]["p50"]
    return [
        one["model"], *(str(one[k]) for k in ("calls", "written", "refused", "failed")),
        f"{about}{one['prompt_tokens'] + one['completion_tokens']}",
        f"{about}{one['cost']:.4f} {one['currency']}", "–" if first is None else f"{first} ms",
        _counts(one["faults"], "–"),
    ]  # fmt: skip


def _faults(found: list[dict[str, Any]]) -> str:
    return _table(("where", "what"), ((f["where"], f["message"]) for f in found[:MOST])) + _more(len(found))
