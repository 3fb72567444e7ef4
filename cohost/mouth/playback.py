"""cohost's voice to whoever listens, and what the listeners say they have heard. Implements ports.Sound."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from cohost.clock import Clock

KEEP = 4096
"""Reports kept: of every page that listens, or the asker's would be lost in a crowd."""

Take = Callable[[str, bytes], None]


class Playback:
    """Sound goes out at once to each listener; nothing is kept for those who come later."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listeners: list[Take] = []
        self._played: OrderedDict[tuple[str, str], tuple[float, int]] = OrderedDict()

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    def join(self, take: Take, viewer: str) -> Callable[[], None]:
        """`take(speech_id, pcm)` from now on; call what is returned to leave."""
        self._listeners.append(take)

        def leave() -> None:
            if take in self._listeners:
                self._listeners.remove(take)

        return leave

    def push(self, speech_id: str, pcm: bytes) -> None:
        for take in list(self._listeners):
            take(speech_id, pcm)

    def played(self, speech_id: str, viewer: str, played_ms: float) -> None:
        """A page's report; the newest counts."""
        self._played[speech_id, viewer] = (played_ms, self._clock.now_ms())
        self._played.move_to_end((speech_id, viewer))
        while len(self._played) > KEEP:
            self._played.popitem(last=False)

    def reported(self, speech_id: str, viewer: str) -> tuple[float, int] | None:
        """Milliseconds that the viewer's page had played, and the show time of its report."""
        return self._played.get((speech_id, viewer))
