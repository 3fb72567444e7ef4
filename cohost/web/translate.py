"""A record of the log → the frame each audience gets. One frame a record at most, so that `since`
never falls between two. Chat lines are not here: they go out in batches (`feed`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from cohost import events as ev
from cohost.languages import base
from cohost.ports import Library
from cohost.trust.evidence import MarketFact
from cohost.web import frames as fr
from cohost.web import playing, shapes, views
from cohost.web.offers import fact_view, product_view
from cohost.web.room import ChatLine, RoomState

Audience = Literal["viewer", "host", "operator"]
AUDIENCES: tuple[Audience, ...] = ("viewer", "host", "operator")


class Frames(NamedTuple):
    """What each audience gets for one record; None for nothing. `only`: the viewers whom the viewers' frame
    concerns; None: all of them. A busy room's pages would drown in what became of others' questions.
    `but`: the pages that have it already. `lang`: only viewers' pages in it."""

    viewer: fr.Out | None = None
    host: fr.Out | None = None
    operator: fr.Out | None = None
    only: frozenset[str] | None = None
    but: frozenset[object] = frozenset()
    lang: str | None = None

    def concerns(self, audience: Audience, viewer: str) -> bool:
        """True when the page of this viewer gets its audience's frame."""
        return audience != "viewer" or self.only is None or viewer in self.only


Handlers = dict[type[ev.Event], Callable[["Translator", ev.Record, Any], Frames]]


class Translator:
    """Reads the state, which must already hold the record."""

    def __init__(
        self, state: RoomState, library: Library, today: Callable[[], dt.date], more: Handlers | None = None
    ) -> None:
        """`more`: frames of further events."""
        self.state = state
        self.library = library
        self.today = today
        self._frames = {**_FRAMES, **(more or {})}

    def frames(self, record: ev.Record) -> Frames:
        handler = self._frames.get(type(record.event))
        return handler(self, record, record.event) if handler is not None else Frames()

    def feed(self, lines: Sequence[ChatLine], seq: int, limit: int) -> Frames:
        """One batch at place `seq`; of too many lines the newest `limit` are shown."""
        kept = lines[-limit:]
        at_ms, skipped = lines[-1].at_ms, len(lines) - len(kept)

        def batch(staff: bool) -> fr.ChatMessages:
            items = tuple(self._line(entry, staff) for entry in kept)
            return fr.ChatMessages(seq=seq, at_ms=at_ms, items=items, skipped=skipped)

        for_staff = batch(True)
        return Frames(batch(False), for_staff, for_staff)

    def _line(self, entry: ChatLine, staff: bool) -> shapes.Line:
        host = base(self.library.catalogue.brand.host_lang)
        made = self.state.translations.get((entry.seq, host)) if staff else None
        guessing = self.state.show.engaged.playing is not None
        secret = guessing and not staff and entry.intent == "guess" and not entry.spoken
        told = made.text or None if made else None
        return views.line(entry, staff=staff, translation=told, secret=secret)

    def snapshot(self, audience: Audience, seq: int, at_ms: int, history: int) -> fr.Snapshot:
        """Where the room stands after record `seq`."""
        state, staff = self.state, audience != "viewer"
        lines = [entry for entry in list(state.lines.values())[-history:] if entry.seq <= seq]
        posted = [entry for entry in list(state.replies.values())[-history:] if entry.seq <= seq]
        kept = set(sorted([e.seq for e in lines] + [e.seq for e in posted])[-history:])
        pinned = product_view(self.library, state.show, state.show.pinned, self.today())
        common = fr.Snapshot(
            seq=seq, at_ms=at_ms, product=pinned, play=playing.play(state.show, self.library, staff=staff),
            messages=tuple(self._line(e, staff) for e in lines if e.seq in kept),
            replies=tuple(
                views.reply(state, self.library, e, staff=staff) for e in posted if e.seq in kept
            ),
        )  # fmt: skip
        return self._with_staff(common, audience, history) if staff else common

    def _with_staff(self, common: fr.Snapshot, audience: Audience, history: int) -> fr.Snapshot:
        show, catalogue = self.state.show, self.library.catalogue
        waiting = [e for e in show.replies.values() if e.state in ("drafted", "withheld", "unknown")]
        drafts = tuple(views.draft(self.state, e) for e in waiting[-history:])
        return fr.Snapshot(
            seq=common.seq, at_ms=common.at_ms, messages=common.messages, replies=common.replies,
            product=common.product, play=common.play,
            facts=tuple(fact_view(e) for e in show.facts.values()),
            rundown=show.rundown,
            autonomy=show.autonomy.room, autonomy_rules=views.autonomy_rules(show.autonomy),
            platforms=tuple(views.platform(p) for p in show.platforms.values()),
            questions=tuple(views.question(e, catalogue) for e in list(show.questions.values())[-history:]),
            drafts=drafts if audience == "operator" else (),
            held=tuple(views.held(self.library, i, show.releases.get(i)) for i in sorted(show.held)),
            released=tuple(
                views.held(self.library, i, e)
                for i, e in list(show.releases.items())[-history:]
                if e.state == "approved"
            ),
        )  # fmt: skip

    def question(self, question_id: str | None) -> shapes.QuestionView | None:
        entry = self.state.show.questions.get(question_id or "")
        return views.question(entry, self.library.catalogue) if entry is not None else None

    def question_state(self, record: ev.Record, question_id: str) -> Frames:
        """Who asked it hears of states they may know; staff sees the question."""
        entry = self.state.show.questions.get(question_id)
        if entry is None:
            return Frames()
        messages = tuple(asker.message_seq for asker in entry.askers)

        def frame(state: str, view: shapes.QuestionView | None) -> fr.QuestionState:
            return fr.QuestionState(
                seq=record.seq, at_ms=record.at_ms, question_id=question_id, state=state,
                messages=messages, question=view,
            )  # fmt: skip

        for_staff = frame(entry.state, views.question(entry, self.library.catalogue))
        askers = frozenset(asker.viewer for asker in entry.askers)
        return Frames(frame(views.shown_state(entry.state), None), for_staff, for_staff, askers)

    def gate_shut(self, product: str | None, market: str | None) -> bool:
        """True where no price may be told: not for that product and market, or not for all of them."""
        view = product_view(self.library, self.state.show, product, self.today())
        if view is None:
            return product is not None
        offers = [o for o in view.offers if market in (None, o.market)]
        return any(not o.ships for o in offers)


