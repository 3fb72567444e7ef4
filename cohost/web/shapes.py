"""What out frames are made of: lines, offers, questions, drafts as pages are shown them."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from cohost.common.people import Post, Signature
from cohost.common.question import Citation
from cohost.trust.evidence import Value

Role = Literal["viewer", "host", "operator"]


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line, typed or spoken. `seq` is its own place in the room; names and words are the viewer's.
    `viewer` is told of what was said aloud, as in its transcript."""

    seq: int
    at_ms: int
    name: str
    text: str
    lang: str
    role: Role
    platform: str = "room"
    client_id: str | None = None
    market: str | None = None  # staff only
    intent: str | None = None  # staff only
    spoken: bool = False
    viewer: str | None = None
    guess: bool = False  # of a game that runs: its words are not shown to the others
    translation: str | None = None  # staff only: in the host's language, where it is known already


class AutonomyRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A level for one intent, one language, or both."""

    level: str
    intent: str | None = None
    lang: str | None = None


class PlatformView(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a platform's connection stands; `message` says what to do where it is refused."""

    platform: str
    state: str
    message: str = ""


class WriterView(msgspec.Struct, frozen=True, omit_defaults=True):
    """An endpoint of the LLM. `fault`: of its last call (see events), "spent" at the show's ceiling;
    `rests_ms`: left alone so much longer; `first_ms`: median to the first verified sentence."""

    writer: str
    state: str  # live, lost, refused: as a platform's
    fault: str = ""
    rests_ms: int = 0
    first_ms: int | None = None
    tokens: int = 0
    cost: float = 0.0
    currency: str = ""
    estimated: bool = False  # of the tokens some were counted here


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """The line a reply answers, as it was shown to the room."""

    seq: int
    name: str
    text: str
    lang: str = "und"


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the pinned product costs in one market, today. No price: none may be shown there."""

    market: str
    currency: str = ""
    price: Value | None = None
    prior_price: float | None = None
    tax_included: bool | None = None
    stock: Value | None = None
    model: str | None = None
    ships: bool = True


class ProductView(msgspec.Struct, frozen=True, omit_defaults=True):
    """`links`: the numbers under which it is on sale."""

    id: str
    name: str
    models: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    links: tuple[int, ...] = ()


class MarketView(msgspec.Struct, frozen=True, omit_defaults=True):
    code: str
    lang: str
    currency: str = ""


class AttributeView(msgspec.Struct, frozen=True, omit_defaults=True):
    """An attribute an operator may set, named in the host's language."""

    id: str
    name: str
    form: str
    units: tuple[str, ...] = ()
    market: bool = False


class Brand(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str = ""
    legal_name: str = ""
    support: str = ""


class You(msgspec.Struct, frozen=True, omit_defaults=True):
    role: Role
    viewer: str
    name: str
    lang: str
    market: str | None


class PersonView(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who is at a page of the staff and what they may do (commands of the wire, pages). `signed`: their token
    is theirs alone, so what they decide carries their name."""

    name: str
    role: Post
    rights: tuple[str, ...]
    signed: bool = False
    lowers: bool = False  # autonomy may only be lowered


class CallerView(msgspec.Struct, frozen=True):
    """Somebody with an open microphone, or waiting for one."""

    viewer: str
    name: str
    role: Role
    lang: str | None
    market: str | None
    state: Literal["open", "queued"]
    speaking: bool
    on_air: bool


class Language(msgspec.Struct, frozen=True):
    tag: str
    name: str
    dir: Literal["ltr", "rtl"]


class QuestionView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question for the people who run the show."""

    question_id: str
    state: str
    messages: tuple[int, ...]
    at_ms: int = 0
    count: int = 1
    languages: tuple[str, ...] = ()
    text: str | None = None
    lang: str | None = None
    gloss: str | None = None
    intent: str | None = None
    product: str | None = None
    market: str | None = None
    asker: str | None = None


class Sentence(msgspec.Struct, frozen=True, omit_defaults=True):
    """A drafted sentence and what the guard said of it."""

    text: str
    verdict: str
    evidence: tuple[str, ...] = ()
    rule: str | None = None
    words: str = ""
    by: str = "composer"


class DraftView(msgspec.Struct, frozen=True, omit_defaults=True):
    reply_id: str
    question_id: str
    state: str
    action: str
    reason: str
    lang: str
    text: str
    at_ms: int
    citations: tuple[Citation, ...] = ()
    by: str = "composer"
    needs_approval: bool = False
    notify_host: bool = False
    host_note: str = ""
    rule: str | None = None
    sentences: tuple[Sentence, ...] = ()


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who did it: "operator:Tom"; `signed` by a token of their own."""

    by: str
    signed: Signature | None = None


class ReplyView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A posted reply in a snapshot: reply.posted without the envelope."""

    seq: int
    at_ms: int
    reply_id: str
    text: str
    lang: str
    in_reply_to: tuple[int, ...]
    citations: tuple[Citation, ...]
    asked: tuple[Asked, ...] = ()
    question_id: str | None = None
    corrects: str | None = None
    pointer_to: str | None = None
    by: str = "cohost"  # "operator": a person's own words
    retracted: bool = False
    approved_by: str = ""  # staff only: "operator:Tom"
    signed: Signature | None = None  # staff only: of the approval
    retraction: Done | None = None  # staff only


class FactView(msgspec.Struct, frozen=True, omit_defaults=True):
    attribute: str
    product: str | None = None
    market: str | None = None
    value: Value | None = None
    unit: str | None = None
    valid_until: dt.date | None = None


class HeldView(msgspec.Struct, frozen=True, omit_defaults=True):
    """An item a person took off the air, or put on it."""

    id: str
    document: str = ""
    quote: str = ""
    page: int | None = None
    by: str = ""
    signed: Signature | None = None
