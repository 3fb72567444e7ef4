"""Question + evidence + catalogue + date → what to say, typed. Pure.

Whether a question can be answered is decided from the resolved product, attribute, market and
evidence, never from a similarity score.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.common.question import Question
from cohost.decision.air import plan_air
from cohost.decision.apart import DIFFERENCE, SELLER, plan_difference, plan_seller
from cohost.decision.context import Ask, resolve
from cohost.decision.facts import plan_fact
from cohost.decision.limits import with_side
from cohost.decision.mains import voltage_mismatch
from cohost.decision.markets import plan_market
from cohost.decision.named import names_found, plan_named
from cohost.decision.papers import plan_papers
from cohost.decision.passages import plan_reviews, plan_text
from cohost.decision.points import HostNote, Plan, decline
from cohost.decision.safety import SAFETY, plan_safety, safety_attribute
from cohost.decision.several import plan_also, plan_several
from cohost.decision.sizes import plan_sizes
from cohost.decision.subject import plan_subject, subject_features
from cohost.decision.talk import plan_talk
from cohost.decision.water import WATER, asked_codes, plan_water
from cohost.trust.evidence import Evidence, Fact
from cohost.trust.features import feature_name
from cohost.trust.said import says_figure

MAX_NAMES = 4
MAX_READINGS = 4
FIGURES = frozenset({"quantity", "duration", "money"})
"""Forms of attributes whose names are mixed up; what describes is not answered by something else."""
PAPER_ATTRIBUTES = frozenset({"certificates", "tests", "reviews"})


def plan(
    question: Question, items: Sequence[Evidence], catalogue: Catalogue, on: dt.date, lang: str = ""
) -> Plan:
    """Never raises on any question and evidence; `lang` is the reply's, for passages that exist in it."""

    def one(question: Question) -> Plan:
        ask = resolve(question, items, catalogue, on, lang or question.lang)
        return plan_talk(ask) or _unresolved(ask) or _answer(ask) or _other_reading(ask) or _nothing(ask)

    if not question.intent.startswith("question.") or question.human_check:
        return one(question)
    return plan_several(question, catalogue, one) or plan_also(question, one) or one(question)


def _other_reading(ask: Ask) -> Plan | None:
    """The further attributes the words name, where the first has no evidence: "capacity" of a bottle is no
    battery's. Safety is never answered by something else."""
    first = ask.spec
    if first is None or first.form not in FIGURES or subject_features(ask, ask.attribute):
        return None
    for other in ask.question.attributes[:MAX_READINGS]:
        if other not in (ask.attribute, *SAFETY, *PAPER_ATTRIBUTES):
            found = _answer(msgspec.structs.replace(ask, attribute=other))
            if found is not None and found.action == "answer":
                return found
    return None


def _unresolved(ask: Ask) -> Plan | None:
    """The product is not known, or the question could be about several."""
    catalogue = ask.catalogue
    if ask.product is not None and catalogue.products and catalogue.product(ask.product) is None:
        return decline("unknown_product", "unknown_product", product=ask.product[:60])
    if ask.product is None and len(catalogue.products) > 1 and not ask.items:
        return _which(ask)
    return None


def _which(ask: Ask) -> Plan:
    names = tuple(p.name for p in ask.catalogue.products[:MAX_NAMES])
    return decline("which_product", "which_product", names=names)


def _answer(ask: Ask) -> Plan | None:
    attribute = ask.attribute
    sized = plan_sizes(ask)
    if sized is not None:
        return sized
    if attribute in WATER or (
        asked_codes(ask.question.text) and attribute in (None, "certificates", "tests")
    ):
        return plan_water(ask)
    if attribute in ("certificates", "tests") or _names_scheme(ask):
        return plan_papers(ask)
    if attribute == DIFFERENCE and not ask.question.features:
        found = plan_difference(ask)
        if found is not None:
            return found
    by_name = plan_named(ask)
    if by_name is not None:
        return by_name
    critical = safety_attribute(ask)
    if critical is not None:
        named = subject_features(ask, critical)  # "BPA?" is not answered by "keep away from children"
        if named:
            return plan_subject(ask, critical, named)
        return plan_safety(ask, critical) or _attribute_answer(ask, critical)
    if attribute == "air_travel":
        return plan_air(ask) or plan_text(ask, attribute)
    if attribute == "reviews":
        return plan_reviews(ask)
    if attribute == SELLER:
        return (
            _attribute_answer(ask, attribute)
            if subject_features(ask, attribute)
            else (plan_fact(ask, attribute) or plan_seller(ask) or _attribute_answer(ask, attribute))
        )
    if attribute is None:
        return plan_subject(ask, None, ask.question.features) or _by_figure(ask) or _open_question(ask)
    if attribute in ("voltage", "plug"):
        return _with_mismatch(ask, _attribute_answer(ask, attribute))
    return _attribute_answer(ask, attribute)


