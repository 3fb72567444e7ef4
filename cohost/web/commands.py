"""What a page asks for → events on the log. Each either appends, or answers with one clear error.

The state is synced before each decision, so of two operators pressing a key only the first acts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from cohost import events as ev
from cohost.common.catalogue import Slot
from cohost.common.people import ALOUD, LOWERS, Holder, Signature, allowed
from cohost.common.question import Question
from cohost.common.show import QuestionEntry, ReplyEntry
from cohost.common.written_in import written_in
from cohost.errors import WireError
from cohost.languages import LANGUAGES, base
from cohost.trust.evidence import Evidence
from cohost.trust.guard import GuardContext, Verdict, check
from cohost.web import frames as fr
from cohost.web import inbound, play_commands, shapes
from cohost.web.facts import fact_changed
from cohost.web.hub import Hub

ABSOLUTE = "R16"
"""Safety-critical: no override."""
_SENTENCE = re.compile(r"(?<=[.!?؟।])\s+|(?<=[。！？])|\n+")


class Warned(WireError):
    """The guard objects to a person's words; an override sends them unless `rule` is absolute."""

    def __init__(self, verdict: Verdict) -> None:
        absolute = verdict.rule == ABSOLUTE
        super().__init__(
            "guard_blocked" if absolute else "guard_warning",
            verdict.message or f"rule {verdict.rule}: {verdict.words}",
        )
        self.rule = verdict.rule
        self.words = verdict.words


@dataclass(frozen=True)
class Sender:
    """Who sent the frame: from the connection, never from the frame."""

    role: shapes.Role
    viewer: str
    name: str
    lang: str
    market: str | None
    signed: Signature | None = None  # whose own token it was

    @property
    def post(self) -> Holder:
        """The row of the table of rights."""
        return self.signed.role if self.signed else self.role

    @property
    def by(self) -> str:
        """How events name a person of the staff."""
        return f"{self.post}:{self.name}" if self.name else self.post


