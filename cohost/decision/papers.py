"""Points from certificates, declarations and test reports, and from their absence. Pure.

Three states are never mixed: held, on file as not held, no paper on file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from cohost.decision.context import Ask
from cohost.decision.norms import as_passage, named_by, norm_points
from cohost.decision.points import HostNote, NoteKind, Plan, Point, decline, talk
from cohost.trust import schemes as law
from cohost.trust.components import parts_named
from cohost.trust.evidence import (
    Certificate,
    Fact,
    Passage,
    TestReport,
    covers_market,
    covers_model,
    in_force,
    normal_model,
)
from cohost.trust.rules.gate import applies, goods_of
from cohost.trust.settle import PaperState, is_voluntary, paper_state
from cohost.trust.standards import asks_which

MAX_SCHEMES = 3
REASONS = {
    "held": "paper_held", "part_held": "paper_held", "expired": "expired", "not_yet_valid": "not_yet_valid",
    "older_than_revision": "older_revision", "component": "component", "other_model": "other_model",
    "not_for_market": "not_for_market", "on_file_not_held": "not_held", "none": "no_paper",
}  # fmt: skip
HELD = ("held", "part_held")


def plan_papers(ask: Ask) -> Plan | None:
    """Papers by the schemes and standards the viewer named, else those that matter in the viewer's market."""
    text = ask.question.text
    norms = [n for s in ask.question.schemes if (n := law.standard_asked(s, text))][:MAX_SCHEMES]
    named = tuple(s for s in ask.question.schemes if not law.standard_asked(s, text))[:MAX_SCHEMES]
    told = [p for n in norms for p in norm_points(ask, n)]
    if norms and not named:
        return _of_norms(ask, norms, told)
    if ask.attribute == "tests" and not named:
        return _reports(ask)
    found = _of_schemes(ask, named)
    if told and found is not None and found.action == "answer":
        return msgspec.structs.replace(found, points=(*found.points, *told))
    return Plan("answer", "standard", tuple(told), model=ask.model, market=ask.market) if told else found


def _of_norms(ask: Ask, norms: list[str], told: list[Point]) -> Plan:
    """Standards only: what names them, else that no paper does."""
    if told:
        return Plan("answer", "standard", tuple(told), model=ask.model, market=ask.market)
    points = [Point(kind="paper", scheme=n, state="none") for n in norms]
    return Plan("decline", "no_paper", (*points, *talk("passed_on")))


def _of_schemes(ask: Ask, named: tuple[str, ...]) -> Plan | None:
    wanted = named or _usual(ask)
    states = [_state(ask, scheme) for scheme in wanted]
    if not named:
        told = [s for s in states if s.state != "none"][:MAX_SCHEMES]
        if not told:
            return _stated(ask, wanted) or _reports(ask) or _none(ask, wanted)
        states = told
    if all(s.state == "none" for s in states):
        return _stated(ask, wanted) or _none(ask, tuple(s.scheme for s in states), wanted)
    points = [p for s, asked in zip(states, wanted if named else [s.scheme for s in states], strict=True)
              for p in _points(ask, s, asked)]  # fmt: skip
    if not named:
        points = [msgspec.structs.replace(p, optional=p.optional or n > 0) for n, p in enumerate(points)]
    points += _required_instead(ask, states, wanted)
    reason = next((REASONS[s.state] for s in states if s.state != "none"), "no_paper")
    bad = [s for s in states if s.state not in HELD]
    note = _note(ask, bad[0]) if bad and bad[0].scheme in _mandatory(ask) else None
    return Plan("answer", reason, tuple(points), note is not None, note, model=ask.model, market=ask.market)


def _stated(ask: Ask, wanted: tuple[str, ...]) -> Plan | None:
    """No paper, but the maker's manual or specification says so: quoted as that, never as a paper held; a
    person hears that a mandatory paper is missing."""
    for scheme in wanted[:MAX_SCHEMES]:
        quoted = next(_says(ask, scheme), None)
        if quoted is None:
            continue
        points = [
            Point(kind="passage", items=(quoted,), attribute="certificates"),
            Point(kind="paper", scheme=scheme, state="none", market=ask.market, optional=True),
        ]
        note = (
            HostNote("missing_paper", scheme=scheme, market=ask.market) if scheme in _mandatory(ask) else None
        )
        return Plan(
            "answer", "stated", tuple(points), note is not None, note, model=ask.model, market=ask.market
        )
    return None


def _says(ask: Ask, scheme: str) -> Iterator[Passage]:
    """Sentences of the maker's own documents that name a scheme that counts here, about this model."""
    row = law.schemes().get(scheme)
    if row is None or row.proves != "product" or not law.counts_in(scheme, ask.market):
        return
    for item in sorted(ask.of(Passage), key=lambda i: (i.source_class, i.id)):
        if item.source.kind not in ("manual", "spec") or item.source_class not in ("A", "B"):
            continue
        for sentence in re.split(r"(?<=[.!?])\s+|(?<=[。！？])|\n", item.text):
            if scheme in law.table_schemes(sentence, item.source.lang) and _about_model(ask, sentence):
                yield as_passage(item, sentence.strip())


def _about_model(ask: Ask, sentence: str) -> bool:
    """False where the sentence names other models of the product only."""
    product = ask.catalogue.product(ask.product)
    plain = normal_model(sentence)
    named = [m for m in (product.models if product else ()) if normal_model(m) in plain]
    return not named or ask.model is None or any(normal_model(m) == normal_model(ask.model) for m in named)


