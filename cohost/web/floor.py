"""Who may be heard, and what cohost is saying: a fold of the events of sound, for pages. Bounded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from cohost import events as ev
from cohost.web.shapes import Role

KEEP_CALLERS = 500


@dataclass
class Caller:
    """Somebody with an open lane, or waiting for one (`lane` "")."""

    viewer: str
    name: str
    role: Role
    lang: str | None
    market: str | None
    lane: str = ""
    speaking: bool = False
    on_air: bool = False

    @property
    def state(self) -> Literal["open", "queued"]:
        return "open" if self.lane else "queued"


@dataclass
class Aloud:
    """The speech that is on: softer or silent for a while, `at_ms` into it when held."""

    started: ev.SpeechStarted
    state: Literal["speaking", "ducked", "held"] = "speaking"
    at_ms: int = 0


class Floor:
    """`fold` takes each record once, in order."""

    def __init__(self) -> None:
        self.callers: OrderedDict[str, Caller] = OrderedDict()  # by viewer, oldest first
        self.aloud: Aloud | None = None
        self.touched = 0  # seq of the newest record that changed the callers

    def fold(self, record: ev.Record) -> None:
        handler = _FOLDS.get(type(record.event))
        if handler is not None and handler(self, record.event):
            self.touched = record.seq

    def on_lane(self, lane: str) -> Caller | None:
        return next((c for c in self.callers.values() if lane and c.lane == lane), None)


# ── one function an event: True when the callers changed ────────────────────────────────────────
def _again(f: Floor, e: ev.ShowStarted) -> bool:
    """Nobody's connection outlives the process."""
    f.aloud = None
    known = bool(f.callers)
    f.callers.clear()
    return known


def _put(f: Floor, e: ev.MicOpened | ev.MicQueued, role: Role, lane: str) -> bool:
    known = f.callers.get(e.viewer)
    f.callers[e.viewer] = Caller(
        e.viewer, e.name, role, e.lang_hint, e.market, lane, on_air=known is not None and known.on_air
    )
    if len(f.callers) > KEEP_CALLERS:
        f.callers.popitem(last=False)
    return True


def _opened(f: Floor, e: ev.MicOpened) -> bool:
    return _put(f, e, e.role, e.lane)


def _queued(f: Floor, e: ev.MicQueued) -> bool:
    known = f.callers.get(e.viewer)
    return _put(f, e, known.role, known.lane) if known is not None else _put(f, e, "viewer", "")


def _closed(f: Floor, e: ev.MicClosed) -> bool:
    known = f.callers.get(e.viewer)
    if known is None or known.lane != e.lane:  # another lane of theirs, or the place in a queue they left
        return False
    del f.callers[e.viewer]
    return True


def _given(f: Floor, e: ev.FloorGiven) -> bool:
    """One caller at a time is on the air; cohost's turn leaves them there."""
    if e.viewer is None:
        return False
    for caller in f.callers.values():
        caller.on_air = caller.viewer == e.viewer
    return True


def _confirmed(f: Floor, e: ev.UtteranceConfirmed) -> bool:
    return _speaks(f.on_lane(e.lane), True)


def _ended(f: Floor, e: ev.UtteranceEnded) -> bool:
    return _speaks(f.on_lane(e.lane), False)


def _speaks(caller: Caller | None, speaking: bool) -> bool:
    if caller is None or caller.speaking == speaking:
        return False
    caller.speaking = speaking
    return True


def _started(f: Floor, e: ev.SpeechStarted) -> bool:
    f.aloud = Aloud(e)
    return False


def _turned(f: Floor, e: ev.SpeechDucked | ev.SpeechHeld | ev.SpeechResumed) -> bool:
    if f.aloud is not None and f.aloud.started.speech_id == e.speech_id:
        f.aloud.state = _STATE[type(e)]
        f.aloud.at_ms = getattr(e, "at_speech_ms", f.aloud.at_ms)
    return False


def _over(f: Floor, e: ev.SpeechCut | ev.SpeechPlayed) -> bool:
    if f.aloud is not None and f.aloud.started.speech_id == e.speech_id:
        f.aloud = None
    return False


_STATE: dict[type[ev.Event], Literal["speaking", "ducked", "held"]] = {
    ev.SpeechDucked: "ducked", ev.SpeechHeld: "held", ev.SpeechResumed: "speaking",
}  # fmt: skip
_FOLDS: dict[type[ev.Event], Callable[[Floor, Any], bool]] = {
    ev.ShowStarted: _again, ev.MicOpened: _opened, ev.MicQueued: _queued, ev.MicClosed: _closed,
    ev.FloorGiven: _given, ev.UtteranceConfirmed: _confirmed, ev.UtteranceEnded: _ended,
    ev.SpeechStarted: _started, ev.SpeechDucked: _turned, ev.SpeechHeld: _turned, ev.SpeechResumed: _turned,
    ev.SpeechCut: _over, ev.SpeechPlayed: _over,
}  # fmt: skip
