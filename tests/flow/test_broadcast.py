"""Replies on their way to several platforms on virtual time: once each, in parts, in order, at their pace."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence

import pytest

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.question import Asker, Draft, Question
from cohost.errors import NotTaken, ProviderError, ProviderTimeout
from cohost.log import MemoryLog
from cohost.mouth.delivery import DeliveryStage, RoomSink
from cohost.ports import Post, SendPolicy
from cohost.stage import run
from tests.flow.test_delivery import Shelf

ON = dt.date(2026, 11, 20)
LONG = "It weighs 412 g. The lamp runs for 37 h at half brightness. It is charged in 2.5 h by USB-C."


class Platform:
    """Remembers posts with their times; `script` holds what the next posts raise, None to take them; a post
    that raises ProviderTimeout may have been `taken` all the same."""

    def __init__(self, name: str, policy: SendPolicy, clock: VirtualClock, *script: Exception | None) -> None:
        self.platform, self.policy = name, policy
        self._clock = clock
        self._script = list(script)
        self.sent: list[tuple[int, str]] = []
        self.taken = False

    async def post(self, post: Post) -> str:
        error = self._script.pop(0) if self._script else None
        if error is None or self.taken:
            self.sent.append((self._clock.now_ms(), post.text))
        if error is not None:
            raise error
        return f"ref-{len(self.sent)}"

    async def find_posted(self, reply_id: str) -> str | None:
        return f"ref-{len(self.sent)}" if self.taken else None

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.sent]


class Show:
    """A log with a delivery stage and platforms on it."""

    def __init__(self) -> None:
        self.clock = VirtualClock(on=ON)
        self.log = MemoryLog(self.clock)
        self.platforms: dict[str, Platform] = {}
        self.ttl_ms = 120_000

    def platform(self, name: str, *script: Exception | None, **policy: object) -> Platform:
        made = Platform(name, SendPolicy(**policy), self.clock, *script)  # type: ignore[arg-type]
        self.platforms[name] = made
        return made

    def answers(
        self, number: int, *askers: Asker, text: str = "It weighs 412 g.", intent: str = "question.weight",
        action: str = "answer",
    ) -> None:  # fmt: skip
        """A question of these people, decided and approved."""
        question = Question(
            id=f"q{number}",
            text="how heavy?",
            lang="en",
            intent=intent,
            attributes=("weight",),
            products=("lamp",),
        )
        draft = Draft(action=action, reason="fact", lang="en", text=text)  # type: ignore[arg-type]
        first, *others = askers
        self.log.append(ev.QuestionAsked(question=question, asker=first))
        for other in others:
            self.log.append(ev.QuestionMerged(question_id=question.id, asker=other))
        self.log.append(
            ev.DecisionMade(reply_id=f"r{number}", question_id=question.id, draft=draft, askers=tuple(askers))
        )
        self.log.append(ev.ReplyApproved(reply_id=f"r{number}", text=text))

    def play(self, ms: int = 60_000, then: Callable[[], None] = lambda: None) -> None:
        async def scene() -> None:
            sinks = {"room": RoomSink(100, 100), **self.platforms}
            stage = DeliveryStage(
                self.log, Shelf([]), self.clock, sinks, ttl_ms=self.ttl_ms,
                link=lambda reply_id: f"https://l.example/{reply_id}",
            )  # fmt: skip
            async with asyncio.TaskGroup() as tasks:
                job = tasks.create_task(run(stage, self.log))
                for _ in range(10):
                    await asyncio.sleep(0)
                then()
                await self.clock.drive(tasks.create_task(self.clock.sleep(ms)))
                job.cancel()

        asyncio.run(scene())

    def kinds(self) -> list[str]:
        return [r.kind.removeprefix("reply.") for r in self.log.records() if r.kind.startswith("reply.")]

    def all(self, kind: type[ev.Event]) -> list[ev.Event]:
        return [r.event for r in self.log.records() if isinstance(r.event, kind)]


def by(name: str, platform: str = "room", seq: int = 1, lang: str = "en") -> Asker:
    return Asker(message_seq=seq, viewer=f"{platform}-{name}", name=name, platform=platform, lang=lang)


def test_an_answer_goes_to_every_platform_where_it_was_asked_once() -> None:
    show = Show()
    irc, tube = show.platform("twitch", mention="@{name}", label="[AI]"), show.platform("youtube")
    show.answers(1, by("Ana", "twitch"), by("Bo", "twitch"), by("Cy", "youtube"), by("Di"))
    show.play()
    assert irc.texts == ["[AI] @Ana @Bo It weighs 412 g."]
    assert tube.texts == ["It weighs 412 g."]
    posted = [r for r in show.log.records() if isinstance(r.event, ev.ReplyPosted)]
    assert {r.event.platform for r in posted} == {"twitch", "youtube", "room"}  # type: ignore[union-attr]
    approved = next(r for r in show.log.records() if isinstance(r.event, ev.ReplyApproved))
    assert [r.cause_seq == approved.seq for r in posted] == [False, False, True]  # the last one closes


def test_who_asks_the_same_before_it_is_out_is_named_too() -> None:
    show = Show()
    irc = show.platform("twitch", mention="@{name}")
    show.answers(1, by("Ana", "twitch"))
    show.log.append(ev.QuestionMerged(question_id="q1", asker=by("Bo", "twitch")))
    show.log.append(ev.QuestionMerged(question_id="q1", asker=by("Luz", "twitch", lang="es")))
    show.play()
    assert irc.texts == ["@Ana @Bo It weighs 412 g."]


def test_a_restart_posts_where_it_is_still_owed_and_nowhere_else() -> None:
    show = Show()
    irc, tube = show.platform("twitch"), show.platform("youtube")
    show.answers(1, by("Ana", "twitch"), by("Cy", "youtube"))
    show.log.append(ev.ReplySending(reply_id="r1", platform="twitch"))
    show.log.append(ev.ReplyPosted(reply_id="r1", platform="twitch", text="It weighs 412 g.", lang="en"))
    show.play()
    assert (irc.texts, tube.texts) == ([], ["It weighs 412 g."])


def test_a_long_answer_goes_out_in_parts_and_a_crash_between_them_repeats_none() -> None:
    show = Show()
    irc = show.platform("twitch", longest=50)
    show.answers(1, by("Ana", "twitch"), text=LONG)
    show.play()
    parts = irc.texts
    assert len(parts) == 3
    assert " ".join(parts) == LONG
    sendings = show.all(ev.ReplySending)
    assert [(e.part, e.parts) for e in sendings] == [(1, 3), (2, 3), (3, 3)]  # type: ignore[attr-defined]
    records = list(show.log.records())
    second = next(
        n for n, r in enumerate(records) if isinstance(r.event, ev.ReplySending) and r.event.part == 2
    )
    for taken, left in ((True, parts[2:]), (False, parts[1:])):
        again = Show()
        irc = again.platform("twitch", longest=50)
        irc.taken = taken
        again.log._records = records[: second + 1]
        again.play()
        assert irc.texts == left


def test_what_was_certainly_not_taken_is_tried_again_after_its_pause() -> None:
    show = Show()
    irc = show.platform("twitch", NotTaken("twitch", "busy", 5_000), NotTaken("twitch", "busy", 5_000))
    show.answers(1, by("Ana", "twitch"))
    show.play()
    assert [at for at, _ in irc.sent] == [10_000]
    assert show.kinds()[-4:] == ["sending", "sending", "sending", "posted"]


def test_after_its_last_try_it_is_handed_to_the_operator() -> None:
    show = Show()
    irc = show.platform("twitch", *[NotTaken("twitch", "busy", 10)] * 9, tries=2)
    show.answers(1, by("Ana", "twitch"))
    show.play()
    assert irc.texts == []
    assert show.kinds()[-1] == "failed"


@pytest.mark.parametrize("taken", [True, False])
def test_an_unknown_outcome_is_looked_up_and_never_repeated_blindly(taken: bool) -> None:
    show = Show()
    irc = show.platform("twitch", ProviderTimeout("twitch", "no answer"))
    irc.taken = taken
    show.answers(1, by("Ana", "twitch"))
    show.play()
    assert irc.texts == ["It weighs 412 g."]
    assert show.kinds()[-1] == "posted"


def test_a_refusal_on_one_platform_leaves_the_other_alone() -> None:
    show = Show()
    irc = show.platform("twitch", ProviderError("twitch", "banned"))
    tube = show.platform("youtube")
    show.answers(1, by("Ana", "twitch"), by("Cy", "youtube"))
    show.play()
    assert (irc.texts, tube.texts) == ([], ["It weighs 412 g."])
    assert {"failed", "posted"} < set(show.kinds())


def test_the_urgent_go_first_where_not_all_can_go() -> None:
    show = Show()
    irc = show.platform("twitch", posts=1, per_ms=10_000)
    for number in range(1, 4):
        show.answers(number, by(f"v{number}", "twitch"), text=f"weight {number}")
    show.answers(8, *(by(f"w{n}", "twitch") for n in range(6)), text="many")
    show.answers(9, by("h", "twitch"), text="danger", intent="hazard", action="escalate")
    show.play(120_000)
    assert irc.texts[0] == "weight 1"  # it was alone when it came
    assert irc.texts[1:] == ["danger", "many", "weight 2", "weight 3"]


def test_what_waits_too_long_expires_and_says_so() -> None:
    show = Show()
    show.ttl_ms = 15_000
    irc = show.platform("twitch", posts=1, per_ms=10_000)
    for number in range(1, 6):
        show.answers(number, by(f"v{number}", "twitch"), text=f"weight {number}")
    show.play(90_000)
    expired = show.all(ev.QuestionExpired)
    assert len(irc.texts) + len(expired) == 5
    assert len(expired) == 3
    assert "no turn within 15 s" in expired[0].reason  # type: ignore[attr-defined]


def test_a_restart_forgets_no_post_of_the_window() -> None:
    show = Show()
    irc = show.platform("twitch", posts=2, per_ms=30_000)
    show.answers(1, by("a", "twitch"))
    show.answers(2, by("b", "twitch"))
    show.play(1_000)
    assert len(irc.sent) == 2
    show.answers(3, by("c", "twitch"))
    show.play(60_000)  # a new stage over the same log
    assert irc.sent[2][0] >= 30_000


def test_the_stop_key_keeps_a_reply_from_every_platform() -> None:
    show = Show()
    irc, tube = (
        show.platform("twitch", posts=1, per_ms=10_000),
        show.platform("youtube", posts=1, per_ms=10_000),
    )
    show.answers(1, by("a", "twitch"), by("b", "youtube"))
    show.answers(2, by("a", "twitch"), by("b", "youtube"))
    show.play(30_000, then=lambda: show.log.append(ev.OperatorStopped()) and None)  # type: ignore[func-returns-value]
    assert (len(irc.texts), len(tube.texts)) == (1, 1)
    assert show.kinds().count("rejected") == 1


Policy = tuple[str, dict[str, object], int]
THREE_HOURS: Sequence[Policy] = [
    ("twitch", {"longest": 500, "posts": 20, "per_ms": 30_000, "same_text_ms": 30_000}, 30_000),
    ("youtube", {"longest": 200, "posts": 20, "per_ms": 60_000, "same_text_ms": 30_000}, 60_000),
    ("bilibili", {"longest": 20, "apart_ms": 3_000, "same_text_ms": 10_000}, 3_000),
]


@pytest.mark.parametrize(("name", "policy", "window"), THREE_HOURS)
def test_three_hours_of_show_break_no_rule_of_a_platform(
    name: str, policy: dict[str, object], window: int
) -> None:
    show = Show()
    platform = show.platform(name, **policy)

    def come(number: int) -> None:
        text = "The same words." if number % 3 == 0 else f"Answer {number}. " + "It is so. " * (number % 5)
        show.answers(number, by(f"v{number % 40}", name), text=text.strip())

    async def scene() -> None:
        stage = DeliveryStage(show.log, Shelf([]), show.clock, {"room": RoomSink(), name: platform})
        async with asyncio.TaskGroup() as tasks:
            job = tasks.create_task(run(stage, show.log))

            async def viewers() -> None:
                for number in range(1, 1_500):
                    come(number)
                    await show.clock.sleep((number * 7919) % 14_000)

            await show.clock.drive(tasks.create_task(viewers()))
            job.cancel()

    asyncio.run(scene())
    times = [at for at, _ in platform.sent]
    assert times[-1] > 2.5 * 3_600_000
    most = int(str(policy.get("posts", 1)))
    assert all(b - a >= window for a, b in zip(times, times[most:], strict=False))
    assert all(len(text) <= int(str(policy["longest"])) for text in platform.texts)
    last: dict[str, int] = {}
    for at, text in platform.sent:
        assert at - last.get(text, -(10**9)) >= int(str(policy["same_text_ms"]))
        last[text] = at
