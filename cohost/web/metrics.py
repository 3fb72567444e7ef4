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
LAG_S = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.3, 2.6)
BYTES_PER_S = 32_000  # s16le, 16 kHz, mono

Count = Callable[[], Mapping[str, int]]


class Metrics:
    """Count with `count`; `text` is the exposition of `/metrics`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._messages = Counter(
            "cohost_messages", "Lines, typed and spoken", ["role"], registry=self.registry
        )
        self._replies = Counter("cohost_replies", "Replies by outcome", ["outcome"], registry=self.registry)
        self._faults = Counter("cohost_faults", "Faults the show survived", registry=self.registry)
        self._calls = Counter(
            "cohost_writer_calls", "Calls of the LLM", ["endpoint", "outcome"], registry=self.registry
        )
        self._tokens = Counter(
            "cohost_writer_tokens", "Tokens of the LLM, estimates among them", ["endpoint"],
            registry=self.registry,
        )  # fmt: skip
        self._cost = Counter(
            "cohost_writer_cost", "Cost of the LLM", ["endpoint", "currency"], registry=self.registry
        )
        self._translations = Counter(
            "cohost_translations", "Lines translated, or left as they were", ["state"], registry=self.registry
        )
        self.refused = Counter(
            "cohost_refused", "Connections and frames refused", ["code"], registry=self.registry
        )
        self._latency = Histogram(
            "cohost_reply_latency_seconds", "From the question's line to the posted reply",
            buckets=LATENCY_S, registry=self.registry,
        )  # fmt: skip
        self._lag = Histogram(
            "cohost_page_lag_seconds", "From a held or cut speech to the page's report that it is silent",
            ["at"], buckets=LAG_S, registry=self.registry,
        )  # fmt: skip
        self._dropped = Counter(
            "cohost_sound_dropped_seconds", "Sound that slow pages did not get", registry=self.registry
        )
        self._late = Gauge(
            "cohost_loop_late_seconds", "How late the event loop wakes, p99", registry=self.registry
        )

    def watch(self, state: RoomState, connected: Count, listening: Count) -> None:
        """Gauges that are read when somebody asks."""
        self.registry.register(_Live(state, connected, listening))

    def sound_dropped(self, size: int) -> None:
        """`size` in bytes."""
        self._dropped.inc(size / BYTES_PER_S)

    def page_lag(self, at: str, ms: int) -> None:
        self._lag.labels(at).observe(ms / 1000)

    def count(self, record: ev.Record, state: RoomState) -> None:
        """One record; `state` already holds it."""
        event = record.event
        line = ev.line_of(event)
        if line is not None:
            self._messages.labels(line.role).inc()
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
        elif isinstance(event, ev.WriterCalled):
            self._calls.labels(event.endpoint, event.outcome).inc()
            self._tokens.labels(event.endpoint).inc(event.prompt_tokens + event.completion_tokens)
            self._cost.labels(event.endpoint, event.currency).inc(event.cost)
        elif isinstance(event, ev.TranslationMade):
            self._translations.labels(event.state).inc()
        elif isinstance(event, ev.HealthSampled):
            self._late.set(event.loop_late_ms_p99 / 1000)

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Live(Collector):
    """Questions by state, connected and listening pages, as they are at the moment of asking."""

    def __init__(self, state: RoomState, connected: Count, listening: Count) -> None:
        self._state = state
        self._connected = connected
        self._listening = listening

    def collect(self) -> Iterator[GaugeMetricFamily]:
        questions = GaugeMetricFamily("cohost_questions", "Questions remembered, by state", labels=["state"])
        for state, number in Tally(q.state for q in self._state.show.questions.values()).items():
            questions.add_metric([state], number)
        yield questions
        pages = GaugeMetricFamily("cohost_pages", "Connected pages", labels=["role"])
        for role, number in self._connected().items():
            pages.add_metric([role], number)
        yield pages
        ears = GaugeMetricFamily(
            "cohost_pages_with_sound", "Pages that listen, by whose voice", labels=["voice"]
        )
        for voice, number in self._listening().items():
            ears.add_metric([voice], number)
        yield ears
