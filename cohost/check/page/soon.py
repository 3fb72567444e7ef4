"""Section “Expires soon”. Pure."""

from __future__ import annotations

from cohost.check.expiry import Expiry
from cohost.check.page.markup import Html, chip, tag
from cohost.check.page.view import View, about, market_chips, nothing, place, section


def soon(view: View) -> Html:
    found = view.findings.expiries
    lead = "Soonest first. After its last day viewers hear that a paper expired; a price is no longer told."
    title = "Expires soon"
    if not found:
        return section(
            "soon", title, lead, nothing("Nothing has expired, and nothing does in the next 90 days.")
        )
    head = tag("tr", [tag("th", h) for h in ("Last day", "What", "Products", "Markets", "Where it stands")])
    table = tag(
        "table", tag("thead", head), tag("tbody", [_row(view, e) for e in found]), class_="list cards"
    )
    return section("soon", title, lead, table, count=len(found))


def _row(view: View, found: Expiry) -> Html:
    every = len(found.products) == len(view.catalogue.products) > 1
    names = (
        "All products" if every else ", ".join(view.product(p) for p in found.products) or "The whole shop"
    )
    all_markets = len(found.markets) == len(view.catalogue.markets) > 1
    return tag(
        "tr",
        tag("td", tag("time", str(found.until), datetime=found.until), " ", _left(found)),
        tag("td", tag("b", found.what)),
        tag("td", names),
        tag("td", tag("span", market_chips(found.markets, all_markets or not found.markets), class_="chips")),
        tag("td", place(found.document, found.page)),
        **about(found.products, found.markets),
    )


def _left(found: Expiry) -> Html:
    if found.over:
        return chip(f"over for {-found.days} days" if found.days < -1 else "over since yesterday", "bad")
    words = "today" if found.days == 0 else "tomorrow" if found.days == 1 else f"in {found.days} days"
    return chip(words, "bad" if found.days <= 7 else "warm" if found.days <= 30 else "")
