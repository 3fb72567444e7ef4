"""One connected page as the hub sees it: a bounded queue of frames, and of sound between them."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from typing import Literal

from cohost import events as ev
from cohost.web.limits import Limits
from cohost.web.translate import Audience

Listens = Literal["", "cohost", "caller"]
"""Whose voice a page hears: nobody's, cohost's, the taken caller's."""


def _uncounted(size: int) -> None:
    return


class Page:
    """Texts and sound leave in the order in which they came in. Too much text is dropped whole and
    replaced by a snapshot (`behind`); too much sound loses its oldest part and nothing else."""

    def __init__(
        self,
        audience: Audience,
        limits: Limits,
        listens: Listens = "",
        dropped: Callable[[int], None] = _uncounted,
        *,
        viewer: str = "",
        lang: str = "",
        direct: Callable[[bytes], bool] | None = None,
        decides: bool = False,
    ) -> None:
        """`viewer`: whose page it is, as the log names them; `direct` writes a whole frame past the queue and
        says whether it could."""
        self.audience = audience
        self.decides = decides  # its person may approve: the room is attended
        self.lang = lang
        self.listens = listens
        self.viewer = viewer
        self.writing = True  # its writer holds something that is not yet out
        self.behind = False
        self.wake = asyncio.Event()
        self.speech: str | None = None  # whose sound may follow: its speech.started is in the queue or sent
        self.owes: tuple[str, str, int] | None = None  # ("held" | "cut", speech id, since when in show ms)
        self._limits = limits
        self._direct = direct
        self._dropped = dropped  # bytes
        self._texts: deque[tuple[int, str]] = deque()
        self._sounds: deque[tuple[int, bytes]] = deque()
        self._order = itertools.count()
        self._chars = 0
        self._bytes = 0

    def push(self, text: str, frame: bytes | None = None) -> None:
        """Never blocks: a full queue is dropped and replaced by one snapshot when the page reads. With the
        whole `frame` of the text it goes out at once where nothing waits before it."""
        if self.behind:
            return
        waits = self.writing or self._texts or self._sounds
        if frame is not None and self._direct is not None and not waits and self._direct(frame):
            return
        self._texts.append((next(self._order), text))
        self._chars += len(text)
        if len(self._texts) > self._limits.queue_frames or self._chars > self._limits.queue_chars:
            self.behind = True
            self._texts.clear()
            self._chars = 0
            self.hush()
        self.wake.set()

    def push_sound(self, pcm: bytes) -> None:
        """Never blocks: of more than `sound_bytes` the oldest goes."""
        if self.behind:
            self._dropped(len(pcm))
            return
        self._sounds.append((next(self._order), pcm))
        self._bytes += len(pcm)
        while self._bytes > self._limits.sound_bytes and len(self._sounds) > 1:
            self._dropped(self._shift())
        self.wake.set()

    def _shift(self) -> int:
        size = len(self._sounds.popleft()[1])
        self._bytes -= size
        return size

    def hush(self) -> None:
        """Forget the sound that still waits."""
        self._sounds.clear()
        self._bytes = 0

    def pop(self) -> str | bytes | None:
        if self._sounds and (not self._texts or self._sounds[0][0] < self._texts[0][0]):
            pcm = self._sounds[0][1]
            self._shift()
            return pcm
        if not self._texts:
            return None
        text = self._texts.popleft()[1]
        self._chars -= len(text)
        return text

    def restart(self, texts: list[str]) -> None:
        """A page that was behind goes on from here. A snapshot is bounded by its own measure: one that is
        longer than the queue must not set the page back again, for ever."""
        self.behind = False
        for text in texts:
            self._texts.append((next(self._order), text))
            self._chars += len(text)
        self.wake.set()

    def follow(self, event: ev.Event, now_ms: int) -> None:
        """Whose sound may come, and which report this page owes, after an event of cohost's speech."""
        if isinstance(event, ev.SpeechStarted):
            self.speech = event.speech_id
        elif isinstance(event, ev.SpeechHeld):
            self.owes = ("held", event.speech_id, now_ms)
        elif isinstance(event, ev.SpeechCut):
            self.owes = ("cut", event.speech_id, now_ms)
        if isinstance(event, ev.SpeechCut | ev.SpeechPlayed) and event.speech_id == self.speech:
            self.speech = None
        if isinstance(event, ev.SpeechCut) and self.listens == "cohost":
            self.hush()
