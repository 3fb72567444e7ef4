"""A poll: one vote a viewer, changeable until it is closed. Folded from the log. Pure.

Bounded: `MOST_VOTERS` viewers, `MOST_CHANGES` votes of one viewer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from cohost import events as ev
from cohost.common.lexicon import fold

MOST_VOTERS = 50_000
MOST_CHANGES = 20
LEAST_OPTIONS, MOST_OPTIONS = 2, 6
LONGEST_QUESTION, LONGEST_OPTION = 160, 60

Refusal = Literal["", "closed", "no_option", "full", "too_often"]


@dataclass
class Poll:
    """`votes`: viewer → option from 0; `tries`: how often each has voted."""

    id: str
    seq: int
    at_ms: int
    question: str
    options: tuple[str, ...]
    lang: str
    votes: dict[str, int] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    told: dict[str, ev.PollTranslated] = field(default_factory=dict)  # by language
    closed: bool = False
    tally: list[int] = field(default_factory=list)  # votes for each option, in their order

    def __post_init__(self) -> None:
        self.tally = [0] * len(self.options)

    def refuses(self, viewer: str, option: int) -> Refusal:
        """Why a vote would not count; "" where it does."""
        if self.closed:
            return "closed"
        if not 0 <= option < len(self.options):
            return "no_option"
        if viewer not in self.votes and len(self.votes) >= MOST_VOTERS:
            return "full"
        return "too_often" if self.tries.get(viewer, 0) >= MOST_CHANGES else ""

    def vote(self, viewer: str, option: int) -> bool:
        """True where it counted."""
        if self.refuses(viewer, option):
            return False
        before = self.votes.get(viewer)
        if before is not None:
            self.tally[before] -= 1
        self.tally[option] += 1
        self.votes[viewer] = option
        self.tries[viewer] = self.tries.get(viewer, 0) + 1
        return True

    def names(self) -> list[tuple[str, ...]]:
        """Of each option, every name that a page may show: as it was written, and translated."""
        told = [t.options for t in self.told.values() if len(t.options) == len(self.options)]
        return [(name, *(t[n] for t in told)) for n, name in enumerate(self.options)]


def faults(question: str, options: Sequence[str]) -> str:
    """What is wrong with a poll that a person wrote, in one line; "" if nothing."""
    if not question.strip():
        return "got no question, expected one"
    if len(question.strip()) > LONGEST_QUESTION:
        return f"got a question of {len(question.strip())} characters, expected at most {LONGEST_QUESTION}"
    if not LEAST_OPTIONS <= len(options) <= MOST_OPTIONS:
        return f"got {len(options)} options, expected {LEAST_OPTIONS} to {MOST_OPTIONS}"
    for option in options:
        if not option.strip() or len(option.strip()) > LONGEST_OPTION:
            told = f"one of {len(option.strip())} characters" if option.strip() else "an empty option"
            return f"got {told}, expected 1 to {LONGEST_OPTION}"
    same = {key(option) for option in options}
    if len(same) < len(options):
        return "got two options that read alike, expected all different"
    return ""


def typed(text: str, poll: Poll) -> int | None:
    """The option that a line of chat votes for: by its number or its name, and nothing else in the line.
    A name that is a number goes before the number of an option."""
    said = key(text)
    if not said:
        return None
    for option, names in enumerate(poll.names()):
        if any(key(name) == said for name in names):
            return option
    number = _number(said)
    return number - 1 if number is not None and 1 <= number <= len(poll.options) else None


def key(text: str) -> str:
    """How names compare: no case, no accents, no marks around them."""
    kept = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in fold(text))
    return " ".join(kept.split())


def _number(said: str) -> int | None:
    """ "2", "２", "٢", "#2": digits of any script."""
    if not said.isdigit() or len(said) > 2:
        return None
    try:
        return int(said)
    except ValueError:  # a raised or circled digit
        return None


def shares(counts: Sequence[int]) -> tuple[int, ...]:
    """Whole per cent of each, together 100 (largest remainders); all 0 without votes."""
    total = sum(counts)
    if not total:
        return tuple(0 for _ in counts)
    exact = [value * 100 / total for value in counts]
    whole = [int(share) for share in exact]
    by_rest = sorted(range(len(counts)), key=lambda n: (whole[n] - exact[n], n))
    for n in by_rest[: 100 - sum(whole)]:
        whole[n] += 1
    return tuple(whole)
