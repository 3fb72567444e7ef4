"""The endpoints a show's words may come from, in order: their prices, their health, the show's ceiling.

State is kept here and nowhere else; nothing waits.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from cohost.common.spend import Ceiling, Ledger, Prices, Tokens, cost_of
from cohost.decision.circuit import Circuit, Rules
from cohost.errors import WriterFault
from cohost.events import Record
from cohost.events.writer import WriterCalled, WriterSpent
from cohost.ports import Writer

Outcome = Literal["written", "refused", "failed"]
SICK: frozenset[WriterFault] = frozenset(WriterFault.__args__) - {"claim"}  # type: ignore[attr-defined]
"""Faults that are the server's. A sentence that says more than its evidence is the model's way: the server
answers, and the guard holds."""
AT_ONCE: frozenset[WriterFault] = frozenset({"busy", "denied"})
"""Faults that asking again soon makes no better."""


class Endpoint:
    """One server and model. `first_ms`: its share of the time to the first verified sentence; 0 = an equal
    share of what is left."""

    def __init__(
        self, writer: Writer, *, name: str = "", prices: Prices | None = None, first_ms: float = 0.0
    ) -> None:
        self.writer = writer
        self.name = name or writer.name
        self.prices = prices or Prices()
        self.first_ms = first_ms


class Call(msgspec.Struct, frozen=True):
    """One request and what came of it. Milliseconds of show time."""

    endpoint: str
    model: str
    outcome: Outcome
    fault: WriterFault | None = None
    message: str = ""
    took_ms: int = 0
    first_ms: int | None = None  # until its first verified sentence
    tokens: Tokens = Tokens()
    retry_ms: int | None = None  # the server asked to be left alone so long
    cost: float = 0.0
    rests_until_ms: int | None = None


class Roster:
    """Who may be asked now. `asking` goes around each call, `ended` follows."""

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        *,
        ceiling: Ceiling | None = None,
        currency: str = "",
        rules: Rules | None = None,
    ) -> None:
        self.endpoints = tuple(endpoints)
        self.currency = currency
        self.ledger = Ledger(ceiling or Ceiling())
        self._rules = rules or Rules()
        self._circuits = {e.name: Circuit(self._rules) for e in self.endpoints}

    @classmethod
    def of(cls, writer: Writer | Roster | None) -> Roster | None:
        """One endpoint of a bare writer."""
        return writer if writer is None or isinstance(writer, Roster) else cls([Endpoint(writer)])

    def ready(self, now_ms: int) -> list[Endpoint]:
        """Those that may be asked, in order; none once the ceiling is reached."""
        if self.ledger.reached:
            return []
        return [e for e in self.endpoints if self._circuits[e.name].may(now_ms)]

    def circuit(self, endpoint: Endpoint) -> Circuit:
        return self._circuits[endpoint.name]

    @contextlib.contextmanager
    def asking(self, endpoint: Endpoint, now_ms: int) -> Iterator[None]:
        """Around a call; `ended` follows. One that is cancelled, or breaks, leaves the endpoint as it was."""
        self._circuits[endpoint.name] = self._circuits[endpoint.name].begun(now_ms)
        whole = False
        try:
            yield
            whole = True
        finally:
            if not whole:
                self._circuits[endpoint.name] = self._circuits[endpoint.name].abandoned()

    def ended(self, endpoint: Endpoint, call: Call, now_ms: int) -> Call:
        """The call with its cost, and until when the endpoint rests for it."""
        before = self._circuits[endpoint.name]
        if call.fault in SICK:
            rest = self._rules.rest_ms if call.fault in AT_ONCE else None
            after = before.failed(now_ms, rest if call.retry_ms is None else call.retry_ms)
        else:
            after = before.succeeded(now_ms)
        self._circuits[endpoint.name] = after
        return msgspec.structs.replace(
            call, cost=cost_of(call.tokens, endpoint.prices), rests_until_ms=after.until_ms
        )

    # ------------------------------------------------------------ the log

    def event(self, call: Call, reply_id: str) -> WriterCalled:
        """What the log keeps of a call."""
        used = call.tokens
        return WriterCalled(
            reply_id=reply_id, endpoint=call.endpoint, model=call.model, outcome=call.outcome,
            fault=call.fault, message=call.message, took_ms=call.took_ms, first_ms=call.first_ms,
            prompt_tokens=used.prompt, completion_tokens=used.completion, cached_tokens=used.cached,
            estimated=used.estimated, cost=call.cost, currency=self.currency,
            rests_until_ms=call.rests_until_ms,
        )  # fmt: skip

    def count(self, record: Record) -> None:
        """A record of the log, old or new; none counts twice."""
        self.ledger.count(record)

    def spent(self, calls: Sequence[Call]) -> None:
        """Calls of a turn that no log keeps: they count for the ceiling all the same."""
        for call in calls:
            self.ledger.add(self.event(call, ""))

    def due(self) -> WriterSpent | None:
        """What the log must be told: that the ceiling is reached, once."""
        if not self.ledger.reached or self.ledger.told:
            return None
        spent, top = self.ledger.whole, self.ledger.ceiling
        return WriterSpent(
            tokens=spent.tokens, cost=round(spent.cost, 6), ceiling_tokens=top.tokens, ceiling_cost=top.cost,
            currency=self.currency,
        )  # fmt: skip
