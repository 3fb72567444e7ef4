"""How far cohost may go alone: for the room, an intent, a language, or both; earned, and lost. Pure.

`watch` drafts only, `suggest` waits for an operator, `post` posts alone and has its voice approved, `full`
does both. The most exact rule holds. An intent that operators approved often enough without a change may post
alone; one edit, rejection or retraction takes that back. Where nobody watches, nothing above `suggest` holds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

LEVELS = ("watch", "suggest", "post", "full")
UNATTENDED = "suggest"
EARNED = "post"
_OTHER = "\0"
"""Stands for every intent, and every language, that no rule names."""

Rule = tuple[str | None, str | None]
"""Intent (or "question" for all of them) and language; None for any."""


@dataclass
class Autonomy:
    """Folded from `autonomy.set`, `operator.presence` and what operators did with drafts."""

    room: str = "full"
    rules: dict[Rule, str] = field(default_factory=dict)
    approved: Counter[str] = field(default_factory=Counter)  # by intent, since the last change of a draft
    attended: bool = True

    def set(self, level: str | None, intent: str | None, lang: str | None) -> None:
        """`level` None takes a rule away; the room always has one."""
        if intent is None and lang is None:
            self.room = level or self.room
        elif level is None:
            self.rules.pop((intent, lang), None)
        else:
            self.rules[(intent, lang)] = level

    def judged(self, intent: str, *, unchanged: bool) -> None:
        """An operator approved a draft as it stood, or did not."""
        self.approved[intent] = self.approved[intent] + 1 if unchanged else 0

    def level(self, intent: str, lang: str, earn_after: int = 0) -> str:
        """The level for a reply. `earn_after`: approvals that an intent needs to post alone; 0 = never."""
        family, tag = intent.partition(".")[0], lang.partition("-")[0]
        order: tuple[Rule, ...] = (
            (intent, tag), (family, tag), (intent, None), (family, None), (None, tag)
        )  # fmt: skip
        found = next((self.rules[rule] for rule in order if rule in self.rules), self.room)
        if found == "suggest" and earn_after and self.approved[intent] >= earn_after:
            found = EARNED
        return found if self.attended else min(found, UNATTENDED, key=LEVELS.index)

    def raised_by(self, level: str | None, intent: str | None, lang: str | None) -> bool:
        """True where `set` would let cohost go further than now, for any intent in any language. What was
        earned and whether somebody watches do not count: they come and go by themselves."""
        now = replace(self, attended=True)
        then = replace(now, rules=dict(self.rules))
        then.set(level, intent, lang)
        named = [*self.rules, *then.rules]
        intents = {each for rule, _ in named if rule for each in (rule, f"{rule}.{_OTHER}")} | {_OTHER}
        langs = {tag for _, tag in named if tag} | {_OTHER}
        return any(
            LEVELS.index(then.level(each, tag)) > LEVELS.index(now.level(each, tag))
            for each in intents
            for tag in langs
        )
