"""R1 (a certificate named exists and is in force), R2 (for this model), R3 (counts in this market),
R4 (the verb its scheme, kind and issuer allow)."""

from __future__ import annotations

import re

from cohost.trust import schemes as law
from cohost.trust.evidence import Certificate, TestReport, airable, normal_model
from cohost.trust.guard_evidence import folded_texts
from cohost.trust.guard_frames import says_frame
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_words import affirmed, classes, denials, has, negated, spans
from cohost.trust.rules.fault import Fault
from cohost.trust.rules.limits import only_limits
from cohost.trust.settle import PaperState, is_voluntary, paper_state, tests_of

IMPLIES: dict[str, frozenset[str]] = {
    "certified": frozenset({"tested", "listed", "registered", "declared", "marked"}),
    "examined": frozenset({"tested", "declared", "marked"}),
    "authorised": frozenset({"certified", "tested", "declared", "registered", "listed"}),
    "homologated": frozenset({"certified", "registered", "tested", "listed"}),
    "licensed": frozenset({"certified", "registered", "tested", "listed"}),
    "type_approved": frozenset({"certified", "registered", "tested"}),
    "approved": frozenset({"cleared", "registered", "listed"}),
    "cleared": frozenset({"registered", "listed"}),
    "notified": frozenset({"registered", "listed"}),
    "listed": frozenset({"registered", "tested", "qualified", "recognised"}),
    "qualified": frozenset({"listed", "tested"}),
    "recognised": frozenset({"listed", "tested"}),
    "declared": frozenset({"marked"}),
    "marked": frozenset({"declared"}),
    "system_certified": frozenset({"certified"}),
}
"""Weaker verbs that a paper allowing the key also allows."""

_NEAR = 48
"""Letters between a scheme and a verb that speaks of it."""
_NOT_OF_A_TEST = frozenset({
    "certified", "approved", "cleared", "registered", "listed", "licensed", "homologated",
})  # fmt: skip
_STRONG = frozenset({"certified", "approved", "cleared"})
_FCC_ID = re.compile(r"\bFCC[ -]?ID\b")


def check_papers(s: Sentence) -> Fault | None:
    """R1–R4 for each scheme named, then for words of certification that name none."""
    for scheme, start, end in s.schemes:
        if scheme == "IP":
            fault = _test_verbs(s, start, end)
        elif negated(s.low, start, end, s.lang):
            fault = _false_denial(s, scheme, start, end)
        else:
            fault = _claimed(s, scheme, start, end)
        if fault:
            return fault
    return _nameless(s)


def _claimed(s: Sentence, scheme: str, start: int, end: int) -> Fault | None:
    said = s.shown[start:end]
    state = _state(s, scheme)
    if _told_as_it_is(s, state):
        return None
    if state.state == "none":
        if _only_asks(s, start, end) or _named_in_evidence(s, scheme):
            return None
        return Fault("R1", said, f"names {said}; there is no paper of that scheme at hand")
    if state.state == "on_file_not_held" and not (state.item and is_voluntary(state.item)):
        return Fault("R1", said, f"claims {said}; it is on file as not held ({_id(state)})")
    return _state_fault(s, said, state) or _verb_fault(s, scheme, start, end, state)


_LIMITS = (
    "expired", "not_yet_valid", "older_than_revision", "component", "other_model", "not_for_market",
    "on_file_not_held", "voluntary", "none", "none_in",
)  # fmt: skip
"""The composer's frames that tell a paper as less than held."""


def _told_as_it_is(s: Sentence, state: PaperState) -> bool:
    """The composer's own frame for a paper that is not held: "covers {models}; not confirmed for {model}"."""
    if state.state == "held":
        return False
    if state.item is not None and is_voluntary(state.item) and has(s.low, s.lang, "say", "voluntary"):
        return True
    return s.context.origin != "llm" and says_frame(s.low, s.lang, "paper", *_LIMITS)


def _id(state: PaperState) -> str:
    paper = state.item or state.report
    return paper.id if paper else "none"


def _state(s: Sentence, scheme: str) -> PaperState:
    """State of the paper for the model the sentence names, else the viewer's; a market the sentence names
    counts as the market."""
    c = s.context
    model = s.models[0] if len(s.models) == 1 else c.model
    variant = next(
        (v for v in c.catalogue.variants if model and normal_model(v.model) == normal_model(model)), None
    )
    states = []
    named = [m for m in sorted(s.markets) if len(m) == 2]
    for market in named or (c.market,):
        states.append(
            paper_state(scheme, product=c.product, model=model, market=market, items=s.pool, on=c.on,
                        since=variant.since if variant else None)
        )  # fmt: skip
    return next((x for x in states if x.state == "held"), states[0])


