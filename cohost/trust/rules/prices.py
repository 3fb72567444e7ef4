"""R9 (prices, stock, shipping of the viewer's market) and R3's sale gate."""

from __future__ import annotations

import re

from cohost.trust.evidence import MarketFact, Policy, in_force
from cohost.trust.guard_evidence import figures_of
from cohost.trust.guard_text import Sentence
from cohost.trust.guard_words import affirmed, fold
from cohost.trust.quantities import Amount
from cohost.trust.rules.fault import Fault
from cohost.trust.rules.gate import sale_gate
from cohost.trust.rules.told import of_review
from cohost.trust.settle import settle
from cohost.trust.units import is_money

_LINK = re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)


def check_prices(s: Sentence) -> Fault | None:
    """R9: every price is the current one of the viewer's market, or of a market the sentence names."""
    for amount in s.amounts:
        if amount.unit is not None and is_money(amount.unit):
            fault = _price(s, amount)
            if fault:
                return fault
    return _stock(s) or _ships(s) or _promises(s)


def check_gate(s: Sentence) -> Fault | None:
    """R3: no price, link or call to buy where a mandatory paper is missing or the shop does not ship."""
    money = [a.text for a in s.amounts if a.unit is not None and is_money(a.unit) and not _is_policy(s, a)]
    links = [m.group() for m in _LINK.finditer(s.shown)]
    calls = [s.shown[a:b] for a, b in affirmed(s.low, s.lang, "say", "buy")]
    said = [*money, *links, *calls]
    if not said:
        return None
    markets = _targets(s)
    for market in markets:
        c = s.context
        reason = sale_gate(c.catalogue, c.items, c.product, market, c.on)
        if reason:
            return Fault("R3", said[0], f"says “{said[0]}” to {market}; {reason}", block=True)
    return None


def _targets(s: Sentence) -> list[str]:
    """Markets the sentence sells to: those it names and the shop knows, else the viewer's."""
    known = [m.code for m in s.context.catalogue.markets if m.code in s.markets]
    return known or ([s.context.market] if s.context.market else [])


def _is_policy(s: Sentence, amount: Amount) -> bool:
    return any(
        f.low == amount.low and f.unit == amount.unit
        for i in s.pool
        if isinstance(i, Policy)
        for f in figures_of(i)
    )


def _current(s: Sentence, attribute: str, market: str) -> MarketFact | None:
    facts = [
        i for i in s.pool if isinstance(i, MarketFact) and i.attribute == attribute and market in i.markets
    ]
    chosen = settle(facts, attribute=attribute, model=s.context.model, market=market, on=s.context.on).chosen
    return chosen if isinstance(chosen, MarketFact) else None


def _price(s: Sentence, amount: Amount) -> Fault | None:
    if _is_policy(s, amount):
        return None
    facts = [
        i
        for i in s.pool
        if isinstance(i, MarketFact) and i.unit is not None and is_money(i.unit) and in_force(i, s.context.on)
    ]
    places = {i.markets[0] for i in facts if i.markets}
    current = [f for p in places for f in (_current(s, a, p) for a in {i.attribute for i in facts}) if f]
    same = [f for f in current if f.unit == amount.unit and f.value == amount.low == amount.high]
    if not same:
        shown = next(
            (f"{f.value} {f.unit} in {f.markets[0]} ({f.id})" for f in _first(s, current)), "no price"
        )
        return Fault("R9", amount.text, f"says “{amount.text}”; evidence says {shown}")
    if any(f.markets[0] == s.context.market for f in same) or any(set(f.markets) & s.markets for f in same):
        return None
    where = "/".join(sorted({f.markets[0] for f in same}))
    return Fault(
        "R9", amount.text, f"says “{amount.text}” without naming the market; it is the price in {where}"
    )


def _first(s: Sentence, current: list[MarketFact]) -> list[MarketFact]:
    return sorted(current, key=lambda f: (s.context.market not in f.markets, f.attribute != "price", f.id))


def _stock(s: Sentence) -> Fault | None:
    claims = affirmed(s.low, s.lang, "say", "in_stock")
    if not claims:
        return None
    for market in _targets(s):
        fact = _current(s, "stock", market)
        if fact is not None and fact.value in (0, False):
            words = s.shown[claims[0][0] : claims[0][1]]
            return Fault("R9", words, f"says “{words}”; stock in {market} is {fact.value:g} ({fact.id})")
    return None


def _ships(s: Sentence) -> Fault | None:
    claims = affirmed(s.low, s.lang, "say", "ships")
    if not claims:
        return None
    for market in _targets(s):
        fact = _current(s, "ships", market)
        if fact is not None and fact.value is False:
            words = s.shown[claims[0][0] : claims[0][1]]
            return Fault("R9", words, f"says “{words}”; the shop does not ship to {market} ({fact.id})")
    return None


def _promises(s: Sentence) -> Fault | None:
    """Duty-free, a promised day, a discount or "lowest ever" need their own words in a policy or price."""
    for key in ("duty_free", "delivery_promise", "discount"):
        for start, end in affirmed(s.low, s.lang, "say", key):
            if key == "discount" and any(isinstance(i, MarketFact) and i.prior_price_30d for i in s.cited):
                continue
            if any(_says_too(i, key) for i in s.pool if isinstance(i, Policy | MarketFact)):
                continue
            if of_review(s, start, end):
                continue
            words = s.shown[start:end]
            return Fault("R9", words, f"says “{words}”; no policy or price at hand says so")
    return None


def _says_too(item: Policy | MarketFact, key: str) -> bool:
    text = item.text if isinstance(item, Policy) else item.condition
    lang = item.source.lang if item.source.lang != "und" else "en"
    return bool(affirmed(fold(text, lang).low, lang, "say", key))
