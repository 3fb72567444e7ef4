"""Decision along the log: evidence in, decisions out, each with every sentence that was judged.

One decision per language asked; the last one closes the turn, so a crash between two languages loses
none: what the log already holds is skipped. A decision that needs nobody is approved as a step of its
own, owed like any other.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import msgspec

from cohost import events as ev
from cohost import resources
from cohost.clock import Clock
from cohost.common.question import Asker, Draft, Question
from cohost.common.show import KEEP, Show
from cohost.common.written_in import written_in
from cohost.decision import standing
from cohost.decision.answer import reply_language
from cohost.decision.consult import Timing
from cohost.decision.desk import Decided, Desk
from cohost.decision.gloss import gloss
from cohost.decision.memory import Memory
from cohost.decision.persona import load_personas
from cohost.decision.policy import needs_approval
from cohost.decision.prompt import Prompt, load
from cohost.decision.roster import Call, Roster
from cohost.languages import base
from cohost.ports import Found, Interpreter, Library, Log, Translated, Writer
from cohost.trust.evidence import Evidence, in_force

EXPIRE_EVERY_MS = 1_000
POINTER_MS = 15_000
"""Who asks again within it after others did needs no pointer of their own."""

MAX_REDRAFTS = 2
"""Withheld drafts of one question and language after which it is declined."""


class DecisionStage:
    """`evidence.found` → `decision.made` (one a language) → `reply.approved` where nobody has to look."""

    name = "decision"
    handles: tuple[type[ev.Event], ...] = (
        ev.EvidenceFound, ev.QuestionMerged, ev.ReplyWithheld, ev.OperatorAnswered, ev.ReplyRetracted,
        ev.DecisionMade, ev.PromptWanted,
    )  # fmt: skip
    closes: tuple[type[ev.Event], ...] = (ev.DecisionMade, ev.ReplyApproved, ev.PromptMade)
    width = 8

    def __init__(
        self,
        log: Log,
        library: Library,
        clock: Clock,
        *,
        writer: Writer | Roster | None = None,
        prompt: Prompt | None = None,
        timing: Timing | None = None,
        earn_after: int = 0,
        draft_ttl_ms: int = 180_000,
        interpreter: Interpreter | None = None,
    ) -> None:
        """`earn_after`: approvals without a change after which an intent posts alone, 0 = never;
        `draft_ttl_ms`: how long a draft waits for an operator; `interpreter`: puts what a person writes into
        the askers' languages."""
        self._interpreter = interpreter
        self._log = log
        self._library = library
        self._clock = clock
        if writer is not None and prompt is None:
            prompt = load(resources.find("prompts") / "answer.md")
        personas = load_personas(resources.find("prompts") / "markets") if writer is not None else {}
        self.desk = Desk(library, clock, writer, prompt, timing or Timing(), personas)
        self._earn_after = earn_after
        self._draft_ttl_ms = draft_ttl_ms
        self._show = Show()
        self._memory = Memory()
        self._changed_seq = 0  # when evidence last changed
        self._pointed: OrderedDict[tuple[str, str, str], int] = OrderedDict()  # when a pointer went out last
        self._asked: OrderedDict[str, list[tuple[int, Asker]]] = OrderedDict()
        self._found: OrderedDict[str, tuple[int, tuple[Evidence, ...]]] = OrderedDict()
        self._cut: OrderedDict[str, int] = OrderedDict()  # question → where its spoken answer was cut
        self._steps: dict[type[ev.Event], Callable[[ev.Record, Any], Awaitable[None]]] = {
            ev.EvidenceFound: self._decide_all, ev.QuestionMerged: self._merged,
            ev.ReplyWithheld: self._again, ev.OperatorAnswered: self._operator,
            ev.ReplyRetracted: self._correct, ev.DecisionMade: self._approve,
            ev.PromptWanted: self._prompt,
        }  # fmt: skip

    def observe(self, record: ev.Record) -> None:
        event = record.event
        if isinstance(event, ev.QuestionAsked):
            self._asked[event.question.id] = [(record.seq, event.asker)]
        elif isinstance(event, ev.QuestionMerged) and event.question_id in self._asked:
            self._asked[event.question_id].append((record.seq, event.asker))
        elif isinstance(event, ev.EvidenceFound):
            self._found[event.question_id] = (record.seq, event.items)
        elif isinstance(event, ev.SpeechCut) and event.reply_id in self._show.replies:
            self._cut.setdefault(self._show.replies[event.reply_id].question_id, record.seq)
        elif isinstance(event, ev.FactChanged | ev.EvidenceReleased | ev.ReplyRetracted):
            self._changed_seq = record.seq
        if self.desk.roster is not None:
            self.desk.roster.count(record)
        self._show.apply(record)
        if isinstance(event, ev.ReplyPosted):
            self._memory.note(self._show, event)
        for kept in (self._asked, self._found, self._cut, self._pointed):
            while len(kept) > KEEP:
                kept.popitem(last=False)

    async def handle(self, record: ev.Record) -> None:
        await self._steps[type(record.event)](record, record.event)

    def rehearse(self) -> None:
        """Judge what was answered so far as if a writer had said it: what that reads of a language is then
        loaded before the first draft comes."""
        for question_id, (_, items) in self._found.items():
            entry = self._show.questions.get(question_id)
            for reply in standing.replies(self._show, question_id) if entry is not None else ():
                self.desk.rehearse(standing.entry(self._show, question_id).question, items, reply.draft)

    # ------------------------------------------------------------ deciding

    async def _decide_all(self, record: ev.Record, event: ev.EvidenceFound) -> None:
        """One decision for each language in which it was asked before the evidence came."""
        question = standing.entry(self._show, event.question_id).question
        early = [a for seq, a in self._asked.get(event.question_id, []) if seq < record.seq]
        targets = list(dict.fromkeys(self._target(a, question) for a in early)) or [
            self._target(None, question)
        ]
        if question.corrects_host:
            targets = standing.spoken_in(self._show, targets[0])
        for n, lang in enumerate(targets):
            reply_id = f"r{record.seq}" if n == 0 else f"r{record.seq}-{lang.lower()}"
            last = n == len(targets) - 1
            if reply_id in self._show.replies and not last:
                continue
            items = self._on_air(event.items)
            if question.corrects_host:
                decided = self.desk.correction("", question, items, lang)
            else:
                decided = await self.desk.decide(question, items, lang)
                if self._memory.changed(question, decided.draft):
                    decided = self.desk.changed(decided, question)
            askers = self._askers(event.question_id, lang)
            cause = record.seq if last else self._asked_seq(event.question_id, lang)
            self._record(record, reply_id, question, decided, askers, cause)

    async def _merged(self, record: ev.Record, event: ev.QuestionMerged) -> None:
        """A new language after the evidence came: decided again from the same evidence. Asked again
        after the answer: a pointer, unless the answer would be another one now. Asked aloud over the
        answer, which stopped for it: answered anew, though the rest may not be posted yet."""
        found = self._found.get(event.question_id)
        if found is None or found[0] > record.seq or event.question_id not in self._show.questions:
            return
        question = standing.entry(self._show, event.question_id).question
        lang = self._target(event.asker, question)
        if event.new_language:
            decided = await self.desk.decide(question, self._on_air(found[1]), lang)
            self._record(record, f"r{record.seq}", question, decided, (event.asker,), record.seq)
        elif event.answered or (
            event.asker.lane is not None and self._cut.get(event.question_id, record.seq) < record.seq
        ):
            await self._point(record, event, question, lang)

    async def _point(
        self, record: ev.Record, event: ev.QuestionMerged, question: Question, lang: str
    ) -> None:
        """To the answer where it can be read, unless it would be another one now; else the answer anew."""
        posted = standing.posted(self._show, event.question_id, lang)
        if event.asker.lane is not None or (
            posted is not None and event.asker.platform not in posted.posted_on
        ):
            posted = None  # who asks aloud is answered aloud; who asks elsewhere cannot read it
        place = (event.question_id, lang, event.asker.platform)
        if posted is None or posted.seq <= self._changed_seq or self._over(posted.draft):
            fresh = await self._look_up(question)
            decided = self.desk.compose(question, self._on_air(fresh.items), lang)
            if posted is None or not decided.says_the_same(posted.draft):
                self._record(record, f"r{record.seq}", question, decided, (event.asker,), record.seq)
                return
        elif record.at_ms - self._pointed.get(place, -POINTER_MS) < POINTER_MS:
            return  # the pointer that went out a moment ago is theirs too
        self._pointed[place] = record.at_ms
        pointer = self.desk.pointer(posted.draft, question)
        self._record(
            record, f"r{record.seq}", question, pointer, (event.asker,), record.seq,
            pointer_to=posted.reply_id,
        )  # fmt: skip

    def _over(self, draft: Draft) -> bool:
        """Whether something it rests on has run out or is gone since it was said."""
        items = [self._library.get(i) for claim in draft.claims for i in claim.evidence]
        return any(item is None or not in_force(item, self._clock.today()) for item in items)

    async def _look_up(self, question: Question) -> Found:
        """What the documents hold now."""
        async with self._clock.busy(cost_ms=15):
            return await self._library.find(question)

    async def _again(self, record: ev.Record, event: ev.ReplyWithheld) -> None:
        """Held back at delivery: drafted again from fresh evidence, in the end declined."""
        reply = standing.reply(self._show, event.reply_id)
        question = standing.entry(self._show, reply.question_id).question
        lang = reply.draft.lang
        fresh = await self._look_up(question)
        decided = self.desk.compose(question, self._on_air(fresh.items), lang)
        tries = sum(
            r.state == "withheld" and r.draft.lang == lang
            for r in standing.replies(self._show, reply.question_id)
        )
        if tries > MAX_REDRAFTS or decided.draft.text == reply.draft.text:
            decided = self.desk.refuse(question, lang, event.rule)
        self._record(
            record, f"r{record.seq}", question, decided, reply.askers, record.seq, corrects=reply.corrects
        )

    # ------------------------------------------------------------ people

    async def _operator(self, record: ev.Record, event: ev.OperatorAnswered) -> None:
        """A person's own words, in each asker's language where a translator has it: checked too; where the
        guard objects, or nobody could check the translation, they wait for a second look."""
        entry = standing.entry(self._show, event.question_id)
        question, first = entry.question, self._target(None, entry.question)
        items = self._on_air(self._found.get(event.question_id, (0, ()))[1])
        source = written_in(event.text, (first, self._library.catalogue.brand.host_lang or first))
        asked = list(dict.fromkeys([first, *(self._target(a, question) for a in entry.askers)]))
        targets = asked if self._interpreter is not None else [source]
        for n, lang in enumerate(targets):
            reply_id = f"r{record.seq}" if n == 0 else f"r{record.seq}-{lang.lower()}"
            last = n == len(targets) - 1
            if reply_id in self._show.replies and not last:
                continue
            told = await self._in(lang, source, event.text, question)
            decided = self.desk.spoken(told.text, question, items, told.lang)
            askers = tuple(entry.askers) if len(targets) == 1 else self._askers(event.question_id, lang)
            self._record(
                record, reply_id, question, decided, askers,
                record.seq if last else self._asked_seq(event.question_id, lang),
                look=told.state == "unchecked",
            )  # fmt: skip

    async def _in(self, lang: str, source: str, text: str, question: Question) -> Translated:
        """A person's words in a language; as they were written where that cannot be had."""
        own = Translated(text, source)
        if self._interpreter is None or base(lang) == base(source):
            return msgspec.structs.replace(own, lang=lang if base(lang) == base(source) else source)
        told = await self._interpreter.interpret(text, source, lang, ours=True, product=question.product)
        return own if told.state == "original" else msgspec.structs.replace(told, lang=lang)

    async def _prompt(self, record: ev.Record, event: ev.PromptWanted) -> None:
        """What the host may read from: composed anew in the host's language, never an LLM's."""
        question = standing.entry(self._show, event.question_id).question
        host = self._library.catalogue.brand.host_lang or "en"
        found = self._found.get(event.question_id)
        known = found is not None and found[0] > self._changed_seq
        items = found[1] if found is not None and known else (await self._look_up(question)).items
        draft = self.desk.compose(question, self._on_air(items), host).draft
        self._log.append(
            ev.PromptMade(
                question_id=question.id, lang=draft.lang, text=draft.text, citations=draft.citations
            ),
            turn_id=record.turn_id, cause_seq=record.seq,
        )  # fmt: skip

    async def _correct(self, record: ev.Record, event: ev.ReplyRetracted) -> None:
        """Whoever was told it hears the correction, each in their language: the operator's words in theirs,
        the composer's, without the evidence that was wrong, in the others."""
        wrong = standing.reply(self._show, event.reply_id)
        question = standing.entry(self._show, wrong.question_id).question
        frozen = {i for c in wrong.draft.claims for i in c.evidence}
        affected = [wrong, *standing.siblings(self._show, wrong, frozen)]
        fresh = await self._look_up(question)
        items = [i for i in self._on_air(fresh.items) if i.id not in frozen]
        for n, reply in enumerate(affected):
            reply_id = f"r{record.seq}" if n == 0 else f"r{record.seq}-{reply.reply_id}"
            last = n == len(affected) - 1
            if reply_id in self._show.replies and not last:
                continue
            lang = reply.draft.lang
            words = event.correction if lang == wrong.draft.lang else ""
            askers = standing.misled(self._show, reply, self._askers(question.id, lang))
            decided = self.desk.correction(words, question, items, lang)
            cause = record.seq if last else reply.seq
            self._record(record, reply_id, question, decided, askers, cause, corrects=reply.reply_id)

    async def _approve(self, record: ev.Record, event: ev.DecisionMade) -> None:
        """Goes out alone when nobody has to look; done already after a crash: skipped."""
        reply = self._show.replies.get(event.reply_id)
        if event.needs_approval or event.draft.action == "ignore" or not event.draft.text:
            return
        if reply is None or reply.state != "drafted":
            return
        by = "operator" if event.draft.by == "operator" else "autonomy"
        self._log.append(
            ev.ReplyApproved(reply_id=event.reply_id, text=event.draft.text, by=by),
            turn_id=record.turn_id, cause_seq=record.seq,
        )  # fmt: skip

    async def expire(self) -> None:
        """Give up drafts that no operator decided in time. A service beside the stage."""
        while True:
            await self._clock.sleep(EXPIRE_EVERY_MS)
            latest = self._clock.now_ms() - self._draft_ttl_ms
            late = [
                r for r in self._show.replies.values()
                if r.state == "drafted" and r.needs_approval and r.at_ms <= latest
            ]  # fmt: skip
            for reply in late:
                self._log.append(
                    ev.ReplyRejected(reply_id=reply.reply_id, by="expiry"),
                    turn_id=reply.question_id, cause_seq=reply.seq,
                )  # fmt: skip
                waited = f"no operator decided within {self._draft_ttl_ms // 1000} s"
                self._log.append(
                    ev.QuestionExpired(question_id=reply.question_id, reason=waited),
                    turn_id=reply.question_id,
                )

    # ------------------------------------------------------------ the log

    def _record(
        self,
        record: ev.Record,
        reply_id: str,
        question: Question,
        decided: Decided,
        askers: tuple[Asker, ...],
        cause: int | None,
        *,
        pointer_to: str | None = None,
        corrects: str | None = None,
        look: bool = False,
    ) -> None:
        """The judged sentences, what went wrong on the way, then the decision."""
        turn = record.turn_id
        for n, one in enumerate(decided.judged):
            self._log.append(
                ev.DraftSentence(
                    reply_id=reply_id, n=n, text=one.text, verdict=one.verdict.action, evidence=one.evidence,
                    rule=one.verdict.rule, words=one.verdict.words, by=one.by,
                ),
                turn_id=turn,
            )  # fmt: skip
        tokens = self._record_calls(reply_id, decided.calls)
        cited = (self._library.get(i) for claim in decided.draft.claims for i in claim.evidence)
        look = look or self._show.engaged.gives_away(cited)  # viewers are guessing just that
        approval = look or needs_approval(self._level(question, decided), question.intent, decided.draft)
        self._log.append(
            ev.DecisionMade(
                reply_id=reply_id, question_id=question.id, draft=decided.draft, askers=askers,
                needs_approval=approval, pointer_to=pointer_to, corrects=corrects,
                gloss=gloss(question, askers, self._library.catalogue), prompts=dict(decided.prompts),
                tokens=tokens,
            ),
            turn_id=turn, cause_seq=cause,
        )  # fmt: skip

    def _record_calls(self, reply_id: str, calls: Sequence[Call]) -> int:
        """The tokens in all. Outside the turn: a writer that failed is told, the answer did not fail."""
        roster = self.desk.roster
        if roster is None:
            return 0
        for call in calls:
            roster.count(self._log.append(roster.event(call, reply_id)))
            if call.outcome == "failed":
                message = f"{reply_id}: {call.message}"
                self._log.append(ev.FaultRaised(where="decision.writer", message=message))
        spent = roster.due()
        if spent is not None:
            roster.count(self._log.append(spent))
        return sum(call.tokens.prompt + call.tokens.completion for call in calls)

    def _level(self, question: Question, decided: Decided) -> str:
        return self._show.autonomy.level(question.intent, decided.draft.lang, self._earn_after)

    # ------------------------------------------------------------ looking up

    def _on_air(self, items: Iterable[Evidence]) -> Sequence[Evidence]:
        """Evidence that no person holds back now."""
        return [i for i in items if i.id not in self._show.held]

    def _target(self, asker: Asker | None, question: Question) -> str:
        lang = asker.lang if asker is not None and asker.lang != "und" else question.lang
        return reply_language(lang, question, self._library.catalogue)

    def _askers(self, question_id: str, lang: str) -> tuple[Asker, ...]:
        question = standing.entry(self._show, question_id).question
        return tuple(a for _, a in self._asked.get(question_id, []) if self._target(a, question) == lang)

    def _asked_seq(self, question_id: str, lang: str) -> int | None:
        question = standing.entry(self._show, question_id).question
        return next(
            (s for s, a in self._asked.get(question_id, []) if self._target(a, question) == lang), None
        )
