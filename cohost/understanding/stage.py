"""The stage: every chat line is read once, and leaves a question, a merge or only its triage."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections import OrderedDict, deque
from collections.abc import Sequence

import msgspec

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.catalogue import Catalogue, Slot
from cohost.common.lexicon import speaks, undrawn
from cohost.common.question import Asker, Question
from cohost.common.show import Show
from cohost.errors import ModelMissing, ProviderError
from cohost.events.host import HEARD_BY
from cohost.languages import base
from cohost.ports import Log
from cohost.understanding import host, language, merge, places, play
from cohost.understanding.glance import glance
from cohost.understanding.kinds import decide, undecided, without_own
from cohost.understanding.language import Detected, detect
from cohost.understanding.lines import ASK, NAMELESS, sure, then, wanted
from cohost.understanding.semantic import Meanings
from cohost.understanding.triage import STATEMENT, Triage, triage
from cohost.understanding.turns import CERTAIN, READ_LINES, Asked, Turns, Understood

RECENT_MS = 180_000
"""How long a viewer's last question gives a follow-up its meaning."""

BEFORE_MS = -(10**9)
"""Long before the show."""

REMEMBERED = 20_000
LATE_MS = 120
"""How far behind reading is when small talk is let go."""

GUESSED = 0.5
"""How sure a language is below which words of every language are looked for."""

HEARD = 0.8
"""How sure a language is that was heard and that the words do not tell apart."""


