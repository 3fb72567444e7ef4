"""Questions that name something by its capitals ("BPA", "CRI", "NFC"): the item that names it too. Pure."""

from __future__ import annotations

import re

from cohost.decision.context import Ask
from cohost.decision.passages import SILENT_KINDS
from cohost.decision.points import Plan, Point
from cohost.trust.evidence import Evidence, Fact, Passage, covers_market, covers_model, in_force
from cohost.trust.schemes import find_schemes

_CAPITALS = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{3,6}(?![A-Za-z0-9])")
_PAPERS = frozenset({"certificate", "test_report"})
NEVER = frozenset({"price", "stock", "certificates", "tests", "reviews"})
"""Attributes that say what is wanted of the thing named, so that naming it is no answer."""


def plan_named(ask: Ask) -> Plan | None:
    """The fact or labelled line of a specification that holds the viewer's capitals. None for shouted
    lines, models and schemes, and where the attribute asked has evidence of its own."""
    if ask.attribute in NEVER or _has_own(ask):
        return None
    names = _names(ask)
    found = [i for i in ask.of((Fact, Passage)) if _tells(i, ask) and any(_holds(i, n) for n in names)]
    if not found:
        return None
    best = min(found, key=lambda i: (not isinstance(i, Fact), i.source_class, i.id))
    if isinstance(best, Fact):
        point = Point(kind="fact", items=(best,), attribute=best.attribute)
    else:
        point = Point(kind="passage", items=(best,), attribute=ask.attribute)
    return Plan("answer", "named", (point,), model=ask.model, market=ask.market)


def _has_own(ask: Ask) -> bool:
    return any(i.attribute == ask.attribute for i in ask.of(Fact)) if ask.attribute else False


def _names(ask: Ask) -> tuple[str, ...]:
    text = ask.question.text
    if text.isupper() and len(text.split()) > 2:
        return ()
    product = ask.catalogue.product(ask.product)
    named = (product.name, product.id, *product.models, *product.aliases) if product else ()
    known = {w for n in named for w in re.split(r"[^A-Z0-9]+", n.upper())}
    return tuple(
        n for n in dict.fromkeys(_CAPITALS.findall(text)) if n not in known and not find_schemes(n, "en")
    )


def _tells(item: Evidence, ask: Ask) -> bool:
    return (
        item.source_class in "AB"
        and item.source.kind not in SILENT_KINDS | _PAPERS
        and in_force(item, ask.on)
        and (covers_model(item, ask.model) if ask.model else not item.models)
        and covers_market(item, ask.market)
    )


def _holds(item: Evidence, name: str) -> bool:
    """In its own words, not in the rest of the row: another model may stand there."""
    if isinstance(item, Fact):
        words = f"{item.value if isinstance(item.value, str | tuple) else ''} {item.condition}"
    else:
        words = getattr(item, "text", "")
    return re.search(rf"(?<![A-Za-z]){name}(?![A-Z])", words) is not None
