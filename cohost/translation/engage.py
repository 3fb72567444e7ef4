"""Polls and reviews in the languages of the room, by the room's translators. Whatever has no route, or does
not pass what is checked of every line, stays as it was written and is marked so.

A poll is translated whole or not at all: options in two languages could not be compared. A reader of the log
beside the stages: after a crash it makes what is missing.
"""

from __future__ import annotations

from typing import Literal

from cohost import events as ev
from cohost.common.engage import Engaged
from cohost.common.polls import Poll, key
from cohost.common.written_in import own_language
from cohost.languages import LANGUAGES, base
from cohost.ports import Interpreter, Library, Log, Translated
from cohost.trust.evidence import Review

State = Literal["checked", "unchecked", "original"]


class EngageDesk:
    """One room's. `run` is a service beside the stages."""

    def __init__(self, log: Log, interpreter: Interpreter, library: Library) -> None:
        self._log = log
        self._interpreter = interpreter
        self._library = library
        self._engaged = Engaged()
        self._langs: tuple[str, ...] = ()
        self._pinned: str | None = None

    async def run(self) -> None:
        """Until cancelled. Safe to cancel."""
        self._engaged, self._langs = Engaged(), ()
        history = self._log.records()
        for record in history:
            self._take(record)
        await self._work()
        async for record in self._log.cursor(after=history[-1].seq if history else 0):
            self._take(record)
            if isinstance(record.event, ev.AudienceLanguages | ev.PollOpened | ev.ReviewShown):
                await self._work()

    def _take(self, record: ev.Record) -> None:
        self._engaged.apply(record)
        if isinstance(record.event, ev.AudienceLanguages):
            self._langs = record.event.langs
        elif isinstance(record.event, ev.ProductPinned):
            self._pinned = record.event.product

    async def _work(self) -> None:
        """What is still to be made for the languages that are here."""
        engaged = self._engaged
        for lang in (base(tag) for tag in self._langs):
            if lang not in LANGUAGES:
                continue
            poll, shown = engaged.polling, engaged.review
            if poll is not None and lang not in (*poll.told, base(poll.lang)):
                told = await self._poll(poll, lang)
                poll.told.setdefault(lang, told)  # before it comes back along the log
                self._log.append(told, cause_seq=poll.seq)
            item = self._library.get(shown) if shown else None
            if isinstance(item, Review) and lang not in (*engaged.review_told, _lang(item)):
                review = await self._review(item, lang)
                engaged.review_told.setdefault(lang, review)
                self._log.append(review)

    async def _poll(self, poll: Poll, lang: str) -> ev.PollTranslated:
        made: list[Translated] = []
        for text in (poll.question, *poll.options):
            told = await self._told(text, poll.lang, lang)
            if told.state == "original":
                return ev.PollTranslated(poll_id=poll.id, lang=lang, state="original", reason=told.reason)
            made.append(told)
        options = tuple(told.text for told in made[1:])
        if len({key(option) for option in options}) < len(options):
            return ev.PollTranslated(poll_id=poll.id, lang=lang, state="original", reason="same")
        state: State = "unchecked" if any(told.state == "unchecked" for told in made) else "checked"
        return ev.PollTranslated(
            poll_id=poll.id, lang=lang, question=made[0].text, options=options, state=state
        )

    async def _told(self, text: str, source: str, target: str) -> Translated:
        """A text without words is the same in every language."""
        if not any(c.isalpha() for c in text):
            return Translated(text, target)
        return await self._interpreter.interpret(text, source, target, ours=True, product=self._pinned)

    async def _review(self, item: Review, lang: str) -> ev.ReviewTranslated:
        source = _lang(item)
        told = await self._interpreter.interpret(item.text, source, lang, ours=True, product=item.product)
        return ev.ReviewTranslated(
            evidence_id=item.id, lang=lang, source=source, text=told.text if told.state != "original" else "",
            state=told.state, reason=told.reason,
        )  # fmt: skip


def _lang(item: Review) -> str:
    return own_language(item.text, item.source.lang)
