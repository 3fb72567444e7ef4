"""The writer as it runs in a show: a real HTTP server, streamed word by word, four of them one after another.

The composer's claims are the truth. The first server says them, with the ids they rest on; the second says
the first of them with a fault planted, once for each fault; the third breaks off in the middle of a word; the
fourth never answers. Scores say what the room got, times how long it took: `first` to the first verified
sentence, `first_lag` how much of that is not the server's own, `fallback` from the death of a server to the
composed answer, `overrun` beyond the time a turn has when a server hangs.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from cohost import events as ev
from cohost.app import warm
from cohost.clock import WallClock
from cohost.decision.roster import Roster
from cohost.decision.writer import OpenAIWriter
from evals.case import QuestionCase, read_cases, spread
from evals.chat_server import Answer, ChatServer, Reply, dies, hangs, says
from evals.faults import Planted
from evals.outcome import Outcome
from evals.runners.answers import expected, line_of
from evals.runners.base import RunCase
from evals.runners.liar import faults_of, natural_of, words_of
from evals.runners.liar import load as answered_ones
from evals.scorers import reached, wanted
from evals.suite import Suite
from evals.wording import fold
from evals.world import World, judged

CASES = 72
TOKEN_MS = 12.0
"""Between two words of the server that tells the truth: some eighty words a second."""
PATIENCE_S = 0.5
"""What a turn has where the server hangs."""
HANGING = 6
"""Every so many cases meet a server that hangs: each costs its whole time."""


def load(suite: Suite, world: World) -> Sequence[QuestionCase]:
    """Questions that an answer is owed to, of all languages."""
    return spread(answered_ones(suite, world), CASES)


@contextlib.asynccontextmanager
async def running(world: World, suite: Suite) -> AsyncIterator[RunCase]:
    words = words_of(suite)
    owed = expected(suite, read_cases(suite.files(), QuestionCase))
    await warm(await world.knowledge(), WallClock(on=suite.on), drafts=True)  # as a room is served
    number = 0
    with ChatServer(hangs) as server:
        stand = _Stand(world, suite, server)

        async def run(case: QuestionCase) -> list[Outcome]:
            nonlocal number
            number += 1
            answer, records = await world.ask(line_of(case), suite.on)
            if answer["action"] != "answer" or not answer["claims"]:
                return []  # nothing true to say; the answers suite counts it
            claims = [(c["text"], c["evidence"]) for c in answer["claims"]]
            found = await stand.truth(case, "claims", claims)
            if not found:
                return []  # the composer answers such questions itself
            for form, text, evidence in natural_of(case, words, records):
                found += await stand.truth(case, form, [(text, evidence)])
            conditions = wanted(owed[case.id].condition, case.lang)
            for planted in faults_of(case, answer["claims"][0], answer, words, conditions):
                found.append(await stand.lie(case, planted, claims[0][1]))
            found.append(await stand.death(case, claims))
            if number % HANGING == 1:
                found.append(await stand.silence(case))
            return found

        try:
            yield run
        finally:
            await stand.close()


def marked(claims: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """Each claim with the ids it rests on behind it, as the prompt asks for."""
    return [f"{text} {''.join(f'[{i}]' for i in ids)} " for text, ids in claims]


class _Stand:
    """One server and one writer, asked in fresh rooms."""

    def __init__(self, world: World, suite: Suite, server: ChatServer) -> None:
        self._world, self._suite, self._server = world, suite, server
        self._clock = WallClock()
        self._writer = OpenAIWriter(base_url=server.url, api_key="none", model="m", clock=self._clock)

    async def close(self) -> None:
        await self._writer.close()

    async def truth(
        self, case: QuestionCase, form: str, claims: Sequence[tuple[str, Sequence[str]]]
    ) -> list[Outcome]:
        """Do true sentences come through as the server says them? And how soon the first of them?"""
        sentences = marked(claims)
        told = await self._ask(
            case, says("".join(sentences), first=lambda _: len(sentences[0].rstrip()), token_ms=TOKEN_MS)
        )
        if not told.calls:
            return []
        verdicts = [v for v in judged(told.records) if v["by"] == "llm"]
        passed = bool(verdicts) and all(v["verdict"] == "allow" for v in verdicts)
        times = {}
        marks = told.replies[0].marks
        if told.calls[0].first_ms is not None and "first" in marks:
            its_own = (marks["first"] - marks["asked"]) * 1000
            times = {"first": float(told.calls[0].first_ms), "first_lag": told.calls[0].first_ms - its_own}
        came = fold(claims[0][0]) in fold(told.answer["text"])
        return [
            self._outcome(
                case, f"true-{form}", "true", told, {"truth": float(passed and came)}, times,
                expected={"text": claims[0][0]},
            )
        ]  # fmt: skip

    async def lie(self, case: QuestionCase, planted: Planted, evidence: Sequence[str]) -> Outcome:
        """What a lying server says must not be in what the room gets."""
        told = await self._ask(case, says("".join(marked([(planted.text, evidence)]))))
        kept = not reached(planted.text, planted.marks, told.posted, case.lang)
        return self._outcome(
            case, planted.fault, "lying", told, {"kept_out": float(kept), "owed": told.owed}, {},
            expected={"never": planted.text, "marks": list(planted.marks)}, fault=planted.fault,
        )  # fmt: skip

    async def death(self, case: QuestionCase, claims: Sequence[tuple[str, Sequence[str]]]) -> Outcome:
        """A server that breaks off in the middle of a word."""
        told = await self._ask(case, dies("".join(marked(claims))))
        cut = told.replies[0].marks.get("cut") if told.replies else None
        times = {} if cut is None else {"fallback": (told.out - cut) * 1000}
        return self._outcome(case, "dies", "dying", told, {"owed": told.owed}, times)

    async def silence(self, case: QuestionCase) -> Outcome:
        """A server that takes the question and says nothing."""
        told = await self._ask(case, hangs, patience_s=PATIENCE_S)
        took = told.calls[0].took_ms if told.calls else 0
        return self._outcome(
            case, "hangs", "hanging", told, {"owed": told.owed}, {"overrun": took - PATIENCE_S * 1000}
        )

    async def _ask(self, case: QuestionCase, answer: Answer, patience_s: float = 0.0) -> _Told:
        self._server.answer = answer
        before = len(self._server.replies)
        roster = Roster.of(self._writer)
        async with self._world.room(self._suite.on, roster, patience_s=patience_s) as room:
            got = await self._world.ask_in(room, line_of(case))
            out = self._clock.perf()
            records = list(room.log.records())
        return _Told(got, records, self._server.replies[before:], out)

    def _outcome(
        self,
        case: QuestionCase,
        form: str,
        server: str,
        told: _Told,
        scores: dict[str, float],
        times: Mapping[str, float],
        *,
        expected: Mapping[str, Any] | None = None,
        fault: str = "",
    ) -> Outcome:
        return Outcome(
            case=f"{case.id}+{form}", lang=case.lang, asked=case.question, scores=scores,
            expected=dict(expected or {}),
            got={
                "text": told.posted, "action": told.answer["action"], "judged": judged(told.records),
                "fault": told.calls[0].fault if told.calls else None,
            },
            groups={"server": server, "fault": fault}, evidence=tuple(told.answer["citations"]),
            times=dict(times),
        )  # fmt: skip


class _Told:
    """What the room got: the answer object, the records, the server's side, and when it was out (seconds on
    the clock for durations, which the server's marks share)."""

    def __init__(
        self, answer: dict[str, Any], records: list[ev.Record], replies: list[Reply], out: float
    ) -> None:
        self.answer, self.records, self.replies, self.out = answer, records, replies, out
        self.posted = " ".join(r.event.text for r in records if isinstance(r.event, ev.ReplyPosted))
        self.calls = [r.event for r in records if isinstance(r.event, ev.WriterCalled)]

    @property
    def owed(self) -> float:
        """1 where an answer went out, once, and no server's half sentence with it."""
        posts = sum(isinstance(r.event, ev.ReplyPosted) for r in self.records)
        return float(self.answer["action"] == "answer" and posts == 1)
