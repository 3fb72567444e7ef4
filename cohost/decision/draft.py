"""An answer drafted by an LLM, sentence by sentence through the guard; the composer's stands ready.

Whatever goes wrong (server down, slow, nonsense, another language, one sentence that says more than
its evidence), the composed draft goes out instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from cohost.clock import Clock
from cohost.common.question import Claim, Draft
from cohost.decision.answer import Answered, context_for
from cohost.decision.citations import citations, cited
from cohost.decision.consult import Brief, Consulted, Judged, Timing, consult
from cohost.decision.context import Ask
from cohost.decision.format import Tongue, country
from cohost.decision.frames import frame
from cohost.decision.persona import Persona, style
from cohost.decision.prompt import MAX_EVIDENCE, PLACE, Prompt, evidence_lines, render, viewer_words
from cohost.decision.roster import Roster
from cohost.decision.suspect import MAX_REPLY, Runs, leaks, refused_for, runs, speaks
from cohost.languages import base, has
from cohost.ports import WriterSentence
from cohost.trust.evidence import Evidence
from cohost.trust.guard import GuardContext, Verdict, check

DRAFTABLE = frozenset({"fact", "declared", "market_list", "policy", "passage", "report", "limit"})
"""Points an LLM may word. Papers, warnings, denials and corrections are the composer's alone."""

ENGLISH_NAMES = {
    "en": "English", "es": "Spanish", "pt": "Portuguese", "fr": "French", "de": "German", "it": "Italian",
    "nl": "Dutch", "pl": "Polish", "ru": "Russian", "tr": "Turkish", "ar": "Arabic", "hi": "Hindi",
    "th": "Thai", "vi": "Vietnamese", "id": "Indonesian", "ja": "Japanese", "ko": "Korean",
    "zh": "Chinese (simplified)",
}  # fmt: skip


class Written(msgspec.Struct, frozen=True):
    """What came of asking. `draft` is None when the composer's goes out."""

    draft: Draft | None
    consulted: Consulted


def draftable(answered: Answered, lang: str) -> bool:
    """True when an LLM may word this answer at all, in this language."""
    plan = answered.plan
    return (
        answered.draft.action == "answer"
        and not plan.protected
        and plan.reason != "correction"
        and has(lang, "guard")
        and bool(plan.points)
        and all(p.kind in DRAFTABLE for p in plan.points)
    )


async def write(
    roster: Roster,
    prompt: Prompt,
    ask: Ask,
    answered: Answered,
    at: Tongue,
    clock: Clock,
    timing: Timing,
    persona: Persona | None = None,
) -> Written:
    """Ask for an answer in the style of its market. Safe to cancel: the stream is closed."""
    items = material(answered, ask)
    given = values(ask, answered, at, items) | {"viewer": viewer_words(ask.question.text)}
    messages = render(prompt, given | {"persona": style(persona, given)})
    judge = judging(items, context_for(ask, at.lang, "llm"), own_words(prompt, persona))
    told = await consult(roster, Brief(messages, at.lang, judge), clock, timing)
    draft = None if told.fault else drafted(told.judged, answered, ask, items, at)
    return Written(draft, told)


def material(answered: Answered, ask: Ask) -> tuple[Evidence, ...]:
    """The plan's evidence first, then other items about the same attribute."""
    told = [i for p in answered.plan.points for i in p.items]
    near = [i for i in ask.items if getattr(i, "attribute", None) in (ask.attribute,) and ask.attribute]
    return tuple({i.id: i for i in (*told, *near)}.values())[:MAX_EVIDENCE]


def values(ask: Ask, answered: Answered, at: Tongue, items: Sequence[Evidence]) -> dict[str, str]:
    """The variables that every prompt for a writer may use."""
    return {
        "brand": ask.catalogue.brand.name or "this shop",
        "language": ENGLISH_NAMES.get(base(at.lang), at.lang),
        "market": country(ask.question.market, Tongue("en")) if ask.question.market else "unknown",
        "product": " ".join(x for x in (ask.product_name(), ask.model or "") if x) or "not named",
        "address": "formally" if at.formal else "informally",
        "evidence": evidence_lines(items, Tongue("en", at.market)),
        "composed": answered.draft.text,
    }


def judging(
    items: Sequence[Evidence], context: GuardContext, own: Runs
) -> Callable[[WriterSentence], Judged]:
    """Who judges a writer's sentences: prompt and language first, then the guard with what each cites.
    `own`: the prompt's own words."""

    def judge(sentence: WriterSentence) -> Judged:
        verdict = _verdict(sentence, items, context, own)
        if verdict.action == "allow":
            return Judged(sentence, verdict)
        return Judged(sentence, verdict, refused_for(sentence.text, context.lang, own))

    return judge


def _verdict(
    sentence: WriterSentence, items: Sequence[Evidence], context: GuardContext, own: Runs
) -> Verdict:
    text = sentence.text
    if leaks(text, own):
        return Verdict("block", "R18", text[:40], "repeats the prompt")
    if len(text) > MAX_REPLY:
        return Verdict("rewrite", "R0", text[:40], f"{len(text)} letters are no sentence of a reply")
    if not speaks(text, context.lang):
        return Verdict("rewrite", "R0", text[:40], f"is not in the language asked ({context.lang})")
    return check(text, cited(sentence.evidence, items), context)


def own_words(prompt: Prompt, persona: Persona | None) -> Runs:
    """What only the prompt says: a sentence of a viewer's answer never does."""
    fixed = "\n".join(PLACE.sub("\n", text) for _, text in prompt.parts)
    return runs(fixed) | (runs(PLACE.sub("\n", persona.text)) if persona is not None else frozenset())


def drafted(
    judged: Sequence[Judged], answered: Answered, ask: Ask, items: Sequence[Evidence], at: Tongue
) -> Draft | None:
    """The LLM's reply, if every sentence may go out and it fits a post."""
    if not judged or any(j.verdict.action != "allow" for j in judged):
        return None
    gap = frame(at.lang, "value.gap")
    text = ("" if gap == "none" else gap).join(j.sentence.text for j in judged)
    if len(text) > MAX_REPLY:
        return None
    claims = tuple(Claim(j.sentence.text, j.sentence.evidence) for j in judged)
    used = [i for j in judged for i in cited(j.sentence.evidence, items)]
    composed = answered.draft
    return msgspec.structs.replace(
        composed, text=text, claims=claims, citations=citations(used, ask), by="llm", rule=None
    )
