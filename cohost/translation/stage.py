"""Which lines are translated, into what: viewers' for the host, the host's for every language in the room.

A reader of the log beside the stages: it owes nothing after a crash, and whatever it cannot do in time is
shown in the original.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from cohost import events as ev
from cohost.clock import Clock
from cohost.languages import LANGUAGES, base
from cohost.ports import Interpreter, Log, Translated
from cohost.translation.queue import COMMENT, HOUSE, QUESTION, Job, Waiting

KEEP = 2_000
AGAIN = 5
"""Newest lines of the house that a language gets which comes into the room later."""
STALE_MS = 15_000
SILENT = frozenset({"spam", "abuse", "injection"})
"""Kinds of lines that nobody needs in another language."""


class TranslationDesk:
    """One room's. `run` is a service beside the stages."""

    def __init__(
        self,
        log: Log,
        clock: Clock,
        interpreter: Interpreter,
        host_lang: str,
        *,
        comments: bool = True,
        waiting: int = 64,
        at_once: int = 2,
    ) -> None:
        self._log = log
        self._clock = clock
        self._interpreter = interpreter
        self._host = base(host_lang)
        self._comments = comments
        self._at_once = at_once
        self._waiting = Waiting(waiting)
        self._wake = asyncio.Event()
        self._langs: tuple[str, ...] = ()
        self._lines: OrderedDict[int, ev.ChatMessage] = OrderedDict()
        self._house: OrderedDict[int, tuple[str, str, str | None]] = OrderedDict()  # seq → text, lang, reply
        self._by_hand: OrderedDict[str, None] = OrderedDict()  # replies in a person's own words
        self._done: OrderedDict[tuple[int, str], None] = OrderedDict()
        self._pinned: str | None = None

    async def run(self) -> None:
        """Until cancelled."""
        history = self._log.records()
        for record in history:
            self._take(record, live=False)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._at_once):
                tasks.create_task(self._work())
            async for record in self._log.cursor(after=history[-1].seq if history else 0):
                self._take(record, live=True)

    # ── what comes ──
    def _take(self, record: ev.Record, *, live: bool) -> None:
        """Fold a record; a live one may want translating."""
        event = record.event
        line = ev.line_of(event)
        if line is not None:
            self._remember(self._lines, record.seq, line)
        elif isinstance(event, ev.MessageTriaged) and record.cause_seq in self._lines:
            self._triaged(record.cause_seq or 0, event, record.at_ms, live)
        elif isinstance(event, ev.AudienceLanguages):
            self._arrived(event.langs, record.at_ms, live)
        elif isinstance(event, ev.ProductPinned):
            self._pinned = event.product
        elif isinstance(event, ev.DecisionMade) and event.draft.by == "operator":
            self._remember(self._by_hand, event.reply_id, None)
        elif isinstance(event, ev.ReplyPosted) and event.reply_id in self._by_hand:
            self._said(record.seq, event.text, event.lang, record.at_ms, live, event.reply_id)
        elif isinstance(event, ev.TranslationMade):
            self._remember(self._done, (event.message_seq, event.target), None)

    def _remember(self, kept: OrderedDict, key: object, value: object) -> None:  # type: ignore[type-arg]
        kept[key] = value
        while len(kept) > KEEP:
            kept.popitem(last=False)

    def _triaged(self, seq: int, event: ev.MessageTriaged, at_ms: int, live: bool) -> None:
        line = self._lines[seq]
        lang = base(event.lang)
        if line.role != "viewer":
            lang = lang if lang in LANGUAGES else base(line.lang_hint or self._host)
            self._said(seq, line.text, lang, at_ms, live)
            return
        wanted = event.question or (self._comments and event.intent not in SILENT)
        if live and wanted and lang in LANGUAGES and lang != self._host:
            rank = QUESTION if event.question else COMMENT
            self._put(Job(seq, line.text, lang, self._host, rank, at_ms, line.viewer))

    def _said(
        self, seq: int, text: str, lang: str, at_ms: int, live: bool, reply_id: str | None = None
    ) -> None:
        """The house's words, for every language that is there."""
        self._remember(self._house, seq, (text, base(lang), reply_id))
        if live:
            for target in self._langs:
                self._put_house(seq, target, at_ms)

    def _arrived(self, langs: tuple[str, ...], at_ms: int, live: bool) -> None:
        new = [lang for lang in langs if lang not in self._langs]
        self._langs = langs
        if live:
            for seq in list(self._house)[-AGAIN:]:
                for lang in new:
                    self._put_house(seq, lang, at_ms)

    def _put_house(self, seq: int, target: str, at_ms: int) -> None:
        text, lang, reply_id = self._house[seq]
        if base(target) != lang:
            self._put(Job(seq, text, lang, base(target), HOUSE, at_ms, reply_id=reply_id))

    def _put(self, job: Job) -> None:
        if (job.seq, job.target) in self._done:
            return
        self._remember(self._done, (job.seq, job.target), None)
        dropped = self._waiting.put(job)
        self._wake.set()
        if dropped is not None and dropped.rank != COMMENT:
            self._tell(dropped, Translated("", dropped.source, "original", "busy"), 0.0)

    # ── what is done ──
    async def _work(self) -> None:
        while True:
            job = self._waiting.take()
            if job is None:
                self._wake.clear()
                await self._wake.wait()
            elif job.rank == COMMENT and self._clock.now_ms() - job.since_ms > STALE_MS:
                continue  # the room has gone on
            else:
                began = self._clock.perf()
                made = await self._interpreter.interpret(
                    job.text, job.source, job.target, ours=job.rank == HOUSE, product=self._pinned
                )
                self._tell(job, made, (self._clock.perf() - began) * 1000)

    def _tell(self, job: Job, made: Translated, took_ms: float) -> None:
        self._log.append(
            ev.TranslationMade(
                message_seq=job.seq, viewer=job.viewer, lang=job.source, target=job.target,
                text=made.text if made.state != "original" else "", state=made.state, reason=made.reason,
                words=made.words, by=made.by, reply_id=job.reply_id, took_ms=round(took_ms, 1),
            ),
            cause_seq=job.seq,
        )  # fmt: skip
