"""Safety-critical answers: the reviewed warning at once, the original beside it, the host told. Pure.

Reviewed sentences stand in `languages/*/warnings.toml`; a document's own warning is recognised
through the `match` phrases of its language, and spoken in the viewer's.
"""

from __future__ import annotations

import msgspec

from cohost.decision.context import Ask
from cohost.decision.facts import plan_fact
from cohost.decision.passages import SILENT_KINDS, as_passage
from cohost.decision.points import HostNote, Plan, Point, talk
from cohost.decision.subject import mentions
from cohost.decision.warnings import recognise, warnings
from cohost.languages import base
from cohost.trust.evidence import Fact, Passage, covers_model, in_force
from cohost.trust.quantities import amounts

SAFETY = frozenset({"safety", "age", "pregnancy", "allergens"})
FEATURE_ATTRIBUTE = {"pregnant": "pregnancy", "baby": "age", "child": "age", "pets": "safety"}
PAPERS = frozenset({"certificate", "test_report"})
"""Their headings ("Tested Safety") warn nobody."""
MAX_WARNINGS = 2
AGE_TOLD_IN = frozenset({"how_to_use", "safety", "skin_type", "age"})
GROWN: dict[str | None, float] = {"year": 21, "month": 60}
"""Ages up to which a maker's sentence tells who may use a thing."""


def safety_attribute(ask: Ask) -> str | None:
    """The safety attribute a question is about, by its attribute or by what it mentions."""
    if ask.attribute in SAFETY:
        return ask.attribute
    if ask.attribute not in (None, "how_to_use", "skin_type", "ingredients", "effect", "difference"):
        return None
    return next((FEATURE_ATTRIBUTE[f] for f in ask.question.features if f in FEATURE_ATTRIBUTE), None)


def plan_safety(ask: Ask, attribute: str) -> Plan | None:
    """Warnings first, then the fact; None when the documents say nothing on it."""
    points = warning_points(ask, attribute)
    fact = plan_fact(ask, attribute)
    if fact is not None:
        quoted = {i.source.quote for p in points for i in p.items}
        points += [
            msgspec.structs.replace(p, optional=bool(points))
            for p in fact.points
            if not quoted & {i.source.quote for i in p.items}
        ]
    if not points and attribute == "age":
        points = _ages(ask)
    if not points:
        return None
    note = HostNote("warning", attribute=attribute, market=ask.market, items=points[0].items)
    return Plan(
        "answer", "warning", tuple(points), True, note, model=ask.model, market=ask.market, protected=True
    )


def _ages(ask: Ask) -> list[Point]:
    """A sentence of the maker's that names an age ("for young people from 16 years"), in its own words."""
    for item in ask.of((Passage, Fact)):
        if not isinstance(item, Passage | Fact) or not _of_the_maker(item, ask):
            continue
        text = item.text if isinstance(item, Passage) else item.source.quote
        lang = base(item.source.lang) if item.source.lang != "und" else "en"
        if not any(a.unit in GROWN and a.high <= GROWN[a.unit] for a in amounts(text, lang)):
            continue
        told = as_passage(item, text)
        if mentions(told, "child") or mentions(told, "baby"):
            return [Point(kind="passage", items=(told,), attribute="age")]
    return []


def _of_the_maker(item: Passage | Fact, ask: Ask) -> bool:
    return (
        item.source_class in "AB"
        and item.source.kind not in SILENT_KINDS | PAPERS
        and in_force(item, ask.on)
        and covers_model(item, ask.model)
        and (isinstance(item, Passage) or item.attribute in AGE_TOLD_IN)
    )


def warning_points(ask: Ask, attribute: str) -> list[Point]:
    """Reviewed warnings that the product's own documents hold about the attribute."""
    points: list[Point] = []
    seen: set[str] = set()
    unknown: list[Passage] = []
    for passage in _safety_passages(ask):
        names = [n for n in recognise(passage.text, passage.source.lang)
                 if attribute in warnings("en")[n].attributes and n not in seen]  # fmt: skip
        for name in names:
            seen.add(name)
            number = _number(name, passage)
            if number is None and "{n}" in warnings("en")[name].text:
                unknown.append(passage)
                continue
            points.append(
                Point(kind="warning", items=(passage,), warning=name, attribute=attribute, number=number)
            )
        if (
            not names
            and attribute in passage.attributes
            and not seen & set(recognise(passage.text, passage.source.lang))
        ):
            unknown.append(passage)
    asked = set(ask.question.attributes)
    points.sort(key=lambda p: -len(asked & set(warnings("en")[p.warning or ""].attributes)))
    if not points and unknown:
        points = [Point(kind="passage", items=(unknown[0],), attribute=attribute)]
    return [msgspec.structs.replace(p, optional=n > 0) for n, p in enumerate(points[:MAX_WARNINGS])]


def _safety_passages(ask: Ask) -> list[Passage]:
    return [
        p
        for p in ask.of(Passage)
        if (p.source_class in "AB" or (p.warning and p.source.kind not in SILENT_KINDS))
        and in_force(p, ask.on) and covers_model(p, ask.model)
        and (p.warning or (set(p.attributes[:1]) & SAFETY and p.source.kind not in PAPERS))
    ]  # fmt: skip


def _number(name: str, passage: Passage) -> float | None:
    """The age, or the load, that the sentence needs, from the passage's own words."""
    if "{n}" not in warnings("en")[name].text:
        return None
    units = {"max_load": ("kg", "lb")}.get(name, ("year", "month"))
    found = [a for a in amounts(passage.text, base(passage.source.lang)) if a.unit in units]
    if found and found[0].unit == "month" and found[0].low % 12 == 0:
        return found[0].low / 12  # "under 36 months"
    return found[0].low if found and found[0].unit in ("year", "kg") else None


def plan_hazard(ask: Ask) -> Plan:
    """Smoke, fire, injury: a fixed first sentence, and a person at once."""
    names = [n for n in recognise(ask.question.text, ask.question.lang) if n == "battery_damaged"]
    points = (Point(kind="warning", warning="stop_using"),
              *(Point(kind="warning", warning=n) for n in names), *talk("team_told"))  # fmt: skip
    note = HostNote("hazard", detail=ask.product_name())
    return Plan("escalate", "hazard", points, True, note, protected=True)
