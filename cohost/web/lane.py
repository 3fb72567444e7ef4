"""One connection's microphone and ears: its lane or its place in the queue, and what it has played."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from cohost.errors import WireError
from cohost.ports import Mic, Speaker
from cohost.web import frames as fr
from cohost.web import inbound
from cohost.web.commands import Sender
from cohost.web.hub import Hub
from cohost.web.page import Page

VOICE = (inbound.MicStart, inbound.MicStop, inbound.HandRaise, inbound.Playout)
"""Frames of a connection's own sound: `Lane.do` takes them."""


class Lane:
    """Everything is synchronous and belongs to the loop's thread. `end` when the connection is over."""

    def __init__(self, hub: Hub, page: Page, sender: Sender) -> None:
        self._hub = hub
        self._page = page
        self._microphones = hub.room.microphones
        self._sound = hub.room.sound
        self._speaker = Speaker(
            viewer=sender.viewer, name=sender.name, role=sender.role, lang=sender.lang or None,
            market=sender.market, page=hub.room.clock.token(8),
        )  # fmt: skip
        self._mic: Mic | None = None  # None: neither heard nor waiting
        self._told = False  # that its sound goes nowhere
        self._leave = self._listen()

    def _listen(self) -> Callable[[], None] | None:
        hub, page = self._hub, self._page
        if page.listens == "cohost" and self._sound is not None:
            return self._sound.join(partial(hub.hear, page), self._speaker.viewer)
        if page.listens == "caller" and self._microphones is not None:
            return self._microphones.on_air(page.push_sound)
        return None

    def do(self, frame: inbound.In) -> fr.Out | None:
        """The frame to answer with. Raises WireError."""
        if isinstance(frame, inbound.Playout):
            self._played(frame)
            return None
        self._told = False
        if isinstance(frame, inbound.MicStop):
            self._close()
            return None
        return self._open(hand=isinstance(frame, inbound.HandRaise))

    def feed(self, pcm: bytes) -> None:
        """Sound of this connection, s16le; an odd last byte is dropped. Raises WireError, once a run."""
        if self._microphones is not None and self._mic is not None and self._mic.state == "open":
            whole = len(pcm) & ~1
            if whole:
                self._microphones.feed(self._mic.lane, pcm[:whole])
        elif not self._told:  # a microphone sends fifty frames a second
            self._told = True
            if self._microphones is None:
                message = "got audio, expected text frames: this room answers in writing"
                raise WireError("not_available", message)
            raise WireError("no_mic", "got audio without an open microphone, expected mic.start before it")

    def end(self) -> None:
        self._close("left")
        if self._leave is not None:
            self._leave()

    # ── the microphone ──
    def _open(self, *, hand: bool) -> fr.Out:
        if self._microphones is None:
            self._hub.metrics.refused.labels("in_writing").inc()
            return self._state(Mic("denied", message="this room answers in writing"), "in_writing")
        if self._mic is None:
            ask = self._microphones.raise_hand if hand else self._microphones.open
            mic = ask(self._speaker, self._changed)
            self._mic = mic if mic.state != "denied" else None
            return self._state(mic)
        return self._state(self._mic)

    def _changed(self, mic: Mic) -> None:
        """The room took this speaker from the queue, moved them up, or closed their lane."""
        if self._mic is None:
            return  # they left meanwhile
        self._mic = mic if mic.state != "denied" else None
        self._page.push(fr.dump(self._state(mic)))

    def _close(self, reason: str = "") -> None:
        if self._mic is None or self._microphones is None:
            return
        self._mic = None  # first: the room may tell of the change at once
        self._microphones.close(self._speaker, reason)

    def _state(self, mic: Mic, code: str = "") -> fr.MicState:
        return fr.MicState(
            seq=self._hub.sent, at_ms=self._hub.now_ms(), state=mic.state, position=mic.position,
            message=mic.message, code=code,
        )  # fmt: skip

    # ── the ears ──
    def _played(self, frame: inbound.Playout) -> None:
        for ms in (frame.played_ms, frame.ago):
            if not math.isfinite(ms) or ms < 0:
                raise WireError("bad_frame", f"playout: got {ms} ms, expected 0 or more")
        if self._sound is None or self._page.listens != "cohost":
            return
        self._hub.heard_from(self._page, frame.at, frame.speech_id, frame.ago)
        self._sound.played(frame.speech_id, self._speaker.viewer, frame.played_ms)
