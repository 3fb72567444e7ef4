"""Asking the endpoints in turn, within the time a turn has, until one gives a verified sentence.

The first verified sentence decides: an endpoint that fails before it makes room for the next one, one that
fails after it leaves the answer to the composer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import msgspec

from cohost.clock import Clock
from cohost.common.spend import Tokens, estimate
from cohost.deadline import within
from cohost.decision.roster import Call, Endpoint, Outcome, Roster
from cohost.errors import ProviderError, ProviderTimeout, WriterError, WriterFault
from cohost.ports import WriterSentence, WriterUsage
from cohost.trust.guard import Verdict

MAX_SENTENCES = 3
REFUSED: dict[WriterFault, str] = {
    "claim": "a sentence says more than its evidence ({rule})",
    "language": "a sentence is in another language than the one asked ({lang})",
    "leak": "a sentence repeats the prompt",
    "endless": "a sentence has no end",
}
"""A refused sentence in a line. Its words stand in the log once, as `draft.sentence`."""


class Timing(msgspec.Struct, frozen=True):
    """What a turn has, in ms of show time: to the first verified sentence, and to the whole answer."""

    first_ms: float = 2500.0
    total_ms: float = 8000.0


class Judged(msgspec.Struct, frozen=True):
    """A drafted sentence with the guard's verdict; `fault`: what a refused one says about the server."""

    sentence: WriterSentence
    verdict: Verdict
    fault: WriterFault | None = None


class Consulted(msgspec.Struct, frozen=True):
    """What came of asking. `judged`: of the last endpoint asked; `refused`: of those before it."""

    judged: tuple[Judged, ...] = ()
    refused: tuple[Judged, ...] = ()
    calls: tuple[Call, ...] = ()

    @property
    def fault(self) -> str:
        """What failed last, in one line; "" where the words came through, passed or not."""
        last = self.calls[-1] if self.calls else None
        return last.message if last is not None and last.outcome == "failed" else ""


class Brief(msgspec.Struct, frozen=True):
    """What is asked: messages of a chat, the language wanted, and who judges each sentence."""

    messages: Sequence[dict[str, str]]
    lang: str
    judge: Callable[[WriterSentence], Judged]


async def consult(roster: Roster, brief: Brief, clock: Clock, timing: Timing) -> Consulted:
    """Safe to cancel: the stream is closed, and the endpoint counts as not asked."""
    began = clock.now_ms()
    calls: list[Call] = []
    judged: tuple[Judged, ...] = ()
    refused: list[Judged] = []
    waiting = roster.ready(began)
    while waiting:
        endpoint = waiting.pop(0)
        now = clock.now_ms()
        left = min(began + timing.first_ms, began + timing.total_ms) - now
        if left <= 0:
            break
        if not roster.circuit(endpoint).may(now):
            continue  # another turn tries it out
        refused += judged
        share = min(left, endpoint.first_ms or left / (1 + len(waiting)))
        attempt = _Attempt(endpoint, brief, clock, share, began + timing.total_ms)
        with roster.asking(endpoint, now):
            call = await attempt.run()
        calls.append(roster.ended(endpoint, call, clock.now_ms()))
        judged = tuple(attempt.judged)
        if call.first_ms is not None:
            break
    return Consulted(judged, tuple(refused), tuple(calls))


class _Attempt:
    """One endpoint asked once."""

    def __init__(
        self, endpoint: Endpoint, brief: Brief, clock: Clock, first_ms: float, end_ms: float
    ) -> None:
        self._endpoint, self._brief, self._clock = endpoint, brief, clock
        self._first_ms, self._end_ms = first_ms, end_ms
        self._began = clock.now_ms()
        self._first: int | None = None
        self._usage: WriterUsage | None = None
        self.judged: list[Judged] = []

    async def run(self) -> Call:
        """Judge each sentence as it comes, stop at the first that may not go out."""
        stream = self._endpoint.writer.write(self._brief.messages, lang=self._brief.lang)
        outcome: Outcome = "written"
        fault: WriterFault | None = None
        message, retry_ms = "", None
        try:
            await self._read(stream)
            bad = next((j for j in self.judged if j.verdict.action != "allow"), None)
            if bad is not None:
                fault = bad.fault or "claim"
                outcome, message = "refused", self._told(fault, bad.verdict)
            elif not self.judged:
                raise WriterError(self._endpoint.writer.name, "the answer holds no sentence", "empty")
        except ProviderError as error:
            outcome, message = "failed", str(error)
            fault, retry_ms = _kind(error)
        finally:
            await _close(stream)
        return Call(
            endpoint=self._endpoint.name, model=self._endpoint.writer.name, outcome=outcome, fault=fault,
            message=message, took_ms=self._clock.now_ms() - self._began, first_ms=self._first,
            tokens=self._tokens(), retry_ms=retry_ms,
        )  # fmt: skip

    async def _read(self, stream: AsyncIterator[WriterSentence | WriterUsage]) -> None:
        name = self._endpoint.writer.name
        left = self._first_ms
        while len(self.judged) < MAX_SENTENCES:
            got = await within(self._clock, left, _next(stream), name)
            if got is None:
                return
            if isinstance(got, WriterUsage):
                self._usage = got
                continue
            self.judged.append(self._brief.judge(got))
            now = self._clock.now_ms()
            if self.judged[-1].verdict.action != "allow":
                return
            if self._first is None:
                self._first = now - self._began
            left = max(0.0, self._end_ms - now)

    def _told(self, fault: WriterFault, verdict: Verdict) -> str:
        told = REFUSED[fault].format(rule=verdict.rule, lang=self._brief.lang)
        return f"{self._endpoint.writer.name}: {told}"

    def _tokens(self) -> Tokens:
        """As the server counts them, else an estimate of what went in and was seen to come out."""
        if self._usage is not None:
            return Tokens(self._usage.prompt, self._usage.completion, self._usage.cached)
        asked = (m["content"] for m in self._brief.messages)
        return estimate(asked, (j.sentence.text for j in self.judged))


def _kind(error: ProviderError) -> tuple[WriterFault, int | None]:
    if isinstance(error, WriterError):
        return error.kind, error.retry_ms
    return ("hangs" if isinstance(error, ProviderTimeout) else "error"), None


async def _next(stream: AsyncIterator[WriterSentence | WriterUsage]) -> WriterSentence | WriterUsage | None:
    return await anext(stream, None)


async def _close(stream: Any) -> None:
    """Generators close their connection; other iterators have nothing to close."""
    close = getattr(stream, "aclose", None)
    if close is not None:
        await close()
