"""Games along the log: each guess is judged once, in the order of the lines; a game ends by itself when its
winners stand or its time is up; what waited for it, or for a collection, is released.

A reader of the log beside the stages. All it knows is folded from the log: after a crash it judges what was
not judged and ends what was to end.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Protocol

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.engage import Engaged
from cohost.common.games import Game, seen_at
from cohost.errors import ModelMissing, ProviderError
from cohost.languages import LANGUAGES, base
from cohost.ports import Log
from cohost.trust.guesses import Verdict, judge, judge_meaning, rows

TICK_MS = 100
PATIENCE_MS = 5_000
"""A line that nobody has read so long after it came holds up no game."""
MOST_OPEN = 20_000

Rows = Callable[[str], list[tuple[str, str]]]


class Meaning(Protocol):
    """How near a text is to named phrases: (name, 0..1), best first."""

    async def score(self, text: str, lang: str) -> list[tuple[str, float]]: ...


class GameDesk:
    """One room's. `run` and `tick` are services beside the stages."""

    def __init__(
        self,
        log: Log,
        clock: Clock,
        *,
        delays_ms: Mapping[str, int] | None = None,
        meaning: Callable[[Rows], Meaning] | None = None,
        judges: bool = True,
    ) -> None:
        """`delays_ms`: how much later a platform shows the show; `meaning`: what judges words that no table
        knows, None where there is no embedder; `judges` False: guesses and ends come from a recorded show."""
        self._judges = judges
        self._log = log
        self._clock = clock
        self._delays = dict(delays_ms or {})
        self._meaning = meaning
        self._judging: tuple[str, Meaning] | None = None
        self._engaged = Engaged()
        self._own: set[int] = set()
        self._lines: OrderedDict[int, tuple[int, ev.ChatMessage]] = (
            OrderedDict()
        )  # not read or not judged yet
        self._carried: set[str] = set()  # platforms that show the show now

    async def run(self) -> None:
        """Until cancelled. Safe to cancel: what was not written down is judged again."""
        self._engaged, self._own, self._lines = Engaged(), set(), OrderedDict()
        history = self._log.records()
        ready: list[tuple[int, ev.MessageTriaged]] = []
        for record in history:
            triaged = self._take(record)
            if triaged is not None:
                ready.append(triaged)
        for seq, event in ready:
            await self._judge(seq, event)
        self._release()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tick())
            async for record in self._log.cursor(after=history[-1].seq if history else 0):
                triaged = self._take(record)
                if triaged is not None:
                    await self._judge(*triaged)
                if isinstance(record.event, ev.GameEnded | ev.CollectionClosed | ev.QuestionHeld):
                    self._release()
                self._end()

    async def _tick(self) -> None:
        while True:
            await self._clock.sleep(TICK_MS)
            self._end()

    # ── reading the log ──
    def _take(self, record: ev.Record) -> tuple[int, ev.MessageTriaged] | None:
        """Fold a record; a line that may be a guess comes back with what it was read as."""
        event, cause = record.event, record.cause_seq or 0
        if record.seq in self._own:
            self._own.discard(record.seq)
        else:
            self._engaged.apply(record)
        if isinstance(event, ev.GameStarted):
            self._lines.clear()
        line = ev.line_of(event)
        if line is not None:
            if line.platform in self._delays:
                self._carried.add(line.platform)
            if self._engaged.playing is not None and line.role == "viewer":
                self._lines[record.seq] = (record.at_ms, line)
                while len(self._lines) > MOST_OPEN:
                    self._lines.popitem(last=False)
        elif isinstance(event, ev.PlatformState):
            (self._carried.add if event.state == "live" else self._carried.discard)(event.platform)
        elif isinstance(event, ev.GuessJudged):
            self._lines.pop(event.message_seq, None)
        elif cause in self._lines and isinstance(event, ev.FaultRaised):
            self._lines.pop(cause)
        elif cause in self._lines and isinstance(event, ev.MessageTriaged):
            if event.intent == "guess":
                return cause, event
            self._lines.pop(cause)
        return None

    def _append(self, event: ev.Event, cause_seq: int | None, turn_id: str | None = None) -> None:
        written = self._log.append(event, cause_seq=cause_seq, turn_id=turn_id)
        self._own.add(written.seq)
        self._engaged.apply(written)

    # ── judging ──
    async def _judge(self, seq: int, read: ev.MessageTriaged) -> None:
        game = self._engaged.playing
        at_ms, line = self._lines.get(seq, (0, None))
        if game is None or line is None or not self._judges:
            return
        seen = seen_at(at_ms, self._delays.get(line.platform, 0), game.at_ms)
        if game.counts(line.viewer, seen):
            verdict = await self._verdict(game, line.text, read.lang)
            if verdict in ("right", "wrong") and game.running:
                told = ev.GuessJudged(
                    game_id=game.id, message_seq=seq, viewer=line.viewer, right=verdict == "right",
                    seen_ms=seen, name=line.name, platform=line.platform, lang=read.lang,
                )  # fmt: skip
                self._append(told, seq)
        self._lines.pop(seq, None)

    async def _verdict(self, game: Game, text: str, lang: str) -> Verdict:
        found = judge(text, lang, game.fact).verdict
        if found != "unread" or self._meaning is None:
            return found
        if self._judging is None or self._judging[0] != game.id:
            fact = game.fact
            self._judging = (game.id, self._meaning(lambda tag: rows(fact, tag)))
        with contextlib.suppress(ProviderError, ModelMissing):
            tag = lang if base(lang) in LANGUAGES else "en"
            async with self._clock.busy(cost_ms=5):
                return judge_meaning(await self._judging[1].score(text, tag), game.fact)
        return ""

    # ── ending ──
    def _end(self) -> None:
        game = self._engaged.playing
        if game is None or not self._judges:
            return
        now = self._clock.now_ms()
        longest = max((self._delays.get(name, 0) for name in self._carried), default=0)
        reason = game.over(now, longest)
        if reason and not self._unread(now):
            ended = ev.GameEnded(
                game_id=game.id, reason=reason, winners=game.winners(), guesses=len(game.guesses),
                right=game.right(),
            )  # fmt: skip
            self._append(ended, game.seq)

    def _unread(self, now_ms: int) -> bool:
        """Lines that came before now and are still to be read or judged may yet be the first."""
        return any(now_ms - at_ms < PATIENCE_MS for at_ms, _ in self._lines.values())

    def _release(self) -> None:
        """Whatever waits for a game or a collection that is over."""
        game, gathered = self._engaged.playing, self._engaged.collection
        open_now = {game.id if game else None, gathered.id if gathered else None}
        for question_id, until in list(self._engaged.held.items()):
            if until not in open_now:
                self._append(ev.QuestionReleased(question_id=question_id, by=until), None, question_id)
