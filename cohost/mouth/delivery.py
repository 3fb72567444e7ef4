"""Approved replies go out once to each platform where they were asked: checked again, written down, sent,
and the outcome written down.

What answers a caller is spoken first (`speech.queued`) and posted when the voice has ended: whole, or
after a cut from the sentence on that was not heard whole.

Before a post its evidence is read afresh (a price may have changed, an item may be held) and the
guard judges each claim once more. `reply.sending` is durable before the act; after a crash a send
without an outcome is looked up, never repeated blindly.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.agenda import Served, Waiting, first
from cohost.common.question import Asker
from cohost.common.sentences import joined
from cohost.common.show import KEEP, ReplyEntry, Show
from cohost.common.shown_name import shown_name
from cohost.errors import ProviderError
from cohost.languages import base
from cohost.mouth.outbox import Outbox, Overdue
from cohost.mouth.parts import parts
from cohost.mouth.route import Route, caller, route, said
from cohost.mouth.sending import Sender, Unknown
from cohost.ports import ChatSink, Library, Log, Post, SendPolicy
from cohost.settings import Voice
from cohost.trust.evidence import Evidence, Fact, airable
from cohost.trust.guard import GuardContext, check

TTL_MS = 120_000
"""An answer that comes later has been forgotten."""


class RoomSink:
    """The own room: the log is the room's history, a post is its `reply.posted`."""

    platform = "room"

    def __init__(self, per_second: float = 4.0, burst: int = 8) -> None:
        """`burst` posts at once, `per_second` on average."""
        self.policy = SendPolicy(posts=burst, per_ms=round(burst * 1000 / per_second))

    async def post(self, post: Post) -> str:
        return post.reply_id

    async def find_posted(self, reply_id: str) -> str | None:
        """No `reply.posted` on the log means that nobody has seen it."""
        return None


@dataclass
class _Job:
    """A reply on its way to the platforms that are `left`; `over` when it may go to none of them any more."""

    record: ev.Record
    event: ev.ReplyApproved
    reply: ReplyEntry
    left: int
    over: bool = False


