"""Who has the floor: cohost's speech as a transition table. Pure: events in, actions out.

    idle → speaking → ducked → held → speaking again, or cut (idle)

Ducking costs nothing and comes at the first voiced frame; holding is early and reversible; cutting
needs a reason: a word that stops, a rank above cohost's, or a person who plainly goes on. Every
pair of state and event stands in `TABLE`; an illegal one raises `IllegalFloor` and changes nothing.
Chat never reaches this machine: it queues.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

State = Literal["idle", "speaking", "ducked", "held"]
Rank = Literal["caller", "host", "operator"]
Meaning = Literal["stop", "speech", "backchannel", "noise", "own_voice"]
Does = Literal["start", "duck", "hold", "resume", "cut", "finish"]

TEXT_WAIT_MS = 1_500
"""A held speech whose interrupter fell silent waits this long for the words."""
GOES_ON_MS = 2_500
"""A confirmed voice of this length takes the floor without words."""


class IllegalFloor(Exception):
    """An event that cannot happen in this state: a fault of the caller."""


@dataclass(frozen=True)
class Action:
    """What the mouth must do now. `reason` is for the log: "host", "stop word", "operator" …; `lane`:
    whose voice, where it is another one than the event's."""

    does: Does
    reason: str = ""
    lane: str = ""


# ── events ──
@dataclass(frozen=True)
class Start:
    """cohost begins. `asker` is the lane of the person it answers; a protected speech (safety, a
    price corrected) yields only to host and operator."""

    speech_id: str
    asker: str | None = None
    protected: bool = False


@dataclass(frozen=True)
class Voice:
    """Somebody's first voiced frame (p ≥ .5)."""

    lane: str
    rank: Rank
    at_ms: int


@dataclass(frozen=True)
class Strong:
    """A voice beyond doubt (p ≥ .8 for some frames)."""

    lane: str
    rank: Rank
    at_ms: int


@dataclass(frozen=True)
class Quiet:
    """That voice ended, was dropped as a click, or its speaker left."""

    lane: str
    at_ms: int


@dataclass(frozen=True)
class Heard:
    """What that voice said, or that it was no speech."""

    lane: str
    rank: Rank
    meaning: Meaning
    at_ms: int


@dataclass(frozen=True)
class Tick:
    at_ms: int


@dataclass(frozen=True)
class Stop:
    """The stop key: host or operator."""

    by: Rank


@dataclass(frozen=True)
class Played:
    """The last sample has been heard."""


Event = Start | Voice | Strong | Quiet | Heard | Tick | Stop | Played


@dataclass(frozen=True)
class Lane:
    """A voice that is on, or whose words are awaited."""

    rank: Rank
    since_ms: int
    strong: bool = False
    quiet_ms: int | None = None  # when it fell silent


@dataclass(frozen=True)
class Floor:
    """The machine's whole state; `step` gives the next one."""

    state: State = "idle"
    speech_id: str | None = None
    asker: str | None = None
    protected: bool = False
    lanes: dict[str, Lane] = field(default_factory=dict)

    def step(self, event: Event) -> tuple[Floor, tuple[Action, ...]]:
        """The next state and what to do. Raises IllegalFloor."""
        return TABLE[self.state, type(event)](self, event)

    @property
    def quiet(self) -> bool:
        """Nobody speaks and no words are awaited."""
        return not self.lanes


Step = tuple[Floor, tuple[Action, ...]]


def _with(floor: Floor, lane: str, entry: Lane | None) -> Floor:
    lanes = {name: kept for name, kept in floor.lanes.items() if name != lane}
    if entry is not None:
        lanes[lane] = entry
    return replace(floor, lanes=lanes)


def _cut(floor: Floor, reason: str, lane: str = "") -> Step:
    return Floor(lanes=floor.lanes), (Action("cut", reason, lane),)


def _yields_to(floor: Floor, rank: Rank) -> bool:
    return rank != "caller" or not floor.protected


def _illegal(floor: Floor, event: Event) -> Step:
    raise IllegalFloor(f"got {type(event).__name__} while {floor.state}: {event}")


def _start(floor: Floor, event: Event) -> Step:
    assert isinstance(event, Start)
    if not floor.quiet:
        raise IllegalFloor(f"got Start while {', '.join(floor.lanes)} speaks: wait for quiet")
    return (
        replace(
            floor, state="speaking", speech_id=event.speech_id, asker=event.asker, protected=event.protected
        ),
        (Action("start"),),
    )


