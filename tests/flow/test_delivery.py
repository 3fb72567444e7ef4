"""Delivery on virtual time: judged again, written ahead, sent once, looked up after a crash."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence

import pytest

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.catalogue import Catalogue, Market, Product
from cohost.common.question import Asker, Citation, Claim, Draft, Question
from cohost.errors import ProviderError
from cohost.log import MemoryLog
from cohost.mouth.delivery import DeliveryStage, RoomSink
from cohost.ports import Found, Post, SendPolicy
from cohost.stage import run
from cohost.trust.evidence import Evidence, MarketFact, Source

ON = dt.date(2026, 11, 20)
PRICE = MarketFact(
    id="E1", source=Source(document="kb.toml", quote="value = 41.5", lang="en"), source_class="C",
    product="lamp", markets=("DE",), attribute="price", value=41.5, unit="EUR",
)  # fmt: skip
CATALOGUE = Catalogue(
    products=(Product(id="lamp", name="Probe lamp", models=("PL-7",)),),
    markets=(Market(code="DE", lang="de", currency="EUR"),),
)


class Shelf:
    """A library of what it is given; `items` may change under way."""

    catalogue = CATALOGUE
    version = "1"

    def __init__(self, items: Sequence[Evidence]) -> None:
        self.items = {i.id: i for i in items}

    def get(self, evidence_id: str) -> Evidence | None:
        return self.items.get(evidence_id)

    def all(self) -> list[Evidence]:
        return list(self.items.values())

    async def find(self, question: Question, limit: int = 24) -> Found:
        return Found(tuple(self.items.values()))

    def apply(self, event: object) -> None:
        raise AssertionError("only the knowledge room applies changes")


class Platform:
    """A platform that remembers posts; `fails` raises, `blind` cannot look a post up."""

    platform = "probe"
    policy = SendPolicy()

    def __init__(self, *, fails: bool = False, blind: bool = False, has: str | None = None) -> None:
        self.posts: list[Post] = []
        self.fails, self.blind, self.has = fails, blind, has

    async def post(self, post: Post) -> str:
        if self.fails:
            raise ProviderError("probe", "got 503, expected 200")
        self.posts.append(post)
        return f"ref-{post.reply_id}"

    async def find_posted(self, reply_id: str) -> str | None:
        if self.blind:
            raise ProviderError("probe", "cannot be asked")
        return self.has


def decide(log: MemoryLog, number: int = 1, *, platform: str = "room") -> None:
    """A question, its evidence and an approved decision about it, on the log."""
    question = Question(
        id=f"q{number}", text="was kostet die?", lang="de", intent="question.price", attributes=("price",),
        products=("lamp",), market="DE",
    )  # fmt: skip
    asker = Asker(message_seq=1, viewer="v1", platform=platform, lang="de", market="DE")
    text = "Preis (Deutschland): 41,50 €."
    cited = Citation(id="E1", kind="market_fact", document="kb.toml", quote="value = 41.5", valid=True)
    draft = Draft(
        action="answer", reason="fact", lang="de", text=text, claims=(Claim(text, ("E1",)),),
        citations=(cited,),
    )  # fmt: skip
    log.append(ev.QuestionAsked(question=question, asker=asker))
    log.append(ev.EvidenceFound(question_id=question.id, items=(PRICE,)))
    log.append(ev.DecisionMade(reply_id=f"r{number}", question_id=question.id, draft=draft, askers=(asker,)))
    log.append(ev.ReplyApproved(reply_id=f"r{number}", text=text))


def deliver(
    prepare: Callable[[MemoryLog, Shelf], None], *, sinks: Sequence[Platform] = (), for_ms: int = 5_000,
    later: Callable[[MemoryLog], None] | None = None, per_second: float = 100.0, burst: int = 100,
) -> list[ev.Record]:  # fmt: skip
    async def main() -> list[ev.Record]:
        clock = VirtualClock(on=ON)
        log, shelf = MemoryLog(clock), Shelf([PRICE])
        prepare(log, shelf)
        every = {s.platform: s for s in (RoomSink(per_second, burst), *sinks)}
        stage = DeliveryStage(log, shelf, clock, every)
        async with asyncio.TaskGroup() as tasks:
            job = tasks.create_task(run(stage, log))
            if later is not None:
                for _ in range(5):
                    await asyncio.sleep(0)
                later(log)
            waiting = tasks.create_task(clock.sleep(for_ms))
            await clock.drive(waiting)
            job.cancel()
        return list(log.records())

    return asyncio.run(main())


def kinds(records: Sequence[ev.Record]) -> list[str]:
    return [r.kind for r in records if r.kind.startswith("reply.")]


def test_an_approved_reply_is_written_ahead_and_posted_once() -> None:
    records = deliver(lambda log, _: decide(log))
    assert kinds(records) == ["reply.approved", "reply.sending", "reply.posted"]
    posted = records[-1].event
    assert isinstance(posted, ev.ReplyPosted)
    assert (posted.in_reply_to, posted.question_id) == ((1,), "q1")


def test_a_price_that_changed_since_the_decision_is_withheld() -> None:
    def prepare(log: MemoryLog, shelf: Shelf) -> None:
        decide(log)
        shelf.items = {}

    assert kinds(deliver(prepare)) == ["reply.approved", "reply.withheld"]


def test_held_evidence_is_withheld() -> None:
    import msgspec

    def prepare(log: MemoryLog, shelf: Shelf) -> None:
        decide(log)
        shelf.items = {"E1": msgspec.structs.replace(PRICE, release="held")}

    assert kinds(deliver(prepare)) == ["reply.approved", "reply.withheld"]


def test_a_send_without_outcome_is_looked_up_not_repeated() -> None:
    platform = Platform(has="ref-7")

    def prepare(log: MemoryLog, _: Shelf) -> None:
        decide(log, platform="probe")
        log.append(ev.ReplySending(reply_id="r1", platform="probe"), cause_seq=log.last_seq)

    records = deliver(prepare, sinks=[platform])
    assert kinds(records) == ["reply.approved", "reply.sending", "reply.posted"]
    assert platform.posts == []


def test_where_nobody_can_tell_the_outcome_is_unknown() -> None:
    platform = Platform(blind=True)

    def prepare(log: MemoryLog, _: Shelf) -> None:
        decide(log, platform="probe")
        log.append(ev.ReplySending(reply_id="r1", platform="probe"), cause_seq=log.last_seq)

    assert kinds(deliver(prepare, sinks=[platform]))[-1] == "reply.unknown"
    assert platform.posts == []


def test_a_platform_that_fails_is_told_as_failed() -> None:
    records = deliver(lambda log, _: decide(log, platform="probe"), sinks=[Platform(fails=True)])
    assert kinds(records) == ["reply.approved", "reply.sending", "reply.failed"]


def test_posts_keep_their_rate() -> None:
    def prepare(log: MemoryLog, _: Shelf) -> None:
        for number in range(1, 9):
            decide(log, number)

    records = deliver(prepare, per_second=1.0, burst=2, for_ms=20_000)
    times = [r.at_ms for r in records if r.kind == "reply.posted"]
    assert len(times) == 8
    assert all(sum(t <= s < t + 1000 for s in times) <= 3 for t in times)
    assert times[-1] >= 5_000


def test_the_stop_key_keeps_back_what_is_not_out_yet() -> None:
    def prepare(log: MemoryLog, _: Shelf) -> None:
        for number in range(1, 4):
            decide(log, number)

    records = deliver(
        prepare, per_second=0.5, burst=1, for_ms=20_000,
        later=lambda log: log.append(ev.OperatorStopped()) and None,  # type: ignore[func-returns-value]
    )  # fmt: skip
    assert kinds(records).count("reply.posted") == 1
    assert kinds(records).count("reply.rejected") == 2


@pytest.mark.parametrize("count", [1, 5])
def test_what_was_owed_at_a_start_is_delivered_once(count: int) -> None:
    def prepare(log: MemoryLog, _: Shelf) -> None:
        for number in range(1, count + 1):
            decide(log, number)

    assert kinds(deliver(prepare)).count("reply.posted") == count
