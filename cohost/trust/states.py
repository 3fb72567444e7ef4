"""In what state a paper is: held, on file as not held, expired, for another model, for a part, none. Pure.

Order of the items never matters: the best paper is chosen by one total order.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from typing import Literal

import msgspec

from cohost.trust import schemes as law
from cohost.trust.components import is_part
from cohost.trust.evidence import Certificate, Evidence, TestReport, airable, covers_market, covers_model

State = Literal[
    "held", "part_held", "expired", "not_yet_valid", "older_than_revision", "component", "other_model",
    "not_for_market", "on_file_not_held", "none",
]  # fmt: skip
"""`part_held`: the part that the viewer asked about has a paper; `component`: only a part has one."""


class PaperState(msgspec.Struct, frozen=True):
    """State of the best paper of a scheme. `report` stands in for a certificate where the scheme is a
    test or a standard (UN 38.3, IP, EN 343)."""

    state: State
    item: Certificate | None
    scheme: str
    report: TestReport | None = None


_PREFERENCE: tuple[State, ...] = (
    "part_held", "held", "expired", "not_yet_valid", "older_than_revision", "component", "other_model",
    "not_for_market", "on_file_not_held",
)  # fmt: skip


def paper_state(
    scheme: str,
    *,
    product: str | None,
    model: str | None,
    market: str | None,
    items: Sequence[Evidence],
    on: dt.date,
    since: dt.date | None = None,
    parts: frozenset[str] = frozenset(),
) -> PaperState:
    """State of the best paper of `scheme` for this product, model and market on that day.

    `since`: date of the variant's hardware revision; an older paper does not cover it. A paper of a
    scheme that answers for the wanted one (CE for UKCA in GB) counts. Three states are never mixed:
    held, on file as not held, none. `parts`: the parts asked about ("adapter"), whose own paper answers.
    """
    found: list[tuple[int, bool, int, int, str, PaperState]] = []
    for item in items:
        state = (
            _state_of(item, scheme, model, market, on, since, parts)
            if _concerns(item, scheme, product, model, market)
            else None
        )
        if state is None:
            continue
        paper = item if isinstance(item, Certificate) else None
        report = item if isinstance(item, TestReport) else None
        issued = getattr(item, "issued", None)
        found.append((
            _PREFERENCE.index(state), bool(paper and paper.scheme != scheme), _kind_rank(paper),
            -(issued.toordinal() if issued else 0), item.id,
            PaperState(state, paper, paper.scheme if paper else scheme, report),
        ))  # fmt: skip
    return min(found, key=lambda f: f[:5])[5] if found else PaperState("none", None, scheme)


def _concerns(
    item: Evidence, scheme: str, product: str | None, model: str | None, market: str | None
) -> bool:
    if not airable(item) or (item.product is not None and product is not None and item.product != product):
        return False
    if item.product is None and item.models and (model is None or not covers_model(item, model)):
        return False  # of no product of the shop: it says nothing about this one
    if isinstance(item, Certificate):
        return law.answers_for(item.scheme, scheme, market)
    return isinstance(item, TestReport) and scheme in tests_of(item)


@functools.lru_cache(maxsize=2048)
def tests_of(report: TestReport) -> frozenset[str]:
    """Schemes that are tests or standards and that this report is about."""
    parts = (report.method.id if report.method else "", report.statement or "", report.source.quote,
             report.number or "", " ".join(f"{r.quantity} {r.value}" for r in report.results))  # fmt: skip
    named = law.table_schemes(" · ".join(parts))
    return frozenset(s for s in named if law.schemes()[s].proves in ("test", "standard"))


def _kind_rank(paper: Certificate | None) -> int:
    """Kinds in the scheme's own order: for CE the maker's declaration before a body's certificate."""
    row = law.schemes().get(paper.scheme) if paper else None
    kinds = list(row.kinds) if row else []
    return kinds.index(paper.certificate_kind) if paper and paper.certificate_kind in kinds else len(kinds)


def _state_of(
    item: Evidence,
    scheme: str,
    model: str | None,
    market: str | None,
    on: dt.date,
    since: dt.date | None,
    parts: frozenset[str],
) -> State | None:
    part = False
    if isinstance(item, Certificate):
        if item.status == "on_file_not_held" or is_voluntary(item):
            return "on_file_not_held"
        part = bool(item.component) and is_part(item.component or "", parts)
        if item.component and not part:
            return "component"
        same = item.scheme == scheme
        if not law.counts_in(item.scheme, market) and (
            same or not law.answers_for(item.scheme, scheme, market)
        ):
            return "not_for_market"
    if not part and not covers_model(item, model):
        return "other_model"
    if not covers_market(item, market) or not law.counts_in(scheme, market):
        return "not_for_market"
    issued = getattr(item, "issued", None)
    late = since is not None and issued is not None and issued < since
    return _on_day(item, on) or ("part_held" if part else "older_than_revision" if late else "held")


def _on_day(item: Evidence, on: dt.date) -> State | None:
    """Expired, or not valid yet, on that day."""
    if item.valid_until is not None and on > item.valid_until:
        return "expired"
    issued = getattr(item, "issued", None)
    if (issued is not None and issued > on) or (item.valid_from is not None and on < item.valid_from):
        return "not_yet_valid"
    return None


def is_voluntary(paper: Certificate) -> bool:
    """A laboratory's own "certificate" in a scheme where only a notified body's counts."""
    row = law.schemes().get(paper.scheme)
    return bool(row and paper.certificate_kind in row.voluntary and not (paper.body and paper.body.number))
