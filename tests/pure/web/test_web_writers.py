"""The console's health says of each endpoint how it fares: one state, one fault, what it took."""

from __future__ import annotations

from typing import Any

import pytest

from cohost import events as ev
from cohost.errors import WriterFault
from cohost.languages import LANGUAGES, table
from cohost.web.hub import Hub
from cohost.web.limits import Limits
from cohost.web.metrics import Metrics
from cohost.web.writers import Writers
from tests.wire.web_room import Room

FAULTS = [f for f in WriterFault.__args__ if f != "claim"]  # type: ignore[attr-defined]


def called(endpoint: str = "big", **more: Any) -> ev.WriterCalled:
    given = {"outcome": "written", "first_ms": 300, "prompt_tokens": 90, "completion_tokens": 10, "cost": 0.5}
    return ev.WriterCalled(reply_id="r1", endpoint=endpoint, model="m", currency="EUR", **given | more)


def test_figures_add_up_and_a_good_call_ends_a_fault() -> None:
    writers = Writers()
    failed = called(outcome="failed", fault="hangs", first_ms=None, rests_until_ms=9_000, estimated=True)
    for event in (called(first_ms=100), failed):
        writers.fold(event)
    (view,) = writers.views(5_000)
    assert (view.state, view.fault, view.rests_ms) == ("lost", "hangs", 4_000)
    assert (view.first_ms, view.tokens, view.cost, view.currency, view.estimated) == (
        100, 200, 1.0, "EUR", True,
    )  # fmt: skip
    writers.fold(called())
    assert [(v.state, v.fault, v.rests_ms) for v in writers.views(20_000)] == [("live", "", 0)]


def test_a_model_that_says_too_much_is_no_fault_of_its_server() -> None:
    writers = Writers()
    writers.fold(called(outcome="refused", fault="claim", first_ms=None))
    assert writers.views(0)[0].state == "live"


def test_the_ceiling_is_shown_at_every_endpoint() -> None:
    writers = Writers()
    for event in (called(), called("small"), ev.WriterSpent(tokens=5, cost=9.0)):
        writers.fold(event)
    assert {(v.writer, v.state, v.fault) for v in writers.views(0)} == {
        ("big", "refused", "spent"), ("small", "refused", "spent"),
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fault_has_one_line_in_every_language(lang: str) -> None:
    words = table(lang, "ui")["console"]
    lines = [words[f"writer_{fault}"] for fault in (*FAULTS, "spent")]
    assert all(lines)
    assert len(set(lines)) == len(lines)
    assert "{n}" in words["writer_again"]
    assert all(place in words["writer_live"] for place in ("{ms}", "{tokens}", "{cost}"))


def test_operators_get_it_with_their_health_and_metrics_count_it() -> None:
    room = Room()
    metrics = Metrics()
    hub = Hub(room, Limits(), metrics)
    hub.load()
    assert hub.health().writers == ()
    room.append(called())
    room.append(called("small", outcome="failed", fault="died", first_ms=None))
    hub.sync()
    assert [(w.writer, w.fault) for w in hub.health().writers] == [("big", ""), ("small", "died")]
    text = metrics.text().decode()
    assert 'cohost_writer_calls_total{endpoint="small",outcome="failed"} 1.0' in text
    assert 'cohost_writer_tokens_total{endpoint="big"} 100.0' in text
    assert 'cohost_writer_cost_total{currency="EUR",endpoint="big"} 0.5' in text
