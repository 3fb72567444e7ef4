"""Section “To put right”: what the readers and the law's tables found, grouped, with what to do. Pure."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib

import msgspec

from cohost.check.page.markup import Html, chip, tag
from cohost.check.page.view import View, about, nothing, place, section
from cohost.knowledge.documents import Problem

ELSEWHERE = frozenset({
    "expired", "expiring", "contradiction", "unanswered", "not_ready", "missing_paper", "no_price",
})  # fmt: skip
"""Codes that have a section of their own."""
_ORDER = {"error": 0, "warning": 1, "info": 2}
_WORDS = {"error": ("Error", "bad"), "warning": ("Put right", "warm"), "info": ("Note", "")}


class Advice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A problem code in plain words, and what to do about it."""

    title: str
    do: str = ""


@functools.cache
def advice() -> dict[str, Advice]:
    text = (importlib.resources.files(__package__) / "advice.toml").read_text(encoding="utf-8")
    return {code: msgspec.convert(row, Advice) for code, row in tomllib.loads(text).items()}


def todo(view: View) -> Html:
    shown = [p for p in view.problems if p.code not in ELSEWHERE]
    lead = "What was found in the documents themselves. Errors first; notes need no hurry."
    if not shown:
        return section("todo", "To put right", lead, nothing("Nothing."))
    groups: dict[str, list[Problem]] = {}
    for problem in sorted(shown, key=lambda p: (_ORDER[p.severity], p.code, p.document, p.page or 0)):
        groups.setdefault(problem.code, []).append(problem)
    count = sum(p.severity != "info" for p in shown)
    return section(
        "todo", "To put right", lead, [_group(view, *g) for g in groups.items()], count=count or None
    )


def _group(view: View, code: str, problems: list[Problem]) -> Html:
    told = advice().get(code) or Advice(code.replace("_", " ").capitalize())
    word, css = _WORDS[problems[0].severity]
    products = {d.document: d.product for d in view.documents}
    rows = [
        tag(
            "li",
            place(p.document, p.page),
            tag("p", p.message[:1].upper() + p.message[1:]),
            **about([products.get(p.document)]),
        )
        for p in problems
    ]
    return tag(
        "details",
        tag("summary", chip(word, css), tag("b", told.title), tag("span", len(problems), class_="count")),
        tag("p", told.do, class_="soft") if told.do else None,
        tag("ul", rows, class_="rows plain"),
        open=problems[0].severity != "info", class_="fold",
    )  # fmt: skip