def _staff(frame: fr.Out) -> Frames:
    return Frames(None, frame, frame)


# ── one function an event ───────────────────────────────────────────────────────────────────────
def _asked(t: Translator, r: ev.Record, e: ev.QuestionAsked) -> Frames:
    return t.question_state(r, e.question.id)


def _about_question(
    t: Translator,
    r: ev.Record,
    e: ev.QuestionMerged | ev.QuestionExpired | ev.OperatorAnswered | ev.QuestionClosed,
) -> Frames:
    return t.question_state(r, e.question_id)


def _decided(t: Translator, r: ev.Record, e: ev.DecisionMade) -> Frames:
    frames = t.question_state(r, e.question_id)
    entry = t.state.show.replies.get(e.reply_id)
    if entry is None:
        return frames
    drafted = fr.ReplyDrafted(
        seq=r.seq, at_ms=r.at_ms, draft=views.draft(t.state, entry), question=t.question(e.question_id)
    )
    return frames._replace(operator=drafted)


def _reply_state(t: Translator, r: ev.Record, e: Any) -> Frames:
    entry = t.state.show.replies.get(e.reply_id)
    question_id = entry.question_id if entry else None
    state = fr.ReplyState(
        seq=r.seq, at_ms=r.at_ms, reply_id=e.reply_id, state=entry.state if entry else r.kind.split(".")[1],
        rule=getattr(e, "rule", None) or getattr(e, "overrode", None), words=getattr(e, "words", ""),
        message=getattr(e, "message", ""), by=getattr(e, "by", ""), signed=getattr(e, "signed", None),
        question=t.question(question_id),
    )  # fmt: skip
    if question_id and isinstance(e, ev.ReplyRejected | ev.ReplyFailed):
        return t.question_state(r, question_id)._replace(host=state, operator=state)
    return _staff(state)


