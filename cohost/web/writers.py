"""How the LLM's endpoints fare, as the console's health shows it: a fold of the log, bounded."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from cohost import events as ev
from cohost.common.spend import Total
from cohost.errors import WriterFault
from cohost.web.shapes import WriterView

KEEP = 50
"""First sentences whose median is shown."""


@dataclass
class _Endpoint:
    total: Total = field(default_factory=Total)
    firsts: deque[int] = field(default_factory=lambda: deque(maxlen=KEEP))
    fault: WriterFault | None = None  # of the last call, where it was the server's
    until_ms: int | None = None
    currency: str = ""


class Writers:
    """What each endpoint did last, and what it took. `fold` takes each record once, in order."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Endpoint] = OrderedDict()
        self._spent = False

    def fold(self, event: ev.WriterCalled | ev.WriterSpent) -> None:
        if isinstance(event, ev.WriterSpent):
            self._spent = True
            return
        one = self._known.setdefault(event.endpoint, _Endpoint())
        one.total.add(event)
        if event.first_ms is not None:
            one.firsts.append(event.first_ms)
        one.fault = None if event.fault == "claim" else event.fault
        one.until_ms, one.currency = event.rests_until_ms, event.currency

    def views(self, now_ms: int) -> tuple[WriterView, ...]:
        """Every endpoint that was asked, in the order of its first call."""
        return tuple(self._view(name, one, now_ms) for name, one in self._known.items())

    def _view(self, name: str, one: _Endpoint, now_ms: int) -> WriterView:
        firsts = sorted(one.firsts)
        state = "refused" if self._spent else "lost" if one.fault else "live"
        return WriterView(
            writer=name, state=state, fault="spent" if self._spent else one.fault or "",
            rests_ms=max(0, (one.until_ms or 0) - now_ms),
            first_ms=firsts[len(firsts) // 2] if firsts else None, tokens=one.total.tokens,
            cost=round(one.total.cost, 4), currency=one.currency, estimated=one.total.estimated > 0,
        )  # fmt: skip