def _state_fault(s: Sentence, said: str, state: PaperState) -> Fault | None:
    """An expired, foreign or partial paper is told as what it is."""
    paper = state.item or state.report
    models = ", ".join(paper.models) if paper else ""
    match state.state:
        case "expired" if not has(s.low, s.lang, "say", "expired"):
            until = paper.valid_until if paper else None
            return Fault("R1", said, f"claims {said}; it expired on {until} ({_id(state)})")
        case "not_yet_valid":
            return Fault("R1", said, f"claims {said}; its paper is not valid yet ({_id(state)})")
        case "older_than_revision" if not has(s.low, s.lang, "say", "revision"):
            return Fault("R2", said, f"claims {said}; {_id(state)} is older than the hardware revision")
        case "component" if not _names_component(s, state):
            part = state.item.component if state.item else "part"
            return Fault("R2", said, f"claims {said} of the product; {_id(state)} covers the {part} only")
        case "other_model" if not any(m in (paper.models if paper else ()) for m in s.models):
            return Fault("R2", said, f"claims {said}; {_id(state)} covers {models}")
        case "other_model" if s.context.model and s.context.model in s.models and not _denied_model(s):
            return Fault("R2", said, f"claims {said} of {s.context.model}; {_id(state)} covers {models}")
        case "not_for_market":
            return _foreign(s, said, state)
    return None


def _foreign(s: Sentence, said: str, state: PaperState) -> Fault | None:
    """R3: of a paper that does not count in the viewer's market the sentence names where it does, and
    says of no other market that it counts there."""
    places, here = _places(state), s.context.market
    for market in sorted(m for m in s.markets if len(m) == 2):
        if market not in places and not s.market_denied(market):
            return Fault("R3", said, f"tells {said} of {market}, where it does not count")
    reach = affirmed(s.low, s.lang, "say", "counts")
    if reach:
        words = s.shown[reach[0][0] : reach[0][1]]
        return Fault("R3", words, f"says of {said} “{words}”; it does not count in {here}")
    if here is None or here in s.markets or s.markets & places or denials(s.low, s.lang):
        return None
    return Fault("R3", said, f"tells {said} to {here}, where it does not count")


def _places(state: PaperState) -> frozenset[str]:
    row = law.schemes().get(state.scheme)
    return law.expand(row.markets) | frozenset(row.markets) | {"EU"} if row else frozenset()


def _denied_model(s: Sentence) -> bool:
    """ "covers RX2, not confirmed for RX2-PRO": the viewer's model is named in a denial."""
    own = normal_model(s.context.model or "")
    return any(negated(s.low, a, b, s.lang) for name, a, b in s.model_spans if normal_model(name) == own)


def _names_component(s: Sentence, state: PaperState) -> bool:
    part = (state.item.component or "") if state.item else ""
    own = bool(part) and part.lower() in s.low
    return own or any(has(s.low, s.lang, "part", key) for key in classes(s.lang, "part"))


def _only_asks(s: Sentence, start: int, end: int) -> bool:
    return s.shown.rstrip().endswith(("?", "？", "؟"))


def _named_in_evidence(s: Sentence, scheme: str) -> bool:
    """A standard or test (EN 343, UN 38.3) that a cited fact or report names in its own words."""
    row = law.schemes()[scheme]
    if row.proves not in ("standard", "test"):
        return False
    return any(scheme in law.find_schemes(i.source.quote) for i in s.cited if i.source_class in "AB")


# ---------------------------------------------------------------- verbs


def verbs_said(s: Sentence) -> dict[tuple[int, int], frozenset[str]]:
    """Affirmed words of certification by place, with the verbs each may mean; the longest reading of a
    place counts ("type-approved" is not "approved")."""
    found: dict[tuple[int, int], set[str]] = {}
    for verb in classes(s.lang, "verb"):
        for span in spans(s.low, s.lang, "verb", verb):
            found.setdefault(span, set()).add(verb)
    longest = {p for p in found if not any(q != p and q[0] <= p[0] and p[1] <= q[1] for q in found)}
    return {p: frozenset(found[p]) for p in longest if not negated(s.low, *p, s.lang)}


def _verbs_near(s: Sentence, start: int, end: int) -> list[tuple[frozenset[str], int, int]]:
    """Affirmed verbs of certification close to a scheme and closer to no other one."""
    found = []
    for (a, b), verbs in sorted(verbs_said(s).items()):
        gap = max(a - end, start - b, 0)
        nearer = any(max(a - e, x - b, 0) < gap for _, x, e in s.schemes if (x, e) != (start, end))
        if gap <= _NEAR and not nearer:
            found.append((verbs, a, b))
    return found


