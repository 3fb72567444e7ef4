"""Naming a source shortly in the viewer's language: "test report SZ-2024-118, p. 2". Pure."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from cohost.decision.format import Tongue, date, isolate
from cohost.decision.frames import frame
from cohost.trust.evidence import Certificate, Evidence, Fact, MarketFact, Passage, Policy, TestReport

_IMAGES = (".jpg", ".jpeg", ".png")
_MAX_NUMBER = 40
_KINDS = {
    "spec": "spec", "manual": "manual", "certificate": "certificate", "test_report": "report",
    "policy": "policy", "faq": "faq", "review": "review", "brochure": "brochure", "company": "company",
    "study": "study",
}  # fmt: skip


def source_name(item: Evidence, among: Sequence[Evidence], at: Tongue, *, short: bool = False) -> str:
    """The document's kind, its number and the page, as parts in reading order."""
    kind, number = _kind_and_number(item, among)
    name = frame(at.lang, f"source.{kind}", number=isolate(number, at) if number else "")
    page = "" if short else _page(item, at)
    return frame(at.lang, "source.with_page", name=name, page=page) if page else name


def told_by(item: Evidence, among: Sequence[Evidence], at: Tongue, *, short: bool = False) -> str:
    """Who says so: measured or declared, and where it stands."""
    name = source_name(item, among, at, short=short)
    basis = item.basis if isinstance(item, Fact) else "set"
    if basis == "measured":
        return frame(at.lang, "source.measured", source=name)
    if basis == "declared" and item.source_class == "B":
        return frame(at.lang, "source.declared", source=name)
    if isinstance(item, MarketFact) and item.as_of is not None and not short:
        return frame(at.lang, "source.as_of", source=name, date=date(item.as_of, at))
    return name


def paper_name(item: Certificate | TestReport, at: Tongue, *, short: bool = False) -> str:
    """A paper's name with number, issuer, date or end of validity, and page."""
    parts = [source_name(item, (item,), at, short=True)]
    body = item.body if isinstance(item, Certificate) else item.lab
    own = isinstance(item, Certificate) and item.certificate_kind == "self_declaration"
    if body is not None and not short and (not own or body.number):
        number = f" ({body.number})" if body.number and isinstance(item, Certificate) else ""
        parts.append(isolate(body.name + number, at))
    if isinstance(item, Certificate) and item.valid_until is not None:
        parts.append(frame(at.lang, "paper.valid_until", date=date(item.valid_until, at)))
    elif item.issued is not None:
        parts.append(date(item.issued, at))
    page = "" if short else _page(item, at)
    if page:
        parts.append(page)
    return functools.reduce(
        lambda name, part: frame(at.lang, "source.with_page", name=name, page=part), [p for p in parts if p]
    )


def _page(item: Evidence, at: Tongue) -> str:
    page = item.source.page
    if page is None or item.source.document.lower().endswith(_IMAGES):
        return ""
    return frame(at.lang, "source.page", n=str(page))


def _kind_and_number(item: Evidence, among: Sequence[Evidence]) -> tuple[str, str]:
    if isinstance(item, Certificate):
        kind = "declaration" if item.certificate_kind == "self_declaration" else "certificate"
        return ("registration" if item.certificate_kind == "registration" else kind), _short(item.number)
    if isinstance(item, TestReport):
        return "report", _short(item.number)
    if isinstance(item, Fact) and item.report:
        report = next((i for i in among if i.id == item.report and isinstance(i, TestReport)), None)
        locator = item.source.locator if _is_number(item.source.locator) else ""
        return "report", _short(report.number if report else locator)
    if item.source.document == "kb.toml":
        return "shop", ""
    if isinstance(item, Fact) and item.size:
        return "size_chart", ""
    kind = item.source.kind
    if isinstance(item, Policy) or kind == "policy":
        return "policy", ""
    number = item.source.locator if kind == "test_report" and _is_number(item.source.locator) else ""
    if isinstance(item, Passage) and kind == "certificate":
        return "other", ""
    return _KINDS.get(kind, "other"), _short(number)


def _is_number(locator: str | None) -> bool:
    """A report's number ("EXL-2026-0417"), not a heading of it."""
    return bool(locator) and any(c.isdigit() for c in str(locator)) and " " not in str(locator).strip()


def _short(number: str | None) -> str:
    text = (number or "").strip()
    return text if len(text) <= _MAX_NUMBER else ""
