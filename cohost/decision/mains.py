"""Mains voltage: the appliance's against the viewer's socket. Pure."""

from __future__ import annotations

from cohost.decision.context import Ask
from cohost.decision.points import Point
from cohost.decision.warnings import recognise
from cohost.trust.evidence import Evidence, Fact, Passage
from cohost.trust.fits import takes_mains
from cohost.trust.settle import figures, settle

MAINS_V = 90.0

LOW_VOLTAGE = frozenset({
    "US", "CA", "MX", "JP", "TW", "CO", "VE", "EC", "CU", "DO", "HT", "JM", "GT", "HN", "SV", "NI",
    "CR", "PA", "PR", "BS", "BB", "BZ", "BM", "KY", "TT", "SR", "BR",
})  # fmt: skip
"""Markets whose sockets give 100–127 V, everywhere or in parts (IEC World Plugs)."""


def on_mains(ask: Ask) -> bool:
    """True when the product plugs into a wall socket."""
    return any(
        (both := figures(f)) is not None and both[1] >= MAINS_V and f.polarity
        for f in ask.of(Fact, "voltage")
    )


def voltage_mismatch(ask: Ask) -> Point | None:
    """A 230 V appliance asked about from a 110 V socket, or the other way round."""
    found = settle(ask.items, attribute="voltage", model=ask.model, market=None, on=ask.on).chosen
    both = figures(found) if isinstance(found, Fact) else None
    if found is None or both is None or both[1] < MAINS_V:
        return None
    low, high = both
    asked = [q.value for q in ask.question.quantities if q.unit == "V"]
    market = ask.question.market
    place = 110.0 if market in LOW_VOLTAGE else 230.0 if market else None
    outside = any(not takes_mains(low, high, v) for v in asked)
    if not outside and (place is None or takes_mains(low, high, place)):
        return None
    items: tuple[Evidence, ...] = (found,)
    said = next((p for p in ask.of(Passage) if "voltage_mismatch" in recognise(p.text, p.source.lang)), None)
    return Point(
        kind="warning",
        items=(*items, said) if said else items,
        warning="voltage_mismatch",
        attribute="voltage",
    )
