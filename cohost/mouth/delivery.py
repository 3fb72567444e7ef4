"""Approved replies go out once: checked again, written down, sent, and the outcome written down.

What answers a caller is spoken first (`speech.queued`) and posted when the voice has ended: whole, or
after a cut from the sentence on that was not heard whole.

Before a post its evidence is read afresh (a price may have changed, an item may be held) and the
guard judges each claim once more. `reply.sending` is durable before the act; after a crash a send
without an outcome is looked up, never repeated blindly.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping

import msgspec

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.sentences import joined
from cohost.common.show import KEEP, ReplyEntry, Show
from cohost.errors import ProviderError
from cohost.mouth.rate import Bucket
from cohost.mouth.route import Route, caller, route, said
from cohost.ports import ChatSink, Library, Log, Post
from cohost.settings import Voice
from cohost.trust.evidence import Evidence, Fact, airable
from cohost.trust.guard import GuardContext, check


class RoomSink:
    """The own room: the log is the room's history, a post is its `reply.posted`."""

    platform = "room"

    async def post(self, post: Post) -> str:
        return post.reply_id

    async def find_posted(self, reply_id: str) -> str | None:
        """No `reply.posted` on the log means that nobody has seen it."""
        return None


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
    width = 8

    def __init__(
        self,
        log: Log,
        library: Library,
        clock: Clock,
        sinks: Mapping[str, ChatSink],
        *,
        posts_per_second: float = 4.0,
        posts_burst: int = 8,
        voice: Voice | None = None,
        listeners: Callable[[], int] = lambda: 0,
        fit: Callable[[str], bool] = lambda lang: False,
    ) -> None:
        """`voice`: None where the room does not speak; `listeners`: pages that play sound now; `fit`:
        whether a voice is fit for a language."""
        self._log = log
        self._library = library
        self._clock = clock
        self._sinks = sinks
        self._show = Show()
        self._bucket = Bucket(posts_per_second, posts_burst, clock.now_ms())
        self._turn = asyncio.Lock()  # one post at a time, in order of approval
        self._sending: set[str] = set()  # without an outcome yet
        self._found: OrderedDict[str, tuple[str, ...]] = OrderedDict()  # evidence ids by question
        self._stopped_seq = 0
        self._voice = voice
        self._listeners = listeners
        self._fit = fit
        self._approvals: OrderedDict[str, ev.ReplyApproved] = OrderedDict()

    def observe(self, record: ev.Record) -> None:
        self._show.apply(record)
        if isinstance(record.event, ev.ReplySending):
            self._sending.add(record.event.reply_id)
        elif isinstance(record.event, ev.ReplyPosted | ev.ReplyFailed | ev.ReplyUnknown):
            self._sending.discard(record.event.reply_id)
        elif isinstance(record.event, ev.EvidenceFound):
            self._found[record.event.question_id] = tuple(i.id for i in record.event.items)
            while len(self._found) > KEEP:
                self._found.popitem(last=False)
        elif isinstance(record.event, ev.OperatorStopped):
            self._stopped_seq = record.seq
        elif isinstance(record.event, ev.ReplyApproved):
            self._approvals[record.event.reply_id] = record.event
            while len(self._approvals) > KEEP:
                self._approvals.popitem(last=False)

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
        if self._voice is None or event.reply_id in self._sending:
            return "post"
        lang = reply.draft.lang
        return route(
            reply, autonomy=self._show.autonomy, by=event.by, listeners=self._listeners(), voice=self._voice,
            fit=self._fit(lang),
        )  # fmt: skip

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
        """Post in order of approval; the record of `reply.posted`, None where it did not go out."""
        was_sending = event.reply_id in self._sending
        async with self._turn:
            if not was_sending:
                await self._clock.sleep(self._bucket.take(self._clock.now_ms()))
            if record.seq < self._stopped_seq and not was_sending:
                self._close(record, ev.ReplyRejected(reply_id=event.reply_id, by="operator stop"))
                return None
            return await self._deliver(record, event, reply, was_sending)

    async def _deliver(
        self, record: ev.Record, event: ev.ReplyApproved, reply: ReplyEntry, was_sending: bool
    ) -> ev.Record | None:
        platform = reply.askers[0].platform if reply.askers else "room"
        sink = self._sinks.get(platform) or self._sinks["room"]
        post = Post(
            reply_id=event.reply_id, text=event.text, lang=reply.draft.lang,
            in_reply_to=tuple(a.message_seq for a in reply.askers),
        )  # fmt: skip
        try:
            ref = await sink.find_posted(event.reply_id) if was_sending else None
        except ProviderError:
            self._close(record, ev.ReplyUnknown(reply_id=event.reply_id, platform=platform))
            return None
        if ref is None:
            if reply.state == "retracted":  # taken back before it was out
                self._close(record, ev.ReplyRejected(reply_id=event.reply_id, by="retracted"))
                return None
            withheld = self._withheld(event, reply)
            if withheld is not None:
                self._close(record, withheld)
                return None
            await self._log.durable(record.seq)
            sending = self._log.append(
                ev.ReplySending(reply_id=event.reply_id, platform=platform),
                turn_id=record.turn_id, cause_seq=record.seq,
            )  # fmt: skip
            await self._log.durable(sending.seq)
            try:
                ref = await sink.post(post)
            except ProviderError as error:
                self._close(record, ev.ReplyFailed(
                    reply_id=event.reply_id, platform=platform, message=str(error)
                ))  # fmt: skip
                return None
        return self._close(record, self._posted(post, reply, platform, ref))

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