class DeliveryStage:
    """`reply.approved`, and the end of a speech that is still to be posted → `reply.posted`,
    `reply.withheld`, `reply.failed`, `reply.unknown`; or `reply.approved` → `speech.queued`."""

    name = "delivery"
    handles: tuple[type[ev.Event], ...] = (
        ev.ReplyApproved,
        ev.SpeechPlayed,
        ev.SpeechCut,
        ev.SpeechSkipped,
    )
    closes: tuple[type[ev.Event], ...] = (
        ev.ReplyPosted, ev.ReplyWithheld, ev.ReplyFailed, ev.ReplyUnknown, ev.ReplyRejected, ev.SpeechQueued,
    )  # fmt: skip
    width = 256  # replies that wait for their platform's turn

    def __init__(
        self,
        log: Log,
        library: Library,
        clock: Clock,
        sinks: Mapping[str, ChatSink],
        *,
        ttl_ms: int = TTL_MS,
        link: Callable[[str], str] = lambda reply_id: "",
        voice: Voice | None = None,
        listeners: Callable[[], int] = lambda: 0,
        fit: Callable[[str], bool] = lambda lang: False,
    ) -> None:
        """`ttl_ms`: how long a reply waits for its platform's turn; `link`: where its evidence is shown, ""
        for nowhere; `voice`: None where the room does not speak; `listeners`: pages that play sound now;
        `fit`: whether a voice is fit for a language."""
        self._log = log
        self._library = library
        self._clock = clock
        self._sinks = sinks
        self._show = Show()
        self._served = Served()
        self._boxes = {name: Outbox(s.policy, clock, self._first, ttl_ms) for name, s in sinks.items()}
        self._begun: dict[tuple[str, str], int] = {}  # reply and platform → part without an outcome yet
        self._done: OrderedDict[str, set[str]] = OrderedDict()  # reply → platforms where it stands
        self._found: OrderedDict[str, tuple[str, ...]] = OrderedDict()  # evidence ids by question
        self._stopped_seq = 0
        self._link = link
        self._voice = voice
        self._listeners = listeners
        self._fit = fit
        self._approvals: OrderedDict[str, ev.ReplyApproved] = OrderedDict()

    def _first(self, waiting: Sequence[Waiting], now_ms: int) -> Waiting | None:
        return first(waiting, now_ms=now_ms, in_view=self._show.pinned, served=self._served)

    def observe(self, record: ev.Record) -> None:
        self._show.apply(record)
        event = record.event
        if isinstance(event, ev.ReplySending):
            self._begun[(event.reply_id, event.platform)] = event.part
            if event.platform in self._boxes:
                self._boxes[event.platform].note(record)
        elif isinstance(event, ev.ReplyPosted | ev.ReplyFailed | ev.ReplyUnknown):
            self._begun.pop((event.reply_id, event.platform), None)
            reply = self._show.replies.get(event.reply_id)
            if isinstance(event, ev.ReplyPosted) and reply is not None:
                self._done.setdefault(event.reply_id, set()).add(event.platform)
                self._served.note(record.at_ms, event.lang, [a.viewer for a in reply.askers])
        elif isinstance(event, ev.EvidenceFound):
            self._found[event.question_id] = tuple(i.id for i in event.items)
        elif isinstance(event, ev.OperatorStopped):
            self._stopped_seq = record.seq
        elif isinstance(event, ev.ReplyApproved):
            self._approvals[event.reply_id] = event
        for kept in (self._done, self._found, self._approvals):
            while len(kept) > KEEP:
                kept.popitem(last=False)

    async def handle(self, record: ev.Record) -> None:
        event = record.event
        if isinstance(event, ev.SpeechPlayed | ev.SpeechCut | ev.SpeechSkipped):
            if not event.posted:
                await self._after_speech(record, event)
            return
        assert isinstance(event, ev.ReplyApproved)
        reply = self._show.replies.get(event.reply_id)
        if reply is None:
            self._close(record, ev.ReplyFailed(
                reply_id=event.reply_id, platform="room", message="approved a reply that is not on the log"
            ))  # fmt: skip
            return
        way = self._route(event, reply)
        if way == "speak":
            self._speak(record, event, reply)
            return
        posted = await self._post(record, event, reply)
        stopped = record.seq < self._stopped_seq
        if posted is not None and way == "post and speak" and not stopped:
            self._queue(posted, reply, event.text, posted=True)

    async def _after_speech(
        self, record: ev.Record, event: ev.SpeechPlayed | ev.SpeechCut | ev.SpeechSkipped
    ) -> None:
        """What was spoken is posted, once: whole, or what was not heard."""
        reply = self._show.replies.get(event.reply_id)
        approved = self._approvals.get(event.reply_id)
        if reply is None or approved is None:
            self._close(record, ev.ReplyFailed(
                reply_id=event.reply_id, platform="room", message="spoke a reply that is not on the log"
            ))  # fmt: skip
            return
        if isinstance(event, ev.SpeechSkipped) and event.reason == "stopped":
            self._close(record, ev.ReplyRejected(reply_id=event.reply_id, by="operator stop"))
            return
        if isinstance(event, ev.SpeechCut) and event.heard and event.rest:
            unsaid = said(approved.text, reply.draft.lang)[1]
            approved = msgspec.structs.replace(approved, text=joined([event.rest, *unsaid]))
        await self._post(record, approved, reply)

    def _route(self, event: ev.ReplyApproved, reply: ReplyEntry) -> Route:
        begun = any(reply_id == event.reply_id for reply_id, _ in self._begun)
        if self._voice is None or begun or self._done.get(event.reply_id):
            return "post"
        lang = reply.draft.lang
        return route(
            reply, autonomy=self._level(reply), by=event.by, listeners=self._listeners(), voice=self._voice,
            fit=self._fit(lang),
        )  # fmt: skip

    def _level(self, reply: ReplyEntry) -> str:
        entry = self._show.questions.get(reply.question_id)
        intent = entry.question.intent if entry else ""
        return self._show.autonomy.level(intent, reply.draft.lang)

    def _speak(self, record: ev.Record, event: ev.ReplyApproved, reply: ReplyEntry) -> None:
        if record.seq < self._stopped_seq:
            self._close(record, ev.ReplyRejected(reply_id=event.reply_id, by="operator stop"))
            return
        withheld = self._withheld(event, reply)
        if withheld is not None:
            self._close(record, withheld)
            return
        self._queue(record, reply, event.text, posted=False)

    def _queue(self, record: ev.Record, reply: ReplyEntry, text: str, *, posted: bool) -> None:
        asker = caller(reply.askers)
        self._close(
            record,
            ev.SpeechQueued(
                speech_id=f"s{record.seq}", reply_id=reply.reply_id, lang=reply.draft.lang, asker=asker,
                text=joined(said(text, reply.draft.lang)[0]), why="caller" if asker else "chat",
                protected=reply.draft.protected, posted=posted,
            ),
        )  # fmt: skip

    def objects(self, reply_id: str) -> bool:
        """The guard's last word before a reply is spoken."""
        reply, approved = self._show.replies.get(reply_id), self._approvals.get(reply_id)
        return reply is None or approved is None or self._withheld(approved, reply) is not None

    async def _post(self, record: ev.Record, event: ev.ReplyApproved, reply: ReplyEntry) -> ev.Record | None:
        """Post wherever it was asked; the record of the first `reply.posted`, None where there is none."""
        targets = self._targets(reply)
        done = self._done.get(event.reply_id, set())
        todo = {name: askers for name, askers in targets.items() if name not in done}
        if not todo:
            return None
        job = _Job(record, event, reply, left=len(todo))
        if len(todo) == 1:
            return await self._post_to(job, *todo.popitem())
        async with asyncio.TaskGroup() as tasks:
            jobs = [tasks.create_task(self._post_to(job, name, askers)) for name, askers in todo.items()]
        return next((found for task in jobs if (found := task.result()) is not None), None)

    def _targets(self, reply: ReplyEntry) -> dict[str, list[Asker]]:
        """Who is answered on which platform: whom it was drafted for, and who asked the same in the same
        language since. A platform that is not connected is answered in the room."""
        entry = self._show.questions.get(reply.question_id)
        every = list(reply.askers)
        if entry is not None and not reply.pointer_to and not reply.corrects:
            since = (a for a in entry.askers if a not in every)
            every += [a for a in since if base(a.lang) == base(reply.draft.lang)]
        found: dict[str, list[Asker]] = {}
        for asker in every:
            name = asker.platform if asker.platform in self._sinks else "room"
            found.setdefault(name, []).append(asker)
        return found or {"room": []}

    async def _post_to(self, job: _Job, platform: str, askers: Sequence[Asker]) -> ev.Record | None:
        """Wait for the platform's turn, then send."""
        box, reply_id = self._boxes[platform], job.event.reply_id
        pieces = self._pieces(job, box.policy, askers)
        begun = self._begun.get((reply_id, platform))
        mine = self._waiting(job.reply, askers)
        try:
            async with box.turn(mine, pieces[0]):
                if job.over:
                    return None
                if job.record.seq < self._stopped_seq and begun is None:
                    self._give_up(job, ev.ReplyRejected(reply_id=reply_id, by="operator stop"))
                    return None
                return await self._deliver(job, platform, pieces, begun)
        except Overdue:
            if job.over:
                return None
            waited = f"got no turn within {box.ttl_ms // 1000} s, expected one: more was said before it"
            self._outcome(job, ev.ReplyFailed(reply_id=reply_id, platform=platform, message=waited))
            self._log.append(
                ev.QuestionExpired(question_id=job.reply.question_id, reason=f"{platform}: {waited}"),
                turn_id=job.record.turn_id,
            )
            return None

    def _pieces(self, job: _Job, policy: SendPolicy, askers: Sequence[Asker]) -> tuple[str, ...]:
        names = [name for a in askers if (name := shown_name(a.name))]
        link = self._link(job.event.reply_id) if job.reply.draft.citations else ""
        return parts(
            job.event.text, job.reply.draft.lang, policy, names=list(dict.fromkeys(names)), link=link
        )

    def _waiting(self, reply: ReplyEntry, askers: Sequence[Asker]) -> Waiting:
        entry = self._show.questions.get(reply.question_id)
        question = entry.question if entry else None
        return Waiting(
            key=reply.reply_id, since_ms=self._clock.now_ms(), intent=question.intent if question else "",
            lang=reply.draft.lang, viewers=tuple(dict.fromkeys(a.viewer for a in askers)),
            product=question.product if question else None, action=reply.draft.action,
            pointer=reply.pointer_to is not None, correction=reply.corrects is not None,
        )  # fmt: skip

    async def _deliver(
        self, job: _Job, platform: str, pieces: Sequence[str], begun: int | None
    ) -> ev.Record | None:
        record, event, reply = job.record, job.event, job.reply
        sink, reply_id = self._sinks[platform], event.reply_id
        post = Post(reply_id, event.text, reply.draft.lang, tuple(a.message_seq for a in reply.askers))
        sender = Sender(self._log, self._clock, sink, self._boxes[platform])
        try:
            ref = await sender.look_up(reply_id) if begun is not None else None
            at = (begun or 1) if ref is None else (begun or 0) + 1
            if ref is None:
                if reply.state == "retracted":  # taken back before it was out
                    self._give_up(job, ev.ReplyRejected(reply_id=reply_id, by="retracted"))
                    return None
                withheld = self._withheld(event, reply)
                if withheld is not None:
                    self._give_up(job, withheld)
                    return None
            await self._log.durable(record.seq)
            ref = await sender.send(record, post, pieces, at) or ref or ""
        except Unknown:
            self._outcome(job, ev.ReplyUnknown(reply_id=reply_id, platform=platform))
            return None
        except ProviderError as error:
            failed = ev.ReplyFailed(reply_id=reply_id, platform=platform, message=str(error))
            self._outcome(job, failed)
            return None
        return self._outcome(job, self._posted(post, reply, platform, ref))

    def _outcome(self, job: _Job, event: ev.Event) -> ev.Record:
        """What became of it on one platform; the last one closes the turn."""
        job.left -= 1
        cause = job.record.seq if not job.left else None
        return self._log.append(event, turn_id=job.record.turn_id, cause_seq=cause)

    def _give_up(self, job: _Job, event: ev.Event) -> None:
        """It goes to no platform any more."""
        job.over = True
        self._close(job.record, event)

    def _posted(self, post: Post, reply: ReplyEntry, platform: str, ref: str) -> ev.ReplyPosted:
        return ev.ReplyPosted(
            reply_id=post.reply_id, platform=platform, text=post.text, lang=post.lang,
            question_id=reply.question_id, in_reply_to=post.in_reply_to, claims=reply.draft.claims,
            citations=reply.draft.citations, pointer_to=reply.pointer_to, corrects=reply.corrects, ref=ref,
        )  # fmt: skip

    def _withheld(self, event: ev.ReplyApproved, reply: ReplyEntry) -> ev.ReplyWithheld | None:
        """The guard's last word. An operator's override is recorded and honoured (R16 aside)."""
        operator = reply.draft.by == "operator" or event.overrode is not None
        entry = self._show.questions.get(reply.question_id)
        question = entry.question if entry else None
        catalogue = self._library.catalogue
        everything = self._around(reply)
        for claim in reply.draft.claims:
            cited: list[Evidence] = []
            for evidence_id in claim.evidence:
                item = self._library.get(evidence_id)
                if item is None or not airable(item):
                    why = "no longer in force" if item is None else "held"
                    return ev.ReplyWithheld(reply_id=event.reply_id, rule="R9", words=f"{evidence_id} {why}")
                cited.append(item)
            product = question.product_of(i.product for i in cited) if question else None
            sold = catalogue.variant_in(product, question.market) if question else None
            named = question.model if question and product == question.product else None
            verdict = check(claim.text, cited, GuardContext(
                lang=reply.draft.lang, market=question.market if question else None,
                product=product, model=named or (sold.model if sold else None),
                on=self._clock.today(), catalogue=catalogue, items=everything,
                origin=reply.draft.by, question=question,
            ))  # fmt: skip
            if verdict.action != "allow" and not (operator and verdict.rule != "R16"):
                return ev.ReplyWithheld(
                    reply_id=event.reply_id, rule=verdict.rule or "R0", words=verdict.words
                )
        return None

    def _around(self, reply: ReplyEntry) -> tuple[Evidence, ...]:
        """The question's evidence as it stands now, with the reports that its figures were measured in."""
        ids = dict.fromkeys(self._found.get(reply.question_id, ()))
        ids |= dict.fromkeys(e for claim in reply.draft.claims for e in claim.evidence)
        items = [item for item in map(self._library.get, ids) if item is not None]
        reports = {i.report for i in items if isinstance(i, Fact) and i.report} - ids.keys()
        return (*items, *(r for r in map(self._library.get, sorted(reports)) if r is not None))

    def _close(self, record: ev.Record, outcome: ev.Event) -> ev.Record:
        return self._log.append(outcome, turn_id=record.turn_id, cause_seq=record.seq)
