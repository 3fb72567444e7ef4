"""Section “Contradictions”: both statements side by side, the rule, and what viewers are told. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cohost.check.contradictions import REASONS, Conflict, Contradiction
from cohost.check.page.markup import Html, chip, tag
from cohost.check.page.view import View, about, market_chips, nothing, place, section
from cohost.check.said import SOURCES, figure
from cohost.trust.settle import Settleable


def disputes(view: View) -> Html:
    found = sorted(view.findings.contradictions, key=lambda c: not c.flatters)
    lead = (
        "Where two documents disagree under the same conditions. cohost decides by fixed rules and never "
        "picks the figure that sells better; the document that promises more should be corrected."
    )
    if not found:
        return section("disputes", "Contradictions", lead, nothing("No two documents disagree."))
    return section(
        "disputes", "Contradictions", lead, [_card(view, c) for c in found],
        count=sum(len(c.conflicts) for c in found),
    )  # fmt: skip


def _card(view: View, found: Contradiction) -> Html:
    every = len(found.markets) == len(view.catalogue.markets) > 1
    heard = (
        tag("p", tag("b", "Viewers are told: "), tag("q", found.heard), class_="heard")
        if found.heard
        else None
    )
    return tag(
        "article",
        tag(
            "h3", view.product(found.product), " · ", found.name, " ",
            tag("span", [chip(m) for m in found.models], market_chips(found.markets, every), class_="chips"),
        ),
        [_pair(group) for group in _grouped(found.conflicts)],
        heard,
        class_="card", **about([found.product], found.markets),
    )  # fmt: skip


def _grouped(conflicts: Sequence[Conflict]) -> list[list[Conflict]]:
    """Those that yield to the same statement for the same reason stand together."""
    groups: dict[tuple[str, str], list[Conflict]] = {}
    for conflict in conflicts:
        groups.setdefault((conflict.against.id, conflict.reason), []).append(conflict)
    return list(groups.values())


def _pair(conflicts: Sequence[Conflict]) -> Html:
    first = conflicts[0]
    left = [
        _side("Left aside", "", c.item, chip("promises more", "bad") if c.flatters else None)
        for c in conflicts
    ]
    rule = REASONS[first.reason]
    return tag(
        "div",
        tag("div", _side("Counts", "good", first.against), tag("div", left, class_="aside"), class_="two"),
        tag("p", f"{rule[:1].upper()}{rule[1:]}.", class_="soft"),
        class_="pair",
    )


def _side(word: str, css: str, item: Settleable, note: Html | None = None) -> Html:
    return tag(
        "figure",
        tag("figcaption", chip(word, css), note, tag("b", figure(item))),
        tag("blockquote", item.source.quote, dir="auto", lang=_lang(item.source.lang)),
        tag(
            "p",
            place(item.source.document, item.source.page),
            " · ",
            SOURCES[item.source_class],
            class_="soft",
        ),
    )


def _lang(lang: str) -> str | None:
    return None if lang == "und" else lang
