"""Where a decision's words come from: the composer, an LLM, an operator; each through the guard.

The stage says when and for whom; the desk says what. It keeps no state but the roster's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import msgspec

from cohost.clock import Clock
from cohost.common.question import Draft, Question
from cohost.common.sentences import Splitter
from cohost.decision.answer import Answered, answer_verbose, context_for
from cohost.decision.consult import Timing
from cohost.decision.context import Ask, resolve
from cohost.decision.draft import draftable, judging, write
from cohost.decision.format import Tongue, tongue
from cohost.decision.frames import frame
from cohost.decision.gloss import host_words
from cohost.decision.persona import Persona
from cohost.decision.points import HostNote
from cohost.decision.prompt import Prompt
from cohost.decision.roster import Call, Roster
from cohost.ports import Library, Writer, WriterSentence
from cohost.trust.evidence import Evidence, Fact, Review
from cohost.trust.guard import Verdict, check


class JudgedSentence(msgspec.Struct, frozen=True):
    """A sentence, whose it is, what it cites, and the verdict."""

    text: str
    verdict: Verdict
    evidence: tuple[str, ...] = ()
    by: Literal["composer", "llm", "operator"] = "composer"


class Decided(msgspec.Struct, frozen=True):
    """A draft with every sentence judged on the way."""

    draft: Draft
    judged: tuple[JudgedSentence, ...] = ()
    prompts: Mapping[str, str] = {}
    calls: tuple[Call, ...] = ()  # of the LLM, in order

    def says_the_same(self, posted: Draft) -> bool:
        """True when the posted answer still stands: same words, or for an LLM's the same evidence."""
        if posted.by == "composer":
            return posted.text == self.draft.text
        return {c.id for c in posted.citations} >= {c.id for c in self.draft.citations[:1]}


