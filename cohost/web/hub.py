"""One reader of the log for all pages of a room: each frame is encoded once per audience, and its
text handed to every page's bounded queue.

A frame's `seq` is a place in the room's order: all that comes before it has been sent, so a page can
resume there. Chat lines wait for their batch (at most five a second, a line for its language) and
what comes behind them waits with them; a line may go ahead of a frame, a frame ahead of a line only
where it is a reply and the feed may not go for a while: then it has the seq of the place that is reached.
A page that reads too slowly loses its queue and gets a snapshot instead. What is said and heard
(`aloud`) waits for nobody: it goes out at once, at the place that is reached.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable

import msgspec

from cohost import events as ev
from cohost.errors import CohostError
from cohost.web import aloud, play_told
from cohost.web import frames as fr
from cohost.web.direct import text_frame
from cohost.web.limits import FeedPace, Limits
from cohost.web.metrics import Metrics
from cohost.web.page import Listens, Page
from cohost.web.room import ChatLine, RoomPort, RoomState, chat_line
from cohost.web.translate import AUDIENCES, Audience, Frames, Translator, translation

logger = logging.getLogger(__name__)

HEALTH_EVERY_MS = 2_000
TALLY_EVERY_MS = 500
REPLIES = (fr.ReplyPosted, fr.ReplyRetracted)
UNSHOWABLE = (CohostError, LookupError, TypeError, ValueError, AttributeError)


class Hub:
    """The room as pages see it. Everything but `run` is synchronous and belongs to the loop's thread."""

    def __init__(self, room: RoomPort, limits: Limits, metrics: Metrics) -> None:
        self.room = room
        self.limits = limits
        self.metrics = metrics
        self.state = RoomState()
        self.translator = Translator(self.state, room.library, room.clock.today, play_told.FRAMES)
        self.pages: set[Page] = set()
        self._staff: set[Page] = set()
        self._of_viewer: dict[str, set[Page]] = {}
        self._pace = FeedPace(limits.feed_per_second, limits.feed_gap_ms)
        self._waiting: deque[ChatLine | tuple[int, Frames]] = deque()  # in room order
        self._read = 0  # newest record folded
        self._blocked = asyncio.Event()  # something at the front waits for its time …
        self._wait_ms = 0.0  # … this long
        self._pressing = False  # a reply is among what waits
        self._snapshots: dict[Audience, tuple[int, str]] = {}

    # ── pages ──
    def join(
        self, audience: Audience, since: int | None, listens: Listens = "", *, viewer: str = "",
        lang: str = "", direct: Callable[[bytes], bool] | None = None, decides: bool | None = None,
    ) -> tuple[Page, list[str]]:  # fmt: skip
        """A new page and what it must be told first: what came after `since`, or a snapshot; then what
        is going on. `decides`: whoever is there may approve; else whoever sees drafts."""
        self.sync()
        page = Page(
            audience, self.limits, listens, self.metrics.sound_dropped, viewer=viewer, lang=lang,
            direct=direct, decides=audience == "operator" if decides is None else decides,
        )  # fmt: skip
        self.pages.add(page)
        self._of_viewer.setdefault(viewer, set()).add(page)
        if audience != "viewer":
            self._staff.add(page)
        sent = self.sent
        if since is None or since > sent or sent - since > self.limits.resume_records:
            first = [self.snapshot(audience)]
        else:
            first = [fr.dump(frame) for frame in self._since(page, since, sent)]
        health = [fr.dump(self.health())] if audience == "operator" else []
        return page, [*first, *health, *self._going_on(page)]

    def catch_up(self, page: Page) -> None:
        """A page that fell behind goes on with a snapshot and what is going on."""
        page.restart([self.snapshot(page.audience), *self._going_on(page)])

    def _going_on(self, page: Page) -> list[str]:
        """Who speaks and waits (staff), and the speech that is on, whose sound may follow."""
        seq, now, floor = self.sent, self.now_ms(), self.state.floor
        page.speech = floor.aloud.started.speech_id if floor.aloud is not None else None
        found = [getattr(frames, page.audience) for frames in aloud.opening(self.translator, seq, now)]
        if page.audience != "viewer":
            found.insert(0, aloud.callers(self.translator, seq, now))
        found += [
            frame
            for made in list(self.state.translations.values())[-self.limits.history :]
            if (frame := self._for(page, translation(made, seq, now))) is not None
        ]
        engaged = self.state.show.engaged
        found += [getattr(frames, page.audience) for frames in play_told.tallies(engaged, seq, now)]
        if page.audience == "viewer":
            found += play_told.opening(engaged, page.viewer, page.lang, seq, now)
        return [fr.dump(frame) for frame in found]

    @staticmethod
    def _for(page: Page, frames: Frames) -> fr.Out | None:
        """What one page gets of a record."""
        if page.audience == "viewer" and frames.lang not in (None, page.lang):
            return None
        frame: fr.Out | None = getattr(frames, page.audience)
        return frame

    def leave(self, page: Page) -> None:
        self.pages.discard(page)
        self._staff.discard(page)
        theirs = self._of_viewer.get(page.viewer, set())
        theirs.discard(page)
        if not theirs:
            self._of_viewer.pop(page.viewer, None)

    @property
    def sent(self) -> int:
        """Every record up to here has reached the pages' queues."""
        if not self._waiting:
            return self._read
        first = self._waiting[0]
        return (first.seq if isinstance(first, ChatLine) else first[0]) - 1

    def now_ms(self) -> int:
        return self.room.clock.now_ms()

    def snapshot(self, audience: Audience) -> str:
        """The room at `sent`, encoded once for all pages that ask at the same place."""
        sent = self.sent
        kept = self._snapshots.get(audience)
        if kept is None or kept[0] != sent:
            frame = self.translator.snapshot(audience, sent, self.now_ms(), self.limits.history)
            kept = self._snapshots[audience] = (sent, fr.dump(frame))
        return kept[1]

    def _since(self, page: Page, since: int, sent: int) -> Iterable[fr.Out]:
        """What the records after `since` say, as the state is now: the lines first, then the rest."""
        lines: list[ChatLine] = []
        rest: list[fr.Out] = []
        for record in self.room.log.records(after=since):
            if record.seq > sent:
                break
            line = self.state.lines.get(record.seq) or chat_line(record)
            if line is not None:
                lines.append(line)
                continue
            frames = self.translator.frames(record)
            frame = getattr(frames, page.audience)
            told = frames.lang is None and frames.concerns(page.audience, page.viewer)
            if frame is not None and told:  # translations come with what is going on
                rest.append(frame)
        if lines:
            place = min(lines[-1].seq, rest[0].seq - 1) if rest else lines[-1].seq
            yield getattr(self.translator.feed(lines, place, self.limits.history), page.audience)
        yield from rest

    # ── the log ──
    def load(self) -> None:
        """Remember what the log already holds; it is not counted and not sent: nobody is there yet."""
        for record in self.room.log.records(after=self._read):
            self.state.fold(record)
            self._read = record.seq

    async def run(self) -> None:
        """Read the log until cancelled. Nothing is lost by cancelling: the log keeps it."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._health())
            tasks.create_task(self._pacer())
            tasks.create_task(self._tally())
            async for _ in self.room.log.cursor(after=self._read):
                self.sync()

    def sync(self) -> None:
        """Fold what is new and send what may go. Called before every decision about the state."""
        for record in self.room.log.records(after=self._read):
            self._read = record.seq
            try:
                self._take(record)
            except UNSHOWABLE:  # the page of a record is lost, the room goes on
                logger.exception("record %d (%s) could not be shown", record.seq, record.kind)
        self._flush()

    def _take(self, record: ev.Record) -> None:
        self.state.fold(record)
        self.metrics.count(record, self.state)
        line = self.state.lines.get(record.seq)
        if line is not None:
            self._waiting.append(line)
        if isinstance(record.event, aloud.EVENTS):
            self._tell(record)
        if line is not None or isinstance(record.event, aloud.EVENTS):
            return
        if not self.pages and not self._waiting:
            return  # nobody to tell; with lines still waiting somebody may yet join before it is their turn
        if isinstance(record.event, ev.GameEnded):
            self._reveal()
        frames = self.translator.frames(record)
        if any(frame is not None for frame in frames):
            self._waiting.append((record.seq, frames))
            self._pressing |= isinstance(frames.viewer, REPLIES)

    def _reveal(self) -> None:
        """Viewers read the newest guesses, now that they give nothing away."""
        game, sent = self.state.show.engaged.game, self.sent
        guesses = [
            line
            for line in self.state.lines.values()
            if game is not None and game.seq < line.seq <= sent and line.intent == "guess" and not line.spoken
        ][-self.limits.feed_lines :]
        if guesses:
            self._send(Frames(viewer=self.translator.feed(guesses, sent, len(guesses)).viewer))

    def _tell(self, record: ev.Record) -> None:
        """What is said and heard, past the lines that must wait."""
        if not self.pages:
            return
        self._flush()
        for frames in aloud.frames(self.translator, record, self.sent):
            self._send(frames)
        now = self.now_ms()
        for page in self.pages:
            page.follow(record.event, now)

    def hear(self, page: Page, speech_id: str, pcm: bytes) -> None:
        """A piece of cohost's voice for one page, behind its speech.started."""
        if self._read < self.room.log.last_seq:
            self.sync()
        if page.speech == speech_id:
            page.push_sound(pcm)

    def heard_from(self, page: Page, at: str, speech_id: str, ago: float = 0.0) -> None:
        """A page's report that it fell silent `ago` ms before, as it was told: how long that took."""
        if page.owes is not None and page.owes[:2] == (at, speech_id):
            self.metrics.page_lag(at, max(0, self.now_ms() - page.owes[2] - round(ago)))
            page.owes = None

    def _flush(self) -> None:
        """Send from the front of the queue until something there must wait."""
        while self._waiting:
            first = self._waiting[0]
            if not isinstance(first, ChatLine):
                self._waiting.popleft()
                self._send(first[1])
                continue
            lines, rest = self._batch()
            wait = self._feed_wait(first, lines, urgent=bool(rest))
            if wait > 0:
                if self._pressing and wait > self.limits.reply_wait_ms:
                    self._let_ahead()
                self._wait_ms = wait
                self._blocked.set()
                return
            self._waiting = deque(rest)
            place = min(lines[-1].seq, rest[0][0] - 1) if rest else lines[-1].seq
            self._pace.sent(self.now_ms())
            self._send(self.translator.feed(lines, place, self.limits.lines_for(len(self.pages))))

    def _let_ahead(self) -> None:
        """Viewers get the replies now. What their pages had still to hear of those questions is overtaken."""
        self._pressing = False
        ahead = [
            frames.viewer
            for _, frames in (entry for entry in self._waiting if not isinstance(entry, ChatLine))
            if isinstance(frames.viewer, REPLIES)
        ]
        answered = {reply.question_id for reply in ahead if isinstance(reply, fr.ReplyPosted)}
        for at, entry in enumerate(self._waiting):
            if isinstance(entry, ChatLine):
                continue
            told = entry[1].viewer
            if isinstance(told, fr.QuestionState) and told.question_id in answered:
                self._waiting[at] = (entry[0], entry[1]._replace(viewer=None))
            elif isinstance(told, REPLIES):  # whoever joins until then still gets it in its turn
                self._waiting[at] = (entry[0], entry[1]._replace(but=frozenset(self.pages - self._staff)))
        place = self.sent
        for reply in ahead:
            self._send(Frames(viewer=msgspec.structs.replace(reply, seq=place)))

    async def _pacer(self) -> None:
        while True:
            await self._blocked.wait()
            self._blocked.clear()
            await self.room.clock.sleep(self._wait_ms)
            self._flush()

    def _batch(self) -> tuple[list[ChatLine], list[tuple[int, Frames]]]:
        """All waiting lines, and what waits behind the first of them. Lines may go ahead of frames
        (they refer to nothing), so that a busy room needs no more feed frames than a quiet one."""
        lines: list[ChatLine] = []
        rest: list[tuple[int, Frames]] = []
        for entry in self._waiting:
            if isinstance(entry, ChatLine):
                lines.append(entry)
            else:
                rest.append(entry)
        return lines, rest

    def _feed_wait(self, first: ChatLine, lines: list[ChatLine], *, urgent: bool) -> float:
        """Milliseconds: the feed's pace, and for a short while the language of the newest line."""
        now = self.now_ms()
        wait = self._pace.due(now, urgent=urgent)
        if lines[-1].lang is None:
            guessing = self.state.show.engaged.playing is not None  # a guess is not to be read by the others
            longest = self.limits.guess_wait_ms if guessing else self.limits.language_wait_ms
            oldest = first.at_ms + longest - now
            newest = lines[-1].at_ms + longest - now
            wait = max(wait, min(oldest, newest))
        return wait

    def _send(self, frames: Frames) -> None:
        made: dict[Audience, tuple[str, bytes]] = {}
        for page in self._told(frames):
            frame = self._for(page, frames)
            if frame is None or page in frames.but:
                continue
            if page.audience not in made:
                text = fr.dump(frame)
                made[page.audience] = (text, text_frame(text))
            page.push(*made[page.audience])

    def _told(self, frames: Frames) -> Iterable[Page]:
        """The pages a record is for: all of them, or the staff's and those of the viewers it concerns."""
        if frames.viewer is None:
            return self._staff
        if frames.only is None:
            return self.pages
        concerned = (self._of_viewer.get(viewer, ()) for viewer in frames.only)
        return self._staff.union(*concerned)

    async def _tally(self) -> None:
        """How votes and guesses stand, when that changed."""
        told = play_told.standing(self.state.show.engaged)
        while True:
            await self.room.clock.sleep(TALLY_EVERY_MS)
            engaged = self.state.show.engaged
            if (now := play_told.standing(engaged)) != told:
                told = now
                for frames in play_told.tallies(engaged, self.sent, self.now_ms()):
                    self._send(frames)

    # ── health ──
    async def _health(self) -> None:
        while True:
            await self.room.clock.sleep(HEALTH_EVERY_MS)
            self._send(Frames(operator=self.health()))

    def health(self) -> fr.Health:
        latencies = sorted(self.state.latencies.values())
        late, now = self.state.loop_late_ms, self.now_ms()
        return fr.Health(
            seq=self.sent, at_ms=now, pages=len(self.pages),
            viewers=sum(1 for page in self.pages if page.audience == "viewer"),
            latency_ms_p50=_quantile(latencies, 0.5), latency_ms_p95=_quantile(latencies, 0.95),
            loop_late_ms_p99=late, writers=self.state.writers.views(now),
        )  # fmt: skip

    def connected(self) -> dict[str, int]:
        return {name: sum(1 for page in self.pages if page.audience == name) for name in AUDIENCES}

    def attended(self) -> bool:
        """True while somebody is there who may approve."""
        return any(page.decides for page in self.pages)

    def languages(self) -> tuple[str, ...]:
        """Of the viewers' pages, in order of the alphabet."""
        return tuple(sorted({p.lang for p in self.pages if p.audience == "viewer" and p.lang}))

    def listening(self) -> dict[str, int]:
        return {name: sum(1 for page in self.pages if page.listens == name) for name in ("cohost", "caller")}


def _quantile(ordered: list[int], q: float) -> int | None:
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else None
