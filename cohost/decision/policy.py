"""Who has to look before a reply goes out. Pure."""

from __future__ import annotations

from typing import Literal

from cohost.common.question import Draft

Autonomy = Literal["watch", "suggest", "post", "full"]
ALONE: frozenset[str] = frozenset({"post", "full"})
"""Levels at which posts go out without a person."""

NEVER_ALONE = frozenset({"sensitive"})


def needs_approval(autonomy: str, intent: str, draft: Draft) -> bool:
    """True when an operator has to approve at this level. Silence needs nobody; an operator's own words need
    nobody else, unless the guard objected."""
    if draft.action == "ignore":
        return False
    if draft.by == "operator":
        return draft.rule is not None
    return autonomy not in ALONE or intent in NEVER_ALONE