def _same(floor: Floor, event: Event) -> Step:
    return floor, ()


def _voice(floor: Floor, event: Event) -> Step:
    assert isinstance(event, Voice)
    known = floor.lanes.get(event.lane)
    entry = known or Lane(event.rank, event.at_ms)
    if entry.quiet_ms is not None:  # another sound; the words of the one before are still awaited
        entry = replace(entry, since_ms=event.at_ms, quiet_ms=None)
    floor = _with(floor, event.lane, entry)
    if floor.state == "speaking":
        return replace(floor, state="ducked"), (Action("duck", event.rank),)
    return floor, ()


def _strong(floor: Floor, event: Event) -> Step:
    assert isinstance(event, Strong)
    known = floor.lanes.get(event.lane) or Lane(event.rank, event.at_ms)
    floor = _with(floor, event.lane, replace(known, strong=True, quiet_ms=None))
    if floor.state in ("speaking", "ducked") and _yields_to(floor, event.rank):
        return replace(floor, state="held"), (Action("hold", event.rank),)
    if floor.state == "speaking":
        return replace(floor, state="ducked"), (Action("duck", event.rank),)
    return floor, ()


def _quiet(floor: Floor, event: Event) -> Step:
    assert isinstance(event, Quiet)
    known = floor.lanes.get(event.lane)
    if known is None:
        return floor, ()
    if known.strong:  # its words are awaited, by a speech that has not begun too
        return _with(floor, event.lane, replace(known, quiet_ms=event.at_ms)), ()
    return _maybe_resume(_with(floor, event.lane, None))


def _heard(floor: Floor, event: Event) -> Step:
    assert isinstance(event, Heard)
    known = floor.lanes.get(event.lane)
    gone = known is None or known.quiet_ms is not None
    after = _with(floor, event.lane, None) if gone else floor
    if floor.state == "idle":
        return _with(floor, event.lane, None if gone else known), ()
    if event.meaning in ("stop", "speech") and _yields_to(floor, event.rank):
        told_to_stop = event.meaning == "stop" and (event.rank != "caller" or event.lane == floor.asker)
        return _cut(after, "stop word" if told_to_stop else event.rank)
    return _maybe_resume(after)


def _tick(floor: Floor, event: Event) -> Step:
    assert isinstance(event, Tick)
    for name, lane in floor.lanes.items():
        on = lane.quiet_ms is None
        if on and lane.strong and event.at_ms - lane.since_ms >= GOES_ON_MS and _yields_to(floor, lane.rank):
            return _cut(floor, f"{lane.rank} goes on", name)
    return _maybe_resume(_without_late_words(floor, event.at_ms))


def _without_late_words(floor: Floor, at_ms: int) -> Floor:
    """Words that were not there in time are awaited no longer."""
    kept = {
        name: lane
        for name, lane in floor.lanes.items()
        if lane.quiet_ms is None or at_ms - lane.quiet_ms < TEXT_WAIT_MS
    }
    return replace(floor, lanes=kept)


def _maybe_resume(floor: Floor) -> Step:
    if floor.state in ("ducked", "held") and floor.quiet:
        return replace(floor, state="speaking"), (Action("resume"),)
    return floor, ()


def _idle_tick(floor: Floor, event: Event) -> Step:
    assert isinstance(event, Tick)
    return _without_late_words(floor, event.at_ms), ()


def _stop(floor: Floor, event: Event) -> Step:
    assert isinstance(event, Stop)
    return _cut(floor, event.by)


def _played(floor: Floor, event: Event) -> Step:
    return Floor(lanes=floor.lanes), (Action("finish"),)


_BUSY: tuple[State, ...] = ("speaking", "ducked", "held")
TABLE: dict[tuple[State, type], Callable[[Floor, Event], Step]] = {
    ("idle", Start): _start, ("idle", Voice): _voice, ("idle", Strong): _strong, ("idle", Quiet): _quiet,
    ("idle", Heard): _heard, ("idle", Tick): _idle_tick, ("idle", Stop): _same, ("idle", Played): _illegal,
    **{(state, Start): _illegal for state in _BUSY}, **{(state, Voice): _voice for state in _BUSY},
    **{(state, Strong): _strong for state in _BUSY}, **{(state, Quiet): _quiet for state in _BUSY},
    **{(state, Heard): _heard for state in _BUSY}, **{(state, Tick): _tick for state in _BUSY},
    **{(state, Stop): _stop for state in _BUSY},
    **{(state, Played): _played for state in _BUSY},
}  # fmt: skip
