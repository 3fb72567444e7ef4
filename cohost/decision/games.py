"""How a game ends: what the evidence says, as one guarded sentence in each language.

Who reads a language that the composer has no frames for gets English, as in every answer.
"""

from __future__ import annotations

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.engage import Engaged
from cohost.common.games import Game
from cohost.common.question import Citation, Question
from cohost.decision.desk import Desk
from cohost.languages import LANGUAGES
from cohost.ports import Library, Log

PAUSE_MS = 5
"""Between two languages: the room goes on meanwhile."""


class GameTeller:
    """`game.ended` → `game.told`. Implements cohost.stage.Stage."""

    name = "games"
    handles: tuple[type[ev.Event], ...] = (ev.GameEnded,)
    closes: tuple[type[ev.Event], ...] = (ev.GameTold,)
    width = 1

    def __init__(self, log: Log, clock: Clock, library: Library, desk: Desk) -> None:
        self._log = log
        self._clock = clock
        self._library = library
        self._desk = desk
        self._engaged = Engaged()
        self._langs: tuple[str, ...] = ()

    def observe(self, record: ev.Record) -> None:
        self._engaged.apply(record)
        if isinstance(record.event, ev.AudienceLanguages):
            self._langs = record.event.langs

    async def handle(self, record: ev.Record) -> None:
        event, game = record.event, self._engaged.game
        if not isinstance(event, ev.GameEnded) or game is None or game.id != event.game_id:
            return
        told: dict[str, str] = {}
        citations: tuple[Citation, ...] = ()
        host = self._library.catalogue.brand.host_lang
        first = dict.fromkeys((host, *self._langs, *self._library.catalogue.languages(), "en"))
        for lang in dict.fromkeys((*(tag for tag in first if tag in LANGUAGES), *LANGUAGES)):
            draft = self._desk.compose(_asks(game, lang), (game.fact,), lang).draft
            if draft.action == "answer" and draft.text:
                told[lang] = draft.text
                citations = citations or draft.citations
            await self._clock.sleep(PAUSE_MS)
        self._log.append(ev.GameTold(game_id=game.id, told=told, citations=citations), cause_seq=record.seq)


def _asks(game: Game, lang: str) -> Question:
    """What the game asked, for the composer: of that model, where the fact is one model's."""
    fact = game.fact
    return Question(
        id=game.id, text="", lang=lang, intent=f"question.{fact.attribute}", attributes=(fact.attribute,),
        products=(game.product,), model=fact.models[0] if len(fact.models) == 1 else None, confidence=1.0,
    )  # fmt: skip
