"""What of a speech the room has heard when it ends early. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cohost.common.sentences import joined
from cohost.common.spoken import Spoken

BELIEVED_MS = 1_500
"""A page whose report differs by more from the server's timeline is not believed."""


@dataclass(frozen=True)
class Part:
    """A sentence on the speech's timeline; `sound` is None while it has not been made."""

    text: str
    sound: Spoken | None = None
    start_ms: int = 0


@dataclass
class Script:
    """The sentences of one speech, those made so far with their sound."""

    parts: list[Part] = field(default_factory=list)

    def made(self, n: int, sound: Spoken, start_ms: int) -> None:
        self.parts[n] = Part(self.parts[n].text, sound, start_ms)

    def heard(self, played_ms: float) -> tuple[str, str, bool]:
        """(words that had begun, sentences not heard whole, whether word times are the engine's own)."""
        heard: list[str] = []
        rest: list[str] = []
        exact = True
        for part in self.parts:
            if part.sound is None or played_ms <= part.start_ms:
                rest.append(part.text)
                continue
            within = played_ms - part.start_ms
            if within >= part.sound.duration_ms:
                heard.append(part.text)
                continue
            words = part.sound.heard(part.text, within)
            exact = part.sound.exact
            rest.append(part.text)
            if words:
                heard.append(words)
        return joined(heard), joined(rest), exact


def played_by(server_ms: float, report: tuple[float, int] | None, now_ms: int, *, moving: bool) -> float:
    """The asker's own page knows better than the server's timeline, within reason.

    `report`: (ms played, show time of the report); `moving`: sound has gone on since.
    """
    if report is None:
        return server_ms
    played, at = report
    estimate = played + (now_ms - at if moving else 0)
    return min(server_ms, estimate) if abs(server_ms - estimate) <= BELIEVED_MS else server_ms


def lower_bound(parts: Sequence[tuple[str, int, int]], played_ms: int) -> tuple[str, str]:
    """After a crash: (sentences certainly heard, the rest), from (text, start_ms, duration_ms)."""
    heard = [text for text, start, duration in parts if played_ms >= start + duration]
    rest = [text for text, start, duration in parts if played_ms < start + duration]
    return joined(heard), joined(rest)