def _posted(t: Translator, r: ev.Record, e: ev.ReplyPosted) -> Frames:
    entry = t.state.show.questions.get(e.question_id or "")

    def frame(staff: bool) -> fr.ReplyPosted:
        question_state: str | None = entry.state if entry else None
        if question_state is not None and not staff:
            question_state = views.shown_state(question_state)
        return fr.ReplyPosted(
            seq=r.seq, at_ms=r.at_ms, reply_id=e.reply_id, text=e.text, lang=e.lang,
            in_reply_to=e.in_reply_to, citations=views.citations(t.library, e.citations, staff=staff),
            asked=views.asked(t.state, e.in_reply_to), question_id=e.question_id,
            question_state=question_state, corrects=e.corrects, pointer_to=e.pointer_to,
            by=views.author(t.state, e.reply_id),
            **(views.approval(t.state, e.reply_id) if staff else {}),
        )  # fmt: skip

    for_staff = frame(True)
    return Frames(frame(False), for_staff, for_staff)


def _retracted(t: Translator, r: ev.Record, e: ev.ReplyRetracted) -> Frames:
    plain = fr.ReplyRetracted(seq=r.seq, at_ms=r.at_ms, reply_id=e.reply_id)
    full = fr.ReplyRetracted(
        seq=r.seq,
        at_ms=r.at_ms,
        reply_id=e.reply_id,
        reason=e.reason,
        correction=e.correction,
        by=e.by,
        signed=e.signed,
    )
    return Frames(plain, full, full)


def _pinned(t: Translator, r: ev.Record, e: ev.ProductPinned) -> Frames:
    view = product_view(t.library, t.state.show, e.product, t.today())
    plain = fr.ProductPinned(seq=r.seq, at_ms=r.at_ms, product=view)
    full = fr.ProductPinned(seq=r.seq, at_ms=r.at_ms, product=view, by=e.by, signed=e.signed)
    return Frames(plain, full, full)


def _rundown(t: Translator, r: ev.Record, e: ev.RundownSet) -> Frames:
    view = product_view(t.library, t.state.show, t.state.show.pinned, t.today())
    for_staff = fr.Rundown(seq=r.seq, at_ms=r.at_ms, items=e.items, by=e.by, signed=e.signed)
    viewers = fr.ProductPinned(seq=r.seq, at_ms=r.at_ms, product=view) if view is not None else None
    return Frames(viewers, for_staff, for_staff)


def _prompt(t: Translator, r: ev.Record, e: ev.PromptMade) -> Frames:
    return _staff(
        fr.Prompt(
            seq=r.seq, at_ms=r.at_ms, question_id=e.question_id, text=e.text, lang=e.lang,
            citations=views.citations(t.library, e.citations, staff=True),
        )
    )  # fmt: skip


def _claim(t: Translator, r: ev.Record, e: ev.HostChecked | ev.HostCorrected) -> Frames:
    claim = t.state.claims.get(e.message_seq)
    if claim is None or claim.rule is None:
        return Frames()
    line = t.state.lines.get(e.message_seq)
    return _staff(
        fr.HostClaim(
            seq=r.seq, at_ms=r.at_ms, message_seq=e.message_seq, rule=claim.rule, words=claim.words,
            text=line.event.text if line else "", message=claim.message, right=claim.right, lang=claim.lang,
            citations=claim.citations, corrected=e.message_seq in t.state.corrected,
        )
    )  # fmt: skip


def _fact(t: Translator, r: ev.Record, e: ev.FactChanged) -> Frames:
    pinned = t.state.show.pinned
    view = None
    if pinned is not None and e.product in (None, pinned):
        view = product_view(t.library, t.state.show, pinned, t.today())
    fact = fact_view(e)
    shut = e.attribute == "price" and t.gate_shut(e.product, e.market)
    shown = msgspec.structs.replace(fact, value=None) if shut else fact
    plain = fr.FactChanged(seq=r.seq, at_ms=r.at_ms, fact=shown, product_view=view)
    full = fr.FactChanged(seq=r.seq, at_ms=r.at_ms, fact=fact, product_view=view, by=e.by, signed=e.signed)
    return Frames(plain, full, full)


