"""Findings as the contract's problems: a code, a severity, a document, one line. Pure but for `quotes`.

Codes: `not_ready` `missing_paper` `no_price` · `expired` `expiring` · `unanswered` · `contradiction` ·
`superseded_standard` · `below_legal_minimum` · `unreleased` · `quote_not_found`, beside those that the
readers and the extractor raise. Only `quote_not_found` is an error: a folder without papers is legal input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cohost.check.contradictions import REASONS, Conflict, Contradiction
from cohost.check.expiry import Expiry
from cohost.check.findings import Findings
from cohost.check.minima import ADVICE
from cohost.check.places import listed
from cohost.check.readiness import Readiness
from cohost.check.said import figure
from cohost.knowledge.build import Built
from cohost.knowledge.documents import Problem
from cohost.knowledge.kbtoml import FILE
from cohost.knowledge.verify import quote_stands
from cohost.trust.evidence import Evidence


def problems(built: Built, found: Findings) -> list[Problem]:
    """What the readers said and what was found, each line once."""
    told = [
        *built.problems,
        *(p for row in found.readiness for p in _not_ready(row)),
        *(_expiry(e) for e in found.expiries),
        *(p for c in found.contradictions for p in _contradiction(c)),
        *_gaps(found),
        *_standards(found),
        *_below(found),
        *(Problem("unreleased", "info", d.document, _waits(d.items)) for d in found.drafts),
    ]
    return list(dict.fromkeys(told))


def quotes(folder: Path, items: Iterable[Evidence]) -> Iterator[Problem]:
    """Read every quote again with a second reader; scans cannot be verified so."""
    for item in items:
        if item.source.document == FILE and not item.source.quote:
            continue
        if quote_stands(folder, item.source) is False:
            yield Problem(
                "quote_not_found", "error", item.source.document,
                f"{item.id}: a second reader does not find “{item.source.quote[:80]}”", item.source.page,
            )  # fmt: skip


def _not_ready(row: Readiness) -> Iterator[Problem]:
    where = f"{row.product} {'/'.join(row.models)} in {row.market}".replace("  ", " ")
    lacking = [p for p in row.papers if p.state != "held"]
    if row.verdict == "shut":
        names = "; ".join(f"{p.title} {p.words}" for p in lacking) or row.reason
        document = next((p.document for p in lacking if p.document), FILE)
        yield Problem(
            "not_ready", "warning", document, f"{where} may not be sold yet, no price goes out: {names}"
        )
    else:
        for paper in lacking:
            yield Problem(
                "missing_paper", "info", paper.document or FILE, f"{where}: {paper.scheme} {paper.words}"
            )
    if row.verdict in ("open", "look") and row.price is None:
        words = next(m for m in row.missing if m.startswith("price"))
        yield Problem("no_price", "info", FILE, f"{where}: {words}; viewers are told that there is none now")


def _expiry(found: Expiry) -> Problem:
    where = f" ({listed(found.markets)})" if found.markets else ""
    who = f", {listed(found.products)}" if found.products else ""
    name = f"{found.what}{who}{where}"
    if found.over:
        then = "renew it; until then viewers hear that it expired" if found.paper else "set a new one"
        return Problem(
            "expired", "warning", found.document, f"{name}: expired on {found.until}: {then}", found.page
        )
    when = "today" if found.days == 0 else f"in {found.days} days"
    return Problem(
        "expiring", "info", found.document, f"{name}: expires on {found.until}, {when}", found.page
    )


def _contradiction(found: Contradiction) -> Iterator[Problem]:
    for conflict in found.conflicts:
        yield Problem(
            "contradiction", "warning" if conflict.flatters else "info", conflict.item.source.document,
            _disagrees(found, conflict), conflict.item.source.page,
        )  # fmt: skip


def _disagrees(found: Contradiction, conflict: Conflict) -> str:
    model = f" {'/'.join(found.models)}" if found.models else ""
    a, b = conflict.item, conflict.against
    return (
        f"{found.product}{model} {found.attribute}: {figure(a)} here (“{a.source.quote[:60]}”), {figure(b)} "
        f"in {b.source.document} (“{b.source.quote[:60]}”); {REASONS[conflict.reason]}"
    )


def _gaps(found: Findings) -> Iterator[Problem]:
    for gap in found.gaps:
        where = "every market" if gap.everywhere else listed(gap.markets)
        yield Problem(
            "unanswered", "info", FILE,
            f"{gap.product}: no document answers “{gap.example or gap.name}” ({gap.attribute}) in {where}",
        )  # fmt: skip


def _standards(found: Findings) -> Iterator[Problem]:
    for old in found.superseded:
        state = f"is superseded since {old.since}" if old.since else "has a newer edition"
        note = f" ({old.note})" if old.note else ""
        yield Problem(
            "superseded_standard", "warning" if old.since else "info", old.document,
            f"{old.standard} {state}: ask for {old.now}{note}", old.page,
        )  # fmt: skip


def _below(found: Findings) -> Iterator[Problem]:
    for term in found.below:
        yield Problem(
            "below_legal_minimum", "warning", term.document,
            f"{term.attribute} in {listed(term.markets)}: got {term.got:g} {term.unit}, expected at least "
            f"{term.least:g} ({term.source}; {ADVICE})", term.page,
        )  # fmt: skip


def _waits(items: int) -> str:
    noun = "item waits" if items == 1 else "items wait"
    return f"{items} {noun} for approval: add approved_by to its [[document]] in {FILE}"
