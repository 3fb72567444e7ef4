"""The recogniser's queue: bounded, the oldest dropped and told, the turn always handed on."""

import asyncio
import threading

import numpy as np
import pytest

from cohost.ears.audio import Pcm
from cohost.ears.recognition import MAX_WAITING, Recognition
from cohost.ears.recognizer import Transcript
from cohost.errors import ProviderError


class Slow:
    """Waits for leave, then says how long the sound was."""

    def __init__(self) -> None:
        self.leave = threading.Event()

    def recognize(self, samples: Pcm, **_: object) -> Transcript:
        assert self.leave.wait(10)
        return Transcript(str(len(samples)), "en", 1.0, 0.0, 1.0, len(samples))


def test_a_full_queue_drops_the_oldest_and_serves_the_rest_in_order() -> None:
    async def main() -> tuple[list[object], int]:
        slow = Slow()
        recognition = Recognition(lambda: slow)  # type: ignore[arg-type,return-value]
        jobs = [
            asyncio.ensure_future(recognition.recognize(np.zeros(n, np.float32), languages=(), hotwords=""))
            for n in range(MAX_WAITING + 3)
        ]
        await asyncio.sleep(0.05)
        slow.leave.set()
        got = await asyncio.gather(*jobs, return_exceptions=True)
        recognition.close()
        return [r.text if isinstance(r, Transcript) else r for r in got], recognition.dropped

    got, dropped = asyncio.run(main())
    assert dropped == 2
    assert isinstance(got[1], ProviderError)
    assert isinstance(got[2], ProviderError)
    assert got[0] == "0"
    assert got[3:] == [str(n) for n in range(3, MAX_WAITING + 3)]


def test_a_cancelled_waiter_hands_its_turn_on() -> None:
    async def main() -> str:
        slow = Slow()
        recognition = Recognition(lambda: slow)  # type: ignore[arg-type,return-value]
        jobs = [
            asyncio.ensure_future(recognition.recognize(np.zeros(n, np.float32), languages=(), hotwords=""))
            for n in range(3)
        ]
        await asyncio.sleep(0.05)
        jobs[1].cancel()
        slow.leave.set()
        result = await asyncio.wait_for(jobs[2], 5)
        with pytest.raises(asyncio.CancelledError):
            await jobs[1]
        recognition.close()
        return result.text

    assert asyncio.run(main()) == "2"
