"""What concerns the person on air: what they said and whether papers bear it out, what they may read from."""

from __future__ import annotations

from typing import ClassVar

from cohost.common.people import Signature
from cohost.common.question import Citation, Question
from cohost.events.base import Event

HEARD_BY = "heard"
"""`operator.answered.by` begins so where the host was heard to answer: a replay hears it again by itself."""


class HostSaid(Event, frozen=True, tag="host.said"):
    """The host (or an operator) said something of a product. `question` asks the same of the evidence."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("question.text",)
    message_seq: int
    question: Question
    by: str = "host"


class HostChecked(Event, frozen=True, tag="host.checked"):
    """What evidence says to the host's words; closes a `host.said`. `rule` None: nothing against them.
    `right` is the composed answer in the host's language, "" where no document has one."""

    message_seq: int
    rule: str | None = None
    words: str = ""  # of the host's, that broke the rule
    message: str = ""
    right: str = ""
    lang: str = ""
    citations: tuple[Citation, ...] = ()


class HostCorrected(Event, frozen=True, tag="host.corrected"):
    """A person has the right sentence posted to the room; closed by its `question.asked`."""

    message_seq: int
    by: str = "operator"
    signed: Signature | None = None


class QuestionClosed(Event, frozen=True, tag="question.closed"):
    """A person answered it aloud, or let it go (`hidden`): nothing more is owed."""

    question_id: str
    by: str = "host"
    signed: Signature | None = None
    hidden: bool = False  # it shall not be answered


class PromptWanted(Event, frozen=True, tag="prompt.wanted"):
    """The host looks at a question on the prompter and wants words to read from."""

    question_id: str
    by: str = "host"
    signed: Signature | None = None


class PromptMade(Event, frozen=True, tag="prompt.made"):
    """The answer to a question in the host's language, with what it rests on. Closes a `prompt.wanted`."""

    question_id: str
    lang: str
    text: str
    citations: tuple[Citation, ...] = ()
