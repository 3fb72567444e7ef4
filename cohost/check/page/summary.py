"""The head of the page: one light, and a tile for each section. Pure."""

from __future__ import annotations

from typing import Literal

from cohost.check.page.markup import Html, tag
from cohost.check.page.todo import ELSEWHERE
from cohost.check.page.view import View

Light = Literal["bad", "warm", "good"]
_WORDS: dict[Light, str] = {"bad": "Stop", "warm": "Look", "good": "Good"}


def summary(view: View) -> Html:
    tiles = [_markets(view), _soon(view), _todo(view), _asked(view), _disputes(view), _evidence(view)]
    light = overall(view)
    return tag(
        "section",
        tag("p", tag("span", class_=f"lamp {light}", aria_hidden="true"), tag("b", _headline(view, light)),
            class_="light"),
        tag("ul", tiles, class_="tiles"),
        class_="summary", aria_label="Summary",
    )  # fmt: skip


def overall(view: View) -> Light:
    """Red: an error, a sale that is shut, a term below the law. Amber: anything to put right."""
    found = view.findings
    if any(p.severity == "error" for p in view.problems) or found.below:
        return "bad"
    if any(r.verdict == "shut" for r in found.readiness):
        return "bad"
    return "warm" if any(p.severity == "warning" for p in view.problems) else "good"


def _headline(view: View, light: Light) -> str:
    shut = [r for r in view.findings.readiness if r.verdict == "shut"]
    errors = sum(p.severity == "error" for p in view.problems)
    parts = []
    if errors:
        parts.append(_count(errors, "error"))
    if shut:
        parts.append(f"{_count(len(shut), 'sale')} not yet possible")
    if view.findings.below:
        parts.append(f"{_count(len(view.findings.below), 'term')} below the legal minimum")
    warnings = sum(p.severity == "warning" and p.code not in ELSEWHERE for p in view.problems)
    if not parts and warnings:
        parts.append(f"{_count(warnings, 'thing')} to put right")
    if not parts and light == "warm":
        parts.append("Some points need a look")
    return ", ".join(parts) if parts else "Nothing stands in the way of a show"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _tile(name: str, light: Light, number: object, words: str, more: str) -> Html:
    return tag(
        "li",
        tag(
            "a",
            tag("span", tag("span", class_=f"lamp {light}", aria_hidden="true"),
                tag("span", _WORDS[light], class_="hush"), tag("b", number), class_="number"),
            tag("span", words, class_="words"),
            tag("span", more, class_="soft"),
            href=f"#{name}",
        ),
    )  # fmt: skip


def _markets(view: View) -> Html:
    rows = [r for r in view.findings.readiness if r.verdict != "away"]
    shut, look = (sum(r.verdict == v for r in rows) for v in ("shut", "look"))
    light: Light = "bad" if shut else "warm" if look else "good"
    ready = sum(r.verdict == "open" for r in rows)
    return _tile(
        "markets", light, f"{ready}/{len(rows)}", "ready to sell", f"{shut} not yet, {look} to look at"
    )


def _soon(view: View) -> Html:
    over = sum(e.over for e in view.findings.expiries)
    soon = len(view.findings.expiries) - over
    light: Light = "bad" if over else "warm" if soon else "good"
    return _tile("soon", light, soon, "expire in 90 days", f"{over} expired")


def _todo(view: View) -> Html:
    mine = [p for p in view.problems if p.code not in ELSEWHERE]
    errors, warnings = (sum(p.severity == s for p in mine) for s in ("error", "warning"))
    light: Light = "bad" if errors or view.findings.below else "warm" if warnings else "good"
    notes = len(mine) - errors - warnings
    return _tile("todo", light, errors + warnings, "to put right", f"{errors} errors, {notes} notes")


def _asked(view: View) -> Html:
    found = view.findings.gaps
    products = len({g.product for g in found})
    return _tile(
        "ask", "warm" if found else "good", len(found), "questions without answer", f"{products} products"
    )


def _disputes(view: View) -> Html:
    conflicts = [c for one in view.findings.contradictions for c in one.conflicts]
    more = sum(c.flatters for c in conflicts)
    return _tile(
        "disputes", "warm" if more else "good", len(conflicts), "contradictions", f"{more} promise too much"
    )


def _evidence(view: View) -> Html:
    waits, held = (sum(i.release == r for i in view.items) for r in ("draft", "held"))
    on = sum(i.release == "approved" for i in view.items)
    return _tile(
        "evidence", "warm" if waits or held else "good", on, "items on air", f"{waits} wait, {held} held"
    )
