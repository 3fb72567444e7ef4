"""The judge of helpfulness and tone: hand-computed arithmetic, and calls over a real server."""

from __future__ import annotations

import asyncio

import openai
import pytest

from evals.chat_server import ChatServer, Reply
from evals.judge import Verdict, judge, kappa, messages, metrics, right, verdict_of, worth_judging
from evals.outcome import Outcome

pytestmark = pytest.mark.wire


def outcome(case: str, text: str = "It weighs 631 g.", **scores: float) -> Outcome:
    got = {"text": text, "action": "answer", "lang": "en"}
    return Outcome(case=case, lang="en", asked="how heavy is it?", got=got, scores=scores)


def test_kappa_is_agreement_beyond_chance() -> None:
    table = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert kappa(table) == pytest.approx(0.4)  # .7 observed, .5 by chance
    assert kappa([(True, True), (False, False)]) == 1.0
    assert kappa([(True, False), (False, True)]) == -1.0
    assert kappa([]) is None
    assert kappa([(True, True)] * 5) is None  # both always say yes: chance explains all


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('{"helpful": 4, "tone": 5}', Verdict(4, 5)),
        ('Sure!\n```json\n{"helpful": 1, "tone": 2}\n```', Verdict(1, 2)),
        ('{"helpful": 7, "tone": 2}', None),
        ('{"helpful": 4}', None),
        ("four and five", None),
    ],
)
def test_only_two_numbers_of_one_to_five_are_a_verdict(text: str, verdict: Verdict | None) -> None:
    assert verdict_of(text) == verdict


def test_the_judge_reads_question_and_reply_and_is_told_not_to_judge_truth() -> None:
    system, user = messages(outcome("a"))
    assert "do not judge that" in system["content"]
    assert "evidence" not in user["content"]
    assert user["content"].count("how heavy is it?") == 1


def test_content_alone_says_what_is_right() -> None:
    assert right(outcome("a", action=1.0, value=1.0, length=0.0))
    assert not right(outcome("a", action=1.0, value=0.0))


def test_calls_tokens_and_unusable_answers_are_counted_over_a_real_server() -> None:
    said = iter(['{"helpful": 5, "tone": 4}', '{"helpful": 2, "tone": 4}', "no idea"])

    async def answer(reply: Reply) -> None:
        message = {"role": "assistant", "content": next(said)}
        await reply.object(
            {"id": "x", "object": "chat.completion", "created": 0, "model": "m",
             "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
             "usage": {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100}}
        )  # fmt: skip

    cases = [outcome("a", value=1.0), outcome("b", value=0.0), outcome("c")]

    async def main(url: str) -> None:
        async with openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0) as client:
            found = await judge(cases, client, "m")
            assert found.verdicts == {"a": Verdict(5, 4), "b": Verdict(2, 4)}
            assert (found.calls, found.tokens, found.unusable) == (3, 300, 1)
            told = {m.metric: m.value for m in metrics("answers", cases, found)}
            assert told == {
                "judge.helpful": 0.625, "judge.tone": 0.75, "judge.agreement": 1.0, "judge.tokens": 300.0,
                "judge.unusable": 1.0,
            }  # fmt: skip

    with ChatServer(answer) as server:
        asyncio.run(main(server.url))


def test_a_server_that_is_gone_costs_verdicts_and_no_traceback() -> None:
    async def main() -> None:
        async with openai.AsyncOpenAI(
            base_url="http://127.0.0.1:9/v1", api_key="none", max_retries=0
        ) as client:
            found = await judge([outcome("a")], client, "m")
            assert (found.verdicts, found.unusable) == ({}, 1)

    asyncio.run(main())


def test_silence_is_not_judged_and_many_are_thinned_out() -> None:
    assert worth_judging([outcome("a", text="")]) == []
    assert len(worth_judging([outcome(str(n)) for n in range(150)])) == 50