def _autonomy(t: Translator, r: ev.Record, e: ev.AutonomySet | ev.OperatorPresence) -> Frames:
    known = t.state.show.autonomy
    return _staff(
        fr.AutonomyFrame(
            seq=r.seq,
            at_ms=r.at_ms,
            level=known.room,
            by=getattr(e, "by", ""),
            signed=getattr(e, "signed", None),
            rules=views.autonomy_rules(known),
            attended=known.attended,
        )
    )


def _platform(t: Translator, r: ev.Record, e: ev.PlatformState) -> Frames:
    return _staff(fr.PlatformFrame(seq=r.seq, at_ms=r.at_ms, platform=views.platform(e)))


def _released(t: Translator, r: ev.Record, e: ev.EvidenceReleased) -> Frames:
    view = views.held(t.library, e.evidence_id)
    for_staff = fr.EvidenceReleased(
        seq=r.seq, at_ms=r.at_ms, id=e.evidence_id, state=e.state, by=e.by, signed=e.signed,
        document=view.document, quote=view.quote, page=view.page,
    )  # fmt: skip
    item, pinned = t.library.get(e.evidence_id), t.state.show.pinned
    if isinstance(item, MarketFact) and pinned is not None and item.product in (None, pinned):
        offers = product_view(t.library, t.state.show, pinned, t.today())
        return Frames(fr.ProductPinned(seq=r.seq, at_ms=r.at_ms, product=offers), for_staff, for_staff)
    return _staff(for_staff)


def translation(e: ev.TranslationMade, seq: int, at_ms: int) -> Frames:
    """What viewers say is translated for the staff alone."""
    common = fr.Translation(
        seq=seq, at_ms=at_ms, message_seq=e.message_seq, lang=e.target, source=e.lang, text=e.text,
        state=e.state, reason=e.reason, reply_id=e.reply_id,
    )  # fmt: skip
    full = msgspec.structs.replace(common, words=e.words, by=e.by)
    return Frames(None if e.viewer else common, full, full, lang=e.target)


def _translated(t: Translator, r: ev.Record, e: ev.TranslationMade) -> Frames:
    return translation(e, r.seq, r.at_ms)


def _stopped(t: Translator, r: ev.Record, e: ev.OperatorStopped) -> Frames:
    return _staff(fr.Stopped(seq=r.seq, at_ms=r.at_ms, by=e.by, signed=e.signed))


def _fault(t: Translator, r: ev.Record, e: ev.FaultRaised) -> Frames:
    return _staff(fr.Fault(seq=r.seq, at_ms=r.at_ms, where=e.where, message=e.message))


_FRAMES: Handlers = {
    ev.QuestionAsked: _asked, ev.QuestionMerged: _about_question, ev.QuestionExpired: _about_question,
    ev.DecisionMade: _decided, ev.ReplyApproved: _reply_state, ev.ReplyRejected: _reply_state,
    ev.ReplyWithheld: _reply_state, ev.ReplySending: _reply_state, ev.ReplyFailed: _reply_state,
    ev.ReplyUnknown: _reply_state, ev.ReplyPosted: _posted, ev.ReplyRetracted: _retracted,
    ev.HostChecked: _claim, ev.HostCorrected: _claim,
    ev.QuestionClosed: _about_question, ev.PromptMade: _prompt, ev.RundownSet: _rundown,
    ev.ProductPinned: _pinned, ev.FactChanged: _fact, ev.AutonomySet: _autonomy,
    ev.OperatorPresence: _autonomy, ev.PlatformState: _platform,
    ev.EvidenceReleased: _released, ev.OperatorStopped: _stopped, ev.OperatorAnswered: _about_question,
    ev.FaultRaised: _fault, ev.TranslationMade: _translated,
}  # fmt: skip
