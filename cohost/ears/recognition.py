"""The recogniser behind the loop: one worker thread, a bounded queue, oldest out first.

One thread for Whisper keeps the event loop on time (p99 12 ms late, measured) at nearly the speed of
two. A full queue drops the oldest waiting stretch and says so: late words help nobody.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from cohost.ears.audio import Pcm
from cohost.ears.recognizer import Transcript
from cohost.errors import BREAKS, ProviderError

MAX_WAITING = 16
Done = TypeVar("Done")


class Recognizer(Protocol):
    """A blocking recogniser, such as WhisperRecognizer."""

    def recognize(
        self,
        samples: Pcm,
        *,
        languages: Sequence[str] = (),
        prior: Mapping[str, float] | None = None,
        hotwords: str = "",
    ) -> Transcript: ...


class Recognition:
    """`recognize` awaits its turn. `dropped` counts what a full queue lost."""

    def __init__(self, load: Callable[[], Recognizer]) -> None:
        self._load = load
        self._model: Recognizer | None = None
        self._pool = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="recognizer")
        self._waiting: deque[asyncio.Event] = deque()
        self._lost: set[asyncio.Event] = set()
        self._busy = False
        self.dropped = 0

    async def warm(self) -> None:
        """Load the model now instead of at the first utterance. Raises ProviderError."""
        await self._work(self._ready)

    @property
    def idle(self) -> bool:
        """Nothing is being recognised: words so far may be read without making a last word wait."""
        return not self._busy

    async def recognize(
        self,
        samples: Pcm,
        *,
        languages: Sequence[str] = (),
        prior: Mapping[str, float] | None = None,
        hotwords: str = "",
    ) -> Transcript:
        """Raises ProviderError when the queue was full and this stretch the oldest in it, or when the
        model breaks."""
        await self._take_turn()
        try:
            return await self._work(
                lambda: self._ready().recognize(samples, languages=languages, prior=prior, hotwords=hotwords)
            )
        finally:
            self._next()

    async def _work(self, job: Callable[[], Done]) -> Done:
        """On the worker's thread. A model's errors are its own (CTranslate2 raises RuntimeError): one
        that breaks costs the words, not the ears."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, job)
        except ProviderError:
            raise
        except BREAKS as error:
            raise ProviderError("recognizer", f"{type(error).__name__}: {error}") from error

    def _ready(self) -> Recognizer:
        if self._model is None:
            self._model = self._load()
        return self._model

    async def _take_turn(self) -> None:
        if not self._busy:
            self._busy = True
            return
        ticket = asyncio.Event()
        self._waiting.append(ticket)
        if len(self._waiting) > MAX_WAITING:
            oldest = self._waiting.popleft()
            self._lost.add(oldest)
            self.dropped += 1
            oldest.set()
        try:
            await ticket.wait()
        except asyncio.CancelledError:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
            elif ticket in self._lost:
                self._lost.discard(ticket)
            else:
                self._next()
            raise
        if ticket in self._lost:
            self._lost.discard(ticket)
            raise ProviderError(
                "recognizer", f"more than {MAX_WAITING} utterances waited: the oldest was dropped"
            )

    def _next(self) -> None:
        """Hand the turn on; nobody waits: the recogniser is free."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._busy = False

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
