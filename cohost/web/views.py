"""The room's state as pages are shown it: one function a view. Reads, never changes.

`staff` views hold what viewers must not see: glosses, drafts, notes, intents, held evidence.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from cohost import events as ev
from cohost.common.autonomy import Autonomy
from cohost.common.catalogue import Catalogue
from cohost.common.people import POSTS
from cohost.common.question import Citation
from cohost.common.show import QuestionEntry, ReplyEntry
from cohost.ports import Library
from cohost.trust.attributes import display_name
from cohost.web.room import ChatLine, Posted, RoomState
from cohost.web.shapes import (
    Asked,
    AutonomyRule,
    Done,
    DraftView,
    HeldView,
    Line,
    PlatformView,
    QuestionView,
    ReplyView,
    Sentence,
)

QUOTED = 3  # askers quoted on a reply
QUOTE_CHARS = 160

_SHOWN_STATE = {
    "open": "open", "drafted": "open", "answered": "answered", "declined": "declined",
    "escalated": "escalated", "held": "held",
}  # fmt: skip


def autonomy_rules(known: Autonomy) -> tuple[AutonomyRule, ...]:
    return tuple(AutonomyRule(level, intent, lang) for (intent, lang), level in known.rules.items())


def platform(event: ev.PlatformState) -> PlatformView:
    return PlatformView(event.platform, event.state, event.message)


def shown_state(state: str) -> str:
    """A question's state as viewers may know it: open, held, answered, declined, escalated, closed."""
    return _SHOWN_STATE.get(state, "closed")


def line(entry: ChatLine, *, staff: bool, translation: str | None = None, secret: bool = False) -> Line:
    """`secret`: its words are kept from viewers for now."""
    event = entry.event
    return Line(
        seq=entry.seq, at_ms=entry.at_ms, name=event.name, text="" if secret else event.text, guess=secret,
        lang=entry.lang or event.lang_hint or "und", role=event.role, platform=event.platform,
        client_id=event.client_id, market=event.market if staff else None,
        intent=entry.intent if staff else None, spoken=entry.spoken,
        viewer=event.viewer if entry.spoken else None, translation=translation if staff else None,
    )  # fmt: skip


def asked(state: RoomState, seqs: Iterable[int]) -> tuple[Asked, ...]:
    """The first lines a reply answers, shortened, as far as they are still remembered."""
    found = (state.lines.get(seq) for seq in seqs)
    lines = [entry for entry in found if entry is not None][:QUOTED]
    return tuple(
        Asked(
            seq=entry.seq, name=entry.event.name, text=_short(entry.event.text),
            lang=entry.lang or entry.event.lang_hint or "und",
        )
        for entry in lines
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= QUOTE_CHARS else text[: QUOTE_CHARS - 1].rstrip() + "…"


def citations(library: Library, cited: Iterable[Citation], *, staff: bool) -> tuple[Citation, ...]:
    """As on the reply; an item that may only be named keeps its quote to itself."""
    if staff:
        return tuple(cited)
    shown = []
    for citation in cited:
        item = library.get(citation.id)
        hidden = item is not None and item.visibility == "cite"
        shown.append(msgspec.structs.replace(citation, quote="") if hidden else citation)
    return tuple(shown)


def author(state: RoomState, reply_id: str) -> str:
    """ "operator" for a person's own words, else "cohost"."""
    entry = state.show.replies.get(reply_id)
    return "operator" if entry is not None and entry.draft.by == "operator" else "cohost"


def approval(state: RoomState, reply_id: str) -> dict[str, Any]:
    """Who of the staff approved it, as fields of a view or frame; nothing where cohost went alone."""
    entry = state.show.replies.get(reply_id)
    if entry is None or entry.approved_by.partition(":")[0] not in POSTS or entry.draft.by == "operator":
        return {}
    return {"approved_by": entry.approved_by, "signed": entry.signed}


def _retraction(entry: ReplyEntry | None) -> Done | None:
    event = entry.retraction if entry is not None else None
    return Done(event.by, event.signed) if event is not None else None


def reply(state: RoomState, library: Library, posted: Posted, *, staff: bool) -> ReplyView:
    event = posted.event
    entry = state.show.replies.get(event.reply_id)
    return ReplyView(
        seq=posted.seq, at_ms=posted.at_ms, reply_id=event.reply_id, text=event.text, lang=event.lang,
        in_reply_to=event.in_reply_to, citations=citations(library, event.citations, staff=staff),
        asked=asked(state, event.in_reply_to), question_id=event.question_id, corrects=event.corrects,
        pointer_to=event.pointer_to, by=author(state, event.reply_id),
        retracted=entry is not None and entry.state == "retracted",
        retraction=_retraction(entry) if staff else None,
        **(approval(state, event.reply_id) if staff else {}),
    )  # fmt: skip


def question(entry: QuestionEntry, catalogue: Catalogue) -> QuestionView:
    """For staff: what was asked, by how many, in which languages, and what it means."""
    asked_in = tuple(dict.fromkeys(asker.lang for asker in entry.askers))
    found = entry.question
    return QuestionView(
        question_id=found.id, state=entry.state, at_ms=entry.at_ms, count=len(entry.askers),
        messages=tuple(asker.message_seq for asker in entry.askers), languages=asked_in,
        text=found.text, lang=found.lang, gloss=entry.gloss or gloss(entry, catalogue),
        intent=found.intent, product=found.product, market=found.market,
        asker=entry.askers[0].name if entry.askers else None,
    )  # fmt: skip


def gloss(entry: QuestionEntry, catalogue: Catalogue) -> str:
    """What the question is about in the host's language, before a decision says it better."""
    host = catalogue.brand.host_lang
    found = entry.question
    about = " / ".join(display_name(attribute, host) for attribute in found.attributes[:2])
    product = catalogue.product(found.product)
    named = product.name if product else ""
    return " · ".join(part for part in (about, named, found.market or "") if part)


def draft(state: RoomState, entry: ReplyEntry) -> DraftView:
    """A draft with its evidence and the guard's verdict on each sentence."""
    sentences = tuple(
        Sentence(
            text=s.text, verdict=s.verdict, evidence=s.evidence, rule=s.rule, words=s.words, by=s.by
        )
        for s in state.sentences.get(entry.reply_id, ())
    )  # fmt: skip
    made = entry.draft
    return DraftView(
        reply_id=entry.reply_id, question_id=entry.question_id, state=entry.state, action=made.action,
        reason=made.reason, lang=made.lang, text=entry.text or made.text, at_ms=entry.at_ms,
        citations=made.citations, by=made.by, needs_approval=entry.needs_approval,
        notify_host=made.notify_host, host_note=made.host_note, rule=entry.rule or made.rule,
        sentences=sentences,
    )  # fmt: skip


def held(library: Library, evidence_id: str, decided: ev.EvidenceReleased | None = None) -> HeldView:
    item = library.get(evidence_id)
    by, signed = (decided.by, decided.signed) if decided is not None else ("", None)
    if item is None:
        return HeldView(id=evidence_id, by=by, signed=signed)
    source = item.source
    return HeldView(
        id=evidence_id, document=source.document, quote=source.quote, page=source.page, by=by, signed=signed
    )
