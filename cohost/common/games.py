"""A game: viewers guess a fact, the first that are right win. Folded from the log. Pure.

The first guess of each viewer counts, later ones never: who types every number gains nothing. Order is room
time, less the delay with which the viewer's platform shows the show; of two that saw it at the same moment
the one whose line came first. A line that says no value is no guess and costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from cohost import events as ev
from cohost.events.engage import Winner
from cohost.trust.evidence import Fact

MOST_GUESSERS = 50_000
MOST_WINNERS = 20
LONGEST_S = 3_600


@dataclass
class Game:
    """`guesses`: viewer → the one that counts."""

    id: str
    seq: int
    at_ms: int
    product: str
    fact: Fact
    wanted: int = 1
    ends_at_ms: int | None = None
    guesses: dict[str, ev.GuessJudged] = field(default_factory=dict)
    end_wanted: bool = False
    ended: ev.GameEnded | None = None
    told: ev.GameTold | None = None

    @property
    def running(self) -> bool:
        return self.ended is None

    def counts(self, viewer: str, seen_ms: int) -> bool:
        """True where a guess of this viewer would count: their first, in time."""
        if not self.running or viewer in self.guesses or len(self.guesses) >= MOST_GUESSERS:
            return False
        return self.ends_at_ms is None or seen_ms <= self.ends_at_ms

    def take(self, guess: ev.GuessJudged) -> bool:
        """True where it counts."""
        if not self.counts(guess.viewer, guess.seen_ms):
            return False
        self.guesses[guess.viewer] = guess
        return True

    def right(self) -> int:
        return sum(guess.right for guess in self.guesses.values())

    def winners(self) -> tuple[Winner, ...]:
        """As it stands: at most `wanted`, in order."""
        return first_right(self.guesses.values(), self.wanted)

    def over(self, now_ms: int, longest_delay_ms: int = 0) -> Literal["", "winners", "time", "operator"]:
        """Why it is over, "" while it goes on. Nobody is cut off by somebody else's picture being earlier:
        it waits until who sees the show last could have been first."""
        if self.end_wanted:
            return "operator"
        found = self.winners()
        if len(found) >= self.wanted and now_ms >= found[-1].seen_ms + longest_delay_ms:
            return "winners"
        late = self.ends_at_ms is not None and now_ms >= self.ends_at_ms + longest_delay_ms
        return "time" if late else ""


def first_right(guesses: Iterable[ev.GuessJudged], wanted: int) -> tuple[Winner, ...]:
    """The first `wanted` right ones by the moment they were seen, then by the place of their line."""
    right = sorted((g for g in guesses if g.right), key=lambda g: (g.seen_ms, g.message_seq))
    return tuple(
        Winner(
            viewer=g.viewer, message_seq=g.message_seq, seen_ms=g.seen_ms, name=g.name, platform=g.platform,
            lang=g.lang,
        )
        for g in right[:wanted]
    )  # fmt: skip


def seen_at(at_ms: int, delay_ms: int, started_ms: int) -> int:
    """Show time at which a viewer saw what they answered: never before the game began."""
    return max(started_ms, at_ms - delay_ms)
