"""What depends on the viewer's market: price, delivery, returns, warranty, plug. Pure.

Never another market's figure, never a guess from the language: with the market unknown the figures
are told per market when they are few, else the country is asked.
"""

from __future__ import annotations

import msgspec

from cohost.decision.context import Ask
from cohost.decision.facts import conflict_note, plan_fact, says_it, told_best
from cohost.decision.points import HostNote, Plan, Point, decline, talk
from cohost.trust.evidence import Evidence, MarketFact, Policy, in_force
from cohost.trust.guard import missing_schemes, sale_gate
from cohost.trust.settle import Settled, figures, settle

SALE = frozenset({"price", "stock", "shipping_cost", "how_to_buy"})
DELIVERY = frozenset({"price", "stock", "ships", "shipping", "shipping_cost", "how_to_buy", "customs"})
MAX_LISTED = 4


def plan_market(ask: Ask, attribute: str) -> Plan | None:
    """None when nothing here speaks of the attribute (a passage may)."""
    if ask.market_unlisted:
        return _unlisted(ask, attribute)
    if ask.market is None:
        return _per_market(ask, attribute)
    no_delivery = ships_no(ask) if attribute in DELIVERY else None
    if no_delivery is not None:
        note = HostNote("sale_gate", market=ask.market, detail="ships = false")
        return Plan("answer", "ships_no", (no_delivery,), False, note, model=ask.model, market=ask.market)
    gate = gate_reason(ask, ask.market) if attribute in SALE else None
    if gate is not None:
        note = HostNote("sale_gate", market=ask.market, detail=gate)
        return decline("sale_gate", "sale_gate", note=note, market=ask.market)
    return _in_market(ask, attribute)


def gate_reason(ask: Ask, market: str) -> str | None:
    """Why nothing may be sold to that market now, or None."""
    return sale_gate(ask.catalogue, ask.items, ask.product, market, ask.on)


def ships_no(ask: Ask) -> Point | None:
    """The fact that the shop does not ship the product there."""
    found = settle(ask.items, attribute="ships", model=ask.model, market=ask.market, on=ask.on)
    if found.chosen is None or found.chosen.value is not False or ask.market is None:
        return None
    return Point(
        kind="ships_no",
        items=(found.chosen,),
        attribute="ships",
        market=ask.market,
        product=ask.product_name(),
    )


def _in_market(ask: Ask, attribute: str) -> Plan | None:
    plan = plan_fact(ask, attribute)
    if plan is not None:
        return _with_missing_papers(ask, plan) if attribute in SALE else plan
    if attribute == "price":
        stale = any(
            i.markets == (ask.market,) and not in_force(i, ask.on) for i in ask.of(MarketFact, "price")
        )
        note = HostNote("stale" if stale else "no_evidence", attribute=attribute, market=ask.market)
        return decline("no_price", "no_price", "passed_on", note=note, market=ask.market)
    return None


def _with_missing_papers(ask: Ask, plan: Plan) -> Plan:
    """A price may be told where no paper is on file, but a person must look at it."""
    if ask.product is None or ask.market is None:
        return plan
    missing = missing_schemes(ask.catalogue, ask.items, ask.product, ask.market, ask.on)
    if not missing:
        return plan
    note = plan.host_note or HostNote("missing_paper", scheme=missing[0][0], market=ask.market)
    return msgspec.structs.replace(plan, notify_host=True, host_note=note)


def _unlisted(ask: Ask, attribute: str) -> Plan:
    note = HostNote("no_evidence", attribute=attribute, market=ask.question.market)
    return decline("unknown_market", "unknown_market", note=note, market=ask.question.market)


def _per_market(ask: Ask, attribute: str) -> Plan | None:
    """One figure for everywhere, a short list, or the question which country."""
    codes = [m.code for m in ask.catalogue.markets] or sorted({c for i in ask.items for c in i.markets})
    settled = {code: _settled(ask, attribute, code) for code in codes}
    found = {c: s for c, s in settled.items() if s.chosen is not None and says_it(s.chosen)}
    if not found:
        return plan_fact(ask, attribute)
    if not any(_bound(s.chosen) for s in found.values()) and len(found) == len(codes):
        return plan_fact(ask, attribute)
    open_now = {c: s for c, s in found.items() if attribute not in SALE or gate_reason(ask, c) is None}
    values = {_value(one) for one in open_now.values()}
    wide = attribute not in SALE and len(values) < MAX_LISTED and len(open_now) <= 2 * MAX_LISTED
    if open_now and (len(open_now) <= MAX_LISTED or wide):
        return _listed(attribute, open_now)
    return Plan("decline", "market_unknown", talk("ask_country", attribute=attribute, names=tuple(found)))


def _settled(ask: Ask, attribute: str, market: str) -> Settled:
    variant = ask.catalogue.variant_in(ask.product, market)
    model = ask.question.model or (variant.model if variant else None)
    return told_best(settle(ask.items, attribute=attribute, model=model, market=market, on=ask.on), ask.lang)


def _bound(item: Evidence | None) -> bool:
    return item is not None and bool(item.markets)


def _value(found: Settled) -> object:
    chosen = found.chosen
    assert chosen is not None
    if _wordy(chosen):
        return chosen.id
    return (figures(chosen) or chosen.value, chosen.unit, chosen.condition)


def _listed(attribute: str, found: dict[str, Settled]) -> Plan:
    """One point with an item for each market; `names` are the markets in the same order."""
    told = {c: s.chosen for c, s in found.items() if s.chosen is not None and not _wordy(s.chosen)}
    if not told:
        first = next(s.chosen for s in found.values() if s.chosen is not None)
        return Plan("answer", "policy", (Point(kind="policy", items=(first,), attribute=attribute),))
    note = next((n for c, s in found.items() if (n := conflict_note(s, attribute, c))), None)
    point = Point(kind="market_list", items=tuple(told.values()), attribute=attribute, names=tuple(told))
    return Plan("answer", "per_market", (point,), note is not None, note)


def _wordy(item: Evidence) -> bool:
    """A policy without a figure: told in its own words only."""
    return isinstance(item, Policy) and item.value is None