def _state(ask: Ask, scheme: str) -> PaperState:
    variant = ask.catalogue.variant_in(ask.product, ask.market)
    same = variant is not None and (ask.model is None or variant.model == ask.model)
    return paper_state(
        scheme, product=ask.product, model=ask.model, market=ask.market, items=ask.items, on=ask.on,
        since=variant.since if variant is not None and same else None,
        parts=parts_named(ask.question.text),
    )  # fmt: skip


def _usual(ask: Ask) -> tuple[str, ...]:
    """Mandatory schemes of the market first, then whatever the papers on file speak of; a paper that
    does not count there is not volunteered, nor a mere registration."""
    mandatory = _mandatory(ask)
    on_file = [
        c.scheme
        for c in sorted(ask.of(Certificate), key=lambda c: (not _good(ask, c), c.source_class, c.id))
        if c.certificate_kind not in ("registration", "shipment")
        and law.counts_in(c.scheme, ask.market)
        and _about_product(c)
    ]
    return tuple(dict.fromkeys((*mandatory, *on_file)))


def _about_product(paper: Certificate) -> bool:
    row = law.schemes().get(paper.scheme)
    return row is None or row.proves == "product"


def _good(ask: Ask, paper: Certificate) -> bool:
    return (
        in_force(paper, ask.on)
        and paper.status == "held"
        and not paper.component
        and covers_model(paper, ask.model)
        and covers_market(paper, ask.market)
    )


def _points(ask: Ask, found: PaperState, asked: str) -> list[Point]:
    if found.state == "none":
        return [Point(kind="paper", scheme=asked, state="none", market=ask.market)]
    item = found.item or found.report
    assert item is not None
    if found.item is None and found.report is not None and found.state == "held":
        return [Point(kind="report", items=(item,), scheme=asked)]
    state: str = found.state
    if found.item is not None and state == "on_file_not_held" and is_voluntary(found.item):
        state = "voluntary"
    point = Point(
        kind="paper", items=(item,), scheme=found.scheme, state=state, market=ask.market, model=ask.model,
        product=ask.product_name(),
    )  # fmt: skip
    points = [point]
    if isinstance(item, Certificate) and item.certificate_kind == "registration" and _asks_approval(item):
        points.append(Point(kind="talk", text="not_approval"))
    if isinstance(item, Certificate) and state == "held" and asks_which(ask.question.text):
        points += named_by(ask, item)
    return points


def _asks_approval(paper: Certificate) -> bool:
    """A registration with nothing stronger behind it: never to be taken for an approval."""
    return "registered" in law.verbs(paper)


def _required_instead(ask: Ask, states: list[PaperState], wanted: tuple[str, ...]) -> list[Point]:
    """A paper that does not count there: what counts instead, and whether it is on file."""
    if not any(s.state == "not_for_market" for s in states):
        return []
    points: list[Point] = []
    for scheme in _mandatory(ask):
        if scheme in wanted:
            continue
        found = _state(ask, scheme)
        points += [msgspec.structs.replace(p, optional=True) for p in _points(ask, found, scheme)[:1]]
    return points[:2]


def _mandatory(ask: Ask) -> tuple[str, ...]:
    """Schemes that the market demands for goods of this kind."""
    entry, product = ask.catalogue.market(ask.market), ask.catalogue.product(ask.product)
    if entry is None:
        return ()
    goods = goods_of(product, ask.items) if product else frozenset()
    return tuple(s for s in entry.scheme if applies(s, goods))


def _note(ask: Ask, found: PaperState) -> HostNote:
    item = found.item or found.report
    kind: NoteKind = "missing_paper" if found.state == "none" else "paper_state"
    return HostNote(
        kind,
        scheme=found.scheme,
        market=ask.market,
        items=(item,) if item else (),
        detail=found.state,
    )


def _none(ask: Ask, schemes: tuple[str, ...], wanted: tuple[str, ...] = ()) -> Plan:
    names = schemes or wanted
    missing = next((s for s in names if s in _mandatory(ask)), None)
    note = HostNote("missing_paper", scheme=missing, market=ask.market) if missing else None
    if not names:
        return decline("no_paper", "no_papers", "passed_on")
    points = [Point(kind="paper", scheme=s, state="none", market=ask.market) for s in names[:MAX_SCHEMES]]
    return Plan("decline", "no_paper", (*points, *talk("passed_on")), note is not None, note)


_CERTIFIED = re.compile(
    r"certif|zertif|sertif|сертиф|gecert|keur|认证|認證|認証|证书|證書|인증|รับรอง|شهاد|معتمد|प्रमाण|belge|"
    r"chứng nhận",
    re.IGNORECASE,
)


def _reports(ask: Ask) -> Plan | None:
    """Test reports on this variant, those on what is asked first, then the newest; at most two. Who asks for
    a certificate hears that a report is none."""
    found = [
        r
        for r in ask.of(TestReport)
        if r.source_class == "A" and in_force(r, ask.on) and covers_model(r, ask.model) and r.models
    ]
    asked = set(ask.question.attributes) - {"tests", "certificates"}
    about = {f.report for f in ask.of(Fact) if f.attribute in asked and f.report}
    found.sort(key=lambda r: (r.id not in about, -(r.issued.toordinal() if r.issued else 0), r.id))
    if not found:
        return None
    points = [Point(kind="report", items=(r,), optional=n > 0) for n, r in enumerate(found[:2])]
    if _CERTIFIED.search(ask.question.text):
        points.insert(1, Point(kind="paper", items=(found[0],), state="report_only", optional=True))
    return Plan("answer", "test_report", tuple(points), model=ask.model, market=ask.market)