class Desk:
    """Composes, asks the writer, checks what people write."""

    def __init__(
        self,
        library: Library,
        clock: Clock,
        writer: Writer | Roster | None,
        prompt: Prompt | None,
        timing: Timing,
        personas: Mapping[str, Persona] = MappingProxyType({}),
    ) -> None:
        """`personas`: by market code, the style a writer is given beside the prompt."""
        self._library = library
        self._clock = clock
        self.roster = Roster.of(writer)
        self._prompt = prompt
        self._timing = timing
        self._personas = personas

    def compose(self, question: Question, items: Sequence[Evidence], lang: str) -> Decided:
        """The composer's answer."""
        return self._composed(self._answered(question, items, lang))

    async def decide(self, question: Question, items: Sequence[Evidence], lang: str) -> Decided:
        """The writer's answer where one is set, fit and passes; else the composer's."""
        answered = self._answered(question, items, lang)
        composed = self._composed(answered)
        if not self._may_write(answered, lang):
            return composed
        assert self.roster is not None
        assert self._prompt is not None
        ask, at = self._asking(question, items, lang)
        persona = self._personas.get(question.market or "")
        written = await write(
            self.roster, self._prompt, ask, answered, at, self._clock, self._timing, persona
        )
        told = written.consulted
        if not told.calls:
            return composed  # other turns try the endpoints out
        heard = (*told.refused, *told.judged)
        judged = tuple(JudgedSentence(j.sentence.text, j.verdict, j.sentence.evidence, "llm") for j in heard)
        prompts = {self._prompt.id: self._prompt.sha256}
        if persona is not None:
            prompts[persona.key] = persona.sha256
        if written.draft is not None:
            return Decided(written.draft, judged, prompts, told.calls)
        rule = next((j.verdict.rule for j in judged if j.verdict.action != "allow"), None)
        draft = msgspec.structs.replace(composed.draft, rule=composed.draft.rule or rule)
        return Decided(draft, (*judged, *composed.judged), prompts, told.calls)

    def rehearse(self, question: Question, items: Sequence[Evidence], draft: Draft) -> None:
        """Judge a reply's sentences as a writer's."""
        ask, at = self._asking(question, items, draft.lang)
        judge = judging(ask.items, context_for(ask, at.lang, "llm"), frozenset())
        for claim in draft.claims:
            judge(WriterSentence(claim.text, claim.evidence))

    def spoken(self, text: str, question: Question, items: Sequence[Evidence], lang: str) -> Decided:
        """An operator's own words, each sentence judged; `draft.rule` names what the guard objects to."""
        ask, at = self._asking(question, items, lang)
        context = context_for(ask, at.lang, "operator")
        splitter = Splitter(at.lang)
        parts = [*splitter.feed(text), *splitter.flush()]
        told = [i for i in ask.items if not isinstance(i, Review)]  # a person quotes nobody unnoticed
        judged = tuple(
            JudgedSentence(p.text, check(p.text, told, context), (), "operator") for p in parts if p.text
        )
        rule = next((j.verdict.rule for j in judged if j.verdict.action != "allow"), None)
        note = host_words(HostNote("guard", detail=rule), self._library.catalogue) if rule else ""
        draft = Draft(
            action="answer", reason="operator", lang=at.lang, text=" ".join(text.split()), by="operator",
            rule=rule, notify_host=rule is not None, host_note=note,
        )  # fmt: skip
        return Decided(draft, judged)

    def correction(self, words: str, question: Question, items: Sequence[Evidence], lang: str) -> Decided:
        """A wrong answer set right: in the operator's words, else from the evidence that is left, else by
        taking it back."""
        told = (
            self.spoken(words, question, items, lang)
            if words.strip()
            else self.compose(question, items, lang)
        )
        draft, at = told.draft, self._tongue(question, lang)
        if draft.action == "answer" and draft.text:
            text = frame(at.lang, "talk.correction", formal=at.formal, text=draft.text)
        else:
            text = frame(at.lang, "talk.retracted", formal=at.formal) + frame(at.lang, "value.stop")
        draft = msgspec.structs.replace(draft, text=text, reason="retraction", protected=True)
        return msgspec.structs.replace(told, draft=draft)

    def changed(self, decided: Decided, question: Question) -> Decided:
        """An answer that contradicts an earlier one says that it changed."""
        draft, at = decided.draft, self._tongue(question, decided.draft.lang)
        text = frame(at.lang, "talk.changed", formal=at.formal, text=draft.text)
        return msgspec.structs.replace(decided, draft=msgspec.structs.replace(draft, text=text))

    def refuse(self, question: Question, lang: str, rule: str) -> Decided:
        """The polite no when nothing passes."""
        at = self._tongue(question, lang)
        stop = frame(at.lang, "value.stop")
        parts = [frame(at.lang, f"talk.{k}", formal=at.formal) + stop for k in ("no_evidence", "passed_on")]
        gap = frame(at.lang, "value.gap")
        note = host_words(HostNote("guard", detail=rule), self._library.catalogue)
        text = ("" if gap == "none" else gap).join(parts)
        draft = Draft(
            action="decline", reason="withheld", lang=at.lang, text=text,
            notify_host=True, host_note=note, rule=rule,
        )  # fmt: skip
        return Decided(draft)

    def pointer(self, posted: Draft, question: Question) -> Decided:
        """A short word that the answer stands above."""
        at = self._tongue(question, posted.lang)
        text = frame(at.lang, "talk.pointer", formal=at.formal) + frame(at.lang, "value.stop")
        return Decided(Draft(action=posted.action, reason="pointer", lang=at.lang, text=text))

    # ------------------------------------------------------------ parts

    def _answered(self, question: Question, items: Sequence[Evidence], lang: str) -> Answered:
        return answer_verbose(
            question, self._with_reports(items), lang=lang, catalogue=self._library.catalogue,
            on=self._clock.today(),
        )  # fmt: skip

    def _with_reports(self, items: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """The reports that results among the items come from: a figure names its report by number."""
        there = {i.id for i in items}
        wanted = {i.report for i in items if isinstance(i, Fact) and i.report} - there
        reports = (self._library.get(report) for report in sorted(wanted))
        return (*items, *(r for r in reports if r is not None))

    def _composed(self, answered: Answered) -> Decided:
        judged = tuple(
            JudgedSentence(c.sentence.text, c.verdict, c.sentence.evidence) for c in answered.judged
        )
        return Decided(answered.draft, judged)

    def _asking(self, question: Question, items: Sequence[Evidence], lang: str) -> tuple[Ask, Tongue]:
        ask = resolve(question, self._with_reports(items), self._library.catalogue, self._clock.today(), lang)
        return ask, self._tongue(question, lang)

    def _tongue(self, question: Question, lang: str) -> Tongue:
        return tongue(lang, self._library.catalogue.market(question.market))

    def _may_write(self, answered: Answered, lang: str) -> bool:
        if self.roster is None or self._prompt is None or not draftable(answered, lang):
            return False
        return bool(self.roster.ready(self._clock.now_ms()))
