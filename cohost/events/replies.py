"""Events of a reply from approval to outcome."""

from __future__ import annotations

from cohost.common.people import Signature
from cohost.common.question import Citation, Claim
from cohost.events.base import Event


class ReplyApproved(Event, frozen=True, tag="reply.approved"):
    reply_id: str
    text: str  # as it will go out: the draft's, or the operator's edit
    by: str = "autonomy"
    signed: Signature | None = None
    overrode: str | None = None  # a guard rule the operator overrode


class ReplyRejected(Event, frozen=True, tag="reply.rejected"):
    reply_id: str
    by: str = "operator"
    signed: Signature | None = None


class ReplyWithheld(Event, frozen=True, tag="reply.withheld"):
    """The guard stopped it at delivery; decision drafts again."""

    reply_id: str
    rule: str
    words: str = ""


class ReplySending(Event, frozen=True, tag="reply.sending"):
    """Durable before the act."""

    reply_id: str
    platform: str
    part: int = 1  # of a reply that is too long for one post
    parts: int = 1
    text: str = ""  # where a platform refuses the same words again


class ReplyPosted(Event, frozen=True, tag="reply.posted"):
    reply_id: str
    platform: str
    text: str
    lang: str
    question_id: str | None = None
    in_reply_to: tuple[int, ...] = ()  # sequence numbers of the askers' messages
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    pointer_to: str | None = None
    corrects: str | None = None  # reply_id this one takes back
    ref: str | None = None  # the platform's own id of the post


class ReplyFailed(Event, frozen=True, tag="reply.failed"):
    reply_id: str
    platform: str
    message: str
    final: bool = True


class ReplyUnknown(Event, frozen=True, tag="reply.unknown"):
    """Sent, outcome not known: for the operator, never repeated blindly."""

    reply_id: str
    platform: str


class ReplyRetracted(Event, frozen=True, tag="reply.retracted"):
    """A wrong answer taken back; its evidence is held, the correction goes to the same askers."""

    reply_id: str
    reason: str
    correction: str = ""
    by: str = "operator"
    signed: Signature | None = None
    overrode: str | None = None  # a guard rule the operator overrode in the correction
