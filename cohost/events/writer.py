"""What was asked of the LLM, endpoint by endpoint: one event a request, one where the ceiling is reached."""

from __future__ import annotations

from typing import Literal

from cohost.errors import WriterFault
from cohost.events.base import Event


class WriterCalled(Event, frozen=True, tag="writer.called"):
    """One request to an endpoint for a reply, and what came of it; reply_id "": for a translation. `cost` is
    in `currency`."""

    reply_id: str
    endpoint: str
    model: str
    outcome: Literal["written", "refused", "failed"]  # refused: a sentence did not pass
    fault: WriterFault | None = None
    message: str = ""
    took_ms: int = 0
    first_ms: int | None = None  # until its first verified sentence
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0  # of the prompt's, kept by the server from an earlier call
    estimated: bool = False  # the server did not say: counted here from the text
    cost: float = 0.0
    currency: str = ""
    rests_until_ms: int | None = None  # left alone until that show time


class WriterSpent(Event, frozen=True, tag="writer.spent"):
    """The show's ceiling is reached: from here on answers are composed."""

    tokens: int
    cost: float
    ceiling_tokens: int = 0  # 0 = none
    ceiling_cost: float = 0.0
    currency: str = ""