def _by_figure(ask: Ask) -> Plan | None:
    """ "The leaflet says 580 g, is that right?": the attribute that some document gives that figure for,
    answered with what holds."""
    found = (
        i.attribute for q in ask.question.quantities for i in ask.of(Fact) if says_figure(i, q.value, q.unit)
    )
    attribute = next(found, None)
    return _answer(msgspec.structs.replace(ask, attribute=attribute)) if attribute is not None else None


def _names_scheme(ask: Ask) -> bool:
    """A scheme named decides, unless the attribute has its own facts ("IP rating" is about water)."""
    return bool(set(ask.question.schemes) - {"IP"}) and ask.attribute not in ("price", "shipping", "returns")


def _attribute_answer(ask: Ask, attribute: str) -> Plan | None:
    features = subject_features(ask, attribute)
    if features:
        return plan_subject(ask, attribute, features)
    if not names_found(ask):
        return None
    spec = ask.spec
    by_market = spec is not None and spec.market
    found = plan_market(ask, attribute) if by_market else with_side(ask, plan_fact(ask, attribute))
    if found is not None:
        return found
    near = spec.near if spec is not None and attribute not in SAFETY else ()
    if attribute == "ships":
        told = _delivery(ask, near)
        if told is not None:
            return told
    return plan_text(ask, attribute) or next((p for n in near if (p := _near(ask, attribute, n))), None)


def _near(ask: Ask, attribute: str, other: str) -> Plan | None:
    """Another attribute's facts. Sizes of the whole product stand for a chart, not those of a part, and not
    for a viewer's own measure."""
    found = plan_fact(ask, other)
    if found is None or attribute != "size_chart":
        return found
    parts = any(getattr(i, "condition", "") for p in found.points for i in p.items)
    return None if parts or ask.question.sizing is not None else found


def _delivery(ask: Ask, near: Sequence[str]) -> Plan | None:
    """ "Do you deliver to Poland?": the time and the cost told for that market say so."""
    plans = [p for n in near if (p := plan_market(ask, n)) is not None]
    told = [p for p in plans if p.action == "answer" and ask.market is not None]
    if not told:
        return next(iter(plans), None)
    points = [
        *told[0].points,
        *(msgspec.structs.replace(x, optional=True) for p in told[1:] for x in p.points),
    ]
    return msgspec.structs.replace(told[0], points=tuple(points))


def _open_question(ask: Ask) -> Plan | None:
    """No attribute: only text in which the viewer's own words, or the second-best attribute, stand."""
    if ask.product is None and len(ask.catalogue.products) > 1 and not ask.question.features:
        return plan_text(ask, None) or _which(ask)
    return plan_text(ask, None)


def _with_mismatch(ask: Ask, found: Plan | None) -> Plan | None:
    warned = voltage_mismatch(ask)
    if warned is None:
        return found
    note = HostNote("warning", attribute="voltage", market=ask.question.market, items=warned.items)
    if found is None or found.action != "answer":
        told = plan_fact(ask, "voltage")
        figure = told.points[:1] if told is not None else ()
        return Plan("answer", "warning", (*figure, warned), True, note, model=ask.model, protected=True)
    return msgspec.structs.replace(
        found,
        reason="warning",
        points=(*found.points[:1], warned),
        notify_host=True,
        host_note=note,
        protected=True,
    )


def _nothing(ask: Ask) -> Plan:
    """No evidence: said so, the question goes on the host's list; safety needs a person's look."""
    critical = safety_attribute(ask) is not None or ask.attribute in SAFETY
    feature = next(iter(subject_features(ask, ask.attribute)), None)
    shown = feature_name(feature, ask.lang) if feature else ask.attribute
    name = "no_evidence_on" if shown else "no_evidence"
    found = decline(
        "no_evidence", name, "passed_on", attribute=ask.attribute, feature=feature, market=ask.market
    )
    note = HostNote("no_evidence", attribute=ask.attribute, market=ask.market)
    return msgspec.structs.replace(found, notify_host=critical, host_note=note)
