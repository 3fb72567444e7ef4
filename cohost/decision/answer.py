"""Evidence → a checked reply in one language, with no LLM: plan, compose, guard. Pure.

A sentence the guard does not allow is never posted: it falls to the document's own words, then to a
decline.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from cohost.common.catalogue import Catalogue
from cohost.common.question import Citation, Claim, Draft, Question
from cohost.decision.citations import citations
from cohost.decision.compose import POST_LIMIT, Sentence, compose, join
from cohost.decision.context import Ask, resolve
from cohost.decision.format import Tongue, tongue
from cohost.decision.frames import spoken
from cohost.decision.gloss import host_words
from cohost.decision.passages import as_passage
from cohost.decision.plan import plan as make_plan
from cohost.decision.points import HostNote, Plan, Point, talk
from cohost.decision.several import for_product
from cohost.trust.evidence import Evidence
from cohost.trust.guard import GuardContext, Verdict, check

QUOTABLE = frozenset({"R5", "R7", "R8"})
"""Rules about how a figure is put: the document's own words still answer. What no other rule lets out,
no quote lets out."""
MONEY = frozenset({"price", "shipping_cost", "stock", "how_to_buy"})


class Checked(msgspec.Struct, frozen=True):
    """A sentence with the guard's verdict."""

    sentence: Sentence
    verdict: Verdict


class Answered(msgspec.Struct, frozen=True):
    """A draft, the plan behind it, and every sentence that was judged on the way."""

    draft: Draft
    plan: Plan
    judged: tuple[Checked, ...]


def answer(
    question: Question, items: Sequence[Evidence], *, lang: str, catalogue: Catalogue, on: dt.date
) -> Draft:
    """The composer's reply; every sentence of it has passed the guard."""
    return answer_verbose(question, items, lang=lang, catalogue=catalogue, on=on).draft


def answer_verbose(
    question: Question,
    items: Sequence[Evidence],
    *,
    lang: str,
    catalogue: Catalogue,
    on: dt.date,
    limit: int = POST_LIMIT,
) -> Answered:
    """`answer` with the plan and the verdicts; `limit`: characters of the reply."""
    target = reply_language(lang, question, catalogue)
    ask = resolve(question, items, catalogue, on, target)
    plan = make_plan(question, items, catalogue, on, target)
    at = tongue(target, catalogue.market(question.market))
    asks = {p: resolve(for_product(question, p, catalogue), items, catalogue, on, target)
            for p in {x.about for x in plan.points if x.about}}  # fmt: skip
    kept, judged = _checked(plan, ask, at, asks, limit)
    if plan.action == "answer" and not _carries(plan, kept):
        kept, plan, more = _weaker(plan, ask, at, judged)
        judged = (*judged, *more)
    if not kept and plan.action in ("decline", "escalate"):
        # who was heard is never left without a word
        plain = msgspec.structs.replace(plan, points=talk("no_evidence", "passed_on"))
        kept = list(compose(plain, at, catalogue=catalogue, items=()))
    return Answered(_draft(plan, kept, judged, ask, at, asks), plan, judged)


def reply_language(lang: str, question: Question, catalogue: Catalogue) -> str:
    """The asker's language; where it is undecidable the market's, else the host's, else English.
    A language without frames is answered in English."""
    if lang and lang != "und":
        return lang if spoken(lang) == lang.split("-")[0].lower() else "en"
    market = catalogue.market(question.market)
    fallback = market.lang if market else catalogue.brand.host_lang or "en"
    return fallback if spoken(fallback) == fallback.split("-")[0].lower() else "en"


def context_for(ask: Ask, lang: str, origin: str = "composer") -> GuardContext:
    """What the guard judges a sentence against."""
    return GuardContext(
        lang=lang, market=ask.question.market, product=ask.product, model=ask.model, on=ask.on,
        catalogue=ask.catalogue, items=ask.items, origin=origin, question=ask.question,
    )  # fmt: skip


