"""Section “Markets”: may it be sold there, and what is missing. Pure."""

from __future__ import annotations

from cohost.check.page.markup import Html, chip, tag
from cohost.check.page.view import View, about, nothing, section
from cohost.check.readiness import Paper, Readiness, Verdict
from cohost.check.said import figure

VERDICTS: dict[Verdict, tuple[str, str, str]] = {
    "open": ("Ready", "good", "✓"), "look": ("Look", "warm", "!"), "shut": ("Not yet", "bad", "✕"),
    "away": ("Not offered", "none", "–"),
}  # fmt: skip
"""Word, colour and sign of a verdict: never the colour alone."""


def markets(view: View) -> Html:
    rows = view.findings.readiness
    lead = (
        "What each market demands of goods of this kind, and whether it is on file. Where something "
        "mandatory is known to be missing, cohost tells no price, link or call to buy."
    )
    if not rows:
        return section("markets", "Markets", lead, nothing("kb.toml names no product or no market."))
    shut = sum(r.verdict == "shut" for r in rows)
    details = [_details(view, p.id) for p in view.catalogue.products]
    return section("markets", "Markets", lead, _matrix(view), _legend(), details, count=shut or None)


def _matrix(view: View) -> Html:
    rows = view.findings.readiness
    codes = list(dict.fromkeys(r.market for r in rows))
    cells = {(r.product, r.market): r for r in rows}
    head = tag("tr", tag("th", "Product"), [tag("th", c, scope="col", data_markets=c) for c in codes])
    body = [
        tag(
            "tr", tag("th", p.name, scope="row"), [_cell(cells[p.id, c]) for c in codes], **about([p.id])
        )
        for p in view.catalogue.products
    ]  # fmt: skip
    table = tag("table", tag("thead", head), tag("tbody", body), class_="matrix")
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label="Markets by product")


def _cell(row: Readiness) -> Html:
    mark = _verdict(row.verdict)
    inner = mark if row.verdict == "away" else tag("a", mark, href=f"#m-{row.product}-{row.market}")
    return tag("td", inner, data_markets=row.market)


LEGEND: dict[Verdict, str] = {
    "open": "everything mandatory is on file, a price is set", "look": "may be sold; a person should look",
    "shut": "may not be sold yet",
}  # fmt: skip


def _legend() -> Html:
    return tag("ul", [tag("li", _verdict(v), " ", words) for v, words in LEGEND.items()], class_="legend")


def _verdict(verdict: Verdict) -> Html:
    word, css, sign = VERDICTS[verdict]
    return tag("span", tag("b", sign, aria_hidden="true"), tag("span", word), class_=f"verdict {css}")


def _details(view: View, product: str) -> Html | None:
    rows = [r for r in view.findings.readiness if r.product == product and r.verdict != "away"]
    if not rows:
        return None
    bad = any(r.verdict != "open" for r in rows)
    return tag(
        "details",
        tag("summary", tag("b", view.product(product)), " ", _summary(rows)),
        tag("ul", [_row(r) for r in rows], class_="rows"),
        open=bad, class_="fold", **about([product]),
    )  # fmt: skip


def _summary(rows: list[Readiness]) -> Html:
    counts = {v: [r.market for r in rows if r.verdict == v] for v in VERDICTS}
    return tag(
        "span",
        [
            chip(f"{VERDICTS[v][0]}: {', '.join(codes)}", VERDICTS[v][1])
            for v, codes in counts.items()
            if codes
        ],
        class_="chips",
    )


def _row(row: Readiness) -> Html:
    name = tag("b", row.market)
    models = tag("span", ", ".join(row.models), class_="soft") if row.models else None
    papers = [_paper(p) for p in row.papers] or [chip("no mandatory paper for goods of this kind")]
    price = (
        f"Price {figure(row.price)}" + (f", until {row.price.valid_until}" if row.price.valid_until else "")
        if row.price
        else "No price"
    )
    missing = tag("ul", [tag("li", m) for m in row.missing], class_="missing") if row.missing else None
    return tag(
        "li",
        tag("div", _verdict(row.verdict), name, models, class_="head"),
        tag("div", papers, class_="chips"),
        tag("p", price, " · ", "ships" if row.ships else "delivery unknown", class_="soft"),
        missing,
        id=f"m-{row.product}-{row.market}", class_="row", **about([row.product], [row.market]),
    )  # fmt: skip


def _paper(paper: Paper) -> Html:
    held = paper.state == "held"
    until = f" until {paper.until}" if held and paper.until else ""
    css = "good" if held else "warm" if paper.state == "none" else "bad"
    words = f"{'✓' if held else '✕'} {paper.title}: {paper.words}{until}"
    label = chip(words, css)
    return tag("a", label, href=f"#{paper.evidence}") if paper.evidence else label
