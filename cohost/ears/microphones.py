"""Who is heard: open lanes, the queue of those who wait, the caller on the air. Implements ports.Microphones.

Staff is always heard. Of a viewer's pages the newest one that speaks is; further viewers wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cohost import events as ev
from cohost.clock import Clock
from cohost.common.people import Signature
from cohost.ears.audio import from_s16
from cohost.ears.lane import Detect, Lane
from cohost.ears.stage import EarsStage
from cohost.ports import Log, Mic, Speaker

MOST_WAITING = 200
ELSEWHERE = "another page of yours speaks now"

Changed = Callable[[Mic], None]


@dataclass
class _Open:
    speaker: Speaker
    changed: Changed
    lane: Lane
    id: str
    wanted: bool = False  # taken by a person of the staff


@dataclass(frozen=True)
class _Waiting:
    speaker: Speaker
    changed: Changed


class Lanes:
    """`most` viewers at once; `callers="taken"`: only those whom the staff takes."""

    def __init__(
        self,
        log: Log,
        clock: Clock,
        ears: EarsStage,
        detect: Callable[[], Detect],
        *,
        most: int = 8,
        callers: Literal["open", "taken"] = "open",
    ) -> None:
        self._log = log
        self._clock = clock
        self._ears = ears
        self._detect = detect
        self._most = most
        self._callers = callers
        self._open: dict[str, _Open] = {}
        self._waiting: list[_Waiting] = []
        self._hearers: list[Callable[[bytes], None]] = []
        self._air: str | None = None  # lane of the taken caller
        self._number = 0

    # ── coming and going ──
    def open(self, speaker: Speaker, changed: Changed) -> Mic:
        """A lane at once where one is free, else a place in the queue."""
        mine = self._of(speaker)
        if mine is not None:
            return Mic("open", mine.id)
        self._leave_elsewhere(speaker)
        free = sum(o.speaker.role == "viewer" for o in self._open.values()) < self._most
        if speaker.role != "viewer" or (free and self._callers == "open"):
            self._forget(speaker)
            return Mic("open", self._admit(speaker, changed).id)
        return self.raise_hand(speaker, changed)

    def raise_hand(self, speaker: Speaker, changed: Changed) -> Mic:
        """A place in the queue; the present one for who waits already."""
        place = self._place(speaker)
        if place is None:
            if len(self._waiting) >= MOST_WAITING:
                return Mic(
                    "denied", message=f"{MOST_WAITING} viewers wait to speak already: type your question"
                )
            self._waiting.append(_Waiting(speaker, changed))
            place = len(self._waiting)
            self._log.append(
                ev.MicQueued(
                    viewer=speaker.viewer, name=speaker.name, lang_hint=speaker.lang, market=speaker.market
                )
            )
        return Mic("queued", position=place)

    def close(self, speaker: Speaker, reason: str = "") -> None:
        """From a lane or from the queue; what was being said is ended and recognised."""
        mine = self._of(speaker)
        if mine is not None:
            self._shut(mine, reason)
            self._admit_next()
        elif self._forget(speaker):
            self._log.append(ev.MicClosed(lane="", viewer=speaker.viewer, reason=reason))
            self._tell_places()

    def give(self, viewer: str | None, by: str, signed: Signature | None = None) -> bool:
        """The floor to cohost (None) or to a viewer, who is then on the air too."""
        if viewer is None:
            self._log.append(ev.FloorGiven(viewer=None, by=by, signed=signed))
            return True
        found = next((o for o in self._open.values() if o.speaker.viewer == viewer), None)
        if found is None:
            waiting = next((w for w in self._waiting if w.speaker.viewer == viewer), None)
            if waiting is None:
                return False
            self._waiting.remove(waiting)
            found = self._admit(waiting.speaker, waiting.changed)
            waiting.changed(Mic("open", found.id))
            self._tell_places()
        self._log.append(ev.FloorGiven(viewer=viewer, by=by, signed=signed))
        self._air = found.id
        return True

    # ── sound ──
    def feed(self, lane: str, pcm: bytes) -> None:
        """Sound of an open lane, as it comes: s16le, 16 kHz, mono."""
        found = self._open.get(lane)
        if found is None or len(pcm) < 2:
            return
        if lane == self._air:
            for take in self._hearers:
                take(pcm)
        cues = found.lane.feed(from_s16(pcm), self._clock.now_ms())
        self._ears.take(found.id, found.speaker, found.lane, cues)

    def on_air(self, take: Callable[[bytes], None]) -> Callable[[], None]:
        """Hear the taken caller from now on; call what is returned to leave."""
        self._hearers.append(take)

        def leave() -> None:
            if take in self._hearers:
                self._hearers.remove(take)

        return leave

    # ── inside ──
    def _of(self, speaker: Speaker) -> _Open | None:
        return next((o for o in self._open.values() if o.speaker == speaker), None)

    def _place(self, speaker: Speaker) -> int | None:
        return next((n for n, w in enumerate(self._waiting, 1) if w.speaker == speaker), None)

    def _forget(self, speaker: Speaker) -> bool:
        before = len(self._waiting)
        self._waiting = [w for w in self._waiting if w.speaker != speaker]
        return len(self._waiting) < before

    def _leave_elsewhere(self, speaker: Speaker) -> None:
        for other in [o for o in self._open.values() if o.speaker.viewer == speaker.viewer]:
            if other.speaker.role == speaker.role:
                self._shut(other, "another page")
                other.changed(Mic("denied", message=ELSEWHERE))
        for waiting in [w for w in self._waiting if w.speaker.viewer == speaker.viewer]:
            if waiting.speaker != speaker:
                self._waiting.remove(waiting)
                waiting.changed(Mic("denied", message=ELSEWHERE))

    def _admit(self, speaker: Speaker, changed: Changed) -> _Open:
        self._number += 1
        lane_id = f"{speaker.role}:{speaker.viewer}:{self._number}"
        opened = self._open[lane_id] = _Open(speaker, changed, Lane(self._detect()), lane_id)
        self._log.append(
            ev.MicOpened(
                lane=lane_id, viewer=speaker.viewer, name=speaker.name, role=speaker.role,
                lang_hint=speaker.lang, market=speaker.market,
            )
        )  # fmt: skip
        return opened

    def _shut(self, opened: _Open, reason: str) -> None:
        del self._open[opened.id]
        if self._air == opened.id:
            self._air = None
        self._ears.take(opened.id, opened.speaker, opened.lane, opened.lane.close(self._clock.now_ms()))
        self._log.append(ev.MicClosed(lane=opened.id, viewer=opened.speaker.viewer, reason=reason))

    def _admit_next(self) -> None:
        """The first in the queue gets the lane that became free."""
        free = sum(o.speaker.role == "viewer" for o in self._open.values()) < self._most
        if self._callers != "open" or not free or not self._waiting:
            return
        waiting = self._waiting.pop(0)
        waiting.changed(Mic("open", self._admit(waiting.speaker, waiting.changed).id))
        self._tell_places()

    def _tell_places(self) -> None:
        for place, waiting in enumerate(self._waiting, 1):
            waiting.changed(Mic("queued", position=place))