def allowed_verbs(s: Sentence, scheme: str, state: PaperState) -> frozenset[str]:
    """Every verb that a paper at hand of that scheme allows, weaker ones included."""
    held = [i for i in s.pool if isinstance(i, Certificate) and i.status == "held"]
    papers = [i for i in held if law.answers_for(i.scheme, scheme, s.context.market)]
    strong = {v for p in papers for v in law.verbs(p)}
    if state.report is not None or any(isinstance(i, TestReport) and scheme in tests_of(i) for i in s.pool):
        strong.add("tested")
    return frozenset(strong | {weak for v in strong for weak in IMPLIES.get(v, ())})


def _verb_fault(s: Sentence, scheme: str, start: int, end: int, state: PaperState) -> Fault | None:
    said, allowed = s.shown[start:end], allowed_verbs(s, scheme, state)
    framed = s.context.origin == "composer" and says_frame(s.low, s.lang, "verb", *allowed)
    for said_verbs, a, b in [] if framed else _verbs_near(s, start, end):
        if not said_verbs & allowed:
            words, best = s.shown[min(a, start) : max(b, end)], _best(state, allowed)
            return Fault("R4", words, f"says “{words}”; the paper allows “{best}” ({_id(state)})")
        if (
            "certified" in said_verbs
            and law.schemes()[scheme].proves == "system"
            and not has(s.low, s.lang, "say", "system")
        ):
            words = s.shown[min(a, start) : max(b, end)]
            return Fault("R4", words, f"says “{words}”; {said} certifies a management system, not a product")
    paper = state.item
    if paper is not None and paper.scheme == "FCC" and paper.certificate_kind == "self_declaration":
        match = _FCC_ID.search(s.shown)
        if match and not negated(s.low, *match.span(), s.lang):
            return Fault("R4", match.group(), f"says FCC ID; {paper.id} is an SDoC and has none")
    return _registration(s, scheme, said, allowed)


def _best(state: PaperState, allowed: frozenset[str]) -> str:
    first = law.verbs(state.item)[:1] if state.item else ()
    return (first[0] if first else min(allowed, default="nothing")).replace("_", " ")


def _registration(s: Sentence, scheme: str, said: str, allowed: frozenset[str]) -> Fault | None:
    """A registration with the FDA is never volunteered, and goes with "registration is not approval"."""
    if scheme not in ("FDA", "MOCRA") or allowed & {"approved", "cleared"}:
        return None
    question = s.context.question
    asked = question is None or bool({"FDA", "MOCRA"} & set(question.schemes))
    disclaimed = s.context.origin == "composer" or any(
        negated(s.low, a, b, s.lang) for a, b in spans(s.low, s.lang, "verb", "approved")
    )
    if asked and disclaimed:
        return None
    return Fault("R4", said, f"tells of {said} registration without “registration is not approval”")


def _test_verbs(s: Sentence, start: int, end: int) -> Fault | None:
    """An IP code is tested, never certified or approved."""
    for said, a, b in _verbs_near(s, start, end):
        if said & _NOT_OF_A_TEST and "tested" not in said:
            words = s.shown[min(a, start) : max(b, end)]
            return Fault("R4", words, f"says “{words}”; an IP code is a test result, no certificate")
    return None


def _false_denial(s: Sentence, scheme: str, start: int, end: int) -> Fault | None:
    """ "not CE marked" although the declaration is held: a denial of what the paper allows."""
    state = _state(s, scheme)
    if s.context.origin == "composer" or state.state != "held" or state.item not in s.cited or only_limits(s):
        return None
    near = [
        (verb, a, b)
        for verb in classes(s.lang, "verb")
        for a, b in spans(s.low, s.lang, "verb", verb)
        if max(a - end, start - b, 0) <= 16
    ]
    if state.item and any(verb in law.verbs(state.item) for verb, _, _ in near) and not verbs_said(s):
        words = s.shown[start:end]
        return Fault("R1", words, f"denies {words}; {state.item.id} is held")
    return None


def _nameless(s: Sentence) -> Fault | None:
    """R4: "it is certified", "officially approved" with no scheme need a cited paper that allows it."""
    if s.schemes:
        return None
    papers = [i for i in s.cited if isinstance(i, Certificate) and airable(i)]
    strong = {v for p in papers for v in law.verbs(p)}
    allowed = strong | {weak for v in strong for weak in IMPLIES.get(v, ())}
    papers_say = [t for i in s.cited if i.source_class in "AB" for t, _ in folded_texts(i)]
    for (a, b), said in sorted(verbs_said(s).items()):
        if said & _STRONG and not said & allowed and not any(s.low[a:b] in t for t in papers_say):
            words = s.shown[a:b]
            return Fault("R4", words, f"says “{words}”; no cited paper allows that verb")
    return None
