"""An answer drafted by an LLM, sentence by sentence through the guard; the composer's stands ready.

Whatever goes wrong (server down, slow, nonsense, another language, one sentence that says more than
its evidence), the composed draft goes out instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from cohost.clock import Clock
from cohost.common.question import Claim, Draft
from cohost.deadline import within
from cohost.decision.answer import Answered, context_for
from cohost.decision.citations import citations, cited
from cohost.decision.context import Ask
from cohost.decision.format import Tongue, country
from cohost.decision.frames import frame
from cohost.decision.persona import Persona, style
from cohost.decision.prompt import MAX_EVIDENCE, Prompt, evidence_lines, render, viewer_words
from cohost.errors import ProviderError
from cohost.languages import base, has
from cohost.ports import Writer, WriterSentence
from cohost.trust.evidence import Evidence
from cohost.trust.guard import GuardContext, Verdict, check

MAX_SENTENCES = 3
MAX_REPLY = 400
DRAFTABLE = frozenset({"fact", "declared", "market_list", "policy", "passage", "report", "limit"})
"""Points an LLM may word. Papers, warnings, denials and corrections are the composer's alone."""

ENGLISH_NAMES = {
    "en": "English", "es": "Spanish", "pt": "Portuguese", "fr": "French", "de": "German", "it": "Italian",
    "nl": "Dutch", "pl": "Polish", "ru": "Russian", "tr": "Turkish", "ar": "Arabic", "hi": "Hindi",
    "th": "Thai", "vi": "Vietnamese", "id": "Indonesian", "ja": "Japanese", "ko": "Korean",
    "zh": "Chinese (simplified)",
}  # fmt: skip
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "ru": ("CYRILLIC",), "ar": ("ARABIC",), "hi": ("DEVANAGARI",), "th": ("THAI",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"), "ko": ("HANGUL",), "zh": ("CJK",),
}  # fmt: skip
_LEAST_OWN = 0.5  # of the letters that stand in no evidence
_NAMES = re.compile(r"[A-Z][A-Za-z0-9./-]*|[\"“«„「][^\"”»“」]*[\"”»“」]")


class Timing(msgspec.Struct, frozen=True):
    """Deadlines in ms of show time: the first sentence, and the whole answer."""

    first_ms: float = 2500.0
    total_ms: float = 8000.0


class Judged(msgspec.Struct, frozen=True):
    """A drafted sentence with the guard's verdict."""

    sentence: WriterSentence
    verdict: Verdict


class Written(msgspec.Struct, frozen=True):
    """What came of asking a writer. `draft` is None when the composer's goes out."""

    draft: Draft | None
    judged: tuple[Judged, ...] = ()
    fault: str = ""


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
    writer: Writer,
    prompt: Prompt,
    ask: Ask,
    answered: Answered,
    at: Tongue,
    clock: Clock,
    timing: Timing,
    persona: Persona | None = None,
) -> Written:
    """Ask the writer for an answer in the style of its market. Safe to cancel: the stream is closed."""
    items = material(answered, ask)
    given = values(ask, answered, at, items) | {"viewer": viewer_words(ask.question.text)}
    messages = render(prompt, given | {"persona": style(persona, given)})
    judged, fault = await judged_stream(writer, messages, ask, items, at, clock, timing)
    draft = None if fault else drafted(judged, answered, ask, items, at)
    return Written(draft, judged, fault)


async def judged_stream(
    writer: Writer,
    messages: Sequence[dict[str, str]],
    ask: Ask,
    items: Sequence[Evidence],
    at: Tongue,
    clock: Clock,
    timing: Timing,
) -> tuple[tuple[Judged, ...], str]:
    """Judge each sentence as it comes, stop at the first that may not go out; and what failed, or "".

    Safe to cancel: the stream is closed."""
    context = context_for(ask, at.lang, "llm")
    judged: list[Judged] = []
    stream = writer.write(messages, lang=at.lang)
    fault = ""
    end = clock.now_ms() + timing.total_ms
    left = min(timing.first_ms, timing.total_ms)
    try:
        while len(judged) < MAX_SENTENCES:
            sentence = await within(clock, left, _next(stream), writer.name)
            if sentence is None:
                break
            judged.append(Judged(sentence, judge(sentence, items, context)))
            if judged[-1].verdict.action != "allow":
                break
            left = max(0.0, end - clock.now_ms())
    except ProviderError as error:
        fault = str(error)
    finally:
        await _close(stream)
    return tuple(judged), fault


async def _next(stream: AsyncIterator[WriterSentence]) -> WriterSentence | None:
    return await anext(stream, None)


async def _close(stream: Any) -> None:
    """Generators close their connection; other iterators have nothing to close."""
    close = getattr(stream, "aclose", None)
    if close is not None:
        await close()


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


def judge(sentence: WriterSentence, items: Sequence[Evidence], context: GuardContext) -> Verdict:
    """Language first, then the guard with what the sentence cites."""
    if not speaks(sentence.text, context.lang):
        return Verdict("rewrite", "R0", sentence.text[:40], f"is not in the language asked ({context.lang})")
    return check(sentence.text, cited(sentence.evidence, items), context)


def speaks(text: str, lang: str) -> bool:
    """True when the letters are those of the language's script; names, codes and quotes aside."""
    letters = [c for c in _NAMES.sub("", text) if c.isalpha()]
    if not letters:
        return bool(text.strip())
    scripts = _SCRIPTS.get(base(lang), ("LATIN",))
    own = sum(unicodedata.name(c, "").startswith(scripts) for c in letters)
    if base(lang) == "zh" and any(
        unicodedata.name(c, "").startswith(("HIRAGANA", "HANGUL")) for c in letters
    ):
        return False
    return own / len(letters) >= _LEAST_OWN


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
