"""Tokens and money: prices by the million, estimates marked, the ceiling counted from the log."""

from __future__ import annotations

import pytest

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.spend import Ceiling, Ledger, Prices, Tokens, cost_of, estimate, tokens_in
from cohost.log import MemoryLog


def test_what_the_server_had_kept_costs_its_own_price() -> None:
    prices = Prices(prompt=2.0, completion=8.0, cached=0.5)
    assert cost_of(Tokens(1_000_000, 0), prices) == 2.0
    assert cost_of(Tokens(1_000_000, 500_000, 1_000_000), prices) == 4.5
    assert cost_of(Tokens(1_000_000, 0, 1_000_000), Prices(prompt=2.0)) == 2.0
    assert cost_of(Tokens(10, 0, 99), prices) == pytest.approx(10 * 0.5 / 1e6)


@pytest.mark.parametrize(
    ("text", "about"), [("", 0), ("abcd", 1), ("The battery lasts.", 5), ("вес", 2), ("重量620克", 4)]
)
def test_an_estimate_counts_scripts_as_they_are_cut(text: str, about: int) -> None:
    assert tokens_in(text) == about


def test_an_estimate_says_that_it_is_one() -> None:
    assert estimate(["abcd", "abcd"], ["abcd"]) == Tokens(2, 1, 0, estimated=True)


def called(cost: float, tokens: int = 0, endpoint: str = "a", *, estimated: bool = False) -> ev.WriterCalled:
    return ev.WriterCalled(
        reply_id="r1", endpoint=endpoint, model="m", outcome="written", prompt_tokens=tokens, cost=cost,
        estimated=estimated,
    )  # fmt: skip


def test_the_ledger_counts_each_record_once_and_knows_the_ceiling() -> None:
    log = MemoryLog(VirtualClock())
    ledger = Ledger(Ceiling(cost=1.0))
    for event in (called(0.4, 100), called(0.5, 200, "b", estimated=True)):
        record = log.append(event)
        ledger.count(record)
        ledger.count(record)
    assert not ledger.reached
    assert (ledger.whole.calls, ledger.whole.tokens, ledger.whole.estimated) == (2, 300, 1)
    assert ledger.by_endpoint["b"].cost == 0.5
    ledger.count(log.append(called(0.1)))
    assert ledger.reached


def test_a_ceiling_of_tokens_and_none_at_all() -> None:
    log = MemoryLog(VirtualClock())
    free, tight = Ledger(), Ledger(Ceiling(tokens=50))
    record = log.append(called(99.0, 50))
    free.count(record)
    tight.count(record)
    assert (free.reached, tight.reached) == (False, True)
