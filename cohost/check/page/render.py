"""The whole page: a fragment for the room, or one self-contained file. Pure."""

from __future__ import annotations

from cohost.check import minima, standards
from cohost.check.page.disputes import disputes
from cohost.check.page.evidence import evidence
from cohost.check.page.markets import markets
from cohost.check.page.markup import Html, joined, tag, text
from cohost.check.page.questions import questions
from cohost.check.page.soon import soon
from cohost.check.page.summary import summary
from cohost.check.page.todo import todo
from cohost.check.page.view import View

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""The file asks nobody for anything."""

SECTIONS = (
    ("markets", "Markets"), ("soon", "Expires soon"), ("todo", "To put right"), ("ask", "Viewers will ask"),
    ("disputes", "Contradictions"), ("evidence", "Evidence"),
)  # fmt: skip


def fragment(view: View) -> Html:
    """What stands in the page's body; the room puts it into its own page."""
    parts = (
        summary(view), markets(view), soon(view), todo(view), questions(view), disputes(view), evidence(view),
        _foot(view),
    )  # fmt: skip
    return text(
        (
            tag("header", _head(view), class_="top"),
            _navigation(view),
            tag("main", parts, id="check", data_live=view.live),
            _decisions(view),
        )
    )


def page(view: View, style: str, script: str) -> str:
    """One file: no request leaves it, it works from a disk and on paper."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("title", f"{view.brand}: evidence on {view.findings.on}"),
        tag("link", rel="icon", href="data:,"),
        tag("style", Html(style)),
    )
    body = tag("body", fragment(view), tag("script", Html(script), type="module"), class_="check")
    return f'<!doctype html>\n<html lang="en" dir="ltr">{head}{body}</html>\n'


def _head(view: View) -> Html:
    where = f" · {view.findings.market} only" if view.findings.market else ""
    return tag(
        "div",
        tag("p", "Evidence check", class_="kicker"),
        tag("h1", view.brand),
        tag("p", f"What cohost may say on {view.findings.on}{where}", class_="soft"),
    )


def _navigation(view: View) -> Html:
    links = [tag("a", words, href=f"#{name}") for name, words in SECTIONS]
    products = [tag("option", p.name, value=p.id) for p in view.catalogue.products]
    codes = [tag("option", m.code, value=m.code) for m in view.catalogue.markets]
    return tag(
        "nav",
        tag("div", links, class_="links"),
        tag(
            "div",
            tag("select", tag("option", "All products", value=""), products, id="by-product", class_="input",
                aria_label="Product"),
            tag("select", tag("option", "All markets", value=""), codes, id="by-market", class_="input",
                aria_label="Market"),
            class_="narrow",
        ),
        class_="steps", aria_label="Sections",
    )  # fmt: skip


def _decisions(view: View) -> Html:
    """Where decisions about documents become lines for kb.toml."""
    lead = (
        "An approval or a hold in the room lasts for this show. For good, these lines belong into kb.toml:"
        if view.live
        else "Put these lines into kb.toml; a block for the same path replaces the one that is there:"
    )
    head = tag(
        "div", tag("b", "Decisions", id="decisions-title"), tag("span", "0", class_="count", id="decided"),
        tag("button", "Copy", type="button", class_="button small primary", id="copy"),
        tag("button", "Clear", type="button", class_="button small", id="clear"),
        class_="acts",
    )  # fmt: skip
    approver = tag("input", id="approver", class_="input", autocomplete="name")
    lines = tag(
        "textarea", id="lines", class_="input", readonly=True, spellcheck="false", rows="6",
        aria_label="Lines for kb.toml",
    )  # fmt: skip
    return tag(
        "aside", head, tag("p", lead, class_="soft"),
        tag("label", tag("span", "Approved by"), approver, class_="field"), lines,
        id="decisions", class_="decisions", hidden=True, aria_labelledby="decisions-title",
        data_on=view.findings.on,
    )  # fmt: skip


def _foot(view: View) -> Html:
    checked = max([r.checked for r in minima.table()] + [r.checked for r in standards.table()])
    left = f"{view.left_out} pictures were left out to keep the file small." if view.left_out else None
    said = [
        f"{len(view.documents)} documents, {len(view.items)} items.", left,
        f"Tables of law and standards read on {checked}: {minima.ADVICE}.",
    ]  # fmt: skip
    return tag("footer", tag("p", joined(said, " "), class_="soft"))
