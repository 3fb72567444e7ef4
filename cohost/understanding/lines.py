"""Small decisions about lines that the stage takes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from cohost import events as ev
from cohost.understanding.triage import Triage
from cohost.understanding.turns import CERTAIN

T = TypeVar("T")
ASK = "ask"
"""Platform of the `cohost ask` command: each line stands alone and is always answered."""

NAMELESS = "ask-"
"""Viewers of `cohost ask` lines that name none: a named viewer's lines may lean on one another."""

_QUIET = frozenset({"greeting", "praise", "spam", "abuse", "to_viewer", "guess"})


def then(kept: Sequence[tuple[int, T]], at_ms: int) -> T:
    """What a viewer saw then: pictures reach a platform seconds after they are made."""
    return next((value for since, value in reversed(kept) if since <= at_ms), kept[0][1])


def sure(lexical: Sequence[tuple[str, float]]) -> bool:
    return bool(lexical) and lexical[0][1] >= CERTAIN


def wanted(kind: Triage, message: ev.ChatMessage) -> bool:
    """Does the line become a question? Small talk does not, unless `cohost ask` sent it."""
    if message.platform == ASK:
        return True
    if kind.human_check:
        return True
    return kind.asks and kind.intent not in _QUIET