class Commands:
    """`do` handles one frame of one sender; a connection's own sound is its `Lane`'s. Raises WireError."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.room = hub.room

    def do(self, frame: inbound.In, sender: Sender) -> fr.Out | None:
        """The frame to answer with, None when the room's own frames say enough."""
        if not inbound.may_send(sender.post, frame):
            kind = inbound.kind(frame)
            who = f"{sender.signed.name}, {sender.post}" if sender.signed else f"a {sender.post}"
            raise WireError("forbidden", f"got {kind} from {who}; expected it from: {allowed(kind)}")
        self.hub.sync()
        handler: Callable[[Commands, Any, Sender], fr.Out | None] = _DO[type(frame)]
        return handler(self, frame, sender)

    def append(self, event: ev.Event, reply: ReplyEntry | None = None) -> None:
        if reply is None:
            self.room.log.append(event)
        else:
            self.room.log.append(event, turn_id=reply.question_id, cause_seq=reply.seq)

    # ── viewers ──
    def chat(self, frame: inbound.ChatMessage, sender: Sender) -> fr.Out:
        record = self.room.inlet.submit(
            frame.text, viewer=sender.viewer, name=sender.name, role=sender.role,
            lang_hint=sender.lang or None, market=sender.market, client_id=frame.client_id,
        )  # fmt: skip
        return fr.ChatAccepted(
            seq=self.hub.sent, at_ms=self.hub.now_ms(), message_seq=record.seq, client_id=frame.client_id
        )

    # ── the floor ──
    def give(self, frame: inbound.FloorGive, sender: Sender) -> None:
        if self.room.microphones is None:
            raise WireError("not_available", "got floor.give, expected none: this room answers in writing")
        if (
            not self.room.microphones.give(frame.viewer, sender.by, sender.signed)
            and frame.viewer is not None
        ):
            raise WireError(
                "unknown_viewer", f"got {frame.viewer!r}, expected a viewer who speaks or waits to"
            )

    # ── the show ──
    def stop(self, frame: inbound.SpeechStop, sender: Sender) -> None:
        self.append(ev.OperatorStopped(by=sender.by, signed=sender.signed))

    def pin(self, frame: inbound.ProductPin, sender: Sender) -> None:
        known = [product.id for product in self.room.library.catalogue.products]
        if frame.product is not None and frame.product not in known:
            raise WireError(
                "unknown_product", f"got {frame.product!r}, expected one of: {', '.join(known[:20])} or null"
            )
        self.append(ev.ProductPinned(product=frame.product, by=sender.by, signed=sender.signed))

    def rundown(self, frame: inbound.RundownSet, sender: Sender) -> None:
        known = [product.id for product in self.room.library.catalogue.products]
        numbers: set[int] = set()
        for item in frame.items:
            if item.product not in known:
                told = ", ".join(known[:20])
                raise WireError("unknown_product", f"got {item.product!r}, expected one of: {told}")
            if item.number in numbers:
                raise WireError("bad_rundown", f"got link number {item.number} twice, expected each once")
            numbers.add(item.number)
        items = tuple(Slot(item.number, item.product) for item in frame.items)
        self.append(ev.RundownSet(items=items, by=sender.by, signed=sender.signed))

    def autonomy(self, frame: inbound.AutonomySet, sender: Sender) -> None:
        if frame.level is None and frame.intent is None and frame.lang is None:
            raise WireError("bad_frame", "got level null for the room, expected watch, suggest, post or full")
        if frame.lang is not None and base(frame.lang) not in LANGUAGES:
            raise WireError("bad_lang", f"got lang {frame.lang!r}, expected one of: {', '.join(LANGUAGES)}")
        lang = base(frame.lang) if frame.lang else None
        raised = self.hub.state.show.autonomy.raised_by(frame.level, frame.intent, lang)
        if raised and sender.post in LOWERS:
            told = f"got autonomy.set that lets cohost go further, from {sender.post}"
            raise WireError("forbidden", f"{told}; expected a lower level: an operator may raise it")
        self.append(
            ev.AutonomySet(
                level=frame.level, by=sender.by, signed=sender.signed, intent=frame.intent, lang=lang
            )
        )

    def fact(self, frame: inbound.FactSet, sender: Sender) -> None:
        clock, catalogue = self.room.clock, self.room.library.catalogue
        event = fact_changed(frame, catalogue, clock.today(), by=sender.role)  # it may be quoted to viewers
        self.append(msgspec.structs.replace(event, signed=sender.signed))

    def evidence(self, frame: inbound.EvidenceApprove | inbound.EvidenceHold, sender: Sender) -> None:
        item = self.room.library.get(frame.id)
        if item is None:
            raise WireError("unknown_evidence", f"got {frame.id!r}, expected the id of an evidence item")
        if item.release == "internal":
            raise WireError("internal", f"got {frame.id}, which is internal: it never goes on air")
        state: Literal["approved", "held"] = "held"
        if isinstance(frame, inbound.EvidenceApprove):
            state = "approved"
        self.append(
            ev.EvidenceReleased(evidence_id=frame.id, state=state, by=sender.by, signed=sender.signed)
        )
        if state == "held" and frame.id == self.hub.state.show.engaged.review:
            self.append(ev.ReviewShown(evidence_id=None, by=sender.by, signed=sender.signed))

    # ── replies ──
    def approve(self, frame: inbound.ReplyApprove, sender: Sender) -> None:
        reply = self._drafted(frame.reply_id)
        self._keeps_secret(reply)
        if frame.text is not None and frame.text.strip() != reply.draft.text:
            self._edit(reply, frame.text, frame.override, sender)
        else:
            self.append(
                ev.ReplyApproved(
                    reply_id=reply.reply_id, text=reply.draft.text, by=sender.by, signed=sender.signed
                ),
                reply,
            )

    def edit(self, frame: inbound.ReplyEdit, sender: Sender) -> None:
        reply = self._drafted(frame.reply_id)
        self._keeps_secret(reply)
        self._edit(reply, frame.text, frame.override, sender)

    def reject(self, frame: inbound.ReplyReject, sender: Sender) -> None:
        reply = self._drafted(frame.reply_id)
        self.append(ev.ReplyRejected(reply_id=reply.reply_id, by=sender.by, signed=sender.signed), reply)

    def _edit(self, reply: ReplyEntry, words: str, override: bool, sender: Sender) -> None:
        text = _words(words)
        cited = self._cited(reply)
        overrode = self.guard(text, cited, reply.draft.lang, reply.question_id, override)
        self.append(
            ev.ReplyApproved(
                reply_id=reply.reply_id, text=text, by=sender.by, signed=sender.signed, overrode=overrode
            ),
            reply,
        )

    def retract(self, frame: inbound.ReplyRetract, sender: Sender) -> None:
        reply = self._reply(frame.reply_id, ("posted", "approved", "sending", "unknown"))
        overrode = None
        correction = frame.correction.strip()
        if correction:
            cited = [item for item in self._found(reply.question_id) if item not in self._cited(reply)]
            lang = reply.draft.lang
            overrode = self.guard(correction, cited, lang, reply.question_id, frame.override)
        self.append(
            ev.ReplyRetracted(
                reply_id=reply.reply_id, reason=frame.reason.strip(), correction=correction, by=sender.by,
                signed=sender.signed, overrode=overrode,
            ),
            reply,
        )  # fmt: skip
        for citation in reply.draft.citations:
            if citation.id not in self.hub.state.show.held:
                self.append(
                    ev.EvidenceReleased(
                        evidence_id=citation.id, state="held", by=sender.by, signed=sender.signed
                    ),
                    reply,
                )

    def answer(self, frame: inbound.QuestionAnswer, sender: Sender) -> None:
        entry = self._question(frame.question_id)
        text = _words(frame.text)
        found, host = self._found(frame.question_id), self.room.library.catalogue.brand.host_lang
        lang = written_in(text, (entry.question.lang, host or entry.question.lang))
        overrode = self.guard(text, found, lang, frame.question_id, frame.override)
        self.append(
            ev.OperatorAnswered(
                question_id=frame.question_id,
                text=text,
                by=sender.by,
                signed=sender.signed,
                overrode=overrode,
            )
        )

    def close(self, frame: inbound.QuestionClose, sender: Sender) -> None:
        """Answered aloud: drafts of it that wait are dropped, which says nothing against them."""
        self._close(frame.question_id, sender, by=f"{ALOUD}{sender.by}", hidden=False)

    def hide(self, frame: inbound.QuestionHide, sender: Sender) -> None:
        self._close(frame.question_id, sender, by=sender.by, hidden=True)

    def _close(self, question_id: str, sender: Sender, *, by: str, hidden: bool) -> None:
        """`by`: who drops the drafts that wait."""
        entry = self._question(question_id)
        for reply in filter(None, map(self.hub.state.show.replies.get, entry.replies)):
            if reply.state == "drafted" and reply.needs_approval:
                self.append(ev.ReplyRejected(reply_id=reply.reply_id, by=by, signed=sender.signed), reply)
        self.room.log.append(
            ev.QuestionClosed(question_id=question_id, by=sender.by, signed=sender.signed, hidden=hidden),
            turn_id=question_id,
        )

    def prompt(self, frame: inbound.QuestionPrompt, sender: Sender) -> None:
        self._question(frame.question_id)
        self.room.log.append(
            ev.PromptWanted(question_id=frame.question_id, by=sender.by, signed=sender.signed),
            turn_id=frame.question_id,
        )

    def correct(self, frame: inbound.HostCorrect, sender: Sender) -> None:
        claim = self.hub.state.claims.get(frame.message_seq)
        if claim is None or not claim.right:
            told = "a line of the host against which a document stands"
            raise WireError("unknown_claim", f"got {frame.message_seq}, expected the number of {told}")
        if frame.message_seq in self.hub.state.corrected:
            raise WireError("wrong_state", f"got {frame.message_seq}, which has been corrected already")
        self.append(ev.HostCorrected(message_seq=frame.message_seq, by=sender.by, signed=sender.signed))

    # ── what they share ──
    def _question(self, question_id: str) -> QuestionEntry:
        entry = self.hub.state.show.questions.get(question_id)
        if entry is None:
            raise WireError("unknown_question", f"got {question_id!r}, expected the id of a question")
        return entry

    def _drafted(self, reply_id: str) -> ReplyEntry:
        return self._reply(reply_id, ("drafted", "withheld"))

    def _reply(self, reply_id: str, states: tuple[str, ...]) -> ReplyEntry:
        reply = self.hub.state.show.replies.get(reply_id)
        if reply is None:
            raise WireError("unknown_reply", f"got {reply_id!r}, expected the id of a reply")
        if reply.state not in states:
            raise WireError(
                "wrong_state", f"got a reply that is {reply.state}, expected it {' or '.join(states)}"
            )
        return reply

    def _keeps_secret(self, reply: ReplyEntry) -> None:
        """Nothing says what viewers are guessing while they guess."""
        if self.hub.state.show.engaged.gives_away(self._cited(reply)):
            told = "tells what viewers are guessing"
            raise WireError("game_running", f"got {reply.reply_id}, which {told}: end the game first")

    def _cited(self, reply: ReplyEntry) -> list[Evidence]:
        items = (self.room.library.get(citation.id) for citation in reply.draft.citations)
        return [item for item in items if item is not None]

    def _found(self, question_id: str) -> list[Evidence]:
        return list(self.hub.state.found.get(question_id, ()))

    def guard(
        self, text: str, cited: Iterable[Evidence], lang: str, question_id: str, override: bool
    ) -> str | None:
        """The rule that was overridden, None when the guard had nothing to say. Raises Warned."""
        entry = self.hub.state.show.questions.get(question_id)
        question: Question | None = entry.question if entry else None
        evidence = list(cited)
        context = GuardContext(
            lang=lang, market=question.market if question else None,
            product=question.product if question else None, model=question.model if question else None,
            on=self.room.clock.today(), catalogue=self.room.library.catalogue,
            items=tuple(dict.fromkeys([*evidence, *self._found(question_id)])), origin="operator",
            question=question,
        )  # fmt: skip
        overrode = None
        for sentence in filter(None, (part.strip() for part in _SENTENCE.split(text))):
            verdict = check(sentence, evidence, context)
            if verdict.action == "allow":
                continue
            if not override or verdict.rule == ABSOLUTE:
                raise Warned(verdict)
            overrode = overrode or verdict.rule or "R0"
        return overrode


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise WireError("empty", "got no words, expected a text")
    return words


_DO: dict[type[inbound.In], Any] = {
    inbound.ChatMessage: Commands.chat,
    inbound.SpeechStop: Commands.stop,
    inbound.FloorGive: Commands.give,
    inbound.ProductPin: Commands.pin,
    inbound.RundownSet: Commands.rundown,
    inbound.QuestionAnswer: Commands.answer,
    inbound.QuestionClose: Commands.close,
    inbound.QuestionHide: Commands.hide,
    inbound.QuestionPrompt: Commands.prompt,
    inbound.HostCorrect: Commands.correct,
    inbound.ReplyApprove: Commands.approve,
    inbound.ReplyEdit: Commands.edit,
    inbound.ReplyReject: Commands.reject,
    inbound.ReplyRetract: Commands.retract,
    inbound.FactSet: Commands.fact,
    inbound.EvidenceApprove: Commands.evidence,
    inbound.EvidenceHold: Commands.evidence,
    inbound.AutonomySet: Commands.autonomy,
    **play_commands.DO,
}