class UnderstandingStage:
    """Implements cohost.stage.Stage: `chat.message` and `transcript.final` in, `message.triaged` closes."""

    name = "understanding"
    handles: tuple[type[ev.Event], ...] = (ev.ChatMessage, ev.TranscriptFinal)
    closes: tuple[type[ev.Event], ...] = (ev.MessageTriaged,)
    width = 64
    """Lines whose meaning is looked for at once; they are read in order all the same."""

    def __init__(
        self,
        log: Log,
        clock: Clock,
        catalogue: Catalogue,
        index: Meanings | None = None,
        kinds: Meanings | None = None,
    ) -> None:
        """`index`: attributes by meaning; `kinds`: kinds of lines by meaning."""
        self._log = log
        self._clock = clock
        self._catalogue = catalogue
        self._turns = Turns(catalogue)
        self._index = index
        self._kinds = kinds
        self._room = catalogue.languages()
        self._detect = functools.lru_cache(maxsize=READ_LINES)(self._detected)
        self._show = Show()
        pinned = catalogue.pinned()
        self._show.pinned = pinned.id if pinned else None
        self._pins: deque[tuple[int, str | None]] = deque([(BEFORE_MS, self._show.pinned)], maxlen=200)
        self._rundowns: deque[tuple[int, tuple[Slot, ...]]] = deque(maxlen=200)
        self._rundowns.append((BEFORE_MS, catalogue.rundown))
        self._delay_ms = {p.name: int(p.stream_delay_s * 1000) for p in catalogue.platforms}
        self._before: asyncio.Event | None = None  # set when the line before has been read
        self._own: set[int] = set()  # records applied when appended, to be skipped when observed
        self._standing: OrderedDict[int, str] = OrderedDict()  # message seq → question that took it
        self._changed: dict[tuple[str | None, str], int] = {}
        self._questions = merge.Standing()
        self._spoken: OrderedDict[str, str] = OrderedDict()  # viewer → language of their last line

    def observe(self, record: ev.Record) -> None:
        """Fold one record. Own records were folded when appended: the next line may come before they
        are observed."""
        if record.seq in self._own:
            self._own.discard(record.seq)
            return
        self._fold(record)

    def _fold(self, record: ev.Record) -> None:
        self._show.apply(record)
        event = record.event
        if isinstance(event, ev.QuestionAsked):
            self._questions.add(self._show.questions[event.question.id])
            self._remember(event.asker, event.question.id)
        elif isinstance(event, ev.QuestionMerged):
            self._remember(event.asker, event.question_id)
        elif isinstance(event, ev.ProductPinned):
            self._pins.append((record.at_ms, event.product))
        elif isinstance(event, ev.RundownSet):
            self._rundowns.append((record.at_ms, event.items))
        elif isinstance(event, ev.FactChanged):
            self._changed[(event.product, event.attribute)] = record.at_ms

    def _remember(self, asker: Asker, question_id: str) -> None:
        self._standing[asker.message_seq] = question_id
        if asker.lang != "und":
            self._spoken[asker.viewer] = asker.lang
            self._spoken.move_to_end(asker.viewer)
        for kept in (self._standing, self._spoken):
            while len(kept) > REMEMBERED:
                kept.popitem(last=False)

    def _append(self, event: ev.Event, record: ev.Record) -> None:
        written = self._log.append(event, turn_id=f"q{record.seq}", cause_seq=record.seq)
        self._own.add(written.seq)
        self._fold(written)

    async def warm(self) -> None:
        """Load what the first lines would wait for: words, country names, the language model, phrases.

        Some seconds where the embedder has never seen the phrases. Safe to cancel; raises nothing.
        """
        language.load()
        places.load(self._room)
        self._turns.lexical("how much is it", "en")
        for index in (self._index, self._kinds):
            if index is not None:
                with contextlib.suppress(ProviderError):
                    await index.warm(self._room)

    async def handle(self, record: ev.Record) -> None:
        """Read one line, after the one before it. Safe to cancel: nothing is appended before the line is
        understood."""
        before, self._before = self._before, (mine := asyncio.Event())
        try:
            if before is not None and not before.is_set():
                await self._look_ahead(record)
                await before.wait()
            await self._read(record)
        finally:
            mine.set()

    async def _look_ahead(self, record: ev.Record) -> None:
        """While lines before it are still read: have the embedder make the vector that reading will need."""
        message = ev.line_of(record.event)
        if message is None or message.role != "viewer" or not any(c.isalpha() for c in message.text):
            return
        if self._clock.now_ms() - record.at_ms >= LATE_MS and glance(message.text) is not None:
            return
        detected = self._language(message)
        lexical = self._turns.lexical(message.text, detected.lang)
        kind = self._turns.triage(self._asked(record, message, detected), lexical)
        await self._near_kinds(kind, lexical, message.text, detected.lang)
        await self._near_attributes(kind, lexical, message.text, detected.lang)

    def _let_go(self, record: ev.Record, message: ev.ChatMessage) -> bool:
        """When reading has fallen behind, small talk is let go after a glance: questions come first."""
        late = self._clock.now_ms() - record.at_ms >= LATE_MS
        if not late or message.platform == ASK or message.lane or self._show.engaged.playing:
            return False
        seen = glance(message.text)
        if seen is not None:
            self._close(record, Detected("und", 0.0), seen, asked=False)
        return seen is not None

    def _votes(self, record: ev.Record, message: ev.ChatMessage) -> bool:
        """A vote in the poll that is open is nothing else."""
        poll, option = self._show.engaged.polling, play.vote(self._show.engaged, message)
        if poll is None or option is None:
            return False
        voted = ev.PollVoted(poll_id=poll.id, viewer=message.viewer, option=option, typed=True)
        self._append(voted, record)
        self._close(record, Detected("und", 0.0), play.VOTE, asked=False)
        return True

    async def _read(self, record: ev.Record) -> None:
        message = ev.line_of(record.event)
        if message is None:  # a sound that asks nothing
            nothing = Triage("to_viewer", "no words", asks=False)
            self._close(record, Detected("und", 0.0), nothing, asked=False)
            return
        if self._votes(record, message) or (message.role == "viewer" and self._let_go(record, message)):
            return
        detected = self._language(message)
        if play.bare_guess(self._show.engaged, message, detected.lang):
            self._close(record, detected, play.GUESS, asked=False)
            return
        if message.role != "viewer":
            self._hear_host(record, message, detected)
            self._close(record, detected, Triage("to_viewer", message.role, asks=False), asked=False)
            return
        if message.platform != ASK and not any(c.isalpha() for c in message.text):
            kind = triage(message.text, detected.lang)  # emoji, figures: nothing to look for
            self._close(record, detected, kind, asked=False)
            return
        asked = self._asked(record, message, detected)
        lexical = self._turns.lexical(message.text, detected.lang)
        kind = self._turns.triage(asked, lexical)
        if play.guessing(self._show.engaged, message, detected.lang, kind):
            self._close(record, detected, play.GUESS, asked=False)
            return
        if message.lane is not None and kind.reason == STATEMENT:
            # the recogniser loses question marks: who takes the microphone to say a sentence asks it
            asked = msgspec.structs.replace(asked, text=f"{message.text.rstrip(' .。')}?")
            kind = self._turns.triage(asked, lexical)
        near = await self._near_kinds(kind, lexical, message.text, detected.lang)
        kind = decide(kind, near)
        small = kind.intent != "question" and not wanted(kind, message)
        if small and not self._turns.may_lean(asked, kind, lexical):
            self._close(record, detected, kind, asked=False, kinds=near)  # small talk: no more is read of it
            return
        understood, meaning = await self._understand(message, asked, lexical, kind, id=f"q{record.seq}")
        asks = wanted(understood.triage, message)
        if asks and record.seq not in self._standing:
            self._ask(record, message, understood.question)
        intent = understood.question.intent
        self._close(
            record, detected, understood.triage, asked=asks, intent=intent, meaning=meaning, kinds=near
        )

    def _hear_host(self, record: ev.Record, message: ev.ChatMessage, detected: Detected) -> None:
        """What the host says of a product is judged by the evidence, and answers who asked just that."""
        asked = self._asked(record, message, detected)
        lexical = self._turns.lexical(message.text, detected.lang)
        said = host.spoken_of(self._turns, asked, lexical, id=f"h{record.seq}")
        if said is None or any(isinstance(e, ev.HostSaid) for e in self._left(record)):
            return
        who = f"{message.role}:{message.name}" if message.name else message.role
        self._append(ev.HostSaid(message_seq=record.seq, question=said, by=who), record)
        for question_id in host.answered(said, self._show.questions.values(), record.at_ms):
            self._append(
                ev.OperatorAnswered(question_id=question_id, text=message.text, by=f"{HEARD_BY}:{who}"),
                record,
            )

    def _left(self, record: ev.Record) -> list[ev.Event]:
        """What this line left already, before a crash."""
        return [r.event for r in self._log.records(after=record.seq) if r.cause_seq == record.seq]

    def _language(self, message: ev.ChatMessage) -> Detected:
        viewer = self._show.viewers.get(message.viewer)
        history = self._spoken.get(message.viewer) or (viewer.lang if viewer else None)
        alone = message.platform == ASK
        place = self._catalogue.market(message.market)
        hint = message.lang_hint or (place.lang if place else None)
        found = self._detect(message.text, hint, None if alone else history, alone)
        heard = message.lang_hint if message.lane is not None else None
        if heard and base(found.lang) != heard and found.confidence < CERTAIN:
            return Detected(heard, HEARD)  # the recogniser wrote the words in the language it heard
        return found

    def _detected(self, text: str, hint: str | None, history: str | None, alone: bool) -> Detected:
        room = () if alone else self._room
        return detect(text, hint=hint, history=history, room=room, ignore=self._turns.names.words)

    async def _understand(
        self,
        message: ev.ChatMessage,
        asked: Asked,
        lexical: list[tuple[str, float]],
        kind: Triage,
        *,
        id: str,
    ) -> tuple[Understood, list[tuple[str, float]]]:
        """What the line asks, and the scores of meaning it was decided with."""
        semantic = await self._near_attributes(kind, lexical, message.text, asked.lang)
        understood = self._turns.understand(asked, id=id, lexical=lexical, semantic=semantic, kind=kind)
        if asked.text != message.text:
            question = msgspec.structs.replace(understood.question, text=message.text)
            understood = msgspec.structs.replace(understood, question=question)
        return understood, semantic

    async def _near_kinds(
        self, kind: Triage, lexical: Sequence[tuple[str, float]], text: str, lang: str
    ) -> list[tuple[str, float]]:
        """Kinds of lines by meaning; nothing where words decide."""
        if self._kinds is None or not undecided(kind, lexical[0][1] if lexical else 0.0):
            return []
        return without_own(await self._meaning(self._kinds, text, lang), text)

    async def _near_attributes(
        self, kind: Triage, lexical: Sequence[tuple[str, float]], text: str, lang: str
    ) -> list[tuple[str, float]]:
        """What a question may be about, by meaning; nothing where words decide."""
        if self._index is None or kind.intent != "question" or kind.human_check or sure(lexical):
            return []
        bare = self._turns.bare(text, lang)
        if not speaks(bare, lang):
            return []  # "come mai?": question words alone are about nothing
        return await self._meaning(self._index, undrawn(bare), lang)

    async def _meaning(self, index: Meanings, text: str, lang: str) -> list[tuple[str, float]]:
        """Scores of meaning; without the model words alone must do."""
        try:
            async with self._clock.busy(cost_ms=2.0):
                return await index.score(text, lang if lang != "und" else "en")
        except ModelMissing:
            self._index = self._kinds = None
        except ProviderError:
            pass
        return []

    def _asked(self, record: ev.Record, message: ev.ChatMessage, detected: Detected) -> Asked:
        viewer = self._show.viewers.get(message.viewer)
        nameless = message.platform == ASK and message.viewer.startswith(NAMELESS)
        last = viewer.last_question if viewer and not nameless else None
        if last is not None:
            entry = self._show.questions.get(last.id)
            if entry is None or record.at_ms - entry.at_ms > RECENT_MS:
                last = None
        alone = message.platform == ASK
        seen_at = record.at_ms - self._delay_ms.get(message.platform, 0)
        return Asked(
            text=message.text,
            lang=detected.lang,
            wide=detected.confidence < GUESSED,
            market=message.market or (viewer.market if viewer and not alone else None),
            product=message.product,
            pinned=then(self._pins, seen_at),
            rundown=then(self._rundowns, seen_at),
            last=last,
            masked=message.masked,
        )

    def _ask(self, record: ev.Record, message: ev.ChatMessage, question: Question) -> None:
        asker = Asker(
            record.seq, message.viewer, message.name, message.platform, question.lang, question.market,
            message.lane,
        )  # fmt: skip
        same = None
        if message.platform != ASK:
            same = merge.find(
                question,
                self._questions.like(question),
                at_ms=record.at_ms,
                catalogue=self._catalogue,
                replies=self._show.replies,
                changed=self._changed,
                viewer=message.viewer,
                apart=ASK,
            )
        if same is None:
            self._append(ev.QuestionAsked(question=question, asker=asker), record)
            return
        self._append(
            ev.QuestionMerged(
                question_id=same.question_id,
                asker=asker,
                new_language=same.new_language,
                answered=same.answered,
            ),
            record,
        )

    def _close(
        self,
        record: ev.Record,
        detected: Detected,
        kind: Triage,
        *,
        asked: bool,
        intent: str | None = None,
        meaning: Sequence[tuple[str, float]] = (),
        kinds: Sequence[tuple[str, float]] = (),
    ) -> None:
        self._append(
            ev.MessageTriaged(
                lang=detected.lang,
                lang_confidence=detected.confidence,
                intent=intent or kind.intent,
                reason=kind.reason,
                question=asked,
                meaning=tuple(meaning),
                kinds=tuple(kinds),
            ),
            record,
        )
