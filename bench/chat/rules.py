"""Three hours of show on each platform on the virtual clock: how often a rule of the platform was broken."""

from __future__ import annotations

import asyncio

from cohost import events as ev
from cohost.clock import VirtualClock
from cohost.common.catalogue import Catalogue
from cohost.common.question import Asker, Draft, Question
from cohost.log import MemoryLog
from cohost.mouth.delivery import DeliveryStage, RoomSink
from cohost.ports import Found, SendPolicy
from cohost.stage import run
from cohost.trust.evidence import Evidence
from evals.strict import Strict

HOURS = 3
EVERY_MS = 9_000


class _Shelf:
    """No evidence: the replies here make no claims."""

    catalogue = Catalogue()
    version = ""

    async def find(self, question: Question, limit: int = 24) -> Found:
        return Found()

    def get(self, evidence_id: str) -> Evidence | None:
        return None

    def all(self) -> tuple[Evidence, ...]:
        return ()

    def apply(self, event: ev.FactChanged | ev.EvidenceReleased) -> None:
        """Nothing to change."""


def violations(name: str, policy: SendPolicy) -> tuple[int, int]:
    """(rules broken, posts) in three hours of answers, repeated and long ones among them."""
    clock = VirtualClock()
    log = MemoryLog(clock)
    strict = Strict(name, policy, clock)

    async def scene() -> None:
        stage = DeliveryStage(log, _Shelf(), clock, {"room": RoomSink(), name: strict})
        async with asyncio.TaskGroup() as tasks:
            job = tasks.create_task(run(stage, log))

            async def viewers() -> None:
                for number in range(1, HOURS * 3_600_000 // EVERY_MS + 1):
                    _answer(log, number, name)
                    await clock.sleep((number * 7919) % (2 * EVERY_MS))

            await clock.drive(tasks.create_task(viewers()))
            job.cancel()

    asyncio.run(scene())
    return strict.broken, len(strict.times)


def _answer(log: MemoryLog, number: int, platform: str) -> None:
    text = "The same words." if number % 3 == 0 else f"Answer {number}. " + "It is so. " * (number % 40)
    asker = Asker(number, f"v{number % 40}", f"Ana{number % 40}", platform, "en")
    question = Question(id=f"q{number}", text="how heavy?", lang="en", intent="question.weight")
    draft = Draft(action="answer", reason="fact", lang="en", text=text.strip())
    log.append(ev.QuestionAsked(question=question, asker=asker))
    log.append(ev.DecisionMade(reply_id=f"r{number}", question_id=question.id, draft=draft, askers=(asker,)))
    log.append(ev.ReplyApproved(reply_id=f"r{number}", text=draft.text))
