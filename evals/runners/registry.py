"""Which runner a suite's `runner` key means. A new kind of suite is a module and a row here."""

from __future__ import annotations

from cohost.errors import OperatorError
from evals.runners import answers, floor, guard, language, liar, llm, outside, own, prompts, retrieval, show
from evals.runners.base import Runner
from evals.suite import Suite

RUNNERS: dict[str, Runner] = {
    "language": Runner(language.load, language.running),
    "outside": Runner(outside.load, language.running, outside.absent),
    "answers": Runner(answers.load, answers.running),
    "retrieval": Runner(retrieval.load, retrieval.running),
    "own": Runner(own.load, own.running, own.absent),
    "own_retrieval": Runner(own.load_searches, retrieval.running, own.absent),
    "show": Runner(show.load, show.running),
    "floor": Runner(floor.load, floor.running),
    "guard": Runner(guard.load, guard.running),
    "prompts": Runner(prompts.load, prompts.running),
    "liar": Runner(liar.load, liar.running),
    "llm": Runner(llm.load, llm.running, llm.absent, alone=True),
}


def runner_of(suite: Suite) -> Runner:
    """Raises OperatorError on an unknown kind."""
    runner = RUNNERS.get(suite.runner)
    if runner is None:
        raise OperatorError(
            f"{suite.name}.toml: got runner = {suite.runner!r}, expected one of: {', '.join(RUNNERS)}"
        )
    return runner
