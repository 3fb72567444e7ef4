"""Section “Viewers will ask”: what no document answers. Pure."""

from __future__ import annotations

from cohost.check.gaps import Gap
from cohost.check.page.markup import Html, tag
from cohost.check.page.view import View, about, market_chips, nothing, section


def questions(view: View) -> Html:
    found = view.findings.gaps
    lead = (
        "Asked of the real planner, product by product and market by market: these would be declined "
        "politely and passed on to the host. Most asked first; a line in a specification or in kb.toml "
        "closes each."
    )
    title = "Viewers will ask"
    if not found:
        return section(
            "ask", title, lead, nothing("Every question that is usual for these goods has an answer.")
        )
    products = dict.fromkeys(g.product for g in found)
    cards = [_card(view, p, [g for g in found if g.product == p]) for p in products]
    return section("ask", title, lead, tag("div", cards, class_="grid"), count=len(found))


def _card(view: View, product: str, found: list[Gap]) -> Html:
    return tag(
        "article",
        tag("h3", view.product(product), " ", tag("span", len(found), class_="count")),
        tag("ol", [_gap(g) for g in found], class_="rows plain"),
        class_="card", **about([product]),
    )  # fmt: skip


def _gap(gap: Gap) -> Html:
    return tag(
        "li",
        tag("span", tag("b", gap.name), tag("span", f"“{_asked(gap)}”", class_="soft"), class_="ask"),
        tag("span", market_chips(gap.markets, gap.everywhere), class_="chips"),
        **about([gap.product], gap.markets),
    )


def _asked(gap: Gap) -> str:
    """The phrase of the tables, which is matched without case and signs, as a person writes it."""
    words = (gap.example or gap.name).replace(" i ", " I ").replace("whats ", "what's ")
    return f"{words[:1].upper()}{words[1:]}?"
