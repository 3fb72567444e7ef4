"""Evidence as the viewer sees it: kind, document, page, quote, and whether it holds here and now. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from cohost.common.question import Citation
from cohost.decision.context import Ask
from cohost.trust.evidence import (
    Certificate,
    Evidence,
    TestReport,
    covers_market,
    covers_model,
    in_force,
    kind_of,
)
from cohost.trust.schemes import counts_in
from cohost.trust.settle import is_voluntary


def citation(item: Evidence, ask: Ask) -> Citation:
    """`valid` is false for a paper that is expired, of another model or market, or not held."""
    source = item.source
    return Citation(
        id=item.id, kind=kind_of(item), document=source.document, quote=source.quote,
        valid=holds(item, ask), page=source.page, locator=source.locator, ocr=source.ocr,
        confidence=source.confidence, lang=source.lang,
    )  # fmt: skip


def holds(item: Evidence, ask: Ask) -> bool:
    """In force on the day, of the right model, for the right market, held, about the whole product."""
    if not in_force(item, ask.on) or not _covers(item, ask) or not covers_market(item, ask.question.market):
        return False
    if isinstance(item, Certificate):
        return (
            item.status == "held"
            and item.component is None
            and not is_voluntary(item)
            and counts_in(item.scheme, ask.question.market)
            and not _older(item, ask)
        )
    return not (isinstance(item, TestReport) and _older(item, ask))


def _covers(item: Evidence, ask: Ask) -> bool:
    if ask.model is not None:
        return covers_model(item, ask.model)
    return not ask.models or any(covers_model(item, m) for m in ask.models)


def _older(item: Certificate | TestReport, ask: Ask) -> bool:
    """Issued before the hardware revision now sold in that market."""
    variant = ask.catalogue.variant_in(ask.product, ask.market)
    since: dt.date | None = variant.since if variant is not None else None
    return since is not None and item.issued is not None and item.issued < since


def citations(items: Iterable[Evidence], ask: Ask) -> tuple[Citation, ...]:
    """One citation an item, in the order in which the sentences cite them."""
    unique = {item.id: item for item in items}
    return tuple(citation(item, ask) for item in unique.values())


def cited(ids: Sequence[str], items: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The items behind evidence ids, in that order; unknown ids are left out."""
    by_id = {item.id: item for item in items}
    return tuple(by_id[i] for i in ids if i in by_id)