def _checked(
    plan: Plan,
    ask: Ask,
    at: Tongue,
    asks: Mapping[str, Ask] = MappingProxyType({}),
    limit: int = POST_LIMIT,
) -> tuple[list[Sentence], tuple[Checked, ...]]:
    """Sentences the guard allows, and all verdicts. `asks`: the question bound to each of its products."""
    judged: list[Checked] = []
    pool = (*ask.items, *(i for other in asks.values() for i in other.items))
    for sentence in compose(plan, at, catalogue=ask.catalogue, items=pool, limit=limit):
        context = context_for(asks.get(sentence.points[0].about or "", ask), at.lang)
        judged.append(Checked(sentence, check(sentence.text, sentence.items, context)))
        if judged[-1].verdict.action != "allow" and sentence.points[0].text == "no_evidence_on":
            plain = msgspec.structs.replace(plan, points=talk("no_evidence"))
            judged += [
                Checked(s, check(s.text, (), context))
                for s in compose(plain, at, catalogue=ask.catalogue, items=())
            ]
    return [c.sentence for c in judged if c.verdict.action == "allow"], tuple(judged)


def _carries(plan: Plan, kept: Sequence[Sentence]) -> bool:
    """True while what had to be said is still there: the first point, and a denial or bound."""
    told = [p for s in kept for p in s.points]
    needed = [p for p in plan.points if p.kind in ("denied", "warning", "ships_no") and not p.optional]
    needed += [p for p in plan.points if p.kind not in ("talk", "denied", "beyond")][:1]
    rests = any(s.evidence for s in kept) or not any(p.items for p in plan.points)
    return rests and all(p in told for p in needed)


def _weaker(
    plan: Plan, ask: Ask, at: Tongue, judged: Sequence[Checked]
) -> tuple[list[Sentence], Plan, tuple[Checked, ...]]:
    """The document's own words, else a decline with a note for the host."""
    rule = next((c.verdict.rule for c in judged if c.verdict.action != "allow"), None)
    note = HostNote("guard", detail=rule or "?")
    quotes = tuple(
        Point(kind="passage", items=(as_passage(i),), attribute=p.attribute)
        for p in plan.points[:1]
        for i in p.items[:1]
        if p.kind in ("fact", "policy", "report")
        and rule in QUOTABLE
        and p.attribute not in MONEY
        and not i.source.document.endswith(".toml")
    )
    more: tuple[Checked, ...] = ()
    if quotes:
        quoted = msgspec.structs.replace(plan, points=quotes, notify_host=True, host_note=note)
        kept, more = _checked(quoted, ask, at)
        if kept:
            return kept, quoted, more
    attribute = ask.attribute
    points = talk("no_evidence_on" if attribute else "no_evidence", "passed_on", attribute=attribute)
    declined = Plan("decline", "guard", points, True, note)
    kept, last = _checked(declined, ask, at)
    return kept, declined, (*more, *last)


def _draft(
    plan: Plan,
    kept: Sequence[Sentence],
    judged: Sequence[Checked],
    ask: Ask,
    at: Tongue,
    asks: Mapping[str, Ask],
) -> Draft:
    rule = next((c.verdict.rule for c in judged if c.verdict.action != "allow"), None)
    claims: tuple[Claim, ...] = ()
    used: dict[str, Citation] = {}
    if plan.action == "answer":
        told = [s for s in kept if s.evidence]
        claims = tuple(Claim(s.text, s.evidence) for s in told)
        for sentence in told:
            bound = asks.get(sentence.points[0].about or "", ask)
            by_id = {i.id: i for i in bound.items}
            for one in citations([by_id.get(i.id, i) for i in sentence.items], bound):
                used.setdefault(one.id, one)
    return Draft(
        action=plan.action, reason=plan.reason, lang=at.lang,
        text=join(kept, at) if plan.action != "ignore" else "",
        claims=claims, citations=tuple(used.values()), notify_host=plan.notify_host,
        host_note=host_words(plan.host_note, ask.catalogue), protected=plan.protected, rule=rule,
    )  # fmt: skip
