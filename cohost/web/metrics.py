"""Prometheus metrics of one room, on a registry of their own. Counted from the log as it is read."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from cohost import events as ev
from cohost.web.room import RoomState

LATENCY_S = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.0, 6.0, 15.0)


class Metrics:
    """Count with `count`; `text` is the exposition of `/metrics`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._messages = Counter("cohost_messages", "Typed lines", ["role"], registry=self.registry)
        self._replies = Counter("cohost_replies", "Replies by outcome", ["outcome"], registry=self.registry)
        self._faults = Counter("cohost_faults", "Faults the show survived", registry=self.registry)
        self.refused = Counter(
            "cohost_refused", "Connections and frames refused", ["code"], registry=self.registry
        )
        self._latency = Histogram(
            "cohost_reply_latency_seconds", "From the question's line to the posted reply",
            buckets=LATENCY_S, registry=self.registry,
        )  # fmt: skip
        self._late = Gauge(
            "cohost_loop_late_seconds", "How late the event loop wakes, p99", registry=self.registry
        )

    def watch(self, state: RoomState, connected: Callable[[], Mapping[str, int]]) -> None:
        """Gauges that are read when somebody asks."""
        self.registry.register(_Live(state, connected))

    def count(self, record: ev.Record, state: RoomState) -> None:
        """One record; `state` already holds it."""
        event = record.event
        if isinstance(event, ev.ChatMessage):
            self._messages.labels(event.role).inc()
        elif isinstance(event, ev.ReplyPosted):
            self._replies.labels("posted").inc()
            if event.reply_id in state.latencies:
                self._latency.observe(state.latencies[event.reply_id] / 1000)
        elif isinstance(
            event, ev.ReplyRejected | ev.ReplyWithheld | ev.ReplyFailed | ev.ReplyUnknown | ev.ReplyRetracted
        ):
            self._replies.labels(record.kind.partition(".")[2]).inc()
        elif isinstance(event, ev.FaultRaised):
            self._faults.inc()
        elif isinstance(event, ev.HealthSampled):
            self._late.set(event.loop_late_ms_p99 / 1000)

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Live(Collector):
    """Questions by state and connected pages, as they are at the moment of asking."""

    def __init__(self, state: RoomState, connected: Callable[[], Mapping[str, int]]) -> None:
        self._state = state
        self._connected = connected

    def collect(self) -> Iterator[GaugeMetricFamily]:
        questions = GaugeMetricFamily("cohost_questions", "Questions remembered, by state", labels=["state"])
        for state, number in Tally(q.state for q in self._state.show.questions.values()).items():
            questions.add_metric([state], number)
        yield questions
        pages = GaugeMetricFamily("cohost_pages", "Connected pages", labels=["role"])
        for role, number in self._connected().items():
            pages.add_metric([role], number)
        yield pages
